"""What OSM's tags of a way allow: directions, speeds by car, bike and on foot.

Lives here: HIGHWAYS and the tag rules (pure functions). Not here: files, graphs.

Rules follow OSM's access hierarchy (mode, vehicle, access) and the French code where the tags are
silent: bikes ride at walking pace among pedestrians, tracks and private roads are closed to cars,
motorways and motor roads to the others. Barriers on nodes are not read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

HIGHWAYS: tuple[str, ...] = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link",
    "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential",
    "living_street", "service", "road", "track", "pedestrian", "footway", "cycleway", "path",
    "bridleway", "steps",
)  # fmt: skip
CODE: dict[str, int] = {name: code for code, name in enumerate(HIGHWAYS)}
STREETS: tuple[str, ...] = ("residential", "living_street", "unclassified", "tertiary")

# Tags that decide; all others are left unread, so that few distinct combinations remain.
KEYS: tuple[str, ...] = (
    "highway", "oneway", "junction", "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot",
    "oneway:bicycle", "cycleway", "cycleway:left", "cycleway:right", "cycleway:both", "motorroad", "area",
    "maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:type", "source:maxspeed",
    "zone:maxspeed", "zone:traffic", "surface", "tracktype", "smoothness", "incline",
)  # fmt: skip

_CAR = frozenset(HIGHWAYS[: CODE["track"]])
_NO_CAR_SPEED = 0.0
_ON_FOOT = frozenset(("pedestrian", "footway", "steps", "bridleway"))
_DENIED = frozenset(
    ("no", "private", "agricultural", "forestry", "delivery", "military", "emergency", "psv", "bus")
)
_BIKE_DENIED = _DENIED | {"use_sidepath", "dismount"}
_GIVEN = frozenset(("yes", "designated", "permissive", "official", "destination"))
_UNPAVED = frozenset(
    ("unpaved", "gravel", "fine_gravel", "pebblestone", "compacted", "dirt", "earth", "ground", "grass",
     "grass_paver", "mud", "sand", "woodchips", "rock")
)  # fmt: skip
_COBBLES = frozenset(("sett", "cobblestone", "unhewn_cobblestone", "cobblestone:flattened"))
_LOOSE = frozenset(("mud", "sand", "rock"))
_SMOOTH = frozenset(("excellent", "good", "intermediate"))
_ROUGH = frozenset(("very_bad", "horrible", "very_horrible", "impassable"))
_BUSY = frozenset(("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"))
_OWN_TRACK = frozenset(("track", "opposite_track", "separate"))
_OWN_LANE = frozenset(("lane", "opposite_lane", "exclusive"))
_CYCLEWAYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
_PLACES_KMH = {
    "urban": 50.0, "rural": 80.0, "trunk": 110.0, "motorway": 130.0, "living_street": 20.0,
    "walk": 6.0, "pedestrian_zone": 6.0, "nsl_single": 96.0, "nsl_dual": 112.0,
}  # fmt: skip
_NUMBER = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s*(km/?h|kmh|kph|mph|knots)?$")
_INCLINE = re.compile(r"^([+-]?\d{1,2}(?:[.,]\d+)?)\s*(%|°)$")
_STEEPEST = 0.4  # the steepest streets there are rise by 35 %; more is a mistake
_UNITS = {"mph": 1.609344, "knots": 1.852}


@dataclass(frozen=True)
class Way:
    """What one combination of tags allows; 0 km/h means not allowed that way along.

    Attributes:
        highway: row of HIGHWAYS.
        car_kmh, bike_kmh: speed (along the way, against it).
        walk_kmh: speed on foot, both ways.
        bike_felt: seconds by bike as they feel over seconds that pass.
        incline: rise over length along the way, None where the tags give no figure.
    """

    highway: int
    car_kmh: tuple[float, float]
    bike_kmh: tuple[float, float]
    walk_kmh: float
    bike_felt: float = 1.0
    incline: float | None = None


def parse_maxspeed(text: str) -> float | None:
    """A maxspeed tag in km/h ("50", "30 mph", "walk", "FR:urban", "none"); None if it tells nothing.

    Of several values ("50;30") the lowest that is readable counts.
    """
    best: float | None = None
    for raw in re.split(r"[;|,]", text.strip().lower()):
        part = raw.strip()
        place = part.split(":", 1)[1] if re.match(r"^[a-z]{2}:", part) else part
        number = _NUMBER.match(place) or _NUMBER.match(place.removeprefix("zone").removeprefix(":"))
        value: float | None
        if number:
            value = float(number[1]) * _UNITS.get(number[2] or "", 1.0)
        elif part == "none":
            value = 130.0
        else:
            value = _PLACES_KMH.get(place)
        if value is not None and 3 <= value <= 160 and (best is None or value < best):
            best = value
    return best


def _first(tags: Mapping[str, str], keys: tuple[str, ...]) -> str:
    for key in keys:
        if key in tags:
            return tags[key]
    return ""


def _directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """(along, against) for vehicles, from oneway and junction."""
    oneway = tags.get("oneway", "")
    if oneway in ("yes", "true", "1"):
        return True, False
    if oneway in ("-1", "reverse"):
        return False, True
    implied = tags.get("junction") in ("roundabout", "circular") or tags["highway"] == "motorway"
    return (True, False) if implied and oneway not in ("no", "false", "0") else (True, True)


def _bike_directions(tags: Mapping[str, str], car: tuple[bool, bool]) -> tuple[bool, bool]:
    if tags.get("oneway:bicycle") in ("no", "false", "0"):
        return True, True
    sides = (tags.get(k, "") for k in _CYCLEWAYS)
    if any(side.startswith("opposite") for side in sides):
        return True, True
    return car


def _car_kmh(tags: Mapping[str, str], values: Mapping[str, float], direction: str) -> float:
    cls = tags["highway"]
    access = _first(tags, ("motorcar", "motor_vehicle", "vehicle", "access"))
    if access in _DENIED or not (cls in _CAR or (cls == "track" and access in _GIVEN)):
        return _NO_CAR_SPEED
    limit: float | None = None
    for key in (
        f"maxspeed:{direction}",
        "maxspeed",
        "zone:maxspeed",
        "maxspeed:type",
        "source:maxspeed",
        "zone:traffic",
    ):
        if key in tags and (limit := parse_maxspeed(tags[key])) is not None:
            break
    speed = values[f"roads.{cls}_kmh"] if limit is None else limit * values["roads.limit_share"]
    if cls in ("living_street", "service", "track"):  # a posted limit is no speed to drive there
        speed = min(speed, values[f"roads.{cls}_kmh"])
    return min(speed, values["roads.unpaved_kmh"]) if _unpaved(tags) else speed


def _unpaved(tags: Mapping[str, str]) -> bool:
    return tags.get("surface", "") in _UNPAVED or tags.get("tracktype", "") in ("grade3", "grade4", "grade5")


def _bike_kmh(tags: Mapping[str, str], values: Mapping[str, float]) -> float:
    cls = tags["highway"]
    access = _first(tags, ("bicycle", "vehicle", "access"))
    given = tags.get("bicycle", "") in _GIVEN
    if access in _BIKE_DENIED or cls == "steps":
        return 0.0
    if not given and (
        cls in ("motorway", "motorway_link", "footway", "bridleway") or tags.get("motorroad") == "yes"
    ):
        return 0.0
    if cls in _ON_FOOT:
        return values["roads.bike_pedestrian_kmh"]
    return values[f"roads.bike_{_ground(tags)}kmh"]


def _ground(tags: Mapping[str, str]) -> str:
    """What a bike rolls on: made (""), cobbles, unpaved or rough; smoothness tells more than surface."""
    smoothness, surface = tags.get("smoothness", ""), tags.get("surface", "")
    if smoothness in _SMOOTH:
        return ""
    if smoothness in _ROUGH or surface in _LOOSE:
        return "rough_"
    if surface in _COBBLES:
        return "cobbles_"
    bare = tags["highway"] in ("path", "track") and not surface
    return "unpaved_" if smoothness == "bad" or _unpaved(tags) or bare else ""


def _bike_felt(tags: Mapping[str, str], values: Mapping[str, float]) -> float:
    """How long a second feels: short on ways of one's own, long among fast cars without a lane."""
    sides = {tags.get(key, "") for key in _CYCLEWAYS}
    cls = tags["highway"]
    designated = cls in ("path", "footway", "track") and tags.get("bicycle") in ("designated", "official")
    if cls == "cycleway" or designated or sides & _OWN_TRACK:
        return values["roads.bike_felt_path"]
    return values["roads.bike_felt_busy"] if cls in _BUSY and not sides & _OWN_LANE else 1.0


def parse_incline(text: str) -> float | None:
    """An incline tag as rise over length ("10%", "-5 %", "3°"); None if it gives no figure ("up")."""
    found = _INCLINE.match(text.strip())
    if not found:
        return None
    value = float(found[1].replace(",", "."))
    slope = value / 100.0 if found[2] == "%" else math.tan(math.radians(value))
    return slope if abs(slope) <= _STEEPEST else None


def _walk_kmh(tags: Mapping[str, str], values: Mapping[str, float]) -> float:
    cls = tags["highway"]
    access = _first(tags, ("foot", "access"))
    if access in _DENIED or access == "use_sidepath":
        return 0.0
    closed = cls in ("motorway", "motorway_link") or tags.get("motorroad") == "yes"
    if closed and tags.get("foot", "") not in _GIVEN:
        return 0.0
    return values["roads.steps_kmh"] if cls == "steps" else values["roads.walk_kmh"]


def classify(tags: Mapping[str, str], values: Mapping[str, float]) -> Way | None:
    """What a way's tags allow, or None if it is no road of ours.

    Args:
        tags: tags of the way (KEYS are read).
        values: parameters, `roads.*`.
    """
    cls = tags.get("highway", "")
    if cls not in CODE or tags.get("area") == "yes":
        return None
    car_ways = _directions(tags)
    bike_ways = _bike_directions(tags, car_ways)
    car = (
        _car_kmh(tags, values, "forward") if car_ways[0] else 0.0,
        _car_kmh(tags, values, "backward") if car_ways[1] else 0.0,
    )
    bike_speed = _bike_kmh(tags, values)
    bike = (bike_speed if bike_ways[0] else 0.0, bike_speed if bike_ways[1] else 0.0)
    walk = _walk_kmh(tags, values)
    if not (any(car) or any(bike) or walk):
        return None
    incline = parse_incline(tags["incline"]) if "incline" in tags else None
    return Way(CODE[cls], car, bike, walk, _bike_felt(tags, values), incline)
