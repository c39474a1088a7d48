"""One peer in a process of its own, told over standard input when to run; run by the peer's Python.

    python _peers_child.py PEER GRAPH.npz SETTINGS.json

Lives here: clocks, memory and the talk with the parent, one JSON line an answer. Not here: what a peer is
asked (_peers_calls). The first line tells the version and the seconds of preparation; each line `go` on
standard input runs one round; `end` tells peak memory.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from _common import peak_mib
from _peers_calls import PEERS, Embauche, Peer, clock_of
from _peers_graph import read, sample


def tell(out: Any, **figures: Any) -> None:
    """One JSON line to the parent."""
    out.write(json.dumps(figures) + "\n")
    out.flush()


def one_round(peer: Peer, asked: dict[str, Any], sources: np.ndarray, targets: np.ndarray) -> dict[str, Any]:
    """Ask once; seconds are scaled to all sources. Processor time is the clock of a single thread."""
    clock = clock_of(asked["threads"])
    wall, began = time.perf_counter(), clock()
    if asked["to_all"]:
        answer, rows = None, []
        for some in peer.to_all(sources):
            if asked["keep"]:
                rows.append(peer.seconds_of(some, asked["check"])[:, targets])
            some = None  # before the next are made
        if rows:
            answer = np.concatenate(rows)
    else:
        answer = peer.table(sources, targets)
    seconds, wall_s = clock() - began, time.perf_counter() - wall
    if asked["keep"]:
        check = min(asked["check"], len(sources))
        found = answer[:check] if asked["to_all"] else peer.seconds_of(answer, check)
        np.save(asked["answer"], found)
        if isinstance(peer, Embauche):
            np.save(asked["answer"] + ".tenths.npy", peer.tenths(sources[:check], targets))
    share = asked["sources"] / peer.searches(sources)
    return {"seconds": seconds * share, "wall_s": wall_s * share, "checked": len(sources)}


def main() -> None:
    """Prepare, then answer the parent until it has done."""
    name, graph_path, asked = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints goes where errors go
    kind = PEERS[name]
    if asked["cpu"] is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {asked["cpu"]})
    try:
        module = importlib.import_module(kind.module)
        if kind is Embauche:
            _ = module.RoadHierarchy
    except (ImportError, AttributeError) as error:
        tell(out, skipped=f"does not import: {error}")
        return
    if asked["threads"] > 1 and not kind.threaded:
        tell(out, skipped="uses one thread only")
        return
    if asked["to_all"] and not kind.all_nodes:
        tell(out, skipped="has no one-to-all")
        return
    graph = read(graph_path)
    sources, targets = sample(graph.nodes, asked["sources"], asked["targets"], asked["seed"])
    sources, targets = sources[: kind.most_sources], targets[: kind.most_targets]
    peer = kind(graph, asked["threads"], Path(asked["cache"]))
    before = peak_mib()
    try:
        peer.prepare()
        if not asked["prepare_only"]:
            peer.fit(sources, targets)
        tell(out, version=peer.version(), **peer.costs, before_mib=before)
        for line in sys.stdin:
            if line.strip() == "end":
                break
            asked["keep"] = line.strip() == "keep"
            with contextlib.redirect_stdout(sys.stderr):
                figures = one_round(peer, asked, sources, targets)
            tell(out, **figures)
        tell(out, peak_mib=peak_mib(), asked_sources=len(sources), asked_targets=len(targets))
    except Exception as error:  # a peer's fault must not end the whole benchmark
        tell(out, skipped=f"failed: {type(error).__name__}: {error}"[:400])


if __name__ == "__main__":
    main()
