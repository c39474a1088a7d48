"""Indicators of apprentices: contracts signed, begun, broken, completed, seats taken.

Lives here: ApprenticesPart. Not here: the week of apprentices (labour.apprentices).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from embauche.analysis.indicator import Indicator, Row
from embauche.core.table import Table

_I = Indicator
_RUN = "over the run"


class ApprenticesPart:
    """Adds up tables APPRENTICES and SEATS."""

    INDICATORS: ClassVar[tuple[Indicator, ...]] = (
        _I("apprentices", "persons", "Apprentis", "Apprentices", 1, "apprentices under contract, mean week"),
        _I("apprentice_contracts", "contracts", "Contrats signés", "Contracts signed", 1,
           f"apprenticeships signed {_RUN}"),
        _I("apprentice_no_seat", "offers", "Refus faute de place en CFA", "Refused for want of a seat", -1,
           f"agreements that came to nothing because no centre had a seat in the domain, {_RUN}"),
        _I("apprentice_broken", "contracts", "Contrats rompus", "Contracts broken", -1,
           f"contracts broken by either side {_RUN}"),
        _I("apprentice_broken_first", "contracts", "dont dans les 45 jours", "of which within 45 days", -1,
           f"contracts broken within six weeks {_RUN}"),
        _I("apprentice_completed", "contracts", "Contrats menés à terme", "Contracts completed", 1,
           f"contracts that ran to their end {_RUN}"),
        _I("apprentice_kept", "persons", "Gardés par l'entreprise", "Kept by their firm", 1,
           f"who took an ordinary post of the firm at the end of the contract, {_RUN}"),
        _I("apprentice_gave_up", "persons", "Sans contrat en fin de saison", "Without a contract", -1,
           f"who sought one and had none when a season ended, {_RUN}"),
    )  # fmt: skip

    def __init__(self, people: Table, posts: Table, names: Mapping[str, Sequence[str]]) -> None:
        """Start with nothing."""
        del people, posts, names
        self._weeks, self._present = 0, 0
        self._events: Counter[str] = Counter()

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week."""
        self._weeks += 1
        if "apprentices" in tables:
            self._events.update(str(e) for e in tables["apprentices"].event)
        if "seats" in tables:
            self._present += int(tables["seats"].present.sum())

    def rows(self) -> list[Row]:
        """One value each."""
        e = self._events
        values = (
            self._present / max(self._weeks, 1), e["signed"], e["no_seat"],
            e["broken_first"] + e["broken_later"], e["broken_first"], e["completed"], e["kept"], e["gave_up"],
        )  # fmt: skip
        return [
            (-1, i.key, "all", "all", "value", float(v)) for i, v in zip(self.INDICATORS, values, strict=True)
        ]
