"""Five workers, two firms, one bus: every figure of a week, worked out by hand.

Value of time 12 EUR/h = 0.20 EUR a minute for everybody (quintile 3); a month is 52/12 = 4.3333 weeks,
so five tours a week are 21.6667 a month. Nobody is ever late and nothing fails, so a tour is worth
V = constant - 0.20 * weight * minutes - euros.

Ways to travel from A (a tour is out and back)
- Car to C: 6.8 km at 48 km/h = 8.5 min, + 3 min to and from the car = 11.5 each way, 23.0 a tour;
  13.6 km at 0.20 EUR = 2.72 EUR; 13.6 * 142 = 1,931.2 g. V = -4.60 - 2.72 = -7.32.
- Car to B: 6.0 km = 7.5 min + 3 = 10.5 each way; 12.0 km = 2.40 EUR; 1,704 g. V = -4.20 - 2.40 = -6.60.
- Bike to C: 6.8 km at 15 km/h = 27.2 min each way. V = -3.50 - 0.20 * 1.4 * 54.4 = -18.732. Free, no CO2.
- On foot: 75 min to B, 85 to C: over the 60 allowed.
- Bus to C for 5-13 h: leave 4:30, at B 4:45, 10 minutes on foot, at C 4:55; it counts until 5:00: 30 min.
  Back: C 13:00, at B 13:10, bus 13:15, home 13:30: 30 min. 2 EUR; 2 * 6 km * 122 = 1,464 g.
  V = -1 - 0.20 * 60 - 2 = -15.00.
- Bus to C for 13-21 h: there is one at 12:30, but none home after 21:00. Not offered.
- Bus to B for 9-17 h: leave 8:30, at work 8:45, counts until 9:00: 30 min; back 17:00, bus 17:40, home
  17:55: 55 min. V = -1 - 0.20 * 85 - 2 = -20.00.

Shifts: 5-13 h has the hour before 6, 13-21 h the hour after 20: 5 h a week * 2 EUR * 4.3333 = 43.3333 EUR
a month; 9-17 h has none.

What posts are worth (EUR a month)
- Alice (13-21 h at C, 1,800 EUR): one car for two drivers, so p = 1/2; without it she has no way, and
  would be driven for 12 EUR: LS = (-7.32 + (-7.32 - 12)) / 2 = -13.32, * 21.6667 = -288.60. A child under
  six doubles 43.3333. U = 1,800 - 86.6667 - 288.60 = 1,424.7333.
- Bruno (9-17 h at B, 1,700 EUR): LS = (-6.60 + -20.00) / 2 = -13.30, * 21.6667 = -288.1667.
  U = 1,411.8333.
- Chloé (13-21 h at C, no car, no bike): no way home. U = -infinity.
- David (52 weeks without work, no car, no bike, other skill: -150): morning post 1,750 - 43.3333 - 150 -
  15 * 21.6667 (= 325) = 1,231.6667. His reservation: 1,400 * (0.95 - 0.004 * 52) = 1,038.80. He applies.
  The afternoon post: 1,900 - 43.3333 - 150 = 1,706.6667 before the way there, which does not exist:
  he declines it for transport.
- Emma (26 weeks, a bike, the right skill): afternoon 1,900 - 43.3333 - 18.732 * 21.6667 (= 405.86) =
  1,450.8067; morning, by bus, 1,750 - 43.3333 - 325 = 1,381.6667. Reservation 1,400 * (0.95 - 0.104) =
  1,184.40. She applies to both, the afternoon post first.

Hiring: fit of Emma 1 - 0.35 * 26/104 = 0.9125; of David 1 - 0.5 - 0.35 * 52/104 = 0.325; asked 0.3.
Round 1: both posts offer to Emma; she takes the afternoon. Round 2: the morning post offers to David, who
takes it.

Travel: Alice's way is longer (13.6 km against 12), so she chooses first: the car, out from 12:48.5 to
21:11.5. Bruno would need it from 8:49.5 to 17:10.5: it is taken, he rides the bus. Chloé misses five
shifts. David rides the bus, Emma her bike.

After the week: Chloé's missed shifts count 5 * 4 = 20 >= 12 quarter-shifts: dismissed; her post
is open again.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from embauche.core.settings import Settings
from embauche.labour.state import State
from embauche.model import Bassin
from embauche.population.schemas import Status
from hand_case import (
    ALICE,
    BRUNO,
    CHLOE,
    DAVID,
    EMMA,
    P_AFTERNOON,
    P_ALICE,
    P_BRUNO,
    P_CHLOE,
    P_MORNING,
    START,
    HandCase,
    hand_case,
)
from naive import NaiveBassin
from naive.agents import Worker

# The figures do not hang on luck, but for one: where the two vacancies stand within 1 % of each other on the
# ring (seed 1), 72 looks can all miss the one behind.
SEEDS = (2, 3, 4)
UTILITY = {
    ALICE: 1800 - 86.6666667 - 288.60,
    BRUNO: 1700 - 288.1666667,
}
# person: service, minutes out, minutes back, km, cents, grams of each of five tours
TOURS = {
    ALICE: ("car", 11.5, 11.5, 13.6, 272, 1931.2),
    BRUNO: ("transit", 30.0, 55.0, 12.0, 200, 1464.0),
    DAVID: ("transit", 30.0, 30.0, 12.0, 200, 1464.0),
    EMMA: ("bike", 27.2, 27.2, 13.6, 0, 0.0),
}
POSTS_AFTER = {ALICE: P_ALICE, BRUNO: P_BRUNO, CHLOE: -1, DAVID: P_MORNING, EMMA: P_AFTERNOON}


def plain_model(case: HandCase, seed: int = SEEDS[0]) -> NaiveBassin:
    return NaiveBassin(
        case.territory, case.population, case.catalogue, case.parameters, rng=seed, start=START
    )


def fast_model(case: HandCase, seed: int = SEEDS[0]) -> Bassin:
    persons, posts = case.population.persons, case.population.posts
    rows = {int(post_id): row for row, post_id in enumerate(posts.post_id)}
    held = np.array([rows.get(START.get(int(w), -1), -1) for w in persons.worker_id], np.int32)
    nobody_late = np.zeros((len(Settings().services), len(case.territory.communes)))
    return Bassin(
        case.territory,  # type: ignore[arg-type]
        case.population,
        case.catalogue,
        case.parameters,
        Settings(),
        rng=seed,
        state=State.start(persons, posts, held, nobody_late),
    )


def by_id(model: NaiveBassin) -> dict[int, Worker]:
    return {w.worker_id: w for w in model.workers}


def week_of(service: str) -> list[str | None]:
    """Monday to Friday, one tour a day."""
    return [service, None] * 5 + [None] * 4


@pytest.mark.parametrize("seed", SEEDS)
def test_the_week_in_the_plain_twin(seed: int) -> None:
    model = plain_model(hand_case(), seed)
    chloes_post = next(p for p in model.posts if p.post_id == P_CHLOE)
    model.step()
    people = by_id(model)

    for person, utility in UTILITY.items():
        assert people[person].utility_now == pytest.approx(utility, abs=1e-4)
    assert people[CHLOE].utility_now == -math.inf
    assert [(a.post.post_id, pytest.approx(a.utility, abs=1e-4)) for a in people[DAVID].applications] == [
        (P_MORNING, 1231.6667)
    ]
    assert [(a.post.post_id, pytest.approx(a.utility, abs=1e-4)) for a in people[EMMA].applications] == [
        (P_AFTERNOON, 1450.8067),
        (P_MORNING, 1381.6667),
    ]
    assert people[DAVID].declined_transport
    assert not people[EMMA].declined_transport
    assert [p for p in people if people[p].searched] == [DAVID, EMMA]
    fits = {(a.worker.worker_id, a.post.post_id): a.fit for a in model.pool}
    assert fits == pytest.approx(
        {(DAVID, P_MORNING): 0.325, (EMMA, P_MORNING): 0.9125, (EMMA, P_AFTERNOON): 0.9125}
    )
    assert {(h.worker_id, h.post_id, h.from_post_id, h.weeks_open, h.wage_cents) for h in model.hires} == {
        (DAVID, P_MORNING, -1, 0, 175_000),
        (EMMA, P_AFTERNOON, -1, 0, 190_000),
    }

    for person, (service, *figures) in TOURS.items():
        assert people[person].services == week_of(service)
        assert people[person].missed == people[person].late == people[person].missed_recent == 0
        for tour in people[person].tours:
            o = tour.offer
            assert o is not None
            assert [o.out_min, o.back_min, o.km, o.cents, o.g] == pytest.approx(figures, rel=1e-6)
    assert people[CHLOE].services == week_of("missed")
    assert people[CHLOE].missed == 5
    assert people[ALICE].household.out[0] == pytest.approx((12 * 60 + 48.5, 21 * 60 + 11.5))

    assert {i: w.post.post_id if w.post else -1 for i, w in people.items()} == POSTS_AFTER
    assert people[CHLOE].status == Status.UNEMPLOYED
    assert (people[CHLOE].spell_weeks, people[DAVID].spell_weeks, people[ALICE].spell_weeks) == (0, 1, 101)
    assert (chloes_post.active, chloes_post.holder, chloes_post.opening) == (True, None, 1)
    assert set(model.expected_late.values()) == {0.0}
    assert [w.age_weeks for w in people.values()] == [30 * 52 + 1] * 5


@pytest.mark.parametrize("seed", SEEDS)
def test_the_week_in_the_fast_model(seed: int) -> None:
    model = fast_model(hand_case(), seed)
    utility = dict(zip(model.state.worker_id.tolist(), model.present_utilities().tolist(), strict=True))
    for person, expected in UTILITY.items():
        assert utility[person] == pytest.approx(expected, abs=1e-4)
    assert utility[CHLOE] == -math.inf
    model.step()

    ids, post_id = model.state.worker_id, model.population.posts.post_id
    sent = model.week_applications
    hires = model.week_hires
    assert sent is not None
    assert hires is not None
    found = {
        (int(ids[w]), int(post_id[p])): u
        for w, p, u in zip(sent.person, sent.post, sent.utility.tolist(), strict=True)
    }
    assert found == pytest.approx(
        {(DAVID, P_MORNING): 1231.6667, (EMMA, P_AFTERNOON): 1450.8067, (EMMA, P_MORNING): 1381.6667},
        abs=1e-4,
    )
    assert ids[sent.searched].tolist() == [DAVID, EMMA]
    assert ids[sent.declined].tolist() == [DAVID]
    assert {
        (int(ids[w]), int(post_id[p]), int(f), int(o), int(c))
        for w, p, f, o, c in zip(
            hires.person, hires.post, hires.from_post, hires.weeks_open, hires.wage_cents, strict=True
        )
    } == {(DAVID, P_MORNING, -1, 0, 175_000), (EMMA, P_AFTERNOON, -1, 0, 190_000)}

    names = [s.name for s in model.services] + ["missed", None]
    people = {w.worker_id: w for w in model.workers}
    assert {i: w.post_id for i, w in people.items()} == POSTS_AFTER
    assert people[CHLOE].status == Status.UNEMPLOYED
    assert people[CHLOE].missed == 5
    assert [names[s] for s in people[CHLOE].services] == week_of("missed")
    for person, (service, *_) in TOURS.items():
        assert [names[s] for s in people[person].services] == week_of(service)
        assert people[person].missed == 0
    assert model.state.spell.tolist() == [101, 101, 0, 1, 1]
    chloes_row = post_id.tolist().index(P_CHLOE)
    assert (
        model.state.active[chloes_row],
        model.state.holder[chloes_row],
        model.state.opening[chloes_row],
    ) == (
        True,
        -1,
        1,
    )
    assert not model.state.expected_late.any()


def test_the_trips_table_has_the_figures_of_the_week() -> None:
    model = fast_model(hand_case())
    model.step()
    trips = model.week_tables()["trips"]
    names = [s.name for s in model.services]
    rows = {}
    for i in range(len(trips)):
        service = int(trips.service[i])
        if service < 0:
            assert (int(trips.worker_id[i]), int(trips.tours[i])) == (CHLOE, 5)
            continue
        assert (int(trips.tours[i]), int(trips.late[i])) == (5, 0)
        figures = [float(trips[n][i]) for n in ("out_min", "back_min", "km", "eur_cents", "co2_g")]
        rows[int(trips.worker_id[i])] = (names[service], *(pytest.approx(x, rel=1e-6) for x in figures))
    assert rows == TOURS
    # the week's sums: 5 * (23 + 85 + 60 + 54.4) minutes, 5 * (2.72 + 2 + 2) EUR, 5 * (1931.2 + 2 * 1464) g
    made = trips.service >= 0
    tours = trips.tours[made]
    assert float((tours * (trips.out_min + trips.back_min)[made]).sum()) == pytest.approx(1112.0, rel=1e-6)
    assert int((tours * trips.eur_cents[made]).sum()) == 3360
    assert float((tours * trips.co2_g[made]).sum()) == pytest.approx(24_296.0, rel=1e-6)


def test_a_bus_home_after_21_h_lets_chloe_work() -> None:
    """With a bus from B at 21:15 she rides it: 30 min out, and C 21:00, B 21:10, home 21:30."""
    case = hand_case(late_bus=True)
    plain, fast = plain_model(case), fast_model(case)
    plain.step()
    fast.step()
    chloe = by_id(plain)[CHLOE]
    assert chloe.services == week_of("transit")
    offer = chloe.tours[0].offer
    assert offer is not None
    assert (offer.out_min, offer.back_min) == (30.0, 30.0)
    # V = -15: 1,800 - 43.3333 - 325 = 1,431.6667; she keeps her job
    assert chloe.utility_now == pytest.approx(1431.6667, abs=1e-4)
    assert chloe.status == Status.EMPLOYED
    names = [s.name for s in fast.services]
    assert fast.workers[2].worker_id == CHLOE
    assert [names[s] if s >= 0 else None for s in fast.workers[2].services] == week_of("transit")
    assert fast.workers[2].post_id == P_CHLOE


def test_a_second_car_lets_bruno_drive() -> None:
    """Two cars for two drivers: p = 1, so LS is the car's: 1,700 - 6.60 * 21.6667 = 1,557."""
    case = hand_case(cars=2)
    plain, fast = plain_model(case), fast_model(case)
    assert fast.present_utilities()[1] == pytest.approx(1557.0, abs=1e-4)
    plain.step()
    fast.step()
    bruno = by_id(plain)[BRUNO]
    assert bruno.services == week_of("car")
    assert bruno.utility_now == pytest.approx(1557.0, abs=1e-4)
    offer = bruno.tours[0].offer
    assert offer is not None
    figures = [offer.out_min, offer.back_min, offer.km, offer.cents, offer.g]
    assert figures == pytest.approx([10.5, 10.5, 12.0, 240, 1704.0])
    names = [s.name for s in fast.services]
    assert [names[s] if s >= 0 else None for s in fast.workers[1].services] == week_of("car")
