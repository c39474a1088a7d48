"""Numba kernels: arrays in, arrays out. Not here: tables, files, or any Python object.

The disk cache's folder is named by a hash of all kernel sources, because numba's own stamp
misses changes in kernels imported from another file. Nothing is compiled at import.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import numba
import numba.extending
import platformdirs


def source_hash() -> str:
    """Hash of the numba version and every kernel source file in this package."""
    digest = hashlib.sha256(numba.__version__.encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> str:
    base = os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_dir("embauche")
    folder = Path(base) / f"kernels-{source_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home: compile anew for this process
        folder = Path(tempfile.mkdtemp(prefix="embauche-kernels-"))
    return str(folder)


numba.config.CACHE_DIR = _cache_folder()  # type: ignore[attr-defined]

REGISTRY: list[Any] = []
# No entry points for C, nor for Python where only kernels call: they would cost compile time.
_OPTIONS: Any = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
# From Python a helper is plain Python; a whole number written in a call to it is no type of its own.
_helper: Any = numba.extending.register_jitable


def kernel(function: Any) -> Any:
    """Compile a kernel lazily: cached on disk, GIL released, IEEE arithmetic (no fastmath)."""
    compiled = numba.njit(cache=True, **_OPTIONS)(function)
    REGISTRY.append(compiled)
    return compiled


def inline(function: Any) -> Any:
    """A small helper that is called from kernels only; not counted as a kernel of its own."""
    return _helper(**_OPTIONS, no_cpython_wrapper=True)(function)


def merged(function: Any) -> Any:
    """A helper that LLVM always merges into its caller, which lets loops over it become vectors."""
    return _helper(**_OPTIONS, no_cpython_wrapper=True, forceinline=True)(function)
