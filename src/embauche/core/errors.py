"""Errors meant for the person who made the file: what was found, what was expected, what to type.

Lives here: UserError and its collector. Not here: where errors are printed (cli).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One fault in a user's input.

    Attributes:
        what: what is wrong, one sentence.
        file: the file at fault, if any.
        line: line in that file, from 1, if known.
        found: what stands there.
        expected: what should stand there.
        fix: what to type or do.
        keys: where in the scenario, for whoever knows its file and lines to fill them in.
    """

    what: str
    file: str | Path | None = None
    line: int | None = None
    found: str | None = None
    expected: str | None = None
    fix: str | None = None
    keys: tuple[str | int, ...] = ()

    def below(self, *keys: str | int) -> Problem:
        """The same, with its keys below others."""
        return replace(self, keys=(*keys, *self.keys))

    def __str__(self) -> str:
        where = ""
        if self.file is not None:
            where = f"{self.file}:{self.line}: " if self.line is not None else f"{self.file}: "
        parts = [where + self.what]
        if self.found is not None:
            parts.append(f"  found:    {self.found}")
        if self.expected is not None:
            parts.append(f"  expected: {self.expected}")
        if self.fix is not None:
            parts.append(f"  to do:    {self.fix}")
        return "\n".join(parts)


class UserError(Exception):
    """One or more faults in what the user gave; the command line prints them and exits with 2."""

    def __init__(
        self,
        what: str | Problem | Iterable[Problem],
        *,
        file: str | Path | None = None,
        line: int | None = None,
        found: str | None = None,
        expected: str | None = None,
        fix: str | None = None,
    ) -> None:
        if isinstance(what, str):
            problems = [Problem(what, file, line, found, expected, fix)]
        elif isinstance(what, Problem):
            problems = [what]
        else:
            problems = list(what)
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def raise_all(problems: Iterable[Problem]) -> None:
    """Raise one UserError with all problems, if there are any."""
    found = list(problems)
    if found:
        raise UserError(found)
