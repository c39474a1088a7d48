"""Parameters of dwellings: residences, private rooms, aids, being away from home, employees' moves.

Lives here: values with unit, range and source. Not here: beds and rents that a scenario's `residences:` gives.
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_FJT = (
    "about 45,000 beds of homes for young workers in France, 0.7 for 1,000 inhabitants (UNHAJ, from memory)"
)
_MOBILI = "Action Logement, aide Mobili-Jeune: 10 to 100 EUR a month, under 30 (FACTS)"
_APL = "CAF, aide personnalisée au logement of an apprentice who lodges: order of size (from memory)"

PARAMETERS = (
    _P("housing.beds_per_1000", 0.6, "beds for 1,000 inhabitants", 0, 20, _FJT, "beds of existing residences on stylised territories"),
    _P("housing.bed_eur_month", 380.0, "EUR a month", 0, 2000, "rent of homes for young workers: order of size (from memory)", "rent of a bed in existing residences, charges included"),
    _P("housing.room_eur_month", 430.0, "EUR a month", 0, 3000, "small furnished flats in the towns of the region: order of size (from memory)", "rent of a private room, charges included"),
    _P("housing.room_chance", 0.5, "share", 0, 1, FROM_MEMORY, "of apprentices who would find a private room: a landlord wants a guarantor and a year's lease"),
    _P("housing.shared_rent", 0.55, "share", 0, 1, FROM_MEMORY, "of the rent paid for one half of a shared double let"),
    _P("housing.apl_eur_month", 80.0, "EUR a month", 0, 500, _APL, "housing benefit of an apprentice who pays rent"),
    _P("housing.mobili_least_eur", 10.0, "EUR a month", 0, 200, _MOBILI, "least of Mobili-Jeune"),
    _P("housing.mobili_most_eur", 100.0, "EUR a month", 0, 500, _MOBILI, "most of Mobili-Jeune"),
    _P("housing.mobili_take_up", 0.6, "share", 0, 1, FROM_MEMORY, "of apprentices under 30 who pay rent and claim Mobili-Jeune"),
    _P("housing.away_eur_month", 120.0, "EUR a month", 0, 1000, FROM_MEMORY, "what being away from home in all weeks weighs beyond its cost"),
    _P("housing.away_minor_eur", 150.0, "EUR a month", 0, 1000, FROM_MEMORY, "as much again for somebody under 18, but with a host family"),
    _P("housing.noise_eur", 60.0, "EUR a month", 1, 500, FROM_MEMORY, "scale of a dwelling's constant error for a person"),
    _P("housing.look_eur", 200.0, "EUR a month", 0, 2000, FROM_MEMORY, "whose way from home weighs less does not look for another dwelling"),
    _P("housing.reach_km", 15.0, "km", 1, 100, FROM_MEMORY, "beds farther from firm and centre as the crow flies are not thought of"),
    _P("housing.again_weeks", 52.0, "weeks", 4, 260, FROM_MEMORY, "weeks after which a lodger or an apprentice chooses her dwelling anew"),
    _P("housing.wait_weeks", 26.0, "weeks", 0, 260, FROM_MEMORY, "weeks after which somebody leaves a residence's waiting list"),
    _P("housing.chance_start", 0.5, "share", 0, 1, FROM_MEMORY, "chance of a bed that seekers expect of a residence of which nothing is known yet"),
    _P("housing.chance_smoothing", 0.2, "share", 0.01, 1, FROM_MEMORY, "how far it moves towards the share served in a week with requests"),
    _P("housing.hire_weeks", 26.0, "weeks", 1, 104, FROM_MEMORY, "longest stay of somebody newly hired, who looks for a home meanwhile"),
    _P("housing.hire_age", 30.0, "years", 16, 65, "homes for young workers take them to 30 (Code de la construction, R633-1, from memory)", "residences take the newly hired below this age"),
    _P("housing.interns_per_bed", 1.0, "requests a year", 0, 20, FROM_MEMORY, "requests of interns from outside the model for each bed of residences that take them"),
    _P("housing.intern_weeks", 8.0, "weeks", 1, 26, "usual length of an internship (from memory)", "stay of an intern"),
    _P("housing.move_year", 0.12, "share a year", 0, 1, "about one household in ten moves within a year (INSEE, from memory)", "chance that the household of one worker weighs a move to homes offered near work"),
    _P("housing.move_eur_month", 150.0, "EUR a month", 0, 2000, FROM_MEMORY, "what a move must save on the way to work to be asked for: ties and the move itself"),
)  # fmt: skip
