"""Whatever stands in a scenario's file, the answer is a Scenario or a UserError, never another error.

Not here: particular faults (unit/test_scenario).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.core.errors import UserError
from embauche.core.parameters import REGISTRY
from embauche.core.scenario import Scenario
from embauche.core.scenario_load import load_scenario, validated
from embauche.core.shifts import DEFAULT_WINDOWS
from embauche.core.units import (
    LONGEST_WINDOW_MIN,
    QuantityError,
    format_clock,
    format_window,
    parse_clock,
    parse_quantity,
    parse_window,
)

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
SEEDS = [path.read_bytes() for path in CONFIGS]
PIECES = [b": ", b"- ", b"&a ", b"*a", b"\n", b"!!x ", b"\t"]
KEYS = st.sampled_from([*Scenario.model_fields, "base", "overrides", "set", "x", "parameters.car.late"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.sampled_from(["3 %", "05:00-13:00", "21:00-05:00", "baseline", "all", "bus", "04:15", *REGISTRY]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(KEYS, st.sampled_from([w.name for w in DEFAULT_WINDOWS])), inner, max_size=3
        ),
    ),
    max_leaves=8,
)


def outcome(data: bytes) -> Scenario | UserError:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.yaml"
        path.write_bytes(data)
        try:
            return load_scenario(path)
        except UserError as error:
            return error


@settings(max_examples=150)
@given(
    st.sampled_from(SEEDS),
    st.lists(
        st.tuples(
            st.sampled_from(["flip", "cut", "insert", "double"]),
            st.integers(0, 10_000),
            st.one_of(st.binary(max_size=6), st.sampled_from(PIECES)),
        ),
        min_size=1,
        max_size=4,
    ),
)  # fmt: skip
def test_mutated_files(data: bytes, changes: list[tuple[str, int, bytes]]) -> None:
    for kind, place, piece in changes:
        at = place % (len(data) + 1)
        if kind == "flip":
            data = data[:at] + bytes(b ^ 0x15 for b in data[at : at + 1]) + data[at + 1 :]
        elif kind == "cut":
            data = data[:at] + data[at + len(piece) + 1 :]
        elif kind == "insert":
            data = data[:at] + piece + data[at:]
        else:
            data = data[:at] + data[max(0, at - 40) :]
    answer = outcome(data)
    assert isinstance(answer, Scenario) or all(p.what for p in answer.problems)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_noise(data: bytes) -> None:
    assert isinstance(outcome(data), UserError | Scenario)


@settings(max_examples=200)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_mapping(values: dict[str, object]) -> None:
    try:
        scenario = validated({"name": "fuzz", **values})
    except UserError:
        return
    assert validated(scenario.resolved()).resolved() == scenario.resolved()


@given(st.dictionaries(st.sampled_from(sorted(REGISTRY)), st.floats(0, 1), max_size=5))
def test_a_parameter_in_its_range_is_taken_as_it_is(shares: dict[str, float]) -> None:
    values = {n: REGISTRY[n].low + s * (REGISTRY[n].high - REGISTRY[n].low) for n, s in shares.items()}
    values = {n: min(max(v, REGISTRY[n].low), REGISTRY[n].high) for n, v in values.items()}
    scenario = validated({"name": "x", "parameters": values})
    assert scenario.parameters == values
    assert {n: scenario.parameter_values()[n] for n in values} == values


@given(st.sampled_from(sorted(REGISTRY)))
def test_every_unit_of_the_registry_can_be_typed(name: str) -> None:
    parameter = REGISTRY[name]
    assert parse_quantity(f"{parameter.value!r} {parameter.unit}", parameter.unit) == parameter.value


@given(st.integers(0, 1439), st.integers(60, LONGEST_WINDOW_MIN))
def test_a_window_reads_back(start: int, length: int) -> None:
    assert parse_window(format_window(start, start + length)) == (start, start + length)


@given(st.integers(0, 2 * 1440 - 1))
def test_a_clock_reads_back(minutes: int) -> None:
    assert parse_clock(format_clock(minutes)) == minutes


@given(st.text(max_size=20), st.sampled_from(sorted({p.unit for p in REGISTRY.values()})))
def test_any_text_is_a_quantity_or_a_quantity_error(words: str, unit: str) -> None:
    for read in (
        lambda: parse_quantity(words, unit),
        lambda: parse_window(words),
        lambda: parse_clock(words),
    ):
        found: QuantityError | None = None
        try:
            read()
        except QuantityError as error:
            found = error
        assert found is None or (found.what and found.expected)
