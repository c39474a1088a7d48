"""Requests, refusals and fallbacks of services whose places are few, added up from the weeks' events.

Lives here: Played and its rows of indicators. Not here: words (indicators_catalogue), money (accounts).
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from embauche.core.offerings import kinds
from embauche.core.table import Table

Row = tuple[int, str, str, str, str, float]
COUNTED = ("request", "served", "refused", "fallback", "cancelled")


class Played:
    """Counts of events over one replication; `add_week` each week.

    Attributes:
        counts: by (event, service).
        reasons: refusals by (service, code); fallbacks: by (service, what was taken instead).
        wait_min: minutes waited by service, of tours served.
    """

    def __init__(self) -> None:
        self.weeks = 0
        self.counts: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[tuple[str, int]] = Counter()
        self.fallbacks: Counter[tuple[str, str]] = Counter()
        self.wait_min: dict[str, float] = {}

    def add_week(self, events: Table) -> None:
        """Add one week's events (core.outputs.EVENTS)."""
        import pandas as pd

        self.weeks += 1
        if not len(events):
            return
        kind, kinds_met = pd.factorize(events.event)
        service, services = pd.factorize(events.service)
        cells = np.bincount(kind * len(services) + service, minlength=len(kinds_met) * len(services))
        for cell in np.flatnonzero(cells).tolist():
            event, name = str(kinds_met[cell // len(services)]), str(services[cell % len(services)])
            if event in COUNTED:
                self.counts[event, name] += int(cells[cell])
            of = np.flatnonzero((kind == cell // len(services)) & (service == cell % len(services)))
            if event == "refused":
                codes, counts = np.unique(events.reason[of], return_counts=True)
                self.reasons.update({(name, int(c)): int(n) for c, n in zip(codes, counts, strict=True)})
            elif event == "fallback":
                other, others = pd.factorize(events.other[of])
                self.fallbacks.update(
                    {(name, str(others[k])): int(n) for k, n in enumerate(np.bincount(other))}
                )
            elif event == "served":
                minutes = float(events.wait_min[of].astype(np.float64).sum())
                self.wait_min[name] = self.wait_min.get(name, 0.0) + minutes


def rows(played: Played) -> list[Row]:
    """Rows of indicators of the whole run (week -1); none where no service of the run has few places."""
    weeks = max(played.weeks, 1)
    services = sorted({name for event, name in played.counts if event == "request"})
    out: list[Row] = []

    def put(key: str, dimension: str, group: str, value: float) -> None:
        out.append((-1, key, dimension, group, "value", value))

    for group in ("all", *services) if services else ():
        mine = services if group == "all" else [group]
        dimension = "all" if group == "all" else "service"
        n = {event: sum(played.counts[event, name] for name in mine) for event in COUNTED}
        put("requests_week", dimension, group, n["request"] / weeks)
        put("refusals_week", dimension, group, n["refused"] / weeks)
        put("cancellations_week", dimension, group, n["cancelled"] / weeks)
        put("served_share", dimension, group, n["served"] / n["request"])
        if n["served"]:
            put(
                "wait_min_served",
                dimension,
                group,
                sum(played.wait_min.get(name, 0.0) for name in mine) / n["served"],
            )
    for (name, code), count in sorted(played.reasons.items()):
        put("refusals_week", "service_reason", f"{name}: {_reason(name, code)}", count / weeks)
    for (name, other), count in sorted(played.fallbacks.items()):
        put("fallbacks_week", "service_fallback", f"{name}: {other}", count / weeks)
    return out


def _reason(service: str, code: int) -> str:
    """The label of a reason; its number where the service has none (any more)."""
    labels = getattr(kinds().get(service), "reasons", {})
    return str(labels[code]["en"]) if code in labels else f"reason {code}"
