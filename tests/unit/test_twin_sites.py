"""A scenario's sites beside their plain twin: new firms and posts, and what each week changes.

Lives here: the comparison. Not here: the twin (naive.sites), what follows from a site (test_sites).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.scenario_sites import Sites
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour import sites
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.schemas import SKILLS
from helpers import tiny_territory
from naive.sites import FIRST_ID, Week, nearest_node, new_posts
from twin_case import twin_population

LOGISTICS, OFFICE = ({"posts": n, "skill": s} for n, s in ((7, "logistics"), (2, "administration")))
POINTS = {"north": (2.62, 50.51), "away": (2.6, 50.5), "again": (2.63, 50.52)}


def at(name: str) -> dict[str, float]:
    return dict(zip(("lon", "lat"), POINTS[name], strict=True))


def test_rows_and_weeks_are_the_plain_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    territory = tiny_territory()
    made = twin_population(territory, households=60)
    people = Population(made.households, made.persons, made.firms, made.posts)
    ids = [int(i) for i in people.firms.firm_id[~people.firms.external]]
    firm_of = {"away": 0, "again": 0, "more": 1, "shut": 2}
    choice = {name: {"id": ids[firm]} for name, firm in firm_of.items()}
    block = Sites.model_validate({
        "open": [{"name": "north", "week": 1, "at": at("north"), "sector": "industry", "firms": 4,
                  "jobs": [LOGISTICS, OFFICE], "cost_eur": 1000}],
        "move": [{"name": "away", "week": 2, "at": at("away"), "firm": choice["away"], "cost_eur": 500},
                 {"name": "again", "week": 4, "at": at("again"), "firm": choice["again"]}],
        "enlarge": [{"name": "more", "week": 3, "firm": choice["more"], "jobs": [OFFICE, LOGISTICS]}],
        "close": [{"name": "shut", "week": 2, "firm": choice["shut"], "cost_eur": 70}],
    })  # fmt: skip
    settings, p = replace(Settings(), sites=block), defaults()
    model = Bassin(territory, people, default_catalogue(), p, settings, rng=1)  # type: ignore[arg-type]
    posts, firms, known = model.population.posts, model.population.firms, len(people.posts)
    expected = new_posts(block)
    assert posts.post_id[known:].tolist() == [post_id for post_id, *_ in expected]
    assert [SKILLS[k] for k in posts.skill[known:]] == [domain for _, _, domain, _ in expected]
    for k, (post_id, firm_id, _, _) in enumerate(expected, known):
        assert firms.firm_id[posts.firm[k]] == (firm_id if firm_id >= 0 else ids[firm_of["more"]]), post_id
    assert (firms.firm_id[len(people.firms) :] >= FIRST_ID).all()
    more = model.population.firms.screening[firm_of["more"]] - people.firms.screening[firm_of["more"]]
    assert more == int(p["hire.opening_screening"] * 9)
    node = {name: nearest_node(territory, *point) for name, point in POINTS.items()}
    assert set(model.territory.sites.node[firms.site[len(people.firms) :]].tolist()) == {node["north"]}
    step, seen = sites.step, Counter[str]()

    def compared(world: Bassin) -> None:
        twin = Week(world, block, firm_of)
        shocked = set(np.flatnonzero(world.state.shocked).tolist())
        there = world.network.site_rows[world.post_site].tolist()
        step(world)
        for name, column in twin.columns.items():
            assert getattr(world.state, name).tolist() == column, (name, int(world.state.week[0]))
        assert set(np.flatnonzero(world.state.shocked).tolist()) == shocked | twin.shocked
        nodes = world.territory.sites.node[world.network.site_rows[world.post_site]].tolist()
        target = {firm: node[name] for firm, name in twin.moved}
        for k, firm in enumerate(posts.firm.tolist()):
            assert nodes[k] == target.get(firm, int(world.territory.sites.node[there[k]]))
        paid = {key[1]: v for key, v in world.ledger.entries.items() if key[0] == "sites"}
        assert paid == twin.paid
        seen.update({"moved": len(twin.moved), "shocked": len(twin.shocked), "paid": len(paid)})
        seen["closed"] += sum(post < 0 for post in twin.columns["post"])

    monkeypatch.setattr(sites, "step", compared)
    for _ in range(6):
        model.step()
    assert seen["moved"] == 2
    assert seen["paid"] == 3
    assert min(seen["shocked"], seen["closed"]) > 0
