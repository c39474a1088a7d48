"""Draws that hit their margins, ids, and readers of users' tables, on inputs that hypothesis finds.

Lives here: properties of population.quotas and population.user_files. Not here: figures.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from embauche.core.errors import Problem, UserError
from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.population.quotas import (
    Draw,
    calibrate,
    choose,
    code_numbers,
    interleave,
    largest_remainder,
    rake,
    sample,
    spread_over,
    stratified,
)
from embauche.population.schemas import Status
from embauche.population.synthesis import synthesise
from embauche.population.user_tables import read_population
from helpers import tiny_territory, with_communes

weights = st.lists(st.floats(0, 100, allow_subnormal=False), min_size=1, max_size=12)


@given(st.integers(0, 10_000), weights)
def test_largest_remainder_adds_up_and_is_near(total: int, shares: list[float]) -> None:
    assume(sum(shares) > 1e-3)
    out = largest_remainder(total, np.array(shares))
    assert out.sum() == total
    assert (np.abs(out - total * np.array(shares) / sum(shares)) < 1 + 1e-6).all()


@given(st.lists(st.integers(0, 200), min_size=1, max_size=10), st.integers(0, 2**31))
def test_interleave_holds_every_stretch_near_its_share(counts: list[int], seed: int) -> None:
    assume(sum(counts) > 0)
    phases = np.random.default_rng(seed).uniform(0.001, 0.999, len(counts))
    labels = interleave(np.array(counts), phases)
    assert np.array_equal(np.bincount(labels, minlength=len(counts)), counts)
    seen = np.cumsum(labels[:, None] == np.arange(len(counts)), 0)
    expected = np.arange(1, len(labels) + 1)[:, None] * np.array(counts) / sum(counts)
    assert np.abs(seen - expected).max() <= len(counts) / 2 + 1


@given(st.integers(1, 400), st.integers(0, 2**31), weights, st.integers(1, 5))
def test_stratified_choice_hits_the_shares_of_each_cell(
    n: int, seed: int, shares: list[float], cells: int
) -> None:
    assume(sum(shares) > 1e-3)
    ids = np.arange(n) * 17 + 3
    cell = np.sort(ids * 7919 % cells)
    table = np.tile(np.array(shares), (cells, 1))
    out = choose(stratified(seed, Draw.AGE, ids, cell), table, cell)
    for c in range(cells):
        got = np.bincount(out[cell == c], minlength=len(shares))
        wanted = np.count_nonzero(cell == c) * np.array(shares) / sum(shares)
        assert np.abs(got - wanted).max() <= 1 + 1e-6


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=300), st.floats(0, 1), st.integers(0, 2**31))
def test_systematic_sample_has_the_calibrated_number(p: list[float], share: float, seed: int) -> None:
    wanted = round(share * len(p))
    q = calibrate(np.array(p), wanted)
    assert q.min() >= 0
    assert q.max() <= 1
    assert q.sum() == pytest.approx(wanted, abs=1e-6)
    chosen = sample(seed, Draw.BIKE, np.arange(len(p)), q, np.zeros(len(p), int))
    assert chosen.sum() == wanted


@given(st.integers(2, 5), st.integers(2, 6), st.integers(0, 2**31))
def test_rake_fits_both_margins(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    target = rng.uniform(0.5, 5, (rows, columns))
    fitted = rake(rng.uniform(0.5, 2, (rows, columns)), target.sum(1), target.sum(0))
    assert np.allclose(fitted.sum(0), target.sum(0))
    assert np.allclose(fitted.sum(1), target.sum(1))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=200), st.integers(0, 2**31))
def test_spread_over_stays_in_the_cell_and_avoids_weight_zero(cells: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    weight_cell = rng.permutation(np.repeat(np.arange(6), 4))
    weight = rng.uniform(0.1, 1, 24) * (rng.uniform(size=24) < 0.7)
    weight[[np.flatnonzero(weight_cell == c)[0] for c in range(6)]] = 1.0
    cell = np.array(cells)
    target = spread_over(rng.uniform(size=len(cell)), cell, weight, weight_cell)
    assert np.array_equal(weight_cell[target], cell)
    assert (weight[target] > 0).all()


codes = st.lists(st.text("0123456789ABXYZ-é", min_size=1, max_size=9), min_size=1, max_size=40, unique=True)


@given(codes, st.randoms(use_true_random=False))
def test_code_numbers_are_unique_and_independent_of_order(names: list[str], random: object) -> None:
    # codes that differ in case or leading zeros only are one number in base 36: INSEE codes never do
    assume(len({c.lstrip("0").upper() for c in names}) == len(names))
    numbers = code_numbers(names)
    assert len(set(numbers.tolist())) == len(names)
    assert numbers.min() >= 0
    assert numbers.max() < 2**26
    shuffled = sorted(names, key=lambda c: c[::-1])
    again = dict(zip(shuffled, code_numbers(shuffled).tolist(), strict=True))
    assert [again[c] for c in names] == numbers.tolist()


GOOD = (
    b"worker_id,lon,lat,sex,age,status,household_id,skill\n"
    b"1,2.61,50.51,f,30,employed,1,2\n2,2.62,50.52,m,41.5,unemployed,1,logistics\n"
)
TERRITORY, CATALOGUE, PARAMETERS = tiny_territory(), default_catalogue(), defaults()
edits = st.lists(
    st.tuples(st.integers(0, len(GOOD) - 1), st.sampled_from(list(b'",;\n\r\t\x00-.0919eEinfNaf\xe9 _'))),
    min_size=1,
    max_size=6,
)


def _outcome(path: Path) -> tuple[int, tuple[Problem, ...]]:
    try:
        population = read_population(
            workers=path, territory=TERRITORY, catalogue=CATALOGUE, parameters=PARAMETERS, seed=1
        )
    except UserError as error:
        return 0, error.problems
    return len(population.persons), ()


@settings(max_examples=60)
@given(edits, st.booleans())
def test_a_mutated_table_is_read_or_refused_never_a_crash(
    changes: list[tuple[int, int]], insert: bool
) -> None:
    data = bytearray(GOOD)
    for position, byte in changes:
        if insert:
            data.insert(position, byte)
        else:
            data[position] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.csv"
        path.write_bytes(bytes(data))
        persons, problems = _outcome(path)
        assert persons >= 1 or problems
        assert all(p.file == path for p in problems)


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 400), min_size=3, max_size=3),
    st.integers(0, 300),
    st.integers(0, 300),
    st.booleans(),
    st.integers(0, 2**31),
)
def test_any_small_territory_has_a_population_whose_stocks_close(
    people: list[int], jobs: int, inflow: int, external: bool, seed: int
) -> None:
    assume(sum(people) > 0)
    territory = with_communes(
        TERRITORY, population=[*people, 0], jobs=[0, 0, 0, jobs], inflow=[0, 0, 0, inflow]
    )
    if not external:
        territory = with_communes(territory, external=[False] * 4)
    population = synthesise(territory, CATALOGUE, PARAMETERS, seed)
    persons, posts = population.persons, population.posts
    assert len(persons) >= round(0.62 * sum(people)) - 1
    employed = np.count_nonzero(persons.status == Status.EMPLOYED)
    active = np.count_nonzero(posts.active)
    assert employed <= active <= employed * 1.03 + 4  # vacancies are whole posts in each domain
    assert (np.diff(persons.worker_id) > 0).all()
    assert (np.diff(posts.post_id) > 0).all()
    rows = np.bincount(persons.household, minlength=len(population.households))
    assert (rows >= 1).all()
    assert (population.households.members >= rows).all()
    assert np.array_equal(territory.places.commune[persons.place], persons.commune)
