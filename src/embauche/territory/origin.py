"""What an extract says of its maker: roads that this package made up stay so, whoever builds from them.

Lives here: the name, and reading it from a header. Not here: reading roads (osm), making them up (stylised).
"""

from __future__ import annotations

from pathlib import Path

STYLISED = "embauche stylised"  # the generator that a stylised extract names


def is_stylised(path: Path) -> bool:
    """Whether an extract, read before without fault, says that this package made it up."""
    import osmium

    from embauche.territory.osm import SUFFIXES

    kind = next((s[1:] for s in SUFFIXES if path.name.lower().endswith(s)), "")
    with osmium.io.Reader(osmium.io.File(str(path), kind), osmium.osm.NOTHING) as reader:
        return bool(reader.header().get("generator") == STYLISED)
