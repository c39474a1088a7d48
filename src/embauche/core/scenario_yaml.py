"""YAML as a tree of values that remember their file and line, so that every error can name them.

Lives here: safe reading (duplicate keys, anchor bombs, odd bytes refused). Not here: what keys mean.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from embauche.core.errors import Problem, UserError, raise_all

MAX_BYTES = 1_000_000
MAX_NODES = 20_000
MAX_DEPTH = 30
Scalar = str | int | float | bool | datetime.date | None


@dataclass
class Node:
    """A value with where it stands.

    Attributes:
        value: dict of nodes, list of nodes, or a scalar.
        file: file it was read from, None if it came from Python.
        line: line of the value, from 1.
        key_line: line of its key, where it has one.
    """

    value: dict[str, Node] | list[Node] | Scalar
    file: Path | None = None
    line: int | None = None
    key_line: int | None = field(default=None, compare=False)

    def plain(self) -> Any:
        """The value without the places."""
        if isinstance(self.value, dict):
            return {k: v.plain() for k, v in self.value.items()}
        if isinstance(self.value, list):
            return [v.plain() for v in self.value]
        return self.value

    def at(self, path: tuple[str | int, ...]) -> Node:
        """The deepest node on a path."""
        node = self
        for part in path:
            below: Node | None = None
            if isinstance(node.value, dict):
                below = node.value.get(str(part))
            elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
                below = node.value[part]
            if below is None:
                break
            node = below
        return node

    def without(self, paths: Collection[tuple[str | int, ...]]) -> Node:
        """This node without what stands at some paths below it."""
        if not paths or not isinstance(self.value, dict | list):
            return self
        gone = {path[0] for path in paths if len(path) == 1}

        def kept(key: str | int, node: Node) -> Node:
            return node.without([path[1:] for path in paths if len(path) > 1 and path[0] == key])

        if isinstance(self.value, dict):
            left = {k: kept(k, v) for k, v in self.value.items() if k not in gone}
            return Node(left, self.file, self.line, self.key_line)
        listed = [kept(i, v) for i, v in enumerate(self.value) if i not in gone]
        return Node(listed, self.file, self.line, self.key_line)

    def merged(self, over: Node) -> Node:
        """This node with another on top: mappings are merged, everything else is replaced."""
        if isinstance(self.value, dict) and isinstance(over.value, dict):
            both = dict(self.value)
            for key, node in over.value.items():
                both[key] = both[key].merged(node) if key in both else node
            return Node(both, over.file, over.line, over.key_line)
        return over


def placed(problem: Problem, tree: Node) -> Problem:
    """A problem that names keys of a tree, with their file and line."""
    node = tree.at(problem.keys)
    return replace(problem, file=node.file, line=node.line)


def from_python(value: Any) -> Node:
    """A tree from a Python mapping: there are no lines to name."""
    if isinstance(value, Mapping):
        return Node({str(k): from_python(v) for k, v in value.items()})
    if isinstance(value, list | tuple):
        return Node([from_python(v) for v in value])
    return Node(value)


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(
                "this file is too large for a scenario", file=path, found=f"{path.stat().st_size:,} bytes",
                expected=f"at most {MAX_BYTES:,} bytes",
            )  # fmt: skip
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            "this file cannot be read", file=path, found=error.strerror or str(error), expected="a YAML file"
        ) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(
            "this file is not text in UTF-8", file=path, line=line, found=f"byte 0x{data[error.start]:02x}",
            expected="UTF-8", fix="save the file as UTF-8 in your editor",
        ) from None  # fmt: skip
    if not text.strip():
        raise UserError(
            "this file is empty", file=path, expected="a scenario", fix="start from: base: baseline"
        )
    return text


def _compose(text: str, path: Path) -> Any:
    try:
        return YAML(typ="safe", pure=True).compose(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        lines = text.splitlines()
        shown = lines[line - 1].strip()[:80] if line is not None and line <= len(lines) else None
        fix = "indent with spaces, not tabs" if shown is not None and "\t" in lines[(line or 1) - 1] else None
        what = error.problem or error.context or "it cannot be parsed"
        raise UserError(
            f"this is not valid YAML: {what}", file=path, line=line, found=shown or "the end of the file",
            expected="one YAML mapping, `key: value`", fix=fix or "look at the indentation and quotes here",
        ) from None  # fmt: skip
    except RecursionError:
        raise UserError(
            "this file is nested too deeply", file=path, expected=f"at most {MAX_DEPTH} levels"
        ) from None
    except (YAMLError, ValueError) as error:
        raise UserError(
            "this is not valid YAML", file=path, found=str(error).splitlines()[0], expected="plain YAML text"
        ) from None


class _Builder:
    """Turns composed nodes into Node, counting them so that aliases cannot explode."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.count = 0
        self.scalars = YAML(typ="safe", pure=True).constructor

    def build(self, node: Any, depth: int = 0, key_line: int | None = None) -> Node:
        line = node.start_mark.line + 1
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            raise UserError(
                "this file holds too much, or its anchors multiply", file=self.path, line=line,
                expected=f"at most {MAX_NODES:,} values, {MAX_DEPTH} levels deep",
                fix="write values out, without *aliases",
            )  # fmt: skip
        if isinstance(node, MappingNode):
            return Node(dict(self._pairs(node, depth)), self.path, line, key_line)
        if isinstance(node, SequenceNode):
            return Node([self.build(n, depth + 1) for n in node.value], self.path, line, key_line)
        return Node(self._scalar(node, line), self.path, line, key_line)

    def _pairs(self, node: Any, depth: int) -> Iterator[tuple[str, Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self.problems.append(
                    Problem("this key is not text", self.path, line, expected="`key: value`")
                )
                continue
            name = str(key.value)
            if name in seen:
                self.problems.append(
                    Problem(
                        f"the key {name} stands twice", self.path, line,
                        found=f"lines {seen[name]} and {line}", expected="each key once",
                        fix="delete one of the two",
                    )
                )  # fmt: skip
                continue
            seen[name] = line
            yield name, self.build(value, depth + 1, line)

    def _scalar(self, node: Any, line: int) -> Scalar:
        try:
            value = self.scalars.construct_object(node)
        except (ValueError, OverflowError):  # an impossible date: the field says what it wants
            return str(node.value)
        except (YAMLError, TypeError, KeyError):
            value = object()
        if isinstance(value, datetime.datetime):
            return value.isoformat()
        if value is None or isinstance(value, str | int | float | bool | datetime.date):
            return value
        self.problems.append(
            Problem(
                "this value cannot be read", self.path, line, str(node.value)[:80], "text, number or date"
            )
        )
        return None


def read_yaml(path: Path) -> Node:
    """Read a YAML file whose top is a mapping.

    Raises:
        UserError: with the file's faults: not UTF-8, empty, not YAML, duplicate keys, too large.
    """
    path = Path(path)
    top = _compose(_read_text(path), path)
    if top is None:
        raise UserError(
            "this file is empty", file=path, expected="a scenario", fix="start from: base: baseline"
        )
    builder = _Builder(path)
    node = builder.build(top)
    raise_all(builder.problems)
    if not isinstance(node.value, dict):
        raise UserError(
            "this file is not a mapping", file=path, line=node.line, found=str(node.plain())[:80],
            expected="lines such as `weeks: 26`",
        )  # fmt: skip
    return node
