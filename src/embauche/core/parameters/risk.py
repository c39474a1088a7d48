"""Parameters of accident risk on the way to work: by mode, at night, of the tired.

Lives here: values with unit, range and source. Not here: what is added up (analysis.indicators_risk).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_RHONE = "Blaizot, Papon, Haddak and Amoros, Transport Research Arena 2014 (Rhône registry and travel surveys), all injuries by time travelled, car occupants 1"
_NIGHT = "INRS as prevention bodies cite it: at night accidents and near misses on the way to work are twice as likely; deaths on the road about seven times (Sécurité routière)"

PARAMETERS = (
    _P("risk.car_injuries_million_h", 15.0, "injuries per million hours", 1, 100, FROM_MEMORY, "injuries of car occupants, all severities, in an hour of travel by day"),
    _P("risk.walk_ratio", 0.5, "ratio", 0.1, 5, _RHONE, "on foot, beside car occupants"),
    _P("risk.bike_ratio", 8.0, "ratio", 1, 30, _RHONE, "by bike or e-bike, beside car occupants"),
    _P("risk.two_wheeler_ratio", 42.0, "ratio", 5, 150, _RHONE, "by scooter or motorbike, beside car occupants"),
    _P("risk.bus_ratio", 0.15, "ratio", 0.01, 1, FROM_MEMORY, "by bus, coach or train, walks and waiting included, beside car occupants"),
    _P("risk.night_ratio", 2.0, "ratio", 1, 7, _NIGHT, "from 21 h to 6 h, beside the day"),
    _P("risk.after_night_ratio", 1.5, "ratio", 1, 4, FROM_MEMORY, "on the way home after work through the night (3 h), beside other ways home"),
    _P("risk.long_way_per_h", 0.25, "ratio per hour", 0, 2, FROM_MEMORY, "rise for each hour of the day's two ways beyond one"),
)  # fmt: skip
