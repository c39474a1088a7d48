"""A new kind of service is one file: its parameters, fields and labels are known without another edit.

Lives here: the package with one more file in services, as a newcomer would write it.
Not here: what every service keeps to (test_service_contract).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import embauche

SOURCE = Path(embauche.__file__).parents[1]

FERRY = '''
"""The service ferry."""
from __future__ import annotations
from pydantic import Field
from embauche.core.errors import Problem
from embauche.core.offerings import Options
from embauche.core.parameters.registry import FROM_MEMORY, Parameter
from embauche.services.base import Service


class FerryOptions(Options):
    quays: tuple[str, ...] = Field(min_length=1, description="communes with a quay")


class Ferry(Service):
    name = "ferry"
    label = {"fr": "bac", "en": "ferry"}
    parameters_of = tuple(
        Parameter(f"ferry.{what}", 1.0, "ratio", 0, 9, FROM_MEMORY, what)
        for what in ("asc_eur", "weight", "late", "fail", "fare_eur")
    )
    Options = FerryOptions

    @classmethod
    def check(cls, options, territory, folder, parameters):
        known = set(territory.communes.name)
        return [
            Problem("there is no such commune", found=q, keys=("quays", k))
            for k, q in enumerate(options.quays) if q not in known
        ]

    def fill(self, tile):
        tile.out_min[:] = 1
'''

PROGRAM = """
import sys
from pathlib import Path
from embauche.core.errors import UserError
from embauche.core.offerings import kinds
from embauche.core.scenario_load import load_scenario, scenario_schema
from embauche.analysis.check import check

known = list(kinds())
assert known[:4] == ["car", "bike", "walk", "transit"], known
assert "ferry" in known[4:] and known[4:] == sorted(known[4:]), known
file = Path(sys.argv[1])
scenario = load_scenario(file)
assert scenario.services_on == ("car", "bike", "walk", "transit", "ferry")
assert scenario.parameter_values()["ferry.fare_eur"] == 2.5
assert scenario.settings().options["ferry"].quays == ("Nowhere",)
assert load_scenario(scenario.resolved()).hash() == scenario.hash()
assert "ferry" in str(scenario_schema())
assert "numba" not in sys.modules
assert "ferry" not in load_scenario("baseline").services_on
for wrong in (file, file.with_name("typo.yaml"), file.with_name("bare.yaml")):
    try:
        check(wrong)
    except UserError as error:
        print(error)
"""


def mirror(source: Path, target: Path) -> None:
    """A folder whose entries are links to another's; its sub-folders of the same name may be replaced."""
    if target.is_symlink():
        target.unlink()
    target.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.name != "__pycache__":
            (target / entry.name).symlink_to(entry)


def test_a_file_makes_a_service_known_to_scenarios(tmp_path: Path) -> None:
    mirror(SOURCE / "embauche", tmp_path / "src" / "embauche")
    mirror(SOURCE / "embauche" / "services", tmp_path / "src" / "embauche" / "services")
    (tmp_path / "src" / "embauche" / "services" / "ferry.py").write_text(FERRY)
    mine = tmp_path / "mine.yaml"
    mine.write_text("base: baseline\nservices:\n  ferry:\n    fare_eur: 2.5\n    quays:\n      - Nowhere\n")
    (tmp_path / "typo.yaml").write_text("base: baseline\nservices:\n  ferry:\n    quais: [Eu]\n")
    (tmp_path / "bare.yaml").write_text("base: baseline\nservices:\n  ferry: on\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(mine)], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "mine.yaml:6: there is no such commune" in done.stdout
    assert "typo.yaml:4: unknown key services.ferry.quais" in done.stdout
    assert "did you mean quays?" in done.stdout
    assert "services.ferry.quays is missing" in done.stdout
