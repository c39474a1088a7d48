"""embauche: commuting and recruitment in a French bassin de mobilité, simulated together.

The public API, loaded when first used: load, build, run, compare, Result. Not here: any logic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# name -> (module, attribute): loaded on first use, so that `import embauche` stays light.
_PUBLIC = {
    "load": ("embauche.territory.load", "load"),
    "build": ("embauche.territory.build", "build_territory"),
    "run": ("embauche.analysis.runner", "run"),
    "compare": ("embauche.analysis.compare", "compare"),
    "Result": ("embauche.core.results", "Result"),
    "Scenario": ("embauche.core.scenario", "Scenario"),
    "load_scenario": ("embauche.core.scenario_load", "load_scenario"),
    "UserError": ("embauche.core.errors", "UserError"),
}

if TYPE_CHECKING:
    from embauche.analysis.compare import compare
    from embauche.analysis.runner import run
    from embauche.core.errors import UserError
    from embauche.core.results import Result
    from embauche.core.scenario import Scenario
    from embauche.core.scenario_load import load_scenario
    from embauche.territory.build import build_territory as build
    from embauche.territory.load import load

__all__ = ["Result", "Scenario", "UserError", "build", "compare", "load", "load_scenario", "run"]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'embauche' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
