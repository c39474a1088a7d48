"""Faults of the `training:` block: each names its line, what stands there, and what should.

Not here: what training does (test_training).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from embauche.analysis.check import check
from embauche.core.errors import Problem, UserError
from embauche.core.scenario_load import load_scenario

HEAD = "base: baseline\ntraining:\n  courses:\n    - name: c\n      domain: logistics\n"
REST = "      at: Eu\n      seats: 8\n      weeks: 10\n"


def problems(folder: Path, words: str) -> list[Problem]:
    path = folder / "mine.yaml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        check(path)
    return list(caught.value.problems)


def one(kind: str, *items: str) -> str:
    """A scenario with these levers of a kind."""
    return f"base: baseline\ntraining:\n  {kind}:\n" + "".join(f"    - {{{item}}}\n" for item in items)


SEATS = "      seats: 8\n      weeks: 10\n"
WRONG = {
    "unknown hours": (HEAD + REST + "      hours: daytime\n", 4, "daytime"),
    "asks more than it teaches": (HEAD + REST + "      level_min: 2\n", 4, "asks more"),
    "no such commune": (HEAD + "      at: Euu\n" + SEATS, 6, "Euu"),
    "no such stop": (HEAD + "      at: {stop: Nowhere}\n" + SEATS, 6, "no such stop"),
    "off the roads": (HEAD + "      at: {lon: 50.1, lat: 1.5}\n" + SEATS, 6, "lies off"),
    "no seats given": (HEAD + "      at: Eu\n      weeks: 10\n", 4, "seats"),
    "employees": (HEAD + REST + "      who: {groups: employed}\n", 4, "job-seekers"),
    "who in no commune": (
        HEAD + REST + "      who: {groups: unemployed, communes: [Aumalle]}\n",
        9,
        "no such commune",
    ),
    "unknown domain": (one("courses", "name: c, domain: welding, at: Eu, seats: 1, weeks: 1"), 4, "welding"),
    "academy of nobody": (
        one("academies", "name: a, domain: logistics, at: Eu, seats: 1, weeks: 1"),
        4,
        "everybody's",
    ),
    "two of one name": (
        one("outreach", "name: x, contacts_week: 1", "name: x, contacts_week: 2"),
        3,
        "one name",
    ),
    "guidance about nothing": (one("guidance", "name: g, sectors: [], share_year: 0.1"), 4, "at least 1"),
    "outreach nowhere": (
        one("outreach", "name: x, contacts_week: 1, communes: [Paris]"),
        4,
        "no such commune",
    ),
}


@pytest.mark.parametrize(("words", "line", "says"), WRONG.values(), ids=list(WRONG))
def test_a_fault_says_where_and_what(words: str, line: int, says: str, tmp_path: Path) -> None:
    found = problems(tmp_path, words)
    assert any(says in str(p) and p.line == line for p in found), [str(p) for p in found]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    words = HEAD + "      at: Nowhere\n      seats: 8\n      weeks: 10\n  guidance:\n"
    words += "    - {name: g, sectors: industry, share_year: 2}\n"
    told = " ".join(str(p) for p in problems(tmp_path, words))
    assert "Nowhere" in told
    assert "less than or equal to 1" in told


def test_a_block_is_written_back_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + REST + "      starts: 3\n", encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.training.courses[0].starts == (3,)
    assert scenario.changed(**scenario.resolved()).training == scenario.training
    assert scenario.hash() != load_scenario("baseline").hash()
