"""The answer in five lines: what was asked, what changes, for whom, at whose cost, how sure.

Lives here: the sentences and when each may be said. Not here: their words (words), tables (sections).
"""

from __future__ import annotations

import math
from typing import Any

from embauche.analysis.cost_effect import CostPerPost
from embauche.core.results import Result
from embauche.output import words
from embauche.output.page import Page

_WHO = ("sex", "age", "car", "apprentice", "epci")


def _signed(page: Page, value: float, unit: str) -> str:
    return words.quantity(value, unit, page.lang, signed=True)


def _question(page: Page, run: Result) -> str:
    questions = run.scenario.get("question") or {}
    other = "en" if page.lang == "fr" else "fr"
    return str(questions.get(page.lang) or questions.get(other) or page.title_of(run))


def _changes(page: Page, run: Result) -> str:
    posts = page.rows[run.name, "posts_filled_end", "all", "all", "value"]
    gross = page.rows[run.name, "hires_gross", "all", "all", "value"]
    values = {
        "net": words.number(posts.difference, "posts", page.lang, signed=True),
        "low": words.number(posts.low, "posts", page.lang, signed=True),
        "high": words.number(posts.high, "posts", page.lang, signed=True),
        "gross": words.number(gross.difference, "hires", page.lang, signed=True),
    }
    if not math.isfinite(posts.low):
        first = page.t("report.s_posts_one", **values)
    else:
        first = page.t("report.s_posts" if posts.distinguishable else "report.s_posts_none", **values)
    rates = {
        letter: _with_doubt(page, run, key, "value", "share")
        for letter, key in (("u", "unemployment_rate"), ("v", "vacancy_rate"), ("m", "missed_share"))
    }
    return f"{first} {page.t('report.s_rates', **rates)}"


def _with_doubt(page: Page, run: Result, key: str, statistic: str, unit: str) -> str:
    """A difference, said to be not distinguishable where its interval holds zero."""
    row = page.rows.get((run.name, key, "all", "all", statistic))
    if row is None:
        return "–"
    shown = _signed(page, row.difference, unit)
    if math.isfinite(row.low) and not row.distinguishable:
        return f"{shown} ({page.t('report.not distinguishable')})"
    return shown


def _whom(page: Page, run: Result) -> str:
    gain: list[tuple[float, str]] = []
    lose: list[tuple[float, str]] = []
    for (scenario, key, dimension, group, _), row in page.rows.items():
        if scenario != run.name or key != "residents_employed_end" or dimension not in _WHO:
            continue
        if row.distinguishable:
            label = words.group(group, dimension, page.lang, page.epcis)
            entry = (
                row.difference,
                f"{label} ({words.number(row.difference, 'persons', page.lang, signed=True)})",
            )
            (gain if row.difference > 0 else lose).append(entry)
    parts = []
    for key, entries in (("report.s_gain", gain), ("report.s_lose", lose)):
        if entries:
            entries.sort(key=lambda e: (-abs(e[0]), e[1]))
            parts.append(page.t(key, groups=", ".join(e[1] for e in entries[:5])))
    if not parts and any(math.isfinite(r.low) for r in page.rows.values()):
        parts.append(page.t("report.s_whom_none"))
    reach = page.rows.get((run.name, "jobs_reach_no_car_45", "all", "all", "value"))
    if reach is not None:
        shown = words.number(reach.difference, "posts", page.lang, signed=True)
        if math.isfinite(reach.low) and not reach.distinguishable:
            shown += f" ({page.t('report.not distinguishable')})"
        parts.append(page.t("report.s_reach", reach=shown))
    return " ".join(parts)


def _cost(page: Page, run: Result, cost: CostPerPost) -> str:
    first = page.t(
        "report.s_cost",
        cost=_signed(page, cost.extra_cost_eur_week, "EUR"),
        eur=_with_doubt(page, run, "commute_eur_tour", "mean", "EUR"),
        minutes=_with_doubt(page, run, "commute_min_tour", "mean", "min"),
    )
    if not cost.extra_cost_eur_week:
        return first
    if cost.eur_per_post_week is not None:
        each, low, high = (
            words.quantity(v, "EUR", page.lang) for v in (cost.eur_per_post_week, cost.eur_low, cost.eur_high)
        )
        return f"{first} {page.t('report.s_per_post', each=each, low=low, high=high)}"
    if cost.bound_eur_per_post_week is not None and cost.extra_cost_eur_week > 0:
        bound = words.quantity(cost.bound_eur_per_post_week, "EUR", page.lang)
        return f"{first} {page.t('report.s_per_post_bound', bound=bound)}"
    if cost.high < 0 and cost.low < cost.high:
        return first  # posts are lost: the line above says so, and there is no extra post to cost anything
    return f"{first} {page.t('report.s_per_post_none')}"


def _sure(page: Page, run: Result) -> str:
    seeds = page.found.seeds if page.found is not None else run.seeds
    key = "report.s_sure_run" if page.found is None else "report.s_sure"
    parts = [page.t("report.one_seed").capitalize() + "." if len(seeds) == 1 else page.t(key, n=len(seeds))]
    tests = [v for s, v in run.manifest.get("burn_in", {}).items() if int(s) in seeds]
    bad = sum(not v["passed"] for v in tests)
    if bad:
        parts.append(page.t("report.s_burn_bad", n=bad, all=len(tests)))
    elif tests:
        parts.append(page.t("report.s_burn_ok"))
    if run.manifest.get("stylised"):
        parts.append(page.t("note.stylised"))
    return " ".join(parts)


def _lines(page: Page, run: Result, changes: str, whom: str, cost: str) -> list[tuple[str, str]]:
    second = "report.changes" if page.found is not None else "report.state"
    return [
        (page.t("report.asked"), _question(page, run)),
        (page.t(second), changes),
        (page.t("report.whom"), whom),
        (page.t("report.whose_cost"), cost),
        (page.t("report.sure"), _sure(page, run)),
    ]


def answers(page: Page) -> list[dict[str, Any]]:
    """Five lines for each scenario compared, or for the only run."""
    if page.found is None:
        return [_alone(page, page.runs[0])]
    costs = {c.scenario: c for c in page.found.costs}
    return [
        {
            "title": page.title_of(run),
            "colour": page.colour(run),
            "lines": _lines(
                page, run, _changes(page, run), _whom(page, run), _cost(page, run, costs[run.name])
            ),
        }
        for run in page.runs[1:]
    ]


def _alone(page: Page, run: Result) -> dict[str, Any]:
    def say(key: str, unit: str, dimension: str = "all", group: str = "all", statistic: str = "value") -> str:
        return words.quantity(page.level(run, key, dimension, group, statistic), unit, page.lang)

    def count(key: str) -> str:
        return words.number(page.level(run, key), "posts", page.lang)

    state = page.t(
        "report.s_run_state", filled=count("posts_filled"), vacant=count("posts_vacant"),
        rate=say("vacancy_rate", "share"), u=say("unemployment_rate", "share"),
    )  # fmt: skip
    whom = page.t(
        "report.s_run_whom", no_car=say("unemployment_rate", "share", "car", "no_car"),
        car=say("unemployment_rate", "share", "car", "car"), reach=count("jobs_reach_no_car_45"),
    )  # fmt: skip
    cost = page.t(
        "report.s_run_cost", cost=say("public_cost_eur_week", "EUR"),
        eur=say("commute_eur_tour", "EUR", statistic="mean"),
        minutes=say("commute_min_tour", "min", statistic="mean"),
        co2=say("commute_co2_tour", "kg", statistic="mean"),
    )  # fmt: skip
    return {
        "title": page.title_of(run),
        "colour": page.colour(run),
        "lines": _lines(page, run, state, whom, cost),
    }
