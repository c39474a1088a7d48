"""Every kernel has a plain twin and a test that compares the two: docs/architecture.md says which.

Lives here: that the table is complete and names what exists. Not here: the comparisons themselves.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

HEAD, MORE = "## Kernels and their plain twins", "## Mechanisms and their plain twins"
Row = tuple[str, list[str], str, str]


def rows_of(page: str) -> list[Row]:
    """(kernels' file, kernels, twin, test) of the table below the heading."""
    out = []
    for line in page.split(HEAD)[1].split("\n## ")[0].splitlines():
        cells = [re.findall(r"`([^`]+)`", cell) for cell in line.split("|")[1:-1]]
        if len(cells) == 4 and cells[0]:
            (file,), kernels, (twin,), (test,) = cells
            out.append((file, kernels, twin, test))
    return out


def kernels_of(folder: Path) -> set[str]:
    """`file.name` of each function that is decorated as a kernel."""
    found = set()
    for file in folder.glob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(d, ast.Name) and d.id == "kernel" for d in node.decorator_list
            ):
                found.add(f"{file.stem}.{node.name}")
    return found


def missing(rows: list[Row], known: set[str], tests: Path) -> list[str]:
    """What is wrong with a table, in words."""
    told = [f"{file}.{name}" for file, kernels, *_ in rows for name in kernels]
    wrong = [f"{name} has no twin" for name in sorted(known - set(told))]
    wrong += [f"there is no kernel {name}" for name in sorted(set(told) - known)]
    return wrong + [words for file, _, twin, test in rows for words in not_there(file, twin, test, tests)]


def not_there(what: str, twin: str, test: str, tests: Path) -> list[str]:
    """What is wrong with the twin and the test of a kernels' file or of a mechanism, in words."""
    wrong, texts = [], {}
    for place in (twin, test):
        path, _, name = place.partition(": ")
        texts[path] = (tests / path).read_text(encoding="utf-8") if (tests / path).is_file() else ""
        if not re.search(rf"^\s*(def|class) {name}\b", texts[path], re.MULTILINE):
            wrong.append(f"{what}: there is no {place}")
    compared, by = test.partition(": ")[0], twin.partition(": ")[0]
    module = by.removesuffix(".py").split("/")[0]
    if by != compared and not re.search(rf"^from {module}[. ]", texts[compared], re.MULTILINE):
        wrong.append(f"{what}: {compared} does not import {by}")
    return wrong


def test_each_kernel_has_a_twin_and_a_test(repository: Path) -> None:
    page = (repository / "docs" / "architecture.md").read_text(encoding="utf-8")
    known = kernels_of(repository / "src" / "embauche" / "kernels")
    assert len(known) > 50
    assert missing(rows_of(page), known, repository / "tests") == []


def test_each_twin_of_a_mechanism_exists(repository: Path) -> None:
    page = (repository / "docs" / "architecture.md").read_text(encoding="utf-8").split(MORE)[1]
    rows = [line.split("|")[1:-1] for line in page.splitlines() if "`" in line]
    assert len(rows) > 10
    for what, twin, test in rows:
        assert not_there(what.strip(), twin.strip(" `"), test.strip(" `"), repository / "tests") == []


def test_what_is_missing_is_told(repository: Path) -> None:
    tests = repository / "tests"
    rows: list[Row] = [
        ("search", ["look", "lok"], "naive/search.py: tld", "unit/test_twin_model.py: test_no"),
        ("search", ["ring"], "naive/search.py: told", "test_kernel_twins.py: missing"),
    ]
    assert missing(rows, {"search.look", "search.ring", "search.more"}, tests) == [
        "search.more has no twin", "there is no kernel search.lok",
        "search: there is no naive/search.py: tld", "search: there is no unit/test_twin_model.py: test_no",
        "search: test_kernel_twins.py does not import naive/search.py",
    ]  # fmt: skip
