"""Same seed, same result: whatever the threads, the order of the user's rows, or a saved state.

A minibus of few seats runs beside the usual services, so that refusals and what is learned are looked at too.
"""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from embauche.core import parallel
from embauche.core.offerings import KINDS
from embauche.core.parameters import defaults
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.kernels import REGISTRY
from embauche.labour.state import State
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.synthesis import synthesise
from fake_shared import FakeBus
from helpers import TinyTerritory, tiny_territory

WEEKS = 5
TIMES = 12


def big_territory() -> TinyTerritory:
    """The tiny territory with twelve times its people: enough rows for several blocks a thread."""
    t = tiny_territory()
    communes = t.communes.copy()
    communes.columns["population"] = communes.population * TIMES
    return replace(t, communes=communes)


@pytest.fixture(scope="module")
def population() -> Population:
    return synthesise(big_territory(), default_catalogue(), defaults(), 0)


def parquet(table: Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table.to_arrow(), sink, compression="zstd")
    return sink.getvalue()


def weeks(model: Bassin, n: int = WEEKS) -> list[bytes]:
    out = []
    for _ in range(n):
        model.step()
        out += [parquet(t) for t in model.week_tables().values()]
    return [*out, parquet(model.people()), parquet(model.access())]


@pytest.fixture(autouse=True)
def minibus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "fake", FakeBus)


WITH_BUS = Settings(services=("car", "transit", "bike", "walk", "fake"))


def bassin(population: Population, seed: int = 3, state: State | None = None) -> Bassin:
    return Bassin(
        big_territory(), population, default_catalogue(), defaults(), WITH_BUS, rng=seed, state=state
    )


@pytest.fixture
def threads():
    before = parallel.get_threads()
    yield parallel.set_threads
    parallel.set_threads(before)


def test_one_and_two_threads_write_the_same_bytes(population, threads):
    assert len(population.persons) > 2 * 2048, "too small to be cut into blocks"
    threads(1)
    one = weeks(bassin(population))
    threads(2)
    two = weeks(bassin(population))
    assert one == two


def test_another_seed_writes_other_bytes(population):
    assert weeks(bassin(population, 3), 2) != weeks(bassin(population, 4), 2)


def test_a_saved_state_goes_on_as_if_nothing_had_happened(population):
    whole = bassin(population)
    for _ in range(3):
        whole.step()
    saved = whole.state.arrays()
    whole_bytes = weeks(whole, 2)
    assert weeks(bassin(population, state=State.from_arrays(saved)), 2) == whole_bytes
    assert whole.state.kept.keys() >= {"fake.expected", "fake.standing"}


def test_order_of_households_and_firms_in_memory_does_not_matter(population):
    """Rows shuffled consistently (the readers sort; the model must not rely on it)."""
    luck = np.random.default_rng(1)
    persons, posts = population.persons, population.posts
    person_order = luck.permutation(len(persons))
    household_order = luck.permutation(len(population.households))
    firm_order = luck.permutation(len(population.firms))
    moved = persons.take(person_order)
    moved.columns["household"] = np.argsort(household_order)[moved.household].astype(np.int32)
    jobs = posts.copy()
    jobs.columns["firm"] = np.argsort(firm_order)[posts.firm].astype(np.int32)
    shuffled = replace(
        population,
        households=population.households.take(household_order),
        persons=moved,
        firms=population.firms.take(firm_order),
        posts=jobs,
    )
    a, b = bassin(population), bassin(shuffled)
    for _ in range(WEEKS):
        a.step()
        b.step()
        x, y = a.week_tables(), b.week_tables()
        assert (x["events"].event == "refused").any()
        for name in ("workers", "vacancies", "trips", "hires", "events"):
            assert parquet(x[name]) == parquet(y[name]), name


def test_stocks_close(population):
    model = bassin(population)
    for _ in range(WEEKS):
        model.step()
        s = model.state
        held = np.flatnonzero(s.post >= 0)
        assert np.array_equal(s.holder[s.post[held]], held), "a post and its holder disagree"
        assert (s.holder >= 0).sum() == len(held), "two hold one post"
        assert np.array_equal(np.flatnonzero(s.status == 2), held), "the employed are those with a post"
        assert s.active[s.post[held]].all(), "somebody holds a post that is gone"
        assert len(np.unique(s.worker_id)) == len(s.worker_id)


def test_every_kernel_has_one_signature(population):
    model = bassin(population)
    weeks(model, 1)
    several = {k.py_func.__name__: k.signatures for k in REGISTRY if len(k.signatures) > 1}
    assert not several
