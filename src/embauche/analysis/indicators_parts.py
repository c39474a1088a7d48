"""Indicators by topic: each part is one file, listed here.

Lives here: the list. Not here: any indicator.
"""

from __future__ import annotations

from embauche.analysis.indicator import Part
from embauche.analysis.indicators_apprentices import ApprenticesPart
from embauche.analysis.indicators_firms import FirmsPart
from embauche.analysis.indicators_housing import Housing
from embauche.analysis.indicators_recruitment import RecruitmentPart
from embauche.analysis.indicators_search import SearchPart
from embauche.analysis.indicators_training import TrainingPart

PARTS: tuple[type[Part], ...] = (
    ApprenticesPart,
    FirmsPart,
    Housing,
    SearchPart,
    RecruitmentPart,
    TrainingPart,
)
