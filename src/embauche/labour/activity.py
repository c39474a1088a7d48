"""Who seeks or has work at which age: rates at which people enter and leave activity.

Lives here: Activity, from the start population. Not here: the week in which they act (separations), groups
of age that results are told by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.centre_sites import centres_of
from embauche.core.parameters import Parameters
from embauche.population.population import Population
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
FIRST_AGE, AGES = 15, 50  # years 15-64
WEIGHTS = np.array([1.0, 2.0, 3.0, 2.0, 1.0])  # of the years around one, in its share
BORROWED = 5.0  # persons of the group's share that stand in where a year has few
OLDEST_YOUNG, OLDEST_ADULT = 24, 54


@dataclass(frozen=True)
class Activity:
    """Rates a week by age; the profile of ages at the start is the one they keep.

    Attributes:
        leave, enter: float64 [residents then outsiders, year of age from 15, sex].
        entrants: float64 [residents then outsiders, sex] share of entrants who seek work.
    """

    leave: Array
    enter: Array
    entrants: Array

    @classmethod
    def make(cls, population: Population, outsider: Array, p: Parameters) -> Activity:
        """Rates that hold the active share at each year of age, for given rates of leaving.

        In a year of age the share moves by the slope of the profile; inflow and outflow differ by that, so
        who enters and leaves balance at every age, and no age group drifts. Somebody outside stands for who
        works or seeks work here: when one withdraws another does.

        Args:
            population: at the start.
            outsider: bool [person] who lives in an external zone.
            p: `demography.*`, and those of apprentices, who come from school by themselves.
        """
        base = np.array([p[f"demography.leave_{group}"] for group in ("young", "adult", "senior")])
        years = np.arange(FIRST_AGE, FIRST_AGE + AGES)
        group = np.digitize(years, (OLDEST_YOUNG + 1, OLDEST_ADULT + 1))
        leave = np.zeros((2, AGES, 2))
        enter = np.ones((2, AGES, 2))
        entrants = np.ones((2, 2))
        persons = population.persons
        for sex in (0, 1):
            mine = (persons.sex == sex) & ~outsider
            busy, idle = (_by_age(persons.age_weeks[mine & (active == (persons.status > 0))])
                          for active in (True, False))  # fmt: skip
            share = _shares(busy, idle, group)
            slope = np.gradient(share) * p["demography.by_age"]
            flow = base[group] * share + (slope - _from_school(population, mine, busy + idle, p)) / 52.0
            with np.errstate(divide="ignore", invalid="ignore"):
                enter[0, :, sex] = np.where(share < 1.0, np.clip(flow / (1.0 - share), 0.0, 1.0), 0.0)
                more = np.where(share > 0.0, np.maximum(-flow, 0.0) / share, 0.0)
            leave[0, :, sex] = np.minimum(base[group] + more, 1.0)
            entrants[0, sex] = share[0]
        return cls(leave, enter, entrants)


def _by_age(age_weeks: Array) -> Array:
    """Persons by year of age, float64 [year]."""
    year = np.clip(age_weeks // 52, FIRST_AGE, FIRST_AGE + AGES - 1) - FIRST_AGE
    return np.bincount(year, minlength=AGES).astype(np.float64)


def _smooth(count: Array) -> Array:
    """Weighted sums over a year and the two on either side."""
    return np.convolve(count, WEIGHTS, mode="same")


def _shares(busy: Array, idle: Array, group: Array) -> Array:
    """Active share by year of age, with the group's where a year has few persons. float64 [year]."""
    of_group = np.bincount(group, busy, 3) / np.maximum(np.bincount(group, busy + idle, 3), 1.0)
    near = _smooth(busy + idle)
    return np.asarray((_smooth(busy) + BORROWED * of_group[group]) / (near + BORROWED))


def _from_school(population: Population, mine: Array, people: Array, p: Parameters) -> Array:
    """Share of each year's people whom apprenticeships bring into activity for good in a year."""
    if centres_of(population) is None:
        return np.zeros(AGES)
    persons = population.persons
    stock = _by_age(persons.age_weeks[mine & persons.apprentice & (persons.status == Status.EMPLOYED)])
    a_year = stock / p["apprentices.effective_years"] * p["apprentices.net_entry"]
    return np.asarray(_smooth(a_year) / (_smooth(people) + BORROWED))
