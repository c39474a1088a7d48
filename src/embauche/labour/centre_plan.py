"""Seats at training centres as a scenario changes them week by week, and what its apprentices' levers cost.

Lives here: seats_now, open_seats, pay_levers. Not here: who has a seat (centres), the block
(core.scenario_apprentices), tutors (tutors).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.centre_sites import centres_of
from embauche.commuting.centre_spots import OF_SCENARIO, centre_id
from embauche.commuting.employers import communes_called
from embauche.core.errors import UserError
from embauche.core.ledger import EMPLOYER, REGION, STATE, SUPPLIER, authority, whole_cents
from embauche.core.scenario_apprentices import MoreSeats
from embauche.labour.equipment import equipped
from embauche.population.quotas import largest_remainder
from embauche.population.schemas import SKILLS

if TYPE_CHECKING:
    from embauche.core.table import Table
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
SERVICE = "apprentices"  # under which the books show it


def run_week(model: World) -> int:
    """The week counted from the run's first."""
    return int(model.state.week[0]) - model.first_week


def seats_now(model: World) -> Array:
    """Seats of each row of centres this week, those of centres not yet open 0; int64 [row].

    Raises:
        UserError: an entry of `apprentices.seats` fits no centre.
    """
    centres, block, week = centres_of(model.population), model.settings.apprentices, run_week(model)
    assert centres is not None
    seats: Array = centres.seats.astype(np.int64)
    for centre in block.centres:
        if centre.from_week > week:
            seats[centres.centre_id == centre_id(centre)] = 0
    for entry in block.seats:
        rows = _fitting(entry, centres, model)
        if entry.from_week <= week:
            seats[rows] += largest_remainder(entry.seats, centres.seats[rows])
    more = 1.0 + equipped(model.settings.training)[0][centres.skill]
    return np.asarray(np.floor(seats * more + 1e-9).astype(np.int64))


def _fitting(entry: MoreSeats, centres: Table, model: World) -> Array:
    """Rows of existing centres that an entry means."""
    fits = (centres.centre_id < OF_SCENARIO) & (centres.seats > 0)
    if entry.centres:
        fits &= np.isin(centres.centre_id, entry.centres)
    if entry.communes:
        fits &= np.isin(centres.commune, communes_called(entry.communes, model.territory.communes))
    if entry.domains:
        fits &= np.isin(centres.skill, [SKILLS.index(d) for d in entry.domains])
    if not fits.any():
        raise UserError(
            f"no training centre fits {entry.name}", found=_told(entry),
            expected="centres, communes and domains in which there are seats",
            fix="see centre_id and domain in a run's seats.parquet, or add a centre under `centres`",
        )  # fmt: skip
    return np.flatnonzero(fits)


def _told(entry: MoreSeats) -> str:
    parts = [", ".join(map(str, x)) for x in (entry.centres, entry.communes, entry.domains) if x]
    return "; ".join(parts) or "any centre"


def open_seats(model: World) -> None:
    """From their weeks on, centres and seats of the scenario are open."""
    block, week = model.settings.apprentices, run_week(model)
    if model.seats is not None and any(x.from_week == week for x in (*block.centres, *block.seats)):
        model.seats = replace(model.seats, seats=seats_now(model))


def pay_levers(model: World) -> None:
    """Enter what centres, seats and shared tutors cost this week, taken or free."""
    block, week, charge = model.settings.apprentices, run_week(model), model.network.jurisdiction
    first = charge.rules[0].name if charge.rules else ""
    centres = centres_of(model.population)
    accounts = {"employer": EMPLOYER, "region": REGION, "state": STATE}
    for centre in block.centres:
        assert centres is not None
        commune = int(centres.commune[centres.centre_id == centre_id(centre)][0])
        area = int(charge.area[commune])
        own = charge.rules[area].name if area >= 0 else first
        if centre.from_week <= week:
            account = accounts.get(centre.payer) or authority(centre.authority or own)
            _enter(model, centre.name, account, "seats", centre.cost_eur_week)
    for lever in block.seats:
        if lever.from_week <= week:
            account = accounts.get(lever.payer) or authority(lever.authority or first)
            _enter(model, lever.name, account, "seats", lever.cost_eur_week)
    for pool in block.tutors:
        if pool.from_week <= week:
            account = accounts.get(pool.payer) or authority(pool.authority or first)
            _enter(model, pool.name, account, "tutors", pool.tutors * pool.cost_eur_week)


def _enter(model: World, name: str, account: str, what: str, eur: float) -> None:
    model.ledger.pay(SERVICE, name, account, SUPPLIER, what, int(whole_cents(eur)))
