"""Signals that end a command leave nothing half-written. Not here: commands (tests/ux)."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from embauche.cli_guard import tidy_end
from embauche.core.files import atomic_folder

KINDS = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@pytest.mark.parametrize("name", KINDS)
def test_a_polite_end_removes_what_is_half_written(name: str, tmp_path: Path) -> None:
    """A terminal that is closed sends SIGHUP, which once left the hidden folder behind."""
    number = int(getattr(signal, name))
    inherited = signal.signal(number, signal.SIG_DFL)  # under nohup it would be ignored

    def command() -> None:
        with tidy_end(), atomic_folder(tmp_path / "out") as folder:
            (folder / "half").write_text("half")
            os.kill(os.getpid(), number)

    try:
        with pytest.raises(SystemExit) as end:
            command()
        assert signal.getsignal(number) == signal.SIG_DFL
    finally:
        signal.signal(number, inherited)
    assert end.value.code == 128 + number
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif("SIGHUP" not in KINDS, reason="Windows has no hang-up")
def test_nohup_stays_in_force() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with tidy_end():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
