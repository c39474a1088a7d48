"""Networks and trips of the TNTP text format (github.com/bstabler/TransportationNetworks).

Lives here: read_tntp. Not here: the assignment itself (routing.assignment).

Lines `<KEY> value` up to `<END OF METADATA>`, comments from `~` on, then rows of a link each (`_net`), or
`Origin n` followed by `destination : trips;` (`_trips`). Nodes are numbered from 1, zones first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from embauche.core.errors import Problem, UserError, raise_all
from embauche.routing.assignment import Links

Array = np.ndarray[Any, Any]
SHOWN = 20  # problems told at once
MOST = 50_000_000  # nodes, links
COLUMNS = ("start node", "end node", "capacity", "length", "free flow time", "b", "power", "speed", "toll")
LEAST_COLUMNS = 7
_KEY = re.compile(r"<([^>]*)>(.*)")


def _whole(text: str) -> int:
    """The whole number that stands there, -1 if there is none or it is absurd."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


@dataclass
class _File:
    """A TNTP file: metadata, then numbered lines without comments; problems as they are found."""

    path: Path
    keys: dict[str, tuple[int, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, str]]:
        """Line numbers and texts after the metadata, which fill `keys` before the first is handed on."""
        try:
            text = self.path.read_text(encoding="utf-8-sig", errors="replace")
        except OSError as error:
            raise UserError(
                "this file cannot be read",
                file=self.path,
                found=error.strerror or str(error),
                expected="a readable TNTP file",
                fix="look at the path and the permissions",
            ) from None
        for number, line in enumerate(text.splitlines(), 1):
            match = _KEY.match(line.strip())
            if match:
                self.keys.setdefault(match[1].strip().upper(), (number, match[2].split("~")[0].strip()))
            elif line.split("~")[0].strip():
                yield number, line.split("~")[0].strip()

    def problem(self, line: int | None, what: str, found: str, expected: str, fix: str) -> None:
        if len(self.problems) < SHOWN:
            self.problems.append(Problem(what, self.path, line, found or "nothing", expected, fix))

    def number(self, line: int, text: str, what: str) -> float:
        """A finite number, not negative; else a problem and 0."""
        try:
            value = float(text)
        except ValueError:
            value = np.nan
        if np.isfinite(value) and value >= 0.0:
            return value
        self.problem(
            line,
            f"the {what} is no usable number",
            text[:60],
            "a finite number, not negative",
            "write a number with a decimal point, such as 12.5",
        )
        return 0.0

    def node(self, line: int, text: str, what: str, highest: int) -> int:
        """A whole number from 1 to highest; else a problem and 1."""
        value = _whole(text)
        if 1 <= value <= (highest or MOST):
            return value
        self.problem(
            line,
            f"the {what} is not one of the file's",
            text[:60],
            f"a whole number 1 to {highest or MOST}",
            "mend the number, or the count in the metadata",
        )
        return 1

    def count(self, key: str, default: int | None = None) -> int:
        """A whole number of the metadata, at least 1."""
        line, text = self.keys.get(key, (None, ""))
        if line is None and default is not None:
            return default
        value = _whole(text)
        if 1 <= value <= MOST:
            return value
        self.problem(
            line,
            f"<{key}> is missing or no usable number",
            text[:60],
            f"<{key}> and a whole number 1 to {MOST}",
            "add this line before <END OF METADATA>",
        )
        return 0

    def factor(self, key: str) -> float:
        """A factor of the metadata, 0 where absent."""
        line, text = self.keys.get(key, (0, ""))
        return self.number(line, text.split()[0], f"<{key}>") if text else 0.0


@dataclass(frozen=True)
class Tntp:
    """A network and its trips.

    Attributes:
        links: node numbers are those of the file less 1 (links.first_id is 1).
        origin, destination: int32 [OD]; demand: float64 [OD].
        notes: what was odd and left as it is.
    """

    links: Links
    origin: Array
    destination: Array
    demand: Array
    notes: tuple[str, ...]


def _one(folder: Path, ending: str) -> Path:
    found = sorted(folder.glob(f"*{ending}")) if folder.is_dir() else []
    if len(found) == 1:
        return found[0]
    raise UserError(
        f"this folder needs one file that ends in {ending}",
        file=folder,
        found=", ".join(p.name for p in found) or ("none" if folder.is_dir() else "no such folder"),
        expected="one network (*_net.tntp) and one table of trips (*_trips.tntp)",
        fix="give the folder of one TNTP network",
    )


def _network(path: Path) -> tuple[Links | None, list[Problem]]:
    file = _File(path)
    rows = list(file.rows())
    nodes = file.count("NUMBER OF NODES")
    expected = file.count("NUMBER OF LINKS")
    first = file.count("FIRST THRU NODE", 1)
    toll, distance = file.factor("TOLL FACTOR"), file.factor("DISTANCE FACTOR")
    values = np.zeros((len(rows), len(COLUMNS)))
    for i, (line, text) in enumerate(rows):
        parts = text.rstrip("; \t").split()
        if len(parts) < LEAST_COLUMNS:
            file.problem(
                line,
                "a link needs at least seven columns",
                text[:60],
                ", ".join(COLUMNS[:LEAST_COLUMNS]),
                "complete the row, or take it out",
            )
            continue
        for k, part in enumerate(parts[: len(COLUMNS)]):
            is_node = k < 2
            values[i, k] = (
                file.node(line, part, COLUMNS[k], nodes) if is_node else file.number(line, part, COLUMNS[k])
            )
        capacity, b, power = values[i, 2], values[i, 5], values[i, 6]
        if (capacity == 0.0 and b > 0.0) or 0.0 < power < 1.0:
            file.problem(
                line,
                "this link has no finite volume-delay function",
                f"capacity {capacity}, power {power}",
                "a capacity over 0; a power of 0, or 1 and more",
                "mend the row",
            )
    if expected and len(rows) != expected:
        file.problem(
            file.keys["NUMBER OF LINKS"][0],
            "the number of links is another than the metadata says",
            f"{len(rows)} links",
            f"{expected} links",
            "mend the count, or complete the table",
        )
    if file.problems:
        return None, file.problems
    start, end, capacity, length, free, b, power, _, price = values.T
    try:
        return Links.bpr(
            nodes,
            start - 1,
            end - 1,
            free,
            capacity,
            b,
            power,
            extra=toll * price + distance * length,
            through=first - 1,
            first_id=1,
        ), []
    except UserError as error:
        return None, [Problem(p.what, path, None, p.found, p.expected, p.fix) for p in error.problems]


def _trips(path: Path, nodes: int) -> tuple[Array, Array, Array, list[str], list[Problem]]:
    file = _File(path)
    rows = list(file.rows())
    zones = file.count("NUMBER OF ZONES")
    if nodes and zones > nodes:
        file.problem(
            file.keys["NUMBER OF ZONES"][0],
            "there are more zones than nodes in the network",
            str(zones),
            f"at most {nodes}",
            "take the trips of this network",
        )
    origin = 0
    found: list[tuple[int, int, float]] = []
    for line, text in rows:
        words = text.split()
        if words[0].lower() == "origin":
            origin = file.node(line, " ".join(words[1:]), "origin", zones)
            continue
        if origin == 0:
            file.problem(
                line,
                "trips stand before the first origin",
                text[:60],
                "a line `Origin 1`",
                "write the origin above its trips",
            )
            break
        for item in filter(None, (part.strip() for part in text.split(";"))):
            end, colon, trips = (part.strip() for part in item.partition(":"))
            if not colon:
                file.problem(
                    line,
                    "this is no pair of destination and trips",
                    item[:60],
                    "such as `5 : 12.5;`",
                    "write a colon between the two, a semicolon after them",
                )
                continue
            destination = file.node(line, end, "destination", zones)
            found.append((origin - 1, destination - 1, file.number(line, trips, "number of trips")))
    table = np.array(found, np.float64).reshape(-1, 3)
    notes = []
    text = file.keys.get("TOTAL OD FLOW", (0, ""))[1]
    if text and not file.problems:
        total, stated = float(table[:, 2].sum()), file.factor("TOTAL OD FLOW")
        if abs(total - stated) > 1e-4 * max(total, stated):
            notes.append(f"{path.name}: trips sum to {total:g}, <TOTAL OD FLOW> says {stated:g}")
    return (
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        table[:, 2].copy(),
        notes,
        file.problems,
    )


def read_tntp(folder: str | Path) -> Tntp:
    """Read the one `*_net.tntp` and the one `*_trips.tntp` of a folder.

    Link costs are time + <TOLL FACTOR> * toll + <DISTANCE FACTOR> * length, with BPR times; nodes below
    <FIRST THRU NODE> are never passed through. Costs are in the file's own unit of time.

    Raises:
        UserError: all faults of both files, with file and line.
    """
    net, trips = (_one(Path(folder), ending) for ending in ("_net.tntp", "_trips.tntp"))
    links, problems = _network(net)
    origin, destination, demand, notes, more = _trips(trips, links.nodes if links else 0)
    raise_all([*problems, *more])
    assert links is not None
    return Tntp(links, origin, destination, demand, tuple(notes))
