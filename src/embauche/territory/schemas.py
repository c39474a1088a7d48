"""Column schemas of a territory's tables: what every reader fills and every consumer relies on.

Lives here: nodes, arcs, turns, communes, places, sites, stops, trips, connections. Not here: any code.
"""

from __future__ import annotations

from embauche.core.table import Column, Schema

NODES = Schema(
    "nodes",
    (
        Column("osm_id", "int64", "id", "OpenStreetMap node id"),
        Column("lon", "float64", "degree", "longitude WGS84"),
        Column("lat", "float64", "degree", "latitude WGS84"),
        Column("x_m", "float64", "m", "local metric x (UTM zone of the territory)"),
        Column("y_m", "float64", "m", "local metric y"),
        Column("commune", "int32", "row of communes", "commune that contains the node, -1 if none"),
        Column("in_car", "bool", "", "in the largest strongly connected part of the car network"),
        Column("in_bike", "bool", "", "likewise for the bike network"),
        Column("in_walk", "bool", "", "likewise for the walk network"),
    ),
)

ARCS = Schema(
    "arcs",
    (
        Column("tail", "int32", "row of nodes", "from node"),
        Column("head", "int32", "row of nodes", "to node"),
        Column("length_m", "float32", "m", "length along the way"),
        Column("way", "int64", "id", "OpenStreetMap way id"),
        Column("highway", "int8", "code", "row of roads.HIGHWAYS"),
        Column("car_s", "float32", "s", "free-flow car time, inf where cars may not go"),
        Column("bike_s", "float32", "s", "bike time, inf where bikes may not go"),
        Column("walk_s", "float32", "s", "walk time, inf where pedestrians may not go"),
        Column(
            "bike_felt_s", "float32", "s", "bike time as it feels, by which paths are chosen; inf likewise"
        ),
    ),
)

TURNS = Schema(
    "turns",
    (
        Column(
            "turn", "int32", "number", "sequence of arcs that no car may drive; its rows follow one another"
        ),
        Column(
            "arc", "int32", "row of arcs", "next arc of the sequence: two for a via node, more for via ways"
        ),
        Column("relation", "int64", "id", "OpenStreetMap relation id"),
    ),
)

COMMUNES = Schema(
    "communes",
    (
        Column("code", "str", "INSEE code", "commune code, or the external zone's code"),
        Column("name", "str", "", "name"),
        Column("population", "int32", "persons", "inhabitants, 0 for an external zone"),
        Column("epci", "str", "SIREN", "EPCI code, empty for an external zone"),
        Column("epci_name", "str", "", "EPCI name"),
        Column("departement", "str", "", "département code"),
        Column("arrondissement", "str", "", "arrondissement code"),
        Column("external", "bool", "", "a pole outside the territory, entered at a gateway"),
        Column("lon", "float64", "degree", "a point inside (town hall where it lies inside)"),
        Column("lat", "float64", "degree", "a point inside"),
        Column("node", "int32", "row of nodes", "nearest road node (external: the gateway)"),
        Column("jobs", "int32", "posts", "external zones: posts that residents hold or may take"),
        Column("inflow", "int32", "workers", "external zones: workers who live there and work here"),
        Column("gate_car_min", "float32", "min", "external zones: car minutes beyond the gateway"),
        Column("gate_car_km", "float32", "km", "external zones: kilometres beyond the gateway"),
        Column("gate_transit_min", "float32", "min", "walk from the zone's stop to work, inf if none"),
        Column("geometry", "bytes", "WKB", "polygon in WGS84, empty for an external zone"),
    ),
)

PLACES = Schema(
    "places",
    (
        Column("node", "int32", "row of nodes", "road node where people live"),
        Column("commune", "int32", "row of communes", "commune (an external zone has one place)"),
        Column("weight", "float32", "relative", "share of the commune's homes here"),
    ),
)

SITES = Schema(
    "sites",
    (
        Column("node", "int32", "row of nodes", "road node where firms may sit"),
        Column("commune", "int32", "row of communes", "commune (an external zone has one site)"),
        Column("weight", "float32", "relative", "share of the commune's posts here"),
        Column("zone", "int32", "number", "activity zone (landuse industrial/commercial), -1 if none"),
    ),
)

STOPS = Schema(
    "stops",
    (
        Column("stop_id", "str", "id", "feed's stop_id, prefixed 'N:' by feed number if several"),
        Column("name", "str", "", "name"),
        Column("lon", "float64", "degree", "longitude"),
        Column("lat", "float64", "degree", "latitude"),
        Column("node", "int32", "row of nodes", "nearest walkable node, -1 where too far away"),
        Column("walk_s", "float32", "s", "walk between stop and node"),
        Column("zone", "int32", "row of communes", "external zone that the stop serves, else -1"),
        Column("wheelchair", "int8", "code", "GTFS wheelchair_boarding"),
    ),
)

TRIPS = Schema(
    "trips",
    (
        Column("trip_id", "str", "id", "feed's trip_id (+ '#k' for a frequency's k-th run)"),
        Column("route", "str", "id", "route_id"),
        Column("route_name", "str", "", "route_short_name or route_long_name"),
        Column("agency", "str", "", "agency name"),
        Column("mode", "int8", "code", "GTFS route_type folded to 0 tram, 1 metro, 2 rail, 3 bus"),
        Column("days", "uint8", "bit mask", "bit 0 Monday ... bit 6 Sunday of the chosen week"),
    ),
)

CONNECTIONS = Schema(
    "connections",
    (
        Column("trip", "int32", "row of trips", "trip"),
        Column("dep_stop", "int32", "row of stops", "from stop"),
        Column("arr_stop", "int32", "row of stops", "to next stop"),
        Column("dep_s", "int32", "s after midnight", "departure, may pass 86,400"),
        Column("arr_s", "int32", "s after midnight", "arrival, may pass 86,400"),
        Column("km", "float32", "km", "length, straight line between stops times the mode's detour"),
        Column("pickup", "bool", "", "boarding allowed at dep_stop"),
        Column("dropoff", "bool", "", "alighting allowed at arr_stop"),
    ),
)

ALL = (NODES, ARCS, TURNS, COMMUNES, PLACES, SITES, STOPS, TRIPS, CONNECTIONS)
