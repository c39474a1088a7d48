"""What people learn from a week: lateness, places refused, waits; and who weighs services anew.

Lives here: expectations and their start, probes, reconsideration. Not here: the week itself (labour.travel),
what a request is answered (services).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.draws import Purpose, uniforms
from embauche.kernels.experience import ACCEPT, EXTRA, WAIT
from embauche.labour.booking import Bookings, requests_of, slots_of
from embauche.services.shared import Answers, Requests, SharedService

if TYPE_CHECKING:
    from embauche.labour.travel import Week
    from embauche.labour.world import World

Array = np.ndarray[Any, Any]
SLOT = 1 << 32  # tells the draw of a probe's slot from that of her place in the queue


def reconsider(model: World) -> Array:
    """Who ranks services anew this week, rows int64 [person]: in the week's luck, or after a shock.

    Those whose ranking is not known (a scenario begins) rank anew too, with the errors they had.
    """
    s, week = model.state, int(model.state.week[0])
    luck = uniforms(model.seed, Purpose.RECONSIDER, week, s.worker_id)
    again = luck < model.parameters["experience.reconsider"]
    again |= (s.post != s.driven_post) | s.shocked | (s.considered < 0)
    s.considered[again] = week
    return np.flatnonzero((s.post >= 0) & (again | (s.ranked[:, 0] == 0)))


def start_expectations(model: World) -> None:
    """Hand each shared service what people expect of it: as kept in the state, else its own prior."""
    shape = (3, len(model.network.place_rows), len(model.network.classes.window))
    for service in model.shared.values():
        key, prior = f"{service.name}.expected", service.prior()
        if key not in model.state.kept or model.state.kept[key].shape != shape:
            table = np.empty(shape, np.float32)
            table[ACCEPT], table[WAIT], table[EXTRA] = prior.accept, prior.wait_min, prior.extra_min
            model.state.kept[key] = table
        service.expected = model.state.kept[key]
        head = f"{service.name}.memory."
        service.recall({k[len(head) :]: a for k, a in model.state.kept.items() if k.startswith(head)})


def learn(model: World, week: Week) -> None:
    """All that is learned from a week travelled."""
    _learn_lateness(model, week)
    s = model.state
    s.shocked[:] = week.missed > 0
    for book in week.bookings:
        s.shocked[book.requests.person[~book.answers.served]] = True
        _learn_service(model, book, week.probes[book.row])
        for name, values in book.service.memory().items():
            s.kept[f"{book.service.name}.memory.{name}"] = values.copy()


def _learn_lateness(model: World, week: Week) -> None:
    """Expected lateness moves towards what happened, or slowly to the mean where nobody rode."""
    p, expected = model.parameters, model.state.expected_late
    smoothing, prior = p["experience.smoothing"], p["experience.prior_tours"]
    mean = expected.mean(axis=1, keepdims=True)
    rode = week.tours > 0
    observed = np.divide(week.lates, week.tours, out=np.zeros_like(expected), where=rode)
    share = week.tours / (week.tours + prior) if prior > 0 else rode.astype(np.float64)
    expected += np.where(
        rode, smoothing * share * (observed - expected), smoothing * p["experience.drift"] * (mean - expected)
    )


def probe(model: World, service: SharedService, row: int, chosen: Array) -> tuple[Requests, Answers]:
    """What some who do not ride a service would be answered for one of their tours.

    Args:
        model: the model.
        service: the service; row: its row.
        chosen: int8 [person, slot] what everybody took.
    """
    s, week = model.state, int(model.state.week[0])
    workers, most = np.flatnonzero(s.post >= 0), int(model.parameters["experience.probes"])
    queue = uniforms(model.seed, Purpose.PROBE, week, s.worker_id[workers], service.service_id)
    look = min(len(workers), 4 * most)
    while True:  # the first few of the queue nearly always have enough who may be asked
        first = workers[np.argpartition(queue, look - 1)[:look]] if look < len(workers) else workers
        person, slot = _may_try(model, service, row, chosen, first)
        if len(person) >= most or look == len(workers):
            break
        look = min(len(workers), 4 * look)
    luck = uniforms(model.seed, Purpose.PROBE, week, s.worker_id[person], service.service_id)
    some = np.lexsort((s.worker_id[person], luck))[:most]
    requests = requests_of(model, person[some], slot[some])
    return requests, service.probe(requests)


def _may_try(
    model: World, service: SharedService, row: int, chosen: Array, people: Array
) -> tuple[Array, Array]:
    """Those of people who do not ride the service on the tour that they look at, to whom it is offered."""
    s, key, week = model.state, service.service_id + SLOT, int(model.state.week[0])
    worked = (chosen[people] != -1).cumsum(axis=1)
    which = np.floor(uniforms(model.seed, Purpose.PROBE, week, s.worker_id[people], key) * worked[:, -1])
    slot = (worked <= which[:, None]).sum(axis=1)
    able = worked[:, -1] > 0
    able[able] = chosen[people[able], slot[able]] != row
    people, slot = people[able], slot[able]
    shift = model.post_shift[s.post[people]]
    rota, *_ = slots_of(model, people, slot)
    local = model.network.classes.roster_local[shift, rota, slot]
    offered = np.isfinite(model.book.offers.out_min[row, model.book.start[people] + local])
    return people[offered], slot[offered]


def _learn_service(model: World, book: Bookings, probes: tuple[Requests, Answers]) -> None:
    """Acceptance, waiting and extra ride by (place, class) move towards what riders and probes met."""
    riders, served = len(book.requests), np.concatenate((book.answers.served, probes[1].served))
    both = Requests.joined((book.requests, probes[0]))
    if not len(both):
        return
    answers = Answers.joined((book.answers, probes[1]))
    rode = np.arange(len(both)) < riders
    table = book.service.expected
    _learn_table(model, table[ACCEPT], both, served.astype(np.float64), rode)
    if not served.any():
        return
    both, answers, rode = both.take(served), answers.take(served), rode[served]
    quote = book.service.quoted(both)
    wait = np.maximum(answers.wait_min - quote.wait_min.astype(np.float64), 0.0)
    whole = answers.out_min.astype(np.float64) + answers.back_min - quote.out_min - quote.back_min
    _learn_table(model, table[WAIT], both, wait, rode)
    _learn_table(model, table[EXTRA], both, np.maximum(whole - wait, 0.0), rode)


def _learn_table(model: World, table: Array, asked: Requests, value: Array, rode: Array) -> None:
    """Move one table, float32 [place, class], towards values [request] of riders (`rode`) and probes.

    A cell's target is its riders' mean, pulled to the mean of its commune and class where they are few. Where
    nothing happened in a commune and class it drifts to the mean of all that happened.
    """
    p = model.parameters
    places, classes = table.shape
    smoothing, prior = p["experience.smoothing"], p["experience.prior_tours"]
    commune = model.territory.places.commune[model.network.place_rows].astype(np.int64)
    zone = commune[asked.place] * classes + asked.klass
    size = (int(commune.max()) + 1) * classes
    n_zone, sum_zone = np.bincount(zone, minlength=size), np.bincount(zone, value, size)
    met = (n_zone > 0).reshape(-1, classes)[commune]
    mean = np.divide(sum_zone, n_zone, out=np.zeros(size), where=n_zone > 0).reshape(-1, classes)[commune]
    cell = asked.place[rode].astype(np.int64) * classes + asked.klass[rode]
    n = np.bincount(cell, minlength=places * classes).reshape(table.shape)
    total = np.bincount(cell, value[rode], places * classes).reshape(table.shape)
    weight = np.maximum(n + prior, np.finfo(np.float64).tiny)
    target = np.where((n + prior) > 0, (total + prior * mean) / weight, mean)
    drift = smoothing * p["experience.drift"]
    table += np.where(met, smoothing * (target - table), drift * (value.mean() - table)).astype(np.float32)
