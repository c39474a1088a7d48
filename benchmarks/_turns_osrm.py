"""OSRM's table with its car profile on an extract, asked by benchmarks/turns.py line by line.

    PYTHON _turns_osrm.py EXTRACT POINTS.npy FOLDER

Runs in a Python that has osrm-bindings. Prepares the extract into FOLDER once, prints what that cost, then
answers each line "THREADS" of standard input by the seconds of one table, and "answer FILE" by keeping
the last table there.

Lives here: OSRM's side. Not here: embauche's (turns).
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import osrm


def prepare(extract: Path, folder: Path) -> tuple[Path, dict[str, float]]:
    """OSRM's files of the extract by its own tools and car profile, and their seconds on one thread."""
    package = Path(osrm.__file__).parent
    costs, base = folder / "costs.json", folder / "extract.osrm"
    if costs.is_file():
        return base, json.loads(costs.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    packed = extract.suffix == ".gz"  # OSRM names its files after .osm, .osm.bz2 and .osm.pbf alone
    roads = folder / ("extract.osm" if packed else "extract.osm.pbf")
    with gzip.open(extract) if packed else extract.open("rb") as source, roads.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    profile = package / "share" / "profiles" / "car.lua"
    figures = {}
    for name, command in (
        ("extract_s", ["osrm-extract", "-p", str(profile), str(roads)]),
        ("contract_s", ["osrm-contract", str(base)]),
    ):
        began = time.perf_counter()
        tool = [str(package / "bin" / command[0]), *command[1:], "-t", "1", "-l", "ERROR"]
        subprocess.run(tool, check=True, stdout=subprocess.DEVNULL)
        figures[name] = time.perf_counter() - began
    roads.unlink()
    costs.write_text(json.dumps(figures))
    return base, figures


def main() -> None:
    """Prepare, then answer until standard input ends."""
    extract, points, folder = (Path(word) for word in sys.argv[1:4])
    base, costs = prepare(extract, folder)
    where = [tuple(point) for point in np.load(points).tolist()]  # sources, then as many targets
    half = len(where) // 2
    engine = osrm.OSRM(
        algorithm="CH", storage_config=str(base), use_shared_memory=False, max_locations_distance_table=-1
    )
    print(json.dumps({"version": version("osrm-bindings"), **costs}), flush=True)

    def table(sources: list[int]) -> Any:
        asked = [where[i] for i in sources] + where[half:]
        return engine.Table(
            osrm.TableParameters(
                coordinates=asked, sources=list(range(len(sources))),
                destinations=list(range(len(sources), len(asked))), annotations=["duration"],
                generate_hints=False,
            )
        )  # fmt: skip

    found: list[Any] = []
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "answer":
            rows = [[np.nan if s is None else float(s) for s in row] for t in found for row in t["durations"]]
            np.save(rest, np.array(rows))
            print("{}", flush=True)
            continue
        threads = int(word)
        parts = [part.tolist() for part in np.array_split(np.arange(half), threads)]
        clock = time.process_time if threads == 1 else time.perf_counter
        began = clock()
        if threads == 1:
            found = [table(parts[0])]
        else:
            with ThreadPoolExecutor(threads) as pool:
                found = list(pool.map(table, parts))
        print(json.dumps({"seconds": clock() - began}), flush=True)


if __name__ == "__main__":
    main()
