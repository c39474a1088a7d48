"""Parameters of the start population: margins of persons, households, firms and posts.

Lives here: single figures with unit, range and source. Not here: matrices (population.margins).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_CENSUS = "INSEE census 2019, arrondissement of Bethune: 20,224 of 128,229 active (FACTS)"
_DARES = "Dares 2021, employees at least once in four weeks (FACTS)"
_CARS = "FACTS: 40 % of poor households, 18 % of all, under 10 % in commuter belts"
_TERNOIS = "CC du Ternois 2021, 12,263 employees (FACTS)"
_VACANT = "Dares Q3 2024, private sector (FACTS)"

PARAMETERS = (
    _P("population.share_15_64", 0.62, "share", 0.4, 0.8, FROM_MEMORY, "inhabitants aged 15-64"),
    _P("population.people_a_place", 60.0, "inhabitants", 1, 1000, FROM_MEMORY, "inhabitants for each road node with homes"),
    _P("posts.people_a_site", 400.0, "inhabitants", 1, 10000, FROM_MEMORY, "inhabitants of a commune for each road node with firms"),
    _P("population.share_under_15", 0.185, "share", 0.05, 0.4, FROM_MEMORY, "inhabitants under 15"),
    _P("population.unemployment_rate", 0.1577, "share of active", 0.02, 0.4, _CENSUS, "census unemployment; a territory's profile scales it"),
    _P("population.outside_seekers", 0.08, "share of in-commuters", 0, 0.5, FROM_MEMORY, "job-seekers of external zones who look here"),
    _P("population.couples", 0.64, "share", 0, 1, FROM_MEMORY, "women of 20-64 who live with a man of the same ages"),
    _P("population.licence_18_24", 0.63, "share", 0, 1, "60-66 % of those aged 18-24 (FACTS)", "licence holders aged 18-24"),
    _P("population.licence_25_64", 0.92, "share", 0.3, 1, FROM_MEMORY, "licence holders aged 25-64"),
    _P("population.no_car", 0.18, "share of households", 0, 1, _CARS, "households without a car, in towns"),
    _P("population.no_car_poor", 0.40, "share of households", 0, 1, _CARS, "poorest fifth without a car, in towns"),
    _P("population.no_car_belt", 0.09, "share of households", 0, 1, _CARS, "households without a car, elsewhere"),
    _P("population.town", 10_000.0, "inhabitants", 1000, 100_000, FROM_MEMORY, "size from which a commune counts as a town for cars"),
    _P("population.two_cars", 0.40, "share of households", 0, 1, FROM_MEMORY, "households with someone of 15-64 that have two cars or more"),
    _P("population.bike", 0.55, "share", 0, 1, FROM_MEMORY, "persons with a bike at hand"),
    _P("population.spell_unemployed_weeks", 52.0, "weeks", 4, 260, FROM_MEMORY, "mean time already unemployed"),
    _P("population.spell_other_weeks", 260.0, "weeks", 4, 1000, FROM_MEMORY, "mean time already employed or inactive"),
    _P("population.net_min_wage_eur", 1400.0, "EUR a month", 1000, 2500, "net minimum wage about 1,400 EUR (FACTS, from memory)", "net minimum wage"),
    _P("population.wage_spread", 0.18, "log points", 0, 1, FROM_MEMORY, "spread of wages for given skill, age and sex"),
    _P("population.apprentices", 0.037, "share of salaried jobs", 0, 0.2, "INSEE Analyses HdF 200 (FACTS)", "apprentices in employment"),
    _P("population.apprentice_seekers", 0.10, "share", 0, 1, FROM_MEMORY, "unemployed aged 16-24 who seek an apprenticeship"),
    _P("population.centre_seats", 1.35, "seats", 0, 10, FROM_MEMORY, "seats at training centres for each apprenticeship post of the domain"),
    _P("posts.vacancy_rate", 0.025, "share of posts", 0, 0.3, _VACANT, "posts vacant at the start"),
    _P("posts.vacancy_rate_tpe", 0.063, "share of posts", 0, 0.5, _VACANT, "posts vacant at the start, firms of 1-9"),
    _P("posts.tpe", 0.21, "share of posts", 0, 1, FROM_MEMORY, "posts in firms of 1-9"),
    _P("posts.pme", 0.27, "share of posts", 0, 1, FROM_MEMORY, "posts in firms of 10-49"),
    _P("posts.eti", 0.29, "share of posts", 0, 1, FROM_MEMORY, "posts in firms of 50-249; the rest is in larger ones"),
    _P("posts.cdd", 0.098, "share of posts", 0, 0.5, _TERNOIS, "fixed-term posts"),
    _P("posts.agency", 0.028, "share of posts", 0, 0.3, _TERNOIS, "agency posts"),
    _P("posts.industry_ratio", 1.0, "ratio", 0.1, 3, "the territory's profile", "scales the share of industry"),
    _P("posts.industry_small_towns", 0.70, "share", 0, 1, "declaration of Bethune, 2023 (FACTS)", "industrial posts in towns under 20,000"),
    _P("posts.elasticity", 1.12, "exponent", 0.5, 2, FROM_MEMORY, "growth of a commune's posts with its inhabitants"),
    _P("posts.spread", 0.25, "log points", 0, 2, FROM_MEMORY, "spread of posts between communes of one size"),
    _P("posts.shift_work_industry", 0.25, "share", 0, 0.8, "20-30 % (FACTS, from memory)", "industrial blue-collar posts in 2x8 or 3x8"),
    _P("posts.saturday", 0.36, "share of posts", 0, 1, _DARES, "Saturday work"),
    _P("posts.evening", 0.25, "share of posts", 0, 1, _DARES, "work between 20 h and midnight"),
    _P("posts.sunday", 0.20, "share of posts", 0, 1, _DARES, "Sunday work"),
    _P("posts.night", 0.10, "share of posts", 0, 1, _DARES, "work between midnight and 5 h"),
    _P("posts.atypical_ratio", 0.85, "ratio", 0, 1.2, FROM_MEMORY, "regular part of atypical hours: rosters repeat, so work once a month has no roster here"),
    _P("posts.screening_tpe", 4.0, "applications a week", 1, 100, FROM_MEMORY, "applications that a firm of four screens"),
    _P("posts.screening_pme", 8.0, "applications a week", 1, 200, FROM_MEMORY, "applications that a firm of twenty screens"),
    _P("posts.screening_eti", 20.0, "applications a week", 1, 500, FROM_MEMORY, "applications that a firm of a hundred screens"),
    _P("posts.screening_large", 60.0, "applications a week", 1, 2000, FROM_MEMORY, "applications that a firm of four hundred screens"),
)  # fmt: skip
