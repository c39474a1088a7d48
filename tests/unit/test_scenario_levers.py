"""Faults of the `levers:` block: each names its line, what stands there, and what should.

Not here: what levers do (test_levers_hours, test_aids).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from embauche.analysis.check import check
from embauche.core.errors import Problem, UserError
from embauche.core.scenario_load import load_scenario

HEAD = "base: baseline\nservices:\n  scooter: on\nlevers:\n"


def problems(folder: Path, words: str) -> list[Problem]:
    path = folder / "mine.yaml"
    path.write_text(HEAD + words, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        check(path)
    return list(caught.value.problems)


WRONG = {
    "hours too far": ("  hours:\n    - name: h\n      later_min: 300\n", 6, "moved too far"),
    "window on another day": (
        "  hours:\n    - name: h\n      later_min: 200\n      shifts: night\n",
        None,
        "another day",
    ),
    "unknown shift": ("  hours:\n    - {name: h, later_min: 10, shifts: nite}\n", 6, "nite"),
    "telework in a factory": ("  telework:\n    - {name: t, days: 1, shifts: night}\n", 6, "day, office"),
    "eight days": ("  telework:\n    - name: t\n      days: 8\n", 7, "less than or equal to 5"),
    "share above one": ("  telework:\n    - {name: t, days: 1, share: 2}\n", 6, "less than or equal to 1"),
    "unknown sector": (
        "  parking:\n    - name: p\n      employers: {sectors: [industri]}\n",
        7,
        "'industry'",
    ),
    "negative parking": ("  parking:\n    - {name: p, eur_day: -1}\n", 6, "greater than or equal to 0"),
    "unknown service": (
        "  allowances:\n    - {name: a, eur_day: 1, services: [bik]}\n",
        6,
        "did you mean bike?",
    ),
    "lane nowhere": ("  bike_lanes:\n    - {name: b, kmh: 20, communes: [Eu]}\n", 6, "communes and highways"),
    "lane of nothing": ("  bike_lanes:\n    - {name: b, ways: [1]}\n", 6, "changes nothing"),
    "lane on no way": ("  bike_lanes:\n    - {name: b, ways: [987654321012], kmh: 20}\n", 6, "does not have"),
    "lane in no commune": (
        "  bike_lanes:\n    - name: b\n      kmh: 20\n      highways: path\n      communes:\n        - Eu\n"
        "        - Aumalle\n",
        11,
        "no such commune",
    ),
    "no budget": ("  loans:\n    - name: s\n      stock: 3\n      budget_eur: 0\n", 6, "pays for nobody"),
    "fee over cost": ("  loans:\n    - {name: s, stock: 3, fee_eur_week: 99}\n", 6, "users pay more"),
    "e-bikes nobody may ride": (
        "  loans:\n    - {name: s, stock: 3, vehicle: ebike}\n",
        None,
        "service ebike is off",
    ),
    "no stock": ("  loans:\n    - name: s\n", 6, "levers.loans.0.stock"),
    "no age": (
        "  loans:\n    - name: s\n      stock: 3\n      who: {age_min: 40, age_max: 20}\n",
        8,
        "nobody has this age",
    ),
    "two of a name": ("  loans:\n    - {name: s, stock: 3}\n    - {name: s, stock: 3}\n", None, "two levers"),
    "voucher of nothing": ("  vouchers:\n    - {name: v, eur_month: 0}\n", 6, "greater than 0"),
    "unknown key": ("  vouchers:\n    - {name: v, eur_month: 9, euros: 1}\n", 6, "unknown key"),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_fault_is_named_at_its_line(name: str, tmp_path: Path) -> None:
    words, line, said = WRONG[name]
    (problem,) = problems(tmp_path, words)
    assert said in str(problem)
    assert problem.file is not None
    if line is not None:
        assert problem.line == line, problem


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    words = "  vouchers:\n    - {name: v, eur_month: 0}\n  loans:\n    - {name: s, stock: -1}\n"
    assert len(problems(tmp_path, words)) == 2


def test_levers_read_back_and_count_in_the_hash() -> None:
    levers = {
        "loans": [{"name": "s", "stock": 4, "first": "apprentice"}],
        "hours": [{"name": "h", "later_min": 15}],
    }
    scenario = load_scenario({"base": "baseline", "services": {"scooter": True}, "levers": levers})
    assert load_scenario(scenario.resolved()).hash() == scenario.hash()
    assert scenario.changed(levers={}).hash() != scenario.hash()
    assert scenario.levers.loans[0].first == ("apprentice",)
    assert "day+15" in {w.name for w in scenario.catalogue().windows}
