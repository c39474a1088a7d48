"""A worker process: reads one replication as JSON on its input, reports on its output, line by line.

Lives here: the two ends of that conversation. Not here: the replication itself (replication).

A command of its own, not multiprocessing: a user's script then needs no `if __name__ == "__main__"`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import embauche
from embauche.analysis.replication import Task, replicate
from embauche.core.errors import Problem, UserError
from embauche.core.scenario import Scenario
from embauche.core.scenario_load import validated


def _packed(scenario: Scenario) -> dict[str, Any]:
    folder = scenario.folder
    return {"fields": scenario.resolved(), "folder": None if folder is None else str(Path(folder).resolve())}


def _unpacked(packed: dict[str, Any]) -> Scenario:
    folder = packed["folder"]
    return validated(packed["fields"], folder=None if folder is None else Path(folder))


def dump(task: Task) -> str:
    """A task as one line of JSON."""
    return json.dumps(
        {
            "seed": task.seed,
            "reference": _packed(task.reference),
            "scenarios": [_packed(s) for s in task.scenarios],
            "folders": [str(Path(f).resolve()) for f in task.folders],
            "threads": task.threads,
        }
    )


def load(line: str) -> Task:
    """The task of `dump`."""
    data = json.loads(line)
    return Task(
        data["seed"],
        _unpacked(data["reference"]),
        tuple(_unpacked(s) for s in data["scenarios"]),
        tuple(Path(f) for f in data["folders"]),
        data["threads"],
    )


def main(given: IO[str], said: IO[str]) -> None:
    """Do the task on `given`; write {"weeks": n} as weeks are done, then {"done": ...} or {"error": ...}."""

    def say(**message: Any) -> None:
        said.write(json.dumps(message) + "\n")
        said.flush()

    try:
        say(done=replicate(load(given.readline()), lambda weeks: say(weeks=weeks)))
    except UserError as error:
        say(error=[{k: None if v is None else str(v) for k, v in asdict(p).items()} for p in error.problems])


def _environment() -> dict[str, str]:
    """This process's, with the package on the path even where only sys.path has it."""
    here = str(Path(embauche.__file__).resolve().parents[1])
    known = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{known}" if known else here}


def _problem(said: dict[str, str | None]) -> Problem:
    line = said.pop("line")
    return Problem(**said, line=None if line is None else int(line))  # type: ignore[arg-type]


def _ask(process: subprocess.Popen[str], task: Task, report: Callable[[int], None]) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the worker has no pipes")
    process.stdin.write(dump(task) + "\n")
    process.stdin.close()
    answer: dict[str, Any] | None = None
    for line in process.stdout:
        message = json.loads(line)
        if "weeks" in message:
            report(message["weeks"])
        elif "error" in message:
            raise UserError([_problem(p) for p in message["error"]])
        else:
            answer = message["done"]
    code = process.wait()
    if answer is None:
        what = "was killed, perhaps for want of memory" if code < 0 else f"ended with code {code}"
        raise RuntimeError(f"the process of seed {task.seed} {what}; its messages stand above")
    return answer


def spread(tasks: Sequence[Task], processes: int, report: Callable[[int], None]) -> list[dict[str, Any]]:
    """Do tasks in so many processes; answers in the order of tasks.

    Args:
        tasks: replications.
        processes: processes at a time.
        report: called with weeks done, from several threads.

    Raises:
        UserError: what a replication found wrong; the other processes are stopped.
    """
    running: list[subprocess.Popen[str]] = []

    def one(task: Task) -> dict[str, Any]:
        command = [sys.executable, "-m", "embauche.analysis.worker"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=_environment(),
        ) as process:  # fmt: skip
            running.append(process)
            try:
                return _ask(process, task, report)
            finally:
                if process.poll() is None:
                    process.kill()

    with ThreadPoolExecutor(processes) as pool:
        jobs = [pool.submit(one, task) for task in tasks]
        try:
            return [job.result() for job in jobs]
        except BaseException:
            for job in jobs:
                job.cancel()
            for process in running:
                if process.poll() is None:
                    process.kill()
            raise


if __name__ == "__main__":
    # Whatever a library prints must not get into the conversation.
    conversation = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    main(sys.stdin, conversation)
