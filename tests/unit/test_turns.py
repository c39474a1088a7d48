"""Turn restrictions from OpenStreetMap tags to banned turns and times, each kind by hand.

Lives here: hand examples. Not here: random graphs (tests/property), real extracts (test_territory_real).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

import territory_files as files
from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.routing.turns import TurnGraph, turn_costs
from embauche.territory.build import build_territory
from embauche.territory.network import build_network
from embauche.territory.osm import read_osm
from embauche.territory.restrictions import (
    ABSENT,
    AMBIGUOUS,
    APART,
    CONDITIONS,
    KEPT,
    MEMBERS,
    MOOT,
    OTHERS,
    READ,
    UNKNOWN,
)
from embauche.territory.territory import Territory
from naive.turns import turn_seconds

# A ladder: 1-2-3 below, 11-12-13 above, rungs between; way ids name their ends.
PLACES = {1: (0, 0), 2: (1, 0), 3: (2, 0), 11: (0, 1), 12: (1, 1), 13: (2, 1)}
STREETS = {12: (1, 2), 23: (2, 3), 1112: (11, 12), 1213: (12, 13), 111: (1, 11), 212: (2, 12), 313: (3, 13)}


def relation(number: int, members: Iterable[tuple[str, int, str]], version: int = 1, **tags: str) -> str:
    text = f'<relation id="{number}" version="{version}">'
    text += "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
    tags = {"type": "restriction"} | {k.replace("__", ":"): v for k, v in tags.items()}
    return text + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()) + "</relation>"


def turn(start: int, via: int, end: int, *, number: int = 1, **tags: str) -> str:
    kind = "node" if via in PLACES else "way"
    return relation(number, [("way", start, "from"), (kind, via, "via"), ("way", end, "to")], **tags)


def ladder(folder: Path, extra: str, oneway: tuple[int, ...] = ()) -> Path:
    ways = []
    for number, refs in STREETS.items():
        tags = {"highway": "residential"} | ({"oneway": "yes"} if number in oneway else {})
        ways.append((number, list(refs), tags))
    nodes = {n: files.place(*ij) for n, ij in PLACES.items()}
    return files.write_osm(folder, files.osm_xml(ways, nodes, extra))


def paths(
    folder: Path, extra: str, oneway: tuple[int, ...] = ()
) -> tuple[set[tuple[int, ...]], dict[str, int]]:
    """Banned sequences as the nodes passed, and the counts of what was read."""
    raw = read_osm(ladder(folder, extra, oneway), defaults())
    banned = {
        tuple(int(raw.node_id[n]) for n in (raw.tail[links[0]], *raw.head[list(links)]))
        for _, links in raw.turns
    }
    return banned, {k: v for k, v in raw.counts.items() if "restriction" in k and v}


@pytest.mark.parametrize(
    ("tags", "banned"),
    [
        ({"restriction": "no_left_turn"}, {(1, 2, 12)}),
        ({"restriction": "no_straight_on"}, {(1, 2, 12)}),
        ({"restriction__motorcar": "no_left_turn"}, {(1, 2, 12)}),
        ({"restriction": "no_left_turn", "except": "bicycle;psv"}, {(1, 2, 12)}),
        ({"restriction": "no_left_turn", "restriction__conditional": "none @ (22:00-06:00)"}, {(1, 2, 12)}),
        ({"restriction": "only_left_turn"}, {(1, 2, 3), (1, 2, 1)}),
    ],
)
def test_via_node(tmp_path: Path, tags: dict[str, str], banned: set[tuple[int, ...]]) -> None:
    assert paths(tmp_path, turn(12, 2, 212, **tags)) == (banned, {READ: 1, KEPT: 1})


def test_u_turn(tmp_path: Path) -> None:
    assert paths(tmp_path, turn(12, 2, 12, restriction="no_u_turn"))[0] == {(1, 2, 1)}


def test_via_way(tmp_path: Path) -> None:
    """Out along the lower street, over the rung and back along the upper one."""
    assert paths(tmp_path, turn(12, 212, 1112, restriction="no_u_turn"))[0] == {(1, 2, 12, 11)}
    # only_: who goes on to the rung may then only turn back; who goes straight on at 2 is free
    only = paths(tmp_path, turn(12, 212, 1112, restriction="only_u_turn"))[0]
    assert only == {(1, 2, 12, 13), (1, 2, 12, 2)}


def test_via_ways(tmp_path: Path) -> None:
    members = [("way", 111, "from"), ("way", 12, "via"), ("way", 23, "via"), ("way", 313, "to")]
    assert paths(tmp_path, relation(1, members, restriction="no_left_turn"))[0] == {(11, 1, 2, 3, 13)}


def test_no_entry_of_several(tmp_path: Path) -> None:
    members = [("way", 12, "from"), ("way", 23, "from"), ("node", 2, "via"), ("way", 212, "to")]
    assert paths(tmp_path, relation(1, members, restriction="no_entry"))[0] == {(1, 2, 12), (3, 2, 12)}


@pytest.mark.parametrize(
    ("extra", "cause"),
    [
        (turn(12, 2, 212, restriction="no_parking"), UNKNOWN),
        (turn(12, 2, 212), None),  # no restriction key at all: not our relation
        (turn(12, 2, 212, restriction="no_left_turn", except_="x").replace("except_", "except"), "kept"),
        (turn(12, 2, 212, restriction="no_left_turn", **{"except": "motorcar"}), OTHERS),
        (turn(12, 2, 212, restriction__conditional="no_left_turn @ (07:00-09:00)"), CONDITIONS),
        (turn(12, 2, 212, restriction="no_left_turn", hour_on="07:00"), CONDITIONS),
        (turn(12, 2, 999, restriction="no_left_turn"), ABSENT),
        (turn(12, 2, 1112, restriction="no_left_turn"), APART),
        (turn(12, 1213, 212, restriction="no_left_turn"), APART),
        (relation(1, [("way", 12, "from"), ("node", 2, "via")], restriction="no_left_turn"), MEMBERS),
        (relation(1, [("way", 12, "from"), ("way", 212, "to")], restriction="no_left_turn"), MEMBERS),
        (relation(1, [], restriction="only_left_turn"), MEMBERS),
        (relation(1, [("node", 2, "via"), ("relation", 9, "from")], restriction="no_u_turn"), MEMBERS),
        (turn(12, 777, 212, restriction="no_left_turn"), ABSENT),
        (
            relation(
                1,
                [("way", 12, "from"), ("node", 999, "via"), ("way", 212, "to")],
                restriction="no_left_turn",
            ),
            APART,
        ),
    ],
)  # fmt: skip
def test_left_out_and_counted(tmp_path: Path, extra: str, cause: str | None) -> None:
    banned, counts = paths(tmp_path, extra)
    if cause == "kept":
        assert counts == {READ: 1, KEPT: 1}
    else:
        assert (banned, counts) == (set(), {} if cause is None else {READ: 1, cause: 1})


def test_turns_that_no_car_makes_are_moot(tmp_path: Path) -> None:
    """From a one-way street that leads away from the via node."""
    assert paths(tmp_path, turn(23, 2, 212, restriction="no_right_turn"), oneway=(23,)) == (
        set(), {READ: 1, MOOT: 1},
    )  # fmt: skip


def test_a_way_through_the_via_node_is_ambiguous(tmp_path: Path) -> None:
    ways = [(5, [1, 2, 3], {"highway": "residential"}), (212, [2, 12], {"highway": "residential"})]
    nodes = {n: files.place(*PLACES[n]) for n in (1, 2, 3, 12)}
    extra = turn(5, 2, 212, restriction="no_left_turn") + turn(5, 2, 5, number=2, restriction="no_u_turn")
    raw = read_osm(files.write_osm(tmp_path, files.osm_xml(ways, nodes, extra)), defaults())
    assert raw.counts[AMBIGUOUS] == 1
    assert raw.counts[KEPT] == 1  # turning back is clear whichever way one comes from
    assert len(raw.turns) == 2


def test_the_newest_version_counts(tmp_path: Path) -> None:
    new = turn(12, 2, 23, version=2, restriction="no_straight_on")
    old = turn(12, 2, 212, version=1, restriction="no_left_turn")
    assert paths(tmp_path, old + new)[0] == paths(tmp_path, new + old)[0] == {(1, 2, 3)}


def graph_of(town: Territory) -> TurnGraph:
    arcs = town.arcs
    indptr = np.searchsorted(arcs.tail, np.arange(len(town.nodes) + 1)).astype(np.int32)
    return TurnGraph(
        indptr, arcs.head, town.nodes.x_m, town.nodes.y_m, turn=town.turns.turn, arc=town.turns.arc
    )


def test_from_file_to_times(tmp_path: Path) -> None:
    """A ban and a ban by a via way change times as they do in the plain search; saved and loaded whole."""
    extra = turn(12, 2, 212, restriction="no_left_turn")
    extra += turn(212, 23, 313, number=2, restriction="no_left_turn")
    town = build_territory(ladder(tmp_path, extra), out=tmp_path / "town", population=100)
    town = Territory.load(tmp_path / "town")
    assert town.turns.relation.tolist() == [1, 1, 2, 2, 2]
    assert town.manifest["counts"]["turns banned"] == 2
    assert town.restrict([]).turns is town.turns
    graph = graph_of(town)
    seconds = town.arcs.car_s.astype(float)
    assert np.array_equal((np.rint(seconds * 10) / 10).astype(np.float32), town.arcs.car_s)  # whole tenths
    words = [town.turns.arc[:2].tolist(), town.turns.arc[2:].tolist()]
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    expanded = graph.seconds(seconds)
    open_ = np.isfinite(expanded)
    tail = np.repeat(np.arange(graph.vertices), np.diff(graph.indptr))[open_]
    weights = np.maximum(expanded[open_], 1e-12)  # scipy takes 0 for no arc
    matrix = csr_array((weights, (tail, graph.indices[open_])), shape=(graph.vertices,) * 2)
    got = dijkstra(matrix, indices=np.arange(graph.nodes))[:, graph.arrive]
    arcs = town.arcs
    want = [
        turn_seconds(len(town.nodes), arcs.tail.tolist(), arcs.head.tolist(), seconds.tolist(), words, i)
        for i in range(len(town.nodes))
    ]
    np.testing.assert_allclose(got, want, atol=1e-9)
    free = dijkstra(matrix, indices=[0])[0]
    assert free[graph.arrive[4]] > free[graph.arrive[1]] + seconds.min()  # 1 to 12 is a detour now


def test_bad_bans() -> None:
    indptr, head = np.array([0, 1, 2], np.int32), np.array([1, 0], np.int32)
    for arcs in ([0], [0, 0], [0, 5], [-1, 0]):
        with pytest.raises(UserError, match="banned turn"):
            TurnGraph(indptr, head, np.zeros(2), np.zeros(2), turn=np.zeros(len(arcs)), arc=np.array(arcs))


def test_turn_costs_by_angle() -> None:
    """A crossing: straight on is free, left dearer than right, back only where the road ends."""
    x, y = np.array([0.0, 0, 1, 0, -1]), np.array([0.0, -1, 0, 1, 0])  # middle, south, east, north, west
    pairs = sorted([(0, i) for i in range(1, 5)] + [(i, 0) for i in range(1, 5)])
    tail = np.array([a for a, _ in pairs])
    indptr = np.searchsorted(tail, np.arange(6)).astype(np.int32)
    graph = TurnGraph(indptr, np.array([b for _, b in pairs], np.int32), x, y, every=True)

    def cost(a: int, b: int, c: int, **options: bool) -> float:
        costs = turn_costs(graph, turn_s=7.5, bias=1.075, u_turn_s=20.0, **options)
        came = np.repeat(graph.came, np.diff(graph.indptr))
        at = (came == pairs.index((a, b))) & (graph.base_arc == pairs.index((b, c)))
        return float(costs[at][0])

    assert cost(1, 0, 3) == pytest.approx(0, abs=0.02)
    right, left = cost(1, 0, 2), cost(1, 0, 4)
    assert 2 < right < 3.75 < left < 5.5
    assert cost(1, 0, 2, left=True) == pytest.approx(left)  # where traffic keeps left
    assert cost(1, 0, 1) == np.inf
    assert cost(1, 0, 1, u_turns=True) == pytest.approx(27.5, abs=0.1)
    assert cost(0, 1, 0) == pytest.approx(27.5, abs=0.1)  # a dead end


def test_turns_survive_the_sorting_of_arcs(tmp_path: Path) -> None:
    raw = read_osm(ladder(tmp_path, turn(12, 2, 212, restriction="no_left_turn")), defaults())
    nodes, arcs, turns, _ = build_network(raw, "ladder")
    ids = nodes["osm_id"]
    assert [(int(ids[arcs["tail"][a]]), int(ids[arcs["head"][a]])) for a in turns["arc"]] == [(1, 2), (2, 12)]


@pytest.mark.long
def test_heidelberg_agrees_with_the_plain_search(shared_data: Path) -> None:
    """From three nodes at banned turns to every node, in whole tenths of a second."""
    nodes, arcs, turns, counts = build_network(
        read_osm(shared_data / "osm/heidelberg.osm.pbf", defaults()), "heidelberg"
    )
    assert counts[KEPT] > 400
    assert counts["turns banned"] > 400
    indptr = np.searchsorted(arcs["tail"], np.arange(len(nodes["osm_id"]) + 1)).astype(np.int32)
    graph = TurnGraph(
        indptr,
        arcs["head"].astype(np.int32),
        nodes["x_m"],
        nodes["y_m"],
        turn=turns["turn"],
        arc=turns["arc"],
    )
    tenths = np.rint(arcs["car_s"] * 10)
    weighting = graph.hierarchy().customize(graph.seconds(tenths))
    cut = np.flatnonzero(np.diff(turns["turn"])) + 1
    words = [part.tolist() for part in np.split(turns["arc"], cut)]
    origins = arcs["tail"][[words[0][0], words[100][0], words[-1][0]]]
    found = weighting.times(origins, graph.arrive)
    for row, origin in zip(found, origins.tolist(), strict=True):
        want = turn_seconds(
            len(nodes["osm_id"]), arcs["tail"].tolist(), arcs["head"].tolist(), tenths.tolist(), words, origin
        )
        assert row.tolist() == want
    plain = turn_seconds(len(row), arcs["tail"].tolist(), arcs["head"].tolist(), tenths.tolist(), [], origin)
    assert (np.array(plain) < row).any()  # the bans are felt
