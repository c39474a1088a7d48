"""The nearest known name to one mistyped, for errors that say what to type.

Lives here: nearest. Not here: where names come from.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable


def folded(name: str) -> str:
    """Lower case without accents, with dashes and underscores as spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(kept.replace("_", " ").replace("-", " ").replace("’", "'").split())


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None if none is near."""
    names = {folded(k): k for k in sorted(known)}
    asked = folded(name)
    close = difflib.get_close_matches(asked, names, n=1, cutoff=0.6)
    if not close and len(asked) > 3:  # `bus_fare` is near `transit.fare_eur` only by its tail
        close = [k for k in names if k.endswith(asked) or k.split(".")[-1].startswith(asked)][:1]
    return names[close[0]] if close else None
