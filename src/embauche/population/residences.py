"""Existing residences: stylised ones from the sizes of communes, or those of a user's table.

Lives here: the RESIDENCES table at the start, busiest spots of communes. Not here: residences that a
scenario adds, or who sleeps where (labour.residences, labour.lets).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from embauche.core.errors import raise_all
from embauche.core.ledger import whole_cents
from embauche.core.scenario_residences import LODGERS
from embauche.core.table import Table
from embauche.population.ground import Ground, TerritoryLike
from embauche.population.population import Population
from embauche.population.quotas import Array
from embauche.population.schemas import RESIDENCES
from embauche.population.user_files import Rows, read_table
from embauche.population.user_places import Located, locate

BEDS_A_RESIDENCE = 40
LEAST_BEDS = 8  # of a residence: fewer are none
LEAST_KM = 15.0
STAY_WEEKS = 52


def busiest(places: Table, communes: Array) -> Array:
    """The place of most homes in each commune, ties to the lowest node; -1 without homes.

    Args:
        places: a territory's places (territory.schemas.PLACES).
        communes: int [commune asked] rows.

    Returns:
        int64 [commune asked] rows of places.
    """
    out = np.full(len(communes), -1, np.int64)
    for k, commune in enumerate(np.asarray(communes).tolist()):
        mine = np.flatnonzero((places.commune == commune) & (places.weight > 0))
        if len(mine):
            out[k] = mine[np.lexsort((places.node[mine], -places.weight[mine]))[0]]
    return out


def existing(ground: Ground, parameters: Mapping[str, float]) -> Table:
    """Stylised residences: one a commune, in the largest ones, of at most BEDS_A_RESIDENCE beds.

    Their beds are `housing.beds_per_1000` of all inhabitants; true ones are a user's to give.
    """
    inside = ground.inside
    people = ground.communes.population[inside].astype(np.int64)
    beds = int(parameters["housing.beds_per_1000"] * int(people.sum()) / 1000.0 + 0.5)
    if beds < LEAST_BEDS:
        return Table.empty(RESIDENCES)
    count = min(-(-beds // BEDS_A_RESIDENCE), len(inside))
    largest = inside[np.lexsort((ground.number[inside], -people))[:count]]
    each = beds // count + (np.arange(count) < beds % count)
    rent = int(whole_cents(parameters["housing.bed_eur_month"]))
    rows = {
        "residence_id": ground.number[largest].astype(np.int64),
        "name": np.array([f"Résidence {n}" for n in ground.communes.name[largest]], object),
        "commune": largest,
        "place": busiest(ground.places, largest),
        "beds": each,
        "rent_cents": np.full(count, rent),
        "cost_cents": np.full(count, rent),
        "who": np.full(count, sum(LODGERS.values())),
        "first": np.full(count, LODGERS["apprentice"]),
        "least_km": np.full(count, LEAST_KM),
        "stay_weeks": np.full(count, STAY_WEEKS),
        "open_from": np.zeros(count),
        "open_to": np.full(count, 51),
    }
    return ground.to_territory(Table.make(RESIDENCES, rows))


def with_residences(population: Population, ground: Ground, parameters: Mapping[str, float]) -> Population:
    """The population with stylised residences, said to be so."""
    table = existing(ground, parameters)
    beds = int(table.beds.sum())
    note = f"residences: {beds} beds, stylised (housing.beds_per_1000), in {len(table)} communes"
    return population.with_residences(table, note)


def read_residences(path: Path, territory: TerritoryLike, seed: int) -> Table:
    """Residences of a user's table.

    Raises:
        UserError: every fault of the table, with file and line.
    """
    ground = Ground.of(territory)
    rows = read_table(path, "residences")
    raise_all(rows.problems)
    spot = locate(rows, ground, "places", seed)
    table = given_residences(rows, spot, ground) if not rows.problems else Table.empty(RESIDENCES)
    raise_all(rows.problems)
    return table


def given_residences(rows: Rows, spot: Located, ground: Ground) -> Table:
    """Residences of a user's table, as its columns say; what is left out is as for those we draw."""
    n = len(rows)

    def column(name: str, otherwise: object) -> Array:
        return rows[name] if name in rows else np.full(n, otherwise)

    rent = whole_cents(rows["rent_eur_month"])
    cost = whole_cents(rows["cost_eur_month"]) if "cost_eur_month" in rows else rent
    who = np.zeros(n, np.int64)
    for name, bit in LODGERS.items():
        who |= np.where(column(f"{name}s", name == "apprentice"), bit, 0)
    apprentices_first = column("apprentices_first", True).astype(bool)
    columns = {
        "residence_id": rows["residence_id"],
        "name": column("name", ""),
        "commune": spot.commune,
        "place": spot.row,
        "hosts": column("hosts", False),
        "beds": rows["beds"],
        "rent_cents": rent,
        "cost_cents": cost,
        "who": who,
        "first": np.where(apprentices_first, LODGERS["apprentice"] & who, 0),
        "farthest": column("farthest_first", False),
        "least_km": column("least_km", LEAST_KM),
        "stay_weeks": column("stay_weeks", STAY_WEEKS),
        "open_from": column("open_from", 1) - 1,
        "open_to": column("open_to", 52) - 1,
        "shared": column("shared", False),
    }
    names = [
        str(x) or f"residence {i}" for x, i in zip(column("name", ""), rows["residence_id"], strict=True)
    ]
    columns["name"] = np.array(names, object)
    rows.fault(who == 0, "this residence admits nobody", expected="apprentices, interns or new_hires")
    return ground.to_territory(Table.make(RESIDENCES, columns))
