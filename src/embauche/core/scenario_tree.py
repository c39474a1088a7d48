"""From a scenario's file to one tree: its base, its fields on top, its named overrides on top of those.

Lives here: how bases and overrides combine. Not here: what fields mean (scenario), reading (scenario_yaml).
"""

from __future__ import annotations

import os
from pathlib import Path

from embauche.core.errors import Problem, UserError
from embauche.core.offerings import kinds
from embauche.core.parameters import REGISTRY
from embauche.core.scenario_yaml import Node, from_python, read_yaml
from embauche.core.suggest import nearest

BUILTIN = Path(__file__).parents[1] / "data" / "scenarios"
MAX_BASES = 16
_MAPPINGS = ("parameters", "windows", "services", "title", "question", "burn_in", "outputs",
             "governance", "levers")  # fmt: skip
_OWN = ("name", "base", "overrides", "variants", "history")


def builtin_names() -> list[str]:
    """Names of the scenarios that come with the package."""
    return sorted(p.stem for p in BUILTIN.glob("*.yaml"))


def find_scenario(name: str | Path, beside: Path | None = None) -> Path:
    """The file of a scenario: a path (relative to `beside`), else a built-in name.

    Raises:
        UserError: there is neither.
    """
    path = Path(name).expanduser()
    for candidate in [path] if beside is None else [beside / path, path]:
        if candidate.is_file():
            return candidate
    if str(name) in builtin_names():
        return BUILTIN / f"{name}.yaml"
    near = nearest(str(name), builtin_names())
    raise UserError(
        "there is no such scenario", found=str(name),
        expected="a file, or one of " + ", ".join(builtin_names()),
        fix=f"did you mean {near}?" if near else "check the path",
    )  # fmt: skip


def short(node: Node) -> str:
    """What stands at a node, for an error."""
    return str(node.plain())[:80]


def _options_to_parameters(node: Node) -> Node:
    """`services: {transit: {fare_eur: 1}}` is `parameters: {transit.fare_eur: 1}` with transit on."""
    services = node.value.get("services") if isinstance(node.value, dict) else None
    if services is None or not isinstance(services.value, dict) or not isinstance(node.value, dict):
        return node
    known, switched, moved = kinds(), dict(services.value), dict[str, Node]()
    for name, service in services.value.items():
        if isinstance(service.value, dict) and name in known:
            fields = known[name].Options.model_fields
            theirs = {k for k in service.value if f"{name}.{k}" in REGISTRY or not fields} - {"on"}
            mine = {k: v for k, v in service.value.items() if k not in theirs}
            moved |= {f"{name}.{k}": v for k, v in service.value.items() if k in theirs}
            switched[name] = Node(mine, service.file, service.line, service.key_line)
    if not moved and switched == services.value:
        return node
    top = dict(node.value)
    top["services"] = Node(switched, services.file, services.line, services.key_line)
    if moved:
        before = top.get("parameters", Node({}, services.file, services.line))
        top["parameters"] = before.merged(Node(moved, services.file, services.line))
    return Node(top, node.file, node.line)


def _set(key: str, value: Node) -> Node | Problem:
    """The small tree that one dotted key of an override stands for."""
    head, _, rest = key.partition(".")
    if head in _OWN:
        return Problem(f"an override cannot set {head}", value.file, value.key_line, found=key,
                       expected="a field such as weeks or parameters.<name>")  # fmt: skip
    if rest and head not in _MAPPINGS:
        fix = f"type parameters.{key}" if key in REGISTRY else None
        near = nearest(head, _MAPPINGS)
        return Problem(
            f"there is nothing to set at {key}", value.file, value.key_line, found=key,
            expected="a field, or one of " + ", ".join(f"{m}.<key>" for m in _MAPPINGS),
            fix=fix or (f"did you mean {near}.{rest}?" if near else "give the whole field"),
        )  # fmt: skip
    if not rest:
        return Node({head: value}, value.file, value.line)
    if head == "services" and "." in rest:
        service, _, option = rest.partition(".")
        value = Node({option: value}, value.file, value.line, value.key_line)
        rest = service
    inner = Node({rest: value}, value.file, value.line, value.key_line)
    return Node({head: inner}, value.file, value.line)


def apply_overrides(node: Node, overrides: Node | None, problems: list[Problem]) -> tuple[Node, list[str]]:
    """The overrides of one file on top of its tree; returns their names too."""
    names: list[str] = []
    if overrides is None or overrides.value is None:
        return node, names
    shape = "a list of {name: ..., set: {dotted.key: value}}"
    if not isinstance(overrides.value, list):
        problems.append(
            Problem(
                "overrides are not a list", overrides.file, overrides.line, str(overrides.plain())[:80], shape
            )
        )
        return node, names
    for item in overrides.value:
        entry = item.value if isinstance(item.value, dict) else {}
        changes = entry.get("set")
        odd = [k for k in entry if k not in ("name", "set")]
        for key in odd:
            near = nearest(key, ("name", "set"))
            fix = near and f"did you mean {near}?"
            problems.append(Problem(f"unknown key {key}", item.file, entry[key].key_line, key, shape, fix))
        if "name" not in entry or changes is None or not isinstance(changes.value, dict):
            if not odd:
                problems.append(
                    Problem(
                        "this override is not complete", item.file, item.line, str(item.plain())[:80], shape
                    )
                )
            continue
        names.append(str(entry["name"].plain()))
        for key, value in changes.value.items():
            made = _set(key, value)
            if isinstance(made, Problem):
                problems.append(made)
            else:
                node = node.merged(_options_to_parameters(made))
    return node, names


def assemble(node: Node, beside: Path | None, chain: tuple[Path, ...], problems: list[Problem]) -> Node:
    """A tree without base and overrides: the base's, this file's fields, then its overrides.

    Args:
        node: the tree of one file.
        beside: folder that relative paths start from.
        chain: files already under way, to stop circles; empty if the scenario came from Python.
        problems: faults are added here.
    """
    top = dict(node.value) if isinstance(node.value, dict) else {}
    base, overrides = top.pop("base", None), top.pop("overrides", None)
    top.pop("variants", None)  # core.scenario_variants
    tree = _options_to_parameters(Node(top, node.file, node.line))
    told = top["history"].plain() if "history" in top else None
    history = [str(h) for h in told] if isinstance(told, list | tuple) else []
    if base is not None and base.value is not None:
        below = _read_base(base, beside, chain, problems)
        if below is not None:
            past = below.value.pop("history", None) if isinstance(below.value, dict) else None
            if chain and isinstance(below.value, dict):  # a file has its own name and question
                for key in ("name", "title", "question"):
                    below.value.pop(key, None)
            history = [*(past.plain() if past else []), *history, str(base.plain())]
            tree = below.merged(tree)
    tree, names = apply_overrides(tree, overrides, problems)
    if history or names:
        tree = tree.merged(Node({"history": from_python([*history, *names])}, tree.file, tree.line))
    return tree


def _read_base(
    base: Node, beside: Path | None, chain: tuple[Path, ...], problems: list[Problem]
) -> Node | None:
    if not isinstance(base.value, str):
        problems.append(Problem("base is not a name or path", base.file, base.line, short(base),
                                "a built-in scenario or a file"))  # fmt: skip
        return None
    try:
        path = find_scenario(base.value, beside).resolve()
        if path in chain or len(chain) >= MAX_BASES:
            raise UserError(
                "the bases go round in a circle" if path in chain else "there are too many bases",
                found=" -> ".join(p.name for p in (*chain, path)), expected="a chain of bases that ends",
            )  # fmt: skip
        below = assemble(read_yaml(path), path.parent, (*chain, path), problems)
        # What the base names by path stands relative to the base's file, not to this one.
        for place in (below.at(("territory",)), below.at(("congestion", "counts"))):
            if isinstance(place.value, str) and (path.parent / place.value).exists():
                place.value = os.path.relpath(path.parent / place.value, beside or Path())
        return below
    except UserError as error:
        for p in error.problems:
            here = p.file is None
            problems.append(Problem(p.what, base.file if here else p.file, base.line if here else p.line,
                                    p.found, p.expected, p.fix))  # fmt: skip
        return None
