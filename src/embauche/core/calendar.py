"""The calendar of a run: which Monday, month and week of the year a week of the model is.

Lives here: Calendar. Not here: shifts and rosters (core.shifts), seasons of apprentices (labour.seasons).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

WEEKS_A_YEAR = 52


@dataclass(frozen=True)
class Calendar:
    """Weeks of a model, counted from the start of burn-in, as dates.

    A year of the model has 52 weeks: burn-in lasts a whole number of years more than its least, so seasons
    meet the scenario's dates at its start, and slip by a day or two a year after it.

    Attributes:
        first: the Monday of week 0.
    """

    first: datetime.date = datetime.date(2025, 3, 10)

    @classmethod
    def of(cls, start: datetime.date, burn_in_weeks: int) -> Calendar:
        """The calendar of a run whose results begin on `start` after so many weeks of burn-in."""
        return cls(start - datetime.timedelta(weeks=burn_in_weeks))

    def monday(self, week: int) -> datetime.date:
        """The Monday of a week, in a year of 52 weeks: 364 days later is the same day of the year."""
        return self.first + datetime.timedelta(weeks=week % WEEKS_A_YEAR)

    def month(self, week: int) -> int:
        """1 January to 12 December, by the week's Monday."""
        return self.monday(week).month

    def week_of_year(self, week: int) -> int:
        """0 to 51, 0 for the first days of January."""
        return min((self.monday(week).timetuple().tm_yday - 1) // 7, WEEKS_A_YEAR - 1)


AS_USUAL = Calendar()  # weeks of a model without a scenario: burn-in of 78 weeks before September 2026
