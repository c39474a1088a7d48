"""Every kernel is compiled once: the demo's weeks and the optional parts use all, one signature each.

Lives here: the count of signatures. Not here: seconds of compilation (benchmarks/compile).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_each_kernel_has_one_signature(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(repository / "benchmarks" / "compile.py"), "--child"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    assert figures["kernels"] > 20
    assert figures["several_signatures"] == {}, "dtypes differ between two calls of one kernel"
    assert figures["not_run"] == [], "a kernel that nothing uses has to be compiled by nobody"
