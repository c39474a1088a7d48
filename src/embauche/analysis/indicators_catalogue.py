"""The catalogue of indicators: key, unit, labels, which direction is better, and what exactly is counted.

Lives here: words and units only. Not here: how they are computed (analysis.indicators).
"""

from __future__ import annotations

from embauche.analysis.indicator import Indicator
from embauche.analysis.indicators_land import INDICATORS as LAND
from embauche.analysis.indicators_parts import PARTS
from embauche.analysis.indicators_risk import INDICATORS as RISK

_I = Indicator
_RESIDENTS = "tours of residents, over the whole run"


def _commute(key: str, unit: str, fr: str, en: str, what: str) -> tuple[Indicator, Indicator]:
    return (
        _I(
            f"commute_{key}_tour",
            unit,
            f"{fr} par aller-retour",
            f"{en} per tour",
            -1,
            f"{what} of a tour, out and back; {_RESIDENTS}",
            True,
        ),
        _I(
            f"commute_{key}_week",
            unit,
            f"{fr} par semaine travaillée",
            f"{en} per worker and week",
            -1,
            f"{what} of a worker's tours in a week in which she made one; {_RESIDENTS}",
        ),
    )


def _reach(with_car: bool, minutes: int) -> Indicator:
    key = "car" if with_car else "no_car"
    fr, en = ("avec voiture", "with a car") if with_car else ("sans voiture", "without a car")
    return _I(
        f"jobs_reach_{key}_{minutes}",
        "posts",
        f"Postes accessibles en {minutes} min {fr}, aux heures de prise de poste",
        f"Posts within {minutes} min {en}, at shift hours",
        1,
        "posts whose shift hours a resident can reach, and come back from, within the time each way, mean "
        "over active residents at the start of the run (six places a commune stand for its homes); a post "
        "counts once in each window that it works"
        + ("" if with_car else "; by any other service offered, a bike at hand"),
        not with_car and minutes == 45,
    )


_ALL = (
    _I("posts_filled", "posts", "Postes pourvus", "Posts filled", 1,
       "posts of the territory held at the end of a week, mean over weeks"),
    _I("posts_filled_end", "posts", "Postes pourvus en fin de période", "Posts filled at the end", 1,
       "posts of the territory held, mean of the last four weeks", True),
    _I("posts_vacant", "posts", "Postes vacants", "Vacant posts", -1,
       "posts of the territory still open after the week's hiring, mean over weeks; "
       "apprenticeships on offer are no vacancies where there are training centres", True),
    _I("vacancy_rate", "share", "Taux de vacance", "Vacancy rate", -1,
       "vacant posts over vacant and filled posts of the territory", True),
    _I("weeks_to_fill", "weeks", "Délai pour pourvoir un poste", "Weeks to fill a post", -1,
       "weeks a post had been open when somebody was hired, posts of the territory", True),
    _I("weeks_vacant", "weeks", "Ancienneté des postes vacants", "Age of open vacancies", -1,
       "weeks that the vacancies still open in the last week have been open"),
    _I("unemployment_rate", "share", "Taux de chômage (définition du recensement)",
       "Unemployment rate (census definition)", -1,
       "unemployed over active residents, mean over weeks; not the ILO rate", True),
    _I("residents_employed", "persons", "Résidents en emploi", "Residents in work", 1,
       "residents who hold a post, inside the territory or outside, mean over weeks", True),
    _I("residents_employed_end", "persons", "Résidents en emploi en fin de période",
       "Residents in work at the end", 1, "residents who hold a post, mean of the last four weeks"),
    _I("in_commuters", "persons", "Actifs venant de l'extérieur", "In-commuters", 0,
       "people who live outside and hold a post of the territory, mean over weeks", True),
    _I("out_commuters", "persons", "Résidents travaillant à l'extérieur", "Out-commuters", 0,
       "residents who hold a post outside the territory, mean over weeks", True),
    _I("outside_commune_share", "share", "Travaillent hors de leur commune", "Work outside their commune", 0,
       "employed residents whose post is in another commune"),
    *_commute("min", "min", "Minutes", "Minutes", "minutes door to door, wait at work included,"),
    *_commute("km", "km", "Kilomètres", "Kilometres", "kilometres"),
    *_commute("eur", "EUR", "Coût pour la personne", "Cost to the traveller", "euros paid by the traveller"),
    *_commute("co2", "kg", "CO2", "CO2", "kilograms of CO2"),
    _I("mode_share", "share", "Part modale", "Mode share", 0, "share of tours made, residents", False),
    _I("mode_share_under_5km", "share", "Part modale à moins de 5 km", "Mode share under 5 km", 0,
       "share of tours made whose one way is under 5 km, residents; of transit the kilometres ridden count"),
    _I("missed_share", "share", "Prises de poste manquées", "Missed shifts", -1,
       "tours not made for want of a service, over tours due, residents", True),
    _I("late_share", "share", "Arrivées en retard", "Late arrivals", -1,
       "tours that arrived over ten minutes late, over tours made, residents", True),
    _I("hires_gross", "hires", "Embauches brutes", "Gross hires", 0,
       "posts of the territory filled in the run, whoever filled them", True),
    _I("hires_net", "hires", "Embauches nettes", "Net hires", 1,
       "gross hires less those that left another post of the territory open", True),
    _I("hires_job_to_job", "hires", "Changements de poste", "Job-to-job moves", 0,
       "hires of people who left another post for it"),
    _I("declined_transport", "person-weeks", "Renoncements à cause du trajet", "Declined for transport", -1,
       "person-weeks in which a resident refused a post seen for the way there alone", True),
    *(_reach(car, minutes) for car in (True, False) for minutes in (30, 45, 60)),
    _I("requests_week", "tours", "Demandes par semaine", "Requests per week", 0,
       "tours asked of services whose places are few; whoever was refused by one may ask another"),
    _I("served_share", "share", "Demandes satisfaites", "Requests served", 1,
       "requests served over requests, those given up later in the week included"),
    _I("refusals_week", "tours", "Refus par semaine", "Refusals per week", -1, "requests refused"),
    _I("cancellations_week", "tours", "Annulations par semaine", "Cancellations per week", 0,
       "requests served and given up in the same week, for the household's car was free again"),
    _I("fallbacks_week", "tours", "Reports après refus par semaine", "Fallbacks per week", 0,
       "tours that a service refused, by what was taken instead"),
    _I("wait_min_served", "min", "Attente des demandes satisfaites", "Waiting of requests served", -1,
       "minutes waited for vehicles, both ways of a tour served"),
    _I("public_cost_eur_week", "EUR", "Coût public net par semaine", "Net public cost per week", -1,
       "what authorities, region and state paid for services and aids, less what they got back", True),
    _I("service_cost_eur_week", "EUR", "Coût des services par semaine", "Cost of services per week", -1,
       "what drivers, energy, vehicles and other supplies cost, whoever paid"),
    _I("fares_eur_week", "EUR", "Recettes tarifaires par semaine", "Fares per week", 0,
       "what operators received of users and their employers, refunds taken off"),
    _I("paid_eur_week", "EUR", "Payé par semaine", "Paid per week", 0,
       "what an account paid less what it received, operators, staff and suppliers left out"),
    _I("driver_hours_week", "h", "Heures de conduite payées par semaine", "Paid driver hours per week", 0,
       "hours of drivers and guards, layovers and waiting included"),
    _I("km_with_riders_week", "km", "Véhicules-km avec voyageurs par semaine",
       "Vehicle-km with riders per week", 0, "kilometres of vehicles with riders; timetabled: in service"),
    _I("km_empty_week", "km", "Véhicules-km à vide par semaine", "Empty vehicle-km per week", -1,
       "kilometres of vehicles without riders"),
    _I("energy_kwh_week", "kWh", "Énergie par semaine", "Energy per week", -1, "energy used by vehicles"),
    _I("co2_kg_week", "kg", "CO2 des véhicules par semaine", "CO2 of vehicles per week", -1,
       "CO2 emitted by vehicles, empty running included"),
    _I("co2_g_per_vehicle_km", "g", "CO2 par véhicule-km", "CO2 per vehicle-km", -1,
       "CO2 over kilometres of vehicles with and without riders"),
    _I("trips_week", "trips", "Déplacements par semaine", "Trips per week", 0, "one-way trips of riders"),
    _I("passenger_km_week", "km", "Voyageurs-km par semaine", "Passenger-km per week", 0,
       "kilometres ridden"),
    _I("cost_per_trip_eur", "EUR", "Coût par déplacement", "Cost per trip", -1,
       "cost of services over one-way trips"),
    _I("public_cost_per_trip_eur", "EUR", "Coût public par déplacement", "Public cost per trip", -1,
       "net public cost over one-way trips"),
    _I("cost_per_passenger_km_eur", "EUR", "Coût par voyageur-km", "Cost per passenger-km", -1,
       "cost of services over kilometres ridden"),
    _I("public_cost_per_passenger_km_eur", "EUR", "Coût public par voyageur-km",
       "Public cost per passenger-km", -1, "net public cost over kilometres ridden"),
)  # fmt: skip

CATALOGUE: dict[str, Indicator] = {
    i.key: i for i in (*_ALL, *LAND, *RISK, *(i for part in PARTS for i in part.INDICATORS))
}

# Weekly series kept for charts (dimension all).
SERIES = ("posts_filled", "posts_vacant", "vacancy_rate", "unemployment_rate", "residents_employed",
          "missed_share", "late_share", "hires_gross", "hires_net", "declined_transport")  # fmt: skip

# Label, French and English, of each dimension by which indicators are given.
DIMENSIONS: dict[str, tuple[str, str]] = {
    "all": ("ensemble", "all"),
    "shift": ("rythme de travail", "shift"),
    "window": ("horaire", "hours worked"),
    "sector": ("secteur", "sector"),
    "size_class": ("taille de l'établissement", "size of the firm"),
    "sex": ("sexe", "sex"),
    "age": ("âge", "age"),
    "epci": ("EPCI", "EPCI"),
    "commune": ("commune", "commune"),
    "car": ("voiture du ménage", "household's car"),
    "apprentice": ("apprentissage", "apprenticeship"),
    "site": ("site", "site"),
    "land": ("nature des sols", "land"),
    "service": ("mode", "service"),
    "payer": ("payeur", "payer"),
    "service_payer": ("mode et payeur", "service and payer"),
    "service_reason": ("mode et motif de refus", "service and reason of refusal"),
    "service_fallback": ("mode et report", "service and fallback"),
    "cause": ("cause", "cause"),
    "channel": ("canal", "channel"),
    "km": ("à partir de (km)", "from (km)"),
    "domain": ("domaine", "domain"),
    "measure": ("mesure", "measure"),
    "residence": ("résidence", "residence"),
}
