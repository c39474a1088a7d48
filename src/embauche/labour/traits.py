"""Fixed traits derived from the population and the parameters: value of time, shift costs, rates.

Lives here: Traits. Not here: what changes from week to week (labour.state).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.commuting.choice import value_of_time
from embauche.core.parameters import Parameters
from embauche.core.scenario_work import Childcare
from embauche.core.shifts import ShiftCatalogue
from embauche.labour.activity import Activity
from embauche.population.margins import CONTRACT_WEIGHT
from embauche.population.population import Population
from embauche.population.schemas import SECTORS, Contract

Array = np.ndarray[Any, Any]
# Quits of a sector against the mean, before weighting (from memory: Dares, turnover by sector).
TURNOVER = np.array([1.2, 0.6, 0.9, 1.0, 0.9, 2.0, 1.3, 0.4, 0.9, 1.3])


def hours_outside(
    catalogue: ShiftCatalogue, first_min: int, last_min: int, *, weekend_too: bool = True
) -> Array:
    """Hours a week worked before and after these minutes of a day or at weekends, float64 [shift].

    Means over the rotation; what lies after midnight belongs to the next day.
    """
    out = np.zeros(len(catalogue.shifts))
    minute = np.arange(2 * 1440)
    clock = minute % 1440
    dark = (clock < first_min) | (clock >= last_min)
    for s in range(len(catalogue.shifts)):
        weeks = int(catalogue.weeks[s])
        week, slot = np.nonzero(catalogue.roster[s, :weeks] >= 0)
        for w, day in zip(catalogue.roster[s, week, slot].tolist(), (slot // 2).tolist(), strict=True):
            worked = (minute >= catalogue.window_start_min[w]) & (minute < catalogue.window_end_min[w])
            weekend = ((day + minute // 1440) % 7) >= 5
            out[s] += (worked & (dark | (weekend & weekend_too))).sum() / 60.0 / weeks
    return out


def shift_costs(catalogue: ShiftCatalogue, p: Parameters) -> Array:
    """EUR a month that each shift costs, without and with a child under six, float64 [2, shift]."""
    month = 52.0 / 12.0
    cost = hours_outside(catalogue, 6 * 60, 20 * 60) * p["match.atypical_eur_per_h"] * month
    open_min = round(60 * p["match.childcare_opens_h"]), round(60 * p["match.childcare_closes_h"])
    return np.stack(
        [cost, cost + hours_outside(catalogue, *open_min) * p["match.childcare_eur_per_h"] * month]
    )


def _with_childcare(
    shift_eur: Array, schemes: Sequence[Childcare], catalogue: ShiftCatalogue, p: Parameters
) -> Array:
    """The rows of shift_costs, and what hours cost parents who have a place of each scheme."""
    rows = [shift_eur]
    for scheme in schemes:
        outside = hours_outside(catalogue, *scheme.hours, weekend_too=not scheme.weekend)
        more = outside * p["match.childcare_eur_per_h"] * 52.0 / 12.0
        rows.append(shift_eur[:1] + np.minimum(more, shift_eur[1] - shift_eur[0]))
    return np.concatenate(rows)


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


def _external_opening(population: Population, p: Parameters) -> float:
    """Chance that an inactive slot of an external zone opens, so that openings equal closures at the start.

    Slots there also close when somebody from outside takes the vacancy.
    """
    mine = population.firms.external[population.posts.firm]
    closing = p["posts.destruction"] + p["external.vacancy_rate"] * p["external.fill_rate"]
    spare = int((mine & ~population.posts.active).sum())
    return min(1.0, closing * (int(mine.sum()) - spare) / spare) if spare else 0.0


def _by_sector(population: Population, weight: Array, mine: Array) -> Array:
    """Relative weights of sectors as factors whose mean over the posts `mine` is one. float64 [sector]."""
    sector = population.firms.sector[population.posts.firm[mine]]
    count = np.bincount(sector, minlength=len(weight))
    mean = float((count * weight).sum()) / max(int(count.sum()), 1)
    return np.asarray(weight / mean if mean > 0 else weight * 0.0)


@dataclass(frozen=True)
class Traits:
    """Columns that no week changes.

    Attributes:
        vot_eur_min: float64 [person] value of time.
        kids: bool [person] child under six in the household.
        family: int8 [person] row of shift_eur.
        house_ptr, house_member: persons by household, CSR.
        shift_eur: float64 [family, shift] EUR a month that hours cost; row 1 is with a child under six.
        activity: rates at which people enter and leave activity by age.
        outsider: bool [person] who lives in an external zone.
        licence_gain: float64 [sex] licences got at 25.
        term_weeks, term_end, term_cdi: float64 [contract] mean weeks of a term, shares of terms after which a
            job ends or becomes permanent; of apprenticeships term_end is the rate of breaks a week.
        quit_rate: float64 [sector] quits a week at neutral utility.
        offered_cdd, offered_agency: float64 [sector] chance that a vacancy of a permanent post is offered so.
        external_opening: chance a week that an inactive slot of an external zone opens.
    """

    vot_eur_min: Array
    kids: Array
    family: Array
    house_ptr: Array
    house_member: Array
    shift_eur: Array
    activity: Activity
    outsider: Array
    licence_gain: Array
    term_weeks: Array
    term_end: Array
    term_cdi: Array
    quit_rate: Array
    offered_cdd: Array
    offered_agency: Array
    external_opening: float

    @classmethod
    def make(
        cls, population: Population, outsider: Array, catalogue: ShiftCatalogue, parameters: Parameters,
        childcare: Sequence[Childcare] = (),
    ) -> Traits:  # fmt: skip
        """From the start population (before any week), who lives outside, and schemes of childcare."""
        persons, p = population.persons, parameters
        shift_eur = _with_childcare(shift_costs(catalogue, p), childcare, catalogue, p)
        kids = population.households.under_six[persons.household] > 0
        vot = value_of_time(persons.quintile, persons.sex, kids, p)
        member = np.argsort(persons.household, kind="stable").astype(np.int32)
        ptr = np.zeros(len(population.households) + 1, np.int32)
        np.cumsum(np.bincount(persons.household, minlength=len(population.households)), out=ptr[1:])
        term_weeks, term_end, term_cdi = (
            np.ones(len(Contract)),
            np.zeros(len(Contract)),
            np.zeros(len(Contract)),
        )
        for contract, name in ((Contract.CDD, "cdd"), (Contract.AGENCY, "agency")):
            term_weeks[contract] = p[f"contracts.{name}_weeks"]
            term_end[contract], term_cdi[contract] = p[f"contracts.{name}_end"], p[f"contracts.{name}_to_cdi"]
        term_end[Contract.APPRENTICESHIP] = p["contracts.apprentice_break"]
        active = population.posts.active.astype(bool)
        permanent = active & (population.posts.contract == Contract.CDI)
        kinds = np.array([CONTRACT_WEIGHT[s] for s in SECTORS])
        return cls(
            vot, kids, kids.astype(np.int8), ptr, member, shift_eur,
            Activity.make(population, outsider, p), outsider, _licence_gain(population, p),
            term_weeks, term_end, term_cdi,
            p["quits.base"] * _by_sector(population, TURNOVER ** p["quits.by_sector"], active),
            np.minimum(1.0, p["contracts.cdi_as_cdd"] * _by_sector(population, kinds[:, 0], permanent)),
            np.minimum(1.0, p["contracts.cdi_as_agency"] * _by_sector(population, kinds[:, 1], permanent)),
            _external_opening(population, p),
        )  # fmt: skip
