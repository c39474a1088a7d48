"""Parameters of levers and aids: allowances, parking, licences, applications, e-bike grants.

Lives here: values with unit, range and source. Not here: sums and stocks, which a scenario's `levers:` gives.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter

PARAMETERS = (
    _P("allowance.days_year", 220.0, "days", 50, 366, FROM_MEMORY, "days worked in a year, over which people spread an allowance's cap"),
)  # fmt: skip
