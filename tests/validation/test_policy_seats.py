"""Policy sense of seats and tutors: more of either never lower contracts signed in the mean of 20 seeds.

Lives here: the means with their tolerance (issue 5). Not here: the rules (test_apprentice_levers).

Each base has few of what is added, so that it is scarce; two standard errors of the mean are allowed.
"""

from __future__ import annotations

from typing import Any

import pytest

from embauche.labour.apprentice_events import EVENTS
from embauche.model import Bassin
from paired import Pair, paired

SEASON = {"start": "2026-02-23", "burn_in": {"min_weeks": 39}}  # the run holds a season from its opening on
FEW_SEATS = {"parameters": {"population.centre_seats": 0.6}, **SEASON}
FEW_TUTORS = {"parameters": {"apprentices.tutor_tpe": 0.1}, **SEASON}
WEEKS = 40


def _measure(model: Bassin) -> Any:
    """Contracts signed, agreements without a seat, seats paid for."""
    event = model.week_apprentices.columns()[0]
    paid = sum(cents for key, cents in model.ledger.entries.items() if key[0] == "apprentices")
    return [int((event == EVENTS.index("signed")).sum()), int((event == EVENTS.index("no_seat")).sum()), paid]


def _holds(pair: Pair) -> None:
    signed, tolerance = pair.gain[:, 0].mean(), pair.tolerance()[0]
    assert pair.before[:, 0].min() > 0
    assert signed >= -tolerance
    assert signed > 0, "where it is scarce, more of it tells"
    assert (pair.before[:, 2] == 0).all()
    assert (pair.after[:, 2] > 0).all()


@pytest.mark.long
def test_more_seats_never_lower_contracts_signed() -> None:
    seats = [{"name": "more", "seats": 60}]
    pair = paired({"apprentices": {"seats": seats}}, _measure, base=FEW_SEATS, weeks=WEEKS)
    _holds(pair)
    assert pair.before[:, 1].sum() > 0, "seats are scarce in the base"
    assert pair.gain[:, 1].mean() <= pair.tolerance()[1], "not more are refused for want of a seat"


@pytest.mark.long
def test_tutors_that_small_firms_share_never_lower_contracts_signed() -> None:
    tutors = [{"name": "pool", "tutors": 20}]
    _holds(paired({"apprentices": {"tutors": tutors}}, _measure, base=FEW_TUTORS, weeks=WEEKS))
