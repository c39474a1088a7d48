"""A service whose places are few: people ask for a place, and it answers each of them.

Lives here: SharedService, Requests, Answers, what a week of it leaves. Not here: who asks again for what
after a refusal (labour.booking), how expectations move (labour.experience).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from embauche.core.ledger import Ledger, Operations
from embauche.core.outputs import EVENTS
from embauche.core.table import Table
from embauche.services.base import Service

if TYPE_CHECKING:
    from embauche.commuting.offers import Tile
    from embauche.services.accounting import Done

Array = np.ndarray[Any, Any]


@dataclass
class Requests:
    """Tours asked of a service, all [request], in the order in which they are to be considered.

    Attributes:
        person: int32 row of who asks; worker_id: int64 her id.
        slot: int8 slot of the week, 0..13; the day is slot // 2.
        place, site: int32 rows of the network's used places and sites.
        klass: int16 trip class.
        start_min, end_min: float64 the shift, minutes from Monday 0:00; the end may pass midnight.
        standing: bool, she was served this tour at the same phase of her roster last time.
    """

    person: Array
    worker_id: Array
    slot: Array
    place: Array
    site: Array
    klass: Array
    start_min: Array
    end_min: Array
    standing: Array

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Array) -> Requests:
        """The rows (indices or mask) as new requests."""
        return Requests(*(getattr(self, f.name)[rows] for f in fields(self)))

    @classmethod
    def joined(cls, parts: Iterable[Requests]) -> Requests:
        """Several one after the other; at least one."""
        lists = [[getattr(p, f.name) for f in fields(cls)] for p in parts]
        return cls(*(np.concatenate(columns) for columns in zip(*lists, strict=True)))


@dataclass
class Answers:
    """What a service answers, all [request].

    Attributes:
        served: bool, all of the tour or nothing.
        out_min, back_min: float32 minutes door to door as they will be; 0 if refused.
        wait_min: float32 of which waiting, both ways.
        reason: int8 0 if served, else the service's own code (`SharedService.reasons`).
    """

    served: Array
    out_min: Array
    back_min: Array
    wait_min: Array
    reason: Array

    @classmethod
    def refused(cls, n: int, reason: int = 1) -> Answers:
        """All refused for one reason: what a service starts from."""
        out, back, wait = (np.zeros(n, np.float32) for _ in range(3))
        return cls(np.zeros(n, bool), out, back, wait, np.full(n, reason, np.int8))

    def take(self, rows: Array) -> Answers:
        """The rows (indices or mask) as new answers."""
        return Answers(*(getattr(self, f.name)[rows] for f in fields(self)))

    @classmethod
    def joined(cls, parts: Iterable[Answers]) -> Answers:
        """Several one after the other; at least one."""
        lists = [[getattr(p, f.name) for f in fields(cls)] for p in parts]
        return cls(*(np.concatenate(columns) for columns in zip(*lists, strict=True)))


@dataclass(frozen=True)
class Prior:
    """What people expect of a service before anything is known of it.

    Attributes:
        accept: chance that a request is served.
        wait_min: minutes of waiting on top of the quoted ones, both ways together.
        extra_min: minutes of riding on top of the quoted ones, both ways together.
    """

    accept: float = 0.95
    wait_min: float = 0.0
    extra_min: float = 0.0


@dataclass(frozen=True)
class Scene:
    """The week as a shared service may look at it.

    Attributes:
        week: weeks since the start of burn-in.
        services: names of the services in use, by row.
        worker_id: int64 [person]; post: int32 [person] row of the post held, -1 if none.
        chosen: int8 [person, slot] row of the service chosen, -1 off, -2 missed. It changes as rounds go on.
        klass_of: trip classes of persons' slots, int16, -1 off; takes two int arrays.
    """

    week: int
    services: tuple[str, ...]
    worker_id: Array
    post: Array
    chosen: Array
    klass_of: Callable[[Array, Array], Array]


@dataclass
class WeekOfService:
    """What a service's week leaves.

    Attributes:
        events: rows of core.outputs.EVENTS; requests, answers and fallbacks are not its own to tell.
        moves: rows of core.outputs.MOVES.
        ledger, operations: who paid, and what was driven (core.ledger).
    """

    events: list[Table] = field(default_factory=list)
    moves: list[Table] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    operations: Operations = field(default_factory=Operations)


class SharedService(Service):
    """A service that answers each request: all of a tour, or none of it.

    `fill` quotes the least minutes a tour can take: the direct ride, nobody waited for. What people come to
    expect on top of that, and of being refused, is learned from what happened (labour.experience).

    Attributes:
        scene: the week that is open.
        expected: float32 [3, place, class] what people expect: acceptance, waiting and extra ride; the model
            sets it, and its offers weigh it.
        reasons: labels of its refusals by code, by language; code 1 stands for "full" where not said.
    """

    scene: Scene
    reasons: ClassVar[dict[int, dict[str, str]]] = {1: {"fr": "complet", "en": "full"}}
    expected: Array

    def prior(self) -> Prior:
        """What people expect of it at first."""
        return Prior()

    @abstractmethod
    def open_week(self, week: int) -> None:
        """Begin a week: no place is taken; `scene` tells what everybody wants."""

    @abstractmethod
    def book(self, requests: Requests) -> Answers:
        """Answer requests, hold the places of those served; what was booked before in this week stands."""

    @abstractmethod
    def release(self, requests: Requests) -> None:
        """Give up places booked in this week."""

    @abstractmethod
    def probe(self, requests: Requests) -> Answers:
        """What each request alone would be answered now; nothing is booked."""

    @abstractmethod
    def close_week(self) -> WeekOfService:
        """Play the week as booked, and tell what came of it."""

    def books(self, done: Done, ledger: Ledger, operations: Operations) -> None:
        """Nothing: what its week leaves has entries of its own (close_week)."""

    def memory(self) -> dict[str, Array]:
        """What it must remember from week to week; part of a saved state. Nothing by default."""
        return {}

    def recall(self, memory: dict[str, Array]) -> None:
        """Remember what `memory` gave; an empty one is a fresh start."""

    def felt_weights(self) -> tuple[float, float, float]:
        """Felt minutes of a refusal, of a minute waited and of one ridden."""
        return (
            self.parameters["commute.refused_min"],
            self.parameters["commute.wait_weight"],
            self.value("weight"),
        )

    def quoted(self, requests: Requests) -> Tile:
        """The quoted offers of requests, as `fill` gives them."""
        from embauche.commuting.offers import new_tile

        tile = new_tile(requests.place, requests.site, requests.klass)
        self.fill(tile)
        return tile

    def offer(self, tile: Tile) -> None:
        """Fill the tile with the quoted offer and with what is expected on top of it."""
        from embauche.core.parallel import run_blocks
        from embauche.kernels.experience import add_expected

        self.quote(tile)
        run_blocks(
            add_expected, len(tile.place), self.expected, tile.place, tile.klass, *self.felt_weights(),
            tile.out_min, tile.back_min, tile.wait_min, tile.felt_min,
        )  # fmt: skip


def events(week: int, service: str, event: str, n: int, **columns: Any) -> Table:
    """Rows of core.outputs.EVENTS of one kind; columns not given are empty, single values hold for all rows.

    Args:
        week: weeks since the start of burn-in.
        service: name of the service.
        event: what happened.
        n: number of rows.
        columns: [event] arrays or single values by column.
    """
    given: dict[str, Any] = {"week": week, "service": service, "event": event, **columns}
    made: dict[str, Array] = {}
    for name, value in given.items():
        kind = EVENTS[name].numpy_dtype
        if np.ndim(value) == 0:
            made[name] = np.full(n, value, dtype=kind)
        else:
            made[name] = np.asarray(value, dtype=kind)
    return Table.make(EVENTS, made)
