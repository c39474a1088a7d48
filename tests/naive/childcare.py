"""The plain twin of childcare at shift hours, one parent after another, from docs/model_labour.md.

Lives here: who applies, who is served, what her hours then cost. Not here: other aids (naive.aids).
"""

from __future__ import annotations

from typing import Any

from embauche.core.draws import Purpose, stable_id
from naive.aids import fits, group_of
from naive.draws import Draws

INACTIVE, UNEMPLOYED, ENTRY = 0, 1, 15 * 52


class Scheme:
    """A scheme's lists by person's row: whether she has a place, the week since which she waits (-1 not)."""

    def __init__(self, lever: Any, held: list[bool], since: list[int], spent: int) -> None:
        self.lever, self.held, self.since, self.spent = lever, list(held), list(since), spent

    def week(self, model: Any, shift_cost: list[float], shift_cost_parents: list[float]) -> list[int]:
        """One week, before the search; who holds a place that is paid for.

        Args:
            model: the model before its week; nothing of it is changed.
            shift_cost, shift_cost_parents: what each shift costs a month, without and with a small child.
        """
        s, persons, lever = model.state, model.population.persons, self.lever
        draws, key, now = Draws(model.seed), stable_id(lever.name), int(s.week[0])
        home = persons.household.tolist()
        parents = [model.population.households.under_six[h] > 0 for h in home]
        everybody = range(len(home))
        for i in everybody:
            if s.age_weeks[i] == ENTRY:
                self.held[i], self.since[i] = False, -1
            if not parents[i] or s.status[i] == INACTIVE:
                self.held[i] = False
        served = {home[i] for i in everybody if self.held[i]}

        def may(i: int) -> bool:
            shift = int(model.post_shift[s.post[i]]) if s.post[i] >= 0 else -1
            dear = shift >= 0 and shift_cost_parents[shift] > shift_cost[shift]
            needs = s.status[i] == UNEMPLOYED or dear
            return bool(
                parents[i] and needs and not self.held[i] and home[i] not in served
                and group_of(s, i) in lever.who.groups and fits(model, s, lever.who, i, can_drive=False)
            )  # fmt: skip

        able = [may(i) for i in everybody]
        for i in everybody:
            if not able[i]:
                self.since[i] = -1
        waits = {home[i] for i in everybody if self.since[i] >= 0}
        chance = model.parameters["aid.apply"] if lever.apply is None else lever.apply
        ids = s.worker_id.tolist()
        for i in sorted(everybody, key=lambda i: ids[i]):
            asks = able[i] and self.since[i] < 0 and home[i] not in waits
            if asks and draws.uniform(Purpose.APPLY, now, ids[i], key) < chance:
                self.since[i] = now
                waits.add(home[i])
        queue = [i for i in everybody if self.since[i] >= 0]
        queue.sort(
            key=lambda i: (
                group_of(s, i) not in lever.first, self.since[i],
                draws.uniform(Purpose.AID_ORDER, 0, ids[i], key), ids[i],
            )
        )  # fmt: skip
        cents = round(100 * lever.cost_eur_week) - round(100 * lever.fee_eur_week)
        room = lever.places - sum(self.held)
        if lever.budget_eur is not None and cents:
            left = (round(100 * lever.budget_eur) - self.spent) // cents
            if left < sum(self.held):
                self.held, room = [False] * len(home), 0
            else:
                room = min(room, left - sum(self.held))
        for i in queue[: max(0, room)]:
            self.held[i], self.since[i] = True, -1
        holders = [i for i in everybody if self.held[i]]
        self.spent += cents * len(holders)
        return holders


def hours_cost(outside_h: float, plain_eur: float, parents_eur: float, eur_per_h: float) -> float:
    """What a shift costs a month to who has a place, which leaves `outside_h` hours a week uncovered."""
    return plain_eur + min(outside_h * eur_per_h * 52 / 12, parents_eur - plain_eur)
