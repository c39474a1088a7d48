"""Every unit of an indicator has words in both languages."""

from __future__ import annotations

from embauche.analysis.indicators_catalogue import CATALOGUE
from embauche.output.words import unit

ALIKE = {"h", "g", "kWh", "ha", "km", "kg", "min", "%"}  # symbols are the same in both


def test_no_unit_is_left_in_english() -> None:
    units = {i.unit for i in CATALOGUE.values()} - ALIKE
    assert sorted(u for u in units if unit(u, "fr") == u) == []
