"""An on-demand system that a GTFS-Flex feed describes: its hours and booking rule from the feed.

Lives here: from_feed. Not here: the feed's files (territory.gtfs_flex), its stops (demand.places).
"""

from __future__ import annotations

from pathlib import Path

from embauche.core.errors import UserError
from embauche.core.shifts import DAY_NAMES
from embauche.core.units import format_clock
from embauche.services.demand.options import Booking, System

KINDS = {0: "real_time", 1: "same_day", 2: "previous_day"}


def from_feed(system: System, folder: Path | None) -> System:
    """The system with the hours and the booking rule of its feed, if it names one.

    Raises:
        UserError: a feed that cannot be read, or routes of it that do not run at the same hours.
    """
    if system.gtfs_flex is None:
        return system
    from embauche.services.demand.places import beside
    from embauche.territory.gtfs_flex import read_flex

    path = beside(folder, system.gtfs_flex)
    feed = read_flex(path, system.routes)
    if len({s.hours for s in feed.services}) > 1:
        raise UserError(
            "these routes run at different hours", file=path,
            found="; ".join(f"{s.route}: {s.said()}" for s in feed.services),
            expected="routes that share a fleet to have the same hours", fix="name one system for each route",
        )  # fmt: skip
    service = feed.services[0]
    hours = {
        day: tuple(f"{format_clock(a)}-{format_clock(b)}" for a, b in spans)
        for day, spans in zip(DAY_NAMES, service.hours, strict=True)
        if spans
    }
    rule = service.rule
    update: dict[str, object] = {"hours": hours}
    if rule is not None:
        update["booking"] = Booking(
            kind=KINDS[rule.kind],  # type: ignore[arg-type]
            notice_min=rule.notice_min or 0.0, days_before=max(1, rule.days_before),
            cut_off=format_clock(rule.cut_off_min),
        )  # fmt: skip
    return system.model_copy(update=update)
