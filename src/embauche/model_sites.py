"""What a run says of its sites at its end: land, posts, and who can reach them at their hours, by commune.

Lives here: site_tables. Not here: what a week does with sites (labour.sites), jobs in reach (model_access).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.outputs_land import SITE_REACH, SITES
from embauche.core.table import Table
from embauche.model_access import ACCESS_MINUTES, best_minutes
from embauche.population.schemas import Status

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]


def site_tables(model: Bassin) -> tuple[Table, Table]:
    """Tables SITES and SITE_REACH, empty where the scenario has no sites."""
    plan = model.sites
    if plan is None:
        return Table.empty(SITES), Table.empty(SITE_REACH)
    reach: list[dict[str, Any]] = []
    sites: list[dict[str, Any]] = []
    communes, nodes, s = model.territory.communes, model.territory.nodes, model.state
    for row, (kind, option) in enumerate(plan.options):
        posts = plan.posts_of(row)
        node, active = int(plan.node[row]), posts[s.active[posts]]
        sites.append({
            "site": option.name, "kind": kind, "week": option.week,
            "commune": str(communes.code[plan.commune[row]]), "lon": float(nodes.lon[node]),
            "lat": float(nodes.lat[node]), "ha": np.nan if option.ha is None else option.ha,
            "land": option.land,
            "homes": option.homes, "posts": len(active), "filled": int((s.holder[active] >= 0).sum()),
        })  # fmt: skip
        if kind != "close" and len(active):
            reach += _reach(model, option.name, active)
    return _table(SITES, sites), _table(SITE_REACH, reach)


def _table(schema: Any, rows: list[dict[str, Any]]) -> Table:
    if not rows:
        return Table.empty(schema)
    return Table.make(schema, {c.name: np.array([r[c.name] for r in rows], c.numpy_dtype) for c in schema})


def _reach(model: Bassin, name: str, posts: Array) -> list[dict[str, Any]]:
    """Rows of one site: places within each time at all hours of a shift, weighted by posts of that shift."""
    s, communes, classes = model.state, model.territory.communes, model.network.classes
    commune_of = model.territory.places.commune[model.network.place_rows]
    places = np.flatnonzero(~communes.external[commune_of])
    skills = np.isin(s.skill, np.unique(model.population.posts.skill[posts]))
    inside = ~communes.external[model.population.persons.commune]
    n = len(commune_of)
    active = np.bincount(model.place[inside & (s.status > 0)], minlength=n)[places]
    seekers = np.bincount(model.place[inside & skills & (s.status == Status.UNEMPLOYED)], minlength=n)[places]
    within = np.zeros((2, len(ACCESS_MINUTES), len(places)))
    shifts, count = np.unique(model.post_shift[posts], return_counts=True)
    site = int(model.post_site[posts[0]])
    for shift, share in zip(shifts, count / count.sum(), strict=True):
        klass = np.unique(classes.shift_class[classes.shift_ptr[shift] : classes.shift_ptr[shift + 1]])
        rows = len(places)
        asked = np.tile(places, len(klass)).astype(np.int32)
        best = best_minutes(
            model, asked, np.full(len(asked), site, np.int32), np.repeat(klass, rows).astype(np.int16)
        )
        for car in (0, 1):
            worst = best[car].reshape(len(klass), rows).max(axis=0)
            for m, limit in enumerate(ACCESS_MINUTES):
                within[car, m] += share * (worst <= limit)
    home = commune_of[places]
    size = len(communes)
    out = []
    for car in (0, 1):
        for m, limit in enumerate(ACCESS_MINUTES):
            reached = np.bincount(home, active * within[car, m], minlength=size)
            seek = np.bincount(home, seekers * within[car, m], minlength=size)
            people = np.bincount(home, active, minlength=size)
            out += [
                {"site": name, "commune": str(communes.code[c]), "epci": str(communes.epci[c]),
                 "car": bool(car), "minutes": limit, "persons": people[c],
                 "reached": reached[c], "seekers": seek[c]}
                for c in np.flatnonzero(people)
            ]  # fmt: skip
    return out
