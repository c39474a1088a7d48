"""Indicators of search: by which channel people are hired, how far, and what the way there keeps them from.

Lives here: SearchPart. Not here: the week that they are counted in (labour.search, model_search).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from embauche.analysis.indicator import Indicator, Row
from embauche.analysis.indicators_groups import Lookup, people_groups
from embauche.core.causes import Cause
from embauche.core.channels import CHANNELS
from embauche.core.table import Table

Array = np.ndarray[Any, Any]
_I = Indicator
KEPT_FROM = ("not_applied_transport", "offers_refused_transport", "quits_for_way")
BY = ("all", "sex", "age", "car", "commune")


class SearchPart:
    """Adds up hires, declined, looks and ends; residents only."""

    INDICATORS: ClassVar[tuple[Indicator, ...]] = (
        _I("hires_channel", "hires", "Recrutements par canal", "Hires by channel", 0,
           "residents hired, by what told them of the post"),
        _I("hire_km", "km", "Distance au poste pris", "Way to the post taken", 0,
           "kilometres by car from home to the workplace of residents hired, one way, mean"),
        _I("not_applied_transport", "person-weeks", "Candidatures auxquelles le trajet fait renoncer",
           "Not applied for the way", -1,
           "residents who saw a post that they would have taken but for the way there, and did not apply"),
        _I("offers_refused_transport", "offers", "Offres refusées à cause du trajet",
           "Offers refused for the way", -1,
           "offers that residents refused for another worth less but for the way there"),
        _I("quits_for_way", "jobs", "Démissions à cause du trajet, par habitant",
           "Quits for the way, by resident", -1, "residents who quit for the way there alone"),
        _I("apply_share", "share", "Attrait selon la distance", "Attraction by distance", 0,
           "of residents' looks at vacancies of any trade, those that end in an application, by kilometres"),
    )  # fmt: skip

    def __init__(self, people: Table, posts: Table, names: Mapping[str, Sequence[str]]) -> None:
        self.people = Lookup(people.worker_id)
        self.resident = ~people.external.astype(bool)
        self.groups = {name: groups for name, groups in people_groups(people).items() if name in BY}
        self.channels: Counter[int] = Counter()
        self.km = self.hires = 0.0
        self.counts = {what: np.zeros(len(people)) for what in KEPT_FROM}
        self.looks: Counter[int] = Counter()
        self.applied: Counter[int] = Counter()

    def _rows(self, worker_id: Array) -> Array:
        """Rows of residents among these ids."""
        rows = self.people.rows(worker_id)
        mine: Array = rows[self._resident(rows)]
        return mine

    def _resident(self, rows: Array) -> Array:
        """Which rows are those of residents, -1 is not."""
        out: Array = (rows >= 0) & self.resident[rows]
        return out

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week's tables (core.outputs.WEEKLY by name)."""
        hires, looks, ends = tables["hires"], tables["looks"], tables["ends"]
        mine = self._resident(self.people.rows(hires.worker_id))
        self.channels.update(hires.channel[mine].tolist())
        self.km += float(hires.km[mine].astype(np.float64).sum())
        self.hires += int(mine.sum())
        declined = tables["declined"]
        for what, mine in zip(KEPT_FROM[:2], (~declined.offered, declined.offered), strict=True):
            np.add.at(self.counts[what], self._rows(declined.worker_id[mine]), 1.0)
        quit_for_way = ends.worker_id[ends.cause == Cause.QUIT_TRANSPORT]
        np.add.at(self.counts["quits_for_way"], self._rows(quit_for_way), 1.0)
        for band, n, applied in zip(looks.from_km, looks.looks, looks.applied, strict=True):
            self.looks[int(band)] += int(n)
            self.applied[int(band)] += int(applied)

    def rows(self) -> list[Row]:
        """Rows of the replication."""
        out: list[Row] = []
        for code, n in sorted(self.channels.items()):
            name = CHANNELS[code] if code >= 0 else "unknown"
            out.append((-1, "hires_channel", "channel", name, "value", float(n)))
        if self.hires:
            out.append((-1, "hire_km", "all", "all", "mean", self.km / self.hires))
        for what, counts in self.counts.items():
            for dimension, groups in self.groups.items():
                for label, n in zip(groups.labels, groups.sum(counts).tolist(), strict=True):
                    out.append((-1, what, dimension, label, "value", n))
        for band, n in sorted(self.looks.items()):
            if n:
                out.append((-1, "apply_share", "km", f"{band:02d}", "value", self.applied[band] / n))
        return out
