"""Options with which services that need some can be tried on the tiny territory (helpers.tiny_territory).

Lives here: EXAMPLES and SIZES, by name of the service, and settings with them. Not here: the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from embauche.core.offerings import kinds
from embauche.core.scenario_load import validated
from embauche.core.settings import Settings

# a new service that is offered to nobody without options has its entry here
EXAMPLES: dict[str, dict[str, Any]] = {
    "volunteers": {
        "who": {"groups": ["apprentice", "unemployed", "employed"], "car": None},
        "schemes": [{"name": "neighbours", "volunteers": 400, "hours_week": 60, "days": "all"}],
    },
    "shuttle": {
        "lines": [
            {
                "name": "Middle street", "stops": ["W", "C", "E"], "days": "all", "seats": 90,
                "windows": ["day", "office", "morning", "afternoon", "night", "weekend"],
            }
        ]
    }
}  # fmt: skip

# a shared service as large as said, from nothing on: its entry here has it held to test_shared_contract
SIZES: dict[str, Callable[[int], dict[str, Any]]] = {
    "carpool": lambda n: {},  # its size is its drivers: see SIZE_PARAMETERS
    "on_demand": lambda n: {
        "systems": [
            {
                "name": "tad",
                "walk_m": 500,
                "hours": "05:00-23:00",
                "booking": {"kind": "same_day"},
                "fleet": {"vehicles": n, "depot": "Aville", "seats": 6},
            }
        ]
    },
    "shuttle": lambda n: {"lines": [EXAMPLES["shuttle"]["lines"][0] | {"seats": 12 * n}]},
    "volunteers": lambda n: (
        EXAMPLES["volunteers"] | {"schemes": [EXAMPLES["volunteers"]["schemes"][0] | {"volunteers": 4 * n}]}
    ),
}

# and parameters that go with the size
SIZE_PARAMETERS: dict[str, Callable[[int], dict[str, float]]] = {
    "carpool": lambda n: {"carpool.enrolled": 0.02 * n},
}


def settings_with(*names: str, **changes: Any) -> Settings:
    """Settings with the default services and those named, each with its example; what is lent, to everybody.

    Args:
        names: services; all that there are if none is named.
        changes: options that replace an example's, by service.
    """
    asked = names or tuple(kinds())
    services = {name: changes.get(name, EXAMPLES.get(name, True)) for name in asked}
    who = {"groups": ["apprentice", "unemployed", "employed"]}
    lent = [
        {"name": name, "vehicle": name, "stock": 10_000, "apply": 1, "who": who}
        for name in asked
        if getattr(kinds()[name], "kit", 0)
    ]
    return validated({"name": "example", "services": services, "levers": {"loans": lent}}).settings()
