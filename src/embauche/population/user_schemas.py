"""The columns of tables that a user brings, and how they are printed.

Lives here: UserColumn, TABLES, print_schema. Not here: reading files (user_files) or joining the
tables into a population (user_tables).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from embauche.core.errors import UserError
from embauche.core.shifts import DEFAULT_SHIFTS, RHYTHMS
from embauche.population.schemas import LEVELS, NAF, SECTORS, SKILLS, Contract, Status

MOST_ID = 1 << 62  # ids of a user are below, as ours are
MOST_FIRM_ID = 1 << 46  # a post's id is the firm's times 65,536 plus its slot


@dataclass(frozen=True)
class UserColumn:
    """One column of a user's table.

    Attributes:
        name: heading.
        kind: "int", "float", "bool", "choice" or "text".
        unit: unit in words.
        doc: what it means, and what happens without it.
        required: whether the table must have it.
        low, high: inclusive bounds.
        choices: name -> code, for kind "choice"; codes are accepted too.
    """

    name: str
    kind: str
    unit: str
    doc: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    choices: Mapping[str, int] | None = None


def _codes(names: tuple[str, ...]) -> dict[str, int]:
    return {n: i for i, n in enumerate(names)}


SEX = {"man": 0, "woman": 1, "m": 0, "f": 1, "w": 1, "h": 0, "homme": 0, "femme": 1}
STATUS = {s.name.lower(): int(s) for s in Status}
CONTRACTS = {c.name.lower(): int(c) for c in Contract} | {"apprentice": int(Contract.APPRENTICESHIP)}
SKILL_CODES, SECTOR_CODES, RHYTHM_CODES = _codes(SKILLS), _codes(SECTORS), _codes(RHYTHMS)
LEVEL_CODES, NAF_CODES = _codes(LEVELS), _codes(tuple(letter.lower() for letter in NAF))
# Shifts of the default catalogue; a run with other shifts checks names against its own.
SHIFT_CODES = _codes(tuple(s.name for s in DEFAULT_SHIFTS))

_C = UserColumn
_HOME = (
    _C("lon", "float", "degree", "longitude WGS84; with lat, or give commune", False, -180, 180),
    _C("lat", "float", "degree", "latitude WGS84", False, -90, 90),
    _C("commune", "text", "INSEE code", "instead of lon and lat: a spot in it is drawn; or an external zone"),
)

TABLES: dict[str, tuple[UserColumn, ...]] = {
    "workers": (
        _C("worker_id", "int", "id", "stable and unique", True, 0, MOST_ID - 1),
        *_HOME,
        _C("sex", "choice", "", "man or woman", True, choices=SEX),
        _C("age", "float", "years", "age, decimals allowed", True, 15, 64.999),
        _C("status", "choice", "", "activity at the start", True, choices=STATUS),
        _C("household_id", "int", "id", "household; alone without the column", False, 0, MOST_ID - 1),
        _C("licence", "bool", "", "car driving licence; drawn without the column"),
        _C("bike", "bool", "", "bike at hand; drawn without the column"),
        _C("skill", "choice", "", "skill domain; drawn as posts ask without the column", choices=SKILL_CODES),
        _C("level", "choice", "", "qualification; else drawn by domain and age", choices=LEVEL_CODES),
        _C("apprentice", "bool", "", "apprentice, or seeks to be; drawn without the column"),
        _C("wage_ref_eur", "float", "EUR a month", "usual net wage; else drawn", False, 0, 100_000),
        _C("spell_weeks", "int", "weeks", "time in the status; drawn without the column", False, 0, 2600),
    ),
    "households": (
        _C("household_id", "int", "id", "stable and unique", True, 0, MOST_ID - 1),
        *_HOME,
        _C("members", "int", "persons", "everybody, also children and elders", True, 1, 20),
        _C("cars", "int", "cars", "cars at hand", True, 0, 9),
        _C("under_six", "int", "persons", "children under six; 0 without the column", False, 0, 9),
        _C("quintile", "int", "1-5", "income fifth; from wages without the column", False, 1, 5),
    ),
    "firms": (
        _C("firm_id", "int", "id", "stable and unique", True, 0, MOST_FIRM_ID - 1),
        *_HOME,
        _C("sector", "choice", "", "sector", True, choices=SECTOR_CODES),
        _C("naf", "choice", "", "section of the NAF; else drawn by sector", choices=NAF_CODES),
        _C("posts", "int", "posts", "posts; not needed with a table of posts", False, 0, 65_000),
        _C("screening", "int", "applications a week", "by size without the column", False, 0, 10_000),
    ),
    "posts": (
        _C("post_id", "int", "id", "stable and unique", True, 0, MOST_ID - 1),
        _C("firm_id", "int", "id", "firm", True, 0, MOST_FIRM_ID - 1),
        _C("skill", "choice", "", "skill domain asked", True, choices=SKILL_CODES),
        _C("level", "choice", "", "level asked; drawn by domain without the column", choices=LEVEL_CODES),
        _C("shift", "choice", "", "shift", True, choices=SHIFT_CODES),
        _C("team", "int", "week", "week of the rotation on which it starts; else in turn", False, 0, 127),
        _C("contract", "choice", "", "contract; cdi without the column", choices=CONTRACTS),
        _C("wage_eur", "float", "EUR a month", "net wage; else by skill, size and shift", False, 0, 100_000),
        _C("active", "bool", "", "exists now, or waits for growth; true without the column"),
    ),
    "residences": (
        _C("residence_id", "int", "id", "stable and unique", True, 0, (1 << 40) - 1),
        *_HOME,
        _C("name", "text", "name", "shown in tables and accounts"),
        _C("beds", "int", "beds", "beds", True, 1, 100_000),
        _C("rent_eur_month", "float", "EUR a month", "rent of a bed, charges included", True, 0, 3000),
        _C("cost_eur_month", "float", "EUR a month", "of a bed, let or not; else its rent", False, 0, 10_000),
        _C("apprentices", "bool", "", "admits apprentices; true without the column"),
        _C("interns", "bool", "", "admits interns; false without the column"),
        _C("new_hires", "bool", "", "admits the newly hired; false without the column"),
        _C("apprentices_first", "bool", "", "serves apprentices first; true without the column"),
        _C("farthest_first", "bool", "", "then the farthest home, not the longest wait; else false"),
        _C("least_km", "float", "km", "least way by car from home to firm or centre; else 15", False, 0, 500),
        _C("stay_weeks", "int", "weeks", "longest stay; 52 without the column", False, 1, 260),
        _C("open_from", "int", "week", "first week of the year open; else 1", False, 1, 52),
        _C("open_to", "int", "week", "last; before open_from: past New Year; else 52", False, 1, 52),
        _C("shared", "bool", "", "double lets: opposite rhythms share a bed; else false"),
        _C("hosts", "bool", "", "rooms in families, not a residence; else false"),
    ),
    "centres": (
        _C("centre_id", "int", "id", "unique: a row for each domain taught", True, 0, (1 << 40) - 1),
        *_HOME,
        _C("skill", "choice", "", "domain taught", True, choices=SKILL_CODES),
        _C("seats", "int", "apprentices", "apprentices at a time", True, 0, 100_000),
        _C("rhythm", "choice", "", "weeks or days; apprentice without it", choices=RHYTHM_CODES),
    ),
}  # fmt: skip
KINDS = tuple(TABLES)

_EXAMPLES = {
    "workers": "worker_id,lon,lat,sex,age,status\n1,1.5021,50.0603,woman,34,employed",
    "households": "household_id,commune,members,cars\n1,80063,4,2",
    "firms": "firm_id,lon,lat,sector,posts\n1,1.5021,50.0603,industry,42",
    "posts": "post_id,firm_id,skill,shift\n1,1,metal_mechanics,two_by_eight",
    "centres": "centre_id,commune,skill,seats,rhythm\n1,80063,metal_mechanics,48,apprentice_days",
    "residences": "residence_id,commune,name,beds,rent_eur_month\n1,80063,Foyer,24,380",
}


def columns_of(kind: str) -> tuple[UserColumn, ...]:
    """The columns of a kind of table.

    Raises:
        UserError: no such kind.
    """
    if kind not in TABLES:
        raise UserError("no such table", found=kind, expected=", ".join(KINDS))
    return TABLES[kind]


def print_schema(kind: str) -> str:
    """The columns of a user's table as text: name, type, unit, range, meaning, and an example.

    Args:
        kind: workers, households, firms, posts, residences or centres.

    Raises:
        UserError: no such kind.
    """
    head = ("column", "needed", "type", "unit", "values", "meaning")
    rows = [head]
    lists: list[str] = []
    for c in columns_of(kind):
        values = (
            "" if c.low is None else f"{c.low:g} to {c.high:g}" if (c.high or 0) < 1e9 else f"from {c.low:g}"
        )
        if c.choices is not None:
            values = "a name or its code, below" if len(c.choices) > 4 else ", ".join(c.choices)
            named = ", ".join(f"{k} {v}" for k, v in c.choices.items())
            lists.append(f"{c.name}: {named}")
        elif c.kind == "bool":
            values = "true, false, 1, 0"
        rows.append((c.name, "yes" if c.required else "", c.kind, c.unit, values, c.doc))
    widths = [max(len(r[i]) for r in rows) for i in range(len(head) - 1)]
    lines = ["  ".join([*(r[i].ljust(widths[i]) for i in range(len(widths))), r[-1]]).rstrip() for r in rows]
    lines.insert(1, "  ".join("-" * w for w in (*widths, len(head[-1]))))
    about = f"{kind}: CSV (comma or semicolon, UTF-8) or Parquet, one row each, in any order."
    return "\n".join(
        [about, "", *lines, "", *lists, *([""] if lists else []), "example:", _EXAMPLES[kind], ""]
    )
