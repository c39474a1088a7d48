"""Laws of commuting flows: margins are met, the law beats those it contains, tables are read or refused.

Not here: the benchmark's figures on real tables (benchmarks/flows.py, docs/validation.md).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embauche.analysis.flow_fit import fit, predicted
from embauche.analysis.flow_laws import (
    apart,
    balanced,
    common_part,
    deterrence,
    gravity,
    margins,
    nearer,
    radiation,
)  # fmt: skip
from embauche.analysis.flow_table import read_flows
from embauche.core.errors import UserError

SHARED = Path(__file__).parents[3] / "shared" / "data" / "flows"


def made(n: int = 20, persons: float = 2e4, form: str = "exponential") -> tuple[np.ndarray, np.ndarray]:
    """Flows of a known gravity law with chance, one zone without homes and one without work."""
    rng = np.random.default_rng(n)
    xy = rng.uniform(0, 40, (n, 2))
    km = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    leave, arrive = rng.lognormal(0, 1, n), rng.lognormal(0, 1, n)
    leave[0] = arrive[1] = 0.0
    leave, arrive = leave * persons / leave.sum(), arrive * persons / arrive.sum()
    flow = rng.poisson(
        balanced(deterrence(km, form, 7.0 if form == "exponential" else 1.5), leave, arrive)[0]
    )
    return flow.astype(float), km


def test_nearer_counts_what_stands_between() -> None:
    km = np.array([[0.0, 1, 2, 3], [1, 0, 1, 2], [2, 1, 0, 1], [3, 2, 1, 0]])
    s = nearer(km, np.array([1.0, 2, 4, 8]))
    assert s[0].tolist() == [0, 0, 2, 6]
    assert s[3, 0] == 6


def test_gravity_is_found_again() -> None:
    flow, km = made(persons=2e5)
    form, size = gravity(flow, km, np.ones(20, bool))
    assert form == "exponential"
    assert size == pytest.approx(7.0, rel=0.05)


@pytest.mark.parametrize("form", ["exponential", "power"])
def test_the_law_keeps_margins_and_is_no_worse_than_those_in_it(form: str) -> None:
    flow, km = made(form=form)
    known = np.ones(20, bool)
    guess = predicted(flow, km, known, fit(flow, km, known))
    assert not guess[~apart(20)].any()
    for got, given in zip(margins(guess), margins(flow), strict=True):
        np.testing.assert_allclose(got, given, rtol=1e-3, atol=0.5)
    others = [deterrence(km, *gravity(flow, km, known)), radiation(flow, km, known)]
    assert common_part(flow, guess) > max(
        common_part(flow, balanced(w, *margins(flow))[0]) - 0.002 for w in others
    )


def test_flows_of_homes_held_out_do_not_reach_their_prediction() -> None:
    """Two unknown homes swap ten workers of two places: all sums stay, so nothing may change."""
    flow, km = made()
    known = ~np.isin(np.arange(20), (5, 6))
    flow[5, 7] += 10
    flow[6, 8] += 10
    other = flow.copy()
    other[np.ix_((5, 6), (7, 8))] += np.array([[-10.0, 10.0], [10.0, -10.0]])
    guesses = [predicted(t, km, known, fit(t, km, known)) for t in (flow, other)]
    np.testing.assert_array_equal(*guesses)


def test_insee_files_and_coordinates_are_read(tmp_path: Path) -> None:
    od, zones = tmp_path / "od.csv", tmp_path / "z.csv"
    od.write_text(
        "CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C14_ACTOCC15P\n62119;A;62178;B;120.5\n62119;A;62119;A;9\n62119;A;1;C;3\n",
        encoding="utf-8",
    )
    zones.write_text("id,lon,lat\n62119,2.64,50.53\n62178,2.55,50.48\n62001,2.9,50.4\n", encoding="utf-8")
    table = read_flows(od, zones)
    assert table.flow.sum() == table.flow[0, 1] == 120.5
    assert table.km[0, 1] == pytest.approx(8.46, abs=0.1)
    assert table.notes == ("1 flows (3 persons) left out: an end is no zone",)


@pytest.mark.parametrize(
    ("od", "zones", "words"),
    [
        ("a,b\n", "id,x_km,y_km\na,0,0\nb,1,1\nc,2,2\n", "names its columns"),
        ("origin,destination,flow\na,b,-1\n", "id,x_km,y_km\na,0,0\nb,1,1\nc,2,2\n", "od.csv:2: a flow"),
        ("origin,destination,flow\na,b,1\n", "id\na\nb\nc\n", "distances are needed"),
        ("origin,destination,flow\na,b,1\n", "id,x_km,y_km\na,0,0\na,1,1\n", "z.csv:3: each zone has an id"),
        ("origin,destination,flow\nx,y,1\n", "id,x_km,y_km\na,0,0\nb,1,1\nc,2,2\n", "no flow between"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, od: str, zones: str, words: str) -> None:
    (tmp_path / "od.csv").write_text(od, encoding="utf-8")
    (tmp_path / "z.csv").write_text(zones, encoding="utf-8")
    with pytest.raises(UserError, match=words):
        read_flows(tmp_path / "od.csv", tmp_path / "z.csv")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared flows are not here")
def test_insees_own_file_is_read_up_to_what_it_lacks(tmp_path: Path) -> None:
    file = SHARED / "insee_flux_idf_2014.csv"
    ids = {line.split(";")[0] for line in file.read_text(encoding="utf-8").splitlines()[1:]}
    zones = tmp_path / "z.csv"
    zones.write_text("id,x_km,y_km\n" + "".join(f"{c},{k},{k * k % 97}\n" for k, c in enumerate(sorted(ids))))
    table = read_flows(file, zones)
    assert len(table.ids) == len(ids)
    assert table.flow[table.flow > 0].min() >= 100
