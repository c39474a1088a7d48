"""Indicators of HR capacity and shared HR: vacancies not handled, weeks to decision, groups of employers.

Lives here: RecruitmentPart. Not here: vacancies and hires themselves (indicators_catalogue).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from embauche.analysis.indicator import Indicator, Row
from embauche.core.outputs_labour import HR
from embauche.core.table import Table
from embauche.population.schemas import SizeClass

_I = Indicator
EVENTS = ("hired", "lent", "passed_on", "left", "ended", "signed", "passed")


class RecruitmentPart:
    """Adds up core.outputs_labour.HR by size class and SHARED_HR by the scenario's names."""

    INDICATORS: ClassVar[tuple[Indicator, ...]] = (
        _I("hr_unhandled", "share", "Postes vacants non traités par les RH",
           "Vacancies that HR cannot handle", -1,
           "vacancies that nobody outside can see for want of HR capacity, over vacancies of all weeks"),
        _I("hr_unread", "share", "Candidatures non lues", "Applications not read", -1,
           "applications that HR has not read at the week's end, over those waiting"),
        _I("hr_weeks_to_decision", "weeks", "Délai de décision des employeurs", "Weeks to a decision", -1,
           "weeks from application to hire, mean over hires"),
        _I("hr_offers_refused", "share", "Offres d'emploi refusées", "Offers refused", -1,
           "offers refused for a better one, over offers made"),
        _I("hr_trained_hires", "share", "Embauches sous le niveau demandé", "Hires below requirement", 0,
           "hired below what the post asks, to be trained, over hires"),
        _I("geiq_hired", "persons", "Embauches par des GEIQ", "Hired by GEIQs", 1,
           "people without work taken on by groups of employers in the run", True),
        _I("geiq_lent", "persons", "Mises à disposition suivantes", "Lent to a next member", 0,
           "moves of a group's people to another member's vacancy"),
        _I("geiq_passed_on", "persons", "Embauches durables par des membres", "Passed on to members", 1,
           "people hired for good by the member at the end of their contract with the group"),
        _I("geiq_pass_on_rate", "share", "Part des sortants embauchés par un membre", "Leavers passed on", 1,
           "passed on, over contracts that ended or were left (GEIQ 2023: 70 %)"),
        _I("geiq_signed", "contracts", "Apprentis signés par des GEIQ", "Apprentices of GEIQs", 1,
           "apprenticeships signed by groups of employers in the run, for posts of their members"),
        _I("network_passed", "applications", "Candidatures transmises entre DRH", "Applications passed on", 0,
           "applications that a network of HR directors passed on to other members"),
    )  # fmt: skip

    def __init__(self, people: Table, posts: Table, names: Mapping[str, Sequence[str]]) -> None:
        self.hr: Counter[tuple[str, str, str]] = Counter()
        self.shared: Counter[tuple[str, str, str]] = Counter()

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week's tables (core.outputs.WEEKLY by name)."""
        table = tables["hr"]
        for name in HR.names[2:]:
            for size, value in zip(table.size_class.tolist(), table[name].tolist(), strict=True):
                for group in (("all", "all"), ("size_class", SizeClass(size).name)):
                    self.hr[name, *group] += value
        shared = tables["shared_hr"]
        for name, event in zip(shared.name.tolist(), shared.event.tolist(), strict=True):
            for group in (("all", "all"), ("measure", name)):
                self.shared[event, *group] += 1

    def rows(self) -> list[Row]:
        """Rows of the replication; of shared HR none where there is none."""
        out: list[Row] = []
        for of in sorted({key[1:] for key in self.hr}):
            n = {name: self.hr[name, *of] for name in HR.names[2:]}
            shares = {
                "hr_unhandled": (n["vacancies"] - n["handled"], n["vacancies"]),
                "hr_unread": (n["unread"], n["waiting"]),
                "hr_weeks_to_decision": (n["waited"], n["hired"]),
                "hr_offers_refused": (n["refused"], n["refused"] + n["hired"]),
                "hr_trained_hires": (n["trained"], n["hired"]),
            }
            out += [(-1, key, *of, "value", part / whole) for key, (part, whole) in shares.items() if whole]
        for of in sorted({key[1:] for key in self.shared}):
            e = {event: self.shared[event, *of] for event in EVENTS}
            values = {"geiq_hired": e["hired"], "geiq_lent": e["lent"], "geiq_passed_on": e["passed_on"],
                      "geiq_signed": e["signed"], "network_passed": e["passed"]}  # fmt: skip
            out += [(-1, key, *of, "value", float(value)) for key, value in values.items()]
            gone = e["passed_on"] + e["ended"] + e["left"]
            if gone:
                out.append((-1, "geiq_pass_on_rate", *of, "value", e["passed_on"] / gone))
        return out
