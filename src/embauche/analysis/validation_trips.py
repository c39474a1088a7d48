"""Trips to work, and how far posts attract, measured as published figures are.

Lives here: trip_figures, Attraction. Not here: the labour market (validation_labour).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]
NEAR_KM = 5.0
FAR_KM = 20  # beyond, applications are few
SAMPLE = 400  # searchers whose ways to all vacancies are measured each week
ACTIVE = ("bike", "walk", "ebike")


def trip_figures(model: Bassin) -> dict[str, float]:
    """Mode shares, kilometres, CO2 and ways of residents in the last week travelled."""
    tables = model.week_tables()
    trips, persons, posts = tables["trips"], model.population.persons, model.population.posts
    communes = model.territory.communes
    order = np.argsort(model.state.worker_id, kind="stable")
    row = order[np.searchsorted(model.state.worker_id, trips.worker_id, sorter=order)]
    resident = ~communes.external[persons.commune[row]]
    made = resident & (trips.service >= 0)
    names = np.array([s.name for s in model.services])
    mode = names[trips.service[made]]
    tours = trips.tours[made].astype(float)
    km = trips.km[made].astype(float)
    near = km / 2 < NEAR_KM
    who = row[made]
    by_person = np.bincount(who, tours * km, minlength=len(persons))
    at_work = np.flatnonzero(np.bincount(who, tours, minlength=len(persons)))
    way = by_person[at_work] / np.bincount(who, tours, minlength=len(persons))[at_work]
    sex = model.state.sex[at_work]
    post = model.week_post[at_work]
    held = (post >= 0) & (way > 0)
    wage = np.log(model.state.wage_cents[post[held]].astype(float))
    log_way = np.log(way[held])
    commune = model.population.firms.commune[posts.firm[post[post >= 0]]]

    def share(what: Array, among: Array) -> float:
        return float(tours[what & among].sum() / max(tours[among].sum(), 1.0))

    everything, car, active = np.ones(len(tours), bool), mode == "car", np.isin(mode, ACTIVE)
    return {
        "car_share": share(car, everything),
        "transit_share": share(mode == "transit", everything),
        "car_share_5km": share(car, near),
        "transit_share_5km": share(mode == "transit", near),
        "active_share_5km": share(active, near),
        "under_5_km": share(near, everything),
        "km_week": float(by_person.sum() / max(len(at_work), 1)),
        "g_per_km": float((tours * trips.co2_g[made]).sum() / max((tours * km).sum(), 1.0)),
        "outside_commune": float((commune != persons.commune[at_work[post >= 0]]).mean()),
        "women_commute": float(way[sex == 1].mean() / way[sex == 0].mean()),
        "wage_commute": float(np.polyfit(wage, log_way, 1)[0]) if len(wage) > 2 else float("nan"),
    }


class Attraction:
    """Applications by kilometres to the post, over what as many chance pairs would be; call `week()`."""

    def __init__(self, model: Bassin) -> None:
        nodes, t = model.territory.nodes, model.territory
        home, site = t.places.node, t.sites.node
        persons, firms = model.population.persons, model.population.firms
        self.model = model
        self.home = np.stack([nodes.x_m[home], nodes.y_m[home]], 1)[persons.place] / 1000
        self.work = (
            np.stack([nodes.x_m[site], nodes.y_m[site]], 1)[firms.site][model.population.posts.firm] / 1000
        )
        self.resident = ~t.communes.external[persons.commune]
        self.inside = ~firms.external[model.population.posts.firm]
        self.sent, self.pairs = np.zeros(FAR_KM), np.zeros(FAR_KM)

    def week(self) -> None:
        """Count the week just done."""
        a = self.model.week_applications
        if a is None or not len(a.person):
            return
        local = self.resident[a.person] & self.inside[a.post]
        self.sent += _by_km(self.home[a.person[local]], self.work[a.post[local]])
        people = np.unique(a.person[local])
        some = people[:: max(len(people) // SAMPLE, 1)]
        vacancies = a.vacancy[self.inside[a.vacancy]]
        scale = len(people) / max(len(some), 1)
        for person in some:
            self.pairs += scale * _by_km(self.home[[person]], self.work[vacancies])

    def figures(self) -> dict[str, float]:
        """Slope of the logarithm of applications over pairs, by km, each km weighing by its applications."""
        known = (self.sent > 20) & (self.pairs > 0)
        if known.sum() < 3:
            return {"attraction_km": float("nan")}
        km = np.arange(FAR_KM)[known] + 0.5
        log = np.log(self.sent[known] / self.pairs[known])
        return {"attraction_km": float(np.polyfit(km, log, 1, w=np.sqrt(self.sent[known]))[0])}


def _by_km(a: Array, b: Array) -> Array:
    km = np.hypot(a[:, 0] - b[:, 0], a[:, 1] - b[:, 1])
    return np.bincount(km[km < FAR_KM].astype(int), minlength=FAR_KM).astype(float)
