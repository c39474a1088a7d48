"""Column schemas of what a run writes, week by week, and of its long-format indicators.

Lives here: the schemas that model fills and analysis reads. Not here: reading and writing.
"""

from __future__ import annotations

from embauche.core.outputs_labour import LABOUR
from embauche.core.outputs_land import SITE_REACH, SITES
from embauche.core.table import Column, Schema

PEOPLE = Schema(
    "people",  # once a replication: who the workers are (ids met during the run)
    (
        Column("worker_id", "int64", "id", "person"),
        Column("commune", "str", "code", "commune of the home, or external zone"),
        Column("epci", "str", "SIREN", "EPCI of the home, empty outside"),
        Column("external", "bool", "", "lives in an external zone"),
        Column("sex", "int8", "0 man, 1 woman", "sex"),
        Column("age", "int16", "years", "age at the start of the run"),
        Column("licence", "bool", "", "driving licence"),
        Column("household_cars", "int8", "cars", "cars of the household"),
        Column("apprentice", "bool", "", "apprentice or seeks an apprenticeship"),
        Column("skill", "int8", "row of SKILLS", "skill domain"),
        Column("quintile", "int8", "1-5", "income quintile"),
    ),
)

POSTS = Schema(
    "posts",  # once a replication: the attributes of every post, by which analysis groups
    (
        Column("post_id", "int64", "id", "post"),
        Column("firm_id", "int64", "id", "firm"),
        Column("commune", "str", "code", "commune of the site, or external zone"),
        Column("epci", "str", "SIREN", "EPCI of the site, empty outside"),
        Column("external", "bool", "", "in an external zone"),
        Column("sector", "int8", "row of SECTORS", "sector of the firm"),
        Column("size_class", "int8", "SizeClass", "size class of the firm"),
        Column("skill", "int8", "row of SKILLS", "skill asked"),
        Column("level", "int8", "row of LEVELS", "level asked", default=0),
        Column("shift", "int16", "row of the shift catalogue", "shift"),
        Column("contract", "int8", "Contract", "contract"),
        Column("site", "str", "name", "of a post that the scenario adds: its site; empty else", default=""),
    ),
)

WORKERS = Schema(
    "workers",
    (
        Column("week", "int16", "week", "week of the run, from 0"),
        Column("worker_id", "int64", "id", "person"),
        Column("status", "int8", "Status", "activity status at the end of the week"),
        Column("post_id", "int64", "id", "post held, -1 if none"),
        Column("spell_weeks", "int32", "weeks", "weeks in the status"),
        Column("searched", "bool", "", "searched this week"),
        Column("applications", "int8", "applications", "applications sent this week"),
        Column("declined_transport", "bool", "", "a post seen was refused for the way there alone"),
    ),
)

FIRMS = Schema(
    "firms",
    (
        Column("week", "int16", "week", "week of the run"),
        Column("firm_id", "int64", "id", "firm"),
        Column("posts", "int32", "posts", "active posts"),
        Column("filled", "int32", "posts", "posts held at the end of the week"),
        Column(
            "production_lost_cents",
            "int64",
            "EUR cents",
            "production of its empty posts that is lost",
            default=0,
        ),
        Column("applications", "int32", "applications", "applications received this week"),
    ),
)

VACANCIES = Schema(
    "vacancies",  # posts open in the week's search, also those filled in it
    (
        Column("week", "int16", "week", "week of the run"),
        Column("post_id", "int64", "id", "post"),
        Column("firm_id", "int64", "id", "firm"),
        Column("opening", "int32", "ordinal", "opening ordinal of the post"),
        Column("weeks_open", "int16", "weeks", "weeks open before this one"),
        Column("commune", "str", "code", "commune of the site"),
        Column("external", "bool", "", "in an external zone"),
        Column("sector", "int8", "row of SECTORS", "sector of the firm"),
        Column("size_class", "int8", "SizeClass", "size class of the firm"),
        Column("skill", "int8", "row of SKILLS", "skill asked"),
        Column("shift", "int16", "row of the shift catalogue", "shift"),
        Column("wage_cents", "int32", "EUR cents a month", "wage offered"),
        Column("applications", "int16", "applications", "applications received this week"),
        Column("filled", "bool", "", "filled this week"),
    ),
)

TRIPS = Schema(
    "trips",  # one row a (worker, trip class, service): tours of the week
    (
        Column("week", "int16", "week", "week of the run"),
        Column("worker_id", "int64", "id", "person"),
        Column("post_id", "int64", "id", "post"),
        Column("window", "int8", "row of the windows", "window worked"),
        Column("service", "int8", "row of the run's services", "service taken, -1 missed shift"),
        Column("tours", "int8", "tours", "tours (out and back)"),
        Column("late", "int8", "tours", "tours that arrived late"),
        Column("out_min", "float32", "min", "minutes out, one tour"),
        Column("back_min", "float32", "min", "minutes back, one tour"),
        Column("km", "float32", "km", "kilometres, one tour both ways"),
        Column("eur_cents", "int32", "EUR cents", "what the traveller pays, one tour"),
        Column("co2_g", "float32", "g", "CO2, one tour"),
    ),
)

HIRES = Schema(
    "hires",
    (
        Column("week", "int16", "week", "week of the run"),
        Column("worker_id", "int64", "id", "person, -1 someone from outside the model"),
        Column("post_id", "int64", "id", "post taken"),
        Column("firm_id", "int64", "id", "firm"),
        Column("opening", "int32", "ordinal", "opening ordinal of the post"),
        Column("from_post_id", "int64", "id", "post left for it, -1 if none"),
        Column("weeks_open", "int16", "weeks", "weeks the vacancy had been open"),
        Column("wage_cents", "int32", "EUR cents a month", "wage agreed"),
        Column("channel", "int8", "Channel", "what told her of the post (core.channels)", default=-1),
        Column("km", "float32", "km", "by car from home to the workplace; -1 not told", default=-1.0),
    ),
)

ACCESS = Schema(
    "access",  # jobs reachable at shift hours; once a replication (end) per place
    (
        Column("commune", "str", "code", "commune of the home"),
        Column("epci", "str", "SIREN", "EPCI"),
        Column("persons", "int32", "persons", "active persons living there"),
        Column("car", "bool", "", "with a car at hand, else without"),
        Column("window", "int8", "row of the windows", "window of the posts"),
        Column("minutes", "int16", "min", "threshold each way: 30, 45, 60"),
        Column("jobs", "float32", "posts", "mean over persons of posts of that window in reach"),
    ),
)

LEDGER = Schema(
    "ledger",  # one row a kind of payment; operators receive what they pay, so all accounts sum to nothing
    (
        Column("week", "int16", "week", "week of the run"),
        Column("service", "str", "name", "service"),
        Column("system", "str", "name", "system of the service, empty where it has only one"),
        Column(
            "payer", "str", "account", "who pays: user, employer, authority:NAME, region, state, operator"
        ),
        Column("payee", "str", "account", "who receives: operator:SERVICE/SYSTEM, supplier, staff ..."),
        Column("what", "str", "key", "fare, pass, subsidy, drivers, energy, vehicles, incentive ..."),
        Column("commune", "str", "code", "home of the user, empty where it concerns no one user"),
        Column("cents", "int64", "EUR cents", "paid in the week, above 0"),
    ),
)

OPERATIONS = Schema(
    "operations",  # one row a system, and one a commune of its users; the rows of a service add up
    (
        Column("week", "int16", "week", "week of the run"),
        Column("service", "str", "name", "service"),
        Column("system", "str", "name", "system of the service, empty where it has only one"),
        Column("commune", "str", "code", "home of the users, empty for what concerns no one user"),
        Column("driver_min", "int64", "min", "paid driving and waiting"),
        Column("km_with", "float64", "km", "vehicle-kilometres with riders (timetabled: in service)"),
        Column("km_empty", "float64", "km", "vehicle-kilometres without"),
        Column("energy_kwh", "float64", "kWh", "energy used by the vehicles"),
        Column("co2_g", "float64", "g", "CO2 emitted by the vehicles"),
        Column("trips", "int64", "trips", "riders' trips, one way"),
        Column("passenger_km", "float64", "km", "kilometres ridden"),
    ),
)

EVENTS = Schema(
    "events",  # the week of the services whose places are few, as it was played
    (
        Column("week", "int16", "week", "week of the run"),
        Column("day", "int8", "0 Monday to 6", "day of the slot, of a tour past midnight too", default=-1),
        Column("service", "str", "name", "service"),
        Column("system", "str", "name", "system of the service, empty where it has only one", default=""),
        Column(
            "event", "str", "key",
            "request, served, refused, fallback, cancelled; pickup, boarding, taxi (one a trip), match ...",
        ),
        Column("worker_id", "int64", "id", "person, -1 none", default=-1),
        Column("vehicle", "int32", "number", "vehicle of the system, -1 none", default=-1),
        Column("node", "int32", "row of nodes", "where, -1 not told", default=-1),
        Column("minute", "float32", "min", "when, minutes from Monday 0:00", default=0.0),
        Column("out_min", "float32", "min", "of a tour served: door to door out", default=0.0),
        Column("back_min", "float32", "min", "of a tour served: door to door back", default=0.0),
        Column("wait_min", "float32", "min", "of a tour served: of which waiting, both ways", default=0.0),
        Column("reason", "int8", "code of the service", "of a refusal: why, 0 else", default=0),
        Column("other", "str", "name", "of a fallback: service taken instead, or missed", default=""),
        Column("other_id", "int64", "id", "of a match: the other person, -1 none", default=-1),
    ),
)  # fmt: skip

MOVES = Schema(
    "moves",  # one row a stretch that a vehicle of a shared service drives without a stop
    (
        Column("week", "int16", "week", "week of the run"),
        Column("day", "int8", "0 Monday to 6", "day of the vehicle's shift", default=-1),
        Column("service", "str", "name", "service"),
        Column("system", "str", "name", "system of the service, empty where it has only one", default=""),
        Column("vehicle", "int32", "number", "vehicle of the system"),
        Column("from_node", "int32", "row of nodes", "where it leaves"),
        Column("to_node", "int32", "row of nodes", "where it arrives"),
        Column("start_min", "float32", "min", "when it leaves, minutes from Monday 0:00"),
        Column("end_min", "float32", "min", "when it arrives"),
        Column("km", "float64", "km", "kilometres driven"),
        Column("riders", "int16", "riders", "riders aboard"),
    ),
)

INDICATORS = Schema(
    "indicators",  # long format, one row a figure
    (
        Column("scenario", "str", "name", "scenario"),
        Column("seed", "int64", "seed", "replication"),
        Column("week", "int16", "week", "week, -1 for the whole run"),
        Column("indicator", "str", "key", "indicator, see analysis.indicators_catalogue.CATALOGUE"),
        Column("dimension", "str", "key", "what the group is of: all, shift, sector, sex, epci ..."),
        Column("group", "str", "key", "group within the dimension"),
        Column("statistic", "str", "key", "value, mean, median, p90"),
        Column("value", "float64", "unit", "figure"),
        Column("unit", "str", "", "unit"),
    ),
)

COMPARISON = Schema(
    "comparison",  # one row a figure and scenario; differences are paired by seed
    (
        Column("scenario", "str", "name", "scenario"),
        Column("baseline", "str", "name", "what it is compared with"),
        Column("indicator", "str", "key", "indicator, see analysis.indicators_catalogue"),
        Column("dimension", "str", "key", "what the group is of"),
        Column("group", "str", "key", "group within the dimension"),
        Column("statistic", "str", "key", "value, mean, median, p90"),
        Column("unit", "str", "", "unit"),
        Column("seeds", "int32", "seeds", "paired replications"),
        Column("baseline_mean", "float64", "unit", "baseline's mean over seeds"),
        Column("scenario_mean", "float64", "unit", "scenario's mean over seeds"),
        Column("difference", "float64", "unit", "mean of the paired differences"),
        Column("low", "float64", "unit", "lower end of its 95 % interval, NaN with one seed"),
        Column("high", "float64", "unit", "upper end"),
        Column("distinguishable", "bool", "", "the interval excludes zero"),
        Column("verdict", "str", "", "better, worse, changed, or not distinguishable"),
    ),
)

WEEKLY = (WORKERS, FIRMS, VACANCIES, TRIPS, HIRES, EVENTS, MOVES, LEDGER, OPERATIONS, *LABOUR)
ONCE = (PEOPLE, POSTS, ACCESS, SITES, SITE_REACH)
