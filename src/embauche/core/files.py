"""Files written whole or not at all, and hashes of files.

Lives here: temporary-name-then-rename for files and folders, SHA-256. Not here: formats.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from embauche.core.errors import UserError

# What tells a folder that this package wrote: a territory or run, a comparison, an exported territory.
_OURS = ("manifest.json", "comparison.json", "CREDIT.md")


def _full_disk(error: OSError, path: Path) -> UserError | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(
            "the disk is full; nothing was changed",
            file=path,
            found=str(error.strerror),
            expected="room for the result",
            fix="free space, or choose another folder with --out",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UserError(
            "this cannot be written; nothing was changed",
            file=path,
            found=str(error.strerror),
            expected="a folder where you may write",
            fix="choose another folder with --out",
        )
    return None


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary name beside `path`, renamed to it when the block ends without error.

    Raises:
        UserError: the disk is full or the folder cannot be written.
    """
    path = Path(path)
    tmp = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield tmp
        os.replace(tmp, path)
    except OSError as error:
        friendly = _full_disk(error, path)
        if friendly is None:
            raise
        raise friendly from None
    finally:
        tmp.unlink(missing_ok=True)


def check_free(path: Path, overwrite: bool) -> None:
    """Refuse a place to write that holds something, or with overwrite something that is not ours.

    Raises:
        UserError: `path` is a file, or a folder with something in it that may not be replaced.
    """
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if not overwrite:
        raise UserError(
            "the output exists already; nothing was changed",
            file=path,
            expected="a new or empty folder",
            fix="choose another --out, or add --overwrite",
        )
    if not path.is_dir() or not any((path / name).is_file() for name in _OURS):
        raise UserError(
            "this was not written by embauche, so it is not overwritten; nothing was changed",
            file=path,
            found=f"a folder without {' or '.join(_OURS)}" if path.is_dir() else "a file",
            expected="a new or empty folder, or one that embauche wrote",
            fix="choose another --out",
        )


@contextmanager
def atomic_folder(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A temporary folder beside `path`, renamed to it when the block ends without error.

    Raises:
        UserError: `path` exists with something in it and overwrite is false (or it is not ours), or
            cannot be written.
    """
    path = Path(path)
    check_free(path, overwrite)
    if path.is_symlink():  # the folder it leads to is replaced, not the link
        path = path.resolve()
    tmp: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        tmp = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent))
        tmp.chmod(0o755)
        yield tmp
        old: Path | None = None
        if path.exists():
            old = path.with_name(f".{path.name}.{os.getpid()}.old")
            os.replace(path, old)
        os.replace(tmp, path)
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        friendly = _full_disk(error, path)
        if friendly is None:
            raise
        raise friendly from None
    finally:
        if tmp is not None and tmp.exists():
            shutil.rmtree(tmp, ignore_errors=True)


def sha256(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files with their relative names in order."""
    digest = hashlib.sha256()
    path = Path(path)
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for file in files:
        if path.is_dir():
            digest.update(str(file.relative_to(path)).encode())
        with file.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Write JSON with sorted keys, whole or not at all.

    Raises:
        ValueError: a number is not finite, which JSON cannot say; None stands for what is not known.
    """
    try:
        words = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise ValueError(f"{path.name} cannot be written: {error}") from None
    with atomic_path(path) as tmp:
        tmp.write_text(words + "\n", encoding="utf-8")
