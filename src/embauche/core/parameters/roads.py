"""Parameters of building a territory: speeds by highway class, homes and sites, stops.

Lives here: values with unit, range and source. Not here: the tag rules (territory.highways).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_LAW = "Code de la route R413-2, R413-3; below the limit where junctions slow traffic (from memory)"
_OSRM = "order of OSRM's car profile (from memory), to be swept"
_SLOPE = "Parkin & Rotheram 2010, Transport Policy 17: 21.6 km/h, -1.44 up and +0.86 km/h down a percent (from memory)"
_BROACH = "Broach, Dill & Gliebe 2012, Transportation Research A 46, table 3: commuters, paths -16 %, 10,000-20,000 cars a day +37 % (from memory)"
_TOBLER = "Tobler 1993, Three presentations on geographical analysis: 6 exp(-3.5 |slope + 0.05|) km/h"

# Free-flow speed, km/h, where a way has no maxspeed: (class, value, source).
_SPEEDS: tuple[tuple[str, float, str], ...] = (
    ("motorway", 120.0, _LAW),
    ("motorway_link", 60.0, _OSRM),
    ("trunk", 95.0, _LAW),
    ("trunk_link", 50.0, _OSRM),
    ("primary", 70.0, _LAW),
    ("primary_link", 45.0, _OSRM),
    ("secondary", 65.0, _LAW),
    ("secondary_link", 40.0, _OSRM),
    ("tertiary", 55.0, _LAW),
    ("tertiary_link", 35.0, _OSRM),
    ("unclassified", 45.0, _LAW),
    ("residential", 28.0, _LAW),
    ("living_street", 12.0, "Code de la route R415-11: 20 km/h at most; slower in use (from memory)"),
    ("service", 15.0, _OSRM),
    ("track", 15.0, _OSRM),
    ("road", 35.0, _OSRM),
)

PARAMETERS = (
    *(
        _P(f"roads.{cls}_kmh", kmh, "km/h", 5, 140, source, f"car speed on highway={cls} without maxspeed")
        for cls, kmh, source in _SPEEDS
    ),
    _P("roads.limit_share", 0.9, "share", 0.5, 1, FROM_MEMORY,
        "speed driven over the limit posted in maxspeed"),
    _P("roads.unpaved_kmh", 35.0, "km/h", 10, 80, FROM_MEMORY, "most that cars drive on an unpaved surface"),
    _P("roads.bike_kmh", 15.0, "km/h", 8, 28, FROM_MEMORY, "bike speed on a made surface"),
    _P("roads.bike_unpaved_kmh", 10.0, "km/h", 5, 20, FROM_MEMORY,
        "bike speed on an unpaved surface or a path"),
    _P("roads.bike_cobbles_kmh", 11.0, "km/h", 5, 20, FROM_MEMORY, "bike speed on cobbles and setts"),
    _P("roads.bike_rough_kmh", 6.0, "km/h", 3, 15, FROM_MEMORY, "bike speed on sand, mud, rock or very bad smoothness"),
    _P("roads.bike_up_share", 0.067, "share a percent", 0, 0.15, _SLOPE, "bike speed lost a percent of rise"),
    _P("roads.bike_down_share", 0.040, "share a percent", 0, 0.1, _SLOPE, "bike speed won a percent of fall"),
    _P("roads.bike_down_most", 1.3, "ratio", 1, 2, FROM_MEMORY, "most that bikes are faster downhill: then they brake"),
    _P("roads.bike_least_kmh", 3.5, "km/h", 1, 6, FROM_MEMORY, "bike speed uphill at the least: pushed on foot"),
    _P("roads.bike_felt_path", 0.84, "ratio", 0.5, 1, _BROACH, "how long a second by bike feels on a way of its own"),
    _P("roads.bike_felt_busy", 1.37, "ratio", 1, 3, _BROACH, "how long a second by bike feels on a main road without a lane"),
    _P("roads.bike_pedestrian_kmh", 6.0, "km/h", 3, 15, "Code de la route R431-9: walking pace",
        "bike speed among pedestrians"),
    _P("roads.walk_kmh", 4.8, "km/h", 3, 6.5, FROM_MEMORY, "walking speed"),
    _P("roads.walk_slope", 3.5, "1", 0, 6, _TOBLER, "walking speed is exp(-this * |slope - best|)"),
    _P("roads.walk_slope_best", -0.05, "rise over length", -0.1, 0, _TOBLER, "slope on which walking is fastest"),
    _P("roads.steps_kmh", 2.4, "km/h", 1, 4, FROM_MEMORY, "walking speed along steps, measured flat"),
    _P("homes.persons_at_street_density", 15.0, "persons/km2 at 1 km/km2", 2, 60, FROM_MEMORY,
       "inhabitants a km2 over the square of residential street km a km2, for an extract without communes"),
    _P("sites.zone_share", 0.5, "share", 0, 1, FROM_MEMORY,
        "posts of a commune that stand in its activity zones, where OSM has some"),
    _P("sites.centre_m", 800.0, "m", 100, 5000, FROM_MEMORY,
        "radius of a commune's centre, where posts outside activity zones stand"),
    _P("stops.join_max_m", 500.0, "m", 50, 2000, FROM_MEMORY,
        "farthest that a stop may lie from a walkable road"),
    _P("stops.zone_max_m", 3000.0, "m", 200, 20000, FROM_MEMORY,
        "stops this near to an external zone's station serve it"),
    _P("transit.detour_road", 1.3, "ratio", 1, 2.5, FROM_MEMORY,
        "length of bus, tram over the straight line between stops"),
    _P("transit.detour_rail", 1.15, "ratio", 1, 2, FROM_MEMORY,
        "length of rail, metro over the straight line between stops"),
)  # fmt: skip
