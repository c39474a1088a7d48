"""A user's own tables kept with a territory: validated when it is built, read when it is run.

Lives here: build with tables, and the start population of a territory. Not here: reading a table
(user_tables) or drawing what is missing (synthesis).
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embauche.core.errors import Problem, UserError, raise_all
from embauche.core.files import atomic_folder, sha256
from embauche.core.parameters import Parameters, defaults
from embauche.core.progress import Progress, shares
from embauche.core.shifts import ShiftCatalogue, default_catalogue

if TYPE_CHECKING:
    from embauche.population.population import Population
    from embauche.territory.territory import Territory

TABLES = "tables"
OF_PEOPLE = ("workers", "households", "firms", "posts")  # those that stand for a part of the synthesis
KINDS = (*OF_PEOPLE, "residences", "centres")


def stored_tables(territory: Territory) -> dict[str, Path]:
    """The user's tables that a territory keeps: kind -> file."""
    folder = territory.folder / TABLES if territory.folder is not None else None
    if folder is None or not folder.is_dir():
        return {}
    return {path.stem: path for path in sorted(folder.iterdir()) if path.stem in KINDS}


def start_population(
    territory: Territory,
    catalogue: ShiftCatalogue,
    parameters: Parameters,
    seed: int,
    tables: Mapping[str, Path] | None = None,
) -> Population:
    """The population at the start: the user's tables where there are some, drawn where there are none.

    Args:
        territory: where it lives.
        catalogue: shifts that posts may have.
        parameters: of synthesis.
        seed: the replication's seed.
        tables: kind -> file; those kept with the territory if None.

    Raises:
        UserError: a table does not fit, every fault of it at once.
    """
    from embauche.population.synthesis import synthesise

    tables = stored_tables(territory) if tables is None else tables
    problems: list[Problem] = []
    population = residences = centres = None
    try:
        if any(kind in tables for kind in OF_PEOPLE):
            from embauche.population.user_tables import read_population

            files: dict[str, Any] = {kind: tables.get(kind) for kind in OF_PEOPLE}
            population = read_population(
                territory=territory, catalogue=catalogue, parameters=parameters, seed=seed, **files
            )
        else:
            population = synthesise(territory, catalogue, parameters, seed)
    except UserError as error:
        problems += error.problems
    try:
        if "residences" in tables:
            from embauche.population.residences import read_residences

            residences = read_residences(tables["residences"], territory, seed)
    except UserError as error:
        problems += error.problems
    try:
        if "centres" in tables:
            from embauche.population.user_centres import read_centres

            centres = read_centres(tables["centres"], territory, seed)
    except UserError as error:
        problems += error.problems
    raise_all(problems)
    assert population is not None
    population = population if residences is None else population.with_residences(residences)
    return population if centres is None else population.with_centres(centres)


def build_with_tables(
    osm: Path | None,
    gtfs: Sequence[Path] = (),
    *,
    out: Path,
    tables: Mapping[str, Path],
    communes: Path | None = None,
    name: str | None = None,
    externals: Path | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> Territory:
    """Build a territory and keep the user's tables in it, once they are known to fit.

    Args:
        osm, gtfs: as `territory.build.build_territory`; without `osm` both are drawn from the communes.
        communes, name: likewise.
        out: folder to write, whole or not at all.
        tables: kind (workers, households, firms, posts, residences, centres) -> CSV or Parquet file.
        externals: table of external zones (territory.externals_file).
        overwrite: replace `out` if it exists.
        progress: who is told.
        options: further options of `build_territory`.

    Raises:
        UserError: what is wrong in which file; nothing is written then.
    """
    from embauche.territory.build import build_territory
    from embauche.territory.externals_file import read_externals

    zones = read_externals(externals) if externals is not None else ()
    say = shares(progress)
    with atomic_folder(out, overwrite=overwrite) as tmp:
        if osm is None:
            territory = _drawn(communes, gtfs, options, name=name, externals=zones, progress=say)
        else:
            territory = build_territory(
                osm, gtfs, communes=communes, name=name, externals=zones, progress=say, **options
            )
        if externals is not None:
            used = {"externals": [{"name": externals.name, "sha256": sha256(externals)}]}
            inputs = {**territory.manifest.get("inputs", {}), **used}
            territory = replace(territory, manifest={**territory.manifest, "inputs": inputs})
        if tables:
            start_population(territory, default_catalogue(), defaults(), 1, tables)
            inputs = dict(territory.manifest.get("inputs", {}))
            (tmp / TABLES).mkdir()
            for kind, path in sorted(tables.items()):
                shutil.copyfile(path, tmp / TABLES / f"{kind}{path.suffix.lower()}")
                inputs[kind] = [{"name": path.name, "sha256": sha256(path)}]
            territory = replace(territory, manifest={**territory.manifest, "inputs": inputs})
        territory.save(tmp)
    return replace(territory, folder=out)


def _drawn(communes: Path | None, gtfs: Sequence[Path], options: Mapping[str, Any], **more: Any) -> Territory:
    """A territory without an extract, drawn from its communes."""
    from embauche.territory.stylised_build import build_stylised

    given = ["--gtfs"] if gtfs else []
    given += [f"--{key}" for key in ("day", "population") if options.get(key) is not None]
    if communes is None or given:
        raise UserError(
            "a stylised territory is drawn from communes alone",
            found="no --communes" if communes is None else f"{given[0]} besides --communes",
            expected="--stylised --communes FILE",
            fix="give --communes FILE" if communes is None else f"leave {given[0]} out, or give --osm FILE",
        )
    return build_stylised(communes, **more)
