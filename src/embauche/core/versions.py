"""Versions that a manifest records: of Python packages, and of embauche itself.

Lives here: versions_of. Not here: the manifests (core.run_writer, territory.build).
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Version by package; embauche's own is known even where it runs from a source tree."""
    from embauche import __version__

    found: dict[str, str] = {}
    for name in packages:
        try:
            found[name] = __version__ if name == "embauche" else version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
