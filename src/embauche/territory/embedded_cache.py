"""Where embedded territories are kept once built: found without loading what builds them.

Lives here: cache_folder. Not here: generating and building them (embedded).
"""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs

from embauche.territory.load import COMMUNES

_LIBRARIES = ("numpy", "scipy", "shapely", "osmium", "pandas", "pyproj")


def cache_folder(name: str) -> Path:
    """Where the built territory is kept: the name holds a hash of all that it depends on."""
    base = Path(platformdirs.user_cache_dir("embauche")) / "territories"
    return base / f"{name}-{_fingerprint(name)}"


def _fingerprint(name: str) -> str:
    """Hash of the generator, the reader, the parameters, the data and the libraries' versions."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    sources = sorted(
        [*root.glob("territory/**/*.py"), *root.glob("core/**/*.py"), root / "kernels" / "random.py"]
    )
    for file in [*sources, COMMUNES / f"{name.replace('-', '_')}.geojson"]:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    return digest.hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"
