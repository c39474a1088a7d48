"""Small files of every kind that a territory is built from, made by code.

Lives here: a town of 5 x 5 streets with a bus, two communes. Not here: tests.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

LON, LAT, STEP = 1.5, 50.0, 0.003
SIDE = 5


def node_id(i: int, j: int) -> int:
    return 100 + i * SIDE + j


def place(i: float, j: float) -> tuple[float, float]:
    return LON + i * STEP, LAT + j * STEP


def town_ways() -> list[tuple[int, list[int], dict[str, str]]]:
    """Streets of the grid: rows residential, the middle row primary, one one-way, one footway."""
    ways = []
    for k in range(SIDE):
        tags = {"highway": "primary", "maxspeed": "50"} if k == 2 else {"highway": "residential"}
        ways.append((1 + k, [node_id(i, k) for i in range(SIDE)], tags))
        tags = {"highway": "residential", "oneway": "yes"} if k == 1 else {"highway": "residential"}
        ways.append((11 + k, [node_id(k, j) for j in range(SIDE)], tags))
    ways.append((30, [node_id(0, 0), 200, node_id(1, 1)], {"highway": "footway"}))
    return ways


def osm_xml(ways=None, nodes=None, extra: str = "") -> str:
    if nodes is None:
        nodes = {node_id(i, j): place(i, j) for i in range(SIDE) for j in range(SIDE)}
        nodes[200] = place(0.5, 0.4)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    lines += [
        f'<node id="{n}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>' for n, (lon, lat) in nodes.items()
    ]
    for number, refs, tags in ways if ways is not None else town_ways():
        lines.append(f'<way id="{number}" version="1">')
        lines += [f'<nd ref="{r}"/>' for r in refs]
        lines += [f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()]
        lines.append("</way>")
    return "\n".join([*lines, extra, "</osm>"]) + "\n"


def land_xml() -> tuple[str, dict[int, tuple[float, float]]]:
    """A closed industrial way and a residential multipolygon of two open ways."""
    corners = {301: (2.5, 2.5), 302: (4.5, 2.5), 303: (4.5, 4.5), 304: (2.5, 4.5)}
    homes = {311: (-0.5, -0.5), 312: (1.5, -0.5), 313: (1.5, 4.5), 314: (-0.5, 4.5)}
    nodes = {n: place(*ij) for n, ij in (corners | homes).items()}

    def way(number: int, refs: list[int], tags: str = "") -> str:
        return (
            f'<way id="{number}" version="1">' + "".join(f'<nd ref="{r}"/>' for r in refs) + tags + "</way>"
        )

    text = way(50, [301, 302, 303, 304, 301], '<tag k="landuse" v="industrial"/>')
    text += way(51, [311, 312, 313]) + way(52, [313, 314, 311])
    text += (
        '<relation id="60" version="1"><member type="way" ref="51" role="outer"/>'
        '<member type="way" ref="52" role="outer"/><tag k="type" v="multipolygon"/>'
        '<tag k="landuse" v="residential"/></relation>'
    )
    return text, nodes


def write_osm(folder: Path, text: str | None = None, name: str = "town.osm") -> Path:
    path = folder / name
    path.write_text(osm_xml() if text is None else text, encoding="utf-8")
    return path


def gtfs_files() -> dict[str, str]:
    (lon1, lat1), (lon2, lat2), (lon3, lat3) = place(0, 2), place(2, 2), place(4, 2)
    return {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Bus du bourg,http://x.fr,Europe/Paris\n",
        "stops.txt": (
            "stop_id,stop_name,stop_lat,stop_lon\n"
            f"s1,Église,{lat1},{lon1}\ns2,Mairie,{lat2},{lon2}\n"
            f"s3,Usine,{lat3},{lon3}\nfar,Loin,{lat3 + 1},{lon3}\n"
        ),
        "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nR,A,1,,3\n",
        "trips.txt": "route_id,service_id,trip_id\nR,WK,t1\nR,WK,t2\nR,SA,t3\n",
        "stop_times.txt": (
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
            "t1,05:00:00,05:00:00,s1,1\nt1,05:06:00,05:07:00,s2,2\nt1,05:12:00,05:12:00,s3,3\n"
            "t2,23:55:00,23:55:00,s3,1\nt2,,,s2,2\nt2,24:07:00,24:07:00,s1,3\n"
            "t3,09:00:00,09:00:00,s1,1\nt3,09:12:00,09:12:00,s3,2\n"
        ),
        "calendar.txt": (
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
            "WK,1,1,1,1,1,0,0,20260105,20260201\nSA,0,0,0,0,0,1,0,20260105,20260201\n"
        ),
        "calendar_dates.txt": "service_id,date,exception_type\nWK,20260114,2\n",
    }


def write_gtfs(
    folder: Path, changes: dict[str, str | bytes | None] | None = None, name: str = "bus.zip"
) -> Path:
    path = folder / name
    files = gtfs_files() | (changes or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in files.items():
            if text is not None:
                archive.writestr(zipfile.ZipInfo(file), text, zipfile.ZIP_DEFLATED)
    return path


def communes_geojson(crs: str | None = None, project=None) -> dict:
    """West and east commune, whose border is the meridian between columns 2 and 3."""
    project = project or (lambda x, y: (x, y))
    features = []
    for code, name, population, low, high in (
        ("80001", "Ouest", 600, -1, 2.5),
        ("80002", "Est-lès-Bois", 400, 2.5, 5),
    ):
        ring = [place(low, -1), place(high, -1), place(high, 5), place(low, 5), place(low, -1)]
        hall = place((low + high) / 2, 2)
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "code": code, "name": name, "population": population, "epci": f"2000{code}",
                    "epci_name": f"CC {name}",
                    "departement": "80", "arrondissement": "801", "hall_lon": hall[0], "hall_lat": hall[1],
                },
                "geometry": {"type": "Polygon", "coordinates": [[list(project(*p)) for p in ring]]},
            }
        )  # fmt: skip
    out: dict = {"type": "FeatureCollection", "features": features}
    if crs:
        out["crs"] = {"type": "name", "properties": {"name": crs}}
    return out


def write_communes(folder: Path, data: dict | None = None, name: str = "communes.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps(communes_geojson() if data is None else data), encoding="utf-8")
    return path
