"""Volunteer drivers: every tour can be driven, nobody drives too long, only who may ask is taken.

Not here: what every service keeps to (test_service_contract), other aids (test_aids).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.scenario_load import validated
from embauche.core.shifts import default_catalogue
from embauche.labour.aid_holders import fits, in_groups
from embauche.model import Bassin
from embauche.model_accounts import settled
from embauche.population.population import Population
from embauche.services.volunteers import Volunteers
from helpers import tiny_territory
from twin_case import twin_population

LIKED = {"volunteers.asc_eur": 15.0, "experience.reconsider": 1.0}
TERRITORY = tiny_territory()
MADE = twin_population(TERRITORY, households=150)
POPULATION = Population(MADE.households, MADE.persons, MADE.firms, MADE.posts)
ANYBODY = {"groups": ["apprentice", "unemployed", "employed"], "car": None}


def bassin(seed: int = 1, who: dict[str, Any] | None = None, **scheme: Any) -> Bassin:
    given = {"name": "neighbours", "volunteers": 6, "hours_week": 5, "days": "all"} | scheme
    options = {"who": who or ANYBODY, "schemes": [given]}
    settings = validated({"name": "x", "services": {"volunteers": options}}).settings()
    parameters = defaults().replaced(LIKED)
    return Bassin(TERRITORY, POPULATION, default_catalogue(), parameters, settings, rng=seed)  # type: ignore[arg-type]


def service_of(model: Bassin) -> Volunteers:
    (service,) = [s for s in model.services if isinstance(s, Volunteers)]
    return service


def served(model: Bassin) -> int:
    return sum(len(crew.tours) for crew in service_of(model).crews)


def test_every_tour_can_be_driven_and_nobody_drives_too_long() -> None:
    model = bassin()
    for _ in range(4):
        model.step()
        (crew,) = service_of(model).crews
        assert crew.tours
        for v in range(len(crew.home)):
            tours = [t for t in crew.tours.values() if t.volunteer == v]
            spans = sorted(span for t in tours for span in t.busy)
            assert all(a[1] <= b[0] for a, b in pairwise(spans))
            assert sum(b - a for a, b in spans) <= 5 * 60 + 1e-6
            for t in tours:
                assert t.busy[0][0] >= 1440 * t.day + crew.scheme.first
                assert t.busy[1][1] <= 1440 * t.day + crew.scheme.last
                assert t.out_end - t.out_start > 0
        moves = model.week_tables()["moves"]
        assert len(moves) == 6 * len(crew.tours)
        for v in np.unique(moves.vehicle):
            mine = np.flatnonzero(moves.vehicle == v)
            mine = mine[np.lexsort((moves.end_min[mine], moves.start_min[mine]))]
            assert (moves.end_min[mine][:-1] <= moves.start_min[mine][1:] + 1e-2).all()
            assert (moves.to_node[mine][:-1] == moves.from_node[mine][1:]).all()
            assert moves.from_node[mine][0] == crew.home[v] == moves.to_node[mine][-1]


def test_few_volunteers_refuse_and_none_offer_nothing() -> None:
    few, none = bassin(volunteers=2), bassin(volunteers=0)
    for model in (few, none):
        model.step()
    events = few.week_tables()["events"]
    asked, refused = (int((events.event == e).sum()) for e in ("request", "refused"))
    assert asked > refused > 0
    assert none.week_travel is not None
    row = [s.name for s in none.services].index("volunteers")
    assert not (none.week_travel.chosen == row).any()
    assert not np.isfinite(none.book.offers.out_min[row, : none.book.end.max()]).any()


def test_only_who_may_ask_is_taken() -> None:
    model = bassin(who={"groups": ["employed"], "car": False, "quintile_max": 3}, volunteers=30)
    row = [s.name for s in model.services].index("volunteers")
    rode = 0
    for _ in range(5):
        who = service_of(model).options.who
        may = fits(model, who) & in_groups(model.state, who.groups)
        model.step()
        assert model.week_travel is not None
        rides = (model.week_travel.chosen == row).any(axis=1)
        assert not (rides & ~may).any()
        rode += int(rides.sum())
    assert rode > 0


def test_the_books_of_a_week() -> None:
    model = bassin(volunteers=20)
    model.step()
    ledger, operations = settled(model)
    assert ledger.balances()["operator:volunteers/neighbours"] == 0
    trips = model.week_tables()["trips"]
    row = [s.name for s in model.services].index("volunteers")
    mine = trips.service == row
    paid = sum(
        c for (s, _, _, _, what, _), c in ledger.entries.items() if (s, what) == ("volunteers", "fare")
    )
    assert paid == int((trips.eur_cents[mine] * trips.tours[mine]).sum()) > 0
    back = sum(c for (s, _, _, _, what, _), c in ledger.entries.items() if what == "reimbursement")
    moves = model.week_tables()["moves"]
    km = float(moves.km.sum())
    assert back == pytest.approx(100 * km * model.parameters["volunteers.paid_back_eur_per_km"], abs=1.0)
    whole = operations.rows["volunteers", "neighbours", ""]
    assert whole["km_with"] == pytest.approx(float(moves.km[moves.riders > 0].sum()))
    assert whole["km_with"] + whole["km_empty"] == pytest.approx(km)


def test_what_is_given_up_is_free_again() -> None:
    model = bassin(volunteers=1, hours_week=3)
    model.step()
    service = service_of(model)
    (crew,) = service.crews
    assert model.week_travel is not None
    (bookings,) = model.week_travel.bookings
    requests = bookings.requests
    service.open_week(1)
    first = service.book(requests)
    held = dict(crew.tours)
    assert 0 < first.served.sum() < len(requests)
    service.release(requests.take(first.served))
    assert not crew.tours
    assert not crew.driven.any()
    again = service.book(requests)
    assert crew.tours == held
    assert np.array_equal(first.served, again.served)


def test_same_seed_same_week() -> None:
    a, b = bassin(), bassin()
    for model in (a, b):
        model.step()
        model.step()
    assert service_of(a).crews[0].tours == service_of(b).crews[0].tours


def test_a_commune_that_is_not_there_is_named() -> None:
    scheme = {"name": "s", "volunteers": 1, "communes": ["Avile"]}
    scenario = validated({"name": "x", "services": {"volunteers": {"schemes": [scheme]}}})
    options = scenario.settings().options["volunteers"]
    (problem,) = Volunteers.check(options, TERRITORY, None, defaults())
    assert problem.keys == ("schemes", 0, "communes", 0)
    assert "Aville" in str(problem)
    with pytest.raises(UserError, match="never drive"):
        validated({"name": "x", "services": {"volunteers": {"schemes": [
            {"name": "s", "volunteers": 1, "first": "20:00", "last": "08:00"}]}}})  # fmt: skip


@pytest.mark.long
def test_more_volunteers_serve_no_fewer() -> None:
    """Tours of the sixth week: the mean of 20 paired seeds rises with volunteers."""
    gain = []
    for seed in range(20):
        count = []
        for volunteers in (4, 8):
            model = bassin(seed, volunteers=volunteers)
            for _ in range(6):
                model.step()
            count.append(served(model))
        gain.append(count[1] - count[0])
    assert np.mean(gain) > 0.0
