"""Reading scenarios: a file or built-in name to a checked Scenario, every error at once.

Lives here: load_scenario, its errors, the JSON schema. Not here: bases and overrides (scenario_tree).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from embauche.core.errors import Problem, raise_all
from embauche.core.parameters import REGISTRY
from embauche.core.scenario import Scenario
from embauche.core.scenario_tree import assemble, builtin_names, find_scenario, short
from embauche.core.scenario_yaml import Node, from_python, read_yaml
from embauche.core.suggest import folded, nearest

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


MOST_PRUNED = 4  # rounds of leaving faulty parts out: an empty list may be a fault in its turn


def _changes(words: str, **more: Any) -> dict[str, Any]:
    """JSON schema of a list of named changes: what is set, and further keys of each."""
    keys = {"name": {"type": "string"}, **more, "set": {"type": "object", "description": words}}
    entry = {
        "type": "object", "required": ["name", "set"], "additionalProperties": False, "properties": keys,
    }  # fmt: skip
    return {"items": entry}


class ScenarioFile(Scenario):
    """A scenario as written in a file: also a base and named overrides on it."""

    base: str | None = Field(default=None, description="built-in name, or path of another scenario file")
    overrides: list[dict[str, Any]] = Field(
        default=[],
        description="named changes on the base, later ones win",
        json_schema_extra=_changes("dotted.key: value, as parameters.car.asc_eur"),
    )
    variants: list[dict[str, Any]] = Field(
        default=[],
        description="the file's scenario with named changes, run side by side by `embauche compare FILE`",
        json_schema_extra=_changes("dotted.key: value, as in overrides", title={}, question={}),
    )


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
        what = f"there is no service {key}" if path[:-1] == ("services",) else f"unknown key {where}"
        return Problem(what, node.file, node.key_line or node.line, key,
                       "one of " + ", ".join(known), fix)  # fmt: skip
    if error["type"] == "missing":
        above = tree.at(path[:-1])
        return Problem(f"{where} is missing", above.file, above.line, expected=f"a line `{path[-1]}: ...`")
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
    own = "".join(f"{p}." for p in path[1:] if path[0] == "services" and len(path) == 2)
    parameters = [name.removeprefix(own) for name in REGISTRY if own and name.startswith(own)]
    return sorted([k for k in model.model_fields if k != "history"] + parameters)


@dataclass
class Draft:
    """A scenario read and put together, not yet checked field by field.

    Attributes:
        tree: its fields, with file and line each.
        folder: where relative paths start from.
        problems: faults met so far.
    """

    tree: Node
    folder: Path | None
    problems: list[Problem]

    def checked(self, more: Iterable[Problem] = ()) -> Scenario:
        """The scenario, if nothing is wrong with it.

        Args:
            more: faults that somebody else found, to be reported along.

        Raises:
            UserError: every fault at once, in order of lines.
        """
        problems = [*self.problems, *more]
        scenario: Scenario | None = None
        try:
            scenario = Scenario.model_validate(self.tree.plain())
        except ValidationError as error:
            problems += [_problem(dict(e), self.tree) for e in error.errors(include_url=False)]
        problems.sort(key=lambda p: (str(p.file or ""), p.line or 0))
        raise_all(dict.fromkeys(problems))
        if scenario is None:
            raise AssertionError("a scenario that does not validate has problems")
        scenario._folder, scenario._tree = self.folder, self.tree
        return scenario

    def sound(self) -> Scenario | None:
        """What is left of the scenario without the parts at fault, to look for faults in the rest.

        None where the fault is the territory's, or everything falls with it.
        """
        tree = self.tree
        for _ in range(MOST_PRUNED):
            try:
                scenario = Scenario.model_validate(tree.plain())
            except ValidationError as error:
                faulty = {_part(e["loc"]) for e in error.errors(include_url=False)}
                if any(path[:1] in ((), ("territory",), ("epcis",)) for path in faulty):
                    return None
                tree = tree.without(faulty)
            else:
                scenario._folder, scenario._tree = self.folder, tree
                return scenario
        return None


def _part(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Path of the part that a fault spoils: its entry of a list, else its key below a block."""
    path = tuple(p for p in loc if p != "[key]")
    entry = next((k for k, p in enumerate(path) if isinstance(p, int)), 1)
    return path[: entry + 1]


def validated(values: Mapping[str, Any], folder: Path | None = None) -> Scenario:
    """A scenario from a Python mapping, which may have a base and overrides too.

    Raises:
        UserError: every fault at once.
    """
    problems: list[Problem] = []
    return Draft(assemble(from_python(values), folder, (), problems), folder, problems).checked()


def read_scenario(source: str | Path) -> Draft:
    """Read a scenario's file (or built-in) with its bases and overrides, unchecked.

    Raises:
        UserError: there is no such file, or it is no YAML mapping.
    """
    path = find_scenario(source)
    problems: list[Problem] = []
    tree = assemble(read_yaml(path), path.parent, (path.resolve(),), problems)
    if isinstance(tree.value, dict) and "name" not in tree.value:
        tree = tree.merged(Node({"name": Node(folded(path.stem).replace(" ", "-"), path, 1)}, path, 1))
    return Draft(tree, path.parent, problems)


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
    return read_scenario(source).checked()


def scenario_schema() -> dict[str, Any]:
    """JSON schema of a scenario file, for editors: every key, parameter, unit, range and source."""
    schema = ScenarioFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "embauche scenario"
    del schema["properties"]["history"]
    schema["required"] = []
    return schema


__all__ = [
    "Draft",
    "ScenarioFile",
    "builtin_names",
    "find_scenario",
    "load_scenario",
    "read_scenario",
    "scenario_schema",
    "validated",
]
