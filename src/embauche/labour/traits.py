"""Fixed traits derived from the population and the parameters: value of time, shift costs, rates.

Lives here: Traits. Not here: what changes from week to week (labour.state).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from embauche.commuting.choice import value_of_time
from embauche.core.parameters import Parameters
from embauche.core.shifts import ShiftCatalogue
from embauche.population.population import Population
from embauche.population.schemas import Contract, Status

Array = np.ndarray[Any, Any]
GROUPS = 6  # 2 * age group + sex


def atypical_hours(catalogue: ShiftCatalogue) -> tuple[Array, Array]:
    """Hours a week before 6, after 20 or at weekends, and those before 6 or after 20, by shift.

    Returns:
        Two float64 [shift], means over the rotation.
    """
    both, night = np.zeros(len(catalogue.shifts)), np.zeros(len(catalogue.shifts))
    minute = np.arange(2 * 1440)
    for s in range(len(catalogue.shifts)):
        weeks = int(catalogue.weeks[s])
        for week in range(weeks):
            for slot in range(catalogue.roster.shape[2]):
                w = int(catalogue.roster[s, week, slot])
                if w < 0:
                    continue
                worked = (minute >= catalogue.window_start_min[w]) & (minute < catalogue.window_end_min[w])
                clock = minute % 1440
                dark = (clock < 6 * 60) | (clock >= 20 * 60)
                weekend = ((slot // 2 + minute // 1440) % 7) >= 5
                both[s] += (worked & (dark | weekend)).sum() / 60.0 / weeks
                night[s] += (worked & dark).sum() / 60.0 / weeks
    return both, night


def _crossings(share: Array) -> tuple[Array, Array]:
    """Chance to leave and to enter activity on reaching a group by age, so that its share holds.

    Args:
        share: float64 [group] active share at the start; 2 * age group + sex.
    """
    leave, enter = np.zeros(GROUPS), np.zeros(GROUPS)
    for g in range(2, GROUPS):
        old, new = share[g - 2], share[g]
        if new > old:
            enter[g] = (new - old) / (1.0 - old)
        elif new < old:
            leave[g] = (old - new) / old
    return leave, enter


def _licence_gain(population: Population, p: Parameters) -> Array:
    """Chance by sex that an adult without licence gets one at 25, so that the share at 25-54 holds."""
    persons = population.persons
    young = p["demography.entrant_licence"]
    out = np.zeros(2)
    for sex in (0, 1):
        adults = (persons.sex == sex) & (persons.age_weeks >= 25 * 52) & (persons.age_weeks < 55 * 52)
        held = float(persons.licence[adults].mean()) if adults.any() else young
        out[sex] = max(0.0, (held - young) / (1.0 - young)) if young < 1.0 else 0.0
    return out


def _creation(population: Population, p: Parameters) -> Array:
    """Chance that an inactive slot opens, so that openings equal closures at the start.

    Slots of external firms also close when somebody from outside takes the vacancy.
    """
    posts, firms = population.posts, population.firms
    external = firms.external[posts.firm]
    vacant = p["external.vacancy_rate"]
    out = np.zeros(len(posts))
    for outside, closing in (
        (False, p["posts.destruction"]),
        (True, p["posts.destruction"] + vacant * p["external.fill_rate"]),
    ):
        mine = external == outside
        spare = int((mine & ~posts.active).sum())
        if spare:
            out[mine] = min(1.0, closing * (int(mine.sum()) - spare) / spare)
    return out


@dataclass(frozen=True)
class Traits:
    """Columns that no week changes.

    Attributes:
        vot_eur_min: float64 [person] value of time.
        kids: bool [person] child under six in the household.
        house_ptr, house_member: persons by household, CSR.
        shift_cost, shift_kids: float64 [shift] EUR a month, without and with a young child.
        leave_rate, enter_rate: float64 [group] a week; group = 2 * age group + sex.
        cross_leave, cross_enter: float64 [group] in the week in which the group is reached by age.
        entrant_active, licence_gain: float64 [sex] entrants who seek work; licences got at 25.
        contract_rate: float64 [contract] ends a week.
        creation: float64 [post] chance a week that an inactive slot opens.
    """

    vot_eur_min: Array
    kids: Array
    house_ptr: Array
    house_member: Array
    shift_cost: Array
    shift_kids: Array
    leave_rate: Array
    enter_rate: Array
    cross_leave: Array
    cross_enter: Array
    entrant_active: Array
    licence_gain: Array
    contract_rate: Array
    creation: Array

    def with_posts(self, posts: int) -> Traits:
        """The same for so many posts: those that a scenario adds open in their week and by no chance."""
        return replace(self, creation=np.append(self.creation, np.zeros(posts - len(self.creation))))

    @classmethod
    def make(cls, population: Population, catalogue: ShiftCatalogue, parameters: Parameters) -> Traits:
        """From the start population (before any week)."""
        persons, p = population.persons, parameters
        kids = population.households.under_six[persons.household] > 0
        vot = value_of_time(persons.quintile, persons.sex, kids, p)
        member = np.argsort(persons.household, kind="stable").astype(np.int32)
        ptr = np.zeros(len(population.households) + 1, np.int32)
        np.cumsum(np.bincount(persons.household, minlength=len(population.households)), out=ptr[1:])
        both, night = atypical_hours(catalogue)
        cost = both * p["match.atypical_eur_per_h"] * 52.0 / 12.0
        leave = np.repeat(
            [p["demography.leave_young"], p["demography.leave_adult"], p["demography.leave_senior"]], 2
        )
        years = persons.age_weeks // 52
        group = 2 * np.digitize(years, (25, 55)) + persons.sex
        active = np.bincount(group[persons.status > 0], minlength=GROUPS)
        idle = np.bincount(group[persons.status == Status.INACTIVE], minlength=GROUPS)
        enter = np.divide(leave * active, idle, out=np.zeros(GROUPS), where=idle > 0)
        share = np.divide(active, active + idle, out=np.zeros(GROUPS), where=active + idle > 0)
        contract = np.zeros(len(Contract))
        contract[Contract.CDD] = p["contracts.cdd_end"]
        contract[Contract.AGENCY] = p["contracts.agency_end"]
        contract[Contract.APPRENTICESHIP] = p["contracts.apprentice_break"]
        return cls(
            vot, kids, ptr, member, cost,
            cost * np.where(night > 0, p["match.kids_factor"], 1.0), leave, np.minimum(enter, 1.0),
            *_crossings(share), share[:2], _licence_gain(population, p), contract,
            _creation(population, p),
        )  # fmt: skip
