"""What every test shares: hypothesis profiles, the folder of real data, a headless matplotlib.

Lives here: fixtures and settings for all tests. Not here: small territories (helpers.py).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"

# Same examples in every run: a failure in CI is a failure at home. No deadline, since the first
# example may compile a kernel. `HYPOTHESIS_PROFILE=search` looks for new counterexamples.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("default", derandomize=True, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("search", max_examples=1000, **_COMMON)  # type: ignore[arg-type]
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of pyproject.toml."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; tests that need it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data are not here: ../shared/data")
    return SHARED_DATA
