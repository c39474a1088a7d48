"""Indicators of firms: why jobs end, production lost while posts are empty.

Lives here: FirmsPart. Not here: the week that they are counted in (labour.separations, model_tables).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from embauche.analysis.indicator import Indicator, Row
from embauche.core.causes import CAUSES, Cause
from embauche.core.table import Table
from embauche.population.schemas import SECTORS, SizeClass

Array = np.ndarray[Any, Any]
_I = Indicator
SIZES = tuple(s.name for s in SizeClass)
BY_CHOICE = tuple(CAUSES[c] for c in (Cause.QUIT, Cause.QUIT_TRANSPORT, Cause.TRIAL_WORKER))


class FirmsPart:
    """Adds up core.outputs_labour.ENDS and core.outputs.FIRMS, posts inside the territory only."""

    INDICATORS: ClassVar[tuple[Indicator, ...]] = (
        _I("job_ends_week", "jobs a week", "Fins d'emploi", "Jobs that end", 0,
           "people who leave a post inside, mean over weeks; a move to another post is one of them", False),
        _I("quits_transport_week", "jobs a week", "Démissions à cause du trajet", "Quits for the way", -1,
           "quits that would not have happened, had the way to work cost nothing; mean over weeks", True),
        _I("quits_transport_share", "share", "Part du trajet dans les démissions", "Quits for the way, share",
           -1, "quits for the way there over all quits, those during a trial included"),
        _I("job_weeks", "weeks", "Ancienneté à la fin d'un emploi", "Weeks in a job that ends", 1,
           "weeks for which posts that were left had been held, mean"),
        _I("production_lost_eur_week", "EUR a week", "Production perdue faute de bras", "Production lost", -1,
           "value of what empty posts inside would have produced, mean over weeks; apprenticeships left out",
           True),
    )  # fmt: skip

    def __init__(self, people: Table, posts: Table, names: Mapping[str, Sequence[str]]) -> None:
        self.weeks = 0
        order = np.argsort(posts.post_id, kind="stable")
        self.post_id, self.inside = posts.post_id[order], ~posts.external[order].astype(bool)
        self.sector, self.size = posts.sector[order], posts.size_class[order]
        self.firm_id, first = np.unique(posts.firm_id, return_index=True)
        self.firm_inside = ~posts.external[first].astype(bool)
        self.firm_sector, self.firm_size = posts.sector[first], posts.size_class[first]
        self.ends: Counter[tuple[str, str]] = Counter()
        self.held = 0
        self.lost: Counter[tuple[str, str]] = Counter()

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week's tables (core.outputs.WEEKLY by name)."""
        self.weeks += 1
        ends, firms = tables["ends"], tables["firms"]
        if len(ends):
            row = np.searchsorted(self.post_id, ends.post_id)
            mine = self.inside[row]
            row, cause = row[mine], ends.cause[mine]
            self.held += int(ends.weeks[mine].sum())
            self._count(self.ends, "cause", CAUSES, cause, np.ones(len(row), np.int64))
            self._count(self.ends, "sector", SECTORS, self.sector[row], np.ones(len(row), np.int64))
            self._count(self.ends, "size_class", SIZES, self.size[row], np.ones(len(row), np.int64))
            self.ends["all", "all"] += len(row)
            lost = cause == Cause.QUIT_TRANSPORT
            self._count(
                self.ends, "way sector", SECTORS, self.sector[row[lost]], np.ones(lost.sum(), np.int64)
            )
        if len(firms):
            row = np.searchsorted(self.firm_id, firms.firm_id)
            row, cents = row[self.firm_inside[row]], firms.production_lost_cents[self.firm_inside[row]]
            self._count(self.lost, "sector", SECTORS, self.firm_sector[row], cents)
            self._count(self.lost, "size_class", SIZES, self.firm_size[row], cents)
            self.lost["all", "all"] += int(cents.sum())

    @staticmethod
    def _count(
        out: Counter[tuple[str, str]], dimension: str, names: Sequence[str], group: Array, amount: Array
    ) -> None:
        for k in np.unique(group):
            out[dimension, names[k]] += int(amount[group == k].sum())

    def rows(self) -> list[Row]:
        """Rows of the replication."""
        weeks, out = max(self.weeks, 1), list[Row]()
        for (dimension, group), n in sorted(self.ends.items()):
            if dimension.startswith("way "):
                out.append((-1, "quits_transport_week", dimension[4:], group, "value", n / weeks))
            else:
                out.append((-1, "job_ends_week", dimension, group, "value", n / weeks))
        way = self.ends["cause", CAUSES[Cause.QUIT_TRANSPORT]]
        out.append((-1, "quits_transport_week", "all", "all", "value", way / weeks))
        if quits := sum(self.ends["cause", name] for name in BY_CHOICE):
            out.append((-1, "quits_transport_share", "all", "all", "value", way / quits))
        if self.ends["all", "all"]:
            out.append((-1, "job_weeks", "all", "all", "mean", self.held / self.ends["all", "all"]))
        for (dimension, group), cents in sorted(self.lost.items()):
            out.append((-1, "production_lost_eur_week", dimension, group, "value", cents / 100 / weeks))
        return out
