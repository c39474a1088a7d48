"""Redeployment after a closure, and outreach to young people outside work, school and training.

Lives here: who is followed, until when, and who pays. Not here: seats that they have first (labour.training),
search that counselling raises (labour.courses).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.commuting.employers import communes_called
from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.ledger import SUPPLIER, USER, whole_cents
from embauche.core.scenario_training import Outreach, Redeployment
from embauche.labour.courses import Trainees
from embauche.labour.training_money import pay_people
from embauche.labour.world import World
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]
YOUNG = 16, 25  # years


def step(model: World, t: Trainees) -> None:
    """One week of both; changes statuses of the young people who follow."""
    week = int(model.state.week[0])
    over = t.helped <= week
    t.helper[over], t.helped[over] = 0, -1
    for closed in model.settings.training.redeployment:
        _redeploy(model, t, closed, week)
    for lever in model.settings.training.outreach:
        _reach_out(model, t, lever, week)


def _residents(model: World, communes: tuple[str, ...]) -> Array:
    """Who lives in one of these communes, in any inside where none is named; bool [person]."""
    persons, table = model.population.persons, model.territory.communes
    out: Array = ~table.external[persons.commune]
    return out & np.isin(persons.commune, communes_called(communes, table)) if communes else out


def _followed(model: World, t: Trainees, lever: Redeployment | Outreach, kind: str) -> tuple[Array, Array]:
    """Those whom a lever still follows and who have no job, and those who have one since last week; rows."""
    s, key = model.state, max(stable_id(lever.name), 1)
    rows = np.flatnonzero(t.helper == key)
    hired = rows[s.status[rows] == Status.EMPLOYED]
    t.helper[hired], t.helped[hired] = 0, -1
    model.week_training.add(kind, lever.name, -1, "hired", len(hired))
    still = rows[s.status[rows] == Status.UNEMPLOYED]
    model.week_training.add(kind, lever.name, -1, "present", len(still))
    return still, hired


def _redeploy(model: World, t: Trainees, lever: Redeployment, week: int) -> None:
    s = model.state
    still, hired = _followed(model, t, lever, "redeployment")
    pay_people(model, lever, USER, "transition", int(whole_cents(lever.transition_eur)), hired)
    pay_people(model, lever, SUPPLIER, "counselling", int(whole_cents(lever.cost_eur_week)), still)
    closed = s.kept.get("economy.closed_at")
    if closed is None:
        return
    lately = (closed >= max(0, week - 1)) & (s.status == Status.UNEMPLOYED) & (t.helper == 0)
    new = np.flatnonzero(lately & _residents(model, lever.communes))
    t.helper[new], t.helped[new] = max(stable_id(lever.name), 1), week + lever.weeks
    model.week_training.add("redeployment", lever.name, -1, "started", len(new))


def _reach_out(model: World, t: Trainees, lever: Outreach, week: int) -> None:
    s, p, key = model.state, model.parameters, max(stable_id(lever.name), 1)
    still, _ = _followed(model, t, lever, "outreach")
    pay_people(model, lever, USER, "allowance", int(whole_cents(lever.allowance_eur_week)), still)
    years = s.age_weeks // 52
    idle = (s.status == Status.INACTIVE) & ~s.apprentice & (years >= YOUNG[0]) & (years <= YOUNG[1])
    rows = np.flatnonzero(idle & (t.helper == 0) & _residents(model, lever.communes))
    rows = rows[uniforms(model.seed, Purpose.OUTREACH, 0, s.worker_id[rows]) < p["outreach.neet"]]
    ids = s.worker_id[rows]
    met = rows[np.lexsort((ids, uniforms(model.seed, Purpose.OUTREACH, week, ids, key)))][
        : lever.contacts_week
    ]
    pay_people(model, lever, SUPPLIER, "outreach", int(whole_cents(lever.cost_eur)), met)
    follows = met[
        uniforms(model.seed, Purpose.OUTREACH, week, s.worker_id[met], key ^ 0x40000000)
        < p["outreach.accept"]
    ]
    s.status[follows], s.spell[follows] = Status.UNEMPLOYED, 0
    t.helper[follows], t.helped[follows] = key, week + lever.weeks
    model.week_training.add("outreach", lever.name, -1, "applied", len(met))
    model.week_training.add("outreach", lever.name, -1, "started", len(follows))
