"""What the terminal shows of figures: percentages and plain decimals, never a power of ten.

Not here: the commands (ux).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from embauche import cli_show
from embauche.analysis.compare import compare
from helpers_results import write_run


def test_figures_of_a_comparison_are_read_without_a_calculator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = write_run(tmp_path / "a", "baseline", seeds=(1, 2, 3))
    b = write_run(tmp_path / "b", "policy", seeds=(1, 2, 3), gain=0.06, cost=6000.0)
    found = compare([a, b], tmp_path / "out")
    cli_show.comparison(found)
    cli_show.result(a)
    said = capsys.readouterr()
    words = said.out + said.err
    row = found.of("policy").set_index("indicator").loc["unemployment_rate"]
    assert row["distinguishable"]
    shown = next(line for line in words.splitlines() if line.startswith("Unemployment rate"))
    assert f"{row['baseline_mean'] * 100:.1f}" in shown
    assert " % " in shown
    assert " share " not in words
    assert "e-0" not in words
    assert "e+0" not in words
    assert "differences of percentages are in points" in words


@pytest.mark.parametrize(
    ("value", "unit", "level", "difference"),
    [(0.000568, "share", "0.057", "+0.057"), (-1.038e-05, "share", "-0.0010", "-0.0010"),
     (1266.3, "person-weeks", "1,266", "+1,266"), (299940.2, "EUR", "299,940", "+299,940"),
     (0.0, "posts", "0", "0")],
)  # fmt: skip
def test_short_figures(value: float, unit: str, level: str, difference: str) -> None:
    assert cli_show._short(value, unit) == level
    assert cli_show._short(value, unit, signed=True) == difference
