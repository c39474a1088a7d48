"""Which firms a scenario means: by id, sector, commune, size; words of sectors and of training domains.

Lives here: Employers, Sector, Domain. Not here: what is done with them (core.scenario_levers ...).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from embauche.core.scenario_aids import Names, Strict, listed
from embauche.core.scenario_fields import fault

Sector = Literal[
    "agriculture", "industry", "construction", "trade", "transport_logistics",
    "hotel_catering", "business_services", "public_education", "health_social", "other_services",
]  # fmt: skip
Domain = Literal[
    "agriculture", "food_industry", "metal_mechanics", "chemistry_process", "wood_paper",
    "electricity_electronics", "maintenance", "construction", "transport_driving", "logistics",
    "trade_sales", "hotel_catering", "personal_services", "cleaning_security", "health_care",
    "social_education", "administration", "management_law", "it_telecom", "arts_communication",
    "teaching_research",
]  # fmt: skip


class Employers(Strict):
    """Which firms; a firm must fit every line that is given. Firms of external zones are never meant."""

    firms: Annotated[tuple[int, ...], BeforeValidator(listed)] = Field(
        default=(), description="firm ids; all firms if empty"
    )
    sectors: Annotated[tuple[Sector, ...], BeforeValidator(listed)] = Field(
        default=(), description="only these sectors"
    )
    communes: Names = Field(default=(), description="only firms in these communes (names or INSEE codes)")
    min_posts: int = Field(default=0, ge=0, description="only firms with at least so many posts")
    max_posts: int | None = Field(default=None, ge=0, description="only firms with at most so many posts")

    @model_validator(mode="after")
    def _some_size(self) -> Self:
        if self.max_posts is not None and self.min_posts > self.max_posts:
            raise fault("no firm has this size", f"{self.min_posts} to {self.max_posts} posts",
                        "min_posts at most max_posts")  # fmt: skip
        return self
