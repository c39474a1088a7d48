"""What a report says in one language, section by section, as plain values for its template.

Lives here: tables, charts, groups. Not here: sentences (answer), layout (templates), files (report).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from embauche.analysis.indicators_catalogue import CATALOGUE
from embauche.core.results import Result
from embauche.output import figures, maps, words
from embauche.output.page import Page

CHARTS = ("posts_filled", "unemployment_rate", "vacancy_rate", "missed_share", "late_share", "hires_gross")
GROUP_DIMENSIONS = ("sex", "age", "car", "apprentice", "epci", "shift", "sector", "size_class")
GROUP_INDICATORS = (
    ("residents_employed_end", "value"),
    ("posts_filled_end", "value"),
    ("missed_share", "value"),
    ("commute_min_tour", "mean"),
    ("commute_eur_tour", "mean"),
)
MAPS = (
    "jobs_reach_no_car_45",
    "residents_employed_end",
    "posts_filled_end",
    "unemployment_rate",
    "missed_share",
)
LEVEL_MAPS = ("unemployment_rate", "jobs_reach_no_car_45", "missed_share", "vacancy_rate")


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _statistics(key: str) -> tuple[str, ...]:
    return ("mean",) if key.startswith("commute_") or key in ("weeks_to_fill", "weeks_vacant") else ("value",)


def table(page: Page) -> list[dict[str, Any]]:
    """The main figures: the baseline's level and every scenario's difference."""
    out = []
    base = page.runs[0]
    for key, known in CATALOGUE.items():
        if not known.headline:
            continue
        for statistic in _statistics(key):
            level = page.level(base, key, statistic=statistic)
            if not math.isfinite(level):
                continue
            rows = [page.rows.get((r.name, key, "all", "all", statistic)) for r in page.runs[1:]]
            ends = [
                abs(v)
                for r in rows
                if r is not None
                for v in (r.difference, r.low, r.high)
                if math.isfinite(v)
            ]
            cells = []
            for row in rows:
                cell = page.cell(row, key)
                cell["picture"] = "" if row is None else figures.whisker(
                    row.difference, row.low, row.high, max(ends, default=0.0),
                    row.verdict if math.isfinite(row.low) else "not", page.t("report.alt_whisker"),
                )  # fmt: skip
                cells.append(cell)
            ends_over_seeds = page.whole(base)[key, "all", "all", statistic][1:]
            extremes = [words.number(v, known.unit, page.lang) for v in ends_over_seeds]
            out.append(
                {
                    "label": words.indicator(key, page.lang),
                    "unit": words.unit(known.unit, page.lang),
                    "doc": known.doc if page.lang == "en" else words.indicator(key, "fr"),
                    "baseline": words.number(level, known.unit, page.lang),
                    "range": " – ".join(extremes),
                    "cells": cells,
                }
            )
    return out


def charts(page: Page) -> list[dict[str, Any]]:
    """Lines over weeks for the headline series."""
    out = []
    labels = {r.name: page.title_of(r) for r in page.runs}
    colours = {r.name: page.colour(r) for r in page.runs}
    for key in CHARTS:
        series = {}
        for run in page.runs:
            frame = run.indicators
            frame = frame[(frame["indicator"] == key) & (frame["week"] >= 0)]
            grid = frame.pivot_table(index="seed", columns="week", values="value")
            if grid.shape[1]:
                series[run.name] = np.asarray(grid.to_numpy(float))
        if not series:
            continue
        name = CATALOGUE[key].unit
        title = f"{words.indicator(key, page.lang)} ({words.unit(name, page.lang)})"
        picture = figures.lines(
            series, labels, colours, title, lambda v, name=name: words.ticks(v, name, page.lang),
            page.t("report.week"),
        )  # fmt: skip
        trained = any(page.level(run, "apprentice_contracts") > 0 for run in page.runs)
        note = page.t("report.season_of_hires") if key == "hires_gross" and trained else ""
        out.append({"title": title, "picture": picture, "note": note})
    return out


def modes(page: Page) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Stacked shares of services, overall and under five kilometres, and their key."""
    services = list(dict.fromkeys(str(s) for run in page.runs for s in run.manifest["names"]["services"]))
    labels = {s: words.group(s, "service", page.lang, {}) for s in services}
    out = []
    for key in ("mode_share", "mode_share_under_5km"):
        bars = []
        for run in page.runs:
            shares = {s: page.level(run, key, "service", s) for s in services}
            bars.append((page.title_of(run), {s: v for s, v in shares.items() if math.isfinite(v)}))
        title = words.indicator(key, page.lang)
        picture = figures.stacked(bars, labels, title, lambda v: words.quantity(v, "share", page.lang))
        out.append({"title": title, "picture": picture})
    colours = figures.service_colours(services)
    return out, [(labels[s], colours[s]) for s in services]


def groups(page: Page) -> list[dict[str, Any]]:
    """Figures by group: a tab a scenario with differences, or levels of the only run."""
    chosen: Iterable[Result] = page.runs[1:] if page.found is not None else page.runs[:1]
    out = []
    for run in chosen:
        parts = []
        for dimension in GROUP_DIMENSIONS:
            labels = list(dict.fromkeys(g for _, d, g, _ in page.whole(run) if d == dimension))
            rows = []
            for label in labels:
                cells = [_group_cell(page, run, k, dimension, label, s) for k, s in GROUP_INDICATORS]
                if any(c["value"] != "–" for c in cells):
                    rows.append(
                        {"label": words.group(label, dimension, page.lang, page.epcis), "cells": cells}
                    )
            if rows:
                parts.append({"title": _capital(words.dimension(dimension, page.lang)), "rows": rows})
        columns = [
            f"{words.indicator(k, page.lang)} "
            f"({words.unit(CATALOGUE[k].unit, page.lang, difference=page.found is not None)})"
            for k, _ in GROUP_INDICATORS
        ]
        out.append({"title": page.title_of(run), "columns": columns, "parts": parts})
    return out


def _group_cell(
    page: Page, run: Result, key: str, dimension: str, group: str, statistic: str
) -> dict[str, Any]:
    if page.found is not None:
        return page.cell(page.rows.get((run.name, key, dimension, group, statistic)), key)
    level = page.level(run, key, dimension, group, statistic)
    return {"value": words.number(level, CATALOGUE[key].unit, page.lang), "interval": "", "css": ""}


def map_views(page: Page) -> list[dict[str, Any]]:
    """Maps: differences of each scenario, then levels of the baseline or only run."""
    if page.shape is None:
        return []
    out = []
    for run in page.runs[1:]:
        for key in MAPS:
            wanted = (run.name, key, "commune")
            rows = {k[3]: r for k, r in page.rows.items() if k[:3] == wanted}
            # A map of nothing but zeros tells nothing.
            if any(r.difference for r in rows.values()):
                out.append(_view(page, key, run, {g: float(r.difference) for g, r in rows.items()},
                                 {g: bool(r.distinguishable) for g, r in rows.items()}))  # fmt: skip
        reach = {
            k[2]: v[0] for k, v in page.whole(run).items() if k[:2] == ("site_reach_no_car_45", "commune")
        }
        if reach:
            out.append(_view(page, "site_reach_no_car_45", run, reach, None))
    base = page.runs[0]
    for key in LEVEL_MAPS:
        found = page.whole(base).items()
        values = {g: v[0] for (k, d, g, _), v in found if (k, d) == (key, "commune")}
        if values:
            out.append(_view(page, key, base, values, None))
    return out


def _view(
    page: Page, key: str, run: Result, values: dict[str, float], sure: dict[str, bool] | None
) -> dict[str, Any]:  # fmt: skip
    assert page.shape is not None  # checked by map_views
    name, signed = CATALOGUE[key].unit, sure is not None
    colon = " : " if page.lang == "fr" else ": "
    title = f"{page.title_of(run)}{colon}{words.indicator(key, page.lang)}"
    picture = maps.choropleth(
        page.shape, values, sure, page.t("report.alt_map", what=title),
        lambda v: words.quantity(v, name, page.lang, signed=signed), page.t("report.no_data"),
    )  # fmt: skip
    note = page.t("report.unsure_hatched") if signed else ""
    return {
        "of": page.title_of(run), "short": page.t(f"map.{key}"), "title": title, "picture": picture,
        "note": note,
    }  # fmt: skip
