"""The plain twin of one week of aids to persons, one person after another, from docs/model.md.

Lives here: applications, waiting lists, loans, exams. Not here: what an aid lets a person do, payments.
"""

from __future__ import annotations

from typing import Any

from embauche.core.draws import Purpose, stable_id
from naive.draws import Draws

WEEKS_A_YEAR = 52


class Scheme:
    """A scheme's lists: dictionaries by person's row."""

    def __init__(self, lever: Any, persons: int) -> None:
        self.lever = lever
        self.until = dict.fromkeys(range(persons), -1)
        self.since = dict.fromkeys(range(persons), -1)
        self.tries = dict.fromkeys(range(persons), 0)
        self.spent = 0


def group_of(state: Any, i: int) -> str:
    if state.apprentice[i]:
        return "apprentice"
    return ("inactive", "unemployed", "employed")[int(state.status[i])]


def fits(model: Any, state: Any, who: Any, i: int, can_drive: bool) -> bool:
    persons = model.population.persons
    years = int(state.age_weeks[i]) // WEEKS_A_YEAR
    return bool(
        not model.territory.communes.external[persons.commune[i]]
        and state.status[i] > 0
        and who.age_min <= years <= who.age_max
        and persons.quintile[i] <= who.quintile_max
        and (who.car is None or who.car == can_drive)
        and (who.licence is None or who.licence == bool(state.licence[i]))
    )


def week_of_loans(model: Any, scheme: Scheme, can_drive: list[bool], week: int) -> None:
    """One week of a loan or of licence aid, before anything else of the week; licences are the model's.

    Args:
        model: the model before its week; nothing of it is changed.
        scheme: changed.
        can_drive: by row, lent cars counted.
        week: since the start of burn-in.
    """
    state, p, lever, draws = model.state, model.parameters, scheme.lever, Draws(model.seed)
    key = stable_id(lever.name)
    course = hasattr(lever, "aid_eur")
    licence = [bool(x) for x in state.licence]
    for i in scheme.until:
        if state.age_weeks[i] == 15 * WEEKS_A_YEAR:
            scheme.until[i], scheme.since[i], scheme.tries[i] = -1, -1, 0
        ends = 0 <= scheme.until[i] <= week
        if not course and scheme.until[i] >= 0 and (ends or state.status[i] == 0):
            scheme.until[i] = -1
        if course and ends:
            agent = int(state.worker_id[i])
            if licence[i] or draws.uniform(Purpose.EXAM, week, agent, key) < p["licence.pass_rate"]:
                licence[i] = True
                scheme.until[i], scheme.tries[i] = -1, -1
            else:
                scheme.tries[i] += 1
                scheme.until[i] = week + int(p["licence.retry_weeks"])
                if scheme.tries[i] >= int(p["licence.tries"]):
                    scheme.until[i], scheme.tries[i] = -1, -1
    chance = p["aid.apply"] if lever.apply is None else lever.apply
    for i in scheme.until:
        agent = int(state.worker_id[i])
        may = fits(model, state, lever.who, i, can_drive[i])
        may = may and scheme.until[i] < 0 and scheme.tries[i] != -1
        if course:
            may = may and not licence[i] and state.age_weeks[i] >= 17 * WEEKS_A_YEAR
        elif lever.vehicle == "car":
            may = may and licence[i] and state.age_weeks[i] >= 18 * WEEKS_A_YEAR
        if not may:
            scheme.since[i] = -1
        elif scheme.since[i] < 0 and group_of(state, i) in lever.who.groups:
            asks = draws.uniform(Purpose.APPLY, week, agent, key) < chance
            scheme.since[i] = week if asks else -1
    queue = sorted(
        (i for i in scheme.since if scheme.since[i] >= 0),
        key=lambda i: (
            group_of(state, i) not in lever.first,
            scheme.since[i],
            draws.uniform(Purpose.AID_ORDER, 0, int(state.worker_id[i]), key),
            int(state.worker_id[i]),
        ),
    )
    if course:
        weeks, price, free = lever.weeks or int(p["licence.weeks"]), round(lever.aid_eur * 100), lever.places
    else:
        weeks, free = lever.weeks, lever.stock
        price = round(lever.cost_eur_week * 100) - round(lever.fee_eur_week * 100)
    for i in queue:
        out = [j for j in scheme.until if scheme.until[j] >= 0]
        promised = 0 if course else sum(price * (scheme.until[j] - week) for j in out)
        needed = price if course else price * weeks
        if len(out) >= free:
            break
        if lever.budget_eur is not None and scheme.spent + promised + needed > lever.budget_eur * 100:
            break
        scheme.since[i], scheme.until[i] = -1, week + weeks
        if course:
            scheme.spent += price
    if not course:
        scheme.spent += price * sum(scheme.until[j] > week for j in scheme.until)
