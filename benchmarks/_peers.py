"""Peers as child processes: found, started, asked in turn, and compared.

Lives here: the parent's side. Not here: what a peer is asked (_peers_calls) or the printing (many_to_many).
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
NAMES = ("embauche", "osrm", "routingkit", "pandana", "scipy", "igraph", "networkit", "aequilibrae")
MODULES = {"osrm": "osrm", "routingkit": "routingkit_cch", "embauche": "embauche"}


def pythons(given: Iterable[Path]) -> list[Path]:
    """Interpreters to look for peers in: those given, those of EMBAUCHE_PEERS, and this one.

    Raises:
        FileNotFoundError: if one of them does not exist.
    """
    found = [*given, *(Path(p) for p in os.environ.get("EMBAUCHE_PEERS", "").split(os.pathsep) if p)]
    for path in found:
        if not path.is_file():
            raise FileNotFoundError(path)
    return [*found, Path(sys.executable)]


def python_with(name: str, candidates: Iterable[Path]) -> Path | None:
    """The first interpreter that has the peer; embauche always runs in this one."""
    if name == "embauche":
        return Path(sys.executable)
    module = MODULES.get(name, name)
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    for python in candidates:
        if subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0:
            return python
    return None


def one_core() -> int | None:
    """The last core that this process may use, where the system can pin."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None


class Child:
    """A peer's process; every answer is a dict, with `skipped` where there is none."""

    def __init__(
        self, name: str, python: Path, graph: Path, asked: dict[str, Any], patience_s: float
    ) -> None:
        self.name, self.patience_s = name, patience_s
        threads = str(asked["threads"])
        env = {**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        if name != "embauche":
            env.pop("PYTHONPATH", None)  # made for this Python, not for the peer's
        self.process = subprocess.Popen(
            [str(python), str(HERE / "_peers_child.py"), name, str(graph), json.dumps(asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            start_new_session=True,  # so that a tool which the peer started ends with it
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.said: list[str] = []
        for stream, keep in ((self.process.stdout, self.lines.put), (self.process.stderr, self.said.append)):
            threading.Thread(target=_drain, args=(stream, keep), daemon=True).start()

    def hear(self) -> dict[str, Any]:
        """The next answer."""
        try:
            line = self.lines.get(timeout=self.patience_s)
        except queue.Empty:
            self.kill()
            return {"skipped": f"no answer within {self.patience_s:.0f} s"}
        if not line:
            last = next((text.strip() for text in reversed(self.said) if text.strip()), "no message")
            return {"skipped": f"ended: {last}"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, word: str) -> dict[str, Any]:
        """Send one word and wait for the answer."""
        if self.process.stdin is None or self.process.poll() is not None:
            return {"skipped": "ended before its time"}
        try:
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return {"skipped": "ended before its time"}
        return self.hear()

    def end(self) -> None:
        """Let the process go."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process.wait()

    def kill(self) -> None:
        """End the process and what it started."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()


def _drain(stream: Any, keep: Any) -> None:
    for line in stream:
        keep(line)
    keep("")


def run(
    names: Iterable[str],
    candidates: list[Path],
    graph: Path,
    asked: dict[str, Any],
    rounds: int,
    patience_s: float,
) -> dict[str, dict[str, Any]]:
    """Prepare every peer one after the other, then ask them in turn, round by round; medians.

    Returns:
        For each name its figures, or `skipped` and why.
    """
    figures: dict[str, dict[str, Any]] = {}
    children: dict[str, Child] = {}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a polite kill ends the peers too
    try:
        for name in names:
            python = python_with(name, candidates)
            if python is None:
                figures[name] = {"skipped": "not installed: see --peers-python"}
                continue
            wanted = {**asked, "answer": str(Path(asked["cache"]) / f"answer-{os.getpid()}-{name}.npy")}
            children[name] = Child(name, python, graph, wanted, patience_s)
            figures[name] = children[name].hear()
            if "skipped" in figures[name]:
                children.pop(name).end()
            else:
                figures[name]["answer"] = wanted["answer"]
        timed: dict[str, list[dict[str, Any]]] = {name: [] for name in children}
        for number in range(0 if asked["prepare_only"] else rounds + 1):  # the first warms and is kept
            for name, child in children.items():
                answer = {} if "skipped" in figures[name] else child.ask("go" if number else "keep")
                if "skipped" in answer:
                    figures[name] = answer
                elif number and answer:
                    timed[name].append(answer)
        for name, child in children.items():
            if "skipped" not in figures[name]:
                figures[name].update(child.ask("end"))
            for key in ("seconds", "wall_s"):
                if timed[name] and "skipped" not in figures[name]:
                    figures[name][key] = statistics.median(one[key] for one in timed[name])
    finally:
        for child in children.values():
            child.end()
    return figures
