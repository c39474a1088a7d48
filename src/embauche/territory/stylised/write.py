"""Stylised roads as an OSM XML file.

Lives here: the .osm.gz writer (no timestamps, so equal input gives equal bytes). Not here: geometry.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from embauche.core.files import atomic_path
from embauche.territory.origin import STYLISED
from embauche.territory.stylised.ground import Ground
from embauche.territory.stylised.lines import Net


def write_osm(path: Path, ground: Ground, net: Net) -> None:
    """Write nodes, then ways with their tags, gzipped. Node ids start at 1 in row order."""
    corners = [np.zeros((0, 2)), *(ring[:-1] for ring, _ in net.areas)]
    where = np.round(ground.to_degrees(np.vstack([net.xy, *corners])), 7)
    west, south = where.min(0)
    east, north = where.max(0)
    out = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="{STYLISED}">\n',
        f'<bounds minlat="{south:.7f}" minlon="{west:.7f}" maxlat="{north:.7f}" maxlon="{east:.7f}"/>\n',
    ]
    out += [
        f'<node id="{k}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>\n'
        for k, (lon, lat) in enumerate(where.tolist(), 1)
    ]
    for way, (rows, tags) in enumerate(net.ways, 1):
        out.append(_way(way, (rows + 1).tolist(), tags))
    first = len(net.xy) + 1
    for way, (ring, tags) in enumerate(net.areas, len(net.ways) + 1):
        refs = list(range(first, first + len(ring) - 1))
        first = refs[-1] + 1
        out.append(_way(way, [*refs, refs[0]], tags))
    out.append("</osm>\n")
    with (
        atomic_path(path) as tmp,
        tmp.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed,
    ):
        packed.write("".join(out).encode())


def _way(identity: int, refs: list[int], tags: dict[str, str]) -> str:
    nodes = "".join(f'<nd ref="{r}"/>' for r in refs)
    pairs = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in sorted(tags.items()))
    return f'<way id="{identity}" version="1">{nodes}{pairs}</way>\n'
