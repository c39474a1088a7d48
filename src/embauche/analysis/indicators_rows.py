"""Turns what a Builder added up into rows of indicators: shares, means, medians, percentiles.

Lives here: the divisions. Not here: the adding up (indicators_builder), the words (indicators_catalogue).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from embauche.analysis import accounts, played
from embauche.analysis import indicators_builder as adding
from embauche.analysis.indicator import Row
from embauche.analysis.indicators_builder import Builder
from embauche.analysis.indicators_groups import Groups
from embauche.core.table import Table

Array = np.ndarray[Any, Any]


class _Rows:
    def __init__(self, builder: Builder) -> None:
        self.b = builder
        self.out: list[Row] = []

    def sum(self, quantity: str, dimension: str) -> Array:
        return self.b.total(quantity, dimension)

    def put(self, key: str, dimension: str, labels: tuple[str, ...], values: Array, base: Array) -> None:
        """One row a group whose base (the people or posts it is a figure of) is not empty."""
        for label, value, n in zip(labels, values, base, strict=False):
            if n > 0:
                self.out.append((-1, key, dimension, label, "value", float(value)))

    def ratio(self, key: str, dimension: str, labels: tuple[str, ...], top: Array, base: Array) -> None:
        safe = np.where(base > 0, base, 1.0)
        self.put(key, dimension, labels, top / safe, base)


def _stocks(rows: _Rows) -> None:
    b, weeks = rows.b, max(rows.b._weeks, 1)
    for dimension in adding.PERSON_DIMENSIONS:
        labels = b._by_person[dimension].labels
        jobs, seek = rows.sum("employed", dimension), rows.sum("unemployed", dimension)
        rows.ratio("unemployment_rate", dimension, labels, seek, jobs + seek)
        rows.put("residents_employed", dimension, labels, jobs / weeks, jobs + seek)
        last = b.last_weeks("employed", dimension)
        rows.put("residents_employed_end", dimension, labels, last, jobs + seek)
        rows.put("declined_transport", dimension, labels, rows.sum("declined", dimension), jobs + seek)
    for dimension in ("all", "epci"):
        labels = b._by_person[dimension].labels
        jobs = rows.sum("employed", dimension)
        rows.ratio("outside_commune_share", dimension, labels, rows.sum("away", dimension), jobs)
    for key in ("in_commuters", "out_commuters"):
        rows.put(key, "all", ("all",), np.array([b.total_of_all(key) / weeks]), np.ones(1))


def _posts(rows: _Rows) -> None:
    b, weeks = rows.b, max(rows.b._weeks, 1)
    for dimension in adding.POST_DIMENSIONS:
        labels = b._by_post[dimension].labels
        filled, vacant = rows.sum("filled", dimension), rows.sum("vacant", dimension)
        both = filled + vacant
        rows.put("posts_filled", dimension, labels, filled / weeks, both)
        rows.put("posts_filled_end", dimension, labels, b.last_weeks("filled", dimension), both)
        rows.put("posts_vacant", dimension, labels, vacant / weeks, both)
        rows.ratio("vacancy_rate", dimension, labels, vacant, both)
        for key, quantity in (
            ("hires_gross", "hires_gross"),
            ("hires_net", "hires_net"),
            ("hires_job_to_job", "hires_moved"),
        ):
            rows.put(key, dimension, labels, rows.sum(quantity, dimension), both)
        if dimension != "commune":
            _weeks_histogram(rows, "weeks_to_fill", dimension, labels)
    _weeks_histogram(rows, "weeks_vacant", "all", ("all",))


def _weeks_histogram(rows: _Rows, key: str, dimension: str, labels: tuple[str, ...]) -> None:
    """Mean, median and 90th percentile of whole weeks: the least week that reaches the share."""
    hist = rows.b._hist.get((key, dimension))
    if hist is None:
        return
    weeks = np.arange(hist.shape[1])
    for label, counts in zip(labels, hist, strict=True):
        total = counts.sum()
        if total <= 0:
            continue
        cumulative = np.cumsum(counts)
        rows.out.append((-1, key, dimension, label, "mean", float((counts * weeks).sum() / total)))
        for statistic, share in (("median", 0.5), ("p90", 0.9)):
            week = float(np.searchsorted(cumulative, share * total, side="left"))
            rows.out.append((-1, key, dimension, label, statistic, week))


def _labels(builder: Builder, dimension: str) -> tuple[str, ...]:
    if dimension == "window":
        return builder._window.labels
    if dimension == "shift":
        return builder._by_post["shift"].labels
    return builder._by_person[dimension].labels


def _commutes(rows: _Rows) -> None:
    b = rows.b
    for dimension in (*adding.TOUR_DIMENSIONS, "commune"):
        labels = _labels(b, dimension)
        due, made = rows.sum("due", dimension), rows.sum("made", dimension)
        rows.ratio("missed_share", dimension, labels, due - made, due)
        rows.ratio("late_share", dimension, labels, rows.sum("late", dimension), made)
    for name, (_, width, width_week) in adding.QUANTITIES.items():
        for level, dimensions, bin_width, count in (
            ("tour", adding.TOUR_DIMENSIONS, width, "made"),
            ("week", adding.WEEK_DIMENSIONS, width_week, "worker_weeks"),
        ):
            for dimension in dimensions:
                hist = b._hist.get((f"{level}_{name}", dimension))
                if hist is None:
                    continue
                # A person's tours sum to her weeks, so only weeks are kept by person.
                by_person = dimension not in ("shift", "window")
                total = rows.sum(f"{'week' if by_person else level}_{name}", dimension)
                n = rows.sum(count, dimension)
                for code, label in enumerate(_labels(b, dimension)):
                    if n[code] <= 0:
                        continue
                    where = (-1, f"commute_{name}_{level}", dimension, label)
                    rows.out.append((*where, "mean", float(total[code] / n[code])))
                    for statistic, share in (("median", 0.5), ("p90", 0.9)):
                        # Values were rounded to the bin's centre, so half a bin is taken off.
                        value = adding.histogram_quantile(hist[code], share, bin_width) - bin_width / 2
                        rows.out.append((*where, statistic, max(value, 0.0)))


def _modes(rows: _Rows) -> None:
    for key, quantity in (("mode_share", "modes"), ("mode_share_under_5km", "modes_5km")):
        tours = rows.sum(quantity, "service")
        base = np.full(len(tours), tours.sum() if len(tours) else 0.0)
        rows.ratio(key, "service", rows.b.services, tours, base)


def _reach(rows: _Rows, access: Table) -> None:
    """Posts in reach: the sum over windows of each commune's mean, then the mean over persons."""
    if not len(access):
        return
    persons = access.persons.astype(np.float64)
    windows = access.window.astype(np.int64)
    everyone = np.ones(len(access), bool)
    dimensions = {
        "all": Groups.one(len(access)),
        "epci": Groups.of_text(access.epci, everyone),
        "commune": Groups.of_text(access.commune, everyone),
        "window": Groups.of_rows(windows, rows.b._window.labels, everyone),
    }
    for car in (True, False):
        for minutes in (30, 45, 60):
            chosen = (access.car == car) & (access.minutes == minutes)
            if not chosen.any():
                continue
            first = chosen & (windows == windows[chosen].min())
            for dimension, groups in dimensions.items():
                n = len(groups.labels)
                # A commune's persons stand in every window's row: count them once, except by window.
                once = chosen if dimension == "window" else first
                base = np.bincount(groups.codes[once], persons[once], minlength=n)
                jobs = np.bincount(groups.codes[chosen], (persons * access.jobs)[chosen], minlength=n)
                key = f"jobs_reach_{'car' if car else 'no_car'}_{minutes}"
                rows.ratio(key, dimension, groups.labels, jobs, base)


def finish(builder: Builder, access: Table) -> list[Row]:
    """All rows of a replication: the whole run (week -1), then the weekly series."""
    rows = _Rows(builder)
    if builder._weeks:
        _stocks(rows)
        _posts(rows)
        _commutes(rows)
        _modes(rows)
    _reach(rows, access)
    rows.out += accounts.rows(builder.accounts, builder.epci_of)
    rows.out += played.rows(builder.played)
    for key, values in builder._series.items():
        rows.out.extend((week, key, "all", "all", "value", value) for week, value in enumerate(values))
    return rows.out
