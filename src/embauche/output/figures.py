"""Pictures of a report as inline SVG: whiskers, lines over weeks, stacked shares.

Lives here: geometry of charts. Not here: maps (maps), words (words), figures themselves (analysis).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup, escape

Array = np.ndarray[Any, Any]
# Okabe and Ito's palette, told apart by most colour-blind readers.
COLOURS = ("#444444", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
SERVICE_COLOURS = {
    "car": "#5f6b78", "transit": "#0072b2", "bike": "#009e73", "walk": "#e69f00", "on_demand": "#d55e00",
    "carpool": "#cc79a7", "shuttle": "#56b4e9", "ebike": "#7fbc41", "scooter": "#8c510a",
    "volunteers": "#9970ab",
}  # fmt: skip


def service_colours(services: Sequence[str]) -> dict[str, str]:
    """A colour for each service: its own, or the next of the palette."""
    new = [s for s in services if s not in SERVICE_COLOURS]
    return {**SERVICE_COLOURS, **{s: COLOURS[1 + k % (len(COLOURS) - 1)] for k, s in enumerate(new)}}


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _points(x: Array, y: Array) -> str:
    return " ".join(f"{_n(a)},{_n(b)}" for a, b in zip(x, y, strict=True))


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round values that cover about low to high."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low]
    raw = span / count
    step = 10 ** math.floor(math.log10(raw))
    step *= next(m for m in (1, 2, 5, 10) if m * step >= raw)
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 12) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def whisker(difference: float, low: float, high: float, reach: float, verdict: str, alt: str) -> Markup:
    """Dot and whisker about a zero line; `reach` is the largest value that fits."""
    width, height, half = 170, 22, 78
    scale = half / reach if reach > 0 else 0.0
    middle, y = width / 2, height / 2

    def x(value: float) -> float:
        return middle + max(-reach, min(reach, value)) * scale

    parts = [f'<line class="zero" x1="{_n(middle)}" y1="1" x2="{_n(middle)}" y2="{height - 1}"/>']
    if math.isfinite(low):
        parts.append(f'<line class="bar" x1="{_n(x(low))}" y1="{_n(y)}" x2="{_n(x(high))}" y2="{_n(y)}"/>')
        parts += [
            f'<line class="bar" x1="{_n(x(v))}" y1="{_n(y - 4)}" x2="{_n(x(v))}" y2="{_n(y + 4)}"/>'
            for v in (low, high)
        ]
    parts.append(f'<circle cx="{_n(x(difference))}" cy="{_n(y)}" r="4"/>')
    name = verdict.split()[0]
    return Markup(
        f'<svg class="whisker {name}" role="img" aria-label="{escape(alt)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
    )


def lines(
    series: Mapping[str, Array], labels: Mapping[str, str], colours: Mapping[str, str], alt: str,
    form: Any, week_word: str,
) -> Markup:  # fmt: skip
    """Lines over weeks: the mean over seeds, with a band from least to greatest.

    Args:
        series: values [seed, week] by scenario.
        labels: name shown by scenario.
        colours: colour by scenario.
        alt: what the picture shows.
        form: ticks of the vertical axis -> words.
        week_word: label of the horizontal axis.
    """
    width, height, left, right, top, bottom = 460, 210, 62, 12, 10, 34
    values = np.concatenate([v.ravel() for v in series.values()])
    values = values[np.isfinite(values)]
    if not len(values):
        return Markup("")
    low, high = float(values.min()), float(values.max())
    pad = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    low, high = (low - pad if low < 0 or low - pad > 0 else 0.0), high + pad
    weeks = max(v.shape[1] for v in series.values())
    x = left + np.arange(weeks) * ((width - left - right) / max(weeks - 1, 1))

    def y(v: Array) -> Array:
        return np.asarray(height - bottom - (v - low) / (high - low) * (height - top - bottom))

    parts = []
    marks = nice_ticks(low, high)
    for tick, words in zip(marks, form(marks), strict=True):
        at = _n(float(y(np.array(tick))))
        parts.append(f'<line class="grid" x1="{left}" y1="{at}" x2="{width - right}" y2="{at}"/>')
        parts.append(
            f'<text class="tick" x="{left - 6}" y="{at}" dy="4" text-anchor="end">{escape(words)}</text>'
        )
    parts += [
        f'<text class="tick" x="{_n(float(x[int(tick)]))}" y="{height - bottom + 16}" '
        f'text-anchor="middle">{int(tick)}</text>'
        for tick in nice_ticks(0, weeks - 1, 6)
        if tick == int(tick)
    ]
    middle = (left + width - right) / 2
    parts.append(
        f'<text class="tick" x="{_n(middle)}" y="{height - 4}" text-anchor="middle">'
        f"{escape(week_word)}</text>"
    )
    for name, value in series.items():
        if value.shape[0] > 1:
            up = " ".join(f"{_n(a)},{_n(b)}" for a, b in zip(x, y(value.max(axis=0)), strict=True))
            down = " ".join(
                f"{_n(a)},{_n(b)}" for a, b in zip(x[::-1], y(value.min(axis=0))[::-1], strict=True)
            )
            parts.append(f'<polygon points="{up} {down}" fill="{colours[name]}" opacity="0.13"/>')
    for name, value in series.items():
        parts.append(
            f'<polyline points="{_points(x, y(value.mean(axis=0)))}" fill="none" '
            f'stroke="{colours[name]}" stroke-width="2">'
            f"<title>{escape(labels[name])}</title></polyline>"
        )
    return Markup(
        f'<svg class="chart" role="img" aria-label="{escape(alt)}" viewBox="0 0 {width} {height}">'
        f"{''.join(parts)}</svg>"
    )


def stacked(
    rows: Sequence[tuple[str, Mapping[str, float]]], labels: Mapping[str, str], alt: str, form: Any
) -> Markup:
    """Stacked horizontal bars of shares, one a scenario; the share is written where it fits."""
    width, left, step = 860, 290, 34
    height = step * len(rows) + 6
    parts, colours = [], service_colours(list(labels))
    for k, (name, shares) in enumerate(rows):
        y, at = 4 + k * step, float(left)
        short = escape(name if len(name) < 37 else name[:36] + "…")
        parts.append(f'<text class="label" x="{left - 8}" y="{y + 17}" text-anchor="end">{short}</text>')
        for service, share in shares.items():
            wide = share * (width - left - 4)
            colour = colours[service]
            words = escape(f"{labels[service]} {form(share)}")
            parts.append(
                f'<rect x="{_n(at)}" y="{y}" width="{_n(wide)}" height="24" fill="{colour}">'
                f"<title>{words}</title></rect>"
            )
            if wide > 44:
                dark = "#fff" if service in ("transit", "car") else "#111"
                parts.append(
                    f'<text class="inbar" x="{_n(at + wide / 2)}" y="{y + 17}" text-anchor="middle" '
                    f'fill="{dark}">{escape(form(share))}</text>'
                )
            at += wide
    return Markup(
        f'<svg class="wide" role="img" aria-label="{escape(alt)}" viewBox="0 0 {width} {height}">'
        f"{''.join(parts)}</svg>"
    )
