"""Adds up one replication's weekly tables, in flat memory, for its indicators.

Lives here: Builder. Not here: divisions (indicators_rows), words (indicators_catalogue).

Means are exact; medians and 90th percentiles are read off histograms whose bin widths are in
`QUANTITIES`, so that a week's rows need not be kept. Commutes are those of residents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from embauche.analysis.accounts import Accounts
from embauche.analysis.indicators_catalogue import SERIES
from embauche.analysis.indicators_groups import Groups, Lookup, people_groups, post_groups
from embauche.analysis.played import Played
from embauche.core.table import Table
from embauche.population.schemas import Contract, Status

Array = np.ndarray[Any, Any]

# quantity: (factor from the tables' unit, bin width of a tour, bin width of a week), in the indicator's unit.
QUANTITIES = {
    "min": (1.0, 0.1, 0.5),
    "km": (1.0, 0.1, 0.5),
    "eur": (0.01, 0.01, 0.05),
    "co2": (0.001, 0.01, 0.1),
}
_BINS = 5000
_WEEKS_BINS = 521
_WHO = ("all", "sex", "age", "epci", "car", "apprentice")
TOUR_DIMENSIONS = (*_WHO, "shift", "window")
WEEK_DIMENSIONS = (*_WHO, "shift")
PERSON_DIMENSIONS = (*_WHO, "commune")
POST_DIMENSIONS = ("all", "shift", "sector", "size_class", "epci", "commune", "site")
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
        self._people = Lookup(people.worker_id)
        self._posts = Lookup(posts.post_id)
        self._resident = ~people.external
        self._inside = ~posts.external
        self._trains = posts.contract == Contract.APPRENTICESHIP
        self._n_people = len(people)
        self._by_person = people_groups(people)
        self._by_post = post_groups(posts, shifts)
        both = np.unique(np.concatenate([people.commune, posts.commune]).astype(str), return_inverse=True)[1]
        self._home, self._work = both[: len(people)], both[len(people) :]
        self._window = Groups(np.arange(len(windows)), tuple(windows))
        self._weeks = 0
        self.accounts, self.played = Accounts(), Played()
        self.epci_of = {
            str(c): str(e)
            for table in (people, posts)
            for c, e in zip(table.commune.tolist(), table.epci.tolist(), strict=True)
        }
        # Whole-run sums by person, by post, and by group where neither gives it (window, service).
        self._person: dict[str, Array] = {}
        self._post: dict[str, Array] = {}
        self._direct: dict[tuple[str, str], Array] = {}
        self._end: list[tuple[Array, Array]] = []  # the last weeks: holds a post [person], is held [post]
        self._series: dict[str, list[float]] = {key: [] for key in SERIES}
        self._hist: dict[tuple[str, str], Array] = {}  # (quantity, dimension) -> [group, bin]

    # Adding up -----------------------------------------------------------------------------

    def _by(self, sums: dict[str, Array], quantity: str, rows: Array, weights: Array | None, n: int) -> Array:
        got = np.bincount(rows, weights, minlength=n).astype(np.float64, copy=False)
        if quantity in sums:
            sums[quantity] += got
        else:
            sums[quantity] = got.copy()  # the week's own counts are kept by _stocks
        return got

    def _by_people(self, quantity: str, rows: Array, weights: Array | None = None) -> Array:
        return self._by(self._person, quantity, rows, weights, self._n_people)

    def _by_posts(self, quantity: str, rows: Array, weights: Array | None = None) -> Array:
        return self._by(self._post, quantity, rows, weights, len(self._inside))

    def _by_code(self, quantity: str, dimension: str, codes: Array, n: int, weights: Array) -> None:
        got = np.bincount(codes, weights, minlength=n).astype(np.float64, copy=False)
        key = (quantity, dimension)
        self._direct[key] = self._direct[key] + got if key in self._direct else got

    def _add_hist(
        self, quantity: str, dimension: str, codes: Array, n: int, bins: Array, weights: Array, size: int
    ) -> None:
        if len(codes) and codes.min() < 0:
            keep = codes >= 0
            codes, bins, weights = codes[keep], bins[keep], weights[keep]
        # bincount of nothing gives integers, whatever the weights.
        cells = np.bincount(codes * size + bins, weights, minlength=n * size)
        got = cells.reshape(n, size).astype(np.float64, copy=False)
        key = (quantity, dimension)
        if key in self._hist:
            self._hist[key] += got
        else:
            self._hist[key] = got

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week's tables (core.outputs.WEEKLY by name)."""
        centres = "seats" in tables and len(tables["seats"]) > 0
        week = self._stocks(tables["workers"]) | self._vacancies(tables["vacancies"], centres)
        week |= self._hires(tables["hires"]) | self._trips(tables["trips"])
        open_posts = week["posts_vacant"] + week["posts_filled"]
        week["vacancy_rate"] = week["posts_vacant"] / open_posts if open_posts else float("nan")
        for key in SERIES:
            self._series[key].append(week[key])
        self.accounts.add_week(tables["ledger"], tables["operations"])
        self.played.add_week(tables["events"])
        self._weeks += 1

    def _stocks(self, workers: Table) -> dict[str, float]:
        person = self._people.rows(workers.worker_id)
        resident = self._resident[person]
        employed = workers.post_id >= 0
        unemployed = workers.status == Status.UNEMPLOYED
        post = np.zeros(len(workers), np.int64)
        post[employed] = self._posts.rows(workers.post_id[employed])
        inside = employed & self._inside[post]
        jobs = self._by_people("employed", person[resident & employed])
        seek = self._by_people("unemployed", person[resident & unemployed])
        held = self._by_posts("filled", post[inside])
        self._end = [*self._end[-(END_WEEKS - 1) :], (jobs, held)]
        self._by_people("out_commuters", person[resident & employed & ~inside])
        self._by_people("in_commuters", person[inside & ~resident])
        self._by_people("away", person[resident & employed & (self._home[person] != self._work[post])])
        declined = self._by_people("declined", person[workers.declined_transport & resident])
        n_jobs, n_seek = float(jobs.sum()), float(seek.sum())
        return {
            "posts_filled": float(inside.sum()),
            "residents_employed": n_jobs,
            "unemployment_rate": n_seek / (n_jobs + n_seek) if n_jobs + n_seek else float("nan"),
            "declined_transport": float(declined.sum()),
        }

    def _vacancies(self, vacancies: Table, centres: bool) -> dict[str, float]:
        row = self._posts.rows(vacancies.post_id)
        still = ~vacancies.filled & ~vacancies.external
        if centres:  # apprenticeships are offered for a season ahead, many while the last apprentice is there
            still &= ~self._trains[row]
        self._by_posts("vacant", row[still])
        bins = np.minimum(vacancies.weeks_open[still], _WEEKS_BINS - 1)
        self._hist["weeks_vacant", "all"] = np.bincount(bins, minlength=_WEEKS_BINS)[None, :].astype(float)
        return {"posts_vacant": float(still.sum())}

    def _hires(self, hires: Table) -> dict[str, float]:
        row = self._posts.rows(hires.post_id)
        inside = self._inside[row] & (hires.worker_id >= 0)
        moved = hires.from_post_id >= 0
        left = np.zeros(len(hires), np.int64)
        left[moved] = self._posts.rows(hires.from_post_id[moved])
        net = inside & ~(moved & self._inside[left])
        self._by_posts("hires_gross", row[inside])
        self._by_posts("hires_net", row[net])
        self._by_posts("hires_moved", row[inside & moved])
        bins = np.minimum(hires.weeks_open, _WEEKS_BINS - 1)[inside]
        one = np.ones(len(bins))
        for dimension in POST_DIMENSIONS:
            if dimension != "commune":
                groups = self._by_post[dimension]
                codes = groups.codes[row[inside]]
                self._add_hist("weeks_to_fill", dimension, codes, len(groups.labels), bins, one, _WEEKS_BINS)
        return {"hires_gross": float(inside.sum()), "hires_net": float(net.sum())}

    def _trips(self, trips: Table) -> dict[str, float]:
        person = self._people.rows(trips.worker_id)
        mine = self._resident[person]
        trips, person = trips.take(mine), person[mine]
        post = self._posts.rows(trips.post_id)
        tours = trips.tours.astype(np.float64)
        made = trips.service >= 0
        done = np.where(made, tours, 0.0)
        late = np.where(made, trips.late, 0).astype(np.float64)
        window, windows = trips.window.astype(np.int64), len(self._window.labels)
        for name, weights in (("due", tours), ("made", done), ("late", late)):
            self._by_people(name, person, weights)
            self._by_posts(name, post, weights)
            self._by_code(name, "window", window, windows, weights)
        self._modes(trips, tours, made)
        groups = {d: (self._by_person[d].codes[person[made]], self._by_person[d].labels) for d in _WHO}
        shift = self._by_post["shift"]
        groups["shift"] = shift.codes[post[made]], shift.labels
        groups["window"] = window[made], self._window.labels
        # A worker-week is counted in the shift of her last trip row of that week.
        shift_of = np.full(self._n_people, -1, np.int64)
        shift_of[person[made]] = groups["shift"][0]
        worked = np.flatnonzero(np.bincount(person[made], minlength=self._n_people))
        self._by_people("worker_weeks", worked)
        self._by_code("worker_weeks", "shift", shift_of[worked], len(shift.labels), np.ones(len(worked)))
        weekly = {d: (self._by_person[d].codes[worked], self._by_person[d].labels) for d in _WHO}
        weekly["shift"] = shift_of[worked], shift.labels
        values = {
            "min": trips.out_min.astype(np.float64) + trips.back_min,
            "km": trips.km.astype(np.float64),
            "eur": trips.eur_cents.astype(np.float64),
            "co2": trips.co2_g.astype(np.float64),
        }
        for name, value in values.items():
            factor, wide, wide_week = QUANTITIES[name]
            value = np.where(made, value, 0.0) * factor
            self._by_posts(f"tour_{name}", post, value * done)
            self._by_code(f"tour_{name}", "window", window, windows, value * done)
            self._spread(f"tour_{name}", value[made], wide, groups, done[made])
            week = self._by_people(f"week_{name}", person, value * done)[worked]
            self._by_code(f"week_{name}", "shift", weekly["shift"][0], len(shift.labels), week)
            self._spread(f"week_{name}", week, wide_week, weekly, np.ones(len(worked)))
        due, missed = tours.sum(), tours[~made].sum()
        return {
            "missed_share": float(missed / due) if due else float("nan"),
            "late_share": float(late.sum() / done.sum()) if done.any() else float("nan"),
        }

    def _spread(
        self,
        quantity: str,
        values: Array,
        width: float,
        groups: Mapping[str, tuple[Array, tuple[str, ...]]],
        weights: Array,
    ) -> None:
        """Histograms of values, centred on multiples of the width, by group."""
        bins = np.minimum((values / width + 0.5).astype(np.int64), _BINS - 1)
        for dimension, (codes, labels) in groups.items():
            self._add_hist(quantity, dimension, codes, len(labels), bins, weights, _BINS)

    def _modes(self, trips: Table, tours: Array, made: Array) -> None:
        services = trips.service.astype(np.int64)
        for name, rows in (("modes", made), ("modes_5km", made & (trips.km < 10.0))):
            self._by_code(name, "service", services[rows], len(self.services), tours[rows])

    # Reading -------------------------------------------------------------------------------

    def total(self, quantity: str, dimension: str) -> Array:
        """Whole-run sum of a quantity by group of a dimension; empty if nothing was added."""
        if (quantity, dimension) in self._direct:
            return self._direct[quantity, dimension]
        if quantity in self._person and dimension in self._by_person:
            return self._by_person[dimension].sum(self._person[quantity])
        if quantity in self._post and dimension in self._by_post:
            return self._by_post[dimension].sum(self._post[quantity])
        return np.zeros(0)

    def total_of_all(self, quantity: str) -> float:
        """Whole-run sum over all people, those from outside too."""
        return float(self._person[quantity].sum()) if quantity in self._person else 0.0

    def last_weeks(self, quantity: str, dimension: str) -> Array:
        """Mean over the last weeks of people "employed" or posts "filled", by group."""
        mean = np.sum([end[quantity == "filled"] for end in self._end], axis=0) / len(self._end)
        return (self._by_post if quantity == "filled" else self._by_person)[dimension].sum(mean)
