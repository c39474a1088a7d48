"""The plain twin: docs/model.md as one object per worker, in pure Python, without any kernel.

Lives here: draws, roads, timetable, offers, agents and the week. Not here: anything fast.
"""

from naive.model import NaiveBassin

__all__ = ["NaiveBassin"]
