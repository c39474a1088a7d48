"""Indicators of dwellings: beds slept in, asked for, refused; homes for employees.

Lives here: Housing. Not here: the week of beds (labour.lodgers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from embauche.analysis.indicator import Indicator, Row
from embauche.core.table import Table

_I = Indicator
_WEEK = "mean over the run's weeks"


class Housing:
    """Adds up table BEDS: for all residences together and for each by name, and for homes apart."""

    INDICATORS: ClassVar[tuple[Indicator, ...]] = (
        _I("beds", "beds", "Lits", "Beds", 0, f"beds of open residences and host families, {_WEEK}"),
        _I("beds_used", "beds", "Lits occupés", "Beds slept in", 1,
           f"beds slept in, interns' too, {_WEEK}", True),
        _I("beds_asked", "persons a week", "Demandes de lit", "Persons who ask for a bed", 0,
           f"who asks for a bed, waiting or not, {_WEEK}"),
        _I("beds_refused", "persons a week", "Demandes refusées faute de lit", "Refused for want of a bed",
           0, f"who asks for a bed and is refused because none is free, {_WEEK}", True),
        _I("beds_too_near", "persons a week", "Écartés par la distance",
           "Kept out by the distance rule", 0, f"who would ask if it took people from nearer, {_WEEK}"),
        _I("beds_waiting", "persons", "En liste d'attente d'un lit", "Waiting for a bed", 0,
           f"persons on waiting lists, {_WEEK}"),
        _I("homes_let", "homes", "Logements de salariés occupés", "Homes for employees let", 1,
           "homes for employees let in the last week"),
        _I("homes_waiting", "households", "Ménages en attente d'un logement", "Waiting for a home", -1,
           f"households that wait for a home for employees, {_WEEK}"),
    )  # fmt: skip

    def __init__(self, people: Table, posts: Table, names: Mapping[str, Sequence[str]]) -> None:
        """Start with nothing."""
        del people, posts, names
        self._weeks = 0
        self._sums: dict[tuple[str, str], float] = {}
        self._last: dict[str, float] = {}

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week of BEDS."""
        self._weeks += 1
        beds = tables.get("beds")
        if beds is None:
            return
        self._last = {}
        homes = beds.kind == "homes"
        for k, name in enumerate(beds.name.tolist()):
            if homes[k]:
                self._last[str(name)] = float(beds["let"][k])
                self._add(("homes_waiting", str(name)), float(beds.waiting[k]))
                continue
            self._add(("beds", str(name)), float(beds.beds[k]) if beds.open[k] else 0.0)
            for key, column in (("used", "used"), ("asked", "asked"), ("refused", "full"),
                                ("too_near", "too_near"), ("waiting", "waiting")):  # fmt: skip
                self._add((f"beds_{key}", str(name)), float(beds[column][k]))

    def _add(self, key: tuple[str, str], value: float) -> None:
        self._sums[key] = self._sums.get(key, 0.0) + value

    def rows(self) -> list[Row]:
        """Each for all, then by name."""
        out: list[Row] = []
        for key in [i.key for i in self.INDICATORS]:
            by_name = {n: v / max(self._weeks, 1) for (k, n), v in sorted(self._sums.items()) if k == key}
            by_name = dict(sorted(self._last.items())) if key == "homes_let" else by_name
            out.append((-1, key, "all", "all", "value", float(np.sum(list(by_name.values())))))
            out += [(-1, key, "residence", name, "value", value) for name, value in by_name.items()]
        return out
