"""Progress of long work: a small protocol, a silent one, and one drawn by rich for the command line.

Lives here: Progress, Task and their two forms. Not here: what is counted (each room says so itself).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import IO, Any, Protocol


class Task(Protocol):
    """One piece of work under way; leaving its `with` block ends it."""

    def advance(self, n: float = 1) -> None:
        """Count n more units as done."""

    def __enter__(self) -> Task: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Progress(Protocol):
    """Who is told about progress: `with progress.task("reading", 10) as t: t.advance()`."""

    def task(self, label: str, total: float | None = None) -> Task:
        """Start a piece of work of `total` units, or of unknown length."""


class _SilentTask:
    def advance(self, n: float = 1) -> None:
        """Count nothing."""

    def __enter__(self) -> _SilentTask:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class SilentProgress:
    """Says nothing: the default of the Python API."""

    def task(self, label: str, total: float | None = None) -> Task:
        """Start a piece of work that nobody watches."""
        return _SilentTask()


class _LineTask:
    """For logs and pipes: one line when a stage ends."""

    def __init__(self, stream: IO[str], label: str) -> None:
        self._stream, self._label, self._start = stream, label, time.monotonic()

    def advance(self, n: float = 1) -> None:
        """Show nothing: a log needs no bar."""

    def __enter__(self) -> _LineTask:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        word = "done" if kind is None else "stopped"
        seconds = time.monotonic() - self._start
        self._stream.write(f"{self._label}: {word} ({seconds:.1f} s)\n")
        self._stream.flush()


class _BarTask:
    def __init__(self, owner: RichProgress, label: str, total: float | None) -> None:
        self._owner = owner
        self._id = owner.bars.add_task(label, total=total)
        self._total = total

    def advance(self, n: float = 1) -> None:
        """Move the bar by n units."""
        self._owner.bars.advance(self._id, n)

    def __enter__(self) -> _BarTask:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            # A task of unknown length gets a full bar once it is over.
            total = self._total if self._total is not None else 1
            self._owner.bars.update(self._id, total=total, completed=total)
        self._owner.bars.stop_task(self._id)


class RichProgress:
    """Bars on a terminal, one line a stage elsewhere. Use as a context manager."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.bars: Any = None
        if stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bars

            self.bars = Bars(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(file=stream),
            )

    def task(self, label: str, total: float | None = None) -> Task:
        """Start a piece of work with a bar, or with a line where there is no terminal."""
        if self.bars is None:
            return _LineTask(self._stream, label)
        return _BarTask(self, label, total)

    def __enter__(self) -> RichProgress:
        if self.bars is not None:
            self.bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bars is not None:
            self.bars.stop()


SILENT = SilentProgress()


def shares(progress: Progress | None) -> Callable[[str, float], None]:
    """The protocol as a function (label, share done), for work that reports itself so.

    A new label ends the task before it; a share of 1 ends the last.
    """
    now: dict[str, Task] = {}

    def say(label: str, share: float) -> None:
        if progress is None:
            return
        if label not in now:
            for task in now.values():
                task.__exit__(None, None, None)
            now.clear()
            now[label] = progress.task(label)
            now[label].__enter__()
        if share >= 1:
            now.pop(label).__exit__(None, None, None)

    return say
