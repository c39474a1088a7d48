"""Seconds and peak memory of `embauche build` on real extracts, beside osmnx reading the same file.

Run: python benchmarks/build.py [--smoke] [--data FOLDER]. One JSON line a build, each in a process
of its own; `ratio` is osmnx.graph_from_xml's seconds over ours on the same Addison file, though ours
also writes networks for three modes, homes, sites and the timetable. `--smoke` runs the smallest only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from _common import child, peak_mib, show

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CASES: dict[str, tuple[str, str | None]] = {
    "heidelberg": ("osm/heidelberg.osm.pbf", "gtfs/heidelberg.gtfs.zip"),
    "addison": ("osm/addison.osm.gz", "gtfs/addison.gtfs.zip"),
    "porto": ("osm/porto.osm.pbf", None),
}
LIMIT_S, LIMIT_MIB = 60.0, 2048.0  # the target for Porto


def ours(data: Path, case: str) -> None:
    """Build one case into a folder that is thrown away."""
    osm, gtfs = CASES[case]
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        from embauche.territory.build import build_territory

        made = build_territory(data / osm, [data / gtfs] if gtfs else [], out=Path(folder) / case)
        seconds = time.perf_counter() - begin
        begin = time.perf_counter()
        type(made).load(Path(folder) / case)
        load_s = time.perf_counter() - begin
    figures = {"seconds": seconds, "load_s": load_s, "peak_mib": peak_mib(), "nodes": len(made.nodes)}
    print(json.dumps(figures))


def osmnx_s(data: Path) -> None:
    """osmnx.graph_from_xml on the same Addison file, unpacked beforehand."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "addison.osm"
        with gzip.open(data / CASES["addison"][0]) as packed, path.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        begin = time.perf_counter()
        import osmnx

        graph = osmnx.graph_from_xml(path, simplify=False, retain_all=True)
        print(
            json.dumps({"seconds": time.perf_counter() - begin, "peak_mib": peak_mib(), "nodes": len(graph)})
        )


def main() -> None:
    """Run the cases in child processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--only", choices=[*CASES, "osmnx"])
    options = parser.parse_args()
    if not options.data.is_dir():
        print(json.dumps({"benchmark": "build", "skipped": f"no real data in {options.data}"}))
        return
    if options.only:
        osmnx_s(options.data) if options.only == "osmnx" else ours(options.data, options.only)
        return

    def run(case: str) -> dict[str, float]:
        return child(sys.argv[0], "--only", case, "--data", str(options.data))

    seconds = {}
    for case in ["heidelberg"] if options.smoke else CASES:
        figures = run(case)
        seconds[case] = figures["seconds"]
        show(benchmark="build", case=case, **figures, limit_seconds=LIMIT_S, limit_peak_mib=LIMIT_MIB)
    if not options.smoke:
        peer = run("osmnx")
        show(benchmark="build", case="osmnx addison", **peer, ratio=peer["seconds"] / seconds["addison"])


if __name__ == "__main__":
    main()
