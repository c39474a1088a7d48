"""What age brings to the young: entrants begin in their household, pupils and students reach levels.

Lives here: grow_up, rises. Not here: who enters activity when (activity), courses of adults (training).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.choice import tastes
from embauche.core.draws import Purpose, uniforms
from embauche.kernels.separations import ENTRY_WEEKS
from embauche.population.levels import shares_at

if TYPE_CHECKING:
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
BIRTHDAYS = (18, 20, 21, 22, 25)  # years at which levels are reached (population.levels)
ALTERNATIVE = 4  # of Purpose.ENTRANT; 0 to 3 are the entrant's own draws


def rises() -> Array:
    """Chance that somebody of a domain and a level reaches the next one on a birthday.

    They bring the shares of levels to those that the start population has from the birthday on, or as near
    to them as one level each can: a domain of graduates has what it lacks at 21 a year later.

    Returns:
        float64 [birthday, domain, level].
    """
    out, now = [], shares_at(BIRTHDAYS[0] - 1)
    for years in BIRTHDAYS:
        wanted = shares_at(years)
        # more[:, k]: by how much the share beyond level k is to rise
        more = np.zeros_like(now)
        more[:, :-1] = np.cumsum((wanted - now)[:, :0:-1], axis=1)[:, ::-1]
        rise = np.clip(np.divide(more, now, out=np.zeros_like(now), where=now > 0.0), 0.0, 1.0)
        out.append(rise)
        gone = now * rise
        now = now - gone
        now[:, 1:] += gone[:, :-1]
    return np.stack(out)


RISES = rises()


def grow_up(model: World) -> None:
    """After a week's separations: entrants of 15 settle in, birthdays bring levels.

    Args:
        model: at the end of a week, ages advanced.
    """
    s = model.state
    new = np.flatnonzero(s.age_weeks == ENTRY_WEEKS)
    if len(new):
        model.taste[new] = tastes(model.seed, s.worker_id[new], model.choice)
        model.remembered.fixed_eur.forget()
        model.moved(s.renew(new, model.population.persons))
    for row, years in enumerate(BIRTHDAYS):
        people = np.flatnonzero(s.age_weeks == years * 52)
        luck = uniforms(model.seed, Purpose.ENTRANT, int(s.week[0]), s.worker_id[people], ALTERNATIVE)
        s.level[people] += luck < RISES[row, s.skill[people], s.level[people]]
