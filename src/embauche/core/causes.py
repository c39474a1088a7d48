"""Why a job ends: codes of the table `ends`.

Lives here: Cause. Not here: the rules (labour.separations, labour.ends).
"""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Cause(IntEnum):
    """Why somebody left a post. Codes are part of results: add at the end, never reuse one."""

    STAYED = 0  # none: she did not leave
    RETIRED = 1
    WITHDREW = 2  # left activity
    DESTROYED = 3  # her post disappeared
    CLOSED = 4  # her firm closed
    CONTRACT_END = 5  # a CDD or a mission ended, without another
    TRIAL_EMPLOYER = 6
    TRIAL_WORKER = 7
    MISSED_SHIFTS = 8
    QUIT = 9
    QUIT_TRANSPORT = 10  # would have stayed, had the way cost nothing
    BETTER_OFFER = 11  # went to another post
    APPRENTICE_BREAK = 12
    APPRENTICE_END = 13


CAUSES = tuple(c.name.lower() for c in Cause)
