"""The report's section on recruitment, training, apprentices, housing, sites and risk, topic by topic.

Lives here: topics, site_tables. Not here: its words (words_labour), layout (templates), the other sections.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from embauche.analysis import indicators_land, indicators_risk
from embauche.analysis.indicator import Indicator
from embauche.analysis.indicators_catalogue import CATALOGUE
from embauche.analysis.indicators_parts import PARTS
from embauche.core.results import Result
from embauche.output import words
from embauche.output.page import Page

# the file of a part -> topic of the report; others are shown with recruitment
TOPICS = {"training": "training", "apprentices": "apprentices", "housing": "housing"}
ORDER = ("recruitment", "training", "apprentices", "housing", "sites", "risk")
# dimensions by which a topic's first indicators are told beside their sums
SPLIT = ("channel", "km", "cause", "reason", "domain", "measure", "residence", "land", "service", "window")
MOST_GROUPS = 14
OF_POSTS = ("hires_gross", "hires_net", "hires_job_to_job", "weeks_to_fill", "declined_transport")


def _known() -> dict[str, list[str]]:
    """Keys of indicators by topic, in the catalogue's order."""
    out: dict[str, list[str]] = {topic: [] for topic in ORDER}
    out["recruitment"] += OF_POSTS
    for part in PARTS:
        topic = TOPICS.get(part.__module__.rsplit("indicators_", 1)[-1], "recruitment")
        out[topic] += _keys(part.INDICATORS)
    out["sites"] += [k for k in _keys(indicators_land.INDICATORS) if k.startswith("land_")]
    out["risk"] += _keys(indicators_risk.INDICATORS)
    return out


def _keys(listed: Sequence[Indicator]) -> list[str]:
    return [i.key for i in listed]


def topics(page: Page) -> list[dict[str, Any]]:
    """Each topic with a row an indicator, and tables of its indicators by channel, cause, domain ..."""
    out = []
    for topic, keys in _known().items():
        rows = [
            row for key in keys if (row := _row(page, key, "all", "all", words.indicator(key, page.lang)))
        ]
        if topic == "sites" and not any(r["moves"] for r in rows):
            rows = []  # land is told as nothing where there are no sites
        parts = [] if not rows else [p for of in SPLIT if (p := _by(page, keys, of)) is not None]
        if rows:
            out.append({"title": page.t(f"labour.{topic}"), "rows": rows, "parts": parts})
    return out


def _statistic(page: Page, key: str, of: str, group: str) -> str:
    whole = page.whole(page.runs[0])
    return next((s for s in ("value", "mean") if (key, of, group, s) in whole), "value")


def _row(page: Page, key: str, of: str, group: str, label: str) -> dict[str, Any] | None:
    """A figure's level in the baseline and its difference in each scenario; None where no run has it."""
    statistic, base = _statistic(page, key, of, group), page.runs[0]
    level = page.level(base, key, of, group, statistic)
    if not math.isfinite(level):
        return None
    unit = CATALOGUE[key].unit
    found = [page.rows.get((r.name, key, of, group, statistic)) for r in page.runs[1:]]
    return {
        "label": label, "unit": words.unit(unit, page.lang), "level": level,
        "doc": CATALOGUE[key].doc if page.lang == "en" else label,
        "baseline": words.number(level, unit, page.lang),
        "cells": [page.cell(row, key) for row in found],
        "moves": bool(level) or any(row is not None and row.difference for row in found),
    }  # fmt: skip


def _by(page: Page, keys: Sequence[str], of: str) -> dict[str, Any] | None:
    """The first of these indicators that has groups of a dimension, by the groups that count most."""
    whole = page.whole(page.runs[0])
    for key in keys:
        groups = list(dict.fromkeys(g for k, d, g, _ in whole if (k, d) == (key, of)))
        rows = [_row(page, key, of, g, words.group(g, of, page.lang, page.epcis)) for g in groups]
        shown = [r for r in rows if r is not None and r["moves"]]
        if shown:
            shown.sort(key=lambda r: -abs(r["level"]))
            what, kind = words.indicator(key, page.lang), words.dimension(of, page.lang)
            title = page.t("labour.by", what=what, of=kind)
            return {"title": f"{title} ({shown[0]['unit']})", "rows": shown[:MOST_GROUPS]}
    return None


def site_tables(page: Page) -> list[dict[str, Any]]:
    """For each run with sites: land, posts and reach of each, and how many posts were taken from others."""
    out = []
    for run in page.runs:
        block = run.scenario.get("sites") or {}
        options = [(kind, o) for kind in ("open", "move", "enlarge", "close") for o in block.get(kind, ())]
        if not options:
            continue
        rows = [_site(page, run, kind, option) for kind, option in options]
        out.append({"title": page.title_of(run), "rows": rows, "note": _displaced(page, run, options)})
    return out


def _site(page: Page, run: Result, kind: str, option: dict[str, Any]) -> dict[str, Any]:
    def figure(key: str) -> str:
        level = page.level(run, key, "site", str(option["name"]))
        return words.number(level, CATALOGUE[key].unit, page.lang)

    ha = option.get("ha")
    land = page.t(f"land.{option['land']}") if ha else "–"
    cells = [
        page.t(f"kind.{kind}"), land, words.number(ha, "ha", page.lang) if ha else "–", figure("jobs_per_ha"),
        figure("site_posts_end"), figure("site_filled_end"), figure("site_reach_car_45"),
        figure("site_reach_no_car_45"), figure("site_seekers_no_car_45"),
    ]  # fmt: skip
    return {"label": str(option["name"]), "cells": cells}


def columns(page: Page) -> list[str]:
    """Heads of the columns of site_tables."""
    short = ("land_ha", "jobs_per_ha", "site_posts_end", "site_filled_end")
    return [
        "", words.dimension("land", page.lang), *(words.indicator(k, page.lang) for k in short),
        *(page.t(f"labour.{k}") for k in ("reach_car", "reach_no_car", "seekers")),
    ]  # fmt: skip


def _displaced(page: Page, run: Result, options: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """Gross less net: posts filled on new posts that others lost."""
    new = [str(o["name"]) for kind, o in options if kind in ("open", "enlarge")]
    net = page.rows.get((run.name, "posts_filled_end", "all", "all", "value"))
    if not new or net is None or len(new) < len(options):
        return ""
    levels = [page.level(run, "posts_filled_end", "site", name) for name in new]
    gross = sum(v for v in levels if math.isfinite(v))
    say = {"gross": gross, "net": net.difference, "taken": gross - net.difference}
    spelt = {k: words.number(v, "posts", page.lang) for k, v in say.items()}
    return page.t("labour.displaced", title=page.title_of(run), **spelt)
