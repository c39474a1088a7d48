"""The report's accounts: who pays what, what each service does and costs, what an extra post costs.

Lives here: its tables and their words. Not here: the figures (analysis.accounts, analysis.cost_effect).
"""

# ruff: noqa: E501 - a sentence and its translation read better on a line each

from __future__ import annotations

import math
from typing import Any

import numpy as np

from embauche.analysis.cost_effect import CostPerPost, figures, interval
from embauche.analysis.indicators_catalogue import CATALOGUE
from embauche.core.accounts import head
from embauche.core.messages import register
from embauche.core.results import Result
from embauche.output import words
from embauche.output.page import Page

register(
    {
        "accounts.title": ("Comptes", "Accounts"),
        "accounts.payers": ("Qui paie, par semaine (€)", "Who pays, a week (EUR)"),
        "accounts.payer": ("payeur", "payer"),
        "accounts.services": ("Ce que font et coûtent les services", "What services do and cost"),
        "accounts.epcis": ("Par EPCI de résidence", "By EPCI of the home"),
        "accounts.posts": ("Ce que coûte un poste pourvu de plus", "What one more post filled costs"),
        "accounts.scenario": ("scénario", "scenario"),
        "accounts.net": ("postes nets", "net posts"),
        "accounts.gross": ("embauches brutes", "gross hires"),
        "accounts.extra": ("coût public (€ par semaine)", "public cost (EUR a week)"),
        "accounts.each": ("par poste net (€ par semaine)", "each net post (EUR a week)"),
        "accounts.none": ("non distinguable d'un effet nul", "not distinguishable from none"),
        "accounts.lost": ("des postes sont perdus", "posts are lost"),
        "accounts.bound": (
            "non distinguable d'un effet nul ; {bound} au moins",
            "not distinguishable from none; {bound} at least",
        ),
        "accounts.by_payer": ("dont, par payeur", "of which, by payer"),
        "accounts.note": (
            "Seuls les trajets domicile-travail sont simulés : un réseau qui transporte aussi d'autres voyageurs coûte "
            "moins par déplacement qu'il n'est écrit ici. Les opérateurs ne gagnent rien : la subvention est le coût "
            "moins les recettes, au centime. Les recettes sont ce que paient usagers et employeurs moins ce qui est reversé "
            "(primes des conducteurs du covoiturage). Ce qui ne revient à aucun voyageur (conducteurs, véhicules) est réparti "
            "entre communes selon les kilomètres parcourus. Coûts unitaires : paramètres cost.*, en partie de mémoire.",
            "Only commutes are simulated: a network that carries others too costs less a trip than it says here. "
            "Operators gain nothing: the subsidy is the cost less fares, to the cent. Fares are what users and employers pay less what "
            "they are paid (drivers of carpools). What concerns no one rider "
            "(drivers, vehicles) is laid on communes by kilometres ridden. Unit costs are the parameters cost.*, some "
            "of them from memory.",
        ),
        "accounts.ratio_note": (
            "Intervalle du coût par poste : rééchantillonnage apparié des tirages. Aucun coût par poste n'est donné "
            "si l'intervalle des postes nets contient zéro.",
            "Interval of the cost per post: paired bootstrap over seeds. No cost per post is given where the interval "
            "of net posts holds zero.",
        ),
        "service.solidarity": ("mobilité solidaire", "solidarity mobility"),
        "service.apprentices": ("apprentissage", "apprenticeships"),
        "service.training": ("formation", "training"),
        "service.housing": ("logement", "housing"),
        "service.recruitment": ("recrutement", "recruitment"),
        "payer.user": ("usagers", "users"),
        "payer.employer": ("employeurs", "employers"),
        "payer.authority": ("autorités organisatrices", "authorities"),
        "payer.region": ("région", "region"),
        "payer.state": ("État", "state"),
        "epci.unallocated": ("sans usager", "no rider"),
        "epci.outside": ("hors du territoire", "outside"),
    }
)  # fmt: skip
ORDER = ("user", "employer", "authority", "region", "state")
SERVICE_COLUMNS = (
    "service_cost_eur_week", "fares_eur_week", "public_cost_eur_week", "driver_hours_week",
    "km_with_riders_week", "km_empty_week", "energy_kwh_week", "co2_g_per_vehicle_km", "trips_week",
    "cost_per_trip_eur", "public_cost_per_trip_eur", "cost_per_passenger_km_eur",
)  # fmt: skip
EPCI_COLUMNS = (
    "service_cost_eur_week", "public_cost_eur_week", "co2_kg_week", "trips_week", "public_cost_per_trip_eur",
)  # fmt: skip


def payer(account: str, page: Page) -> str:
    """Label of a payer's account; an authority by its name."""
    kind, _, name = account.partition(":")
    return name or page.t(f"payer.{kind}")


def _seeds(page: Page) -> list[int]:
    return page.found.seeds if page.found is not None else page.runs[0].seeds


def payers(page: Page) -> list[dict[str, Any]]:
    """What each account pays a week: the baseline's level, every scenario's difference."""
    seeds = _seeds(page)
    paid = [figures(run, seeds, "paid_eur_week", "payer") for run in page.runs]
    accounts = sorted({a for p in paid for a in p}, key=lambda a: (ORDER.index(head(a)), a))
    nothing = np.zeros(len(seeds))
    out = []
    for account in accounts:
        base = paid[0].get(account, nothing)
        cells = []
        for mine in paid[1:]:
            d = mine.get(account, nothing) - base
            low, high = interval(d[None, :])
            cells.append(_cell(page, float(d.mean()), float(low[0]), float(high[0]), "EUR"))
        level = words.number(float(base.mean()), "EUR", page.lang)
        out.append({"label": payer(account, page), "baseline": level, "cells": cells})
    return out


def _cell(page: Page, value: float, low: float, high: float, unit: str) -> dict[str, str]:
    shown = words.number(value, unit, page.lang, signed=True)
    ends = ""
    if math.isfinite(low):
        a, b = (words.number(v, unit, page.lang, signed=True) for v in (low, high))
        ends = f"[{a} ; {b}]" if page.lang == "fr" else f"[{a}, {b}]"
    css = "changed" if math.isfinite(low) and (low > 0 or high < 0) else "not"
    return {"value": shown, "interval": ends, "css": css}


def tables(page: Page) -> list[dict[str, Any]]:
    """For each run what services do and cost, and the same by EPCI: levels, mean over seeds."""
    out = []
    for run in page.runs:
        parts = [
            _levels(page, run, "service", SERVICE_COLUMNS, "accounts.services"),
            _levels(page, run, "epci", EPCI_COLUMNS, "accounts.epcis"),
        ]
        out.append({"title": page.title_of(run), "parts": parts})
    return out


def _levels(page: Page, run: Result, dimension: str, columns: tuple[str, ...], title: str) -> dict[str, Any]:
    groups = list(dict.fromkeys(g for k, d, g, _ in page.whole(run) if d == dimension and k == columns[0]))
    rows = []
    for group in groups:
        cells = [
            words.number(page.level(run, key, dimension, group), CATALOGUE[key].unit, page.lang)
            for key in columns
        ]
        rows.append({"label": words.group(group, dimension, page.lang, page.epcis), "cells": cells})
    heads = [f"{words.indicator(k, page.lang)} ({words.unit(CATALOGUE[k].unit, page.lang)})" for k in columns]
    return {"title": page.t(title), "columns": heads, "rows": rows}


def posts(page: Page) -> list[dict[str, Any]]:
    """What an extra post costs in each scenario, gross beside net, and who pays."""
    costs = page.found.costs if page.found is not None else []
    return [_post(page, run, cost) for run, cost in zip(page.runs[1:], costs, strict=True)]


def per_post(page: Page, cost: CostPerPost) -> str:
    """The public cost of an extra post with its interval, or that it cannot be told, with the bound."""
    if cost.eur_per_post_week is not None:
        each = words.number(cost.eur_per_post_week, "EUR", page.lang)
        a, b = (words.number(v, "EUR", page.lang) for v in (cost.eur_low, cost.eur_high))
        return f"{each} [{a} ; {b}]" if page.lang == "fr" else f"{each} [{a}, {b}]"
    if cost.bound_eur_per_post_week is not None and cost.extra_cost_eur_week > 0:
        bound = words.number(cost.bound_eur_per_post_week, "EUR", page.lang)
        return page.t("accounts.bound", bound=bound)
    lost = cost.high < 0 and cost.low < cost.high
    return page.t("accounts.lost" if lost else "accounts.none")


def _post(page: Page, run: Result, cost: CostPerPost) -> dict[str, Any]:
    shares = []
    for paid in cost.payers:
        if abs(paid.eur_week) < 0.005:
            continue
        each = paid.eur_per_post_week
        value = paid.eur_week if each is None else each
        shares.append(f"{page.t(f'payer.{paid.payer}')} {words.number(value, 'EUR', page.lang, signed=True)}")
    return {
        "title": page.title_of(run),
        "colour": page.colour(run),
        "net": _cell(page, cost.net_posts, cost.low, cost.high, "posts"),
        "gross": _cell(page, cost.gross_hires, cost.gross_low, cost.gross_high, "hires"),
        "extra": words.number(cost.extra_cost_eur_week, "EUR", page.lang, signed=True),
        "each": per_post(page, cost),
        "payers": ", ".join(shares) or page.t("report.none"),
    }
