"""The week of recruitment begins: what is shared among employers, what it costs, which vacancies are handled.

Lives here: step. Not here: its parts (hr, platform, wages), hiring itself.
"""

from __future__ import annotations

from embauche.labour import geiq, geiq_trainees, hr, platform, wages
from embauche.labour.shared_events import SharedEvents
from embauche.labour.world import World


def step(model: World) -> None:
    """Before the search of each week."""
    model.shared_hr = SharedEvents()
    if model.settings.recruitment.on:
        wages.pay_rises(model)
        platform.pay_platform(model)
        hr.pay_pools(model)
        model.channels.platforms.pay(model)
        geiq.step(model)
        geiq_trainees.step(model)
    hr.advertise(model, model.hr)
