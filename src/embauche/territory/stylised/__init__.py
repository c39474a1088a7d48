"""Stylised territories: roads in OSM's format and a GTFS feed, drawn from communes.

Lives here: generate, which writes the files. Not here: building and caching them (embedded).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from embauche.territory.stylised.feed import write_gtfs
from embauche.territory.stylised.generate import draw
from embauche.territory.stylised.ground import Gateway, read_ground
from embauche.territory.stylised.options import Corridor, Options
from embauche.territory.stylised.routes import plan
from embauche.territory.stylised.spec import Pole, Route, Spec
from embauche.territory.stylised.specs import SPECS
from embauche.territory.stylised.write import write_osm


@dataclass(frozen=True)
class Files:
    """What `generate` wrote.

    Attributes:
        osm: roads.
        gtfs: timetables; none where the communes are too small for any line.
    """

    osm: Path
    gtfs: tuple[Path, ...]


def generate(
    communes: Path,
    folder: Path,
    *,
    options: Options | None = None,
    poles: Sequence[Pole] = (),
    routes: Sequence[Route] = (),
    seed: int = 0,
    progress: Callable[[str, float], None] | None = None,
) -> Files:
    """Write `roads.osm.gz` and `timetable.gtfs.zip` of a stylised territory into a folder.

    The same arguments give the same bytes, whatever the order of the communes.

    Args:
        communes: GeoJSON or GeoPackage in WGS84 with code, name, population, hall_lon, hall_lat.
        folder: where to write; it is made if missing.
        options: the generator's numbers.
        poles: external zones, where roads and lines leave.
        routes: rail and interurban lines beyond those derived from populations.
        seed: another seed draws another territory.
        progress: called with a message and the share done.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    gates = [Gateway(p.name, *p.gate, p.mass) for p in poles]
    drawing = draw(read_ground(Path(communes), gates, seed), options, progress)
    osm, gtfs = folder / "roads.osm.gz", folder / "timetable.gtfs.zip"
    write_osm(osm, drawing.ground, drawing.net)
    network = plan(drawing, poles, routes)
    if not network.lines:
        return Files(osm, ())
    write_gtfs(gtfs, drawing.ground, network)
    return Files(osm, (gtfs,))


__all__ = ["SPECS", "Corridor", "Files", "Options", "Pole", "Route", "Spec", "generate"]
