"""Margins of the start population: activity by age and sex, sectors, skills, wages, shifts.

Lives here: tables with their sources and profiles of territories. Not here: single figures
(core/parameters/population.py) or draws. Figures without a source are from memory, to be swept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.population.quotas import rake
from embauche.population.schemas import SECTORS, SKILLS, SizeClass

Array = np.ndarray[Any, Any]

AGE_GROUPS = ((15, 25), (25, 55), (55, 65))  # years, end excluded
WEEKS_A_YEAR = 52

# INSEE census 2019, arrondissement of Béthune (622), persons aged 15-64 (FACTS).
ACTIVE_BY_AGE = np.array([14_421.0, 96_352.0, 17_457.0])
EMPLOYED_BY_AGE = np.array([9_215.0, 83_528.0, 15_262.0])
ACTIVE_BY_SEX = np.array([68_606.0, 59_623.0])
EMPLOYED_BY_SEX = np.array([58_428.0, 49_577.0])
PERSONS_15_64 = 182_001.0
# From memory: shares of the three age groups and of men among persons aged 15-64.
SHARE_BY_AGE = np.array([0.181, 0.602, 0.217])
SHARE_BY_SEX = np.array([0.498, 0.502])


def activity_table(unemployment: float) -> Array:
    """Shares of persons aged 15-64 by age group, sex and status.

    The census gives age x status and sex x status; the three-way table is their iterative
    proportional fit, so it adds nothing to them. Unemployment is then scaled within the active.

    Args:
        unemployment: unemployed among the active.

    Returns:
        float64 [age group, sex, Status], sums to 1.
    """
    persons = PERSONS_15_64 * np.outer(SHARE_BY_AGE, SHARE_BY_SEX)
    active = rake(persons, ACTIVE_BY_AGE, ACTIVE_BY_SEX)
    looking = rake(active, ACTIVE_BY_AGE - EMPLOYED_BY_AGE, ACTIVE_BY_SEX - EMPLOYED_BY_SEX)
    looking = np.minimum(looking * unemployment * active.sum() / looking.sum(), 0.95 * active)
    return np.asarray(np.stack([persons - active, looking, active - looking], 2) / persons.sum())


# Within an age group the density of age is linear: slope -1 (falls to 0) to 1 (rises from 0), by
# age group and Status. From memory: the young enter work late, seniors leave it early.
AGE_SLOPE = np.array([[-0.75, 0.5, 0.85], [0.0, -0.2, 0.0], [0.45, -0.3, -0.8]])

# Women among those who work in a domain, relative weight (from memory; census tables T202).
WOMEN = dict(zip(SKILLS, (
    0.3, 0.45, 0.12, 0.3, 0.2, 0.1, 0.08, 0.04, 0.12, 0.25, 0.6, 0.55, 0.93, 0.6, 0.85, 0.75, 0.78, 0.45,
    0.22, 0.45, 0.65), strict=True))  # fmt: skip

# Unemployed against employed in a domain, ratio (from memory: France Travail, low-skill domains).
UNEMPLOYED = dict(zip(SKILLS, (
    1.2, 1.2, 1.0, 0.8, 1.2, 0.7, 0.7, 1.3, 0.9, 1.6, 1.2, 1.4, 1.5, 1.8, 0.4, 0.8, 0.9, 0.4, 0.5, 1.6,
    0.4), strict=True))  # fmt: skip

# Net monthly wage of a man of 40 in a firm of 50-249, EUR (from memory: INSEE DSN by profession).
WAGE_EUR = dict(zip(SKILLS, (
    1650, 1700, 1950, 2150, 1850, 2150, 2050, 1850, 1850, 1700, 1750, 1600, 1500, 1500, 2150, 1850, 1850,
    2900, 2600, 1900, 2350), strict=True))  # fmt: skip

# Domains of production: only they work in 2x8 or 3x8, and only they are blue-collar here.
BLUE_COLLAR = frozenset(
    {
        "food_industry", "metal_mechanics", "chemistry_process", "wood_paper", "electricity_electronics",
        "maintenance", "construction", "transport_driving", "logistics", "cleaning_security",
    }
)  # fmt: skip

SIZE_WAGE = np.array([0.94, 0.98, 1.0, 1.06])  # by SizeClass, from memory
SHIFT_WAGE = {"two_by_eight": 1.06, "three_by_eight": 1.14, "five_by_eight": 1.18, "night": 1.2,
              "weekend": 1.15, "evening": 1.04}  # fmt: skip

# Posts of a sector by domain, per cent (from memory: INSEE profession x sector tables).
_SKILLS_OF: dict[str, dict[str, float]] = {
    "agriculture": {"agriculture": 82, "transport_driving": 4, "maintenance": 3, "administration": 6,
                    "trade_sales": 3, "management_law": 2},
    "industry": {"food_industry": 13, "metal_mechanics": 21, "chemistry_process": 14, "wood_paper": 6,
                 "electricity_electronics": 6, "maintenance": 10, "logistics": 9, "transport_driving": 2,
                 "cleaning_security": 2, "administration": 7, "management_law": 6, "it_telecom": 3,
                 "trade_sales": 1},
    "construction": {"construction": 68, "electricity_electronics": 9, "maintenance": 4,
                     "transport_driving": 4, "administration": 8, "management_law": 6, "trade_sales": 1},
    "trade": {"trade_sales": 62, "logistics": 12, "food_industry": 6, "maintenance": 5,
              "administration": 7, "management_law": 5, "cleaning_security": 1, "health_care": 2},
    "transport_logistics": {"transport_driving": 42, "logistics": 34, "maintenance": 5,
                            "administration": 10, "management_law": 6, "it_telecom": 1,
                            "cleaning_security": 2},
    "hotel_catering": {"hotel_catering": 84, "cleaning_security": 4, "administration": 4,
                       "management_law": 4, "trade_sales": 4},
    "business_services": {"cleaning_security": 27, "administration": 22, "management_law": 18,
                          "it_telecom": 13, "logistics": 6, "maintenance": 5, "trade_sales": 5,
                          "electricity_electronics": 2, "arts_communication": 2},
    "public_education": {"teaching_research": 36, "administration": 28, "cleaning_security": 11,
                         "social_education": 8, "personal_services": 6, "maintenance": 4,
                         "management_law": 3, "arts_communication": 2, "agriculture": 1,
                         "it_telecom": 1},
    "health_social": {"health_care": 44, "personal_services": 24, "social_education": 16,
                      "cleaning_security": 5, "administration": 8, "hotel_catering": 2,
                      "management_law": 1},
    "other_services": {"personal_services": 30, "arts_communication": 22, "administration": 18,
                       "cleaning_security": 8, "maintenance": 6, "trade_sales": 8,
                       "social_education": 8},
}  # fmt: skip

# Posts of a sector by size class TPE, PME, ETI, LARGE: start of the fit (from memory: INSEE Flores).
_SIZES_OF: dict[str, tuple[float, ...]] = {
    "agriculture": (80, 18, 2, 0), "industry": (7, 18, 33, 42), "construction": (40, 40, 17, 3),
    "trade": (30, 38, 24, 8), "transport_logistics": (10, 25, 38, 27), "hotel_catering": (50, 40, 9, 1),
    "business_services": (20, 27, 33, 20), "public_education": (8, 28, 36, 28),
    "health_social": (12, 22, 34, 32), "other_services": (50, 32, 16, 2),
}  # fmt: skip

# Weight of fixed-term, agency and apprentice posts by sector (from memory).
CONTRACT_WEIGHT: dict[str, tuple[float, float, float]] = {
    "agriculture": (1.3, 0.3, 1.2), "industry": (0.5, 2.5, 1.1), "construction": (0.6, 1.5, 1.9),
    "trade": (0.8, 0.4, 1.3), "transport_logistics": (0.6, 2.2, 0.6), "hotel_catering": (1.3, 0.3, 2.0),
    "business_services": (0.9, 0.6, 0.9), "public_education": (1.6, 0.0, 0.4),
    "health_social": (1.3, 0.1, 0.5), "other_services": (1.3, 0.2, 1.6),
}  # fmt: skip
APPRENTICE_SIZE = np.array([1.8, 1.1, 0.7, 0.6])  # small firms train more, from memory

# Shifts of a sector's posts, per cent: start of the fit to Dares' margins (from memory).
_SHIFTS_OF: dict[str, dict[str, float]] = {
    "agriculture": {"day": 70, "shop": 15, "weekend": 5, "split": 5, "evening": 5},
    "industry": {"day": 60, "office": 6, "two_by_eight": 14, "three_by_eight": 8, "five_by_eight": 7,
                 "night": 2, "weekend": 3},
    "construction": {"day": 92, "office": 4, "two_by_eight": 0.5, "night": 1, "shop": 2.5},
    "trade": {"shop": 62, "day": 15, "office": 5, "evening": 12, "two_by_eight": 2, "night": 1,
              "weekend": 3},
    "transport_logistics": {"day": 45, "two_by_eight": 12, "three_by_eight": 4, "night": 7,
                            "five_by_eight": 10, "weekend": 4, "shop": 5, "evening": 8, "split": 5},
    "hotel_catering": {"evening": 48, "shop": 24, "split": 10, "day": 10, "weekend": 8},
    "business_services": {"office": 45, "day": 17, "split": 18, "evening": 6, "night": 4,
                          "five_by_eight": 5, "shop": 5},
    "public_education": {"day": 46, "office": 36, "split": 8, "five_by_eight": 6, "evening": 4},
    "health_social": {"five_by_eight": 28, "day": 24, "office": 10, "split": 14, "weekend": 5,
                      "night": 4, "evening": 11, "shop": 4},
    "other_services": {"shop": 38, "day": 18, "office": 14, "evening": 18, "split": 10, "weekend": 2},
}  # fmt: skip
_DESKS = ("administration", "management_law", "it_telecom")
_DAY_ONLY = ("teaching_research",)


@dataclass(frozen=True)
class Profile:
    """What sets a territory apart where the parameters are one for all.

    Attributes:
        unemployment_ratio: against population.unemployment_rate.
        sectors: share of posts by sector, sums to 1.
        source: where the figures come from.
    """

    unemployment_ratio: float
    sectors: Mapping[str, float]
    source: str


def _sectors(*shares: float) -> dict[str, float]:
    return dict(zip(SECTORS, shares, strict=True))


DEFAULT_PROFILE = Profile(
    1.0,
    _sectors(0.02, 0.16, 0.065, 0.135, 0.07, 0.035, 0.13, 0.185, 0.15, 0.05),
    "Béthune census 2019 (FACTS); sectors of Hauts-de-France from memory",
)
PROFILES: dict[str, Profile] = {
    "bresle-vimeu": Profile(
        0.80,
        _sectors(0.04, 0.36, 0.065, 0.11, 0.045, 0.035, 0.07, 0.125, 0.11, 0.04),
        "from memory: glass valley of the Bresle, locks and taps of the Vimeu; 29,528 jobs in 2017 (FACTS)",
    ),
}


def profile_of(name: str) -> Profile:
    """The profile of a territory by name; the default where it has none."""
    return PROFILES.get(name, DEFAULT_PROFILE)


def skill_matrix() -> Array:
    """Share of each domain among a sector's posts, float64 [sector, skill], rows sum to 1."""
    out = np.array([[_SKILLS_OF[s].get(k, 0.0) for k in SKILLS] for s in SECTORS])
    return np.asarray(out / out.sum(1, keepdims=True))


def size_matrix() -> Array:
    """Start of the fit of posts by sector and size class, float64 [sector, SizeClass]."""
    out = np.array([_SIZES_OF[s] for s in SECTORS], float)
    return np.asarray(out / out.sum(1, keepdims=True))


def shift_seed(names: tuple[str, ...]) -> Array:
    """Start of the fit of shifts, float64 [sector, skill, shift name], rows sum to 1 or 0."""
    out = np.zeros((len(SECTORS), len(SKILLS), len(names)))
    for s, sector in enumerate(SECTORS):
        for k, skill in enumerate(SKILLS):
            for j, name in enumerate(names):
                weight = _SHIFTS_OF[sector].get(name, 0.0)
                if skill in _DESKS:
                    weight = {"office": 88.0, "day": 12.0}.get(name, 0.02 * weight)
                elif skill in _DAY_ONLY:
                    weight = {"day": 95.0, "office": 5.0}.get(name, 0.0)
                elif name == "office" and skill in BLUE_COLLAR:
                    weight = 0.0
                elif name in ("two_by_eight", "three_by_eight") and skill not in BLUE_COLLAR:
                    weight *= 0.15
                elif name == "split" and skill not in ("cleaning_security", "personal_services"):
                    weight *= 0.3
                out[s, k, j] = weight
    total = out.sum(2, keepdims=True)
    return np.asarray(out / np.where(total > 0, total, 1.0))


SIZE_BOUNDS = {
    SizeClass.TPE: (1, 9, 3.2),
    SizeClass.PME: (10, 49, 20.0),
    SizeClass.ETI: (50, 249, 100.0),
    SizeClass.LARGE: (250, 3000, 450.0),
}  # smallest, largest and mean size of a firm, posts; means from memory (INSEE Flores)
