"""Parameters of levers and aids: allowances, parking, licences, applications, e-bike grants.

Lives here: values with unit, range and source. Not here: sums and stocks, which a scenario's `levers:` gives.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_EXAM = "Sécurité routière, bilan des examens du permis de conduire: 55 to 60 % pass at the first go (from memory)"

PARAMETERS = (
    _P("allowance.days_year", 220.0, "days", 50, 366, FROM_MEMORY, "days worked in a year, over which people spread an allowance's cap"),
    _P("parking.search_min", 8.0, "min", 0, 40, FROM_MEMORY, "looking for a place outside and walking back, where a firm's own are taken"),
    _P("parking.every_weeks", 4.0, "weeks", 1, 52, FROM_MEMORY, "weeks after which minutes of looking for a place are found anew"),
    _P("parking.smoothing", 0.5, "share", 0.01, 1, FROM_MEMORY, "how far they then move towards what the last week's cars say"),
    _P("licence.weeks", 30.0, "weeks", 1, 260, FROM_MEMORY, "weeks from the aid to the exam: code, lessons, wait for a date"),
    _P("licence.pass_rate", 0.58, "share", 0, 1, _EXAM, "driving exams passed"),
    _P("licence.retry_weeks", 9.0, "weeks", 1, 104, FROM_MEMORY, "weeks from a failed exam to the next"),
    _P("licence.tries", 3.0, "exams", 1, 10, FROM_MEMORY, "exams after which a course ends without licence"),
    _P("aid.apply", 0.02, "share a week", 0, 1, FROM_MEMORY, "of those eligible and neither served nor waiting, who apply in a week"),
    _P("grant.price_eur", 1800.0, "EUR", 300, 6000, "order of the mean price of an e-bike in France (from memory)", "price of an e-bike"),
    _P("grant.buy_year", 0.30, "share a year", 0, 1, FROM_MEMORY, "of those eligible who would buy within a year if an e-bike were free; the grant's share of the price takes that share of it"),
)  # fmt: skip
