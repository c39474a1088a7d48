"""Indicators of one replication, computed from the tables in its folder alone.

Lives here: compute and the indicators' table. Not here: words (indicators_catalogue), intervals (compare).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from embauche.analysis.indicator import Part, Row
from embauche.analysis.indicators_builder import Builder
from embauche.analysis.indicators_catalogue import CATALOGUE
from embauche.analysis.indicators_land import site_rows
from embauche.analysis.indicators_parts import PARTS
from embauche.analysis.indicators_risk import Risk
from embauche.analysis.indicators_rows import finish
from embauche.core.outputs import ACCESS, INDICATORS, PEOPLE, POSTS
from embauche.core.outputs_land import SITE_REACH, SITES
from embauche.core.parameters import defaults
from embauche.core.results import read_weeks, seed_folder
from embauche.core.table import Table


def table(scenario: str, seed: int, rows: Iterable[Row]) -> Table:
    """Rows of `indicators_rows.finish` as a table of core.outputs.INDICATORS."""
    listed = list(rows)
    week, indicator, dimension, group, statistic, value = zip(*listed, strict=True) if listed else ((),) * 6
    return Table.make(
        INDICATORS,
        {
            "scenario": np.array([scenario] * len(listed), object),
            "seed": np.full(len(listed), seed),
            "week": np.array(week),
            "indicator": np.array(indicator, object),
            "dimension": np.array(dimension, object),
            "group": np.array(group, object),
            "statistic": np.array(statistic, object),
            "value": np.array(value, np.float64),
            "unit": np.array([CATALOGUE[key].unit for key in indicator], object),
        },
    )


def compute(
    folder: Path,
    seed: int,
    *,
    scenario: str,
    weeks: int,
    names: Mapping[str, Sequence[str]],
    values: Mapping[str, float] | None = None,
) -> Table:
    """Indicators of one seed from the tables in a run's folder.

    Args:
        folder: the run's folder (or the folder in which it is being written).
        seed: the replication.
        scenario: the scenario's name, for the table.
        weeks: weeks of the run.
        names: "services", "windows" and "shifts" by row, from the run's manifest; "hours" of the windows.
        values: parameters, the defaults if None.

    Returns:
        A table of core.outputs.INDICATORS.

    Raises:
        UserError: a table is absent or damaged.
    """
    where = seed_folder(folder, seed)
    people = Table.read(PEOPLE, where / "people.parquet")
    posts = Table.read(POSTS, where / "posts.parquet")
    builder = Builder(people, posts, names["services"], names["windows"], names["shifts"])
    risk = Risk(people, posts, names, defaults() if values is None else values)
    parts: list[Part | Risk] = [*(part(people, posts, names) for part in PARTS), risk]
    for _week, tables in read_weeks(where, range(weeks)):
        builder.add_week(tables)
        for part in parts:
            part.add_week(tables)
    access = Table.read(ACCESS, where / "access.parquet")
    sites, reach = (Table.read(s, where / f"{s.name}.parquet") for s in (SITES, SITE_REACH))
    found = [*finish(builder, access), *site_rows(sites, reach)]
    return table(scenario, seed, [*found, *(row for part in parts for row in part.rows())])
