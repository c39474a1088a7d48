"""A scenario's file that holds variants of itself, to be run side by side and compared.

Lives here: read_variants. Not here: overrides (scenario_tree), running (analysis.runner).

`variants:` is a list of {name, title, question, set: {dotted.key: value}}; the file's own fields are the
baseline, and each variant is the baseline with what it sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.scenario import Scenario
from embauche.core.scenario_load import Draft, read_scenario
from embauche.core.scenario_tree import apply_overrides, find_scenario, short
from embauche.core.scenario_yaml import Node, from_python, read_yaml
from embauche.core.suggest import nearest

KEYS = ("name", "title", "question", "set")
SHAPE = "a list of {name: ..., set: {dotted.key: value}}"


def read_variants(source: str | Path, changes: Mapping[str, Any] | None = None) -> list[Draft]:
    """The file's own scenario, then its variants in order; only the first where it has none.

    Args:
        source: a file, or the name of a built-in scenario.
        changes: fields that replace the file's, such as options of the command line.

    Raises:
        UserError: the file cannot be read, or a variant is not complete.
    """
    draft = read_scenario(source)
    if changes:
        draft.tree = draft.tree.merged(from_python(dict(changes)))
    top = read_yaml(find_scenario(source)).value
    listed = top.get("variants") if isinstance(top, dict) else None
    problems: list[Problem] = []
    if listed is not None and not isinstance(listed.value, list):
        problems.append(Problem("variants are not a list", listed.file, listed.line, short(listed), SHAPE))
    drafts = [draft]
    for item in listed.value if listed is not None and isinstance(listed.value, list) else []:
        made = _variant(draft, item, problems)
        if made is not None:
            drafts.append(made)
    raise_all(problems)
    return drafts


def load_variants(source: str | Path, changes: Mapping[str, Any] | None = None) -> list[Scenario]:
    """The scenarios of `read_variants`, checked.

    Raises:
        UserError: every fault of every variant at once, or there is no variant.
    """
    drafts = read_variants(source, changes)
    if len(drafts) < 2:
        raise UserError(
            "there is nothing to compare", file=find_scenario(source), found="no variants in this file",
            expected=f"`variants:` with {SHAPE}, or the folders of two runs",
            fix="embauche compare RUN_A RUN_B",
        )  # fmt: skip
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for draft in drafts:
        try:
            scenarios.append(draft.checked())
        except UserError as error:
            problems += error.problems
    raise_all(dict.fromkeys(problems))
    return scenarios


def _variant(draft: Draft, item: Node, problems: list[Problem]) -> Draft | None:
    entry = item.value if isinstance(item.value, dict) else {}
    for key in entry:
        if key not in KEYS:
            near = nearest(key, KEYS)
            problems.append(
                Problem(f"unknown key {key}", item.file, entry[key].key_line, key, ", ".join(KEYS),
                        near and f"did you mean {near}?")
            )  # fmt: skip
    if "name" not in entry or "set" not in entry or not isinstance(entry["set"].value, dict):
        problems.append(Problem("this variant is not complete", item.file, item.line, short(item), SHAPE))
        return None
    override = Node({"name": entry["name"], "set": entry["set"]}, item.file, item.line)
    faults = list(draft.problems)
    tree, names = apply_overrides(draft.tree, Node([override], item.file, item.line), faults)
    history = draft.tree.at(("history",)).value
    past = [h.plain() for h in history] if isinstance(history, list) else []
    own: dict[str, Any] = {k: entry[k] for k in ("name", "title", "question") if k in entry}
    tree = tree.merged(Node({**own, "history": from_python([*past, *names])}, item.file, item.line))
    return Draft(tree, draft.folder, faults)
