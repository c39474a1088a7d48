"""Levers on work itself in a scenario: childcare at shift hours, conditions and automation, care near home.

Lives here: their fields and checks. Not here: what they do (labour.childcare, conditions, care).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from embauche.core.csv_rows import csv_table
from embauche.core.errors import Problem, raise_all
from embauche.core.scenario_aids import Group, Lever, Names, Payer, Queued, Share, Strict, Who, listed
from embauche.core.scenario_fields import fault
from embauche.core.scenario_firms import Domain, Employers
from embauche.core.scenario_stops import Between

CARE_COLUMNS = ("commune", "score")
SKILLS = Domain.__args__  # type: ignore[attr-defined]


class Childcare(Queued):
    """Places for children under six at hours when crèches and childminders are closed."""

    places: int = Field(ge=0, le=100_000, description="children at a time")
    hours: Between = Field(description="when they are open, such as 04:30-22:30")
    weekend: bool = Field(default=False, description="on Saturdays and Sundays too")
    cost_eur_week: float = Field(default=250.0, ge=0.0, le=2000.0, description="what a place costs a week")
    fee_eur_week: float = Field(default=40.0, ge=0.0, le=2000.0, description="of which its family pays")
    who: Who = Field(
        default=Who(groups=("apprentice", "unemployed", "employed")),
        description="who is eligible, of parents of a child under six; one place a household",
    )

    @model_validator(mode="after")
    def _fee(self) -> Self:
        if self.fee_eur_week > self.cost_eur_week:
            raise fault("families pay more than a place costs", f"{self.fee_eur_week:g} EUR a week",
                        f"at most cost_eur_week, {self.cost_eur_week:g}")  # fmt: skip
        return self


class Conditions(Lever):
    """Better working conditions or automation at some employers, from a week on."""

    employers: Employers = Field(default=Employers(), description="which firms")
    skills: Annotated[tuple[Domain, ...], BeforeValidator(listed)] = Field(
        default=(), description="only posts of these domains"
    )
    shifts: Names = Field(default=(), description="only posts of these shifts")
    share: Share = Field(default=1.0, description="share of the posts chosen")
    week: int = Field(default=0, ge=0, le=1039, description="week of the run from which it holds")
    strain_eur_month: float = Field(
        default=0.0, ge=0.0, le=2000.0,
        description="what the lighter work is worth to who does it, or would: EUR a month",
    )  # fmt: skip
    image_eur_month: float = Field(
        default=0.0, ge=0.0, le=2000.0, description="what the better image is worth to who works elsewhere"
    )  # fmt: skip
    removed: Share = Field(default=0.0, description="share of the posts that machines replace")
    skill_to: Domain | None = Field(default=None, description="domain that the other posts ask from then on")
    level_to: int | None = Field(default=None, ge=0, le=3, description="level that they ask from then on")
    retrain_eur: float = Field(
        default=2000.0, ge=0.0, le=50_000.0, description="what training a holder for a changed post costs"
    )
    cost_eur_post: float = Field(default=0.0, ge=0.0, le=1e7, description="cost of a post, once")
    cost_eur_week: float = Field(default=0.0, ge=0.0, le=10_000.0, description="cost of a post each week")
    payer: Payer = Field(default="employer", description="who pays: employer, authority, region, state")

    @model_validator(mode="after")
    def _something(self) -> Self:
        changes = (self.strain_eur_month, self.image_eur_month, self.removed)
        if not any(changes) and self.skill_to is None and self.level_to is None:
            raise fault("this lever changes nothing", "no strain, image, removed, skill_to or level_to",
                        "one of these")  # fmt: skip
        return self


class Care(Strict):
    """Access to care near home as a part of what a home is worth; nothing without a table."""

    table: str | None = Field(default=None, description="CSV file: commune (INSEE code), score from 0 to 1")
    eur_month: float = Field(
        default=50.0, ge=0.0, le=1000.0, description="what a home with score 1 is worth above one with 0"
    )


def read_care(path: Path) -> dict[str, float]:
    """Score of each commune of a table.

    Raises:
        UserError: every fault of the file at once, each with its line.
    """
    problems: list[Problem] = []
    out: dict[str, float] = {}
    for line, row in csv_table(path, "care", CARE_COLUMNS, fix="look at care.table in the scenario"):
        code, text = [*row, "", ""][:2]
        try:
            score = float(text.replace(",", "."))
        except ValueError:
            score = float("nan")
        if not 0.0 <= score <= 1.0:
            problems.append(Problem("this is no score of access to care", path, line, text or "nothing",
                                    "a number from 0 to 1"))  # fmt: skip
        if code in out:
            problems.append(Problem("a commune stands here twice", path, line, code, "one line a commune"))
        out[code] = score
    raise_all(problems)
    return out


__all__ = ["Care", "Childcare", "Conditions", "Group", "read_care"]
