"""Levels of qualification, of persons and of posts, and the NAF section of a firm.

Lives here: their margins, draws, shares by age. Not here: skill domains (persons, posts), sectors (firms).
Figures without a source are from memory, to be swept.
"""

from __future__ import annotations

import numpy as np

from embauche.population.persons import People
from embauche.population.quotas import Array, Draw, choose, stratified
from embauche.population.schemas import NAF, SECTORS, SKILLS, Status

# Workers of a domain by level, per cent: CAP-BEP or none, bac, bac+2, bac+3 and more (from memory:
# Dares, portraits of occupations).
HELD = np.array([
    (55, 27, 13, 5), (65, 23, 8, 4), (60, 25, 11, 4), (50, 28, 15, 7), (65, 22, 9, 4), (35, 33, 24, 8),
    (40, 32, 22, 6), (65, 19, 10, 6), (70, 22, 6, 2), (62, 27, 8, 3), (38, 32, 20, 10), (58, 27, 10, 5),
    (65, 25, 7, 3), (75, 18, 5, 2), (18, 22, 15, 45), (20, 25, 18, 37), (22, 30, 30, 18), (6, 12, 24, 58),
    (4, 12, 27, 57), (15, 20, 20, 45), (3, 7, 10, 80),
], float)  # fmt: skip
assert len(HELD) == len(SKILLS)
# Posts ask for a little less than their holders have (from memory: one worker in five is overqualified).
ASKED = HELD * np.array([1.3, 0.95, 0.85, 0.8])

# Relative weight of a level by age (from memory: INSEE, diplomas by generation) and by Status.
_BY_AGE = np.array(
    [(0.9, 1.3, 1.0, 0.8), (0.75, 1.1, 1.15, 1.3), (1.0, 1.0, 1.0, 1.0), (1.4, 0.8, 0.7, 0.65)]
)
_AGE_EDGES = (25.0, 40.0, 55.0)
_BY_STATUS = np.array([(1.3, 1.0, 0.8, 0.75), (1.35, 1.0, 0.75, 0.6), (1.0, 1.0, 1.0, 1.0)])
_YOUNGEST = (0.0, 18.0, 20.0, 21.0)  # years at which a level can have been reached
assert len(_BY_STATUS) == len(Status)

# Firms of a sector by section of the NAF rev. 2, per cent (from memory: INSEE Flores, establishments).
_SECTIONS: dict[str, dict[str, float]] = {
    "agriculture": {"A": 100}, "industry": {"B": 1, "C": 90, "D": 3, "E": 6}, "construction": {"F": 100},
    "trade": {"G": 100}, "transport_logistics": {"H": 100}, "hotel_catering": {"I": 100},
    "business_services": {"J": 11, "K": 16, "L": 14, "M": 35, "N": 24},
    "public_education": {"O": 45, "P": 55}, "health_social": {"Q": 100},
    "other_services": {"R": 27, "S": 68, "T": 5},
}  # fmt: skip


def levels_held(seed: int, people: People, skill: Array) -> Array:
    """Level of each person by domain, age and status; none beyond what her age allows. int8 [person]."""
    band = np.digitize(people.years, _AGE_EDGES)
    oldest = np.searchsorted(_YOUNGEST, people.years, side="right") - 1
    cell = ((skill.astype(np.int64) * len(_BY_AGE) + band) * len(Status) + people.status) * 4 + oldest
    at = np.indices((len(SKILLS), len(_BY_AGE), len(Status), 4)).reshape(4, -1)
    shares = HELD[at[0]] * _BY_AGE[at[1]] * _BY_STATUS[at[2]] * (np.arange(4) <= at[3][:, None])
    return choose(stratified(seed, Draw.LEVEL, people.worker_id, cell), shares, cell)


def shares_at(years: float) -> Array:
    """Shares of levels by domain of those of this age, statuses alike, float64 [domain, level]."""
    oldest = np.searchsorted(_YOUNGEST, years, side="right") - 1
    weight = HELD * _BY_AGE[np.digitize(years, _AGE_EDGES)] * _BY_STATUS.mean(axis=0)
    weight *= np.arange(4) <= oldest
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def levels_asked(seed: int, post_id: Array, skill: Array, active: Array) -> Array:
    """Level that each post asks, by domain. int8 [post]."""
    cell = skill.astype(np.int64) * 2 + active
    return choose(stratified(seed, Draw.POST_LEVEL, post_id, cell), ASKED, skill)


def sections(seed: int, firm_id: Array, sector: Array) -> Array:
    """NAF section of each firm, one of its sector's. int8 [firm]."""
    shares = np.array([[_SECTIONS[s].get(letter, 0.0) for letter in NAF] for s in SECTORS])
    return choose(stratified(seed, Draw.NAF, firm_id, sector), shares, sector)
