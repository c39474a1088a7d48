"""Apprentices: seats hold, contracts add up, the season opens and closes, days at the centre are trips.

Lives here: tests of labour.apprentices and its neighbours. Not here: targets (validation).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.labour.apprentice_events import EVENTS
from embauche.labour.apprentice_pay import share
from embauche.labour.centres import NONE, Seats, held
from embauche.labour.cohort import Young, seeking
from embauche.labour.seasons import OFFERED, OPEN, Season, trains, vacant
from embauche.model import Bassin
from embauche.population.synthesis import synthesise
from embauche.population.user_centres import read_centres
from embauche.territory.embedded import load_embedded

WEEKS = 44


@pytest.fixture(scope="module")
def year() -> tuple[Bassin, list[dict[str, int]]]:
    """A model after 44 weeks from March, and the events of each week."""
    territory, p, catalogue = load_embedded("bresle-vimeu"), defaults(), default_catalogue()
    model = Bassin(territory, synthesise(territory, catalogue, p, 1), catalogue, p, rng=3)
    weeks = []
    for _ in range(WEEKS):
        model.step()
        event, _, _ = model.week_apprentices.columns()
        weeks.append({name: int((event == k).sum()) for k, name in enumerate(EVENTS)})
        row, s = held(model), model.state
        assert model.seats is not None
        under = (s.post >= 0) & trains(model)[s.post]
        assert (s.apprentice == (under | seeking(model) | (Young.of(s).post >= 0) | _just_lost(model))).all()
        assert (row[under] >= 0).all()
        signed = np.bincount(row[row >= 0], minlength=len(model.seats.seats))
        ending = np.bincount(row[_ends_before_start(model) & (row >= 0)], minlength=len(signed))
        assert (signed - ending <= model.seats.seats).all()
        on = bool(s.kept[OPEN][0])  # as of the week just lived
        assert on or not vacant(model)[trains(model)].any()
    return model, weeks


def _just_lost(model: Bassin) -> np.ndarray:
    y, s = Young.of(model.state), model.state
    return (y.end >= 0) & (y.post < 0) & (s.post < 0)


def _ends_before_start(model: Bassin) -> np.ndarray:
    end = Young.of(model.state).end
    return (end >= 0) & (end <= Season.of(model).start)


@pytest.mark.long
def test_contracts_begin_after_the_courses_do_and_none_is_signed_out_of_season(
    year: tuple[Bassin, list[dict[str, int]]],
) -> None:
    """The first start is in the week of the courses, the season's last signature before its end."""
    model, weeks = year
    first = next(k for k, week in enumerate(weeks) if week["started"])
    assert model.calendar.week_of_year(first) == int(model.parameters["apprentices.start_week"])
    for k, week in enumerate(weeks):
        woy, p = model.calendar.week_of_year(k), model.parameters
        if not p["apprentices.season_week"] <= woy < p["apprentices.last_week"]:
            assert week["signed"] == week["started"] == week["no_seat"] == 0
    total = {name: sum(week[name] for week in weeks) for name in EVENTS}
    assert 0 < total["started"] <= total["signed"] <= total["joined"]
    assert total["kept"] <= total["completed"]
    assert total["gave_up"] > 0
    assert not model.state.kept[OFFERED].any()


@pytest.mark.long
def test_days_at_the_centre_are_trips_to_it(year: tuple[Bassin, list[dict[str, int]]]) -> None:
    """In the offer book rows of classes at a centre start where she sleeps then; in the others at home."""
    model, _ = year
    s, book = model.state, model.book
    under = np.flatnonzero((s.post >= 0) & trains(model)[s.post])
    some = 0
    for w in under[:50]:
        rows = slice(book.start[w], book.end[w])
        away = model.network.classes.at_centre[book.klass[rows]]
        assert 0 < away.sum() < len(away)
        assert (book.from_place[rows] == np.where(away, model.place_centre[w], model.place[w])).all()
        assert model.seats is not None
        assert model.site_centre[w] == model.seats.site[held(model)[w]]
        some += 1
    assert some == 50


def test_pay_follows_the_legal_grid() -> None:
    """Code du travail D6222-26: 27 % at 16 in the first year, 67 % at 19 in the third, all from 26."""
    age = np.array([16, 19, 23, 27]) * 52
    weeks = np.array([0, 110, 60, 0])
    assert share(age, weeks).tolist() == [0.27, 0.67, 0.61, 1.0]


def test_the_nearest_seat_that_is_left() -> None:
    """Seats are had nearest first; a full one is passed over, and nobody gets one of another domain."""
    seats = Seats(
        np.array([1, 1, 2]), np.array([1, 2, 1]), np.array([7, 8, 7]), np.zeros(3, np.int16),
        np.array([[5.0, 9.0, 5.0], [9.0, 5.0, 9.0]], np.float32),
    )  # fmt: skip
    place, skill = np.array([0, 1, 0, 0]), np.array([1, 1, 2, 3])
    assert seats.nearest(place, skill, np.array([1, 2, 1])).tolist() == [0, 1, 2, NONE]
    assert seats.nearest(place, skill, np.array([0, 2, 0])).tolist() == [1, 1, NONE, NONE]
    assert seats.hoped(place, skill, np.array([0, 0, 0])).tolist() == [0, 1, 2, 0]
    taken = np.full(4, NONE, np.int32)
    seats.fill(taken, np.arange(3), np.array([0, 0, 0]), np.array([1, 1, 1]))
    assert taken[:3].tolist() == [0, 1, 1]


def test_days_at_a_centre_are_off_where_there_is_none() -> None:
    """Without centres the rotation keeps its weeks, and those at the centre are empty."""
    catalogue = default_catalogue()
    without = catalogue.without_centres()
    row = catalogue.shift_row("apprentice")
    assert (catalogue.roster[row, 1] >= 0).sum() == 5
    assert (without.roster[row, 1] >= 0).sum() == 0
    assert (without.roster[row, 0] == catalogue.roster[row, 0]).all()


def test_a_users_centres_take_the_place_of_stylised_ones(tmp_path: Path) -> None:
    """Rows are located and sorted by id; a fault is told with its line."""
    territory = load_embedded("bresle-vimeu")
    code = str(territory.communes.code[int(np.flatnonzero(~territory.communes.external)[0])])
    path = tmp_path / "centres.csv"
    path.write_text(
        f"centre_id,commune,skill,seats,rhythm\n7,{code},logistics,9,apprentice_days\n3,{code},2,5,0\n"
    )
    centres = read_centres(path, territory, 1)
    assert centres.centre_id.tolist() == [3, 7]
    assert centres.seats.tolist() == [5, 9]
    assert centres.rhythm.tolist() == [0, 1]
    assert (territory.communes.code[centres.commune] == code).all()
    path.write_text(f"centre_id,commune,skill,seats\n7,{code},juggling,9\n")
    with pytest.raises(UserError, match="csv:2: skill"):
        read_centres(path, territory, 1)
