"""Accident risk on the way to work: expected injuries by mode, hour and fatigue.

Lives here: Risk. Not here: rates (core.parameters.risk), trips (model_tables).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from embauche.analysis.indicator import Indicator, Row
from embauche.analysis.indicators_groups import Lookup, people_groups, post_groups
from embauche.core.table import Table

Array = np.ndarray[Any, Any]
RATIOS = {
    "walk": "risk.walk_ratio", "bike": "risk.bike_ratio", "ebike": "risk.bike_ratio",
    "scooter": "risk.two_wheeler_ratio", "transit": "risk.bus_ratio", "shuttle": "risk.bus_ratio",
}  # fmt: skip
NIGHT_FROM, NIGHT_UNTIL = 21 * 60, 6 * 60
DEEP_NIGHT = 3 * 60
WHO = ("all", "sex", "age", "car", "epci")

INDICATORS = (
    Indicator("accident_risk_tour", "per million", "Risque d'accident par million d'allers-retours",
              "Accident risk per million tours", -1,
              "injuries of all severities to be expected in a million tours of residents, by mode, hour and "
              "length of the way; an order of magnitude"),
    Indicator("injuries_year", "injuries", "Blessés attendus par an sur le trajet",
              "Injuries expected a year on the way", -1,
              "injuries to be expected in a year of residents' tours, all severities; an order of magnitude"),
)  # fmt: skip


class Risk:
    """Adds up expected injuries week by week.

    Args:
        people, posts: all of the run (core.outputs.PEOPLE, POSTS).
        names: "services", "windows", "shifts" by row, and "hours": first and last minute of each window.
        values: parameters.
    """

    def __init__(
        self, people: Table, posts: Table, names: Mapping[str, Sequence[str]], values: Mapping[str, float]
    ) -> None:
        self._people = Lookup(people.worker_id)
        self._posts = Lookup(posts.post_id)
        self._resident = ~people.external
        self._who = {k: g for k, g in people_groups(people).items() if k in WHO}
        self._shift = post_groups(posts, names["shifts"])["shift"]
        self._windows, self._services = tuple(names["windows"]), tuple(names["services"])
        hours = [tuple(map(int, text.split("-"))) for text in names.get("hours", ())]
        self._hours = np.array(hours or [(8 * 60, 17 * 60)] * len(self._windows), np.float64)
        ratios = [values[RATIOS[s]] if s in RATIOS else 1.0 for s in self._services]
        self._rate = values["risk.car_injuries_million_h"] * np.array(ratios) / 60.0
        self._values = values
        self._sums: dict[str, tuple[tuple[str, ...], Array]] = {}
        self._weeks = 0

    def injuries(self, trips: Table) -> Array:
        """Injuries to be expected, millionths, of the tours of each row; float64 [row]."""
        v, made = self._values, trips.service >= 0
        window = trips.window.astype(np.int64)
        start, end = self._hours[window].T
        out, back = (trips[c].astype(np.float64) for c in ("out_min", "back_min"))

        def night(clock: Array) -> Array:
            minute = clock % 1440.0
            dark = (minute >= NIGHT_FROM) | (minute < NIGHT_UNTIL)
            return np.where(dark, v["risk.night_ratio"], 1.0)

        through = (start <= DEEP_NIGHT) & (end > DEEP_NIGHT) | (end > DEEP_NIGHT + 1440)
        tired = np.where(through, v["risk.after_night_ratio"], 1.0)
        long = 1.0 + v["risk.long_way_per_h"] * np.maximum(0.0, (out + back) / 60.0 - 1.0)
        felt = (out * night(start - out / 2) + back * night(end + back / 2) * tired) * long
        rate = self._rate[np.maximum(trips.service, 0)]
        return np.where(made, trips.tours * felt * rate, 0.0)

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week's trips of residents."""
        trips = tables["trips"]
        person = self._people.rows(trips.worker_id)
        mine = self._resident[person] & (trips.service >= 0)
        trips, person = trips.take(mine), person[mine]
        post = self._posts.rows(trips.post_id)
        both = np.stack([self.injuries(trips), trips.tours.astype(np.float64)])
        groups = {name: (g.labels, g.codes[person]) for name, g in self._who.items()}
        groups["shift"] = self._shift.labels, self._shift.codes[post]
        groups["window"] = self._windows, trips.window.astype(np.int64)
        groups["service"] = self._services, trips.service.astype(np.int64)
        for name, (labels, code) in groups.items():
            got = np.stack([np.bincount(code, x, minlength=len(labels)) for x in both])
            before = self._sums.get(name, (labels, np.zeros_like(got)))[1]
            self._sums[name] = labels, before + got
        self._weeks += 1

    def rows(self) -> list[Row]:
        """Rows of the replication."""
        out: list[Row] = []
        for dimension, (labels, (risk, tours)) in self._sums.items():
            for label, r, n in zip(labels, risk, tours, strict=True):
                if n > 0:
                    out.append((-1, "accident_risk_tour", dimension, label, "value", float(r / n)))
                if n > 0 and dimension in ("all", "service"):
                    year = float(r) / 1e6 * 52.0 / max(self._weeks, 1)
                    out.append((-1, "injuries_year", dimension, label, "value", year))
        return out
