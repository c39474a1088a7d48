"""A week of a scenario's sites: posts that open, firms that move or close, what that costs.

Lives here: step. Not here: rows of new firms and posts (labour.site_plan), closing as such (labour.ends).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.ledger import REGION, STATE, SUPPLIER, authority
from embauche.core.scenario_sites import Option
from embauche.labour.aid_holders import cents
from embauche.labour.ends import close_firm, open_posts
from embauche.labour.site_plan import SitePlan

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]
SERVICE = "sites"  # under which the books show options; the system is the option


def step(model: Bassin) -> None:
    """What happens to sites this week, before the search."""
    plan = model.sites
    if plan is None:
        return
    week = int(model.state.week[0]) - model.first_week
    _open(model, plan, week)
    moves = [row for row, (kind, _) in enumerate(plan.options) if kind == "move"]
    for row, (kind, option) in enumerate(plan.options):
        if option.week != week:
            continue
        firm = int(plan.firm[row])
        if kind == "move":
            _move(model, firm, int(plan.commune[row]), moves.index(row))
        elif kind == "close":
            close_firm(model, np.array([firm]))
        if option.cost_eur:
            _pay(model, option, int(plan.commune[row]))


def _open(model: Bassin, plan: SitePlan, week: int) -> None:
    """Planned posts of this week become vacancies, at the grid's wage."""
    new = np.flatnonzero(plan.planned & (plan.week == week))
    open_posts(model, new)


def _move(model: Bassin, firm: int, commune: int, k: int) -> None:
    """A firm goes elsewhere: trips of those who work there are priced anew, no place is kept for them."""
    firms, s = model.population.firms, model.state
    mine = np.flatnonzero(model.population.posts.firm == firm)
    site = int(model.move_site[k])
    firms.columns["site"][firm] = model.population.moves[k][1]
    firms.columns["commune"][firm] = commune
    model.post_site[mine] = site
    if model.terms is not None:
        model.terms.moved(firm, site)
    people = s.holder[mine]
    people = people[people >= 0]
    s.shocked[people] = True
    for name, values in s.kept.items():
        if name.endswith(".standing"):
            values[people] = 0
    model.book.forget_people(people)


def _pay(model: Bassin, option: Option, commune: int) -> None:
    """What making an option costs, once."""
    code = str(model.territory.communes.code[commune])
    payer = {"region": REGION, "state": STATE}.get(option.payer, option.payer)
    if option.payer == "authority":
        charge = model.network.jurisdiction
        area = int(charge.area[commune])
        payer = authority(option.authority or (charge.rules[area].name if area >= 0 else ""))
    model.ledger.pay(SERVICE, option.name, payer, SUPPLIER, "site", cents(option.cost_eur), code)
