"""Mend trailing blanks and the end of text files; refuse marks of an unfinished merge.

Lives here: what pre-commit runs on every text file. Not here: Python's own style (ruff).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

CONFLICT = re.compile(rb"^(<{7} |={7}$|>{7} )", re.MULTILINE)


def mended(content: bytes) -> bytes:
    """The content without blanks at the end of lines, and with one newline at the end."""
    lines = [line.rstrip() for line in content.replace(b"\r\n", b"\n").split(b"\n")]
    body = b"\n".join(lines).rstrip(b"\n")
    return body + b"\n" if body else b""


def main(names: list[str]) -> int:
    """Rewrite files that need it; 1 if any was changed or holds conflict marks."""
    failed = False
    for name in names:
        path = Path(name)
        content = path.read_bytes()
        if CONFLICT.search(content):
            print(f"{name}: marks of an unfinished merge")
            failed = True
        elif mended(content) != content:
            path.write_bytes(mended(content))
            print(f"{name}: mended")
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
