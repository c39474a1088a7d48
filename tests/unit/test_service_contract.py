"""What every registered service keeps to: one test for all, so that a new file is held to it too.

Lives here: offers without NaN, both ways or none, same answer again; dearer or slower asks no more.
Not here: whether minutes are right (test_twin_model, against the plain offers), what else services whose
places are few keep to (test_shared_contract).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from embauche.commuting.offers import DETAILS, FIELDS, Tile
from embauche.commuting.roads import Ways
from embauche.core.offerings import kinds
from embauche.core.parameters import REGISTRY as PARAMETERS
from embauche.core.parameters import defaults
from embauche.core.scenario_services import Services
from embauche.model import Bassin
from embauche.services import Needs
from embauche.services.base import Service
from helpers import tiny_territory
from one_trip import same_trip
from service_examples import settings_with
from twin_case import twin_population

PERSONS = 400
NEEDED = ("asc_eur", "weight", "late", "fail")
REGISTRY: Any = kinds()
NAMES = sorted(REGISTRY)
Array = np.ndarray[Any, Any]


@pytest.fixture(scope="module")
def model() -> Bassin:
    """Homes everywhere, the pole outside too, and every shift."""
    from embauche.core.shifts import default_catalogue
    from embauche.population.population import Population

    territory = tiny_territory()
    made = twin_population(territory, households=40)
    outside = int(np.flatnonzero(territory.communes.external[territory.places.commune])[0])
    made.households.place[:3] = outside
    made.persons.place[made.persons.household < 3] = outside
    population = Population(made.households, made.persons, made.firms, made.posts)
    return Bassin(
        territory,
        population,
        default_catalogue(),
        defaults(),
        settings_with(),  # type: ignore[arg-type]
    )


def rows_of(model: Bassin) -> tuple[Array, Array, Array]:
    """Every (place, site, class) for which the timetable was asked."""
    net = model.network
    assert net.transit is not None
    site, klass = np.nonzero(net.transit.row >= 0)
    places = len(net.place_rows)
    place = np.repeat(np.arange(places), len(site)).astype(np.int32)
    return place, np.tile(site, places).astype(np.int32), np.tile(klass, places).astype(np.int16)


def service_of(model: Bassin, name: str) -> Service:
    """A service as the model uses it, with what people expect of it."""
    return next(s for s in model.services if s.name == name)


def ask(service: Service, place: Array, site: Array, klass: Array) -> dict[str, Array]:
    """A service's offers, from arrays that hold NaN where it writes nothing."""
    cells = {name: np.full(len(place), np.nan, np.float32) for name in (*FIELDS, *DETAILS)}
    service.offer(Tile(place, site, klass, Ways(place, site, klass), **cells))
    return cells


def test_scenarios_know_the_registered_services() -> None:
    assert sorted(Services.model_fields) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_labels_needs_and_sourced_parameters(name: str) -> None:
    service = REGISTRY[name]
    assert service.name == name
    assert set(service.label) == {"fr", "en"}
    assert all(service.label.values())
    assert service.needs in list(Needs)
    for what in NEEDED:
        parameter = PARAMETERS[f"{name}.{what}"]
        assert parameter.unit
        assert parameter.source
        assert parameter.low <= parameter.value <= parameter.high


def test_ids_of_services_differ(model: Bassin) -> None:
    assert len({s.service_id for s in model.services}) == len(REGISTRY)


@pytest.mark.parametrize("name", NAMES)
def test_offers_are_whole_numbers_of_sense(name: str, model: Bassin) -> None:
    service = service_of(model, name)
    place, site, klass = rows_of(model)
    offers = ask(service, place, site, klass)
    for field, values in offers.items():
        assert not np.isnan(values).any(), f"{name}: {field} is not a number"
        assert (values >= 0).all(), f"{name}: {field} below 0"
    offered = np.isfinite(offers["out_min"])
    assert np.array_equal(offered, np.isfinite(offers["back_min"])), f"{name}: one way only"
    assert offered.any(), f"{name}: offered to nobody, so nothing was tested"
    for field in ("eur", "km", "g"):
        assert np.isfinite(offers[field][offered]).all()


@pytest.mark.parametrize("name", NAMES)
def test_an_offer_depends_on_its_trip_alone(name: str, model: Bassin) -> None:
    """Asked again, in another order and in a smaller tile: the same bytes."""
    service = service_of(model, name)
    place, site, klass = rows_of(model)
    first = ask(service, place, site, klass)
    order = np.random.default_rng(3).permutation(len(place))[: len(place) // 2]
    again = ask(service, place[order], site[order], klass[order])
    offered = np.isfinite(first["out_min"])[order]
    for field in first:
        seen = slice(None) if field.endswith("_min") else offered
        assert again[field][seen].tobytes() == first[field][order][seen].tobytes(), field


def requests(model: Bassin, name: str) -> Array:
    """Who asks for the service on which slot of the first week, bool [person, slot].

    Everybody has a car of her own and nothing fails, so what is chosen is what was asked for, but of shared
    services, which refuse some; expectations are those of the start.
    """
    model.step()
    assert model.week_travel is not None
    row = [s.name for s in model.services].index(name)
    asked = np.asarray(model.week_travel.chosen == row)
    for book in model.week_travel.bookings:
        if book.row == row:
            asked[book.requests.person, book.requests.slot] = True
    return asked


# a scale of 10 EUR, so that every service has its riders
LIVELY = {"commute.choice_scale_eur": 10.0, "bike.asc_eur": 0.0}


def dearer(tile: Tile) -> None:
    tile.eur += np.float32(8.0)


def slower(tile: Tile) -> None:
    tile.out_min += np.float32(20.0)
    tile.back_min += np.float32(20.0)


@pytest.mark.parametrize("change", [dearer, slower])
@pytest.mark.parametrize("name", NAMES)
def test_dearer_or_slower_is_asked_for_by_fewer_and_by_nobody_new(
    name: str, change: Callable[[Tile], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = requests(same_trip(PERSONS, LIVELY, settings=settings_with(name)), name)
    fill = REGISTRY[name].fill

    def worse(self: Service, tile: Tile) -> None:
        fill(self, tile)
        change(tile)

    monkeypatch.setattr(REGISTRY[name], "fill", worse)
    after = requests(same_trip(PERSONS, LIVELY, settings=settings_with(name)), name)
    assert not (after & ~before).any(), f"somebody asks for {name} because it got worse"
    assert after.sum() < before.sum(), f"{name} has no riders to lose"


WORSE = sorted(
    (
        name,
        p.name,
        p.low if p.name.endswith((".asc_eur", "max_min", "max_walk_min", ".kmh", ".faster")) else p.high,
    )
    for name in NAMES
    for p in PARAMETERS.values()
    if p.name.startswith(f"{name}.") and not p.name.endswith((".fail", "co2_g_per_km", ".search"))
)


@pytest.mark.parametrize(("name", "parameter", "value"), WORSE, ids=[p for _, p, _ in WORSE])
def test_a_parameter_that_makes_it_worse_wins_no_rider(name: str, parameter: str, value: float) -> None:
    """Each parameter of a service set to the worse end of its range."""
    settings = settings_with(name)
    before = requests(same_trip(PERSONS, LIVELY, settings=settings), name)
    after = requests(same_trip(PERSONS, LIVELY | {parameter: value}, settings=settings), name)
    assert not (after & ~before).any()


@pytest.mark.parametrize("name", NAMES)
def test_switched_off_is_offered_to_nobody(name: str, model: Bassin) -> None:
    from dataclasses import replace

    left = tuple(s for s in model.settings.services if s != name)
    settings = replace(model.settings, services=left)
    without = Bassin(model.territory, model.population, model.catalogue, model.parameters, settings)
    without.step()
    assert name not in {s.name for s in without.services}
    assert without.week_travel is not None
    assert without.week_travel.chosen.max() < len(left)


def test_same_seed_same_requests() -> None:
    a, b = (same_trip(PERSONS, LIVELY, seed=5) for _ in range(2))
    for model in (a, b):
        model.step()
    assert a.week_travel is not None
    assert b.week_travel is not None
    assert np.array_equal(a.week_travel.chosen, b.week_travel.chosen)
    assert not np.array_equal(a.week_travel.chosen, requests(same_trip(PERSONS, LIVELY, seed=6), "car"))
