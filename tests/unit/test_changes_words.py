"""What a scenario changes, as a planner reads it: timetables as sentences, settings by name.

Not here: the report's other parts (test_report), what a change does to a timetable (services).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from embauche import load_scenario
from embauche.output.changes import timetable_line
from embauche.output.page import Page

BUSES = (
    "bus routes, first departure at 04:15, last departure at 22:00, an added trip every 120 min, every day",
    "lignes de bus, premier départ à 04:15, dernier départ à 22:00, une course ajoutée toutes les 120 min,"
    " tous les jours",
)
CASES = [
    (
        {"mode": "rail", "first_departure": "04:30", "days": "weekdays"},
        "train routes, first departure at 04:30, an added trip every 60 min, Monday to Friday",
        "lignes de train, premier départ à 04:30, une course ajoutée toutes les 60 min, du lundi au vendredi",
    ),
    (
        {"routes": ["5", "L1"], "last_departure": "23:15", "every_min": 30, "days": ["Sat", "Sun"]},
        "routes 5, L1, last departure at 23:15, an added trip every 30 min, Saturday, Sunday",
        "lignes 5, L1, dernier départ à 23:15, une course ajoutée toutes les 30 min, samedi, dimanche",
    ),
]


def page(lang: str) -> Page:
    return Page(lang=lang, runs=[], found=None, shape=None)


@pytest.mark.parametrize(("change", "en", "fr"), CASES)
def test_a_timetable_change_is_a_sentence(
    tmp_path: Path, change: dict[str, object], en: str, fr: str
) -> None:
    (tmp_path / "s.yaml").write_text(f"base: baseline\nname: s\ntimetable: [{change}]\n", encoding="utf-8")
    stored = load_scenario(tmp_path / "s.yaml").resolved()["timetable"][0]
    assert timetable_line(page("en"), stored) == en
    assert timetable_line(page("fr"), stored) == fr


def test_the_demo_says_its_buses_in_words() -> None:
    stored = load_scenario("early-late-buses").resolved()["timetable"][0]
    assert (timetable_line(page("en"), stored), timetable_line(page("fr"), stored)) == BUSES
