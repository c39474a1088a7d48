"""Tables of a week for results: workers, firms, vacancies, trips, hires, books; people.

Lives here: columns of core.outputs filled from the model. Not here: jobs in reach (model_access),
events (model_events), files, indicators (analysis).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core import outputs
from embauche.core.table import Table
from embauche.labour.travel import TourRows, tour_rows
from embauche.model_accounts import settled
from embauche.model_events import play_tables
from embauche.model_labour import labour_tables
from embauche.model_search import pair_km
from embauche.population.schemas import Contract

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]


def week_tables(model: Bassin) -> dict[str, Table]:
    """The last week's tables by name; their `week` counts from 0 at the start of burn-in.

    Raises:
        RuntimeError: no week has been stepped yet.
    """
    if model.week_travel is None or model.week_applications is None or model.week_hires is None:
        raise RuntimeError("step the model once before asking for a week's tables")
    trips = trips_table(model)
    ledger, operations = settled(model, trips)
    return {
        "workers": _workers(model),
        "firms": _firms(model),
        "vacancies": _vacancies(model),
        "trips": trips,
        "hires": hires_table(model),
        **labour_tables(model),
        **play_tables(model.week_travel, model.travelled_week, model.services),
        "ledger": ledger.table(model.travelled_week),
        "operations": operations.table(model.travelled_week),
    }


def _week(model: Bassin, n: int) -> Array:
    return np.full(n, model.travelled_week, np.int16)


def _post_ids(model: Bassin, post: Array) -> Array:
    ids = model.population.posts.post_id
    return np.where(post >= 0, ids[np.maximum(post, 0)], -1) if len(ids) else np.full(len(post), -1)


def _workers(model: Bassin) -> Table:
    """Active persons at the end of the week, by id."""
    s, a = model.state, model.week_applications
    assert a is not None
    rows = np.flatnonzero(s.status > 0)
    rows = rows[np.argsort(s.worker_id[rows], kind="stable")]
    same = s.worker_id[rows] == model.week_worker_id[rows]  # not an entrant in a retired person's row
    sent = np.bincount(a.person, minlength=len(s.worker_id))
    return Table.make(
        outputs.WORKERS,
        {
            "week": _week(model, len(rows)),
            "worker_id": s.worker_id[rows],
            "status": s.status[rows],
            "post_id": _post_ids(model, s.post[rows]),
            "spell_weeks": s.spell[rows],
            "searched": a.searched[rows] & same,
            "applications": sent[rows] * same,
            "declined_transport": a.declined[rows] & same,
        },
    )


def _firms(model: Bassin) -> Table:
    s, posts, firms, a = model.state, model.population.posts, model.population.firms, model.week_applications
    assert a is not None
    n = len(firms)
    return Table.make(
        outputs.FIRMS,
        {
            "week": _week(model, n),
            "firm_id": firms.firm_id,
            "posts": np.bincount(posts.firm[s.active], minlength=n),
            "filled": np.bincount(posts.firm[s.holder >= 0], minlength=n),
            "production_lost_cents": production_lost(model),
            "applications": np.bincount(posts.firm[a.post], minlength=n),
        },
    )


def production_lost(model: Bassin) -> Array:
    """What the empty posts of each firm would have produced in a week, whole cents, int64 [firm].

    A post's production is its wage times `firms.output_per_wage`, apprenticeships' nothing.
    """
    s, posts = model.state, model.population.posts
    empty = np.flatnonzero(s.active & (s.holder < 0) & (posts.contract != Contract.APPRENTICESHIP))
    month = s.wage_cents[empty] * model.parameters["firms.output_per_wage"]
    cents = np.floor(month * 12.0 / 52.0 + 0.5)
    lost = np.bincount(posts.firm[empty], cents, minlength=len(model.population.firms))
    return np.asarray(lost, np.int64)


def _vacancies(model: Bassin) -> Table:
    posts, firms, a, h = (
        model.population.posts,
        model.population.firms,
        model.week_applications,
        model.week_hires,
    )
    assert a is not None
    assert h is not None
    v = a.vacancy
    firm = posts.firm[v]
    sent = np.bincount(a.post, minlength=len(posts))
    filled = np.zeros(len(posts), bool)
    filled[h.post] = True
    return Table.make(
        outputs.VACANCIES,
        {
            "week": _week(model, len(v)),
            "post_id": posts.post_id[v],
            "firm_id": firms.firm_id[firm],
            "opening": a.opening,
            "weeks_open": a.weeks_open,
            "commune": model.territory.communes.code[firms.commune[firm]],
            "external": firms.external[firm],
            "sector": firms.sector[firm],
            "size_class": firms.size_class[firm],
            "skill": posts.skill[v],
            "shift": model.catalogue.base_row[model.post_shift[v]],
            "wage_cents": a.wage_cents,
            "applications": sent[v],
            "filled": filled[v],
        },
    )


def trips_table(model: Bassin) -> Table:
    """The last week's trips, by worker's id."""
    week = model.week_travel
    assert week is not None
    people = np.flatnonzero(model.week_post >= 0).astype(np.int32)
    people = people[np.argsort(model.week_worker_id[people], kind="stable")]
    rows = tour_rows(model, week, people, model.week_post)
    made = rows.service >= 0
    offers = model.book.offers

    def offer(name: str) -> Array:
        values = getattr(offers, name)
        out = np.zeros(len(rows.person), np.float32)
        out[made] = values[rows.service[made], rows.book_row[made]]
        return out

    return Table.make(
        outputs.TRIPS,
        {
            "week": _week(model, len(rows.person)),
            "worker_id": model.week_worker_id[rows.person],
            "post_id": model.population.posts.post_id[model.week_post[rows.person]],
            "window": rows.window,
            "service": rows.service,
            "tours": rows.tours,
            "late": rows.late,
            "out_min": rows.out_min,
            "back_min": rows.back_min,
            "km": offer("km"),
            "eur_cents": np.floor(
                (offer("eur").astype(np.float64) - _of_employers(model, rows)) * 100.0 + 0.5
            ),
            "co2_g": offer("g"),
        },
    )


def _of_employers(model: Bassin, rows: TourRows) -> Array:
    """EUR of a tour that its traveller's employer adds or pays (commuting.employers), float64 [row].

    It is no part of what the service is paid; the ledger holds it as entries of its own.
    """
    out = np.zeros(len(rows.person))
    if model.terms is not None:
        site = model.tour_ends.at(rows.person, model.week_post[rows.person], model.book.klass[rows.book_row])[
            1
        ]
        for row, service in enumerate(model.services):
            if service.name in model.terms.eur:
                mine = rows.service == row
                out[mine] = model.terms.eur[service.name][site[mine]]
    return out


def hires_table(model: Bassin) -> Table:
    """The last week's hires; worker_id -1 is someone from outside the model."""
    h, posts, firms = model.week_hires, model.population.posts, model.population.firms
    assert h is not None
    ids = np.where(h.person >= 0, model.week_worker_id[h.person], -1)
    return Table.make(
        outputs.HIRES,
        {
            "week": _week(model, len(h.post)),
            "worker_id": ids,
            "post_id": posts.post_id[h.post],
            "firm_id": firms.firm_id[posts.firm[h.post]],
            "opening": h.opening,
            "from_post_id": _post_ids(model, h.from_post),
            "weeks_open": h.weeks_open,
            "wage_cents": h.wage_cents,
            "channel": h.channel,
            "km": pair_km(model, h.person, h.post),
        },
    )


def people(model: Bassin) -> Table:
    """Everybody of the model as they stand now, by id."""
    s, persons, communes = model.state, model.population.persons, model.territory.communes
    order = np.argsort(s.worker_id, kind="stable")
    home = persons.commune[order]
    return Table.make(
        outputs.PEOPLE,
        {
            "worker_id": s.worker_id[order],
            "commune": communes.code[home],
            "epci": communes.epci[home],
            "external": communes.external[home],
            "sex": s.sex[order],
            "age": s.age_weeks[order] // 52,
            "licence": s.licence[order],
            "household_cars": model.population.households.cars[persons.household[order]],
            "apprentice": s.apprentice[order],
            "skill": model.state.skill[order],
            "quintile": persons.quintile[order],
        },
    )
