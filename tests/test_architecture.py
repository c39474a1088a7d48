"""The shape of the source tree: layers, docstrings, length, and what an import may do.

Lives here: checks that read the source or import it afresh. Not here: what the code computes.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[1] / "src" / "embauche"
DOCS = SRC.parents[1] / "docs"
MODULES = sorted(SRC.rglob("*.py"))
LONGEST = 300
HEAVY = ("numba", "geopandas", "mesa", "matplotlib", "osmium", "osmnx", "scipy", "pandas")
# the model and the command line are several files each
SAME_LEVEL = {
    "agents": "model",
    "model_access": "model",
    "model_events": "model",
    "model_search": "model",
    "model_tables": "model",
    "model_utility": "model",
    "model_labour": "model",
    "model_apprentices": "model",
    "model_housing": "model",
    "model_hr": "model",
    "model_sites": "model",
    "model_accounts": "model",
    "__main__": "cli",
    "cli_compare": "cli",
    "cli_show": "cli",
    "cli_propose": "cli",
    "cli_draw": "cli",
    "cli_guard": "cli",
}


def _id(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def _layers() -> tuple[str, ...]:
    """The layers, lowest first, as docs/architecture.md states them."""
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("kernels <-"))
    return tuple(name.strip() for name in line.split("<-"))


def _room(path: Path) -> str:
    """The layer a file belongs to; empty for the package's own __init__."""
    first = path.relative_to(SRC).parts[0].removesuffix(".py")
    return "" if first == "__init__" else SAME_LEVEL.get(first, first)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports(path: Path) -> list[tuple[int, str, bool]]:
    """Imports of embauche's own modules that run: (line, room imported, only inside a function).

    What stands below `if TYPE_CHECKING` never runs: a type may be named from above.
    """
    typing_only = {id(n) for block in ast.walk(_tree(path)) if _for_types(block) for n in ast.walk(block)}
    inside = {
        id(node)
        for block in ast.walk(_tree(path))
        if isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(block)
    }
    found = []
    for node in ast.walk(_tree(path)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_id(path)}:{node.lineno}: write imports in full, not relative"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        rooms = {name.split(".")[1] for name in names if name.startswith("embauche.")}
        if id(node) not in typing_only:
            found += [(node.lineno, SAME_LEVEL.get(r, r), id(node) in inside) for r in sorted(rooms)]
    return found


def test_every_room_is_a_layer() -> None:
    rooms = {_room(path) for path in MODULES} - {"", "data"}
    assert rooms <= set(_layers()), "a room that docs/architecture.md does not place"
    assert len(_layers()) >= 12


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_imports_go_one_way(path: Path) -> None:
    room, order = _room(path), _layers()
    if room == "":
        assert all(inside for _, _, inside in _imports(path)), "embauche/__init__.py re-exports lazily"
        return
    upward = [
        f"{_id(path)}:{line}: {room} imports {other}, which stands above it"
        for line, other, _ in _imports(path)
        if other in order and order.index(other) > order.index(room)
    ]
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("path", [p for p in MODULES if _room(p) == "core"], ids=_id)
def test_core_imports_kernels_only_inside_functions(path: Path) -> None:
    early = [line for line, other, inside in _imports(path) if other == "kernels" and not inside]
    assert not early, f"{_id(path)}: lines {early} would load numba on `embauche check`"


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_docstring_says_what_lives_here_and_what_does_not(path: Path) -> None:
    docstring = ast.get_docstring(_tree(path)) or ""
    lines = [line for line in docstring.splitlines() if line.strip()]
    assert len(lines) >= 2, f"{_id(path)}: the module's docstring needs two lines"
    assert re.search(r"\bnot here\b", docstring, re.IGNORECASE), f"{_id(path)}: says not what is elsewhere"


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_length(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{_id(path)} has {lines} lines; split it by subject"


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_no_print_and_no_silent_except(path: Path) -> None:
    faults = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            if _room(path) != "cli":
                faults.append(f"{_id(path)}:{node.lineno}: print outside the command line")
        elif isinstance(node, ast.ExceptHandler):
            if node.type is None:
                faults.append(f"{_id(path)}:{node.lineno}: except without a type")
            if all(isinstance(s, ast.Pass) or _is_ellipsis(s) for s in node.body):
                faults.append(f"{_id(path)}:{node.lineno}: an error is swallowed")
    assert not faults, "\n".join(faults)


def _is_ellipsis(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and statement.value.value is Ellipsis
    )


def _python(code: str) -> str:
    """Run code in a fresh interpreter; its standard output."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_check_loads_nothing_heavy() -> None:
    loaded = _python(
        """
        import sys
        import embauche, embauche.cli, embauche.core.scenario
        print("\\n".join({name.split(".")[0] for name in sys.modules}))
        """
    ).split()
    assert "embauche" in loaded
    assert not set(HEAVY) & set(loaded), "`embauche check` has to answer in under two seconds"


def test_nothing_is_compiled_at_import() -> None:
    out = _python(
        """
        import importlib, pkgutil
        import embauche
        for module in pkgutil.walk_packages(embauche.__path__, "embauche."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        from embauche.kernels import REGISTRY
        names = [k.__name__ for k in REGISTRY]
        assert len(set(names)) == len(names), f"two kernels of one name: {sorted(names)}"
        print(len(REGISTRY))
        for kernel in REGISTRY:
            if kernel.signatures:
                print("compiled:", kernel.__name__)
        """
    ).split("\n")
    assert int(out[0]) > 0
    assert out[1:] == [""], out
