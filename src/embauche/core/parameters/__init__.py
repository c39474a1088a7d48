"""All parameters of the model, collected from the topics of this package and from the services' files.

Not here: the values themselves (one file a topic, one a service), or what they do (the rooms that read them).
"""

from __future__ import annotations

from collections.abc import Iterator

from embauche.core.offerings import kinds
from embauche.core.parameters import (
    apprentices,
    channels,
    commute,
    congestion,
    cost,
    hiring,
    housing,
    labour,
    labour_firms,
    levers,
    population,
    risk,
    roads,
    search,
    training,
)
from embauche.core.parameters.registry import FROM_MEMORY, Parameter, Parameters, Registry


def _of_services() -> Iterator[Parameter]:
    for kind in kinds().values():
        yield from kind.parameters_of


TOPICS = (
    apprentices,
    channels,
    commute,
    congestion,
    cost,
    hiring,
    housing,
    labour,
    labour_firms,
    levers,
    population,
    risk,
    roads,
    search,
    training,
)
REGISTRY = Registry((p for topic in TOPICS for p in topic.PARAMETERS), _of_services)


def defaults() -> Parameters:
    """The parameters at their default values."""
    return Parameters(REGISTRY)


__all__ = ["FROM_MEMORY", "REGISTRY", "Parameter", "Parameters", "Registry", "defaults"]
