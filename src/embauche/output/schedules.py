"""A day of vehicles as pictures: time against distance from the depot, and the roads that they drive.

Lives here: write_day and its two drawings. Not here: schedules themselves (services), the report (report).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup, escape

from embauche.core.errors import UserError
from embauche.core.files import atomic_path
from embauche.core.messages import text
from embauche.core.results import Result
from embauche.core.shifts import DAY_NAMES
from embauche.core.suggest import nearest
from embauche.output.figures import COLOURS, nice_ticks
from embauche.output.schedule_page import PAGE

if TYPE_CHECKING:
    from embauche.core.table import Table
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 1040, 460, 52, 34, 10
MAP_WIDTH = 720
DAY_MIN = 1440.0


@dataclass(frozen=True)
class Drives:
    """Drives of a day, all [drive], sorted by vehicle and time.

    Attributes:
        vehicle: row of the vehicle, from 0.
        start, end: minutes of the day.
        start_node, end_node: nodes of the territory.
        riders: riders aboard.
        of: service and system.
    """

    vehicle: Array
    start: Array
    end: Array
    start_node: Array
    end_node: Array
    riders: Array
    of: tuple[str, str]


def drives_of(moves: Table, service: str, system: str, day: int) -> Drives:
    """The drives of a system on a day.

    Raises:
        UserError: the run has no such service or system, or nothing was driven that day.
    """
    service = _choose(moves, service, "service")
    moves = moves.take(moves.service == service)
    system = _choose(moves, system, "system")
    here = moves.take((moves.system == system) & (moves.day == day))
    if not len(here):
        raise UserError(
            "no vehicle was driven that day", found=f"{service} {system}, {DAY_NAMES[day]}".strip(),
            expected="a day on which it runs", fix="name another day with --day",
        )  # fmt: skip
    here = here.take(np.lexsort((here.end_min, here.start_min, here.vehicle)))
    _, vehicle = np.unique(here.vehicle, return_inverse=True)
    midnight = DAY_MIN * day
    return Drives(
        vehicle.reshape(-1), here.start_min - midnight, here.end_min - midnight, here.from_node, here.to_node,
        here.riders, (service, system),
    )  # fmt: skip


def _choose(moves: Table, asked: str, what: str) -> str:
    """The service or system asked for, or the only one there is."""
    known = sorted(set(moves[what].tolist()))
    if asked in known:
        return asked
    if not asked and len(known) == 1:
        return str(known[0])
    near = nearest(asked, known) if asked else None
    raise UserError(
        f"which {what} is to be drawn?" if not asked else f"no vehicle of such a {what} was driven",
        found=asked or "none named", expected=", ".join(known) or "a run with services that drive",
        fix=f"did you mean {near}?" if near else f"name it with --{what}",
    )  # fmt: skip


def time_space(drives: Drives, km: dict[int, float], words: dict[str, str]) -> Markup:
    """Time across, kilometres from the depot upwards; a line a vehicle, thick with riders, dashed if empty.

    Args:
        drives: of one day.
        km: kilometres from the depot by node.
        words: labels.
    """
    low, high = float(drives.start.min()), float(drives.end.max())
    top = max(max(km.values()), 1.0)
    wide, tall = WIDTH - LEFT - 12, HEIGHT - BOTTOM - TOP

    def x(minute: float) -> float:
        return LEFT + (minute - low) / max(high - low, 1.0) * wide

    def y(distance: float) -> float:
        return TOP + (1.0 - distance / top) * tall

    parts = []
    hours = range(int(np.ceil(low / 60)), int(high // 60) + 1)
    for hour in list(hours)[:: max(1, len(hours) // 16)]:
        parts.append(_grid(x(60.0 * hour), TOP, x(60.0 * hour), HEIGHT - BOTTOM))
        parts.append(_label(x(60.0 * hour), HEIGHT - 14, f"{hour % 24}:00", "middle"))
    for tick in nice_ticks(0.0, top):
        parts.append(_grid(LEFT, y(tick), WIDTH - 12, y(tick)))
        parts.append(_label(LEFT - 6, y(tick) + 4, f"{tick:g}", "end"))
    parts.append(_label(8, TOP + 8, "km", "start"))
    for k in range(len(drives.vehicle)):
        colour = COLOURS[1 + int(drives.vehicle[k]) % (len(COLOURS) - 1)]
        riders = int(drives.riders[k])
        a, b = km[int(drives.start_node[k])], km[int(drives.end_node[k])]
        dash = "" if riders else ' stroke-dasharray="4 3"'
        told = f"{_clock(drives.start[k])}-{_clock(drives.end[k])}, {riders} {words['riders']}"
        parts.append(
            f'<line x1="{x(drives.start[k]):.1f}" y1="{y(a):.1f}" x2="{x(drives.end[k]):.1f}" '
            f'y2="{y(b):.1f}" stroke="{colour}" stroke-width="{min(1.2 + 0.7 * riders, 9):.1f}"{dash}>'
            f"<title>{words['vehicle']} {int(drives.vehicle[k]) + 1}: {escape(told)}</title></line>"
        )
    parts += _waits(drives, km, x, y)
    return _svg(parts, WIDTH, HEIGHT, words["plot"])


def _waits(drives: Drives, km: dict[int, float], x: Any, y: Any) -> list[str]:
    """Thin lines where a vehicle stands between two drives."""
    parts = []
    for k in range(len(drives.vehicle) - 1):
        if drives.vehicle[k] == drives.vehicle[k + 1] and drives.end_node[k] == drives.start_node[k + 1]:
            height = y(km[int(drives.end_node[k])])
            parts.append(
                f'<line x1="{x(drives.end[k]):.1f}" y1="{height:.1f}" x2="{x(drives.start[k + 1]):.1f}" '
                f'y2="{height:.1f}" stroke="#9aa5b1" stroke-width="0.8"/>'
            )
    return parts


def vehicle_map(drives: Drives, territory: Territory, graph: Any, words: dict[str, str]) -> Markup:
    """The roads driven that day over the outlines of communes: width by riders carried, grey where empty."""
    pairs = np.stack([drives.start_node, drives.end_node], 1)
    distinct, of = np.unique(pairs, axis=0, return_inverse=True)
    riders = np.bincount(of.reshape(-1), drives.riders, minlength=len(distinct))
    lines = [_road(graph, territory, int(a), int(b)) for a, b in distinct]
    points = np.concatenate(lines)
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    margin = 0.06 * max(east - west, north - south, 1000.0)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    scale = MAP_WIDTH / (east - west)
    height = (north - south) * scale
    most = max(float(riders.max()), 1.0)
    parts = []
    for line, carried in sorted(zip(lines, riders.tolist(), strict=True), key=lambda p: p[1]):
        path = " ".join(f"{(px - west) * scale:.1f},{(north - py) * scale:.1f}" for px, py in line)
        colour = COLOURS[1] if carried else "#b8c1ca"
        width = 1.2 + 5.0 * carried / most
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" '
            f'stroke-linejoin="round"><title>{carried:g} {words["riders"]}</title></polyline>'
        )
    depot = int(drives.start_node[0])
    px, py = float(territory.nodes.x_m[depot]), float(territory.nodes.y_m[depot])
    parts.append(
        f'<rect x="{(px - west) * scale - 5:.1f}" y="{(north - py) * scale - 5:.1f}" width="10" height="10" '
        f'fill="{COLOURS[2]}"><title>{words["depot"]}</title></rect>'
    )
    communes = _communes(territory, (west, south, east, north), scale)
    return _svg([*communes, *parts], MAP_WIDTH, round(height), words["map"])


def _road(graph: Any, territory: Territory, a: int, b: int) -> Array:
    """Points of the fastest way by car, float64 [point, 2] metres; a straight line where there is none."""
    arcs = graph.weighting("car").path_arcs(int(graph.leave[a]), int(graph.arrive[b]))
    rows = graph.arc[arcs]
    heads = territory.arcs.head[rows[rows >= 0]]
    nodes = np.concatenate([[a], heads if len(heads) else [b]]).astype(np.int64)
    return np.stack([territory.nodes.x_m[nodes], territory.nodes.y_m[nodes]], 1)


def _communes(territory: Territory, box: tuple[float, float, float, float], scale: float) -> list[str]:
    """Names of communes within the box."""
    west, south, east, north = box
    parts = []
    communes = territory.communes
    for row in np.flatnonzero(~communes.external.astype(bool)).tolist():
        node = int(communes.node[row])
        px, py = float(territory.nodes.x_m[node]), float(territory.nodes.y_m[node])
        if west < px < east and south < py < north:
            at = (px - west) * scale, (north - py) * scale
            parts.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="2" fill="#9aa5b1"/>')
            parts.append(_label(at[0] + 4, at[1] + 3, str(communes.name[row]), "start"))
    return parts


def _grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e3e8ec"/>'


def _label(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="tick" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _clock(minute: float) -> str:
    return f"{int(minute // 60) % 24}:{int(minute) % 60:02d}"


def _svg(parts: Sequence[str], width: float, height: float, alt: str) -> Markup:
    return Markup(
        f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {width:g} {height:g}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def write_day(
    run: Path, out: Path, *, service: str = "", system: str = "", week: int | None = None, day: str = "Mon",
    seed: int | None = None, lang: str = "fr",
) -> None:  # fmt: skip
    """Draw a day of a system's vehicles as one HTML file.

    Args:
        run: folder of a run.
        out: file to write.
        service, system: what to draw; the only one if there is only one.
        week: week of the run; the last if None.
        day: "Mon" to "Sun".
        seed: replication; the first if None.
        lang: "fr" or "en".

    Raises:
        UserError: no such run, service, system, week or day.
    """
    from embauche.core.scenario_load import load_scenario
    from embauche.routing.roads import RoadGraph
    from embauche.territory.load import territory_of

    result = Result.open(run)
    if day not in DAY_NAMES:
        raise UserError("there is no such day", found=day, expected=", ".join(DAY_NAMES))
    wanted = result.weeks - 1 if week is None else week
    if not 0 <= wanted < result.weeks:
        raise UserError("the run has no such week", found=str(wanted), expected=f"0 to {result.weeks - 1}")
    moves = next(t for w, t in result.week_tables(seed) if w == wanted)["moves"]
    drives = drives_of(moves, service, system, DAY_NAMES.index(day))
    territory = territory_of(load_scenario(result.scenario))
    graph = RoadGraph.of(territory, None if territory.folder is None else territory.folder / "cache")
    nodes = np.unique(np.concatenate([drives.start_node, drives.end_node]))
    depot = np.array([drives.start_node[0]])
    metres = graph.weighting("car").times_and_metres(graph.leave[depot], graph.arrive[nodes])[1][0] / 10.0
    km = {int(n): float(m) / 1000.0 if np.isfinite(m) else 0.0 for n, m in zip(nodes, metres, strict=True)}
    keys = ("riders", "vehicle", "plot", "map", "depot", "plot_note", "map_note")
    words = {k: text(f"day.{k}", lang) for k in keys}
    vehicles, carried = int(drives.vehicle.max()) + 1, float((drives.riders > 0).mean())
    told = text("day.told", lang, n=vehicles, drives=len(drives.vehicle), share=round(100 * carried))
    what = " ".join(x for x in drives.of if x)
    title = text("day.title", lang, run=result.name, service=what, week=wanted, day=text(f"day.{day}", lang))
    page = PAGE.format(
        lang=lang, title=escape(title), told=escape(told), plot=time_space(drives, km, words),
        plot_note=escape(words["plot_note"]), map=vehicle_map(drives, territory, graph, words),
        map_note=escape(words["map_note"]),
    )  # fmt: skip
    with atomic_path(out) as path:
        path.write_text(page, encoding="utf-8")
