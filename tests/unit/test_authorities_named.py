"""An authority that a scenario names and nobody knows: one fault, at its line, in each block.

Lives here: `authority:` in all blocks of a scenario. Not here: fares and governance.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from embauche.analysis.check import check
from embauche.core.errors import UserError
from embauche.core.scenario import Scenario
from embauche.territory.authority_faults import PAID

COURSE = "name: x, domain: logistics, at: Eu, seats: 1, weeks: 4"
JOBS = "jobs: [{skill: logistics, posts: 2}]"
# block, kind, what stands there besides who pays
PLACES = [
    ("levers", "loans", "name: x, vehicle: car, stock: 1"),
    ("levers", "licence_aid", "name: x, places: 1"),
    ("levers", "bike_grants", "name: x, grant_eur: 100"),
    ("levers", "vouchers", "name: x, eur_month: 10"),
    ("levers", "childcare", "name: x, places: 1, hours: 05:00-22:00"),
    ("sites", "open", f"name: x, at: {{commune: Eu}}, sector: industry, {JOBS}"),
    ("sites", "move", "name: x, firm: {sector: industry, commune: Eu}, at: {commune: Aumale}"),
    ("sites", "enlarge", f"name: x, firm: {{sector: industry, commune: Eu}}, {JOBS}"),
    ("sites", "close", "name: x, firm: {sector: industry, commune: Eu}"),
    ("residences", "beds", "name: x, commune: Eu, beds: 5, rent_eur_month: 300, cost_eur_month: 400"),
    ("residences", "aids", "name: x, eur_month: 50"),
    ("residences", "homes", "name: x, commune: Eu, units: 3"),
    ("apprentices", "centres", "name: x, at: Eu, domains: logistics, seats: 5"),
    ("apprentices", "seats", "name: x, seats: 5"),
    ("apprentices", "tutors", "name: x, tutors: 2"),
    ("recruitment", "geiq", "name: x, places: 3"),
    ("recruitment", "pools", "name: x"),
    ("recruitment", "network", "name: x"),
    ("training", "courses", COURSE),
    ("training", "academies", f"{COURSE}, employers: {{sectors: industry}}"),
    ("training", "immersions", "name: x, places_week: 1"),
    ("training", "guidance", "name: x, sectors: industry, share_year: 0.5"),
    ("training", "redeployment", "name: x"),
    ("training", "outreach", "name: x, contacts_week: 1"),
    ("training", "equipment", "name: x, domains: logistics, cost_eur_year: 1000"),
]
DEEPER = {
    "platform": "recruitment:\n  mechanism: platform\n  platform:\n    payer: authority\n"
    "    authority: SMX\n",
    "channels": (
        "recruitment:\n  channels:\n    platforms:\n    - {name: x, commune: Eu, payer: authority,\n"
        "       authority: SMX}\n"
    ),
}  # fmt: skip


def problems(folder: Path, text: str) -> list[tuple[int | None, str]]:
    path = folder / "mine.yaml"
    path.write_text("base: baseline\n" + text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        check(path)
    return [(p.line, str(p)) for p in caught.value.problems]


def wrong(place: tuple[str, str, str], name: str, payer: str = "authority") -> str:
    block, kind, fields = place
    return f"{block}:\n  {kind}:\n  - {{{fields}, payer: {payer}, authority: {name}}}\n"


def test_in_each_block_at_its_line_with_those_there_are(tmp_path: Path) -> None:
    """All in one file, so that all are told at once; the right name is no fault anywhere."""
    text, last = "services: {ebike: on}\n", ""
    lines: dict[int, tuple[str, str]] = {}
    places = [p for p in PLACES if "firm:" not in p[2]]  # which firm that is takes a population to tell
    for place in places:
        one = wrong(place, "SMX").replace("name: x", f"name: {place[1]}").splitlines()
        text += "\n".join(one[place[0] == last :]) + "\n"
        lines[len(text.splitlines()) + 1] = place[:2]
        last = place[0]
    found = problems(tmp_path, text)
    told = {line for line, words in found if "no such authority" in words}
    assert told == set(lines), [w for _, w in found if "no such authority" not in w]
    assert len(found) == len(places)
    assert all("SMX" in words and "expected" in words and "bresle-vimeu" in words for _, words in found)


@pytest.mark.parametrize("text", DEEPER.values(), ids=list(DEEPER))
def test_deeper_in_a_block(text: str, tmp_path: Path) -> None:
    ((line, words),) = problems(tmp_path, text)
    assert line == len(text.splitlines()) + 1
    assert "no such authority" in words


def test_the_nearest_name_is_the_remedy_and_then_there_is_no_fault(tmp_path: Path) -> None:
    ((_, words),) = problems(tmp_path, wrong(PLACES[0], "bresle-vimeux"))
    assert "did you mean bresle-vimeu?" in words
    (tmp_path / "mine.yaml").write_text("base: baseline\n" + wrong(PLACES[0], "bresle-vimeu"))
    assert check(tmp_path / "mine.yaml").scenario.levers.loans[0].authority == "bresle-vimeu"


@pytest.mark.parametrize("place", PLACES, ids=[f"{b}.{k}" for b, k, _ in PLACES])
def test_an_authority_beside_another_payer_is_a_fault(place: tuple[str, str, str], tmp_path: Path) -> None:
    found = problems(tmp_path, wrong(place, "bresle-vimeu", payer="state"))
    assert [line for line, _ in found] == [4]
    assert "another pays" in found[0][1]


def models(kind: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """Paths of all blocks below a model that have a field `authority`."""
    for name, field in kind.model_fields.items():
        inner = [field.annotation]
        while inner:
            one = inner.pop()
            inner += get_args(one)
            if isinstance(one, type) and issubclass(one, BaseModel):
                if "authority" in one.model_fields:
                    yield (*path, name)
                yield from models(one, *path, name)


def test_no_block_is_forgotten() -> None:
    """Each block below which an authority can be named is checked: here, or by fares and governance."""
    paths = set(models(Scenario))
    assert {p[0] for p in paths} - {"fares", "services", "governance"} == set(PAID)
    here = {place[:2] for place in PLACES} | {
        ("recruitment", "platform"),
        ("recruitment", "channels", "platforms"),
    }
    assert {p for p in paths if p[0] in PAID} == here
