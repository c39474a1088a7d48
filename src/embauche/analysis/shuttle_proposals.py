"""Shuttle lines proposed for a zone's shifts under a fleet and a budget, ranked by posts reached per euro.

Lives here: Wish, Proposal, propose. Not here: who needs them (shuttle_need), the search of one route
(shuttle_routes), what is written (shuttle_files), lines on the ground (services.shuttles).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.analysis.shuttle_need import Need, Zone, need_of, zone_of
from embauche.analysis.shuttle_routes import Stops, best_route
from embauche.core.errors import UserError
from embauche.routing.access import walks
from embauche.routing.stops_named import StopBook

if TYPE_CHECKING:
    from embauche.model import Bassin
    from embauche.services.shuttles.options import ShuttleLine

Array = np.ndarray[Any, Any]
CANDIDATES = 40  # stops near homes that routes may take
WORK_STOPS = 3  # stops at work of a line
HALT_MIN = 0.5
TURN_MIN = 10.0  # between runs, and from and to a depot not yet known: replaced by the duties' own minutes


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        zone: communes of the workplaces, names or codes; that with most such posts if empty.
        radius_km: workplaces around their centres instead of within them, where above 0.
        windows: windows of shifts that a line may serve.
        budget_eur_week: for all lines together.
        vehicles, seats: fleet for all lines together, and seats of each.
        lines: at most so many.
        limit_min: longest way to work, each way, that counts as within reach.
        walk_min: longest walk to a stop.
        most_stops: stops of a line near homes.
        days: days that the lines run.
    """

    zone: tuple[str, ...] = ()
    radius_km: float = 0.0
    windows: tuple[str, ...] = ("morning", "afternoon", "night")
    budget_eur_week: float = 8000.0
    vehicles: int = 4
    seats: int = 19
    lines: int = 5
    limit_min: float = 60.0
    walk_min: float = 15.0
    most_stops: int = 6
    days: str | tuple[str, ...] = "weekdays"


@dataclass(frozen=True)
class Proposal:
    """One line and what it would do, beside those ranked before it.

    Attributes:
        line: as `services.shuttle.lines` takes it.
        persons: active persons without a car for whom posts come within reach.
        posts: posts of the zone that the line serves.
        reached: posts brought within reach, summed over these persons.
        reached_vacant: open posts likewise.
        eur_week: drivers, energy, vehicles of a week.
        km_week: kilometres of a week, empty ones included.
        vehicles: vehicles out at once.
    """

    line: ShuttleLine
    persons: float
    posts: float
    reached: float
    reached_vacant: float
    eur_week: float
    km_week: float
    vehicles: int

    @property
    def per_euro(self) -> float:
        """Posts brought within reach per euro."""
        return self.reached / self.eur_week if self.eur_week > 0 else 0.0


@dataclass(frozen=True)
class _Plan:
    """What the search for lines reads.

    Attributes:
        node: int64 [candidate] road nodes; work the nodes of the stops at work, in order.
        names: of both.
        stops: the ground of routes; its minutes to work include the way between stops at work.
        need: who cannot reach what.
    """

    node: Array
    work: Array
    names: tuple[str, ...]
    stops: Stops
    need: Need


def propose(model: Bassin, wish: Wish) -> tuple[Zone, list[Proposal]]:
    """Lines for a zone, best first, each counted beside those before it.

    Greedy by posts reached per euro, which for such covering under a budget is within (1 - 1/e)/2 of the best
    where the single best line is looked at too (Khuller, Moss, Naor 1999); routes are found by local search.

    Args:
        model: a bassin at its start state.
        wish: what is asked for.

    Raises:
        UserError: an unknown commune or window, no posts there, or nobody who needs the line.
    """
    zone = zone_of(model, wish.zone, wish.radius_km, wish.windows)
    plan = _plan(model, zone, wish, need_of(model, zone, wish.limit_min))
    left = plan.need.persons[:, None] * plan.need.lost
    vacant = plan.need.persons[:, None] * plan.need.lost_vacant
    chosen: list[Proposal] = []
    budget, vehicles = wish.budget_eur_week, wish.vehicles
    while len(chosen) < wish.lines:
        tried = [
            _line(model, zone, plan, wish, windows, left, vacant, len(chosen) + 1)
            for k in range(1, len(wish.windows) + 1)
            for windows in combinations(range(len(wish.windows)), k)
        ]
        able = [t for t in tried if t is not None and t[0].eur_week <= budget and t[0].vehicles <= vehicles]
        if not able:
            break
        best, covered, windows = max(able, key=lambda t: t[0].per_euro)
        chosen.append(best)
        budget, vehicles = budget - best.eur_week, vehicles - best.vehicles
        for w in windows:
            left[covered, w] = vacant[covered, w] = 0.0
    if not chosen:
        raise UserError(
            "no line fits these wishes",
            found=f"{wish.budget_eur_week:g} EUR a week, {wish.vehicles} vehicles",
            expected="a budget and vehicles for one line that brings somebody within reach",
            fix="raise --budget or --vehicles, or name another zone",
        )  # fmt: skip
    return zone, chosen


def _plan(model: Bassin, zone: Zone, wish: Wish, need: Need) -> _Plan:
    graph, t, net = model.network.roads.graph, model.territory, model.network
    site_node = t.sites.node[net.site_rows][zone.site].astype(np.int64)
    work = _work_stops(graph, site_node, zone.posts.sum(axis=1), wish.walk_min)
    home = t.places.node[net.place_rows][need.place].astype(np.int64)
    weight = need.persons * need.lost.sum(axis=1)
    to_first = graph.seconds("car", home, work[:1])[:, 0] / 60.0
    useful = np.flatnonzero((weight > 0) & (to_first <= wish.limit_min))
    if not len(useful):
        raise UserError(
            "nobody needs a shuttle to this zone", found=zone.name,
            expected="persons without a car who cannot reach its posts today, within the longest way",
            fix="name another zone, or raise --limit",
        )  # fmt: skip
    need = Need(need.place[useful], need.persons[useful], need.lost[useful], need.lost_vacant[useful])
    home, weight = home[useful], weight[useful]
    nodes = np.setdiff1d(home, work)
    walk = np.full((len(nodes), len(home)), np.inf)
    stop, row, seconds = walks(graph, nodes, np.zeros(len(nodes)), home, wish.walk_min * 60.0)
    walk[stop, row] = seconds / 60.0
    picked = _cover(np.isfinite(walk), weight)
    node, walk = nodes[picked], walk[picked]
    through = sum(
        float(graph.seconds("car", work[k : k + 1], work[k + 1 : k + 2])[0, 0]) / 60.0 + HALT_MIN
        for k in range(len(work) - 1)
    )
    drive = graph.seconds("car", node, node) / 60.0 + HALT_MIN
    to_work = graph.seconds("car", node, work[:1])[:, 0] / 60.0 + HALT_MIN + through
    limit = wish.limit_min - 10.0 - _mean_walk(graph, work, site_node, zone.posts.sum(axis=1), wish.walk_min)
    stops = Stops(walk, drive, to_work, limit, limit, TURN_MIN)
    return _Plan(node, work, _names(model, node, work), stops, need)


def _work_stops(graph: Any, node: Array, posts: Array, walk_min: float) -> Array:
    """Up to three stops within a walk of most posts, in the order of the shortest way through them."""
    nodes = np.unique(node)
    near = graph.seconds("walk", nodes, node) <= 60.0 * walk_min
    picked = nodes[_cover(near, posts)[:WORK_STOPS]]
    between = graph.seconds("car", picked, picked)
    orders = permutations(range(len(picked)))
    best = min(orders, key=lambda o: (sum(between[a, b] for a, b in pairwise(o)), o))
    return np.asarray(picked[list(best)])


def _mean_walk(graph: Any, work: Array, node: Array, posts: Array, walk_min: float) -> float:
    nearest = graph.seconds("walk", work, node).min(axis=0) / 60.0
    near = nearest <= walk_min
    return float(np.average(nearest[near], weights=posts[near]))


def _cover(near: Array, weight: Array) -> Array:
    """Rows that cover most weight, each time the one that adds most; at most CANDIDATES."""
    left = weight.astype(np.float64).copy()
    chosen: list[int] = []
    while len(chosen) < CANDIDATES:
        gain = near @ left
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        chosen.append(best)
        left[near[best]] = 0.0
    return np.array(chosen, np.int64)


def _names(model: Bassin, node: Array, work: Array) -> tuple[str, ...]:
    """Names of stops: the commune's, numbered where several lie in one."""
    t = model.territory
    of_node = dict(zip(t.places.node.tolist(), t.places.commune.tolist(), strict=True))
    of_node |= dict(zip(t.sites.node.tolist(), t.sites.commune.tolist(), strict=True))
    seen: dict[str, int] = {}
    names = []
    for n in [*node.tolist(), *work.tolist()]:
        name = str(t.communes.name[of_node[n]])
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(names)


def _line(
    model: Bassin, zone: Zone, plan: _Plan, wish: Wish, windows: Sequence[int], left: Array, vacant: Array,
    number: int,
) -> tuple[Proposal, Array, Sequence[int]] | None:  # fmt: skip
    """The best line for these windows beside those chosen before, the places it covers, its windows."""
    from embauche.services.shuttles.options import ShuttleLine

    weight = left[:, list(windows)].sum(axis=1)
    route, worth = best_route(plan.stops, weight, wish.most_stops)
    if worth <= 0:
        return None
    nodes, names = model.territory.nodes, plan.names
    at = [(int(plan.node[s]), names[s]) for s in route]
    at += [(int(n), names[len(plan.node) + k]) for k, n in enumerate(plan.work)]
    stops = [
        {"lon": round(float(nodes.lon[n]), 6), "lat": round(float(nodes.lat[n]), 6), "name": name}
        for n, name in at
    ]
    line = ShuttleLine.model_validate({
        "name": f"navette {zone.name.split(',')[0]} {number}", "stops": stops,
        "windows": [zone.windows[w] for w in windows], "days": wish.days, "seats": wish.seats,
    })  # fmt: skip
    eur, km, vehicles = week_cost(model, line)
    covered = plan.stops.covered(route)
    reached = float(weight[covered].sum())
    open_posts = float(vacant[covered][:, list(windows)].sum())
    helped = covered & (weight > 0)
    persons, posts = float(plan.need.persons[helped].sum()), float(zone.posts[:, list(windows)].sum())
    return Proposal(line, persons, posts, reached, open_posts, eur, km, vehicles), covered, windows


def week_cost(model: Bassin, line: ShuttleLine) -> tuple[float, float, int]:
    """Euros and kilometres of a line's week, and its vehicles, as the service itself counts them."""
    from embauche.services.shuttles.fleet import plan_week
    from embauche.services.shuttles.layout import line_of
    from embauche.services.shuttles.week import costs_of

    t, p, graph = model.territory, model.parameters, model.network.roads.graph
    ground = line_of(line, StopBook(t, p), t.nodes, graph, model.catalogue)
    duties = plan_week(ground, graph, p["shuttle.break_min"])
    return sum(costs_of(duties, p).values()), duties.km_run + duties.km_empty, duties.vehicles
