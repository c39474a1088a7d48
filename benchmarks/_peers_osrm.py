"""OSRM's files for a plain graph: the graph as OSM XML, a profile that reads its durations, OSRM's tools.

Lives here: preparation. Not here: OSRM's queries (_peers_calls).
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from pathlib import Path

import numpy as np

from _peers_graph import Graph

# Every arc carries its time in tenths of a second, the finest that OSRM's durations have; turns are free.
PROFILE = """api_version = 4
function setup()
  return { properties = { weight_name = 'duration', weight_precision = 1, use_turn_restrictions = false,
    continue_straight_at_waypoint = false, max_speed_for_map_matching = 50, process_call_tagless_node = false } }
end
function process_way(profile, way, result)
  local seconds = tonumber(way:get_value_by_key('tenths')) / 10
  result.duration = seconds
  result.weight = seconds
  result.forward_speed = 36
  result.backward_speed = 36
  result.forward_mode = mode.driving
  if way:get_value_by_key('oneway') ~= 'yes' then result.backward_mode = mode.driving
  else result.backward_mode = mode.inaccessible end
end
function process_turn(profile, turn)
  if turn.is_u_turn then
    turn.duration = 20
    turn.weight = 20
  end
end
return { setup = setup, process_way = process_way, process_turn = process_turn }
"""  # noqa: E501


def degrees(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude [node] as OSRM keeps them: 1e-6 degrees; metres are laid around (0, 0)."""
    lon, lat = graph.x, graph.y
    if max(np.abs(lon).max(), 2 * np.abs(lat).max()) > 180:
        lon, lat = (lon - lon.mean()) / 111_320, (lat - lat.mean()) / 111_320
    return np.rint(lon * 1e6) / 1e6, np.rint(lat * 1e6) / 1e6


def streets(graph: Graph) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Arcs as ways: tail, head, tenths of a second, and whether one way only.

    Two opposite arcs of the same time become one way, as a street is in OSM. Loops are left out. Under a
    tenth of a second becomes one tenth: OSRM has no shorter street.
    """
    tail, head = graph.tails.astype(np.int64), graph.indices.astype(np.int64)
    tenths = np.maximum(np.rint(graph.weight.astype(np.float64) * 10).astype(np.int64), 1)
    tail, head, tenths = (column[tail != head] for column in (tail, head, tenths))
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    order = np.lexsort((tail, tenths, high, low))
    tail, head, tenths, low, high = (column[order] for column in (tail, head, tenths, low, high))
    same = (low[:-1] == low[1:]) & (high[:-1] == high[1:]) & (tenths[:-1] == tenths[1:])
    twin = np.flatnonzero(same & (tail[:-1] != tail[1:]))  # arc i there, arc i + 1 back
    both = np.zeros(len(tail), dtype=bool)
    both[twin] = True
    keep = np.ones(len(tail), dtype=bool)
    keep[twin + 1] = False
    return tail[keep], head[keep], tenths[keep], ~both[keep]


def write_osm(graph: Graph, path: Path) -> None:
    """Write the graph as OSM XML; node i has the id i + 1."""
    lon, lat = degrees(graph)
    with path.open("w") as file:
        file.write('<?xml version="1.0"?>\n<osm version="0.6">\n')
        file.writelines(
            f'<node id="{i}" version="1" lat="{b:.6f}" lon="{a:.6f}"/>\n'
            for i, (a, b) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), 1)
        )
        rows = zip(*(column.tolist() for column in streets(graph)), strict=True)
        for i, (tail, head, tenths, one) in enumerate(rows, 1):
            oneway = '<tag k="oneway" v="yes"/>' if one else ""
            file.write(
                f'<way id="{i}" version="1"><nd ref="{tail + 1}"/><nd ref="{head + 1}"/>'
                f'<tag k="highway" v="road"/><tag k="tenths" v="{tenths}"/>{oneway}</way>\n'
            )
        file.write("</osm>\n")


def prepare(graph: Graph, tools: Path, cache: Path, threads: int) -> tuple[Path, dict[str, float]]:
    """OSRM's contracted files for the graph, and the seconds and memory of making them.

    Made once for a graph, OSRM version and profile, and kept under `cache` with what they cost, in seconds of
    processor time on one thread (`prepare_threads` 1), else on the wall.
    """
    digest = hashlib.sha256(PROFILE.encode() + str((tools / "osrm-extract").stat().st_mtime_ns).encode())
    for array in graph:
        digest.update(np.ascontiguousarray(array).tobytes())
    folder = cache / f"osrm-{digest.hexdigest()[:16]}"
    base, costs = folder / "graph.osrm", folder / "costs.json"
    if costs.is_file():
        return base, json.loads(costs.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile.lua").write_text(PROFILE)
    write_osm(graph, folder / "graph.osm")
    figures: dict[str, float] = {"prepare_threads": threads}
    peak = 0.0
    for name, command in (
        ("extract_s", ["osrm-extract", "-p", str(folder / "profile.lua"), str(folder / "graph.osm")]),
        ("contract_s", ["osrm-contract", str(base)]),
    ):
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(tools / command[0]), *command[1:], "-t", str(threads), "-l", "WARNING"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command[0]} failed: {said.strip()[-300:]}")
        figures[name] = time.perf_counter() - began
        if threads == 1:
            figures[name] = usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
    figures["prepare_peak_mib"] = peak
    (folder / "graph.osm").unlink()
    costs.write_text(json.dumps(figures))
    return base, figures
