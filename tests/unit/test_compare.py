"""Paired differences with known answers, intervals that cover, and refusals. Not here: the report."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scipy import stats

from embauche.analysis.compare import compare, open_comparison
from embauche.analysis.cost_effect import interval
from embauche.core.errors import UserError
from embauche.core.files import sha256
from embauche.core.outputs import COMPARISON
from embauche.core.results import Result
from helpers_results import write_run


def test_interval_is_students() -> None:
    d = np.array([[1.0, 2.0, 4.0], [0.0, 0.0, 0.0]])
    low, high = interval(d)
    expected = stats.t.interval(0.95, 2, loc=d[0].mean(), scale=stats.sem(d[0]))
    assert (low[0], high[0]) == pytest.approx(expected)
    assert (low[1], high[1]) == (0.0, 0.0)


def test_interval_covers_the_truth_in_19_of_20() -> None:
    rng = np.random.default_rng(1)
    low, high = interval(rng.normal(3.0, 2.0, (4000, 5)))
    assert np.mean((low < 3.0) & (high > 3.0)) == pytest.approx(0.95, abs=0.012)


def test_differences_are_paired_by_seed(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", "baseline", seeds=(1, 2, 3), cost=1000.0)
    b = write_run(tmp_path / "b", "policy", seeds=(3, 2, 1), gain=0.05, cost=1600.0)
    found = compare([a, b], tmp_path / "out")
    assert found.seeds == [1, 2, 3]
    row = found.of("policy").set_index("indicator").loc["posts_filled_end"]
    per_seed = []
    for seed in (1, 2, 3):
        values = []
        for run in (a, b):
            f = run.indicators
            f = f[(f["indicator"] == "posts_filled_end") & (f["dimension"] == "all") & (f["seed"] == seed)]
            values.append(float(f["value"].iloc[0]))
        per_seed.append(values[1] - values[0])
    assert row["difference"] == pytest.approx(np.mean(per_seed))
    assert (row["low"], row["high"]) == pytest.approx(
        stats.t.interval(0.95, 2, loc=np.mean(per_seed), scale=stats.sem(per_seed))
    )
    assert row["distinguishable"]
    assert row["verdict"] == "better"
    (cost,) = found.costs
    assert cost.eur_per_post_week == pytest.approx(600 / np.mean(per_seed))


def test_a_run_against_itself_differs_in_nothing(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", "baseline")
    b = write_run(tmp_path / "b", "same")
    found = compare([a, b])
    assert (found.frame["difference"] == 0).all()
    assert not found.frame["distinguishable"].any()
    assert found.costs[0].eur_per_post_week is None
    assert found.winners("same").empty


def test_files(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", "baseline")
    b = write_run(tmp_path / "b", "policy", gain=0.05)
    found = compare([a, b], tmp_path / "one")
    compare([a, b], tmp_path / "two")
    parquet = pq.read_table(tmp_path / "one" / "comparison.parquet").to_pandas()
    assert tuple(parquet.columns) == COMPARISON.names
    csv = pd.read_csv(tmp_path / "one" / "comparison.csv")
    np.testing.assert_allclose(csv["difference"], found.frame["difference"], rtol=1e-9, atol=1e-12)
    assert sha256(tmp_path / "one") == sha256(tmp_path / "two")
    again = open_comparison(tmp_path / "one")
    pd.testing.assert_frame_equal(again.frame, found.frame)
    with pytest.raises(UserError, match="nothing was changed"):
        compare([a, b], tmp_path / "one")


def test_one_seed_has_no_interval_and_says_so(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", "baseline", seeds=(1,))
    b = write_run(tmp_path / "b", "policy", seeds=(1, 2), gain=0.05)
    found = compare([a, b])
    assert found.frame["low"].isna().all()
    assert not found.frame["distinguishable"].any()
    assert any("one seed" in note for note in found.notes)
    assert any("seeds 2 have no pair" in note for note in found.notes)
    assert found.costs[0].eur_per_post_week is None
    assert found.costs[0].bound_eur_per_post_week is None


def test_seeds_that_agree_to_the_unit_prove_nothing_but_reach_does(tmp_path: Path) -> None:
    def figures(folder: str, name: str, hires: float, reach: float) -> Result:
        run = write_run(tmp_path / folder, name, seeds=(1, 2))
        frame = run.indicators.copy()
        frame.loc[frame["indicator"] == "hires_gross", "value"] = hires
        frame.loc[frame["indicator"] == "jobs_reach_car_30", "value"] = reach
        run.__dict__["indicators"] = frame
        return run

    found = compare([figures("a", "baseline", 7.0, 100.0), figures("b", "policy", 9.0, 130.0)])
    rows = found.of("policy")
    rows = rows[rows["dimension"] == "all"].set_index("indicator")
    hires, reach = rows.loc["hires_gross"], rows.loc["jobs_reach_car_30"]
    assert (hires["difference"], hires["low"], hires["high"]) == (2.0, 2.0, 2.0)
    assert hires["verdict"] == "not distinguishable"
    assert reach["difference"] == 30.0
    assert reach["distinguishable"]


def test_unlike_runs_are_refused_with_every_reason(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", "baseline", weeks=3)
    b = write_run(
        tmp_path / "b", "baseline", weeks=2, extra={"territory": {"name": "elsewhere", "hash": "1" * 64}}
    )
    with pytest.raises(UserError) as caught:
        compare([a, b])
    words = str(caught.value)
    for part in ("one name", "territory", "elsewhere", "number of weeks"):
        assert part in words
    c = write_run(tmp_path / "c", "policy", weeks=3, seeds=(8, 9))
    with pytest.raises(UserError, match="no seed in common"):
        compare([a, c])
    with pytest.raises(UserError, match="two runs"):
        compare([a])


def test_a_folder_that_is_no_comparison_is_refused(tmp_path: Path) -> None:
    (tmp_path / "comparison.json").write_text(json.dumps([1]))
    with pytest.raises(UserError):
        open_comparison(tmp_path)
