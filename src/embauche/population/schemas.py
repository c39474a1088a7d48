"""Column schemas of the population: persons, households, firms, posts.

Lives here: what synthesis fills, what a user's tables must follow, codes. Not here: any code.
"""

from __future__ import annotations

from enum import IntEnum

from embauche.core.table import Column, Schema


class Status(IntEnum):
    """Activity status of a person aged 15-64."""

    INACTIVE = 0
    UNEMPLOYED = 1
    EMPLOYED = 2


class Contract(IntEnum):
    """Kind of contract of a post."""

    CDI = 0
    CDD = 1
    AGENCY = 2
    APPRENTICESHIP = 3


class SizeClass(IntEnum):
    """Size class of a firm by its number of posts."""

    TPE = 0  # 1-9
    PME = 1  # 10-49
    ETI = 2  # 50-249
    LARGE = 3  # 250 and more


# 21 training domains, as the Béthune declaration counts them, grouped as families of the FAP.
SKILLS = (
    "agriculture", "food_industry", "metal_mechanics", "chemistry_process", "wood_paper",
    "electricity_electronics", "maintenance", "construction", "transport_driving", "logistics",
    "trade_sales", "hotel_catering", "personal_services", "cleaning_security", "health_care",
    "social_education", "administration", "management_law", "it_telecom", "arts_communication",
    "teaching_research",
)  # fmt: skip

# Levels of qualification, of what a person has and of what a post asks (nomenclature of 2019: 3, 4, 5, 6-8).
LEVELS = ("cap_bep", "bac", "bac_plus_2", "bac_plus_3")

# Sections of the NAF rev. 2 (NACE rev. 2).
NAF = tuple("ABCDEFGHIJKLMNOPQRSTU")

# NAF rev. 2 sections grouped in ten sectors.
SECTORS = (
    "agriculture", "industry", "construction", "trade", "transport_logistics",
    "hotel_catering", "business_services", "public_education", "health_social", "other_services",
)  # fmt: skip

HOUSEHOLDS = Schema(
    "households",
    (
        Column("household_id", "int64", "id", "stable id, unique"),
        Column("place", "int32", "row of places", "home; a user's table gives lon and lat instead"),
        Column("commune", "int32", "row of communes", "commune of the home"),
        Column("members", "int8", "persons", "household size", 1, 20),
        Column("cars", "int8", "cars", "cars at hand", 0, 9),
        Column("under_six", "int8", "persons", "children under six", 0, 9, False, 0),
        Column("quintile", "int8", "1-5", "income quintile", 1, 5, False, 3),
    ),
)

PERSONS = Schema(
    "persons",
    (
        Column("worker_id", "int64", "id", "stable id, unique; never a row number"),
        Column("household", "int32", "row of households", "household (a user's table: household_id)"),
        Column("commune", "int32", "row of communes", "commune of the home"),
        Column("place", "int32", "row of places", "home"),
        Column("sex", "int8", "0 man, 1 woman", "sex", 0, 1),
        Column("age_weeks", "int32", "weeks", "age (a user's table: age in years)", 0, 6240),
        Column("licence", "bool", "", "holds a car driving licence"),
        Column("bike", "bool", "", "has a bike at hand", None, None, False, True),
        Column("skill", "int8", "row of SKILLS", "skill domain", 0, 20),
        Column("level", "int8", "row of LEVELS", "level of qualification", 0, 3, False, 0),
        Column("quintile", "int8", "1-5", "income quintile of the household", 1, 5, False, 3),
        Column("status", "int8", "Status", "activity status at the start", 0, 2),
        Column("apprentice", "bool", "", "apprentice or seeks an apprenticeship", None, None, False, False),
        Column("wage_ref_cents", "int32", "EUR cents a month", "net wage usual for skill, age and sex"),
        Column("spell_weeks", "int32", "weeks", "time already spent in the status", 0, 2600, False, 0),
    ),
)

FIRMS = Schema(
    "firms",
    (
        Column("firm_id", "int64", "id", "stable id, unique"),
        Column("commune", "int32", "row of communes", "commune, or external zone"),
        Column("site", "int32", "row of sites", "where it sits (a user's table: lon and lat)"),
        Column("sector", "int8", "row of SECTORS", "sector", 0, 9),
        Column("naf", "int8", "row of NAF", "section of the NAF", 0, 20, False, 2),
        Column("size_class", "int8", "SizeClass", "size class by posts", 0, 3),
        Column("screening", "int16", "applications a week", "applications its HR can screen", 0, 10000),
        Column("external", "bool", "", "stands for the posts of an external zone", None, None, False, False),
    ),
)

POSTS = Schema(
    "posts",
    (
        Column("post_id", "int64", "id", "stable id: firm_id and slot"),
        Column("firm", "int32", "row of firms", "firm (a user's table: firm_id)"),
        Column("skill", "int8", "row of SKILLS", "skill domain asked", 0, 20),
        Column("level", "int8", "row of LEVELS", "level of qualification asked", 0, 3, False, 0),
        Column("shift", "int16", "row of the shift catalogue", "shift template"),
        Column("team", "int8", "number", "team in the rotation"),
        Column("contract", "int8", "Contract", "contract", 0, 3),
        Column("wage_cents", "int32", "EUR cents a month", "net monthly wage offered", 0, 10_000_000),
        Column(
            "active", "bool", "", "the post exists now; spare slots wait for growth", None, None, False, True
        ),
    ),
)

RESIDENCES = Schema(
    "residences",
    (
        Column("residence_id", "int64", "id", "stable id, unique"),
        Column("name", "str", "name", "shown in tables and accounts"),
        Column("commune", "int32", "row of communes", "where it stands"),
        Column(
            "place", "int32", "row of places", "where its lodgers start from (a user's table: lon and lat)"
        ),
        Column("hosts", "bool", "", "rooms in families, not a residence", None, None, False, False),
        Column("beds", "int32", "beds", "beds", 0, 100_000),
        Column("rent_cents", "int32", "EUR cents a month", "rent of a bed, charges included", 0, 1_000_000),
        Column("cost_cents", "int32", "EUR cents a month", "what a bed costs, let or not", 0, 1_000_000),
        Column("who", "int8", "bits", "admitted: 1 apprentices, 2 interns, 4 newly hired", 1, 7),
        Column("first", "int8", "bits", "of these served before the others", 0, 7, False, 0),
        Column(
            "farthest", "bool", "", "then the farthest home, not the longest wait", None, None, False, False
        ),
        Column("least_km", "float32", "km", "least way by car from home to firm or centre", 0, 500),
        Column("stay_weeks", "int16", "weeks", "longest stay", 1, 260),
        Column("open_from", "int8", "week of the year", "first week open, from 0", 0, 51),
        Column(
            "open_to", "int8", "week of the year", "last week open; before open_from: past New Year", 0, 51
        ),
        Column("shared", "bool", "", "double lets: opposite rhythms share a bed", None, None, False, False),
    ),
)

CENTRES = Schema(
    "centres",
    (
        Column("centre_id", "int64", "id", "training centre; one row for each domain that it teaches"),
        Column("commune", "int32", "row of communes", "commune, or external zone"),
        Column("site", "int32", "row of sites", "where it sits (a user's table: lon and lat)"),
        Column("skill", "int8", "row of SKILLS", "domain taught", 0, 20),
        Column("seats", "int32", "apprentices", "apprentices that it can teach at a time", 0, 100_000),
        Column("rhythm", "int8", "row of RHYTHMS", "weeks or days in the firm and at the centre", 0, 3),
    ),
)

ALL = (HOUSEHOLDS, PERSONS, FIRMS, POSTS, RESIDENCES, CENTRES)
