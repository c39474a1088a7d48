"""The plain twin of a scenario's sites, option by option and post by post (docs/model_labour.md, "Sites").

Lives here: which firms and posts there are anew, what a week changes. Not here: usual wages and levels (those
of the population), who may reach a site.
"""

from __future__ import annotations

import math
from typing import Any

from embauche.core.draws import stable_id

FIRST_ID, SLOTS, ENLARGED = 2**46, 2**16, 255
UNEMPLOYED, NONE = 1, -1


def new_posts(sites: Any) -> list[tuple[int, int, str, int]]:
    """(post id, firm id or -1 for the firm that is enlarged, domain, week) of all options, by id."""
    out = []
    for option in sites.open:
        ids = [FIRST_ID + 256 * stable_id(option.name) + number for number in range(option.firms)]
        slots = dict.fromkeys(ids, 0)
        left = {k: job.posts for k, job in enumerate(option.jobs)}
        for number, firm_id in enumerate(ids):
            share = {k: posts // (option.firms - number) for k, posts in left.items()}
            if not any(share.values()):  # kinds of fewer posts than firms: one of the kind that has most left
                share[max(left, key=lambda k: (left[k], -k))] = 1
            for k, job in enumerate(option.jobs):
                for _ in range(share[k]):
                    out.append((firm_id * SLOTS + slots[firm_id], firm_id, job.skill, option.week))
                    slots[firm_id] += 1
                left[k] -= share[k]
    for option in sites.enlarge:
        firm_id = FIRST_ID + 256 * stable_id(option.name) + ENLARGED
        domains = [job.skill for job in option.jobs for _ in range(job.posts)]
        out += [(firm_id * SLOTS + slot, NONE, domain, option.week) for slot, domain in enumerate(domains)]
    return sorted(out)


def nearest_node(territory: Any, lon: float, lat: float) -> int:
    """The road node nearest to a point, by great circles."""

    def metres(k: int) -> float:
        a, b = math.radians(float(territory.nodes.lat[k])), math.radians(lat)
        east = math.radians(float(territory.nodes.lon[k]) - lon)
        h = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(east / 2) ** 2
        return 2 * 6_371_000 * math.asin(math.sqrt(h))

    return min(range(len(territory.nodes)), key=metres)


class Week:
    """What the sites of a scenario make of a week's start; nothing of the model is changed.

    Attributes:
        columns: of posts and persons, lists by name, as they are afterwards.
        moved: (firm, option) of firms that go elsewhere. shocked: rows of persons who travel anew.
        paid: cents by option.
    """

    def __init__(self, model: Any, sites: Any, firm_of: dict[str, int]) -> None:
        s, posts = model.state, model.population.posts
        week = int(s.week[0]) - model.first_week
        names = ("active", "holder", "opening", "weeks_open", "wage_cents", "post", "status", "spell")
        x = {name: getattr(s, name).tolist() for name in names}
        self.columns, self.shocked, self.paid = x, set[int](), dict[str, int]()
        self.moved: list[tuple[int, str]] = []
        rows = {int(post_id): k for k, post_id in enumerate(posts.post_id)}
        for post_id, _, _, begins in new_posts(sites):
            if begins == week:
                k = rows[post_id]
                x["active"][k], x["weeks_open"][k] = True, 0
                x["opening"][k] += 1
                x["wage_cents"][k] = int(model.grid_cents[k])
        for kind in ("open", "move", "enlarge", "close"):
            for option in getattr(sites, kind):
                if option.week != week:
                    continue
                if option.cost_eur:
                    self.paid[option.name] = round(100 * option.cost_eur)
                mine = [k for k, f in enumerate(posts.firm.tolist()) if f == firm_of.get(option.name)]
                if kind == "move":
                    self.moved.append((firm_of[option.name], option.name))
                    self.shocked |= {x["holder"][k] for k in mine if x["holder"][k] >= 0}
                if kind == "close":
                    for k in mine:
                        i = x["holder"][k]
                        if i >= 0:
                            x["post"][i], x["status"][i], x["spell"][i] = NONE, UNEMPLOYED, 0
                        x["holder"][k], x["active"][k], x["weeks_open"][k] = NONE, False, 0
