"""The plain twins of HR shared by firms: what a pool handles and reads, whom a network passes on.

Lives here: docs/model_labour.md, "Pools" and "Network". Not here: a firm's own HR (naive.hiring), employers'
groups (naive.geiq).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

UNEMPLOYED, AGENCY, APPRENTICESHIP = 1, 2, 3
SIZES = ("tpe", "pme", "eti", "large")


def units(model: Any, pools: list[list[int]]) -> list[list[int]]:
    """Firms (rows) with one HR: each pool's that are in no pool before, the others by themselves."""
    left, out = set(range(len(model.population.firms))), list[list[int]]()
    for pool in pools:
        mine = [f for f in pool if f in left]
        if mine:
            out.append(mine)
            left -= set(mine)
    return out + [[f] for f in sorted(left)]


def decide_weeks(model: Any, unit: list[int], *, pooled: bool) -> float:
    """Weeks from screening to decision, in the mean: of a pool as of a firm that has the posts of all."""
    firms, posts, p = model.population.firms, model.population.posts, model.parameters
    size = SIZES[int(firms.size_class[unit[0]])]
    if pooled:
        active = sum(bool(a) and f in unit for a, f in zip(posts.active, posts.firm.tolist(), strict=True))
        size = SIZES[sum(active >= least for least in (10, 50, 250))]
    return float(p[f"hire.decide_weeks_{size}"])


def handled(model: Any, unit: list[int], vacant: list[int]) -> set[int]:
    """Of vacancies, those that searchers can see this week: the oldest, as many as all handle together."""
    s, posts, firms = model.state, model.population.posts, model.population.firms
    mine = [k for k in vacant if int(posts.firm[k]) in unit]
    if any(firms.external[f] for f in unit):
        return set(mine)
    agency = {k for k in mine if model.post_contract[k] == AGENCY}
    share = model.parameters["hire.handled_share"]
    most = sum(max(1, math.floor(int(firms.screening[f]) * share)) for f in unit)
    own = sorted(set(mine) - agency, key=lambda k: (-int(s.weeks_open[k]), int(posts.post_id[k])))
    return agency | set(own[:most])


def read(model: Any, unit: list[int], unread: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of (person, post) not read yet, in order of arrival: those that HR reads this week."""
    firms, firm = model.population.firms, model.population.posts.firm.tolist()
    mine = [(i, k) for i, k in unread if firm[k] in unit]
    if any(firms.external[f] for f in unit):
        return mine
    agency = [(i, k) for i, k in mine if model.post_contract[k] == AGENCY]
    own = [(i, k) for i, k in mine if model.post_contract[k] != AGENCY]
    return agency + own[: sum(int(firms.screening[f]) for f in unit)]


def passed_on(
    model: Any, members: list[int], most: int, pool: list[dict[str, Any]], hired: set[int], left: set[int],
    worth: Callable[[int, int], float],
) -> set[tuple[int, int]]:  # fmt: skip
    """(person, post) that a network adds.

    Args:
        model: after the week's moves.
        members: rows of firms. most: vacancies that hear of a person.
        pool: applications by name: person, post, held (the post held when she applied), read.
        hired: posts taken this week. left: posts left for another.
        worth: what a post is worth to a person beyond what she asks.
    """
    s, posts = model.state, model.population.posts
    firm = posts.firm.tolist()

    def looks(a: dict[str, Any]) -> bool:
        now = int(s.post[a["person"]])
        if now < 0:
            return bool(s.status[a["person"]] == UNEMPLOYED)
        return now == a["held"] and firm[now] not in members

    lost: dict[int, int] = {}
    for a in pool:
        i, k = a["person"], a["post"]
        told = k in hired and firm[k] in members and posts.contract[k] != APPRENTICESHIP
        if told and a["read"] and looks(a):
            lost[i] = min(lost.get(i, k), k, key=lambda k: int(posts.post_id[k]))
    advertised = s.kept["hiring.advertised@post"]
    open_ = [
        k for k in range(len(firm))
        if firm[k] in members and s.active[k] and s.holder[k] < 0 and k not in left and advertised[k]
        and posts.contract[k] != APPRENTICESHIP
    ]  # fmt: skip
    open_.sort(key=lambda k: (-int(s.weeks_open[k]), int(posts.post_id[k])))
    known = {(a["person"], a["post"]) for a in pool}
    out = set()
    for i, k in lost.items():
        for there in [x for x in open_ if posts.skill[x] == posts.skill[k]][:most]:
            if (i, there) not in known and worth(i, there) > 0:
                out.add((i, there))
    return out
