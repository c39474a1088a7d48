"""Channels by which people hear of vacancies, by code.

Lives here: their codes, in the order in which the first to tell counts. Not here: what each shows (labour).
"""

from __future__ import annotations

from enum import IntEnum


class Channel(IntEnum):
    """What told a person of a vacancy. Codes are part of every result."""

    NEIGHBOURS = 0  # who lives in the same commune and works there
    COLLEAGUES = 1  # the firm where one works or worked last
    PLATFORM = 2  # local platforms (Proch'emploi), hidden vacancies too
    SCHOOL = 3  # schools' placement and platforms for the young
    AGENCY = 4  # temporary work agencies
    FRANCE_TRAVAIL = 5
    OWN = 6  # advertisements and asking at the door
    TRAINING = 7  # an academy, a course or an immersion
    SHARED_HR = 8  # groups of employers, networks of HR services


CHANNELS = tuple(channel.name.lower() for channel in Channel)
