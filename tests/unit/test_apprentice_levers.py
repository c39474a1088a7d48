"""The `apprentices:` block: faults with their lines, seats by week, costs, shared tutors.

Lives here: tests of labour.centre_plan, labour.tutors, commuting.centre_spots. Not here: contracts
(test_apprentices), the mean over seeds (tests/validation/test_policy_seats.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.analysis.check import check
from embauche.analysis.runner import reference_of
from embauche.core.errors import Problem, UserError
from embauche.core.parameters import defaults
from embauche.core.scenario_load import load_scenario, validated
from embauche.core.shifts import default_catalogue
from embauche.labour.centres import held
from embauche.labour.state import State
from embauche.labour.tutors import allowed, own_tutors
from embauche.model import Bassin
from embauche.model_apprentices import seats_table
from embauche.population.schemas import SKILLS, Contract
from embauche.population.synthesis import synthesise
from helpers import tiny_territory

TERRITORY = tiny_territory(2)
CATALOGUE = default_catalogue()
POPULATION = synthesise(TERRITORY, CATALOGUE, defaults(), 0)  # type: ignore[arg-type]
CFA = {"name": "CFA", "at": "Bourg", "domains": ["logistics", "metal_mechanics"], "seats": 9}


def bassin(state: dict[str, Any] | None = None, **block: Any) -> Bassin:
    """A model of a scenario with this block."""
    settings = validated({"name": "x", "apprentices": block}).settings()
    known = None if state is None else State.from_arrays(state)
    return Bassin(TERRITORY, POPULATION, CATALOGUE, defaults(), settings, rng=2, state=known)  # type: ignore[arg-type]


def problems(folder: Path, *lines: str) -> list[Problem]:
    path = folder / "mine.yaml"
    path.write_text("base: baseline\napprentices:\n" + "".join(f"  {x}\n" for x in lines), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        check(path)
    return list(caught.value.problems)


AT_EU = "name: c, at: Eu, domains: logistics, seats: 5"
WRONG = {
    "unknown key": (("centre: []",), 3, "centre"),
    "unknown domain": (("centres:", "- {name: c, at: Eu, domains: welding, seats: 5}"), 4, "welding"),
    "no domain": (("centres:", "- {name: c, at: Eu, domains: [], seats: 5}"), 4, "at least 1"),
    "domain twice": (
        ("centres:", "- {name: c, at: Eu, domains: [logistics, logistics], seats: 5}"), 4, "twice",
    ),
    "too few seats": (
        ("centres:", "- {name: c, at: Eu, domains: [logistics, maintenance], seats: 1}"), 4, "without a seat",
    ),
    "unknown rhythm": (("centres:", f"- {{{AT_EU}, rhythm: monthly}}"), 4, "monthly"),
    "no such commune": (("centres:", "- {name: c, at: Euu, domains: logistics, seats: 5}"), 4, "Euu"),
    "off the roads": (
        ("centres:", "- {name: c, at: {lon: 50.1, lat: 1.5}, domains: logistics, seats: 5}"), 4, "lies off",
    ),
    "authority does not pay": (("centres:", f"- {{{AT_EU}, authority: SMX}}"), 4, "another pays"),
    "unknown authority": (
        ("centres:", f"- {{{AT_EU}, payer: authority, authority: SMX}}"), 4, "no such authority",
    ),
    "seats nowhere": (("seats:", "- {name: s, seats: 5, communes: [Eu, Pariss]}"), 4, "no such commune"),
    "tutors nowhere": (("tutors:", "- {name: t, tutors: 2, employers: {communes: Pariss}}"), 4, "no such"),
    "no tutors": (("tutors:", "- {name: t, tutors: 0}"), 4, "greater than or equal to 1"),
    "one name": (("tutors:", "- {name: t, tutors: 1}", "- {name: t, tutors: 2}"), 3, "one name"),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "line", "says"), WRONG.values(), ids=list(WRONG))
def test_a_fault_says_where_and_what(lines: tuple[str, ...], line: int, says: str, tmp_path: Path) -> None:
    found = problems(tmp_path, *lines)
    assert any(says in str(p) and p.line == line for p in found), [str(p) for p in found]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "centres:", "- {name: c, at: Nowhere, domains: logistics, seats: 5}",
                     "seats:", "- {name: s, seats: 0}", "tutors:", "- {name: t, tutors: x}")  # fmt: skip
    assert {p.line for p in found} == {4, 6, 8}


def test_a_block_is_read_back_and_burn_in_knows_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"base: baseline\napprentices:\n  centres:\n  - {{{AT_EU}}}\n", encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.changed(**scenario.resolved()).apprentices == scenario.apprentices
    assert scenario.hash() != load_scenario("baseline").hash()
    assert scenario.apprentices.on
    assert not reference_of(scenario).apprentices.on
    alone = validated({"name": "x", "apprentices": {"centres": [CFA]}})
    assert not reference_of(alone).apprentices.on


def test_an_added_centre_opens_in_its_week_after_the_baselines_rows() -> None:
    """A state of the baseline fits; before its week nobody can have its seats, and nothing is paid."""
    before = bassin()
    before.step()
    assert POPULATION.centres is not None
    n, saved = len(POPULATION.centres), before.state.arrays()
    model = bassin(saved, centres=[{**CFA, "from_week": 1, "cost_eur_seat_year": 5200}])
    assert model.population.centres is not None
    assert model.seats is not None
    assert len(model.population.centres) == n + 2
    assert (held(model) == before.state.kept["apprentices.centre"]).all()
    assert model.seats.seats[n:].tolist() == [0, 0]
    model.step()
    assert model.seats.seats[n:].tolist() == [0, 0]
    assert "apprentices" not in {key[0] for key in model.ledger.entries}
    model.step()
    assert sorted(model.seats.seats[n:].tolist()) == [4, 5]
    assert [SKILLS[k] for k in model.seats.skill[n:]] == sorted(CFA["domains"], key=SKILLS.index)  # type: ignore[call-overload]
    entry = ("apprentices", "CFA", "region", "supplier", "seats", "")
    assert model.ledger.entries[entry] == 9 * 100_00
    assert seats_table(model).seats[n:].sum() == 9
    back = bassin(model.state.arrays())
    assert (held(back) < n).all()


def test_seats_more_are_shared_by_those_there_are() -> None:
    centres = POPULATION.centres
    assert centres is not None
    row = int(np.argmax(centres.seats))
    domain, ident = SKILLS[centres.skill[row]], int(centres.centre_id[row])
    model = bassin(seats=[{"name": "more", "seats": 7, "domains": domain, "centres": ident},
                          {"name": "all", "seats": 100, "payer": "state"}])  # fmt: skip
    assert model.seats is not None
    gained = model.seats.seats - centres.seats
    assert gained.sum() == 107
    share = 100 * centres.seats / centres.seats.sum()
    share[row] += 7
    assert (np.abs(gained - share) < 1).all()
    model.step()
    paid = {key[1]: (key[2], v) for key, v in model.ledger.entries.items() if key[0] == "apprentices"}
    assert paid["more"] == ("region", round(7 * 7000 / 52 * 100))
    assert paid["all"] == ("state", round(100 * 7000 / 52 * 100))


def test_a_centre_or_a_firm_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match="no training centre fits more"):
        bassin(seats=[{"name": "more", "seats": 7, "centres": 999_999}])
    with pytest.raises(UserError, match="no such firm"):
        bassin(tutors=[{"name": "pool", "tutors": 7, "employers": {"firms": 999_999}}])


def test_a_population_without_centres_gets_none_from_a_scenario() -> None:
    from dataclasses import replace

    settings = validated({"name": "x", "apprentices": {"centres": [CFA]}}).settings()
    people = replace(POPULATION, centres=None)
    with pytest.raises(UserError, match="no training centres here"):
        Bassin(TERRITORY, people, CATALOGUE, defaults(), settings)  # type: ignore[arg-type]


def test_shared_tutors_add_posts_of_their_members_only_as_far_as_they_go() -> None:
    """Two apprentices a tutor, members' posts alone, and fewer while apprentices stay beyond own tutors."""
    pool = {"name": "pool", "tutors": 2, "cost_eur_week": 100, "payer": "employer"}
    plain, model = bassin(), bassin(tutors=[pool])
    posts, firms = model.population.posts, model.population.firms
    none = np.zeros(len(firms), np.int64)
    small = np.bincount(posts.firm[posts.active], minlength=len(firms)) <= 9
    bare = (own_tutors(model) == 0) & ~firms.external & small
    wanted = np.flatnonzero((posts.contract == Contract.APPRENTICESHIP) & ~firms.external[posts.firm])
    wanted = np.union1d(wanted, np.flatnonzero(bare[posts.firm]))  # any post will do
    own, more = allowed(plain, wanted, none), allowed(model, wanted, none)
    new = np.setdiff1d(more, own)
    assert np.isin(own, more).all()
    assert len(new) == 4
    assert len(np.unique(more)) == len(more)
    assert small[posts.firm[new]].all()
    stay = none.copy()
    stay[np.flatnonzero(bare)[:1]] = 3
    assert len(np.setdiff1d(allowed(model, wanted, stay), own)) == 1
    later = bassin(tutors=[{**pool, "from_week": 9}])
    assert (allowed(later, wanted, none) == own).all()
    model.step()
    assert model.ledger.entries["apprentices", "pool", "employer", "supplier", "tutors", ""] == 200_00
