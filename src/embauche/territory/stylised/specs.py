"""The embedded territories' specs by name.

Lives here: SPECS, where their communes are. Not here: their facts (bresle_vimeu, grand_artois).
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from embauche.territory.stylised.bresle_vimeu import BRESLE_VIMEU
from embauche.territory.stylised.grand_artois import GRAND_ARTOIS

SPECS = {"bresle-vimeu": BRESLE_VIMEU, "grand-artois": GRAND_ARTOIS}


def communes_file(name: str) -> Path:
    """Path of an embedded territory's communes."""
    return Path(str(files("embauche") / "data" / "communes" / SPECS[name].file))
