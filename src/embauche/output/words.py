"""The report's words in French and English, and numbers as each language writes them.

Lives here: labels of groups, sentences, formatting. Not here: layout (templates), pictures (figures, maps).
"""

# ruff: noqa: E501 - a sentence and its translation read better on a line each

from __future__ import annotations

import math
from collections.abc import Sequence

from embauche.analysis.indicators_catalogue import CATALOGUE, DIMENSIONS
from embauche.core.messages import MESSAGES, register, text
from embauche.core.offerings import kinds
from embauche.output.words_labour import UNITS

register(
    {
        "group.man": ("hommes", "men"),
        "group.woman": ("femmes", "women"),
        "group.no_car": ("ménages sans voiture", "households without a car"),
        "group.car": ("ménages avec voiture", "households with a car"),
        "group.apprentice": ("apprentis", "apprentices"),
        "group.other": ("hors apprentissage", "not apprentices"),
        "group.all": ("ensemble", "all"),
        "group.15-24": ("15 à 24 ans", "aged 15 to 24"),
        "group.25-54": ("25 à 54 ans", "aged 25 to 54"),
        "group.55-64": ("55 à 64 ans", "aged 55 to 64"),
        "size.TPE": ("1 à 9 postes", "1 to 9 posts"),
        "size.PME": ("10 à 49 postes", "10 to 49 posts"),
        "size.ETI": ("50 à 249 postes", "50 to 249 posts"),
        "size.LARGE": ("250 postes et plus", "250 posts and more"),
        "report.title_comparison": ("Comparaison de scénarios", "Comparison of scenarios"),
        "report.title_run": ("Résultats d'un scénario", "Results of a scenario"),
        "report.answer": ("La réponse en cinq lignes", "The answer in five lines"),
        "report.asked": ("La question", "What was asked"),
        "report.changes": ("Ce qui change", "What changes"),
        "report.state": ("La situation", "The situation"),
        "report.whom": ("Pour qui", "For whom"),
        "report.whose_cost": ("Aux frais de qui", "At whose cost"),
        "report.sure": ("Avec quelle certitude", "How sure"),
        "report.map": ("Carte par commune", "Map by commune"),
        "report.differences": ("Principales différences", "Main differences"),
        "report.figures": ("Principaux chiffres", "Main figures"),
        "report.time": ("Semaine après semaine", "Week by week"),
        "report.modes": ("Parts modales", "Mode shares"),
        "report.groups": ("Qui gagne, qui perd", "Who gains, who loses"),
        "report.by_group": ("Par groupe", "By group"),
        "report.inputs": ("Données et paramètres", "Data and parameters"),
        "report.method": ("Méthode et limites", "Method and limits"),
        "report.credits": ("Crédits et identité du calcul", "Credits and identity of the run"),
        "report.baseline": ("référence", "baseline"),
        "report.difference": ("différence", "difference"),
        "report.interval": ("intervalle à 95 %", "95 % interval"),
        "report.range": ("étendue sur les tirages", "range over seeds"),
        "report.better": ("mieux", "better"),
        "report.worse": ("moins bien", "worse"),
        "report.changed": ("change", "changed"),
        "report.not distinguishable": ("non distinguable", "not distinguishable"),
        "report.none": ("aucun", "none"),
        "report.parameter": ("paramètre", "parameter"),
        "report.value": ("valeur", "value"),
        "report.default": ("par défaut", "default"),
        "report.bounds": ("plage", "range"),
        "report.unit": ("unité", "unit"),
        "report.source": ("source", "source"),
        "report.indicator": ("indicateur", "indicator"),
        "report.group": ("groupe", "group"),
        "report.week": ("semaine", "week"),
        "report.mean": ("moyenne", "mean"),
        "report.median": ("médiane", "median"),
        "report.p90": ("9e décile", "9th decile"),
        "report.external": ("pôle extérieur", "outside pole"),
        "report.no_data": ("sans donnée", "no data"),
        "report.show": ("Afficher", "Show"),
        "report.language": ("Langue", "Language"),
        "report.one_seed": ("un seul tirage : pas d'intervalle", "one seed only: no interval"),
        "report.unsure_hatched": (
            "Couleur pâle : différence non distinguable du hasard.",
            "Pale colour: difference not distinguishable from luck.",
        ),
        "report.what_changes_in": ("Ce que change {name}", "What {name} changes"),
        "report.all_parameters": ("Tous les paramètres ({n})", "All parameters ({n})"),
        "report.changed_parameters": ("Paramètres modifiés", "Parameters changed"),
        "report.notes": ("Remarques sur les données", "Notes on the data"),
        "report.stylised_banner": (
            "Routes et horaires stylisés : ces chiffres illustrent la méthode, ils ne décrivent pas le réseau réel.",
            "Roads and timetable are stylised: these figures show the method, not the real network.",
        ),
        "report.s_posts": (
            "Solde net : {net} postes pourvus en fin de période ({low} à {high}) ; embauches brutes : {gross}.",
            "Net balance: {net} posts filled at the end ({low} to {high}); gross hires: {gross}.",
        ),
        "report.s_posts_none": (
            "Solde net des postes pourvus en fin de période : {net}, non distinguable de zéro ({low} à {high}) ; embauches brutes : {gross}.",
            "Net balance of posts filled at the end: {net}, not distinguishable from none ({low} to {high}); gross hires: {gross}.",
        ),
        "report.s_posts_one": (
            "Postes pourvus en fin de période : {net} ; embauches brutes : {gross} (un seul tirage, pas d'intervalle).",
            "Posts filled at the end: {net}; gross hires: {gross} (one seed, no interval).",
        ),
        "report.s_rates": (
            "Chômage {u}, postes vacants {v}, prises de poste manquées {m}.",
            "Unemployment {u}, vacancy rate {v}, missed shifts {m}.",
        ),
        "report.s_whom_none": (
            "Aucun groupe ne gagne ni ne perd des emplois de façon distinguable du hasard.",
            "No group gains or loses work in a way that can be told from luck.",
        ),
        "report.s_gain": (
            "Résidents en emploi de plus en fin de période : {groups}.",
            "More residents in work at the end: {groups}.",
        ),
        "report.s_lose": (
            "Résidents en emploi de moins en fin de période : {groups}.",
            "Fewer residents in work at the end: {groups}.",
        ),
        "report.s_reach": (
            "Sans voiture, {reach} postes à moins de 45 min aux heures de prise de poste.",
            "Without a car, {reach} posts within 45 min at shift hours.",
        ),
        "report.s_cost": (
            "Coût public : {cost} par semaine. Pour les voyageurs : {eur} et {minutes} par aller-retour.",
            "Public cost: {cost} a week. For travellers: {eur} and {minutes} a tour.",
        ),
        "report.s_per_post": (
            "Soit {each} par semaine et par poste net de plus ({low} à {high}).",
            "That is {each} a week for each extra net post ({low} to {high}).",
        ),
        "report.s_per_post_none": (
            "Coût par poste de plus : non distinguable d'un effet nul.",
            "Cost per extra post: effect not distinguishable from none.",
        ),
        "report.s_per_post_bound": (
            "Coût par poste de plus : non distinguable d'un effet nul ; {bound} par semaine au moins.",
            "Cost per extra post: not distinguishable from none; {bound} a week at least.",
        ),
        "report.s_sure": (
            "{n} tirages appariés : l'intervalle couvre le hasard, non l'incertitude sur les paramètres.",
            "{n} paired seeds: the interval covers luck, not what is unknown about parameters.",
        ),
        "report.s_sure_run": (
            "{n} tirages : l'étendue couvre le hasard, non l'incertitude sur les paramètres.",
            "{n} seeds: the range covers luck, not what is unknown about parameters.",
        ),
        "report.s_burn_ok": (
            "Tous les départs sont stationnaires (test de Geweke).",
            "Every start is stationary (Geweke's test).",
        ),
        "report.s_burn_bad": (
            "Départ non stationnaire pour {n} tirage(s) sur {all} : lire avec prudence.",
            "Start not stationary for {n} of {all} seeds: read with care.",
        ),
        "report.s_many": (
            "{k} différences territoriales sont testées : sur cent intervalles, cinq excluent zéro par hasard.",
            "{k} territory-wide differences are tested: of a hundred intervals, five exclude zero by luck.",
        ),
        "report.s_run_state": (
            "{filled} postes pourvus, {vacant} vacants ({rate}) ; chômage {u} (définition du recensement).",
            "{filled} posts filled, {vacant} vacant ({rate}); unemployment {u} (census definition).",
        ),
        "report.s_run_whom": (
            "Chômage des ménages sans voiture : {no_car}, avec voiture : {car}. Sans voiture, {reach} postes à "
            "moins de 45 min aux heures de prise de poste.",
            "Unemployment without a car: {no_car}, with a car: {car}. Without a car, {reach} posts within 45 min "
            "at shift hours.",
        ),
        "report.s_run_cost": (
            "Coût public : {cost} par semaine. Un aller-retour coûte {eur}, {minutes} et {co2} de CO2 en moyenne.",
            "Public cost: {cost} a week. A tour costs {eur}, {minutes} and {co2} of CO2 on average.",
        ),
        "report.m_model": (
            "Modèle à base d'agents : chaque semaine, recherche, embauche, trajets, expérience, séparations. Les "
            "tirages sont indexés : deux scénarios partagent leur hasard, la différence est celle de la politique.",
            "Agent-based model: each week search, hiring, travel, experience, separations. Draws are keyed: two "
            "scenarios share their luck, so a difference is the policy's.",
        ),
        "report.m_interval": (
            "Différences appariées par tirage, intervalle de Student à 95 %. « Net » retire les embauches qui "
            "laissent vide un autre poste du territoire ; les postes pourvus sont un solde, donc nets.",
            "Differences are paired by seed, Student's 95 % interval. 'Net' leaves out hires that empty another "
            "post of the territory; posts filled are a balance, hence net.",
        ),
        "report.m_definitions": (
            "Chômage au sens du recensement, supérieur au taux BIT. Trajets : ceux des résidents, porte à porte, "
            "attente sur place comprise.",
            "Unemployment as in the census, above the ILO rate. Commutes are those of residents, door to door, wait "
            "at work included.",
        ),
        "report.credit_communes": (
            "Communes, populations, EPCI : INSEE, IGN, DILA, Licence Ouverte 2.0.",
            "Communes, populations, EPCIs: INSEE, IGN, DILA, Licence Ouverte 2.0.",
        ),
        "report.credit_osm": (
            "Routes : © les contributeurs d'OpenStreetMap, licence ODbL.",
            "Roads: © OpenStreetMap contributors, ODbL.",
        ),
        "report.credit_stylised": (
            "Routes et horaires : engendrés par embauche, non relevés.",
            "Roads and timetable: generated by embauche, not surveyed.",
        ),
        "report.territory": ("Territoire", "Territory"),
        "report.subtitle": (
            "Territoire {territory}, {weeks} semaines simulées, {n} tirages ({seeds})",
            "Territory {territory}, {weeks} simulated weeks, {n} seeds ({seeds})",
        ),
        "report.table_note": (
            "Point plein : l'intervalle à 95 % exclut zéro. Vert : mieux, rouge : moins bien, noir : ni l'un ni "
            "l'autre. Cercle vide : non distinguable du hasard. Sur vingt lignes sans aucun effet, une environ est "
            "pleine par hasard. Les différences de parts sont en points.",
            "Filled dot: the 95 % interval excludes zero. Green: better, red: worse, black: neither. Open circle: "
            "not distinguishable from luck. Of twenty lines without any effect, about one is filled by luck. "
            "Differences of shares are in points.",
        ),
        "map.jobs_reach_no_car_45": (
            "accès aux postes sans voiture, 45 min",
            "posts within 45 min without a car",
        ),
        "map.unemployment_rate": ("chômage", "unemployment"),
        "map.missed_share": ("prises de poste manquées", "missed shifts"),
        "map.vacancy_rate": ("postes vacants", "vacancy rate"),
        "report.alt_map": ("Carte des communes : {what}", "Map of communes: {what}"),
        "report.alt_whisker": ("différence et intervalle", "difference and interval"),
    }
)

_NBSP = "\u202f"
_SPELT = {
    "posts": ("postes", "posts"), "hires": ("embauches", "hires"), "weeks": ("sem.", "weeks"),
    "persons": ("personnes", "persons"), "person-weeks": ("personnes-semaines", "person-weeks"),
    "min": ("min", "min"), "km": ("km", "km"), "kg": ("kg", "kg"), "EUR": ("€", "EUR"), "share": ("%", "%"),
    "trips": ("déplacements", "trips"), **UNITS,
}  # fmt: skip
_POINTS = ("pt", "pts")


def unit(name: str, lang: str, *, difference: bool = False) -> str:
    """A unit's short form; a difference of shares is in points."""
    column = 0 if lang == "fr" else 1
    if name == "share" and difference:
        return _POINTS[column]
    return _SPELT[name][column] if name in _SPELT else name


def number(value: float, name: str, lang: str, *, signed: bool = False) -> str:
    """A figure in a unit, to about three significant digits, without the unit; shares times 100."""
    if not math.isfinite(value):
        return "–"
    shown = value * 100 if name == "share" else value
    size = abs(shown)
    if size < 5e-5:
        return "0"
    # Small differences keep two digits, so that what is told from zero does not read as zero.
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3 if size >= 0.01 else 4
    if name in ("posts", "hires", "persons", "person-weeks"):
        digits = min(digits, 1)
    return _spelt(f"{shown:{'+' if signed else ''},.{digits}f}", lang)


def _spelt(words: str, lang: str) -> str:
    words = (words if words.strip("+-0,.") else words.lstrip("+-")).replace("-", "\u2212")  # zero has no sign
    return words.replace(",", _NBSP).replace(".", ",") if lang == "fr" else words


def ticks(values: Sequence[float], name: str, lang: str) -> list[str]:
    """Labels of an axis's ticks, with as many decimals as tell them apart."""
    shown = [v * 100 if name == "share" else v for v in values]
    step = abs(shown[1] - shown[0]) if len(shown) > 1 else 1.0
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    return [_spelt(f"{v:,.{digits}f}", lang) for v in shown]


def quantity(value: float, name: str, lang: str, *, signed: bool = False) -> str:
    """A figure with its unit."""
    return f"{number(value, name, lang, signed=signed)}\u00a0{unit(name, lang, difference=signed)}"


def indicator(key: str, lang: str) -> str:
    """An indicator's label."""
    known = CATALOGUE[key]
    return known.fr if lang == "fr" else known.en


def dimension(key: str, lang: str) -> str:
    """A dimension's label."""
    return DIMENSIONS[key][0 if lang == "fr" else 1]


def group(key: str, of: str, lang: str, epcis: dict[str, str]) -> str:
    """A group's label; EPCIs by name."""
    if of == "epci":
        return epcis.get(key, key)
    kind = {"size_class": "size"}.get(of, of)
    for candidate in (f"{kind}.{key}", f"group.{key}"):
        if candidate in MESSAGES:
            return text(candidate, lang)
    known = kinds() if of == "service" else {}
    return known[key].label[lang] if key in known else key
