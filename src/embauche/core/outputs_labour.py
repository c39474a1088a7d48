"""Column schemas of weekly tables on recruitment, training, apprentices and housing.

Lives here: schemas that model_labour fills. Not here: those of the week everybody has (core.outputs).
"""

from __future__ import annotations

from embauche.core.table import Column, Schema

COURSES = Schema(
    "courses",  # one row a measure of training and domain in which anything happened
    (
        Column("week", "int16", "week", "week of the run"),
        Column("kind", "str", "key", "course, academy, on hire, immersion, guidance, redeployment, outreach"),
        Column("name", "str", "name", "the scenario's name, region for the ordinary plan"),
        Column("domain", "int8", "row of SKILLS", "domain taught, -1 for none"),
        Column("seats", "int32", "seats", "of sessions that started this week", default=0),
        Column("applied", "int32", "persons", "joined a waiting list; of outreach: were met", default=0),
        Column("declined_way", "int32", "persons", "would have joined but for the way there", default=0),
        Column("started", "int32", "persons", "took a seat, began, or were reached", default=0),
        Column("refused", "int32", "persons", "waited, and no seat came in time", default=0),
        Column("waiting", "int32", "persons", "wait for a seat after this week's starts", default=0),
        Column("present", "int32", "persons", "are in a course, or are followed", default=0),
        Column("left", "int32", "persons", "left for a job or for inactivity", default=0),
        Column("dropped", "int32", "persons", "gave up before the end", default=0),
        Column("dropped_way", "int32", "persons", "of whom for the way there", default=0),
        Column("completed", "int32", "persons", "stayed to the end", default=0),
        Column("passed", "int32", "persons", "have the domain and level then", default=0),
        Column("hired", "int32", "persons", "who have passed, and found a post in time", default=0),
    ),
)

APPRENTICES = Schema(
    "apprentices",  # one row an event
    (
        Column("week", "int16", "week", "week of the run"),
        Column("worker_id", "int64", "id", "young person"),
        Column(
            "event",
            "str",
            "key",
            "joined, signed, no_seat, started, broken_first, broken_later, completed, kept, gave_up",
        ),
        Column("post_id", "int64", "id", "post, -1 for none"),
    ),
)

SEATS = Schema(
    "seats",  # one row a training centre and domain
    (
        Column("week", "int16", "week", "week of the run"),
        Column("centre_id", "int64", "id", "training centre"),
        Column("domain", "int8", "row of SKILLS", "domain taught"),
        Column("seats", "int32", "seats", "apprentices that it can teach at a time"),
        Column("taken", "int32", "persons", "who have a seat, also of contracts that begin later"),
        Column("present", "int32", "persons", "of these, those whose contract runs"),
    ),
)

ENDS = Schema(
    "ends",  # one row a job that ended, also those left for another post
    (
        Column("week", "int16", "week", "week of the run"),
        Column("worker_id", "int64", "id", "person"),
        Column("post_id", "int64", "id", "post left"),
        Column("cause", "int8", "Cause", "why, a code of core.causes"),
        Column("weeks", "int32", "weeks", "weeks for which she had held it"),
    ),
)

BEDS = Schema(
    "beds",  # one row a residence and week, and one for each offer of homes for employees
    (
        Column("week", "int16", "week", "week of the run"),
        Column("residence_id", "int64", "id", "residence, host families or homes"),
        Column("name", "str", "name", "its name"),
        Column("kind", "str", "key", "residence, hosts, homes (of employees)"),
        Column("commune", "str", "INSEE code", "where it is"),
        Column("beds", "int32", "beds", "beds, or homes"),
        Column("open", "bool", "", "open this week"),
        Column("let", "int32", "persons", "lets to persons of the model (homes: to households)"),
        Column("used", "int32", "beds", "beds slept in this week, interns' too"),
        Column("interns", "int32", "beds", "beds of interns from outside the model"),
        Column("asked", "int32", "persons", "who asked for a bed this week, waiting or not"),
        Column("served", "int32", "persons", "of these, who got one"),
        Column("full", "int32", "persons", "refused because none was free"),
        Column("too_near", "int32", "persons", "would have asked, but the distance rule leaves them out"),
        Column("waiting", "int32", "persons", "on its waiting list afterwards"),
    ),
)

DECLINED = Schema(
    "declined",  # one row a person and week: the best post not applied to for the way alone; and such offers
    (
        Column("week", "int16", "week", "week of the run"),
        Column("worker_id", "int64", "id", "person"),
        Column("post_id", "int64", "id", "post"),
        Column("offered", "bool", "", "an offer refused; else she did not apply", default=False),
        Column("km", "float32", "km", "by car from home to the workplace, one way"),
    ),
)

LOOKS = Schema(
    "looks",  # looks by oneself at any trade, a sample of all that is advertised, by distance
    (
        Column("week", "int16", "week", "week of the run"),
        Column("from_km", "int16", "km", "by car from home to the workplace, one way, from so many"),
        Column("looks", "int32", "looks", "looks of residents at a vacancy"),
        Column("told", "int32", "looks", "of which told of it"),
        Column("applied", "int32", "looks", "of which she applied"),
    ),
)

HR = Schema(
    "hr",  # one row a size class: what the HR services of its firms had to do, external firms left out
    (
        Column("week", "int16", "week", "week of the run"),
        Column("size_class", "int8", "SizeClass", "size class of the firm"),
        Column("vacancies", "int32", "vacancies", "open in the week's search"),
        Column("handled", "int32", "vacancies", "of which HR handled: searchers could see them"),
        Column("waiting", "int32", "applications", "with firms after the week"),
        Column("unread", "int32", "applications", "of which HR has not read yet"),
        Column("refused", "int32", "offers", "made this week and refused for a better one"),
        Column("hired", "int32", "persons", "hired this week"),
        Column("waited", "int32", "weeks", "that these waited since they applied, in all"),
        Column("trained", "int32", "persons", "of whom hired below requirement, to be trained"),
    ),
)

SHARED_HR = Schema(
    "shared_hr",  # one row a person and event of employers' groups and networks
    (
        Column("week", "int16", "week", "week of the run"),
        Column("name", "str", "name", "the scenario's name of the group or network"),
        Column(
            "event", "str", "key",
            "GEIQ: hired, lent (to the next member), passed_on, ended, left (early), signed (an apprentice); "
            "network: passed (on)",
        ),
        Column("worker_id", "int64", "id", "person"),
        Column("post_id", "int64", "id", "post held, taken, or heard of"),
    ),
)  # fmt: skip

LABOUR: tuple[Schema, ...] = (
    APPRENTICES,
    SEATS,
    DECLINED,
    LOOKS,
    BEDS,
    ENDS,
    COURSES,
    HR,
    SHARED_HR,
)
