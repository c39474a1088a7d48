"""The fast model and the plain twin live the same weeks, person by person."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from embauche.commuting.offers import Offers, price
from embauche.core.causes import CAUSES
from embauche.core.channels import Channel
from embauche.core.offerings import KINDS
from embauche.core.parameters import defaults
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.territory.schemas import CONNECTIONS, STOPS, TRIPS
from fake_shared import VALUES, FakeBus, PlainBus
from helpers import TinyTerritory, tiny_territory, with_turns
from naive import NaiveBassin
from naive.agents import Worker
from twin_case import start_of, twin_population

# Rates far above real ones, so that twelve weeks see every rule at work.
BUSY = {
    "search.on_the_job": 0.2,
    "quits.base": 0.01,
    "quits.extra_per_hour": 0.001,
    "posts.destruction": 0.01,
    "external.fill_rate": 0.3,
    "contracts.cdd_end": 0.5,
    "contracts.cdd_weeks": 4.0,
    "contracts.agency_weeks": 2.0,
    "contracts.cdd_to_cdi": 0.4,
    "contracts.agency_to_cdi": 0.5,
    "trial.failure": 0.03,
    "firms.close_tpe": 0.02,
    "firms.close_pme": 0.02,
    "firms.take_over": 0.2,
    "firms.not_replaced": 0.2,
    "car.fail": 0.02,
    "transit.late": 0.2,
    "transit.asc_eur": 8.0,
    "transit.max_min": 150.0,
    "walk.max_min": 30.0,
    "search.give_up": 0.3,
    "search.come_back": 0.2,
    "hire.threshold": 0.7,
    "channels.platform_people": 400.0,
    "channels.platform_reach_km": 1.5,
    "channels.platform_users": 0.6,
    "channels.neighbours_looks": 6.0,
    "retry.every_weeks": 2.0,
    "hire.decide_weeks_tpe": 0.7,
    "retry.withdraw": 0.1,
    "demography.leave_adult": 0.01,
}

# The plain model knows no courses and no immersions, and nobody whom her employer trains gets to the end.
UNTRAINED = {"training.apply": 0.0, "immersion.apply": 0.0, "training.hire_weeks": 104.0}


def pair(
    changes: dict[str, float], seed: int, households: int, territory: TinyTerritory | None = None
) -> tuple[Bassin, NaiveBassin]:
    territory = territory or with_turns(tiny_territory())
    made = twin_population(territory, households=households)
    made.persons.age_weeks[3] = 3375  # somebody turns 65 in the fifth week
    made.persons.age_weeks[5] = 18 * 52 - 3  # and a licence starts to count in the fourth
    made.persons.age_weeks[7:19] = 25 * 52 - np.arange(1, 13)  # one turns 25 each week,
    made.persons.age_weeks[20:32] = 55 * 52 - np.arange(1, 13)  # and one 55
    made.persons.licence[7:13] = False
    population = Population(made.households, made.persons, made.firms, made.posts)
    catalogue, parameters = default_catalogue(), defaults().replaced(UNTRAINED | changes)
    fast = Bassin(territory, population, catalogue, parameters, Settings(), rng=seed)  # type: ignore[arg-type]
    return fast, NaiveBassin(territory, population, catalogue, parameters, rng=seed, **start_of(fast))


def pair_with_bus(changes: dict[str, float], seed: int, households: int) -> tuple[Bassin, NaiveBassin]:
    """Both with a minibus of two seats beside the usual services, and a car a household at most."""
    fast, plain = pair(changes, seed, households)
    settings = replace(fast.settings, services=(*fast.settings.services, "fake"))
    t, population = fast.territory, fast.population
    population.households.cars[:] = np.minimum(population.households.cars, 1)
    fast = Bassin(t, population, fast.catalogue, fast.parameters, settings, rng=seed)
    classes = fast.network.classes
    shift, week, slot = np.nonzero(classes.roster >= 0)
    known = {
        (int(fast.catalogue.roster[at]), int(at[2]) // 2): int(classes.roster[at])
        for at in zip(shift, week, slot, strict=True)
    }
    values = {name: fast.parameters[name] for name in fast.parameters} | {
        f"fake.{what}": value for what, value in VALUES.items()
    }
    plain = NaiveBassin(
        t, population, fast.catalogue, values, settings.services, rng=seed, **start_of(fast),
        shared=[PlainBus(t, FakeBus.seats)], class_of=lambda window, day: known[window, day],
        classes=len(classes.window),
    )  # fmt: skip
    return fast, plain


def fast_people(model: Bassin, met: set[int]) -> dict[int, dict[str, object]]:
    """By person: how she stands and how she travelled; `met` are those who lived the week."""
    names = [s.name for s in model.services] + ["missed", None]
    state, week, posts = model.state, model.week_travel, model.population.posts
    applications, hires = model.week_applications, model.week_hires
    assert week is not None
    assert applications is not None
    assert hires is not None
    people: dict[int, dict[str, object]] = {}
    for w in model.workers:
        people[w.worker_id] = {
            "status": int(w.status),
            "post": w.post_id,
            "spell": int(state.spell[w.row]),
            "missed_recent": int(state.missed_quarters[w.row]),
            "age": int(state.age_weeks[w.row]),
        }
        if w.worker_id in met:
            sent = posts.post_id[applications.post[applications.person == w.row]]
            people[w.worker_id] |= {
                "services": [names[s] for s in w.services],
                "late": [slot for slot in range(14) if week.late_bits[w.row] >> slot & 1],
                "missed": w.missed,
                "searched": bool(applications.searched[w.row]),
                "declined": bool(applications.declined[w.row]),
                "applications": sent.tolist(),
                "channels": applications.channel[applications.person == w.row].tolist(),
                "hired": bool(hires.hired[w.row]),
            }
    return people


def plain_people(model: NaiveBassin, met: set[int]) -> dict[int, dict[str, object]]:
    people: dict[int, dict[str, object]] = {}
    for w in model.workers:
        people[w.worker_id] = {
            "status": w.status,
            "post": w.post.post_id if w.post else -1,
            "spell": w.spell_weeks,
            "missed_recent": w.missed_recent,
            "age": w.age_weeks,
        }
        if w.worker_id in met:
            people[w.worker_id] |= {
                "services": w.services,
                "late": [t.slot for t in w.tours if t.late],
                "missed": w.missed,
                "searched": w.searched,
                "declined": w.declined_transport,
                "applications": [a.post.post_id for a in w.applications],
                "channels": [int(a.channel) for a in w.applications],
                "hired": w.hired_this_week,
            }
    return people


def fast_posts(model: Bassin) -> dict[int, tuple[object, ...]]:
    """By post: active, holder, opening, weeks open, wage."""
    s = model.state
    return {
        int(model.population.posts.post_id[p]): (
            bool(s.active[p]),
            int(s.worker_id[s.holder[p]]) if s.holder[p] >= 0 else -1,
            int(s.opening[p]),
            int(s.weeks_open[p]) if s.active[p] and s.holder[p] < 0 else None,
            int(s.wage_cents[p]) if s.active[p] else None,
        )
        for p in range(len(s.holder))
    }


def plain_posts(model: NaiveBassin) -> dict[int, tuple[object, ...]]:
    return {
        p.post_id: (
            p.active,
            p.holder.worker_id if p.holder else -1,
            p.opening,
            p.weeks_open if p.vacant else None,
            p.wage_cents if p.active else None,
        )
        for p in model.posts
    }


def fast_hires(model: Bassin) -> set[tuple[int, ...]]:
    h = model.week_tables()["hires"]
    names = ("worker_id", "post_id", "opening", "from_post_id", "weeks_open", "wage_cents")
    return set(zip(*(h[name].tolist() for name in names), strict=True))


def fast_trips(model: Bassin) -> dict[tuple[int, int, str], list[float]]:
    """The trips table by (person, window, service): tours, late, minutes, km, cents, grams of the week."""
    trips, names = model.week_tables()["trips"], [*(s.name for s in model.services), "missed"]
    sums: dict[tuple[int, int, str], list[float]] = {}
    for i in range(len(trips)):
        key = (int(trips.worker_id[i]), int(trips.window[i]), names[int(trips.service[i])])
        one = [float(trips[n][i]) for n in ("out_min", "back_min", "km", "eur_cents", "co2_g")]
        tours = int(trips.tours[i])
        row = [tours, float(trips.late[i]), *(tours * x for x in one)]
        sums[key] = [a + b for a, b in zip(sums.get(key, [0.0] * 7), row, strict=True)]
    return sums


def plain_trips(workers: list[Worker]) -> dict[tuple[int, int, str], list[float]]:
    sums: dict[tuple[int, int, str], list[float]] = {}
    for w in workers:
        for t in w.tours:
            o = t.offer
            one = [0.0] * 5 if o is None else [t.out_min, t.back_min, o.km, float(o.cents), o.g]
            key = (w.worker_id, t.window, "missed" if o is None else o.service)
            row = [1.0, float(t.late), *one]
            sums[key] = [a + b for a, b in zip(sums.get(key, [0.0] * 7), row, strict=True)]
    return sums


def live_together(fast: Bassin, plain: NaiveBassin, weeks: int) -> Counter[str]:
    """Step both and compare everybody every week; returns how often what happened."""
    seen: Counter[str] = Counter()
    places = fast.network.place_rows.tolist()
    for week in range(weeks):
        before = list(plain.workers)
        met = {w.worker_id for w in before}
        fast.step()
        plain.step()
        a, b = fast_people(fast, met), plain_people(plain, met)
        assert a.keys() == b.keys(), week
        for worker_id in b:
            assert a[worker_id] == b[worker_id], (week, worker_id)
        assert fast_posts(fast) == plain_posts(plain), week
        trips, plainly = fast_trips(fast), plain_trips(before)
        assert trips.keys() == plainly.keys(), week
        for key, row in plainly.items():
            assert trips[key] == pytest.approx(row, rel=1e-4), (week, key)
        ids, rows, cause, _ = fast.ends.columns()
        ends = zip(ids.tolist(), fast.population.posts.post_id[rows].tolist(), cause.tolist(), strict=True)
        assert {(w, p, CAUSES[c]) for w, p, c in ends} == set(plain.ends), week
        post_ids = fast.population.posts.post_id.tolist()
        contracts = dict(zip(post_ids, fast.post_contract.tolist(), strict=True))
        assert contracts == {post.post_id: post.contract for post in plain.posts}, week
        seen.update(cause for *_, cause in plain.ends)
        hires = {tuple(vars(h).values()) for h in plain.hires}
        assert fast_hires(fast) == hires, week
        for row, service in enumerate(fast.services):
            late = [plain.expected_late[service.name, c] for c in range(len(plain.territory.communes))]
            assert fast.state.expected_late[row] == pytest.approx(late, rel=1e-12, abs=1e-15)
        for row, service in fast.shared.items():
            asked = plain.shared[service.name].asked
            requests = [
                (a.worker.worker_id, a.tour.slot, a.answer is not None, a.held) for a in asked if a.rode
            ]
            book = next(b for b in fast.week_travel.bookings if b.row == row)
            r = book.requests
            columns = (r.worker_id, r.slot, book.answers.served, book.held)
            assert list(zip(*(c.tolist() for c in columns), strict=True)) == requests, week
            learned = [
                [
                    plain.shared[service.name].expected[place, c][what]
                    for c in range(service.expected.shape[2])
                ]
                for what in range(3)
                for place in places
            ]
            found = service.expected.reshape(len(learned), -1)
            np.testing.assert_allclose(found, learned, rtol=1e-5)
            seen["refused"] += sum(not served for _, _, served, _ in requests)
            seen["cancelled"] += sum(served and not held for _, _, served, held in requests)
            seen["probed"] += sum(not a.rode for a in asked)
            seen["standing"] += int(r.standing.sum())
        seen.update(s for w in plain.workers for s in w.services if s is not None)
        seen.update(x for p in b.values() for x in ("searched", "declined", "hired") if p.get(x))
        seen.update(Channel(a.channel).name for w in plain.workers for a in w.applications)
        seen["gave_up"] += sum(w.gave_up for w in plain.workers)
        seen["late"] += sum(w.late for w in before)
        seen["outsiders"] += sum(h.worker_id < 0 for h in plain.hires)
        seen["moves"] += sum(h.from_post_id >= 0 for h in plain.hires)
        seen["entrants"] += len(b.keys() - met)
        seen["dearer"] += sum(p.vacant and p.wage_cents > p.grid_cents for p in plain.posts)
    return seen


def test_both_live_the_same_twelve_weeks() -> None:
    fast, plain = pair(BUSY, seed=16, households=48)
    seen = live_together(fast, plain, weeks=12)
    for what in ("car", "transit", "bike", "walk", "missed", "late", "searched", "declined", "hired",
                 "outsiders", "moves", "entrants", "dearer", "destroyed", "closed", "contract_end",
                 "trial_employer", "missed_shifts", "quit_transport", "better_offer", "OWN", "FRANCE_TRAVAIL",
                 "AGENCY", "SCHOOL", "PLATFORM", "NEIGHBOURS", "COLLEAGUES", "gave_up"):  # fmt: skip
        assert seen[what] > 0, (what, seen)


@pytest.mark.parametrize(
    ("seed", "changes"),
    [
        (1, {}),
        (2, {"commute.constant_share": 0.0, "search.decay_on": 0.0, "transit.max_min": 240.0}),
        (3, BUSY | {"match.noise_eur": 0.0, "hire.noise": 0.0, "dismissal.quarter_shifts": 4.0}),
    ],
)
def test_they_agree_for_other_parameters(seed: int, changes: dict[str, float]) -> None:
    fast, plain = pair(changes, seed, households=24)
    seen = live_together(fast, plain, weeks=5)
    assert seen["car"] > 0


# who is refused takes the only car, its other driver walks, and so a third may drive and gives her seat up
GIVEN_UP = BUSY | {"experience.reconsider": 1.0, "commute.choice_scale_eur": 6.0, "bike.asc_eur": -15.0}


@pytest.mark.parametrize(
    ("seed", "changes", "weeks", "also"),
    [(4, BUSY, 8, "late"), (5, {"experience.probes": 7.0}, 5, "late"), (37, GIVEN_UP, 2, "cancelled")],
)
def test_they_agree_about_a_service_whose_places_are_few(
    seed: int, changes: dict[str, float], weeks: int, also: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests in the same order, the same answers, the same expectations of every place and class."""
    monkeypatch.setitem(KINDS, "fake", FakeBus)
    fast, plain = pair_with_bus(changes, seed, households=48)
    seen = live_together(fast, plain, weeks)
    for what in ("fake", "refused", "probed", "standing", also):
        assert seen[what] > 0, (what, seen)


def tangled_timetable(seed: int) -> TinyTerritory:
    """Nine stops (one off the roads, two at the pole outside), forty runs of buses and trains at all hours,
    past midnight too, on days of their own, some stops for boarding or alighting only."""
    rng = np.random.default_rng(seed)
    territory = tiny_territory()
    node = np.append(rng.integers(0, 100, 7), [-1, -1]).astype(np.int32)
    zone = np.array([-1] * 7 + [3, 3])
    stops = {
        "stop_id": np.array([f"s{i}" for i in range(9)], object), "name": np.array(["stop"] * 9, object),
        "lon": np.zeros(9), "lat": np.zeros(9), "node": node, "walk_s": rng.integers(0, 120, 9),
        "zone": zone, "wheelchair": np.zeros(9),
    }  # fmt: skip
    text = np.array([f"t{i}" for i in range(40)], object)
    trips = {
        "trip_id": text, "route": text, "route_name": text, "agency": text,
        "mode": rng.choice([0, 2, 3], 40), "days": rng.choice([31, 32, 64, 96, 127, 85], 40),
    }  # fmt: skip
    rows = []
    for trip in range(40):
        path, time = rng.permutation(9)[:4], int(rng.integers(3 * 60, 26 * 60)) * 60
        for a, b in pairwise(path.tolist()):
            arrive = time + int(rng.integers(3, 15)) * 60
            rows.append(
                (trip, a, b, time, arrive, float(rng.integers(1, 9)), rng.random() > 0.1, rng.random() > 0.1)
            )
            time = arrive + int(rng.integers(0, 4)) * 60
    names = ("trip", "dep_stop", "arr_stop", "dep_s", "arr_s", "km", "pickup", "dropoff")
    connections = dict(zip(names, (np.array(c) for c in zip(*rows, strict=True)), strict=True))
    return replace(
        territory,
        stops=Table.make(STOPS, stops),
        trips=Table.make(TRIPS, trips),
        connections=Table.make(CONNECTIONS, connections),
    )


DELAYS = {
    "transit.bus_delay_min": 3.0, "transit.bus_delay_p95_ratio": 3.3, "transit.rail_delay_min": 1.5,
    "transit.rail_delay_p95_ratio": 2.0,
}  # fmt: skip


@pytest.mark.parametrize("tangle", [None, 1, 2, 3])
def test_offers_agree_for_every_home_workplace_and_class(tangle: int | None) -> None:
    territory = tiny_territory() if tangle is None else tangled_timetable(tangle)
    changes = {"transit.max_min": 200.0} | (DELAYS if tangle in (None, 3) else {})
    fast, plain = pair(changes, seed=1, households=24, territory=territory)
    net = fast.network
    assert net.transit is not None
    site, klass = np.nonzero(net.transit.row >= 0)
    place = np.repeat(np.arange(len(net.place_rows)), len(site))
    site, klass = np.tile(site, len(net.place_rows)), np.tile(klass, len(net.place_rows))
    offers = Offers.empty(len(fast.services), len(place))
    price(fast.services, place.astype(np.int32), site.astype(np.int32), klass.astype(np.int16), offers)
    made: Counter[str] = Counter()
    for i in range(len(place)):
        tour = plain.offers.tour(
            int(net.place_rows[place[i]]),
            int(net.site_rows[site[i]]),
            int(net.classes.window[klass[i]]),
            int(net.classes.days[klass[i], 1]),
        )
        for row, service in enumerate(fast.services):
            offer = tour.get(service.name)
            assert (offer is None) == bool(np.isinf(offers.out_min[row, i])), (i, service.name)
            if offer is None:
                continue
            made[service.name] += 1
            names = ("out_min", "back_min", "eur", "km", "g", "late", "felt_min")
            fast_offer = [getattr(offers, n)[row, i] for n in names]
            plain_offer = [
                offer.out_min,
                offer.back_min,
                offer.eur,
                offer.km,
                offer.g,
                offer.more_late,
                offer.felt_min(plain.p),
            ]
            assert fast_offer == pytest.approx(plain_offer, rel=1e-6, abs=1e-6), (i, service.name)
    assert min(made[s.name] for s in fast.services) > 100, made
