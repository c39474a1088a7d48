"""The nearest known name to one mistyped, for errors that say what to type.

Lives here: nearest. Not here: where names come from.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

CUTOFF = 0.6  # of difflib's ratio


def folded(name: str) -> str:
    """Lower case without accents, with dashes and underscores as spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(kept.replace("_", " ").replace("-", " ").replace("’", "'").split())


def _like(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()


def _by_tail(asked: str, names: Iterable[str]) -> str | None:
    """Of names `topic.what_unit` with the topic asked for, the one whose words are most like the rest."""
    head, dot, tail = asked.rpartition(".")
    scores = [
        (max(_like(tail, t) for t in (rest, *rest.split())), _like(asked, name), name)
        for name in names
        for topic, _, rest in [name.rpartition(".")]
        if dot and topic == head
    ]
    best = max(scores, default=(0.0, 0.0, ""), key=lambda s: s[:2])
    return best[2] if best[0] >= CUTOFF else None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None if none is near."""
    names = {folded(k): k for k in sorted(known)}
    asked = folded(name)
    # all names of a topic share its letters: `car.cost` would be nearer to `car.late` as a whole
    tail = _by_tail(asked, names)
    close = [tail] if tail else difflib.get_close_matches(asked, names, n=1, cutoff=CUTOFF)
    if not close and len(asked) > 3:  # `bus_fare` is near `transit.fare_eur` only by its tail
        close = [k for k in names if k.endswith(asked) or k.split(".")[-1].startswith(asked)][:1]
    return names[close[0]] if close else None
