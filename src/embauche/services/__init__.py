"""Services: one file, one service; importing this package registers those that come with embauche.

Lives here: finding them. Not here: how people choose among them (commuting). What a service needs besides
its file goes into a sub-package, which is loaded when the service is asked for offers.
"""

from __future__ import annotations

import importlib
import pkgutil

from embauche.core.errors import Problem
from embauche.core.offerings import kinds
from embauche.core.parameters.registry import Parameters
from embauche.core.settings import Settings
from embauche.services.base import Ground, Needs, Service

for _module in pkgutil.iter_modules(__path__):
    if not _module.ispkg:
        importlib.import_module(f"{__name__}.{_module.name}")


def made(ground: Ground) -> tuple[Service, ...]:
    """The services that the settings name, on their ground."""
    known = kinds()
    return tuple(known[name](ground) for name in ground.settings.services)  # type: ignore[operator]


def faults(settings: Settings, territory: object, parameters: Parameters) -> list[Problem]:
    """Faults of the options of all services in use beside a territory (Service.check)."""
    known = kinds()
    found: list[Problem] = []
    for name in settings.services:
        options = settings.options.get(name)
        own = known[name].check(options, territory, settings.folder, parameters)
        found += [p.below("services", name) for p in own]
    return found


__all__ = ["Ground", "Needs", "Service", "faults", "kinds", "made"]
