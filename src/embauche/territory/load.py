"""Opening a territory by the name of an embedded one or by its folder, whole or cut to some EPCIs.

Lives here: load, and what is embedded. Not here: building one (build) or generating one (stylised).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from embauche.core.epci import match_epcis
from embauche.core.errors import UserError, raise_all
from embauche.core.progress import Progress, shares
from embauche.core.suggest import nearest

if TYPE_CHECKING:
    from embauche.core.scenario import Scenario
    from embauche.territory.territory import Territory

COMMUNES = Path(__file__).parents[1] / "data" / "communes"


def embedded_names() -> list[str]:
    """Names of the territories that come with the package."""
    return sorted(p.stem.replace("_", "-") for p in COMMUNES.glob("*.geojson"))


def locate(name: str | Path, folder: Path | None = None) -> Path | str:
    """A territory's folder, or the name of an embedded one.

    Args:
        name: embedded name, or folder (relative ones from `folder`, then from here).
        folder: where the scenario's file is.

    Raises:
        UserError: it is neither.
    """
    path = Path(name).expanduser()
    for candidate in ([folder / path] if folder is not None else []) + [path]:
        if (candidate / "manifest.json").is_file():
            return candidate
    if str(name) in embedded_names():
        return str(name)
    near = nearest(str(name), embedded_names())
    raise UserError(
        "this folder is no territory" if path.is_dir() else "there is no such territory",
        found=str(name),
        expected=f"a folder that `embauche build` made, or one of {', '.join(embedded_names())}",
        fix=f"did you mean {near}?" if near else "check the path, or see `embauche territories`",
    )


def load(
    name: str | Path,
    epcis: Iterable[str] = (),
    *,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Territory:
    """Open a territory.

    Args:
        name: embedded name ("bresle-vimeu", "grand-artois"), or a folder that `build` wrote.
        epcis: keep only these EPCIs (codes or names); all if empty.
        folder: where relative folders start from.
        progress: told about the generation of an embedded territory, the first time.

    Raises:
        UserError: no such territory or EPCI.
    """
    place = locate(name, folder)
    if isinstance(place, Path):
        from embauche.territory.territory import Territory

        territory = Territory.load(place)
    else:
        from embauche.territory.embedded import load_embedded

        territory = load_embedded(place, progress=shares(progress))
    asked = list(epcis)
    if not asked:
        return territory
    communes = territory.communes
    known = {str(c): str(n) for c, n in zip(communes.epci, communes.epci_name, strict=True) if c}
    codes, problems = match_epcis(asked, known)
    raise_all(problems)
    return territory.restrict(codes)


def territory_of(scenario: Scenario, progress: Progress | None = None) -> Territory:
    """The territory that a scenario runs on, cut to its EPCIs."""
    return load(scenario.territory, scenario.epcis, folder=scenario.folder, progress=progress)
