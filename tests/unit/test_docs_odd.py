"""docs/odd.md names a function for every element of the ODD protocol: the names must exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "odd.md").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`([a-z_][a-z0-9_.]*):([A-Za-z_][A-Za-z0-9_.]*)`", PAGE)))
ELEMENTS = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
    "Interaction", "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


@pytest.mark.parametrize(("module", "name"), NAMES, ids=[":".join(n) for n in NAMES])
def test_every_name_exists(module: str, name: str) -> None:
    found = importlib.import_module(f"embauche.{module}")
    for part in name.split("."):
        found = getattr(found, part)


def test_every_element_stands_there_in_order_and_names_a_function() -> None:
    parts = re.split(r"^## \d\. (.*)$", PAGE, flags=re.MULTILINE)[1:]
    assert tuple(parts[::2]) == ELEMENTS
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        assert re.search(r"`[a-z_][a-z0-9_.]*:[A-Za-z_]", text), f"{title} names no function"


def test_every_design_concept_is_told() -> None:
    concepts = PAGE.split("## 4. Design concepts")[1].split("## 5.")[0]
    assert [c for c in CONCEPTS if f"**{c}" not in concepts] == []
