"""Parameters of the channels of search, each with unit, range and source.

Lives here: channels.*: who uses what, what each shows and how far. Not here: intensity, utility (search).
"""

from __future__ import annotations

from embauche.core.parameters.registry import FROM_MEMORY, Parameter

_P = Parameter

PARAMETERS = (
    _P("channels.own_looks", 6.0, "looks", 0, 64, FROM_MEMORY, "looks a week by oneself at vacancies of one's own trade"),
    _P("channels.any_looks", 3.0, "looks", 0, 64, FROM_MEMORY, "looks a week by oneself at vacancies of any trade"),
    _P("channels.france_travail_looks", 4.0, "looks", 0, 64, FROM_MEMORY, "vacancies of one's trade shown by France Travail in a week"),
    _P("channels.france_travail_users", 0.8, "share", 0, 1, FROM_MEMORY, "unemployed who are registered"),
    _P("channels.france_travail_users_employed", 0.15, "share", 0, 1, FROM_MEMORY, "people in work who use France Travail when they search"),
    _P("channels.france_travail_tpe", 0.35, "share", 0, 1, FROM_MEMORY, "vacancies of firms of 1-9 that France Travail has"),
    _P("channels.france_travail_pme", 0.5, "share", 0, 1, FROM_MEMORY, "vacancies of firms of 10-49 that France Travail has"),
    _P("channels.france_travail_eti", 0.65, "share", 0, 1, FROM_MEMORY, "vacancies of firms of 50-249 that France Travail has"),
    _P("channels.france_travail_large", 0.6, "share", 0, 1, FROM_MEMORY, "vacancies of firms of 250 and more that France Travail has"),
    _P("channels.france_travail_decay_min", 15.0, "min", 2, 240, FROM_MEMORY, "car minutes after which France Travail tells e times less: its offers are listed further around"),
    _P("channels.hidden_tpe", 0.35, "share", 0, 1, FROM_MEMORY, "vacancies of firms of 1-9 that are not advertised"),
    _P("channels.hidden_pme", 0.25, "share", 0, 1, FROM_MEMORY, "vacancies of firms of 10-49 that are not advertised"),
    _P("channels.hidden_eti", 0.15, "share", 0, 1, FROM_MEMORY, "vacancies of firms of 50-249 that are not advertised"),
    _P("channels.hidden_large", 0.05, "share", 0, 1, FROM_MEMORY, "vacancies of firms of 250 and more that are not advertised"),
    _P("channels.platform_people", 260000.0, "inhabitants", 1, 100000000, "23 Proch'emploi platforms for 5,992,194 inhabitants of Hauts-de-France (FACTS)", "inhabitants for each local platform at the start"),
    _P("channels.platform_reach_km", 15.0, "km", 1, 100, FROM_MEMORY, "how far a local platform works around its town, as the crow flies"),
    _P("channels.platform_looks", 2.0, "looks", 0, 64, FROM_MEMORY, "vacancies of any trade that a local platform shows in a week"),
    _P("channels.platform_users", 0.15, "share", 0, 1, FROM_MEMORY, "unemployed near a local platform who are followed by it"),
    _P("channels.platform_share", 0.3, "share", 0, 1, FROM_MEMORY, "vacancies near a local platform that it knows, hidden ones too"),
    _P("channels.agency_looks", 2.0, "looks", 0, 64, FROM_MEMORY, "missions of one's trade that agencies propose in a week"),
    _P("channels.agency_users", 0.35, "share", 0, 1, FROM_MEMORY, "unemployed who are on the books of an agency"),
    _P("channels.agency_cdd", 0.25, "share", 0, 1, FROM_MEMORY, "fixed-term posts recruited through an agency; agency posts all are"),
    _P("channels.agency_decay_min", 15.0, "min", 2, 240, FROM_MEMORY, "car minutes after which agencies propose e times less"),
    _P("channels.school_looks", 3.0, "looks", 0, 64, FROM_MEMORY, "vacancies of one's trade that schools and platforms for the young show in a week"),
    _P("channels.school_users", 0.6, "share", 0, 1, FROM_MEMORY, "apprentices and unemployed under 26 who use them"),
    _P("channels.school_apprenticeships", 0.6, "share", 0, 1, FROM_MEMORY, "apprenticeships that they know"),
    _P("channels.school_posts", 0.15, "share", 0, 1, FROM_MEMORY, "other posts that they know"),
    _P("channels.school_decay_min", 20.0, "min", 2, 240, FROM_MEMORY, "car minutes after which they tell e times less"),
    _P("channels.colleagues_looks", 1.0, "looks", 0, 64, FROM_MEMORY, "vacancies a week of the firm where one works or worked last"),
    _P("channels.neighbours_looks", 1.0, "looks", 0, 64, FROM_MEMORY, "neighbours in one's commune met in a week who may tell of a vacancy where they work"),
    _P("channels.word_share", 0.6, "share", 0, 1, FROM_MEMORY, "vacancies that those who work in the firm know of, hidden ones too"),
)  # fmt: skip
