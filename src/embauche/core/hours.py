"""Variants of shifts that employers' levers make: the same work at other hours, or partly at home.

Lives here: names and patterns of variants, which posts get them. Not here: shifts themselves (core.shifts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, stable_id, uniforms
from embauche.core.scenario_fields import fault
from embauche.core.scenario_levers import Hours, Levers
from embauche.core.shifts import Shift, ShiftCatalogue, Window

Array = np.ndarray[Any, Any]
WEEKDAYS = 5
DAY_MIN = 1440


@dataclass(frozen=True)
class Variant:
    """A shift of the catalogue moved by some minutes, with some days a week at home."""

    base: str
    later_min: int = 0
    home_days: int = 0

    @property
    def name(self) -> str:
        """The name of the variant in the catalogue; that of the shift itself where nothing changes."""
        moved = f"{self.later_min:+d}" if self.later_min else ""
        home = f"/{self.home_days}" if self.home_days else ""
        return f"{self.base}{moved}{home}"

    def shift(self, base: Shift, fixed: frozenset[str] = frozenset()) -> Shift:
        """The variant of a shift; windows are named as the moved ones are, `fixed` ones stay as they are.

        Days at home go round the weekdays in a rotation of five weeks, so that each weekday has as many:
        in week r those of the weekdays r, r + 2, r + 4 ... (mod 5).
        """
        moved = f"{self.later_min:+d}" if self.later_min else ""
        weeks = [
            tuple(tuple(n if n in fixed else f"{n}{moved}" for n in day) for day in week)
            for week in base.pattern
        ]
        rounds = range(WEEKDAYS if self.home_days else 1)
        pattern = []
        for r in rounds:
            home = {(r + 2 * k) % WEEKDAYS for k in range(self.home_days)}
            pattern += [
                tuple(() if d in home and not fixed & {*day} else day for d, day in enumerate(week))
                for week in weeks
            ]
        return Shift(self.name, tuple(pattern), tuple(base.team_starts), base.name)


def with_variants(catalogue: ShiftCatalogue, levers: Levers) -> ShiftCatalogue:
    """The catalogue with a row for every variant that levers may give a post; its own rows stay as they are.

    Raises:
        PydanticCustomError: a window would start on another day.
    """
    base = [s for s in catalogue.shifts if not s.variant_of]
    moves: dict[str, list[int]] = {s.name: [0] for s in base}
    homes: dict[str, list[int]] = {s.name: [0] for s in base}
    for hours in levers.hours:
        for name in hours.shifts or moves:
            moves[name] += hours.later_min
    for telework in levers.telework:
        for name in telework.shifts:
            homes[name].append(telework.days)
    variants = [
        (s, Variant(s.name, later, days))
        for s in base
        for later in sorted(set(moves[s.name]))
        for days in sorted(set(homes[s.name]))
        if later or days
    ]
    if not variants:
        return catalogue
    windows = {w.name: w for w in catalogue.windows}
    fixed = frozenset(w.name for w in catalogue.windows if w.at_centre)  # an employer moves no lessons
    for shift, variant in variants:
        for name in sorted({n for week in shift.pattern for day in week for n in day} - fixed):
            if variant.later_min:
                w, moved = windows[name], f"{name}{variant.later_min:+d}"
                windows[moved] = _moved(w, moved, variant.later_min)
    shifts = [*base, *(variant.shift(shift, fixed) for shift, variant in variants)]
    return ShiftCatalogue.make(list(windows.values()), shifts)


def _moved(window: Window, name: str, minutes: int) -> Window:
    """The window so many minutes later; it must still start on its own day."""
    start, end = window.start_min + minutes, window.end_min + minutes
    if not 0 <= start < DAY_MIN:
        raise fault(
            f"window {window.name} would start on another day", f"a start at {start} minutes of the day",
            f"0 to {DAY_MIN - 1}", "choose shifts without this window, or fewer minutes",
        )  # fmt: skip
    return Window(name, start, end)


def moved_posts(
    catalogue: ShiftCatalogue, levers: Levers, seed: int, post_id: Array, shift: Array, team: Array,
    meant: Sequence[Array],
) -> tuple[Array, Array]:  # fmt: skip
    """Shift and team of each post under the levers on hours and telework.

    A post follows the first lever on hours that takes it, and the first on telework. Which posts a share
    takes does not depend on the replication's other draws: u(HOURS, 0, post_id, lever's id) < share.

    Args:
        catalogue: with variants.
        levers: the scenario's.
        seed: of the draws.
        post_id: int64 [post].
        shift, team: int [post] as they are without levers.
        meant: bool [post] for each lever of hours, then of telework: posts of the firms that it names.

    Returns:
        shift int16 and team int8 [post].
    """
    later, home = np.zeros(len(shift), np.int64), np.zeros(len(shift), np.int64)
    free_hours, free_home = np.ones(len(shift), bool), np.ones(len(shift), bool)
    rows = {s.name: k for k, s in enumerate(catalogue.shifts)}
    for lever, mine in zip(levers.of_posts, meant, strict=True):
        key = stable_id(lever.name)
        chosen = mine & (uniforms(seed, Purpose.HOURS, 0, post_id, key) < lever.share)
        names = lever.shifts or tuple(rows)
        chosen &= np.isin(shift, [rows[n] for n in names])
        if isinstance(lever, Hours):
            chosen &= free_hours
            free_hours &= ~chosen
            which = uniforms(seed, Purpose.STAGGER, 0, post_id, key) * len(lever.later_min)
            later[chosen] = np.array(lever.later_min)[which.astype(np.int64)][chosen]
        else:
            chosen &= free_home
            free_home &= ~chosen
            home[chosen] = lever.days
    return _variants_of(catalogue, seed, post_id, shift, team, later, home)


def _variants_of(
    catalogue: ShiftCatalogue, seed: int, post_id: Array, shift: Array, team: Array, later: Array, home: Array
) -> tuple[Array, Array]:
    """Rows of the variants, and teams spread over the rotation of the days at home."""
    new_shift, new_team = shift.astype(np.int16), team.astype(np.int8)
    rows = {s.name: k for k, s in enumerate(catalogue.shifts)}
    changed = np.flatnonzero((later != 0) | (home != 0))
    first = (uniforms(seed, Purpose.HOME_DAYS, 0, post_id) * WEEKDAYS).astype(np.int64)
    kinds, kind = np.unique(
        np.stack([shift[changed], later[changed], home[changed]]).astype(np.int64),
        axis=1,
        return_inverse=True,
    )
    for k, (base, minutes, days) in enumerate(kinds.T.tolist()):
        mine = changed[kind.ravel() == k]
        shape = catalogue.shifts[base]
        new_shift[mine] = rows[Variant(shape.name, minutes, days).name]
        if days:
            new_team[mine] = team[mine] + len(shape.pattern) * first[mine]
    return new_shift, new_team
