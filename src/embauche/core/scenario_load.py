"""Reading scenarios: a file or built-in name to a checked Scenario, every error at once.

Lives here: load_scenario, its errors, the JSON schema. Not here: bases and overrides (scenario_tree).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.parameters import REGISTRY
from embauche.core.scenario import Scenario
from embauche.core.scenario_tree import assemble, builtin_names, find_scenario, short
from embauche.core.scenario_yaml import Node, from_python, read_yaml
from embauche.core.suggest import nearest

# pydantic's kinds of error that its own words explain poorly to somebody who writes YAML.
_EXPECTED = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "string_pattern_mismatch": "lower-case letters, digits, - and _",
    "date_from_datetime_parsing": "a date such as 2026-09-07",
    "date_parsing": "a date such as 2026-09-07",
    "date_type": "a date such as 2026-09-07",
    "dict_type": "lines such as `key: value` below it",
    "model_type": "lines such as `key: value` below it",
    "tuple_type": "a list",
    "string_type": "text",
}


class ScenarioFile(Scenario):
    """A scenario as written in a file: also a base and named overrides on it."""

    base: str | None = Field(default=None, description="built-in name, or path of another scenario file")
    overrides: list[dict[str, Any]] = Field(
        default=[],
        description="named changes on the base, later ones win",
        json_schema_extra={
            "items": {
                "type": "object",
                "required": ["name", "set"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "set": {"type": "object", "description": "dotted.key: value, as parameters.car.asc_eur"},
                },
            }
        },
    )  # fmt: skip


def _problem(error: Mapping[str, Any], tree: Node) -> Problem:
    """One of pydantic's errors, with the line it stands on and what to type."""
    path = tuple(p for p in error["loc"] if p != "[key]")
    node = tree.at(path)
    where = ".".join(str(p) for p in path)
    found = short(node) if path else None
    if error["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        key = str(path[-1])
        near = nearest(key, known)
        fix = f"did you mean {near}?" if near else None
        if key in REGISTRY:
            fix = f"parameters go below `parameters:`, {key}: ..."
        return Problem(f"unknown key {where}", node.file, node.key_line or node.line, key,
                       "one of " + ", ".join(known), fix)  # fmt: skip
    if error["type"] == "missing":
        return Problem(f"{where} is missing", tree.file, tree.line, expected=f"a line `{where}: ...`")
    if error["type"] == "embauche":
        c = error["ctx"]
        what = f"{where}: {c['what']}" if where and where not in c["what"] else c["what"]
        return Problem(what, node.file, node.line, c["found"], c["expected"], c["fix"] or None)
    message = str(error["msg"])
    expected = _EXPECTED.get(error["type"], message[:1].lower() + message[1:])
    return Problem(f"{where or 'scenario'} does not fit", node.file, node.line, found, expected)


def _known_keys(path: tuple[Any, ...]) -> list[str]:
    """Keys that a mapping of the scenario may have."""
    model: Any = ScenarioFile
    for part in path:
        if isinstance(part, int):
            continue
        kinds = [model.model_fields[str(part)].annotation]
        while kinds and not hasattr(kinds[0], "model_fields"):
            kinds = [a for k in kinds for a in getattr(k, "__args__", ())]
        model = kinds[0]
    return sorted(k for k in model.model_fields if k != "history")


def _validated(tree: Node, folder: Path | None, problems: list[Problem]) -> Scenario:
    try:
        scenario = Scenario.model_validate(tree.plain())
    except ValidationError as error:
        problems += [_problem(dict(e), tree) for e in error.errors(include_url=False)]
        problems.sort(key=lambda p: (str(p.file or ""), p.line or 0))
        raise UserError(dict.fromkeys(problems)) from None
    raise_all(problems)
    scenario._folder = folder  # the place that a relative territory folder starts from
    return scenario


def validated(values: Mapping[str, Any], folder: Path | None = None) -> Scenario:
    """A scenario from a Python mapping, which may have a base and overrides too.

    Raises:
        UserError: every fault at once.
    """
    problems: list[Problem] = []
    tree = assemble(from_python(values), folder, (), problems)
    return _validated(tree, folder, problems)


def load_scenario(source: str | Path | Mapping[str, Any] | Scenario) -> Scenario:
    """Read a scenario.

    Args:
        source: a YAML file, the name of a built-in scenario, a mapping of fields, or a Scenario.

    Raises:
        UserError: with every fault of the file, and of its bases, each with its line.
    """
    if isinstance(source, Scenario):
        return source
    if isinstance(source, Mapping):
        return validated(source)
    path = find_scenario(source)
    problems: list[Problem] = []
    tree = assemble(read_yaml(path), path.parent, (path.resolve(),), problems)
    if "name" not in (tree.value if isinstance(tree.value, dict) else {}):
        tree = tree.merged(Node({"name": Node(path.stem.lower(), path, 1)}, tree.file, tree.line))
    return _validated(tree, path.parent, problems)


def scenario_schema() -> dict[str, Any]:
    """JSON schema of a scenario file, for editors: every key, parameter, unit, range and source."""
    schema = ScenarioFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "embauche scenario"
    del schema["properties"]["history"]
    schema["required"] = []
    return schema


__all__ = ["ScenarioFile", "builtin_names", "find_scenario", "load_scenario", "scenario_schema", "validated"]
