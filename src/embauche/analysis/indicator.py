"""What an indicator is, and what a part of the indicators must offer.

Lives here: Indicator, Part, Row. Not here: any indicator (indicators_catalogue, indicators_*).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from embauche.core.table import Table

Row = tuple[int, str, str, str, str, float]  # week or -1, key, dimension, group, statistic, value


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes:
        key: name in the indicators table.
        unit: unit of its values.
        fr, en: labels.
        better: +1 where more is better, -1 where less is, 0 where neither can be said.
        doc: what is counted, in one sentence.
        headline: shown among the main differences of a report.
    """

    key: str
    unit: str
    fr: str
    en: str
    better: int
    doc: str
    headline: bool = False


class Part(Protocol):
    """One topic's indicators, added up week by week from a run's tables; see indicators_parts.PARTS."""

    INDICATORS: ClassVar[tuple[Indicator, ...]]

    def __init__(self, people: Table, posts: Table, names: Mapping[str, Sequence[str]]) -> None:
        """Start with all people and posts of the run (core.outputs.PEOPLE, POSTS) and names by row."""

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week's tables (core.outputs.WEEKLY by name)."""

    def rows(self) -> list[Row]:
        """Rows of the replication."""
