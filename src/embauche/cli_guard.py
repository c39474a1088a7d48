"""How errors leave the command line: words and an exit code, never a traceback.

Lives here: the group that guards every command, signals, encodings. Not here: commands (cli).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from embauche.core.errors import Problem, UserError

BAD_INPUT, FAULT, INTERRUPTED = 2, 1, 130


class Guarded(TyperGroup):
    """Turns every error into words and an exit code; EMBAUCHE_DEBUG=1 shows tracebacks instead."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command.

        Raises:
            typer.Exit: with 2 for an error in what was given, 130 if interrupted, 1 for a fault of ours.
        """
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()  # a full disk shows here, not when Python has stopped listening
            return answer
        except UserError as error:
            code = _refuse(error.problems)
        except KeyboardInterrupt:
            complain("interrupted; nothing half-written is left behind")
            code = INTERRUPTED
        except BrokenPipeError:
            # The reader of a pipe has left (`| head`): not an error. Python would complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        except (OSError, MemoryError) as error:
            if os.environ.get("EMBAUCHE_DEBUG"):
                raise
            code = _refuse([_of_machine(error)])
        except Exception as error:
            if os.environ.get("EMBAUCHE_DEBUG") or type(error).__module__.startswith(("typer", "click")):
                raise
            words = f"{type(error).__name__}: {error}".splitlines()[0]
            complain(
                f"this is a fault of embauche, not of your files: {words}\n"
                "  to do:    run the same again with EMBAUCHE_DEBUG=1 and report what it prints"
            )
            code = FAULT
        raise typer.Exit(code)


def _of_machine(error: OSError | MemoryError) -> Problem:
    if isinstance(error, MemoryError):
        return Problem("there is not enough memory", expected="what `embauche check` estimates",
                       fix="use fewer seeds, or some EPCIs only")  # fmt: skip
    return Problem(
        "a file or folder cannot be used",
        error.filename,
        found=error.strerror or str(error),
        expected="a place that can be read and written",
        fix="check the path, the space left and your rights",
    )


def _refuse(problems: Sequence[Problem]) -> int:
    for problem in problems:
        complain(str(problem))
    if len(problems) > 1:
        complain(f"{len(problems)} errors; nothing was written")
    return BAD_INPUT


@contextmanager
def tidy_end() -> Iterator[None]:
    """A polite kill or a closed terminal ends the command as an error does: nothing half-written stays."""

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():  # only there may signals be handled
        yield
        return
    # A terminal that is closed hangs up; Windows has no such signal, and nohup has it ignored.
    kinds = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {kind: signal.getsignal(kind) for kind in kinds}
    heeded = [kind for kind in kinds if before[kind] != signal.SIG_IGN]
    for kind in heeded:
        signal.signal(kind, end)
    try:
        yield
    finally:
        for kind in heeded:
            signal.signal(kind, before[kind])


def utf8() -> None:
    """Accents come out whole wherever the terminal's own encoding would refuse them."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def console(stream: Any = None) -> Any:
    """A rich console on a stream, standard output by default."""
    from rich.console import Console

    out = stream or sys.stdout
    # A file or pipe has no width of its own, and 80 columns break the words of a table.
    width = None if out.isatty() else 132
    return Console(file=out, highlight=False, soft_wrap=True, width=width)


def complain(words: str) -> None:
    """An error on standard error, in red on a terminal."""
    first, _, rest = words.partition("\n")
    screen = console(sys.stderr)
    screen.print(first, style="bold red", markup=False)
    if rest:
        screen.print(rest, markup=False)
