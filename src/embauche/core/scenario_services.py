"""The services of a scenario: each switched on or off, or given its options.

Lives here: the fields made from the kinds of service. Not here: a kind's own options (its file in services).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    create_model,
)

from embauche.core.offerings import Kind, Options, kinds
from embauche.core.scenario_fields import fault, parameter_schema

WORDS = {"on": True, "off": False, "true": True, "false": False}


def _switch(name: str) -> Callable[[Any], Any]:
    """Read what stands at a service: a word or its options; off is None, on without options is empty."""

    def read(value: Any) -> Any:
        if isinstance(value, Options):
            return value
        if isinstance(value, bool) or str(value).lower() in WORDS:
            on = value if isinstance(value, bool) else WORDS[str(value).lower()]
            return {} if on else None
        if not isinstance(value, Mapping):
            raise fault(f"service {name} is switched on or off", value, "on, off, or its options")
        rest = {k: v for k, v in value.items() if k != "on"}
        on = value.get("on", True)
        if not isinstance(on, bool) and str(on).lower() not in WORDS:
            raise fault(f"service {name} is switched on or off", on, "on or off")
        return rest if on is True or WORDS.get(str(on).lower()) else None

    return read


def _plain(options: Options | None) -> Any:
    """What reads back as the same: false, true, or the options."""
    return False if options is None else (options.model_dump(mode="json") or True)


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema whose references into its own `$defs` are replaced by what they name."""
    parts = schema.pop("$defs", {})

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(v) for v in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            rest = {k: walk(v) for k, v in value.items() if k != "$ref"}
            return walk(parts[value["$ref"].rpartition("/")[2]]) | rest
        return {k: walk(v) for k, v in value.items()}

    out: dict[str, Any] = walk(schema)
    return out


def _schema(kind: Kind) -> dict[str, Any]:
    """JSON schema of what may stand at a service: a switch, or its options and parameters."""
    own = _inlined(kind.Options.model_json_schema())
    own["properties"] = {
        "on": {"type": ["boolean", "string"]},
        **own.get("properties", {}),
        **{p.name.partition(".")[2]: parameter_schema(p.name) for p in kind.parameters_of},
    }
    label = f"{kind.label['fr']} / {kind.label['en']}; {'on' if kind.default_on else 'off'} unless named"
    return {"description": label, "anyOf": [{"type": "boolean"}, {"enum": ["on", "off"]}, own]}


class ServicesBase(BaseModel):
    """Services by name: None where off, else the options."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def on(self) -> tuple[str, ...]:
        """Names of the services offered."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def options(self) -> dict[str, Options]:
        """Options of the services offered that have any."""
        return {n: getattr(self, n) for n in self.on if type(getattr(self, n)).model_fields}


def _fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, kind in kinds().items():
        default = kind.Options() if kind.default_on else None
        annotation = Annotated[
            kind.Options | None,  # type: ignore[name-defined]
            BeforeValidator(_switch(name)),
            PlainSerializer(_plain),
            WithJsonSchema(_schema(kind)),
        ]
        fields[name] = (annotation, Field(default=default, description=kind.label["en"]))
    return fields


if TYPE_CHECKING:

    class Services(ServicesBase):
        """Services by name; its fields are the kinds registered."""

else:
    Services = create_model("Services", __base__=ServicesBase, **_fields())
