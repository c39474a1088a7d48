"""The `recruitment:` block at work: platform, raised wages, GEIQ, pools and networks of HR directors.

Not here: the default week (test_twin_model), deferred acceptance itself (property/test_deferred).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.analysis.indicators_recruitment import RecruitmentPart
from embauche.core.errors import UserError
from embauche.core.outputs import PEOPLE, POSTS
from embauche.core.parameters import defaults
from embauche.core.scenario_load import validated
from embauche.core.scenario_recruitment import Recruitment
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.labour import geiq, platform
from embauche.labour.applications import Pool
from embauche.labour.geiq import Contracts
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.schemas import Contract, Status
from helpers import tiny_territory
from twin_case import twin_population

Array = np.ndarray[Any, Any]
TERRITORY = tiny_territory()
MADE = twin_population(TERRITORY, households=120, firms=20)
POPULATION = Population(MADE.households, MADE.persons, MADE.firms, MADE.posts)
# much comes and goes, so that few weeks see everything
BUSY = {"quits.base": 0.02, "hire.decide_weeks_tpe": 0.5, "hire.threshold": 0.9, "retry.withdraw": 0.0}


def bassin(block: dict[str, Any], changes: dict[str, float] | None = None, seed: int = 1) -> Bassin:
    settings = Settings(recruitment=Recruitment.model_validate(block))
    parameters = defaults().replaced(BUSY | (changes or {}))
    return Bassin(TERRITORY, POPULATION, default_catalogue(), parameters, settings, rng=seed)  # type: ignore[arg-type]


def hires_of(model: Bassin, weeks: int) -> list[tuple[int, int, int]]:
    out = []
    for week in range(weeks):
        model.step()
        h = model.week_hires
        assert h is not None
        out += [(week, int(w), int(p)) for w, p in zip(h.person, h.post, strict=True)]
    return out


def sound(model: Bassin) -> None:
    """Holders and posts tell the same story."""
    s = model.state
    held = np.flatnonzero(s.post >= 0)
    assert (s.holder[s.post[held]] == held).all()
    assert (s.holder >= 0).sum() == len(held)
    assert ((s.status == Status.EMPLOYED) == (s.post >= 0)).all()


def test_on_a_platform_no_candidate_and_post_would_rather_have_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowded = {
        "search.floor": 1.0, "channels.any_looks": 64.0, "search.applications": 6.0, "hire.rounds": 1.0,
        "quits.base": 0.2, "hire.threshold": -5.0,
    }  # fmt: skip
    block = {"mechanism": "platform", "platform": {"cost_eur_week": 100, "payer": "region"}}
    cleared: list[tuple[Pool, Array]] = []

    def watched(model: Any, pool: Pool) -> Array:
        cleared.append((pool, clear(model, pool)))
        return cleared[-1][1]

    clear = platform.clear
    monkeypatch.setattr(platform, "clear", watched)
    model = bassin(block, crowded)
    central = hires_of(model, 5)
    sound(model)
    assert model.ledger.balances()["region"] == -10_000
    for pool, rows in cleared:
        wins = {int(pool.post[k]): int(k) for k in rows}
        of = {int(pool.person[k]): int(k) for k in rows}
        assert len(wins) == len(of) == len(rows)
        for k in range(len(pool.post)):
            mine, theirs = of.get(int(pool.person[k])), wins.get(int(pool.post[k]))
            she_would = mine is None or pool.utility[k] > pool.utility[mine]
            it_would = theirs is None or pool.fit[k] > pool.fit[theirs]
            assert not (she_would and it_would)
    assert sum(len(rows) for _, rows in cleared) > 5
    assert central != hires_of(bassin({}, crowded), 5)
    cleared.clear()
    nobody = {"mechanism": "platform", "platform": {"share": 0.0}}
    assert hires_of(bassin(nobody, crowded), 5) == hires_of(bassin({}, crowded), 5)
    assert not cleared


def test_raised_wages_are_paid_and_offered_at_the_named_firm_only() -> None:
    firm = int(POPULATION.firms.firm_id[0])
    model = bassin({"wages": [{"name": "up", "employers": {"firms": [firm]}, "raise_pct": 10}]})
    mine = POPULATION.posts.firm == 0
    old = POPULATION.posts.wage_cents
    assert (model.state.wage_cents[~mine] == old[~mine]).all()
    assert (model.state.wage_cents[mine] == np.floor(old[mine] * 1.1 + 0.5)).all()
    held = np.flatnonzero(mine & (model.state.holder >= 0))
    model.step()
    paid = -model.ledger.balances().get("employer", 0)
    assert paid == ((model.grid_cents[held] - old[held]).astype(np.int64) * 12 // 52).sum() > 0
    for _ in range(8):
        model.step()
    assert (model.state.wage_cents[mine] >= model.grid_cents[mine]).all()


def test_a_pool_screens_with_the_capacity_of_its_members_together() -> None:
    alone, together = bassin({}), bassin({"pools": [{"name": "bourg", "payer": "region"}]})
    inside = ~POPULATION.firms.external
    unit = together.hr.unit[inside]
    assert len(np.unique(unit)) == 1
    assert together.hr.screening[unit[0]] == alone.hr.screening[inside].sum()
    assert together.hr.handled[unit[0]] == alone.hr.handled[inside].sum()
    assert together.hr.decide_weeks[unit[0]] < alone.hr.decide_weeks[inside].max()
    assert (together.hr.unit[~inside] == alone.hr.unit[~inside]).all()
    together.step()
    assert together.ledger.balances()["region"] == -2000 * int(inside.sum())


GROUP = {"name": "GEIQ", "places": 6, "weeks": 8, "turn_weeks": 3, "after_weeks": 1, "pass_on": 0.5}


def test_a_geiq_hires_lends_and_passes_on_within_its_places() -> None:
    model = bassin({"geiq": [GROUP]}, {"hire.threshold": 3.0})  # nobody else hires
    entry = model.settings.recruitment.geiq[0]
    events: dict[str, set[int]] = {}
    for _ in range(26):
        idle = model.state.worker_id[model.state.status == Status.UNEMPLOYED]
        model.step()
        sound(model)
        c = Contracts.of(model.state, entry)
        has = c.until >= 0
        assert has.sum() <= 6
        for _, event, worker_id, post in model.shared_hr.rows:
            events.setdefault(event, set()).add(worker_id)
            assert event != "hired" or worker_id in idle
            assert POPULATION.posts.contract[post] != Contract.APPRENTICESHIP
        paid = -model.ledger.balances().get("region", 0)
        assert paid % 3000 == 0
        assert paid <= 6 * 3000
    assert {"hired", "lent", "passed_on", "ended"} <= events.keys()
    assert events["passed_on"] <= events["hired"]
    closed = hires_of(bassin({"geiq": [GROUP | {"places": 0}]}, {"hire.threshold": 3.0}), 6)
    assert all(worker < 0 for _, worker, _ in closed)


def test_a_contract_with_a_geiq_leaves_the_trade_of_the_post() -> None:
    model = bassin({"geiq": [GROUP | {"pass_on": 1.0, "turn_weeks": 200}]}, {"hire.threshold": 3.0})
    trained = 0
    for _ in range(20):
        model.step()
        s = model.state
        rows = {int(w): k for k, w in enumerate(s.worker_id)}
        for _, event, worker_id, post in model.shared_hr.rows:
            if event == "passed_on":
                trained += 1
                assert s.skill[rows[worker_id]] == POPULATION.posts.skill[post]
                assert s.level[rows[worker_id]] >= POPULATION.posts.level[post]
    assert trained > 0


def test_tables_and_indicators_count_what_hr_did() -> None:
    model = bassin({"geiq": [GROUP]}, {"hire.handled_share": 0.05, "quits.base": 0.1})
    part = RecruitmentPart(Table.empty(PEOPLE), Table.empty(POSTS), {})
    hired = handled = vacancies = taken_on = 0
    for _ in range(10):
        model.step()
        tables, h = model.week_tables(), model.week_hires
        assert h is not None
        part.add_week(tables)
        inside = ~POPULATION.firms.external[POPULATION.posts.firm[h.post]]
        hired += int(((h.person >= 0) & inside).sum())
        hr = tables["hr"]
        assert (hr.handled <= hr.vacancies).all()
        assert (hr.unread <= hr.waiting).all()
        assert hr.vacancies.sum() == (~tables["vacancies"].external).sum()
        handled, vacancies = handled + int(hr.handled.sum()), vacancies + int(hr.vacancies.sum())
        taken_on += int((tables["shared_hr"].event == "hired").sum())
    rows = {row[1]: row[5] for row in part.rows() if row[2] == "all"}
    assert hired > 0
    assert 0 < rows["hr_unhandled"] == pytest.approx(1 - handled / vacancies)
    assert rows["hr_weeks_to_decision"] >= 0
    assert rows["geiq_hired"] == taken_on > 0
    by_name = {row[3]: row[5] for row in part.rows() if row[1:3] == ("geiq_hired", "measure")}
    assert by_name == {"GEIQ": taken_on}


def test_networks_pass_on_who_came_second_to_members_that_look_for_the_trade() -> None:
    """Those in work too, but nobody whom a member employs; never for less than she has."""
    members = np.isin(TERRITORY.communes.name[POPULATION.firms.commune], ["Aville", "Champs"])
    block = {"network": [{"name": "drh", "employers": {"communes": ["Aville", "Champs"]}, "posts": 3}]}
    busy = {"search.floor": 1.0, "search.applications": 1.0, "search.on_the_job": 1.0}
    model, passed, employed = bassin(block, busy, seed=7), 0, 0
    for _ in range(30):
        model.step()
        rows = [(w, p) for _, event, w, p in model.shared_hr.rows if event == "passed"]
        pool = Pool.of(model.state)
        pool = pool.only(pool.came == model.state.week[0] - 1)
        pairs = zip(pool.worker_id.tolist(), pool.post.tolist(), strict=True)
        waiting = dict(zip(pairs, zip(pool.left.tolist(), pool.utility.tolist(), strict=True), strict=True))
        passed += len(rows)
        for pair in rows:
            left, utility = waiting[pair]
            assert members[POPULATION.posts.firm[pair[1]]]
            if left >= 0:
                employed += 1
                assert not members[POPULATION.posts.firm[left]]
                assert utility > 0
    assert passed > employed > 0


@pytest.mark.parametrize(
    ("block", "what"),
    [
        ({"mechanism": "lottery"}, "mechanism"),
        ({"platform": {"share": 0.5}}, "not used"),
        ({"geiq": [{"name": "g", "places": 3, "aid_eur_week": 200}]}, "region pays more"),
        ({"geiq": [{"name": "g", "places": 3, "who": {"groups": ["employed"]}}]}, "without work"),
        ({"pools": [{"name": "x"}], "network": [{"name": "x"}]}, "one name"),
        ({"pools": [{"name": "x", "employers": {"min_posts": 9, "max_posts": 3}}]}, "no firm has this size"),
        ({"wages": [{"name": "x", "raise_pct": -5}]}, "raise_pct"),
    ],
)
def test_faults_are_told(block: dict[str, Any], what: str) -> None:
    with pytest.raises(UserError, match=what):
        validated({"name": "x", "recruitment": block})


def test_a_geiq_without_members_vacancies_or_people_changes_nothing() -> None:
    model = bassin({"geiq": [GROUP]})
    posts, people = geiq.lend(model, np.arange(len(model.state.holder)), np.zeros(0, np.int32))
    assert len(posts) == len(people) == 0


def test_agencies_decide_within_days_and_take_nothing_of_hr() -> None:
    """Posts of agencies wait for no firm's decision; with the same patience as firms they would."""
    slow = {"hire.decide_weeks_tpe": 8.0, "hire.decide_weeks_pme": 8.0, "search.floor": 1.0}
    waits = {}
    for name, weeks in (("usual", 0.0), ("as firms", 8.0)):
        model = bassin({}, slow | {"hire.decide_weeks_agency": weeks, "contracts.cdi_as_agency": 0.5})
        agency: list[int] = []
        other: list[int] = []
        for _ in range(30):
            model.step()
            h = model.week_hires
            assert h is not None
            stay = ~POPULATION.firms.external[POPULATION.posts.firm[h.post]]
            stay &= model.state.holder[h.post] == h.person  # else the post may be another's by now
            stay &= h.opening > 0  # vacancies of the start have a part of their wait behind them
            for post, waited in zip(h.post[stay], h.waited[stay], strict=True):
                (agency if model.post_contract[post] == Contract.AGENCY else other).append(int(waited))
        assert len(agency) > 5
        assert len(other) > 5
        assert min(other) >= 8
        waits[name] = agency
    assert np.mean(waits["usual"]) < 2
    assert min(waits["usual"]) == 0
    assert min(waits["as firms"]) >= 8
