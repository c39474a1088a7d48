"""The hand-checkable bassin: five workers, two firms, one bus. Every figure is worked out in the test.

Lives here: its tables and parameters. Not here: the figures (unit/test_hand_example).

    A (village, all homes) ---- 6.0 km ---- B (office, bus stop) -- 0.8 km -- C (factory)

Cars at 48 km/h, bikes at 15, walkers at 4.8. The bus runs Monday to Friday from A to B in 15 minutes:
from A at 4:30, 8:30 and 12:30; from B at 13:15 and 17:40. Nothing later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.parameters import Parameters, defaults
from embauche.core.shifts import Shift, ShiftCatalogue, Window
from embauche.core.table import Table
from embauche.population.population import Population
from embauche.population.schemas import FIRMS, HOUSEHOLDS, PERSONS, POSTS, SECTORS
from embauche.territory.schemas import ARCS, COMMUNES, CONNECTIONS, NODES, PLACES, SITES, STOPS, TRIPS
from helpers import TinyTerritory

A, B, C = 0, 1, 2
ALICE, BRUNO, CHLOE, DAVID, EMMA = 1, 2, 3, 4, 5
FACTORY, OFFICE = 1, 2
P_ALICE, P_CHLOE, P_MORNING, P_AFTERNOON, P_BRUNO = 11, 12, 13, 14, 21
START = {ALICE: P_ALICE, BRUNO: P_BRUNO, CHLOE: P_CHLOE}

CHANGES = {
    # no luck: no constant taste, a small weekly one, no incidents, no noise in matching
    "commute.constant_share": 0.0,
    "commute.choice_scale_eur": 0.2,
    "car.late": 0.0, "car.fail": 0.0, "bike.late": 0.0, "bike.fail": 0.0,
    "walk.late": 0.0, "walk.fail": 0.0, "transit.late": 0.0, "transit.fail": 0.0,
    "search.cost_eur": 0.0, **{f"image.{sector}": 0.0 for sector in SECTORS},
    "match.noise_eur": 0.0, "hire.noise": 0.0,
    # every unemployed person searches and sees all there is; nobody else does
    "search.floor": 1.0, "search.on_the_job": 0.0, "search.decay_on": 0.0, "channels.any_looks": 64.0,
    "channels.hidden_tpe": 0.0, "channels.hidden_pme": 0.0,
    # the only separation is for missed shifts, and it is certain
    "posts.destruction": 0.0, "quits.base": 0.0, "dismissal.rate": 1.0, "hire.threshold": 0.3,
    "hire.decide_weeks_tpe": 0.0, "hire.handled_share": 10.0, "retry.withdraw": 0.0,
    "demography.leave_young": 0.0, "demography.leave_adult": 0.0, "demography.leave_senior": 0.0,
    "demography.by_age": 0.0,
    # round figures
    "commute.early_weight": 1.0, "commute.wait_weight": 1.0, "commute.change_min": 0.0,
    "commute.vot_eur_h": 12.0, "car.cost_eur_per_km": 0.2, "car.terminal_min": 3.0, "walk.max_min": 60.0,
    "transit.asc_eur": -1.0, "transit.weight": 1.0, "transit.fare_eur": 2.0, "transit.transfer_min": 3.0,
    "bike.asc_eur": -3.5, "bike.weight": 1.4, "bike.max_min": 60.0,
    "commute.no_car_eur": 12.0, "match.atypical_eur_per_h": 2.0, "match.childcare_eur_per_h": 2.0,
    "match.childcare_opens_h": 6.0, "match.childcare_closes_h": 20.0, "match.taste_eur": 0.0,
    "match.skill_cost_eur": 150.0, "hire.skill_gap": 0.5, "hire.spell_penalty": 0.35, "hire.rounds": 3.0,
    "search.reservation_start": 0.95, "search.reservation_fall_per_week": 0.004,
    "search.reservation_floor": 0.57, "search.applications": 3.0, "dismissal.quarter_shifts": 12.0,
    "car.co2_g_per_km": 142.0, "transit.bus_co2_g_per_km": 122.0,
}  # fmt: skip


@dataclass(frozen=True)
class HandCase:
    """What a model is made of."""

    territory: TinyTerritory
    population: Population
    catalogue: ShiftCatalogue
    parameters: Parameters


def _texts(*values: str) -> np.ndarray[Any, Any]:
    return np.array(values, object)


def _roads() -> tuple[Table, Table]:
    nodes = {
        "osm_id": [1, 2, 3], "lon": [2.5, 2.585, 2.596], "lat": [50.5] * 3, "x_m": [0.0, 6000.0, 6800.0],
        "y_m": [0.0] * 3, "commune": [0, 1, 1],
        "in_car": [True] * 3, "in_bike": [True] * 3, "in_walk": [True] * 3,
    }  # fmt: skip
    length = np.array([6000.0, 6000.0, 800.0, 800.0])
    arcs = {
        "tail": [A, B, B, C], "head": [B, A, C, B], "length_m": length, "way": [1, 1, 2, 2],
        "highway": [0] * 4, "car_s": length / 48.0 * 3.6, "bike_s": length / 15.0 * 3.6,
        "walk_s": length / 4.8 * 3.6, "bike_felt_s": length / 15.0 * 3.6,
    }  # fmt: skip
    return Table.make(NODES, nodes), Table.make(ARCS, arcs)


def _communes() -> Table:
    columns: dict[str, Any] = {
        "code": _texts("62001", "62002"), "name": _texts("Village", "Ville"), "population": [5, 0],
        "epci": _texts("200000001", "200000001"), "epci_name": _texts("CC", "CC"),
        "departement": _texts("62", "62"), "arrondissement": _texts("622", "622"), "external": [False, False],
        "lon": [2.5, 2.585], "lat": [50.5, 50.5], "node": [A, B], "jobs": [0, 0], "inflow": [0, 0],
        "gate_car_min": [0.0, 0.0], "gate_car_km": [0.0, 0.0], "gate_transit_min": [np.inf, np.inf],
        "geometry": np.array([b"", b""], object),
    }  # fmt: skip
    return Table.make(COMMUNES, columns)


def _bus(runs: list[tuple[int, int]]) -> tuple[Table, Table, Table]:
    stops = {
        "stop_id": _texts("A", "B"), "name": _texts("Village", "Ville"), "lon": [2.5, 2.585],
        "lat": [50.5, 50.5], "node": [A, B], "walk_s": [0.0, 0.0], "zone": [-1, -1], "wheelchair": [0, 0],
    }  # fmt: skip
    n = len(runs)
    trips = {
        "trip_id": _texts(*(f"t{i}" for i in range(n))), "route": _texts(*["1"] * n),
        "route_name": _texts(*["1"] * n), "agency": _texts(*["Bus"] * n), "mode": [3] * n,
        "days": [0b0011111] * n,
    }  # fmt: skip
    depart = np.array([minute for _, minute in runs]) * 60
    connections = {
        "trip": np.arange(n), "dep_stop": [stop for stop, _ in runs],
        "arr_stop": [1 - stop for stop, _ in runs],
        "dep_s": depart, "arr_s": depart + 15 * 60, "km": [6.0] * n,
        "pickup": [True] * n, "dropoff": [True] * n,
    }  # fmt: skip
    return Table.make(STOPS, stops), Table.make(TRIPS, trips), Table.make(CONNECTIONS, connections)


def _population(cars: int) -> Population:
    households = {
        "household_id": [1, 2, 3, 4], "place": [0] * 4, "commune": [0] * 4, "members": [3, 1, 1, 1],
        "cars": [cars, 0, 0, 0], "under_six": [1, 0, 0, 0], "quintile": [3] * 4,
    }  # fmt: skip
    persons = {
        "worker_id": [ALICE, BRUNO, CHLOE, DAVID, EMMA], "household": [0, 0, 1, 2, 3], "commune": [0] * 5,
        "place": [0] * 5, "sex": [1, 0, 1, 0, 1], "age_weeks": [30 * 52] * 5,
        "licence": [True, True, False, False, False], "bike": [False, False, False, False, True],
        "skill": [2, 16, 2, 9, 2], "quintile": [3] * 5, "status": [2, 2, 2, 1, 1],
        "apprentice": [False] * 5, "wage_ref_cents": [180_000, 170_000, 180_000, 140_000, 140_000],
        "spell_weeks": [100, 100, 100, 52, 26],
    }  # fmt: skip
    firms = {
        "firm_id": [FACTORY, OFFICE], "commune": [1, 1], "site": [1, 0], "sector": [1, 6],
        "size_class": [0, 0], "screening": [5, 5], "external": [False, False],
    }  # fmt: skip
    posts = {
        "post_id": [P_ALICE, P_CHLOE, P_MORNING, P_AFTERNOON, P_BRUNO], "firm": [0, 0, 0, 0, 1],
        "skill": [2, 2, 2, 2, 16], "shift": [1, 1, 0, 1, 2], "team": [0] * 5, "contract": [0] * 5,
        "wage_cents": [180_000, 180_000, 175_000, 190_000, 170_000], "active": [True] * 5,
    }  # fmt: skip
    return Population(
        Table.make(HOUSEHOLDS, households), Table.make(PERSONS, persons),
        Table.make(FIRMS, firms), Table.make(POSTS, posts),
    )  # fmt: skip


def hand_case(*, cars: int = 1, late_bus: bool = False) -> HandCase:
    """The case; with two cars in Alice and Bruno's household, or a bus home at 21:15, if asked."""
    nodes, arcs = _roads()
    runs = [(0, 4 * 60 + 30), (0, 8 * 60 + 30), (0, 12 * 60 + 30), (1, 13 * 60 + 15), (1, 17 * 60 + 40)]
    stops, trips, connections = _bus(runs + ([(1, 21 * 60 + 15)] if late_bus else []))
    places = Table.make(PLACES, {"node": [A], "commune": [0], "weight": [1.0]})
    sites = Table.make(SITES, {"node": [B, C], "commune": [1, 1], "weight": [1.0, 1.0], "zone": [-1, -1]})
    territory = TinyTerritory(
        nodes, arcs, _communes(), places, sites, stops, trips, connections, name="hand example"
    )
    windows = (Window("morning", 300, 780), Window("afternoon", 780, 1260), Window("day", 540, 1020))
    shifts = tuple(Shift(w.name, (((w.name,),) * 5 + ((),) * 2,)) for w in windows)
    catalogue = ShiftCatalogue.make(windows, shifts)
    return HandCase(territory, _population(cars), catalogue, defaults().replaced(CHANGES))
