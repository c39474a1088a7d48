"""What each keyed random draw is for, and keyed draws for whole arrays outside kernels.

Lives here: the Purpose codes, ids of names. Not here: the hash itself (kernels.random).
"""

from __future__ import annotations

import zlib
from enum import IntEnum, unique
from typing import Any

import numpy as np


@unique
class Purpose(IntEnum):
    """Second part of a draw's key. Codes are never reused: they are part of every result."""

    TASTE = 1  # constant error of (worker, service)
    WEEKLY_TASTE = 2  # weekly error of (worker, service)
    INCIDENT = 3  # whether a tour is late or its service fails
    SEARCH = 4  # whether a person searches this week
    LOOK = 5  # where on the ring of vacancies a searcher looks
    RING = 6  # where on the ring a vacancy stands this week
    SEEN = 7  # whether a channel shows this vacancy to this person
    MATCH = 8  # constant error of (worker, post)
    ARRIVAL = 9  # order in which applications arrive
    FIT = 10  # a firm's noisy view of an applicant
    QUIT = 11
    CONTRACT_END = 12
    DISMISSAL = 13
    POST_DESTROYED = 14
    POST_CREATED = 15
    LEAVE_ACTIVITY = 17
    ENTER_ACTIVITY = 18
    OUTSIDER = 19  # whether someone from outside takes an external vacancy
    ENTRANT = 20  # attributes of a new entrant
    START = 21  # the start state
    TASTE_NEST = 22  # constant error of (worker, nest of services)
    WEEKLY_NEST = 23  # weekly error of (worker, nest of services)
    RECONSIDER = 24  # whether a person weighs services anew this week
    BOOKING = 25  # order in which requests of a week reach a service
    PROBE = 26  # who tries a service that she does not ride
    POPULATION = 30  # synthesis: one sub-purpose per alternative
    FIRMS = 31
    STYLISED = 40
    DIAL_A_RIDE = 50  # the search for vehicles' routes
    DISPATCH = 51  # improvement of vehicles' schedules
    WHEELCHAIR = 54  # who travels in a wheelchair
    SHORT_NOTICE = 55  # a ride asked for within the last day, and when
    HOURS = 60  # which posts a lever on hours or telework takes
    STAGGER = 61  # which of several staggered hours a post gets
    HOME_DAYS = 62  # where in the rotation of days at home a post starts
    APPLY = 63  # whether a person applies for an aid this week
    AID_ORDER = 64  # order among those who wait equally long
    EXAM = 65  # whether a driving licence exam is passed
    TAKE_UP = 66  # whether a person claims a voucher
    VOLUNTEER = 67  # where a volunteer driver lives
    BOOTSTRAP = 70  # which seeds a resample of a comparison takes
    SEEK = 130  # whether a young person seeks an apprenticeship in a season, and from which week
    WISH = 131  # her domain
    SEAT_ORDER = 132  # order in which a week's signatures reach the centres
    LENGTH = 133  # years of a contract, and its first week
    APPRENTICE_BREAK = 134  # whether a contract is broken this week
    AFTERWARDS = 135  # what follows a break or the end: again, school, the same firm
    OFFERED = 136  # whether a firm offers a free apprenticeship post in a season
    TUTOR = 137  # whether a small firm has a tutor, and its place in the queue for a pooled one
    APPRENTICE_START = 138  # how far the contracts of the start are
    ENROL = 80  # whether a driver takes riders of the carpool
    NO_RETURN = 81  # whether a carpool's driver cannot take her riders home
    HABIT = 82  # whether a driver shares her car with colleagues or family by habit
    SECTOR_DEMAND = 90  # the week's shock to a sector's demand
    FIRM_DEMAND = 91  # the week's shock to a firm's demand
    FIRM_CLOSED = 92  # whether a firm closes
    FIRM_OPENED = 93  # whether another firm takes the place of one that closed
    REPLACED = 94  # whether a post that is left is filled again
    CONTRACT_TERM = 95  # how long a CDD or a mission lasts
    TRIAL = 96  # whether an employer ends a trial
    OFFERED_AS = 97  # contract under which a permanent post's vacancy is offered
    DECISION = 100  # how many weeks a firm takes over an opening's applications
    RETRY = 101  # what a firm changes first when a post stays empty
    WITHDRAW = 102  # whether a firm withdraws a vacancy that stays empty
    PLATFORM = 103  # whether a firm takes part in a central platform
    GEIQ = 104  # order in which a GEIQ looks at people without work
    PASS_ON = 105  # whether a member hires whom a GEIQ has trained
    SECTOR_TASTE = 110  # constant taste of a person for a sector
    SHOWN = 111  # whether a channel shows an opening
    MEMBER = 112  # whether a person uses a channel
    NEIGHBOUR = 113  # which neighbour a searcher meets this week
    GIVE_UP = 114  # whether who has searched in vain leaves activity
    COME_BACK = 115  # whether she wants work again
    TRAIN_APPLY = 120  # whether a person looks at the plan of courses this week
    TRAIN_LOOK = 121  # which courses are proposed to her
    TRAIN_TASTE = 122  # constant error of (worker, course)
    TRAIN_ORDER = 123  # order among those who wait equally long for a seat
    TRAIN_LEAVE = 124  # whether she leaves a course before its end
    TRAIN_PASS = 125  # whether she passes
    COURSE = 126  # where, when and at which level a course of the ordinary plan is held
    IMMERSION = 127  # who looks for an immersion, and which vacancies she is told of
    GUIDANCE = 128  # which pupils career guidance reaches
    OUTREACH = 129  # who is outside work and training, is met, and follows
    ROOM = 140  # whether she finds a private room
    MOBILI = 141  # whether a lodger claims Mobili-Jeune
    LODGING_AID = 142  # whether she claims another aid to lodgers
    DWELLING = 143  # constant error of (person, dwelling)
    BED_ORDER = 144  # order among those who wait equally long for a bed
    INTERN = 145  # whether an intern asks for a bed this week
    MOVE = 146  # whether a household weighs moving this week
    CONDITIONS = 150  # which posts a lever on working conditions takes
    AUTOMATED = 151  # which of them machines replace
    VALIDATION = 160  # which people and posts a disturbed branch of a validation takes


def stable_id(name: str) -> int:
    """Id of a service or a nest as an alternative of draws: of its name, whatever else is in use."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def uniforms(
    seed: int, purpose: Purpose, step: int, agents: np.ndarray[Any, Any], alternative: int = 0
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Uniform draws keyed by agent.

    Args:
        seed: the replication's seed.
        purpose: what the draw is for.
        step: the week, or 0.
        agents: ids, int64 [agent].
        alternative: the alternative's id.

    Returns:
        Draws in (0, 1), [agent].
    """
    from embauche.kernels.random import uniforms as fill

    out = np.empty(len(agents))
    fill(int(seed), int(purpose), int(step), np.ascontiguousarray(agents, np.int64), int(alternative), out)
    return out


def pair_uniforms(
    seed: int,
    purpose: Purpose,
    step: int,
    agents: np.ndarray[Any, Any],
    alternatives: np.ndarray[Any, Any],
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Uniform draws keyed by agent and an alternative each, [agent]; else as `uniforms`."""
    from embauche.kernels.random import pair_uniforms as fill

    out = np.empty(len(agents))
    fill(
        int(seed), int(purpose), int(step), np.ascontiguousarray(agents, np.int64),
        np.ascontiguousarray(alternatives, np.int64), out,
    )  # fmt: skip
    return out
