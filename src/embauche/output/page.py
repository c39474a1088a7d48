"""A report in one language: its runs, its figures by key, and how it says a difference.

Lives here: Page. Not here: sections and sentences (sections, answer), words (words).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from embauche.analysis.compare import Comparison
from embauche.analysis.indicators_catalogue import CATALOGUE
from embauche.core.messages import text
from embauche.core.results import Result
from embauche.output import figures, maps, words

Key = tuple[str, str, str, str]  # indicator, dimension, group, statistic
Figures = dict[Key, tuple[float, float, float]]


class Row(NamedTuple):
    """One row of a comparison."""

    scenario: str
    indicator: str
    dimension: str
    group: str
    statistic: str
    difference: float
    low: float
    high: float
    distinguishable: bool
    verdict: str


@dataclass
class Page:
    """A report in one language: the runs, the comparison if there is one, and how to say things.

    Attributes:
        lang: "fr" or "en".
        runs: the baseline (or the only run) first.
        found: the comparison, None for one run alone.
        shape: outlines of communes, None if there are none.
    """

    lang: str
    runs: Sequence[Result]
    found: Comparison | None
    shape: maps.Outlines | None
    known: dict[str, Figures] = field(default_factory=dict)

    def t(self, key: str, **values: object) -> str:
        """Words of a key in this page's language."""
        return text(key, self.lang, **values)

    @cached_property
    def epcis(self) -> dict[str, str]:
        """EPCI names by code."""
        return {str(k): str(v) for k, v in self.runs[0].manifest.get("epcis", {}).items()}

    def title_of(self, run: Result) -> str:
        """A run's title in this language, else in the other, else its name."""
        titles = run.scenario.get("title") or {}
        other = "en" if self.lang == "fr" else "fr"
        return str(titles.get(self.lang) or titles.get(other) or run.name)

    def colour(self, run: Result) -> str:
        """The colour of a run in all pictures."""
        place = [r.name for r in self.runs].index(run.name)
        return figures.COLOURS[place % len(figures.COLOURS)]

    def whole(self, run: Result) -> Figures:
        """A run's whole-period figures: mean, least and greatest over seeds, by `Key`."""
        if run.name not in self.known:
            frame = run.indicators
            frame = frame[frame["week"] == -1]
            grouped = frame.groupby(["indicator", "dimension", "group", "statistic"], sort=True)["value"]
            found = grouped.agg(["mean", "min", "max"]).reset_index()
            self.known[run.name] = {
                (str(i), str(d), str(g), str(s)): (float(mean), float(low), float(high))
                for i, d, g, s, mean, low, high in found.itertuples(index=False, name=None)
            }
        return self.known[run.name]

    def level(
        self, run: Result, indicator: str, of: str = "all", group: str = "all", statistic: str = "value"
    ) -> float:
        """A run's mean over seeds, NaN if the run has no such figure."""
        return self.whole(run).get((indicator, of, group, statistic), (math.nan,))[0]

    @cached_property
    def rows(self) -> dict[tuple[str, str, str, str, str], Row]:
        """The comparison's rows by (scenario, indicator, dimension, group, statistic)."""
        if self.found is None:
            return {}
        return {
            (r.scenario, r.indicator, r.dimension, r.group, r.statistic): r
            for r in map(Row._make, self.found.frame[list(Row._fields)].itertuples(index=False))
        }

    def cell(self, row: Any, key: str) -> dict[str, Any]:
        """A difference with its interval and what it means."""
        name = CATALOGUE[key].unit
        if row is None:
            return {"value": "–", "interval": "", "css": "not", "row": None}
        css = row.verdict.split()[0] if math.isfinite(row.low) else ""
        interval = ""
        if math.isfinite(row.low):
            low = words.number(row.low, name, self.lang, signed=True)
            high = words.number(row.high, name, self.lang, signed=True)
            interval = f"[{low} ; {high}]" if self.lang == "fr" else f"[{low}, {high}]"
        shown = words.number(row.difference, name, self.lang, signed=True)
        return {"value": shown, "interval": interval, "css": css, "row": row}
