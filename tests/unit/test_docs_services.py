"""The pages' YAML blocks are scenarios that `embauche check` accepts.

Lives here: docs/services.md, docs/labour.md. Not here: the configs (tests/ux).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from embauche.analysis.check import check

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    page: re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    for page in ("services.md", "labour.md")
}
BLOCKS = [block for blocks in PAGES.values() for block in blocks]


def test_the_pages_have_blocks() -> None:
    assert all(len(blocks) >= 4 for blocks in PAGES.values())


@pytest.mark.parametrize("block", BLOCKS, ids=[b.split("\n")[1].strip() for b in BLOCKS])
def test_a_block_is_a_scenario(block: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("base: baseline\n" + block, encoding="utf-8")
    checked = check(file)
    assert checked.scenario.settings() != check("baseline").scenario.settings()
