"""All parameters of the model, collected from the topics of this package.

Not here: the values themselves (one file a topic), or what they do (the rooms that read them).
"""

from __future__ import annotations

from embauche.core.parameters import commute, congestion, labour, levers, population, roads
from embauche.core.parameters.registry import FROM_MEMORY, Parameter, Parameters

REGISTRY: dict[str, Parameter] = {
    p.name: p for topic in (commute, congestion, labour, levers, population, roads) for p in topic.PARAMETERS
}


def defaults() -> Parameters:
    """The parameters at their default values."""
    return Parameters(REGISTRY)


__all__ = ["FROM_MEMORY", "REGISTRY", "Parameter", "Parameters", "defaults"]
