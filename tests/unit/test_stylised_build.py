"""A territory from communes alone: `build_stylised`, and what it says of communes that will not do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.territory.build import build_territory
from embauche.territory.stylised import Options, generate
from embauche.territory.stylised_build import build_stylised
from embauche.territory.territory import Territory


def _write(
    path: Path, change: Callable[[dict[str, Any]], None] = lambda feature: None, count: int = 5
) -> Path:
    from embauche.territory.stylised.specs import communes_file

    source = json.loads(communes_file("bresle-vimeu").read_text(encoding="utf-8"))
    source["features"] = source["features"][:count]
    for feature in source["features"]:
        change(feature)
    path.write_text(json.dumps(source), encoding="utf-8")
    return path


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_it_is_what_drawing_and_building_by_hand_give(tmp_path: Path) -> None:
    communes = _write(tmp_path / "valley.geojson")
    made = build_stylised(communes, out=tmp_path / "made", seed=3)
    files = generate(communes, tmp_path / "files", seed=3)
    build_territory(files.osm, files.gtfs, communes=communes, name="valley", out=tmp_path / "by hand")
    assert _bytes(tmp_path / "made") == _bytes(tmp_path / "by hand")
    assert made.stylised
    assert made.name == "valley"
    assert len(Territory.load(tmp_path / "made").communes) == 5


def test_denser_vertices_make_more_nodes_and_no_more_road(tmp_path: Path) -> None:
    communes = _write(tmp_path / "valley.geojson")
    usual, dense = (
        build_stylised(communes, options=options) for options in (Options(), Options(vertex_m=40.0))
    )
    assert len(dense.nodes) > 1.3 * len(usual.nodes)
    km = [t.manifest["counts"]["car km of road"] for t in (usual, dense)]
    assert km[1] == pytest.approx(km[0], rel=0.03)


def test_names_of_columns_that_any_build_knows_will_do(tmp_path: Path) -> None:
    """INSEE's own names, no town halls: a point inside each commune stands for them."""

    def french(feature: dict[str, Any]) -> None:
        p = feature["properties"]
        feature["properties"] = {"insee": p["code"], "nom": p["name"], "pmun": str(p["population"])}

    made = build_stylised(_write(tmp_path / "french.geojson", french))
    assert len(made.communes) == 5
    assert made.communes.population.sum() > 0
    assert (np.bincount(made.places.commune, minlength=5) >= 1).all()


def test_communes_that_will_not_do_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    def nobody(feature: dict[str, Any]) -> None:
        feature["properties"]["population"] = "many"

    path = _write(tmp_path / "bad.geojson", nobody)
    with pytest.raises(UserError, match="the population is no number") as caught:
        build_stylised(path, out=tmp_path / "out")
    assert "bad.geojson" in str(caught.value)
    with pytest.raises(UserError, match=r"none\.geojson"):
        build_stylised(tmp_path / "none.geojson", out=tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["bad.geojson"]
