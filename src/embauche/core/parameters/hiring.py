"""Parameters of hiring: HR capacity, decisions, what firms change when a post stays empty.

Lives here: hire.* and retry.*. Not here: applications that HR can screen (population), search (labour).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter
_FIT = "fitted to FACTS: 3.8 % of job-seekers a month find work, vacancies 2.5 %, unemployment"
_SIZE = "fitted to FACTS: vacancies 2.5 %, 6.3 % in firms of 1-9 (Dares); small firms have no HR service"

PARAMETERS = (
    _P("hire.skill_gap", 0.5, "fit", 0, 2, FROM_MEMORY, "fit lost where the trade has nothing in common (less where it is near)"),
    _P("hire.level_gap", 0.1, "fit a level", 0, 1, FROM_MEMORY, "fit lost for each level of qualification lacking"),
    _P("hire.spell_penalty", 0.35, "fit", 0, 2, FROM_MEMORY, "fit lost after two years without work"),
    _P("hire.noise", 0.35, "fit", 0, 2, FROM_MEMORY, "error of a firm's view of an applicant"),
    _P("hire.threshold", 1.36, "fit", 0, 3, _FIT, "fit that a new vacancy asks"),
    _P("hire.threshold_fall_per_week", 0.005, "fit a week", 0, 0.2, FROM_MEMORY, "how fast a firm asks less"),
    _P("hire.rounds", 3.0, "rounds", 1, 10, FROM_MEMORY, "offers a vacancy can make in a week"),
    _P("hire.keep_weeks", 6.0, "weeks", 1, 26, FROM_MEMORY, "weeks for which a firm keeps an application besides those that it takes to decide"),
    _P("hire.handled_share", 0.4, "vacancies", 0.05, 10, _SIZE, "vacancies that HR handles at once, for each application that it can screen in a week; at least one"),
    _P("hire.opening_screening", 1.0, "applications a week and post", 0, 10, FROM_MEMORY, "applications that a firm can screen besides, for each post that a scenario adds to it: an opening has its own recruiters"),
    _P("hire.decide_weeks_tpe", 13.0, "weeks", 0, 26, _SIZE, "weeks from screening to decision, firms of 1-9"),
    _P("hire.decide_weeks_pme", 2.0, "weeks", 0, 26, _SIZE, "the same, 10-49"),
    _P("hire.decide_weeks_eti", 1.0, "weeks", 0, 26, _SIZE, "the same, 50-249"),
    _P("hire.decide_weeks_large", 1.0, "weeks", 0, 26, _SIZE, "the same, 250 and more"),
    _P("hire.decide_weeks_agency", 0.3, "weeks", 0, 26, FROM_MEMORY, "weeks from screening to decision, posts that an agency fills: some days; never longer than the firm itself"),
    _P("retry.every_weeks", 4.0, "weeks", 1, 104, FROM_MEMORY, "weeks after which a firm changes something about a post that stays empty"),
    _P("retry.advertise_weeks", 4.0, "weeks", 0, 104, FROM_MEMORY, "weeks after which a firm advertises a vacancy that it told to its own people only"),
    _P("retry.first_wage", 0.35, "weight", 0, 1, FROM_MEMORY, "firms that change the wage first"),
    _P("retry.first_requirement", 0.40, "weight", 0, 1, FROM_MEMORY, "firms that ask less first"),
    _P("retry.first_shift", 0.10, "weight", 0, 1, FROM_MEMORY, "firms that change the hours first"),
    _P("retry.first_train", 0.15, "weight", 0, 1, FROM_MEMORY, "firms that hire below requirement and train first"),
    _P("retry.raise_share", 0.02, "share", 0, 0.2, FROM_MEMORY, "rise of the wage offered each time: a step of the grid's premiums"),
    _P("retry.raise_max", 0.10, "share", 0, 1, FROM_MEMORY, "highest rise in all"),
    _P("retry.requirement_step", 0.05, "fit", 0, 1, FROM_MEMORY, "how much less a firm asks each time"),
    _P("retry.train_fit", 0.40, "fit", 0, 2, FROM_MEMORY, "fit below requirement that a firm makes good by training"),
    _P("retry.withdraw", 0.03, "share", 0, 1, FROM_MEMORY, "vacancies withdrawn each time instead"),
)  # fmt: skip
