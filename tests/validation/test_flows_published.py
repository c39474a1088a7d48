"""Commuting flows of Kansas (US census 2000) and Leeds (UK census 2011) from their margins.

Sources: the tables are census figures by way of EpiVec/TDLM and simodels; the comparison is that of
Lenormand, Bassolas & Ramasco (2016), "Systematic comparison of trip distribution laws and models", Journal
of Transport Geography 51: laws under the same constraints, by the common part of commuters.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared" / "data" / "flows"


@pytest.mark.long
@pytest.mark.parametrize(("name", "least"), [("kansas_2000", 0.85), ("leeds_2011", 0.87)])
def test_the_products_law_beats_gravity_radiation_and_uniform(name: str, least: float) -> None:
    if not (SHARED / name).is_dir():
        pytest.skip("the shared flows are not here")
    tables = [SHARED / name / f for f in ("od.csv", "zones.csv", "distance_km.csv")]
    done = subprocess.run(
        [sys.executable, REPOSITORY / "benchmarks" / "flows.py", *(t for t in tables if t.is_file())],
        stdout=subprocess.PIPE, text=True, check=True, timeout=300,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    for sample in ("cpc", "cpc_out_of_sample"):
        ours = answer[sample].pop("embauche")
        assert ours >= least
        assert all(ours > other for other in answer[sample].values())
