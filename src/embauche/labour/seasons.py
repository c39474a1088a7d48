"""The season of apprenticeships: when firms offer posts, how many with tutors, until when one may sign.

Lives here: Season, offers of posts, which posts are vacant. Not here: who seeks one (cohort), contracts
(apprentices), pooled tutors (tutors).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.labour.tutors import allowed
from embauche.population.schemas import Contract

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
WEEKS_A_YEAR = 52
OFFERED = "apprentices.offered@post"  # of State.kept: bool [post]
PROMISED = "apprentices.promised@post"  # bool [post] signed for, not yet begun
OPEN = "apprentices.open"  # bool [1] a season is on


@dataclass(frozen=True)
class Season:
    """The season that a week belongs to, in weeks since the start of burn-in.

    Attributes:
        week: the week.
        first, start, last: first week of offers, first week of the courses, first week without signatures.
    """

    week: int
    first: int
    start: int
    last: int

    @classmethod
    def of(cls, model: World) -> Season:
        """This week's; between two seasons the next one's first is ahead."""
        p, week = model.parameters, int(model.state.week[0])
        names = ("season_week", "start_week", "last_week")
        first, start, last = (int(p[f"apprentices.{name}"]) for name in names)
        since = (model.calendar.week_of_year(week) - first) % WEEKS_A_YEAR
        start, last = (start - first) % WEEKS_A_YEAR, (last - first) % WEEKS_A_YEAR
        if since >= last:
            since -= WEEKS_A_YEAR
        return cls(week, week - since, week - since + start, week - since + last)

    @property
    def on(self) -> bool:
        """Whether posts may be offered and contracts signed."""
        return self.first <= self.week < self.last


def trains(model: World) -> Array:
    """Apprenticeship posts, bool [post]."""
    out: Array = model.population.posts.contract == Contract.APPRENTICESHIP
    return out


def vacant(model: World) -> Array:
    """Posts to which one may apply this week, bool [post].

    Ordinary ones without a holder; apprenticeships offered this season, though last season's apprentice may
    still be there. Without training centres apprenticeships are like the others.
    """
    s = model.state
    out: Array = s.active & (s.holder < 0)
    if model.seats is not None:
        mine = trains(model)
        out[mine] = s.active[mine] & s.kept[OFFERED][mine]
    return out


def season_step(model: World, season: Season) -> bool:
    """Open or close the season where it is time; posts that nobody needs until the next are put away.

    Returns:
        Whether a season has just ended.
    """
    s = model.state
    begins, ends = season.on and not s.kept[OPEN][0], s.kept[OPEN][0] and not season.on
    if begins:
        _offer(model, season)
    if ends:
        s.kept[OFFERED][:] = False
    s.kept[OPEN][0] = season.on
    idle = trains(model) & (s.holder < 0)
    wanted = s.kept[OFFERED] | s.kept[PROMISED]
    s.active[idle & ~wanted] = False
    return bool(ends)


def _offer(model: World, season: Season) -> None:
    """Firms offer the apprenticeship posts that will be free, as far as they want and have tutors."""
    s, posts = model.state, model.population.posts
    mine = trains(model) & ~model.population.firms.external[posts.firm]
    end = s.kept["apprentices.end"]
    held = s.holder >= 0
    stays = mine & held
    stays[stays] = end[s.holder[stays]] > season.start
    free = mine & ~stays & ~s.kept[PROMISED]
    luck = uniforms(model.seed, Purpose.OFFERED, season.first, posts.post_id)
    wanted = np.flatnonzero(free & (luck < model.parameters["apprentices.offered"]))
    taken = np.bincount(posts.firm[stays], minlength=len(model.population.firms))
    chosen = allowed(model, wanted, taken)
    s.kept[OFFERED][:] = False
    s.kept[OFFERED][chosen] = True
    empty = chosen[s.holder[chosen] < 0]
    s.active[empty] = True
    s.opening[chosen] += 1
    s.weeks_open[chosen] = 0
    s.wage_cents[empty] = model.grid_cents[empty]
