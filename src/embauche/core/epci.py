"""Which EPCIs a scenario means: SIREN codes, or names in part, matched against a territory's own.

Lives here: the matching and its errors. Not here: cutting the territory (territory.Territory.restrict).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from embauche.core.errors import Problem
from embauche.core.suggest import folded, nearest


def match_epcis(asked: Iterable[str], known: Mapping[str, str]) -> tuple[list[str], list[Problem]]:
    """Codes of the EPCIs asked for, and what is wrong with those that cannot be told.

    Args:
        asked: SIREN codes or names; a part of a name is enough if it fits one EPCI only.
        known: code -> name of the territory's EPCIs.

    Returns:
        Codes in order and without repeats, and one Problem for each name that fits none or several.
    """
    codes: list[str] = []
    problems: list[Problem] = []
    names = {code: folded(name) for code, name in known.items()}
    shown = "; ".join(f"{code} {known[code]}" for code in sorted(known))
    for text in asked:
        word = folded(text)
        hits = [text] if text in known else sorted(c for c, name in names.items() if word == name)
        hits = hits or sorted(c for c, name in names.items() if word and word in name)
        if len(hits) == 1:
            codes.append(hits[0])
            continue
        words = _runs(known.values())
        near = nearest(text, [*known, *known.values(), *words])
        problems.append(
            Problem(
                f"{len(hits)} EPCIs are called so" if hits else "the territory has no such EPCI",
                found=text,
                expected=f"one of {shown}" if known else "nothing: this territory has no EPCIs",
                fix="type the SIREN code" if hits else (f"did you mean {near}?" if near else None),
            )
        )
    return list(dict.fromkeys(codes)), problems


def _runs(names: Iterable[str]) -> set[str]:
    """One to three words in a row of each name, as people shorten them."""
    runs = set()
    for name in names:
        words = re.findall(r"[\w-]+", name)
        runs |= {" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
    return {run for run in runs if len(run) > 4}
