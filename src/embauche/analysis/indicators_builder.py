"""Adds up one replication's weekly tables, in flat memory, for its indicators.

Lives here: Builder. Not here: divisions (indicators_rows), words (indicators_catalogue).

Means are exact; medians and 90th percentiles are read off histograms whose bin widths are in
`_QUANTITIES`, so that a week's rows need not be kept. Commutes are those of residents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from embauche.analysis.indicators_catalogue import SERIES
from embauche.analysis.indicators_groups import Groups, lookup, people_groups, post_groups
from embauche.core.table import Table
from embauche.population.schemas import Status

Array = np.ndarray[Any, Any]

# quantity: (factor from the tables' unit, bin width of a tour, bin width of a week), in the indicator's unit.
_QUANTITIES = {
    "min": (1.0, 0.1, 0.5),
    "km": (1.0, 0.1, 0.5),
    "eur": (0.01, 0.01, 0.05),
    "co2": (0.001, 0.01, 0.1),
}
_BINS = 5000
_WEEKS_BINS = 521
_TOUR_DIMENSIONS = ("all", "shift", "window", "sex", "age", "epci", "car", "apprentice")
_WEEK_DIMENSIONS = ("all", "shift", "sex", "age", "epci", "car", "apprentice")
_PERSON_DIMENSIONS = ("all", "sex", "age", "epci", "commune", "car", "apprentice")
_POST_DIMENSIONS = ("all", "shift", "sector", "size_class", "epci", "commune")
END_WEEKS = 4


def histogram_quantile(counts: Array, share: float, width: float) -> float:
    """The value below which `share` of the counts lie, linear within a bin; NaN without counts."""
    total = counts.sum()
    if total <= 0:
        return float("nan")
    cumulative = np.cumsum(counts)
    k = int(np.searchsorted(cumulative, share * total, side="left"))
    before = cumulative[k - 1] if k else 0.0
    inside = (share * total - before) / counts[k] if counts[k] else 0.0
    return float((k + inside) * width)


class Builder:
    """Adds up one replication's weeks; `add_week` each week in order, then indicators_rows.finish.

    Args:
        people: all people met in the run (core.outputs.PEOPLE).
        posts: all posts (core.outputs.POSTS).
        services, windows, shifts: names by row.
    """

    def __init__(
        self,
        people: Table,
        posts: Table,
        services: Sequence[str],
        windows: Sequence[str],
        shifts: Sequence[str],
    ) -> None:
        self.services = tuple(services)
        self._person_ids, self._person_order = lookup(people.worker_id)
        self._post_ids, self._post_order = lookup(posts.post_id)
        self._resident = ~people.external
        self._inside = ~posts.external
        self._n_people = len(people)
        self._by_person = people_groups(people)
        self._by_post = post_groups(posts, shifts)
        both = np.unique(np.concatenate([people.commune, posts.commune]).astype(str), return_inverse=True)[1]
        self._home, self._work = both[: len(people)], both[len(people) :]
        self._window = Groups(np.arange(len(windows)), tuple(windows))
        self._weeks = 0
        self._sum: dict[tuple[str, str], Array] = {}  # (quantity, dimension) -> [group], whole run
        self._end: list[dict[tuple[str, str], Array]] = []  # the same of the last weeks, one dict a week
        self._series: dict[str, list[float]] = {key: [] for key in SERIES}
        self._hist: dict[tuple[str, str], Array] = {}  # (quantity, dimension) -> [group, bin]

    # Adding up -----------------------------------------------------------------------------

    def _add(
        self, quantity: str, dimension: str, groups: Groups, rows: Array, weights: Array | None
    ) -> Array:
        codes = groups.codes[rows]
        keep = codes >= 0
        w = None if weights is None else weights[keep]
        got = np.bincount(codes[keep], w, minlength=len(groups.labels)).astype(np.float64)
        key = (quantity, dimension)
        self._sum[key] = self._sum[key] + got if key in self._sum else got
        return got

    def _add_hist(
        self, quantity: str, dimension: str, codes: Array, n: int, bins: Array, weights: Array, size: int
    ) -> None:
        keep = codes >= 0
        cells = codes[keep].astype(np.int64) * size + bins[keep]
        got = np.bincount(cells, weights[keep], minlength=n * size).reshape(n, size)
        key = (quantity, dimension)
        if key in self._hist:
            self._hist[key] += got
        else:
            self._hist[key] = got

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week's tables (core.outputs.WEEKLY by name)."""
        end: dict[tuple[str, str], Array] = {}
        week = self._stocks(tables["workers"], end) | self._vacancies(tables["vacancies"])
        week |= self._hires(tables["hires"]) | self._trips(tables["trips"])
        open_posts = week["posts_vacant"] + week["posts_filled"]
        week["vacancy_rate"] = week["posts_vacant"] / open_posts if open_posts else float("nan")
        for key in SERIES:
            self._series[key].append(week[key])
        self._end = [*self._end[-(END_WEEKS - 1) :], end]
        self._weeks += 1

    def _stocks(self, workers: Table, end: dict[tuple[str, str], Array]) -> dict[str, float]:
        person = self._person_order[np.searchsorted(self._person_ids, workers.worker_id)]
        resident = self._resident[person]
        employed = workers.post_id >= 0
        unemployed = workers.status == Status.UNEMPLOYED
        post = np.zeros(len(workers), np.int64)
        post[employed] = self._post_order[np.searchsorted(self._post_ids, workers.post_id[employed])]
        inside = employed & self._inside[post]
        for dimension in _PERSON_DIMENSIONS:
            groups = self._by_person[dimension]
            jobs = self._add("employed", dimension, groups, person[resident & employed], None)
            self._add("unemployed", dimension, groups, person[resident & unemployed], None)
            end["employed", dimension] = jobs
        for dimension in _POST_DIMENSIONS:
            end["filled", dimension] = self._add(
                "filled", dimension, self._by_post[dimension], post[inside], None
            )
        everyone = self._by_person["all"]
        out = resident & employed & ~inside
        away = resident & employed & (self._home[person] != self._work[post])
        self._add("out_commuters", "all", everyone, person[out], None)
        self._add("in_commuters", "all", Groups.one(self._n_people), person[inside & ~resident], None)
        for dimension in ("all", "epci"):
            self._add("away", dimension, self._by_person[dimension], person[away], None)
        declined = person[workers.declined_transport & resident]
        for dimension in _PERSON_DIMENSIONS:
            self._add("declined", dimension, self._by_person[dimension], declined, None)
        n_jobs = float((resident & employed).sum())
        n_seek = float((resident & unemployed).sum())
        return {
            "posts_filled": float(inside.sum()),
            "residents_employed": n_jobs,
            "unemployment_rate": n_seek / (n_jobs + n_seek) if n_jobs + n_seek else float("nan"),
            "declined_transport": float(len(declined)),
        }

    def _vacancies(self, vacancies: Table) -> dict[str, float]:
        still = ~vacancies.filled & ~vacancies.external
        post = self._post_order[np.searchsorted(self._post_ids, vacancies.post_id[still])]
        for dimension in _POST_DIMENSIONS:
            self._add("vacant", dimension, self._by_post[dimension], post, None)
        bins = np.minimum(vacancies.weeks_open[still], _WEEKS_BINS - 1)
        self._hist["weeks_vacant", "all"] = np.bincount(bins, minlength=_WEEKS_BINS)[None, :].astype(float)
        return {"posts_vacant": float(still.sum())}

    def _hires(self, hires: Table) -> dict[str, float]:
        row = self._post_order[np.searchsorted(self._post_ids, hires.post_id)]
        inside = self._inside[row] & (hires.worker_id >= 0)
        moved = hires.from_post_id >= 0
        left = np.zeros(len(hires), np.int64)
        left[moved] = self._post_order[np.searchsorted(self._post_ids, hires.from_post_id[moved])]
        net = inside & ~(moved & self._inside[left])
        bins = np.minimum(hires.weeks_open, _WEEKS_BINS - 1)
        one = np.ones(int(inside.sum()))
        for dimension in _POST_DIMENSIONS:
            groups = self._by_post[dimension]
            self._add("hires_gross", dimension, groups, row[inside], None)
            self._add("hires_net", dimension, groups, row[net], None)
            self._add("hires_moved", dimension, groups, row[inside & moved], None)
            if dimension != "commune":
                codes = groups.codes[row[inside]]
                n = len(groups.labels)
                self._add_hist("weeks_to_fill", dimension, codes, n, bins[inside], one, _WEEKS_BINS)
        return {"hires_gross": float(inside.sum()), "hires_net": float(net.sum())}

    def _trips(self, trips: Table) -> dict[str, float]:
        person = self._person_order[np.searchsorted(self._person_ids, trips.worker_id)]
        mine = self._resident[person]
        trips, person = trips.take(mine), person[mine]
        post = self._post_order[np.searchsorted(self._post_ids, trips.post_id)]
        tours = trips.tours.astype(np.float64)
        made = trips.service >= 0
        done = np.where(made, tours, 0.0)
        late = np.where(made, trips.late, 0).astype(np.float64)
        codes = {d: self._by_person[d].codes[person] for d in _PERSON_DIMENSIONS}
        sizes = {d: len(self._by_person[d].labels) for d in _PERSON_DIMENSIONS}
        codes["shift"], sizes["shift"] = (
            self._by_post["shift"].codes[post],
            len(self._by_post["shift"].labels),
        )
        codes["window"], sizes["window"] = trips.window.astype(np.int64), len(self._window.labels)
        for dimension in (*_TOUR_DIMENSIONS, "commune"):
            groups = Groups(codes[dimension], ("",) * sizes[dimension])
            rows = np.arange(len(trips))
            for name, weights in (("due", tours), ("made", done), ("late", late)):
                self._add(name, dimension, groups, rows, weights)
        self._modes(trips, tours, made)
        values = {
            "min": trips.out_min.astype(np.float64) + trips.back_min,
            "km": trips.km.astype(np.float64),
            "eur": trips.eur_cents.astype(np.float64),
            "co2": trips.co2_g.astype(np.float64),
        }
        # A worker-week is counted in the shift of her last trip row of that week.
        shift_of = np.full(self._n_people, -1, np.int64)
        shift_of[person[made]] = codes["shift"][made]
        worked = np.flatnonzero(np.bincount(person[made], minlength=self._n_people))
        for name, value in values.items():
            self._quantity(name, value, made, done, codes, sizes, person, worked, shift_of)
        due, missed = tours.sum(), tours[~made].sum()
        return {
            "missed_share": float(missed / due) if due else float("nan"),
            "late_share": float(late.sum() / done.sum()) if done.any() else float("nan"),
        }

    def _quantity(
        self, name: str, value: Array, made: Array, done: Array, codes: Mapping[str, Array],
        sizes: Mapping[str, int], person: Array, worked: Array, shift_of: Array,
    ) -> None:  # fmt: skip
        factor, wide, wide_week = _QUANTITIES[name]
        value = np.where(made, value, 0.0) * factor
        bins = np.minimum((value[made] / wide + 0.5).astype(np.int64), _BINS - 1)
        for dimension in _TOUR_DIMENSIONS:
            own, n = codes[dimension], sizes[dimension]
            self._add(f"tour_{name}", dimension, Groups(own, ("",) * n), np.arange(len(own)), value * done)
            self._add_hist(f"tour_{name}", dimension, own[made], n, bins, done[made], _BINS)
        week = np.bincount(person, value * done, minlength=self._n_people)[worked]
        bins = np.minimum((week / wide_week + 0.5).astype(np.int64), _BINS - 1)
        one = np.ones(len(worked))
        for dimension in _WEEK_DIMENSIONS:
            own = shift_of[worked] if dimension == "shift" else self._by_person[dimension].codes[worked]
            groups = Groups(own, ("",) * sizes[dimension])
            self._add(f"week_{name}", dimension, groups, np.arange(len(worked)), week)
            if name == "min":
                self._add("worker_weeks", dimension, groups, np.arange(len(worked)), None)
            self._add_hist(f"week_{name}", dimension, own, len(groups.labels), bins, one, _BINS)

    def _modes(self, trips: Table, tours: Array, made: Array) -> None:
        groups = Groups(trips.service.astype(np.int64), self.services)
        for name, rows in (("modes", made), ("modes_5km", made & (trips.km < 10.0))):
            self._add(name, "service", groups, np.flatnonzero(rows), tours[rows])
