"""The one question everything else asks: how many minutes from homes to workplaces at a time of day?

Lives here: minutes, for a person at the keyboard. Not here: money, risk and choice (services, choice),
or how the week asks it for the pairs it looks at (roads, offers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import UserError
from embauche.core.parameters import Parameters, defaults
from embauche.core.settings import Settings
from embauche.core.shifts import DAY_NAMES, Shift, ShiftCatalogue, Window
from embauche.core.units import QuantityError, parse_clock
from embauche.kernels.lines import SECONDS
from embauche.routing.roads import MODES

if TYPE_CHECKING:
    from embauche.commuting.network import Network
    from embauche.core.table import Table
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
TRANSIT = "transit"


def minutes(
    territory: Territory,
    places: Array,
    sites: Array,
    mode: str = "car",
    at: str = "08:00",
    *,
    back: bool = False,
    day: str = "Mon",
    parameters: Parameters | None = None,
) -> Array:
    """Minutes door to door between homes and workplaces.

    By car the fastest path that takes no banned turn, `car.terminal_min` and what lies beyond a gateway
    included; by bike and on foot the fastest path, whatever its length. By transit from leaving home
    until `at`, waiting at work included (or from `at` until home), on foot to and from stops, at most
    `transit.max_min`. Roads are empty: cars, bikes and walkers take as long at any hour.

    Args:
        territory: a built territory.
        places: int [place] rows of `territory.places`.
        sites: int [site] rows of `territory.sites`.
        mode: "car", "bike", "walk" or "transit".
        at: time of day to be at work, such as "05:00"; the time to leave it if `back`.
        back: the way home instead.
        day: "Mon" to "Sun"; only timetables differ.
        parameters: the parameters, the defaults if not given.

    Returns:
        float32 [place, site], inf where there is no way.

    Raises:
        UserError: an unknown mode, time or day, or rows that the territory does not have.
    """
    from embauche.commuting.network import build_network

    clock = _clock(at)
    _known("mode", mode, (*MODES, TRANSIT))
    _known("day", day, DAY_NAMES)
    place_rows, place = _used(territory.places, places)
    site_rows, site = _used(territory.sites, sites)
    p = parameters or defaults()
    pattern = tuple(("at",) if name == day else () for name in DAY_NAMES)
    catalogue = ShiftCatalogue.make([Window("at", clock, clock)], [Shift("once", (pattern,))])
    pairs = np.stack([np.arange(len(site_rows)), np.zeros(len(site_rows), np.int64)], axis=1)
    network = build_network(
        territory, catalogue, p, Settings(services=(mode,)), place_rows, site_rows, pairs
    )  # fmt: skip
    found = _transit(network, back) if mode == TRANSIT else _road(territory, network, p, mode, back)
    return np.ascontiguousarray(found[np.ix_(place, site)], np.float32)


def _road(t: Territory, network: Network, p: Parameters, mode: str, back: bool) -> Array:
    home, work = t.places.node[network.place_rows], t.sites.node[network.site_rows]
    graph = network.roads.graph
    found = graph.seconds(mode, work, home).T if back else graph.seconds(mode, home, work)
    out: Array = found / 60.0
    outside = network.outside_place[:, None] | network.outside_site[None, :]
    if mode != "car":
        return np.where(outside, np.inf, out)
    gates = network.gate_place_min[:, None].astype(np.float64) + network.gate_site_min[None, :]
    return np.asarray(out + gates + p["car.terminal_min"])


def _transit(network: Network, back: bool) -> Array:
    rows, places = network.transit, len(network.place_rows)
    out = np.full((places, len(network.site_rows)), np.inf)
    if rows is None:
        return out
    near = rows.near
    some = np.flatnonzero(np.diff(near.ptr))  # reduceat knows no empty piece
    for sites, table in rows.tiles(rows.row[:, 0]):
        for site in sites:
            row = rows.row[site, 0]
            cells = slice(table.first[int(back), row], table.end[int(back), row])
            by_stop = np.full(rows.stops, np.inf)
            by_stop[table.stop[cells]] = table.fields[cells, SECONDS]
            if len(some):
                trips = by_stop[near.stop] + near.seconds
                out[some, site] = np.minimum.reduceat(trips, near.ptr[some])
    return np.where(out <= rows.longest_s, out / 60.0, np.inf)


def _clock(at: str) -> int:
    try:
        return parse_clock(at)
    except QuantityError as error:
        raise UserError(error.what, found=error.found, expected=error.expected, fix=error.fix) from None


def _known(what: str, found: str, known: tuple[str, ...]) -> None:
    if found not in known:
        raise UserError(f"there is no {what} {found!r}", found=repr(found), expected=", ".join(known))


def _used(table: Table, rows: Array) -> tuple[Array, Array]:
    """Distinct rows asked for, int32, sorted, and the place of each asked row among them."""
    given = np.asarray(rows).reshape(-1)
    if given.size and (given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= len(table)):
        raise UserError(
            f"these are no rows of the territory's {table.schema.name}",
            found=f"{given.min()} to {given.max()}",
            expected=f"whole numbers from 0 to {len(table) - 1}",
            fix=f"take them from np.arange(len(territory.{table.schema.name}))",
        )
    used, position = np.unique(given.astype(np.int32), return_inverse=True)
    return used, position.reshape(-1)
