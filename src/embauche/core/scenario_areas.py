"""Areas and amounts as options of services write them: communes, EPCIs, polygons; euros in words.

Lives here: Area, Texts, amounts. Not here: which communes there are (territory), tickets (scenario_fares).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from embauche.core.scenario_fields import fault, faulty
from embauche.core.units import QuantityError, parse_quantity


def euros(value: Any, negative: str) -> Any:
    """A number of euros, or text such as `2 EUR` or `0.10 EUR/km`; None stays None.

    Args:
        value: as written.
        negative: what is said of a negative one.

    Raises:
        PydanticCustomError: no amount, or a negative one.
    """
    if value is None:
        return None
    try:
        amount = parse_quantity(str(value).replace("/km", ""), "EUR")
    except QuantityError as error:
        raise faulty(error) from None
    if amount < 0:
        raise fault(negative, value, "0 or more")
    return amount


def some(value: Any) -> Any:
    """One or a list, as a list."""
    return (value,) if isinstance(value, str | int | dict) and not isinstance(value, bool) else value


def _texts(value: Any) -> Any:
    return tuple(str(v) if isinstance(v, int) else v for v in some(value)) if value is not None else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class Area(BaseModel):
    """A part of the territory: all that is named here together."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    communes: Texts = Field(default=(), description="communes, by name or INSEE code")
    epcis: Texts = Field(default=(), description="EPCIs, by SIREN code or a part of the name")
    file: str | None = Field(default=None, description="GeoJSON file of polygons, degrees WGS84")

    @model_validator(mode="after")
    def _something(self) -> Area:
        if not (self.communes or self.epcis or self.file):
            raise fault("this area is empty", "nothing", "communes, epcis, or a file of polygons")
        return self
