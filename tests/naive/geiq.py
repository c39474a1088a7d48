"""The plain twin of an employers' group (GEIQ), one person after another, from docs/model_labour.md, "GEIQ".

Lives here: Group: its contracts, whom it lends and takes on, its apprentices. Not here: ways and utilities
(the model's), seats and signatures (naive.season).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from embauche.core.draws import Purpose, stable_id
from embauche.population.schemas import SECTORS
from naive.aids import fits, group_of
from naive.draws import Draws

UNEMPLOYED, EMPLOYED = 1, 2
APPRENTICESHIP, CDI, ENTRY, NONE = 3, 0, 15 * 52, -1
Gains = Callable[[list[int], list[int]], list[list[float]]]
KEPT = ("until", "turn", "post", "trainee")


class Group:
    """A group at a moment of a week; each method does one step of it.

    Args:
        model: at that moment; nothing of it is changed.
        entry: the group in the scenario.
        gains: what each of some posts (outer) is worth to each of some people beyond what they ask.
    """

    def __init__(self, model: Any, entry: Any, gains: Gains) -> None:
        s, posts = model.state, model.population.posts
        self.model, self.entry, self.gains = model, entry, gains
        self.draws, self.key, self.week = Draws(model.seed), stable_id(entry.name), int(s.week[0])
        for name in ("worker_id", "age_weeks", "status", "apprentice", "post", "skill", "level", "spell"):
            setattr(self, name, getattr(s, name).tolist())
        self.active, self.holder, self.weeks_open = (x.tolist() for x in (s.active, s.holder, s.weeks_open))
        self.firm, self.domain, self.post_id = (x.tolist() for x in (posts.firm, posts.skill, posts.post_id))
        self.asked = posts.level.tolist()
        self.trains = [c == APPRENTICESHIP for c in posts.contract.tolist()]
        self.contract = model.post_contract.tolist()
        nobody = [NONE] * len(self.worker_id)
        kept = {name: s.kept.get(f"geiq.{entry.name}.{name}") for name in KEPT}
        self.kept = {name: list(nobody) if k is None else k.tolist() for name, k in kept.items()}
        firms, active = model.population.firms, [0] * len(model.population.firms)
        for k, a in enumerate(posts.active.tolist()):
            active[self.firm[k]] += a
        e = entry.employers
        self.members = [
            not firms.external[f]
            and (not e.sectors or SECTORS[firms.sector[f]] in e.sectors)
            and active[f] >= e.min_posts
            and (e.max_posts is None or active[f] <= e.max_posts)
            for f in range(len(firms))
        ]
        self.events: list[tuple[str, str, int, int]] = []

    def _people(self) -> range:
        return range(len(self.worker_id))

    def _u(self, purpose: Purpose, i: int) -> float:
        return self.draws.uniform(purpose, self.week, self.worker_id[i], self.key)

    def _event(self, what: str, i: int, post: int) -> None:
        self.events.append((self.entry.name, what, self.worker_id[i], post))

    def begins(self) -> int:
        """Contracts left or over; how many the group then employs."""
        until, turn, at = (self.kept[name] for name in ("until", "turn", "post"))
        for i in self._people():
            if self.age_weeks[i] == ENTRY:
                until[i] = turn[i] = NONE
        for i in self._people():
            if until[i] >= 0 and (self.status[i] != EMPLOYED or self.post[i] != at[i]):
                self._event("left", i, at[i])
                until[i] = NONE
        over = [i for i in self._people() if 0 <= until[i] <= self.week]
        stays = {i for i in over if self._u(Purpose.PASS_ON, i) < self.entry.pass_on}
        for i in over:
            post = self.post[i]
            self.skill[i], self.level[i] = self.domain[post], max(self.level[i], self.asked[post])
            if i in stays:
                self.contract[post] = CDI
            else:
                self.post[i], self.status[i], self.spell[i] = NONE, UNEMPLOYED, 0
                self.holder[post], self.active[post], self.weeks_open[post] = NONE, True, 0
            until[i] = NONE
            self._event("passed_on" if i in stays else "ended", i, post)
        return sum(end >= 0 for end in until)

    def trainees_begin(self, signed: list[int]) -> int:
        """Apprentices who are no longer the group's; how many of it are in their posts.

        Args:
            signed: post for which each person has signed and not begun, -1 none.
        """
        mine = self.kept["trainee"]
        for i in self._people():
            if not self.apprentice[i] or mine[i] not in (self.post[i], signed[i]):
                mine[i] = NONE
        return sum(post >= 0 and post == self.post[i] for i, post in enumerate(mine))

    def _open(self, trains: bool, offered: list[bool], taken: set[int]) -> list[int]:
        """Members' vacancies that are old enough, the oldest first."""
        mine = [
            k
            for k in range(len(self.firm))
            if self.trains[k] == trains and k not in taken and self.members[self.firm[k]]
            and (offered[k] if trains else self.active[k] and self.holder[k] < 0)
            and self.weeks_open[k] >= self.entry.after_weeks
        ]  # fmt: skip
        return sorted(mine, key=lambda k: (-self.weeks_open[k], self.post_id[k]))

    def lends(self, taken: set[int], busy: set[int]) -> list[tuple[str, int, int]]:
        """(event, post, person) of the week: who goes to the next member, then who is taken on.

        Args:
            taken: posts of the week's other hires. busy: their persons.
        """
        until, turn = self.kept["until"], self.kept["turn"]
        left = self._open(False, [], taken)
        due = [
            i for i in self._people()
            if until[i] > self.week + 1 and self.week - turn[i] >= self.entry.turn_weeks and i not in busy
        ]  # fmt: skip
        moves, tried = [], set[int]()
        for i in sorted(due, key=lambda i: (turn[i], self.worker_id[i])):
            now = self.post[i]
            for post in left:
                other = self.firm[post] != self.firm[now]
                if post not in tried and other and self.domain[post] == self.domain[now]:
                    tried.add(post)
                    if self.gains([i], [post])[0][0] > float("-inf"):
                        moves.append(("lent", post, i))
                    break
        gone = {post for _, post, _ in moves}
        room = max(0, self.entry.places - sum(end >= 0 for end in until))
        people = [
            i for i in self._people()
            if i not in busy and turn[i] < 0 and group_of(self.model.state, i) in self.entry.who.groups
            and fits(self.model, self.model.state, self.entry.who, i, can_drive=False)
        ]  # fmt: skip
        new = self._chosen([post for post in left if post not in gone][:room], people)
        return [*moves, *(("hired", post, i) for post, i in new)]

    def signs_with(
        self, taken: set[int], matched: set[int], offered: list[bool], seeks: list[bool]
    ) -> list[tuple[int, int]]:
        """(post, person) who may sign an apprenticeship with the group, if she gets a seat.

        Args:
            taken: posts of the week's matches. matched: their persons.
            offered: apprenticeships on offer, by post. seeks: who seeks one, by person.
        """
        room = max(0, self.entry.apprentices - sum(post >= 0 for post in self.kept["trainee"]))
        people = [i for i in self._people() if seeks[i] and i not in matched]
        return self._chosen(self._open(True, offered, taken)[:room], people)

    def _chosen(self, vacant: list[int], people: list[int]) -> list[tuple[int, int]]:
        """Each vacancy in turn takes who gains most by it, of the first of a lottery."""
        if not vacant or not people:
            return []

        def luck(i: int) -> tuple[float, int]:
            return self._u(Purpose.GEIQ, i), self.worker_id[i]

        most = min(30 + 4 * len(vacant), 20_000 // len(vacant) + 1)
        looked_at = sorted(people, key=luck)[:most]
        out: list[tuple[int, int]] = []
        for post, worth in zip(vacant, self.gains(looked_at, vacant), strict=True):
            chosen = {i for _, i in out}
            free = [(gain, -k) for k, gain in enumerate(worth) if looked_at[k] not in chosen]
            if free and max(free)[0] > 0:
                out.append((post, looked_at[-max(free)[1]]))
        return out
