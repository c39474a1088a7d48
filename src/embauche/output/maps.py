"""Maps by commune as inline SVG: outlines once, then one colouring per figure.

Lives here: projection, simplification, classes of colour. Not here: the figures (analysis), words (words).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from embauche.core.table import Table

# Sequential (light to dark blue) and diverging (brown, white, teal), ColorBrewer, safe for the colour-blind.
SEQUENTIAL = ("#eff3ff", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
DIVERGING = ("#8c510a", "#d8b365", "#f6e8c3", "#f2f2f2", "#c7eae5", "#5ab4ac", "#01665e")
NO_DATA = "#d9d9d9"
WIDTH = 720


@dataclass(frozen=True)
class Outlines:
    """A territory's outlines ready to draw.

    Attributes:
        paths: SVG path by commune code.
        names: commune's name by code.
        outside: external zones: (name, x, y) on the map's edge or in it.
        height: of the map, its width being WIDTH.
        borders: SVG path of EPCI borders.
    """

    paths: Mapping[str, str]
    names: Mapping[str, str]
    outside: tuple[tuple[str, float, float], ...]
    height: float
    borders: str


def _path(geometry: Any, place: Callable[[Any], Any]) -> str:
    parts = []
    polygons = getattr(geometry, "geoms", [geometry])
    for polygon in polygons:
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = np.round(place(np.asarray(ring.coords)[:, :2]), 1)
            keep = np.ones(len(points), bool)
            keep[1:] = np.any(points[1:] != points[:-1], axis=1)
            words = [f"{x:g} {y:g}" for x, y in points[keep][:-1]]
            if len(words) > 2:
                parts.append("M" + "L".join(words) + "Z")
    return "".join(parts)


def outlines(communes: Table) -> Outlines | None:
    """Project communes on a flat map; None if none has an outline.

    Args:
        communes: a territory's communes (territory.schemas.COMMUNES), polygons as WKB in WGS84.
    """
    import shapely

    rows = [i for i in range(len(communes)) if communes.geometry[i] and not communes.external[i]]
    if not rows:
        return None
    shapes = shapely.from_wkb(np.array([communes.geometry[i] for i in rows], object))
    west, south, east, north = shapely.total_bounds(shapes)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 16) / max((east - west) * squeeze, 1e-9)
    if (north - south) * scale > WIDTH:  # a tall territory is not drawn taller than wide
        scale = WIDTH / (north - south)
    shift = (WIDTH - (east - west) * squeeze * scale) / 2
    height = (north - south) * scale + 16

    def place(lonlat: Any) -> Any:
        return np.stack(
            [shift + (lonlat[:, 0] - west) * squeeze * scale, 8 + (north - lonlat[:, 1]) * scale], axis=1
        )

    # Half a pixel is enough; neighbours share vertices, so they are simplified as one coverage.
    tolerance = 0.5 / scale if len(rows) < 1000 else 1.0 / scale
    valid = shapely.make_valid(shapes)
    thin = shapely.simplify(valid, tolerance)
    paths = {str(communes.code[i]): _path(s, place) for i, s in zip(rows, thin, strict=True)}
    groups: dict[str, list[Any]] = {}
    # Generalised outlines leave slits between neighbours: closed first, so that no border runs inside.
    slit = 3.0 / scale
    for i, s in zip(rows, valid, strict=True):
        groups.setdefault(str(communes.epci[i]), []).append(shapely.buffer(s, slit))
    merged = [
        shapely.simplify(shapely.buffer(shapely.union_all(np.array(v, object)), -slit), tolerance)
        for _, v in sorted(groups.items())
    ]
    borders = "".join(_path(m, place) for m in merged)
    outside = []
    for i in np.flatnonzero(communes.external).tolist():
        x, y = place(np.array([[communes.lon[i], communes.lat[i]]]))[0]
        at = float(np.clip(x, 14, WIDTH - 14)), float(np.clip(y, 14, height - 14))
        outside.append((str(communes.name[i]), *at))
    names = {str(communes.code[i]): str(communes.name[i]) for i in rows}
    return Outlines(paths, names, tuple(outside), height, borders)


def definitions(shape: Outlines) -> Markup:
    """The outlines, written once in a document; every map then refers to them."""
    paths = "".join(f'<path id="c{escape(code)}" d="{d}"/>' for code, d in shape.paths.items())
    return Markup(
        f'<svg width="0" height="0" aria-hidden="true" class="defs"><defs>{paths}'
        f'<path id="epci-borders" d="{shape.borders}"/></defs></svg>'
    )


def classes(values: np.ndarray[Any, Any], diverging: bool) -> list[float]:
    """Bounds between colours: quantiles for a level, symmetric steps for a difference."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return []
    if diverging:
        top = float(np.quantile(np.abs(finite), 0.95)) or float(np.abs(finite).max())
        if top == 0.0:
            return []
        return [-top * 0.6, -top * 0.25, -top * 0.02, top * 0.02, top * 0.25, top * 0.6]
    bounds = np.quantile(finite, np.linspace(0, 1, len(SEQUENTIAL) + 1)[1:-1])
    return [float(b) for b in np.unique(bounds)]


def _steps(bounds: list[float], form: Callable[[float], str]) -> list[str]:
    """Words for each class of a legend."""
    if not bounds:
        return [str(escape(form(0.0)))]
    ends = [(escape(form(a)), escape(form(b))) for a, b in pairwise(bounds)]
    inner = [f"{a} – {b}" if a != b else str(a) for a, b in ends]  # too near to be told apart: about zero
    return [f"&lt; {escape(form(bounds[0]))}", *inner, f"≥ {escape(form(bounds[-1]))}"]


def choropleth(
    shape: Outlines,
    values: Mapping[str, float],
    sure: Mapping[str, bool] | None,
    alt: str,
    form: Callable[[float], str],
    no_data: str,
) -> Markup:
    """One map with its legend.

    Args:
        shape: the outlines (their `definitions` stand elsewhere in the document).
        values: figure by commune code.
        sure: for differences, whether each can be told from luck; None for levels.
        alt: what the map shows.
        form: value -> words with unit.
        no_data: words for a commune without a figure.
    """
    diverging = sure is not None
    found = np.array([values.get(code, math.nan) for code in shape.paths])
    bounds = classes(found, diverging)
    palette = DIVERGING if diverging else SEQUENTIAL[: len(bounds) + 1]
    if diverging and not bounds:
        palette = (DIVERGING[3],)
    parts = []
    for code in shape.paths:
        value = values.get(code, math.nan)
        known = math.isfinite(value)
        fill = palette[int(np.searchsorted(bounds, value, side="right"))] if known else NO_DATA
        pale = ' opacity="0.45"' if known and sure is not None and not sure.get(code, False) else ""
        words = f"{shape.names[code]} : {form(value) if known else no_data}"
        parts.append(f'<use href="#c{escape(code)}" fill="{fill}"{pale}><title>{escape(words)}</title></use>')
    parts.append('<use href="#epci-borders" class="borders"/>')
    for name, x, y in shape.outside:
        anchor = "end" if x > WIDTH - 90 else "start"
        dx = -9 if anchor == "end" else 9
        parts.append(
            f'<g class="pole"><path d="M{x:.0f} {y - 6:.0f}l6 6l-6 6l-6 -6Z"/>'
            f'<text x="{x + dx:.0f}" y="{y + 4:.0f}" text-anchor="{anchor}">{escape(name)}</text></g>'
        )
    items = [
        f'<li><span style="background:{colour}"></span>{words}</li>'
        for colour, words in zip(palette, _steps(bounds, form), strict=True)
    ]
    return Markup(
        f'<div class="map"><svg role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {WIDTH} {shape.height:.0f}">{"".join(parts)}</svg>'
        f'<ul class="legend">{"".join(items)}</ul></div>'
    )
