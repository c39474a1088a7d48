"""Ends of jobs and the economy of firms: every end is recorded, firms close, sectors make up for losses.

Lives here: what holds of any weeks of labour.ends, labour.economy and labour.separations. Not here: agreement
with the plain twin (test_twin_model).
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.core.causes import CAUSES, Cause
from embauche.core.draws import Purpose
from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.kernels import separations as kernels
from embauche.labour.economy import CLOSED_FOR_GOOD, OPEN, Economy, groups
from embauche.labour.ends import close_firm, end_jobs, remove_posts
from embauche.labour.state import State
from embauche.model import Bassin
from embauche.model_labour import labour_tables
from embauche.model_tables import hires_table, production_lost
from embauche.population.population import Population
from embauche.population.schemas import Contract, Status
from embauche.population.synthesis import synthesise
from helpers import tiny_territory
from naive.draws import Draws

TERRITORY = tiny_territory(3)
BUSY = {
    "quits.base": 0.01,
    "posts.destruction": 0.005,
    "trial.failure": 0.02,
    "firms.close_tpe": 0.003,
    "firms.take_over": 0.1,
    "contracts.cdd_end": 0.5,
}


@pytest.fixture(scope="module")
def population() -> Population:
    return synthesise(TERRITORY, default_catalogue(), defaults(), 1)  # type: ignore[arg-type]


def bassin(
    population: Population, changes: dict[str, float] | None = None, state: State | None = None
) -> Bassin:
    p = defaults().replaced(changes or {})
    return Bassin(TERRITORY, population, default_catalogue(), p, rng=3, state=state)  # type: ignore[arg-type]


def held(model: Bassin) -> Counter[tuple[int, int]]:
    """Who holds which post: (worker_id, post_id)."""
    s, ids = model.state, model.population.posts.post_id
    rows = np.flatnonzero(s.post >= 0)
    return Counter(zip(s.worker_id[rows].tolist(), ids[s.post[rows]].tolist(), strict=True))


def test_codes_of_causes_are_those_that_kernels_write() -> None:
    for name in ("STAYED", "RETIRED", "WITHDREW", "DESTROYED", "TRIAL_EMPLOYER", "TRIAL_WORKER",
                 "MISSED_SHIFTS", "QUIT", "QUIT_TRANSPORT", "APPRENTICE_BREAK"):  # fmt: skip
        assert getattr(kernels, name) == Cause[name]
    assert kernels.CONTRACT_ENDED == Cause.CONTRACT_END


def test_each_week_holders_hires_and_ends_add_up(population: Population) -> None:
    model, seen = bassin(population, BUSY), Counter[str]()
    for _ in range(16):
        before, contract = held(model), model.post_contract.copy()
        model.step()
        hires, ends = hires_table(model), labour_tables(model)["ends"]
        mine = hires.worker_id >= 0
        came = Counter(zip(hires.worker_id[mine].tolist(), hires.post_id[mine].tolist(), strict=True))
        gone = Counter(zip(ends.worker_id.tolist(), ends.post_id.tolist(), strict=True))
        assert before + came == held(model) + gone
        assert (ends.weeks >= 0).all()
        assert (ends.weeks[ends.cause == Cause.TRIAL_EMPLOYER] < 17).all()
        left = np.searchsorted(model.population.posts.post_id, ends.post_id)
        ended = left[ends.cause == Cause.CONTRACT_END]
        assert np.isin(contract[ended], (Contract.CDD, Contract.AGENCY)).all()
        moves = Counter(hires.from_post_id[hires.from_post_id >= 0].tolist())
        assert moves == Counter(ends.post_id[ends.cause == Cause.BETTER_OFFER].tolist())
        seen.update(CAUSES[c] for c in ends.cause)
    assert {"destroyed", "closed", "contract_end", "trial_employer", "quit_transport"} <= seen.keys()


def test_nobody_quits_for_the_way_where_it_is_worth_nothing(population: Population) -> None:
    """With the way's worth taken out of what kernels are told, no quit is for the way."""
    model = bassin(population, BUSY)
    present = model.present_utilities

    def without_the_way() -> np.ndarray:
        utility = present()
        model.present_logsum = np.zeros(len(utility))
        return np.asarray(np.where(np.isfinite(utility), utility, -1000.0))

    model.present_utilities = without_the_way  # type: ignore[method-assign]
    quits = 0
    for _ in range(10):
        model.step()
        causes = model.ends.columns()[2]
        assert not (causes == Cause.QUIT_TRANSPORT).any()
        quits += int(np.isin(causes, (Cause.QUIT, Cause.TRIAL_WORKER)).sum())
    assert quits > 0


def test_sectors_make_up_for_what_they_lose(population: Population) -> None:
    """Over two years with ten times the destruction posts inside stay within 3 % of what they were."""
    model = bassin(population, {"posts.destruction": 0.004, "firms.take_over": 0.1})
    inside = ~population.firms.external[population.posts.firm]
    start, counts = int((model.state.active & inside).sum()), []
    for _ in range(104):
        model.step()
        counts.append(int((model.state.active & inside).sum()))
    assert abs(np.mean(counts[52:]) / start - 1.0) < 0.03
    economy = Economy.of(model.state)
    assert economy.loss.sum() > 10 * 0.0003 * start  # what is lost has been learned
    assert np.abs(economy.sector).max() < 5.0
    assert 0.7 < economy.firm.std() < 1.3


def test_a_firm_closed_for_good_is_gone_and_not_made_up_for(population: Population) -> None:
    model = bassin(population)
    model.step()
    s, posts = model.state, model.population.posts
    sizes = np.bincount(posts.firm[s.holder >= 0], minlength=len(model.population.firms))
    firm = int(np.argmax(sizes * ~model.population.firms.external))
    mine = posts.firm == firm
    people = s.holder[mine][s.holder[mine] >= 0]
    counted = groups(model) >= 0
    wanted, active = Economy.of(s).wanted.sum(), int((s.active & mine & counted).sum())
    rows = len(model.ends.columns()[0])
    close_firm(model, np.array([firm]))
    economy = Economy.of(s)
    assert economy.wanted.sum() == wanted - active
    assert (s.status[people] == Status.UNEMPLOYED).all()
    assert (economy.closed_at[people] == s.week[0]).all()
    assert (
        (model.ends.columns()[2] == Cause.CLOSED).sum() == len(people) == len(model.ends.columns()[0]) - rows
    )
    for _ in range(30):
        model.step()
        assert not s.active[mine].any()
    assert economy.closed[firm] == CLOSED_FOR_GOOD


def test_a_firm_that_closes_by_chance_comes_back(population: Population) -> None:
    model = bassin(population, {"firms.close_tpe": 0.02, "firms.take_over": 0.5})
    economy, closed, opened = Economy.of(model.state), set[int](), 0
    posts = model.population.posts
    for _ in range(40):
        was = economy.closed.copy()
        model.step()
        shut = np.flatnonzero(economy.closed != OPEN)
        assert not model.state.active[np.isin(posts.firm, shut)].any()
        closed |= set(shut.tolist())
        opened += int(((was != OPEN) & (economy.closed == OPEN)).sum())
    assert len(closed) > 3
    assert opened > 3
    assert model.state.active[np.isin(posts.firm, list(closed))].any()


def test_jobs_ended_by_hand_reopen_or_not(population: Population) -> None:
    model = bassin(population)
    model.step()
    s = model.state
    people = np.flatnonzero((s.post >= 0) & ~s.apprentice)[:6]
    kept, gone = s.post[people[:3]].copy(), s.post[people[3:]].copy()
    opening, idle = s.opening.copy(), int(np.flatnonzero(s.status == Status.INACTIVE)[0])
    end_jobs(model, np.append(people[:3], idle), Cause.CONTRACT_END)
    end_jobs(model, people[3:], Cause.APPRENTICE_END, reopen=False)
    assert s.active[kept].all()
    assert (s.opening[kept] == opening[kept] + 1).all()
    assert not s.active[gone].any()
    assert (s.holder[np.append(kept, gone)] == -1).all()
    assert (s.status[people] == Status.UNEMPLOYED).all()
    assert s.status[idle] == Status.INACTIVE
    vacant = np.flatnonzero(s.active & (s.holder < 0))[:2]
    remove_posts(model, vacant)
    assert not s.active[vacant].any()


def test_the_economy_is_part_of_a_saved_state(population: Population) -> None:
    whole = bassin(population, BUSY)
    for _ in range(4):
        whole.step()
    again = bassin(population, BUSY, State.from_arrays(whole.state.arrays()))
    assert np.array_equal(again.post_contract, whole.post_contract)
    for _ in range(3):
        whole.step()
        again.step()
        assert all(
            np.array_equal(a, b) for a, b in zip(whole.ends.columns(), again.ends.columns(), strict=True)
        )
    assert np.array_equal(whole.state.active, again.state.active)


def test_production_lost_is_that_of_empty_posts(population: Population) -> None:
    model = bassin(population)
    model.step()
    lost, firm_id = production_lost(model), model.population.firms.firm_id
    s, posts = model.state, model.population.posts
    want = Counter[int]()
    for p in np.flatnonzero(s.active & (s.holder < 0) & (posts.contract != Contract.APPRENTICESHIP)):
        firm = int(model.population.firms.firm_id[posts.firm[p]])
        want[firm] += int(int(s.wage_cents[p]) * 2.7 * 12.0 / 52.0 + 0.5)
    found = {int(f): int(c) for f, c in zip(firm_id, lost, strict=True) if c}
    assert found == dict(want)


@given(
    st.integers(0, 2**31), st.integers(0, 2**40), st.integers(0, 2**50), st.integers(-300, 100),
    st.sampled_from([1.0, 6.0, 26.0]),
)  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_terms_follow_each_other_as_in_a_plain_calendar(
    seed: int, worker: int, post: int, since: int, mean: float
) -> None:
    """The weeks in which a term ends are sums of lengths of 1 to 2 * mean weeks."""
    draws, ends, at = Draws(seed), list[int](), since
    while at < since + 40:
        k = len(ends)
        x = draws.uniform(Purpose.CONTRACT_TERM, k, worker, post)
        length = 1 + math.floor(x * (2.0 * mean - 1.0) + 0.5)
        assert 1 <= length <= 2 * mean
        at += length
        ends.append(at)
    with np.errstate(over="ignore"):  # a hash wraps round
        found = [
            week
            for week in range(since, since + 40)
            if kernels.term_ends(seed, int(Purpose.CONTRACT_TERM), worker, post, since, week, mean)
        ]
    assert found == [week for week in ends if week < since + 40]
