"""Parameters of training: the region's ordinary plan, applications, drop-out, immersion, image of sectors.

Lives here: values with unit, range and source. Not here: courses and levers that a scenario's `training:` gives.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_ACTIONS = "declaration of Béthune, 18 December 2023: 174 actions in 21 domains in the arrondissement, over 182,001 persons of 15-64 (FACTS)"
_DARES = "Dares, entries of job-seekers into training: about a seventh pass no certificate or leave early (from memory)"
_LOCK = "Card, Kluve and Weber (2018): search falls while one is in a programme; the size is from memory"
_CSP = "contrat de sécurisation professionnelle: reinforced counselling for a year; its effect is from memory"
_PMSMP = "mises en situation en milieu professionnel: some 300,000 to 400,000 a year in France (from memory)"
_POEI = "POEI: employer and France Travail or the OPCO share the cost (from memory)"

PARAMETERS = (
    _P("training.actions", 0.956, "actions a year per 1,000 persons of 15-64", 0, 20, _ACTIONS, "courses of the region's ordinary plan"),
    _P("training.seats", 14.0, "seats", 1, 100, FROM_MEMORY, "seats of one of these"),
    _P("training.town", 40_000.0, "persons of 15-64", 1_000, 1e6, FROM_MEMORY, "persons for each town in which the plan holds courses"),
    _P("training.seat_eur", 4_500.0, "EUR", 0, 50_000, FROM_MEMORY, "price of one of its seats, bought filled or empty"),
    _P("training.pay_eur_week", 120.0, "EUR a week", 0, 600, FROM_MEMORY, "what the region pays a trainee beyond her benefits, mean"),
    _P("training.weeks", 18.0, "weeks", 1, 104, FROM_MEMORY, "weeks of one that ends at the level of CAP or BEP"),
    _P("training.weeks_more", 9.0, "weeks", 0, 52, FROM_MEMORY, "weeks more for each level above"),
    _P("training.share_1", 0.25, "share", 0, 1, FROM_MEMORY, "of its courses, that end at the level of the bac"),
    _P("training.share_2", 0.15, "share", 0, 1, FROM_MEMORY, "of its courses, that end two years above"),
    _P("training.apply", 0.008, "share a week", 0, 1, FROM_MEMORY, "unemployed outside courses who look at the plan in a week"),
    _P("training.looks", 3.0, "courses", 1, 20, FROM_MEMORY, "courses that she then looks at"),
    _P("training.reach_km", 15.0, "km", 1, 500, FROM_MEMORY, "straight kilometres after which a course is proposed e times less"),
    _P("training.ahead_weeks", 12.0, "weeks", 1, 52, FROM_MEMORY, "weeks before its start in which a session recruits"),
    _P("training.wait_weeks", 26.0, "weeks", 1, 260, FROM_MEMORY, "longest wait for a seat"),
    _P("training.worth_eur", 350.0, "EUR a month", 0, 5_000, FROM_MEMORY, "what a course seems worth, where its domain has as many vacancies a seeker as all"),
    _P("training.far_eur", 150.0, "EUR a month", 0, 2_000, FROM_MEMORY, "less for a domain that has nothing in common with hers"),
    _P("training.noise_eur", 150.0, "EUR a month", 1, 1_000, FROM_MEMORY, "taste of a person for a course"),
    _P("training.search", 0.3, "ratio", 0, 1, _LOCK, "search in a course over search outside"),
    _P("training.last_weeks", 4.0, "weeks", 0, 52, FROM_MEMORY, "weeks before its end in which she searches as if outside"),
    _P("training.dropout", 0.004, "share a week", 0, 0.5, _DARES, "who leave a course without a way that weighs on them"),
    _P("training.way_scale_eur", 600.0, "EUR a month", 20, 5_000, FROM_MEMORY, "cost of the way that makes drop-out e times as likely"),
    _P("training.success", 0.80, "share", 0, 1, _DARES, "of those who stay to the end, who have the domain and level then"),
    _P("training.within_weeks", 26.0, "weeks", 1, 104, "Dares counts jobs six months after training", "weeks within which a hire counts for a course"),
    _P("training.fresh", 2.5, "ratio", 1, 5, "Dares: about half of those trained hold a job six months later (from memory)", "search of who has passed a course within training.within_weeks over that of others whose spell is as long"),
    _P("training.counselled", 1.3, "ratio", 1, 5, _CSP, "search of who has reinforced counselling over search without"),
    _P("training.known_fit", 0.3, "fit", 0, 2, FROM_MEMORY, "fit added where a firm knows her from an immersion or its academy"),
    _P("training.hire_weeks", 12.0, "weeks", 1, 104, "POEI: up to 400 hours, some 11 weeks (from memory)", "weeks of training for a hire whose domain has nothing in common with the post's"),
    _P("training.hire_eur_week", 300.0, "EUR a week", 0, 2_000, _POEI, "what such a week costs"),
    _P("training.hire_public", 0.5, "share", 0, 1, _POEI, "of which the state's employment service pays"),
    _P("immersion.apply", 0.0013, "share a week", 0, 1, _PMSMP, "unemployed who look for an immersion in a week"),
    _P("immersion.looks", 6.0, "vacancies", 1, 50, FROM_MEMORY, "firms with a vacancy that they are told of"),
    _P("immersion.worth_eur", 400.0, "EUR a month", 0, 5_000, FROM_MEMORY, "what an immersion seems worth: the way there must cost less"),
    _P("immersion.recall_weeks", 8.0, "weeks", 1, 52, FROM_MEMORY, "weeks for which firm and person remember each other"),
    _P("image.agriculture", -40.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.industry", -60.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.construction", -60.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.trade", 0.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.transport_logistics", -30.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.hotel_catering", -60.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.business_services", 0.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.public_education", 40.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.health_social", -20.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.other_services", 0.0, "EUR a month", -1_000, 1_000, FROM_MEMORY, "mean image of the sector, in wage"),
    _P("image.wrong", 0.6, "share", 0, 1, FROM_MEMORY, "of a bad image, which somebody who knows the work no longer holds"),
    _P("outreach.neet", 0.25, "share", 0, 1, "INSEE: 12 to 13 % of those of 15-29 are NEET, about half of them inactive (from memory)", "of the inactive of 16-25, who are not at school"),
    _P("outreach.accept", 0.5, "share", 0, 1, FROM_MEMORY, "of young people met, who follow"),
)  # fmt: skip
