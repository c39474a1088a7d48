"""The embedded territories: generated from real communes, built by the reader, kept in a cache.

Lives here: load_embedded, write_stylised. Not here: the drawing (stylised), the reader (build).
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from embauche.core.errors import UserError
from embauche.core.files import atomic_folder
from embauche.territory.build import build_territory
from embauche.territory.embedded_cache import cache_folder
from embauche.territory.externals import ExternalZone
from embauche.territory.stylised import SPECS, Files, Spec, generate
from embauche.territory.stylised.specs import communes_file
from embauche.territory.territory import Territory

Progress = Callable[[str, float], None]
EMBEDDED: dict[str, Spec] = dict(SPECS)
NOTES = (
    "Communes, populations and EPCIs are real: INSEE, IGN, DILA, Licence Ouverte 2.0.",
    "Jobs held outside the territory, workers who come in and minutes beyond the gateways are from memory.",
)


def load_embedded(name: str, progress: Progress | None = None) -> Territory:
    """An embedded territory: built on the first call (seconds), read from the user's cache later.

    Two processes may call it at once: each builds in a folder of its own and the first to end stays.

    Args:
        name: `bresle-vimeu` or `grand-artois`.
        progress: called with a message and the share done.

    Raises:
        UserError: no such territory; the message lists those that exist.
    """
    from embauche.routing.roads import RoadGraph

    spec = _spec(name)
    folder = cache_folder(name)
    if (folder / "manifest.json").is_file():
        return Territory.load(folder)
    tell = progress or (lambda message, share: None)
    with _scratch(folder.parent) as scratch:
        made = _generate(name, spec, scratch, lambda m, s: tell(m, 0.5 * s))
        built = build_territory(
            made.osm,
            made.gtfs,
            communes=communes_file(name),
            name=name,
            externals=externals(name),
            stylised=True,
            progress=lambda m, s: tell(m, 0.5 + 0.5 * s),
        )
        manifest = built.manifest | {"notes": [*built.notes, *NOTES]}
        with atomic_folder(scratch / "built") as tmp:
            replace(built, manifest=manifest).save(tmp)
            RoadGraph.of(built, tmp / "cache")
        _publish(scratch / "built", folder)
        if not (folder / "manifest.json").is_file():
            return replace(Territory.load(scratch / "built"), folder=None)
    return Territory.load(folder)


def _publish(built: Path, folder: Path) -> None:
    """Move a built territory into the cache, unless another process was first: equal bytes, keep those."""
    with contextlib.suppress(OSError):  # no cache (full or read-only disk): the caller uses `built`
        built.rename(folder)


def write_stylised(name: str, folder: Path | str, *, overwrite: bool = False) -> Path:
    """Write an embedded territory's input files for a person to look at.

    `roads.osm.gz`, `timetable.gtfs.zip`, `communes.geojson`, `CREDIT.md`.

    Raises:
        UserError: no such territory, or the folder exists and overwrite is false.
    """
    spec = _spec(name)
    with atomic_folder(Path(folder), overwrite=overwrite) as tmp:
        _generate(name, spec, tmp, None)
        shutil.copyfile(communes_file(name), tmp / "communes.geojson")
        shutil.copyfile(communes_file(name).with_name("CREDIT.md"), tmp / "CREDIT.md")
    return Path(folder)


def externals(name: str) -> list[ExternalZone]:
    """The external zones of an embedded territory."""
    return [
        ExternalZone(
            code=p.code,
            name=p.name,
            lon=p.gate[0],
            lat=p.gate[1],
            jobs=p.jobs,
            inflow=p.inflow,
            car_min=p.car_min,
            car_km=p.car_km,
            transit_walk_min=p.walk_min,
            stop_lon=p.stop[0],
            stop_lat=p.stop[1],
        )
        for p in _spec(name).poles
    ]


def _spec(name: str) -> Spec:
    if name not in EMBEDDED:
        raise UserError(
            "there is no embedded territory of that name",
            found=name,
            expected=" or ".join(sorted(EMBEDDED)),
            fix="use one of these names, or build a territory from files with: embauche build",
        )
    return EMBEDDED[name]


def _generate(name: str, spec: Spec, folder: Path, progress: Progress | None) -> Files:
    return generate(
        communes_file(name),
        folder,
        options=spec.options,
        poles=spec.poles,
        routes=spec.routes,
        progress=progress,
    )


@contextlib.contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A temporary folder on the cache's own disk, or elsewhere where that cannot be written."""
    where: Path | None = beside
    try:
        beside.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryDirectory(prefix=".stylised.", dir=beside).cleanup()
    except OSError:
        where = None
    with tempfile.TemporaryDirectory(prefix=".stylised.", dir=where) as folder:
        yield Path(folder)
