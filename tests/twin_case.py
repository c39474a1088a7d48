"""A small population on the tiny territory, for the twin's tests: 100 persons, 12 firms, all shifts.

Lives here: twin_population, start_of. Not here: the territory (helpers), the hand-checked
example (hand_case).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose
from embauche.core.shifts import DEFAULT_SHIFTS
from embauche.core.table import Table
from embauche.population.schemas import FIRMS, HOUSEHOLDS, PERSONS, POSTS, Contract, Status
from naive.draws import Draws


@dataclass(frozen=True)
class TwinPopulation:
    """The four tables of a population."""

    households: Table
    persons: Table
    firms: Table
    posts: Table


def _columns(rows: list[dict[str, Any]]) -> dict[str, np.ndarray[Any, Any]]:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def twin_population(territory: Any, households: int = 48, firms: int = 12, seed: int = 7) -> TwinPopulation:
    """Households of one to three persons with 0-2 cars, firms with four to ten posts, two outside.

    Args:
        territory: from helpers.tiny_territory.
        households: number of households; about 2.1 persons each.
        firms: number of firms.
        seed: of the made-up attributes.
    """
    draws = Draws(seed)

    def pick(agent: int, alt: int, n: int) -> int:
        return int(draws.uniform(Purpose.POPULATION, 0, agent, alt) * n)

    inside = np.flatnonzero(~territory.communes.external[territory.places.commune])
    homes: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    for h in range(households):
        place = int(inside[pick(h, 0, len(inside))])
        commune = int(territory.places.commune[place])
        quintile = 1 + pick(h, 1, 5)
        members = 1 + pick(h, 2, 4) * 2 // 3
        homes.append(
            {
                "household_id": commune * 1_000_000 + h, "place": place, "commune": commune,
                "members": members, "cars": pick(h, 3, 3), "under_six": int(pick(h, 4, 4) == 0),
                "quintile": quintile,
            }
        )  # fmt: skip
        for m in range(members):
            key = 10 * h + m + 1000
            status = (Status.INACTIVE, Status.UNEMPLOYED, *(Status.EMPLOYED,) * 4)[pick(key, 0, 6)]
            people.append(
                {
                    "worker_id": commune * 1_000_000 + 10 * h + m, "household": h, "commune": commune,
                    "place": place, "sex": pick(key, 1, 2), "age_weeks": 900 + pick(key, 2, 2400),
                    "licence": pick(key, 3, 5) > 0, "bike": pick(key, 4, 2) > 0, "skill": pick(key, 5, 4),
                    "quintile": quintile, "status": int(status), "apprentice": pick(key, 6, 12) == 0,
                    "wage_ref_cents": 140_000 + 100 * pick(key, 7, 800), "spell_weeks": pick(key, 8, 60),
                    "level": pick(key, 9, 4),
                }
            )  # fmt: skip
    employers: list[dict[str, Any]] = []
    posts: list[dict[str, Any]] = []
    site_commune = territory.sites.commune
    outside = np.flatnonzero(territory.communes.external[site_commune])
    local = np.flatnonzero(~territory.communes.external[site_commune])
    for f in range(firms):
        external = f >= firms - 2
        site = int(outside[0]) if external else int(local[pick(f, 20, len(local))])
        size = 4 + pick(f, 21, 7)
        employers.append(
            {
                "firm_id": 500 + 7 * f, "commune": int(site_commune[site]), "site": site,
                "sector": pick(f, 22, 10), "size_class": int(size > 9), "screening": 2 + pick(f, 23, 4),
                "external": external,
            }
        )  # fmt: skip
        for slot in range(size):
            key = 100 * f + slot + 50_000
            shift = pick(key, 0, len(DEFAULT_SHIFTS))
            last = shift == len(DEFAULT_SHIFTS) - 1
            contract = Contract.APPRENTICESHIP if last else (0, 0, 0, 1, 2)[pick(key, 1, 5)]
            teams = DEFAULT_SHIFTS[shift].team_starts
            posts.append(
                {
                    "post_id": (500 + 7 * f) * 1000 + slot, "firm": f, "skill": pick(key, 2, 4),
                    "shift": shift, "team": teams[pick(key, 3, len(teams))], "contract": int(contract),
                    "wage_cents": 150_000 + 100 * pick(key, 4, 700), "active": pick(key, 5, 12) > 0,
                    "level": pick(key, 6, 4),
                }
            )  # fmt: skip
    return TwinPopulation(
        Table.make(HOUSEHOLDS, _columns(homes)),
        Table.make(PERSONS, _columns(people)),
        Table.make(FIRMS, _columns(employers)),
        Table.make(POSTS, _columns(posts)),
    )


def start_of(fast: Any) -> dict[str, dict[int, int]]:
    """What the plain model is told of a model's start: posts held, and weeks in the present status."""
    s, posts = fast.state, fast.population.posts
    held = np.flatnonzero(s.post >= 0)
    return {
        "start": dict(zip(s.worker_id[held].tolist(), posts.post_id[s.post[held]].tolist(), strict=True)),
        "spells": dict(zip(s.worker_id.tolist(), s.spell.tolist(), strict=True)),
    }
