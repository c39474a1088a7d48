"""How far training domains lie from each other, and what a level too few or too many is.

Lives here: distances between the 21 domains, gaps of level. Not here: what they cost (search, hiring).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.population.schemas import SKILLS

Array = np.ndarray[Any, Any]

# Families of domains whose trades share gestures, tools or rules, after the idea of the professional
# families (FAP, Dares): a domain may be of several. Distances are from memory, to be swept.
FAMILIES = (
    ("agriculture", "food_industry"),
    ("food_industry", "chemistry_process", "metal_mechanics", "wood_paper", "electricity_electronics"),
    ("metal_mechanics", "electricity_electronics", "maintenance", "construction"),
    ("wood_paper", "construction"),
    ("transport_driving", "logistics"),
    ("food_industry", "logistics"),
    ("food_industry", "hotel_catering"),
    ("trade_sales", "hotel_catering", "personal_services"),
    ("trade_sales", "logistics", "administration"),
    ("personal_services", "cleaning_security"),
    ("personal_services", "health_care", "social_education"),
    ("social_education", "teaching_research"),
    ("administration", "management_law", "it_telecom"),
    ("it_telecom", "electricity_electronics"),
    ("arts_communication", "trade_sales"),
    ("arts_communication", "it_telecom", "teaching_research", "management_law"),
)
CLOSE = (
    ("transport_driving", "logistics"), ("electricity_electronics", "maintenance"),
    ("metal_mechanics", "maintenance"), ("health_care", "social_education"),
    ("food_industry", "chemistry_process"), ("administration", "management_law"),
    ("personal_services", "cleaning_security"), ("trade_sales", "hotel_catering"),
)  # fmt: skip
IN_FAMILY, NEAR = 0.5, 0.3


def _distances() -> Array:
    row = {name: i for i, name in enumerate(SKILLS)}
    out = np.ones((len(SKILLS), len(SKILLS)))
    for groups, value in ((FAMILIES, IN_FAMILY), (CLOSE, NEAR)):
        for group in groups:
            rows = [row[name] for name in group]
            out[np.ix_(rows, rows)] = value
    np.fill_diagonal(out, 0.0)
    return out


# float64 [domain, domain] in [0, 1]: 0 the same trade, 1 nothing in common; symmetric
DISTANCE = _distances()
DISTANCE.setflags(write=False)


def distance(a: Array, b: Array) -> Array:
    """Distance between domains (rows of SKILLS), float64, elementwise."""
    return DISTANCE[a, b]


def lacking(level: Array, asked: Array) -> Array:
    """Levels that a person lacks for what a post asks, int64, elementwise."""
    gap: Array = np.maximum(0, asked.astype(np.int64) - level)
    return gap
