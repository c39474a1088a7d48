"""Faults of a scenario's governance that only its territory shows: areas, contracts, names of authorities.

Lives here: governance_faults. Not here: faults of single fields (core.scenario_governance).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any

from pydantic import BaseModel

from embauche.core.accounts import REGION, STATE
from embauche.core.epci import match_epcis
from embauche.core.errors import Problem
from embauche.core.scenario_governance import GovernanceBlock
from embauche.core.suggest import folded, nearest
from embauche.territory.authorities import Jurisdiction
from embauche.territory.territory import Territory

# Blocks of a scenario in which `authority:` may stand (fares have a check of their own: fare_faults).
PAID = ("levers", "sites", "residences", "apprentices", "recruitment", "training")


def governance_faults(
    block: GovernanceBlock, options: Mapping[str, Any], territory: Territory,
    blocks: Mapping[str, Any] | None = None,
) -> list[Problem]:  # fmt: skip
    """All faults, each with its keys in the scenario.

    Args:
        block: the scenario's `governance:`.
        options: options of the services in use, by name.
        territory: the scenario's territory.
        blocks: other blocks in which an authority may be named (PAID), by their keys.
    """
    communes = territory.communes
    epcis = {str(c): str(n) for c, n in zip(communes.epci, communes.epci_name, strict=True) if c}
    names = {str(x) for x in (*communes.code, *communes.name)}
    known_folded = {folded(n) for n in names}
    out: list[Problem] = []
    for i, entry in enumerate(block.authorities):
        where = ("governance", "authorities", i)
        for k, text in enumerate(entry.epcis):
            out += [p.below(*where, "epcis", k) for p in match_epcis([text], epcis)[1]]
        for k, text in enumerate(entry.communes):
            if folded(text) not in known_folded:
                near = nearest(text, names)
                out.append(
                    Problem("the territory has no such commune", found=text, expected="a name or INSEE code",
                            fix=near and f"did you mean {near}?", keys=(*where, "communes", k))
                )  # fmt: skip
        runs = {str(x) for column in ("route", "route_name", "agency") for x in territory.trips[column]}
        for k, text in enumerate(entry.routes):
            if text not in runs:
                near = nearest(text, runs)
                out.append(
                    Problem("the timetable has no such route or agency", found=text,
                            expected="a route's name or id, or an agency", keys=(*where, "routes", k),
                            fix=near and f"did you mean {near}?")
                )  # fmt: skip
    who = Jurisdiction.of(block.governance(), territory)
    authorities = [rule.name for rule in who.rules]
    for i, contract in enumerate(block.contracts):
        for k, text in enumerate(contract.between):
            if not who.of_party(text).any():
                out.append(_unknown(text, [*authorities, *epcis.values()],
                                    ("governance", "contracts", i, "between", k)))  # fmt: skip
    for keys, text in _named({"services": options, **(blocks or {})}):
        if text not in ("", REGION, STATE, *authorities):
            out.append(_unknown(text, [*authorities, REGION], keys))
    return out


def _unknown(text: str, known: list[str], keys: tuple[str | int, ...]) -> Problem:
    near = nearest(text, known)
    return Problem("there is no such authority", found=text, expected="one of " + ", ".join(known),
                   fix=near and f"did you mean {near}?", keys=keys)  # fmt: skip


def _named(value: Any, *keys: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """All that stands under the key `authority` in a block, however deep, with its keys."""
    if isinstance(value, list | tuple):
        parts: Iterable[tuple[str | int, Any]] = enumerate(value)
    elif isinstance(value, BaseModel) or is_dataclass(value):
        parts = vars(value).items()
    else:
        parts = value.items() if isinstance(value, Mapping) else ()
    for key, part in parts:
        if key == "authority" and isinstance(part, str):
            yield (*keys, key), part
        else:
            yield from _named(part, *keys, key)
