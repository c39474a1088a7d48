"""Run the benchmarks and write their figures to docs/performance.md, with machine, versions and date.

    python benchmarks/performance.py [--only SECTION]... [--peers-python PYTHON]...
    python benchmarks/performance.py --write          (from what is kept, nothing is run)
    python benchmarks/performance.py --smoke          (whether the page says what is kept)

What the benchmarks print is kept in docs/performance.json, so that one section can be run anew. Run it on a
machine that has nothing else to do: each section tells the load that it began with.

Lives here: running. Not here: the page (_performance_page), the measuring (each benchmark).
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from _common import show
from _peers import python_with
from _performance_page import SECTIONS, rendered

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
PAGE, KEPT = REPOSITORY / "docs" / "performance.md", REPOSITORY / "docs" / "performance.json"
DATA = REPOSITORY.parent / "shared" / "data"
LIBRARIES = ("numba", "llvmlite", "numpy", "scipy")


def machine() -> dict[str, Any]:
    """Processor, cores and memory."""
    processor = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    memory = 0.0
    with contextlib.suppress(OSError, ValueError, AttributeError):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processor": processor, "cores": os.cpu_count(), "memory_gib": round(memory)}


def versions() -> dict[str, str]:
    """Python and the libraries that decide speed."""
    found = {"Python": platform.python_version()}
    for library in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[library] = version(library)
    return found


def commit() -> str:
    """The commit that is measured, with a mark where files differ from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"


def filled(command: tuple[str, ...], pythons: list[str]) -> list[str]:
    """A section's command with folders and interpreters in place of their names."""
    words: list[str] = [str(HERE / command[0])]
    for word in command[1:]:
        if word == "PEERS":
            words += [part for python in pythons for part in ("--peers-python", python)]
        elif word.startswith("PEER/"):
            python = python_with(word[5:], [Path(python) for python in pythons])
            words += ["--peer-python", str(python)] if python else []
        elif word == "DIAL_A_RIDE":
            words += [str(file) for file in sorted((DATA / "dial_a_ride").glob("*.txt"))]
        elif word == "NEW_YORK":
            words.append(str(DATA / "graphs" / "ny.npz"))
        else:
            words.append(str(DATA / "tntp" / word[5:]) if word.startswith("TNTP/") else word)
    return words


def run(name: str, pythons: list[str]) -> dict[str, Any]:
    """Run a section's commands; its lines, and everything that dates them."""
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0
    lines: list[dict[str, Any]] = []
    failed = []
    for command in SECTIONS[name].commands:
        if not (HERE / command[0]).is_file():
            failed.append(f"{command[0]} (no such benchmark)")
            continue
        print(f"{name}: {' '.join(command)}", file=sys.stderr, flush=True)
        process = subprocess.Popen(
            [sys.executable, *filled(command, pythons)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        for text in process.stdout or ():
            with contextlib.suppress(json.JSONDecodeError):
                lines.append(json.loads(text))
            print(text, end="", flush=True)
        if process.wait() != 0:
            failed.append(" ".join(command))
    return {
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
        "load": load,
        "failed": failed,
        "lines": lines,
    }


def main() -> int:
    """Run the sections asked for and write the page; 1 where one failed or, with --smoke, is not current."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=list(SECTIONS), metavar="SECTION",
                        help=f"one of {', '.join(SECTIONS)}; may be repeated")  # fmt: skip
    parser.add_argument("--peers-python", action="append", default=[], metavar="PYTHON")
    parser.add_argument("--write", action="store_true", help="write the page again, run nothing")
    parser.add_argument("--smoke", action="store_true", help="run nothing, tell whether the page is current")
    arguments = parser.parse_args()
    pythons = [*arguments.peers_python, *filter(None, os.environ.get("EMBAUCHE_PEERS", "").split(os.pathsep))]
    for python in pythons:
        if not Path(python).is_file():
            parser.error(f"no Python at {python}: give an interpreter's path")
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
    if arguments.smoke:
        current = rendered(PAGE.read_text(), kept) == PAGE.read_text()
        show(benchmark="performance", page_is_current=current, sections=sorted(kept))
        return 0 if current else 1
    for name in [] if arguments.write else arguments.only or SECTIONS:
        kept[name] = run(name, pythons)
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")  # so far, if the next fails
    PAGE.write_text(rendered(PAGE.read_text(), kept))
    return 1 if any(kept[name]["failed"] for name in arguments.only or () if name in kept) else 0


if __name__ == "__main__":
    sys.exit(main())
