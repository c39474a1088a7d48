"""Indicators of training: seats, trainees, who finds a post, who declines for the way there.

Lives here: TrainingPart. Not here: the week that they are counted in (labour.training).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from embauche.analysis.indicator import Indicator, Row
from embauche.core.table import Table
from embauche.population.schemas import SKILLS

_I = Indicator
TAUGHT = ("course", "academy")
COUNTED = ("seats", "started", "passed", "hired", "declined_way", "dropped", "refused")


class TrainingPart:
    """Adds up core.outputs_labour.COURSES; dimensions all, domain and measure (kind and name)."""

    INDICATORS: ClassVar[tuple[Indicator, ...]] = (
        _I("training_seats", "seats", "Places de formation", "Training seats", 0,
           "seats of sessions that started in the run, courses and academies"),
        _I("training_started", "persons", "Entrées en formation", "Trainees", 1,
           "who took a seat, or began a measure, in the run", True),
        _I("training_present", "persons", "Personnes en formation", "People in training", 0,
           "who are in a course, an academy or training by their employer, mean over weeks; they count as "
           "unemployed unless an employer trains them"),
        _I("training_passed", "persons", "Formations réussies", "Courses passed", 1,
           "who stayed to the end of a course or academy and have its domain and level then", True),
        _I("training_hired", "persons", "Embauches après formation", "Hired after training", 1,
           "who found a post within training.within_weeks of passing; a run that ends sooner sees fewer"),
        _I("training_dropped", "persons", "Abandons de formation", "Drop-outs of courses", -1,
           "who gave a course or academy up before its end"),
        _I("training_refused", "persons", "Candidats sans place de formation", "Left without a seat", -1,
           "who waited for a seat of a course or academy that did not come in time"),
        _I("training_declined_way", "persons", "Formations refusées à cause du trajet",
           "Courses declined for the way there", -1,
           "who would have joined a course, an academy or an immersion but for the way there", True),
        _I("training_fill_rate", "share", "Taux de remplissage des formations", "Seats filled", 1,
           "seats taken over seats of sessions that started"),
    )  # fmt: skip

    def __init__(self, people: Table, posts: Table, names: Mapping[str, Sequence[str]]) -> None:
        self.weeks = 0
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def add_week(self, tables: Mapping[str, Table]) -> None:
        """Add one week's tables (core.outputs.WEEKLY by name)."""
        table = tables["courses"]
        self.weeks += 1
        figures = {name: table[name].tolist() for name in (*COUNTED, "present")}
        rows = zip(table.kind.tolist(), table.name.tolist(), table.domain.tolist(), strict=True)
        for k, (kind, name, domain) in enumerate(rows):
            groups = [("measure", name if name == kind else f"{kind}: {name}")]
            if kind in TAUGHT:
                groups += [("all", "all"), ("domain", SKILLS[domain])]
            for figure, values in figures.items():
                for dimension, group in groups:
                    self.counts[figure, dimension, group] += int(values[k])
            if kind == "immersion":
                self.counts["declined_way", "all", "all"] += int(figures["declined_way"][k])
            if kind == "on hire":
                self.counts["present", "all", "all"] += int(figures["present"][k])

    def rows(self) -> list[Row]:
        """Rows of the replication; none where nobody was trained."""
        out: list[Row] = []
        for dimension, group in sorted({key[1:] for key in self.counts}):
            n = {figure: self.counts[figure, dimension, group] for figure in (*COUNTED, "present")}
            values = {figure: float(n[figure]) for figure in COUNTED}
            values["present"] = n["present"] / max(self.weeks, 1)
            if n["seats"]:
                values["fill_rate"] = n["started"] / n["seats"]
            out += [(-1, f"training_{k}", dimension, group, "value", v) for k, v in values.items()]
        return out
