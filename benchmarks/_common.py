"""What benchmarks share: one JSON line a figure, child processes, peak memory.

Lives here: helpers. Not here: any figure (the other files print them).
"""

from __future__ import annotations

import json
import math
import platform
import resource
import subprocess
import sys
from typing import Any


def peak_mib() -> float:
    """Greatest resident memory of this process so far, MiB."""
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def show(**figures: Any) -> None:
    """Print one JSON line; `limit_*` keys are compared with the figure of the same name."""
    for key in [k for k in figures if k.startswith("limit_")]:
        name = key.removeprefix("limit_")
        figures[f"pass_{name}"] = bool(figures[name] <= figures[key])
    print(json.dumps({k: rounded(v) if isinstance(v, float) else v for k, v in figures.items()}), flush=True)


def rounded(value: float) -> float | None:
    """Three decimals, or three significant digits of what is small; JSON has no infinity, so None."""
    if not math.isfinite(value):
        return None
    return round(value, 3) if abs(value) >= 1 else float(f"{value:.3g}")


def child(script: str, *arguments: str, env: dict[str, str] | None = None) -> dict[str, Any]:
    """Run a benchmark's script anew, so that memory and caches are its own; its last JSON line."""
    done = subprocess.run(
        [sys.executable, script, *arguments], env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
