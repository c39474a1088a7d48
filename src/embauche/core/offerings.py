"""Kinds of service that a scenario may name: each declares itself in its own file and is found there.

Lives here: Options, the register of kinds. Not here: the services (services), scenarios (core.scenario).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from embauche.core.errors import Problem
    from embauche.core.parameters.registry import Parameter, Parameters

SERVICES = "embauche.services"


class Options(BaseModel):
    """What a scenario says below a service's name, parameters left out: a service's own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoOptions(Options):
    """A service that has parameters only."""


Fields = Options  # the same under a name that a class with an attribute Options can use


class Kind(Protocol):
    """What a class of services says of itself (see services.base.Service)."""

    name: str
    label: dict[str, str]
    order: int
    default_on: bool
    parameters_of: tuple[Parameter, ...]
    Options: type[Fields]

    @classmethod
    def check(
        cls, options: Any, territory: Any, folder: Path | None, parameters: Parameters
    ) -> list[Problem]:
        """Faults of the options that only the territory, or a file that they name, shows."""

    @classmethod
    def day_masks(cls, options: Any) -> tuple[int, ...]:
        """Sets of weekdays (bit masks) on which its offers differ."""


KINDS: dict[str, Kind] = {}  # those registered so far; `kinds` looks for all


def register(kind: Kind) -> None:
    """Make a kind of service known by its name; a later one of the same name replaces it."""
    KINDS[kind.name] = kind


def kinds() -> Mapping[str, Kind]:
    """Every kind of service by name, in the order of rows of results.

    The services' files are looked up when this is first asked: no list of them exists, and they load
    nothing that computes.
    """
    importlib.import_module(SERVICES)
    ranked = sorted(KINDS.values(), key=lambda k: (k.order, k.name))
    return {kind.name: kind for kind in ranked}
