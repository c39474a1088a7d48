"""Parameters of congested roads: capacities by highway class, the volume-delay function, other traffic.

Lives here: values with unit, range and source. Not here: speeds (roads), the equilibrium (routing).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_BPR = "Bureau of Public Roads, Traffic Assignment Manual, 1964"
_HCM = "order of the Highway Capacity Manual (2010): about 2,000 a lane on motorways, 1,700 a direction on two-lane roads (from memory)"
_TOWN = "below the Highway Capacity Manual's two-lane roads, as junctions limit (from memory), to be swept"

# Vehicles an hour in one direction, where there is no count of lanes: (class, value, source).
_CAPACITY: tuple[tuple[str, float, str], ...] = (
    ("motorway", 4000.0, _HCM),
    ("motorway_link", 1600.0, _HCM),
    ("trunk", 3200.0, _HCM),
    ("trunk_link", 1500.0, _HCM),
    ("primary", 1400.0, _HCM),
    ("primary_link", 1200.0, _TOWN),
    ("secondary", 1100.0, _TOWN),
    ("secondary_link", 1000.0, _TOWN),
    ("tertiary", 900.0, _TOWN),
    ("tertiary_link", 800.0, _TOWN),
    ("unclassified", 700.0, _TOWN),
    ("residential", 500.0, _TOWN),
    ("living_street", 300.0, _TOWN),
    ("service", 300.0, _TOWN),
    ("road", 700.0, _TOWN),
    ("track", 200.0, _TOWN),
)

PARAMETERS = (
    *(
        _P(f"congestion.{cls}_veh_h", value, "vehicles/h", 1, 10_000, source, f"capacity of highway={cls}, one direction")
        for cls, value, source in _CAPACITY
    ),
    _P("congestion.alpha", 0.15, "ratio", 0, 10, _BPR, "share of its free-flow time that a road takes longer at capacity"),
    _P("congestion.beta", 4.0, "exponent", 1, 12, _BPR, "how sharply delay grows with flow over capacity"),
    _P("congestion.background_day", 0.30, "share of capacity", 0, 2, FROM_MEMORY, "traffic from 6 to 20 h that is not of the model's commuters"),
    _P("congestion.background_night", 0.05, "share of capacity", 0, 2, FROM_MEMORY, "the same from 20 to 6 h"),
    _P("congestion.every_weeks", 4.0, "weeks", 1, 52, FROM_MEMORY, "weeks after which car times are found anew"),
    _P("congestion.gap", 1e-4, "relative gap", 1e-6, 0.1, "Boyce, Ralevic-Dekic, Bar-Gera 2004: flows are stable from 1e-4", "how near to equilibrium flows must be"),
)  # fmt: skip
