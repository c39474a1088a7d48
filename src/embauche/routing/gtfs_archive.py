"""Text tables out of a zip or folder that a stranger made: names checked, sizes limited, text decoded.

Lives here: opening GTFS archives and their CSV files. Not here: what GTFS means (gtfs).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from embauche.core.errors import UserError

MAX_TOTAL_BYTES = 4 << 30  # France's whole regional feeds stay under 1 GiB
MAX_RATIO = 200.0  # deflate reaches 1000 only on repeated bytes; GTFS text reaches 30
_RATIO_FROM_BYTES = 16 << 20  # small files cannot harm, whatever their ratio
_CORE = ("stops.txt", "trips.txt", "stop_times.txt", "routes.txt", "calendar.txt", "calendar_dates.txt")
_FIX = "export the feed again as a zip of .txt files (see gtfs.org)"


class Archive:
    """A GTFS feed's files, from a zip or a folder.

    Attributes:
        path: the zip or folder.
        counts: repairs made while reading text.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.counts: dict[str, int] = {}
        self._zip: zipfile.ZipFile | None = None
        self._members: dict[str, Any] = {}
        if self.path.is_dir():
            self._members = {
                p.name: p for p in sorted(self.path.iterdir()) if p.is_file() and not p.is_symlink()
            }
        elif self.path.is_file():
            self._open_zip()
        else:
            raise UserError(
                "there is no such timetable", file=self.path, fix="give a GTFS zip or folder to --gtfs"
            )

    def _open_zip(self) -> None:
        try:
            self._zip = zipfile.ZipFile(self.path)
            infos = self._zip.infolist()
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
            EOFError,
            UnicodeError,
            OverflowError,
        ) as error:
            raise UserError(
                "this is no readable zip file",
                file=self.path,
                found=str(error),
                expected="a GTFS zip",
                fix=_FIX,
            ) from None
        for info in infos:
            self._check_name(info)
        self._check_size(infos)
        for info in infos:
            # Some feeds wrap their files in one folder; the name decides.
            if not info.is_dir() and "__MACOSX" not in info.filename:
                first = self._members.setdefault(PurePosixPath(info.filename).name, info)
                if first.filename != info.filename and PurePosixPath(info.filename).name in _CORE:
                    raise UserError(
                        "this zip holds several feeds in folders; which one is meant is not clear",
                        file=self.path,
                        found=f"{first.filename[:200]} and {info.filename[:200]}",
                        expected="one feed a zip",
                        fix="unpack it, and give each folder with a --gtfs of its own",
                    )
        inner = [name for name in self._members if name.lower().endswith(".zip")]
        if inner and not any(name.endswith(".txt") for name in self._members):
            raise UserError(
                "this zip holds another zip and no timetable",
                file=self.path,
                found=", ".join(inner)[:200],
                expected="stops.txt, trips.txt, stop_times.txt, ...",
                fix="unpack it, and give each zip in it with a --gtfs of its own",
            )

    def _check_name(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"^[A-Za-z]:", name):
            raise UserError(
                "this zip has a path that climbs out of it; it is not read",
                file=self.path,
                found=info.filename[:200],
                expected="plain file names such as stops.txt",
                fix="get the feed from its publisher",
            )
        if info.flag_bits & 1:
            raise UserError("this zip is encrypted", file=self.path, found=info.filename[:200], fix=_FIX)

    def _check_size(self, infos: Iterable[zipfile.ZipInfo]) -> None:
        total = 0
        for info in infos:
            total += info.file_size
            ratio = info.file_size / max(1, info.compress_size)
            if total > MAX_TOTAL_BYTES or (info.file_size > _RATIO_FROM_BYTES and ratio > MAX_RATIO):
                raise UserError(
                    "this zip unpacks to far more than a timetable; it is not read",
                    file=self.path,
                    found=f"{info.filename[:200]}: {info.file_size} bytes from {info.compress_size}",
                    expected=f"at most {MAX_TOTAL_BYTES >> 30} GiB, {MAX_RATIO:.0f} times the packed size",
                    fix="get the feed from its publisher",
                )

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def close(self) -> None:
        """Close the zip."""
        if self._zip is not None:
            self._zip.close()

    def _bytes(self, name: str) -> bytes:
        member = self._members[name]
        try:
            if self._zip is None:
                data: bytes = member.read_bytes()
                return data
            with self._zip.open(member) as handle:
                data = handle.read(member.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise UserError(
                f"{name} cannot be read from the feed", file=self.path, found=str(error), fix=_FIX
            ) from None
        if len(data) > member.file_size:
            raise UserError(f"{name} is larger than the zip says; it is not read", file=self.path, fix=_FIX)
        return data

    def where(self, name: str) -> str:
        """How errors name a file of the feed."""
        return f"{self.path}/{name}"

    def table(self, name: str, required: tuple[str, ...] = (), *, need_rows: bool = False) -> pd.DataFrame:
        """A CSV file as strings, empty where blank; the index is the line in the file.

        Args:
            name: file name; absent gives no rows.
            required: columns it must have.
            need_rows: refuse an absent or empty file.

        Raises:
            UserError: malformed CSV, a missing column (file and line).
        """
        if name not in self:
            if need_rows:
                raise UserError(f"the feed has no {name}", file=self.path, expected=name, fix=_FIX)
            return pd.DataFrame({c: pd.Series(dtype=str) for c in required})
        frame = self._parse(name, self.text(name))
        missing = [c for c in required if c not in frame.columns]
        if missing:
            raise UserError(
                f"{name} lacks columns",
                file=self.where(name),
                line=1,
                found=", ".join(str(c) for c in frame.columns)[:300],
                expected=", ".join(missing),
                fix=_FIX,
            )
        if need_rows and frame.empty:
            raise UserError(f"{name} has no rows", file=self.where(name), expected="at least one", fix=_FIX)
        return frame

    def text(self, name: str) -> str:
        """A file's text.

        Raises:
            UserError: it cannot be unpacked.
        """
        data = self._bytes(name)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.counts[f"{name} in Latin-1, not UTF-8"] = 1
            return data.decode("cp1252", errors="replace")

    def _parse(self, name: str, text: str) -> pd.DataFrame:
        text = text.replace("\x00", "")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # pandas warns of rows longer than the header
                frame = pd.read_csv(
                    io.StringIO(text), dtype=str, na_filter=False, index_col=False,
                    skipinitialspace=True, skip_blank_lines=False,
                )  # fmt: skip
        except pd.errors.EmptyDataError:
            return pd.DataFrame()
        except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError, OverflowError) as error:
            line = re.search(r"(?:line|row) (\d+)", str(error))
            raise UserError(
                f"{name} is no well-formed CSV",
                file=self.where(name),
                line=int(line[1]) if line else None,
                found=str(error).strip()[:300],
                fix=_FIX,
            ) from None
        frame.columns = pd.Index([str(c).strip().strip('"') for c in frame.columns])
        frame = frame.loc[:, ~frame.columns.duplicated()].fillna("")
        frame.index = pd.RangeIndex(2, len(frame) + 2)
        blank = (frame == "").all(axis=1)
        frame = frame[~blank]
        return pd.DataFrame({name: column.str.strip() for name, column in frame.items()}, index=frame.index)
