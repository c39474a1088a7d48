"""What each scenario changes against the baseline, in words: settings by name, timetables as sentences.

Lives here: scenario_changes and its words. Not here: parameters with their sources (report), layout.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from embauche.core.messages import register
from embauche.output.page import Page

_TEXTS = ("name", "title", "question", "history", "outputs", "seed", "seeds")

register(
    {
        "change.mode_all": ("toutes les lignes", "all routes"),
        "change.mode_some": ("lignes", "routes"),
        "change.mode_bus": ("lignes de bus", "bus routes"),
        "change.mode_rail": ("lignes de train", "train routes"),
        "change.mode_tram": ("lignes de tram", "tram routes"),
        "change.mode_metro": ("lignes de métro", "metro routes"),
        "change.first": ("premier départ à {at}", "first departure at {at}"),
        "change.last": ("dernier départ à {at}", "last departure at {at}"),
        "change.headway": ("un départ toutes les {n} min", "a departure every {n} min"),
        "change.cut": ("supprimées", "withdrawn"),
        "change.between": ("de {first} à {last}", "from {first} to {last}"),
        "change.line": ("nouvelle ligne {name}", "new line {name}"),
        "change.departs": ("départs {times}", "departures {times}"),
        "change.back": ("retours {times}", "back {times}"),
        "change.one_way": ("dans un seul sens", "one way only"),
        "change.moved": ("l'arrêt {stop} est déplacé : {to}", "the stop {stop} moves to {to}"),
        "change.every": ("une course ajoutée toutes les {n} min", "an added trip every {n} min"),
        "change.days_all": ("tous les jours", "every day"),
        "change.days_weekdays": ("du lundi au vendredi", "Monday to Friday"),
        "change.Mon": ("lundi", "Monday"),
        "change.Tue": ("mardi", "Tuesday"),
        "change.Wed": ("mercredi", "Wednesday"),
        "change.Thu": ("jeudi", "Thursday"),
        "change.Fri": ("vendredi", "Friday"),
        "change.Sat": ("samedi", "Saturday"),
        "change.Sun": ("dimanche", "Sunday"),
    }
)


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            out |= _flat(inner, f"{prefix}{key}.")
        else:
            out[prefix + key] = json.dumps(inner, ensure_ascii=False)
    return out


def timetable_line(page: Page, change: Mapping[str, Any]) -> str:
    """One change of the timetable in words: which routes or stops, from when, until when, which days."""
    if change.get("move_stop"):
        return page.t("change.moved", stop=change["move_stop"], to=_stop_name(change["to"]))
    parts = _new_line(page, change) if change.get("line") else _routes(page, change)
    days = tuple(change["days"])
    if len(days) == 7:
        parts.append(page.t("change.days_all"))
    elif len(days) == 5 and not {"Sat", "Sun"} & set(days):
        parts.append(page.t("change.days_weekdays"))
    else:
        parts += [page.t(f"change.{day}") for day in days]
    return ", ".join(parts)


def _stop_name(stop: Mapping[str, Any]) -> str:
    return str(stop["stop"] or stop["commune"] or stop["name"] or f"{stop['lon']:g} {stop['lat']:g}")


def _between(page: Page, change: Mapping[str, Any]) -> list[str]:
    if not change.get("between"):
        return []
    first, last = change["between"].split("-")
    return [page.t("change.between", first=first, last=last)]


def _new_line(page: Page, change: Mapping[str, Any]) -> list[str]:
    parts = [page.t("change.line", name=change["line"]), " - ".join(_stop_name(s) for s in change["stops"])]
    for key in ("departures", "departures_back"):
        if change[key]:
            word = "change.departs" if key == "departures" else "change.back"
            parts.append(page.t(word, times=" ".join(change[key])))
    if change["headway_min"]:
        parts += [page.t("change.headway", n=change["headway_min"]), *_between(page, change)]
    return parts if change["both_ways"] else [*parts, page.t("change.one_way")]


def _routes(page: Page, change: Mapping[str, Any]) -> list[str]:
    routes = change["routes"]
    named = routes != "all"
    kind = page.t(f"change.mode_{change.get('mode') or ('some' if named else 'all')}")
    parts = [f"{kind} {', '.join(routes)}" if named else kind]
    if change.get("cut"):
        return [*parts, page.t("change.cut"), *_between(page, change)]
    if change.get("headway_min"):
        return [*parts, page.t("change.headway", n=change["headway_min"]), *_between(page, change)]
    times = {key: change.get(f"{key}_departure") for key in ("first", "last")}
    parts += [page.t(f"change.{key}", at=at) for key, at in times.items() if at]
    parts.append(page.t("change.every", n=change["every_min"]))
    return parts


def scenario_changes(page: Page) -> list[dict[str, Any]]:
    """For each scenario compared, a title and a line for each setting that is not the baseline's."""
    base = _flat({k: v for k, v in page.runs[0].scenario.items() if k not in _TEXTS})
    out = []
    for run in page.runs[1:]:
        mine = _flat({k: v for k, v in run.scenario.items() if k not in _TEXTS})
        lines = [f"{k}: {mine[k]}" for k in sorted(mine) if base.get(k) != mine[k] and k != "timetable"]
        if base.get("timetable") != mine.get("timetable"):
            changes = run.scenario.get("timetable") or ()
            lines += [timetable_line(page, c) for c in changes] or [f"timetable: {page.t('report.default')}"]
        lines += [f"{k}: {page.t('report.default')}" for k in sorted(base) if k not in mine]
        title = page.t("report.what_changes_in", name=page.title_of(run))
        out.append({"title": title, "lines": lines or [page.t("report.none")]})
    return out
