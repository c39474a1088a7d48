"""A territory from communes alone: its roads and timetable are drawn, then read like anybody's files.

Lives here: build_stylised, made_up. Not here: the drawing (stylised), the embedded ones (embedded).
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from embauche.territory.build import build_territory
from embauche.territory.externals import ExternalZone
from embauche.territory.stylised import Files, Options, Pole, Route, generate
from embauche.territory.territory import Territory

Progress = Callable[[str, float], None]


def build_stylised(
    communes: Path | str,
    *,
    out: Path | str | None = None,
    name: str | None = None,
    options: Options | None = None,
    poles: Sequence[Pole] = (),
    routes: Sequence[Route] = (),
    externals: Sequence[ExternalZone] = (),
    seed: int = 0,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Territory:
    """Draw roads and lines for communes and build the territory; it says that it is stylised.

    The same communes give the same bytes. A region of 3,800 communes takes some two minutes.

    Args:
        communes: GeoJSON or GeoPackage, as for any build.
        out: folder to write; without it nothing is written.
        name: of the territory; by default the file's name.
        options: the generator's numbers.
        poles: where roads and lines leave.
        routes: rail and interurban lines beyond those derived from populations.
        externals: zones outside.
        seed: another seed draws another territory.
        overwrite: replace `out` if it exists.
        progress: called with (what, share done) along the way.

    Raises:
        UserError: what is wrong in the communes; nothing is written then.
    """
    communes = Path(communes)
    say = progress or (lambda what, share: None)
    drawn = made_up(
        communes, options=options, poles=poles, routes=routes, seed=seed,
        progress=lambda what, share: say(what, 0.6 * share),
    )  # fmt: skip
    with drawn as files:
        return build_territory(
            files.osm, files.gtfs, communes=communes, out=out, name=name or communes.stem,
            externals=externals, stylised=True, overwrite=overwrite,
            progress=lambda what, share: say(what, 0.6 + 0.4 * share),
        )  # fmt: skip


@contextlib.contextmanager
def made_up(
    communes: Path,
    *,
    options: Options | None = None,
    poles: Sequence[Pole] = (),
    routes: Sequence[Route] = (),
    seed: int = 0,
    progress: Progress | None = None,
) -> Iterator[Files]:
    """Files drawn from communes, in a folder that goes when the block ends; see `stylised.generate`."""
    with tempfile.TemporaryDirectory(prefix="embauche-") as folder:
        yield generate(
            communes, Path(folder), options=options, poles=poles, routes=routes, seed=seed, progress=progress
        )
