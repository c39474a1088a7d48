"""Synthetic runs: seeded tables of the right schemas, as a model would write them.

Not here: any model; figures are plausible, not computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embauche.analysis import indicators
from embauche.core import outputs
from embauche.core.causes import Cause
from embauche.core.ledger import Ledger, Operations, authority, operator
from embauche.core.outputs_labour import COURSES, ENDS, HR, LOOKS, SHARED_HR
from embauche.core.outputs_land import SITE_REACH, SITES
from embauche.core.parameters import defaults
from embauche.core.results import Result
from embauche.core.run_writer import RunWriter
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table

SERVICES = ("car", "transit", "bike", "walk")
CATALOGUE = default_catalogue()
NAMES = {
    "services": list(SERVICES),
    "windows": [w.name for w in CATALOGUE.windows],
    "shifts": [s.name for s in CATALOGUE.shifts],
}


@dataclass
class World:
    """Who lives and works in a synthetic territory."""

    people: Table
    posts: Table
    access: Table


def text(values: Any) -> np.ndarray[Any, Any]:
    return np.asarray(list(values), object)


def world(
    rng: np.random.Generator,
    people: int = 400,
    communes: tuple[str, ...] = ("80001", "80002", "76001"),
    epcis: tuple[str, ...] = ("A", "A", "B"),
) -> World:
    codes = (*communes, "X-OUT")
    epci_of = (*epcis, "")
    home = rng.integers(0, len(codes), people)
    external = home == len(communes)
    persons = Table.make(
        outputs.PEOPLE,
        {
            "worker_id": rng.permutation(people) * 7 + 1000,
            "commune": text(codes[h] for h in home),
            "epci": text(epci_of[h] for h in home),
            "external": external,
            "sex": rng.integers(0, 2, people),
            "age": rng.integers(15, 65, people),
            "licence": rng.random(people) < 0.8,
            "household_cars": rng.integers(0, 3, people),
            "apprentice": rng.random(people) < 0.04,
            "skill": rng.integers(0, 21, people),
            "quintile": rng.integers(1, 6, people),
        },
    )
    n = int(people * 0.9)
    site = rng.integers(0, len(codes), n)
    posts = Table.make(
        outputs.POSTS,
        {
            "post_id": rng.permutation(n) * 3 + 50,
            "firm_id": np.arange(n) // 5,
            "commune": text(codes[s] for s in site),
            "epci": text(epci_of[s] for s in site),
            "external": site == len(communes),
            "sector": rng.integers(0, 10, n),
            "size_class": rng.integers(0, 4, n),
            "skill": rng.integers(0, 21, n),
            "shift": rng.integers(0, len(CATALOGUE.shifts), n),
            "contract": rng.integers(0, 4, n),
        },
    )
    rows = [
        (c, epci_of[i], 100 + 10 * i, car, w, m, (m / 30) * (2 if car else 1) * (w + 1))
        for i, c in enumerate(communes)
        for car in (True, False)
        for w in range(len(CATALOGUE.windows))
        for m in (30, 45, 60)
    ]
    commune, epci, count, car, window, minutes, jobs = zip(*rows, strict=True)
    access = Table.make(
        outputs.ACCESS,
        {
            "commune": text(commune),
            "epci": text(epci),
            "persons": np.array(count),
            "car": np.array(car),
            "window": np.array(window),
            "minutes": np.array(minutes),
            "jobs": np.array(jobs),
        },
    )
    return World(persons, posts, access)


def books(where: World, trips: Table, week: int, cost: float) -> tuple[Table, Table]:
    """Ledger and operations: riders of row 1 pay a network whose public cost is `cost` EUR."""
    ledger, operations = Ledger(), Operations()
    account = operator("transit", "net")
    codes, home = np.unique(where.people.commune.astype(str), return_inverse=True)
    order = np.argsort(where.people.worker_id)
    person = order[np.searchsorted(where.people.worker_id[order], trips.worker_id)]
    for row, name in enumerate(SERVICES):
        mine = trips.service == row
        system, payee = ("net", account) if name == "transit" else ("", "supplier")
        tours = trips.tours[mine].astype(np.int64)
        cents = trips.eur_cents[mine].astype(np.int64) * tours
        ledger.pay_many(name, system, "user", payee, "fare", cents, home[person[mine]], codes)
        operations.add_many(
            name, system, home[person[mine]], codes, trips=2 * tours, passenger_km=trips.km[mine] * tours
        )
    ledger.pay("transit", "net", account, "supplier", "vehicles", ledger.balances().get(account, 0))
    ledger.pay("transit", "net", account, "staff", "drivers", round(cost * 100))
    operations.add("transit", "net", km_with=500.0, km_empty=50.0, driver_min=6000, co2_g=6e5)
    ledger.settle(lambda *_: {authority("net"): 1.0})
    return ledger.table(week), operations.table(week)


def week_tables(
    rng: np.random.Generator, where: World, week: int, filled: float = 0.85, cost: float = 1000.0
) -> dict[str, Table]:
    """One week: `filled` is the share of posts held, `cost` what the public pays, EUR."""
    people, posts = where.people, where.posts
    n, p = len(people), len(posts)
    held = np.sort(rng.permutation(p)[: int(p * filled)])
    holder = np.sort(rng.permutation(n)[: len(held)])
    post = np.full(n, -1, np.int64)
    post[holder] = posts.post_id[rng.permutation(held)]
    status = np.where(post >= 0, 2, np.where(rng.random(n) < 0.6, 1, 0))
    workers = Table.make(
        outputs.WORKERS,
        {
            "week": np.full(n, week),
            "worker_id": people.worker_id,
            "status": status,
            "post_id": post,
            "spell_weeks": rng.integers(0, 100, n),
            "searched": rng.random(n) < 0.3,
            "applications": rng.integers(0, 4, n),
            "declined_transport": (status == 1) & (rng.random(n) < 0.2),
        },
    )
    firms = np.unique(posts.firm_id)
    open_rows = np.setdiff1d(np.arange(p), held)[: p // 20 + 1]
    just = held[: p // 50 + 1]
    rows = np.concatenate([open_rows, just])
    vacancies = Table.make(
        outputs.VACANCIES,
        {
            "week": np.full(len(rows), week),
            "post_id": posts.post_id[rows],
            "firm_id": posts.firm_id[rows],
            "opening": np.ones(len(rows)),
            "weeks_open": rng.integers(0, 30, len(rows)),
            "commune": posts.commune[rows],
            "external": posts.external[rows],
            "sector": posts.sector[rows],
            "size_class": posts.size_class[rows],
            "skill": posts.skill[rows],
            "shift": posts.shift[rows],
            "wage_cents": np.full(len(rows), 150_000),
            "applications": rng.integers(0, 9, len(rows)),
            "filled": np.arange(len(rows)) >= len(open_rows),
        },
    )
    k = len(just)
    hires = Table.make(
        outputs.HIRES,
        {
            "week": np.full(k, week),
            "worker_id": np.where(posts.external[just] & (rng.random(k) < 0.5), -1, people.worker_id[:k]),
            "post_id": posts.post_id[just],
            "firm_id": posts.firm_id[just],
            "opening": np.ones(k),
            "from_post_id": np.where(rng.random(k) < 0.4, posts.post_id[open_rows[0]], -1),
            "weeks_open": rng.integers(0, 30, k),
            "wage_cents": np.full(k, 150_000),
        },
    )
    out = rng.uniform(5, 60, len(holder)).astype(np.float32)
    tours = rng.integers(1, 6, len(holder))
    trips = Table.make(
        outputs.TRIPS,
        {
            "week": np.full(len(holder), week),
            "worker_id": people.worker_id[holder],
            "post_id": post[holder],
            "window": rng.integers(0, len(CATALOGUE.windows), len(holder)),
            "service": rng.choice([-1, 0, 1, 2, 3], len(holder), p=[0.03, 0.72, 0.13, 0.04, 0.08]),
            "tours": tours,
            "late": rng.integers(0, tours + 1),
            "out_min": out,
            "back_min": out,
            "km": out * 1.5,
            "eur_cents": (out * 24).astype(np.int32),
            "co2_g": out * 200,
        },
    )
    table = Table.make(
        outputs.FIRMS,
        {
            "week": np.full(len(firms), week),
            "firm_id": firms,
            "posts": np.full(len(firms), 5),
            "filled": np.full(len(firms), 4),
            "production_lost_cents": np.full(len(firms), 50_000),
            "applications": np.zeros(len(firms)),
        },
    )
    asked = np.array(
        ["request", "request", "request", "served", "refused", "refused", "fallback", "cancelled"]
    )
    events = Table.make(
        outputs.EVENTS,
        {
            "week": np.full(8, week), "service": np.array(["shuttle"] * 7 + ["volunteers"], object),
            "event": asked.astype(object), "wait_min": [0, 0, 0, 4, 0, 0, 0, 0],
            "reason": [0, 0, 0, 0, 1, 1, 0, 0], "other": np.array([""] * 6 + ["car", ""], object),
        },
    )  # fmt: skip
    tables = {s.name: Table.empty(s) for s in outputs.WEEKLY} | {"events": events}
    tables |= {"workers": workers, "firms": table, "vacancies": vacancies, "trips": trips, "hires": hires}
    tables["courses"] = courses(week)
    tables["hr"], tables["shared_hr"] = hr(week)
    tables["ends"] = ends(where, week)
    tables["looks"] = Table.make(LOOKS, {"week": [week] * 2, "from_km": [0, 10], "looks": [50, 100],
                                         "told": [30, 20], "applied": [20, 5]})  # fmt: skip
    tables["ledger"], tables["operations"] = books(where, trips, week, cost)
    return {name: t.take(np.lexsort((t.post_id, t[first]))) if (first := _ID.get(name)) else t
            for name, t in tables.items()}  # fmt: skip


def ends(where: World, week: int) -> Table:
    """A week's ends of the first five posts inside: a quit, three for the way, a term's end."""
    posts = where.posts.post_id[~where.posts.external][:5]
    return Table.make(
        ENDS,
        {
            "week": [week] * 5, "worker_id": where.people.worker_id[:5], "post_id": posts, "weeks": [20] * 5,
            "cause": [Cause.QUIT, *[Cause.QUIT_TRANSPORT] * 3, Cause.CONTRACT_END],
        },
    )  # fmt: skip


def courses(week: int) -> Table:
    """A week's training: a course of 12 seats with ten trainees, and an immersion declined for the way."""
    return Table.make(
        COURSES,
        {
            "week": [week] * 2, "kind": text(["course", "immersion"]), "name": text(["region", "ordinary"]),
            "domain": [3, -1], "seats": [12, 0], "started": [10, 2], "present": [10, 0],
            "declined_way": [4, 1],
        },
    )  # fmt: skip


def hr(week: int) -> tuple[Table, Table]:
    """A week's HR of the smallest and the largest firms, and a GEIQ that takes one on and passes one on."""
    two = {
        "size_class": [0, 3], "vacancies": [6, 10], "handled": [4, 10], "waiting": [5, 30], "unread": [2, 3],
        "refused": [0, 2], "hired": [1, 4], "waited": [4, 6], "trained": [1, 0],
    }  # fmt: skip
    rows = {"name": text(["GEIQ"] * 2), "event": text(["hired", "passed_on"]), "worker_id": [1, 2],
            "post_id": [1, 2]}  # fmt: skip
    return Table.make(HR, {"week": [week] * 2} | two), Table.make(SHARED_HR, {"week": [week] * 2} | rows)


_ID = {"workers": "worker_id", "trips": "worker_id"}


def land(where: World) -> tuple[Table, Table]:
    """One site, opened on a greenfield, and who reaches it."""
    site = {"site": "new", "kind": "open", "week": 0, "commune": str(where.people.commune[0]), "lon": 1.5,
            "lat": 50.0, "ha": 4.0, "land": "greenfield", "homes": 8, "posts": 20, "filled": 12}  # fmt: skip
    reach = [
        {"site": "new", "commune": site["commune"], "epci": "A", "car": car, "minutes": minutes,
         "persons": 100, "reached": minutes / 2.0 + 20.0 * car, "seekers": 5.0}
        for car in (False, True) for minutes in (30, 45, 60)
    ]  # fmt: skip
    return tuple(
        Table.make(schema, {c.name: np.array([r[c.name] for r in rows], c.numpy_dtype) for c in schema})
        for schema, rows in ((SITES, [site]), (SITE_REACH, reach))
    )  # type: ignore[return-value]


def write_run(
    out: Path | None,
    name: str = "baseline",
    seeds: tuple[int, ...] = (1, 2),
    weeks: int = 3,
    *,
    people: int = 400,
    gain: float = 0.0,
    cost: float = 1000.0,
    communes: tuple[str, ...] = ("80001", "80002", "76001"),
    epcis: tuple[str, ...] = ("A", "A", "B"),
    extra: dict[str, Any] | None = None,
) -> Result:
    """Write a synthetic run; `gain` is added to the share of posts filled in every week."""
    with RunWriter(out) as writer:
        tables = []
        for seed in seeds:
            rng = np.random.default_rng(seed)
            where = world(rng, people, communes, epcis)
            with writer.seed(seed) as seed_writer:
                for week in range(weeks):
                    seed_writer.write_week(week_tables(rng, where, week, 0.85 + gain, cost))
                seed_writer.write_once(where.people, where.posts, where.access, *land(where))
            tables.append(
                indicators.compute(
                    writer.folder,
                    seed,
                    scenario=name,
                    weeks=weeks,
                    names=NAMES,
                )
            )
        columns = {c: np.concatenate([t[c] for t in tables]) for c in outputs.INDICATORS.names}
        writer.finish(
            scenario={"name": name, "title": {"fr": f"Scénario {name}", "en": f"Scenario {name}"},
                      "question": {"fr": "Que change-t-on ?", "en": "What is changed?"}},
            indicators=Table.make(outputs.INDICATORS, columns),
            manifest={
                "name": name,
                "seeds": list(seeds),
                "weeks": weeks,
                "names": NAMES,
                "territory": {"name": "bresle-vimeu", "hash": "0" * 64},
                "stylised": True,
                "notes": ["roads and timetable are stylised"],
                "parameters": [
                    {"name": p.name, "value": v, "unit": p.unit, "low": p.low, "high": p.high,
                     "source": p.source, "doc": p.doc, "default": p.value}
                    for p, v in defaults().described()
                ],
                **(extra or {}),
            },
            timings={"run": 1.0},
        )  # fmt: skip
    return writer.result()
