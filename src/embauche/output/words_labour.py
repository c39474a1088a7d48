"""Words of the report's sections on recruitment, training, apprentices, housing, sites and risk, in both languages.

Lives here: labels and units. Not here: sentences of the other sections (words), figures (labour).
"""

# ruff: noqa: E501 - a label and its translation read better on a line each

from __future__ import annotations

from embauche.core.messages import register

# unit of an indicator: French, English
UNITS = {
    "ha": ("ha", "ha"), "jobs a week": ("emplois/sem.", "jobs/week"), "EUR a week": ("€/sem.", "EUR/week"),
    "beds": ("lits", "beds"), "persons a week": ("personnes/sem.", "persons/week"),
    "homes": ("logements", "homes"), "households": ("ménages", "households"), "seats": ("places", "seats"),
    "posts per ha": ("postes/ha", "posts/ha"), "homes per ha": ("logements/ha", "homes/ha"),
    "per million": ("par million", "per million"), "injuries": ("blessés", "injuries"),
    "apprentices": ("apprentis", "apprentices"), "contracts": ("contrats", "contracts"),
    "applications": ("candidatures", "applications"), "jobs": ("emplois", "jobs"),
    "offers": ("offres", "offers"), "tours": ("allers-retours", "tours"),
}  # fmt: skip

register(
    {
        "labour.title": (
            "Recrutement, formation, apprentis, logement, sites",
            "Recruitment, training, apprentices, housing, sites",
        ),
        "labour.recruitment": ("Recrutement et fins d'emploi", "Recruitment and ends of jobs"),
        "labour.training": ("Formation", "Training"),
        "labour.apprentices": ("Apprentis", "Apprentices"),
        "labour.housing": ("Logement", "Housing"),
        "labour.sites": ("Sites et sols", "Sites and land"),
        "labour.risk": ("Risque d'accident sur le trajet", "Accident risk on the way"),
        "labour.by": ("{what} : {of}", "{what}: {of}"),
        "labour.site": ("Site", "Site"),
        "labour.reach_car": ("actifs à 45 min en voiture", "active residents within 45 min by car"),
        "labour.reach_no_car": ("sans voiture", "without a car"),
        "labour.seekers": ("dont chômeurs des domaines demandés", "of them unemployed of the domains asked"),
        "labour.displaced": (
            "{title} : {gross} postes pourvus sur les nouveaux postes (brut), {net} postes pourvus de plus dans tout le territoire (net) : {taken} ont été pris à d'autres postes.",
            "{title}: {gross} new posts filled (gross), {net} more posts filled in the whole territory (net): {taken} were taken from other posts.",
        ),
        "labour.within": (
            "Accessible : on y arrive et on en revient aux horaires du site ; moyenne sur ses postes.",
            "Within reach: one arrives, and comes back, at the site's hours; mean over its posts.",
        ),
        "map.residents_employed_end": ("résidents en emploi", "residents in work"),
        "map.posts_filled_end": ("postes pourvus", "posts filled"),
        "map.site_reach_no_car_45": (
            "accès au site sans voiture, 45 min",
            "site within 45 min without a car",
        ),
        "kind.open": ("ouverture", "opened"),
        "kind.move": ("déménagement", "moved"),
        "kind.enlarge": ("agrandissement", "enlarged"),
        "kind.close": ("fermeture", "closed"),
        "land.greenfield": ("terres non bâties", "greenfield"),
        "land.brownfield": ("friches", "brownfield"),
        "land.built": ("sols déjà bâtis", "built-up land"),
        "report.season_of_hires": (
            "Pics de septembre : les contrats d'apprentissage y commencent presque tous la même semaine, et chacun compte pour une embauche.",
            "Peaks in September: almost all apprenticeships begin in the same week then, and each counts as a hire.",
        ),
        "cause.retired": ("retraite", "retired"),
        "cause.withdrew": ("retrait de l'activité", "left activity"),
        "cause.destroyed": ("poste supprimé", "post gone"),
        "cause.closed": ("établissement fermé", "firm closed"),
        "cause.contract_end": ("fin de contrat", "contract ended"),
        "cause.trial_employer": ("essai rompu par l'employeur", "trial ended by the employer"),
        "cause.trial_worker": ("essai rompu par le salarié", "trial ended by the worker"),
        "cause.missed_shifts": ("prises de poste manquées", "missed shifts"),
        "cause.quit": ("démission", "quit"),
        "cause.quit_transport": ("démission à cause du trajet", "quit because of the way"),
        "cause.better_offer": ("meilleure offre", "better offer"),
        "cause.apprentice_break": ("contrat d'apprentissage rompu", "apprentice contract broken"),
        "cause.apprentice_end": ("apprentissage achevé", "apprenticeship completed"),
        "measure.course: region": ("formations de la région", "the region's courses"),
        "channel.neighbours": ("voisins", "neighbours"),
        "channel.colleagues": ("collègues", "colleagues"),
        "channel.platform": ("plateformes locales (Proch'emploi)", "local platforms (Proch'emploi)"),
        "channel.school": ("écoles et plateformes des jeunes", "schools and platforms for the young"),
        "channel.agency": ("agences d'intérim", "temp agencies"),
        "channel.france_travail": ("France Travail", "France Travail"),
        "channel.own": ("annonces et candidatures directes", "advertisements and direct applications"),
        "channel.training": ("formation et immersion", "training and immersion"),
        "channel.shared_hr": ("RH partagées", "shared HR"),
        "domain.agriculture": ("agriculture", "agriculture"),
        "domain.food_industry": ("agroalimentaire", "food industry"),
        "domain.metal_mechanics": ("métallurgie et mécanique", "metal and mechanics"),
        "domain.chemistry_process": ("chimie et process", "chemistry and process"),
        "domain.wood_paper": ("bois et papier", "wood and paper"),
        "domain.electricity_electronics": ("électricité et électronique", "electricity and electronics"),
        "domain.maintenance": ("maintenance", "maintenance"),
        "domain.construction": ("bâtiment et travaux publics", "construction"),
        "domain.transport_driving": ("conduite et transport", "transport and driving"),
        "domain.logistics": ("logistique", "logistics"),
        "domain.trade_sales": ("commerce et vente", "trade and sales"),
        "domain.hotel_catering": ("hôtellerie-restauration", "hotels and catering"),
        "domain.personal_services": ("services à la personne", "personal services"),
        "domain.cleaning_security": ("propreté et sécurité", "cleaning and security"),
        "domain.health_care": ("santé", "health care"),
        "domain.social_education": ("social et éducation", "social work and education"),
        "domain.administration": ("administration", "administration"),
        "domain.management_law": ("gestion et droit", "management and law"),
        "domain.it_telecom": ("informatique et télécoms", "IT and telecoms"),
        "domain.arts_communication": ("arts et communication", "arts and communication"),
        "domain.teaching_research": ("enseignement et recherche", "teaching and research"),
    }
)
