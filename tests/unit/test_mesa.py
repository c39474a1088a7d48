"""The bassin as a Mesa model: its agents, its DataCollector, and views that read and write rows.

Not here: what a week does (test_twin_model, test_hand_example).
"""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from embauche.agents import Authority, Firm, Operator, Worker
from embauche.model import Bassin
from embauche.population.schemas import Status
from one_trip import same_trip

PERSONS = 40


@pytest.fixture
def model() -> Bassin:
    return same_trip(PERSONS)


def test_it_is_a_mesa_model_with_mesa_agents(model: Bassin) -> None:
    assert isinstance(model, mesa.Model)
    assert {type(a) for a in model.agents} == {Firm, Operator, Authority}
    assert len(model.agents_by_type[Firm]) == len(model.firms) == 1
    assert {o.name for o in model.agents_by_type[Operator]} == {s.name for s in model.services}
    assert [a.name for a in model.authorities][-2:] == ["region", "state"]
    assert [f.filled for f in model.agents_by_type[Firm]] == model.agents_by_type[Firm].get("filled")


def test_the_collector_has_a_row_a_week(model: Bassin) -> None:
    for _ in range(3):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    columns = ["unemployment", "vacancy_rate", "expectation", "car_delay_min", "missed_shifts"]
    assert list(frame.columns) == columns
    assert len(frame) == 3
    assert frame["unemployment"].iloc[-1] == model.unemployment()
    assert model.series()["vacancy_rate"] == frame["vacancy_rate"].tolist()


def test_only_transit_costs_the_public_anything(model: Bassin) -> None:
    assert model.public_cost_eur_week() == 0.0  # nobody has travelled yet
    model.step()
    cost = {(o.name, o.system): o.cost_eur_week() for o in model.operators}
    fares = {(o.name, o.system): o.fares_eur_week() for o in model.operators}
    networks = [key for key in cost if key[0] == "transit"]
    assert networks
    assert sum(cost[k] for k in networks) > 0
    assert not any(cost[k] for k in cost if k not in networks)
    paid = {a.name: a.public_cost_eur_week() for a in model.authorities}
    assert sum(paid.values()) == pytest.approx(sum(cost.values()) - sum(fares[k] for k in networks), abs=1e-6)
    assert model.public_cost_eur_week() == sum(paid.values())
    mine = model.authorities[0]
    assert [(o.name, o.system) for o in mine.operators] == [k for k in networks if k[1] == mine.name]
    assert paid["state"] == 0.0


def test_a_worker_is_a_view_of_her_row(model: Bassin) -> None:
    assert len(model.workers) == PERSONS
    ann = model.workers[3]
    assert isinstance(ann, Worker)
    assert (ann.worker_id, ann.age, ann.wage_ref_eur, ann.licence) == (21, 2000 // 52, 1800.0, True)
    assert ann.services == [-1] * 14
    ann.licence, ann.wage_ref_eur = False, 1234.56
    assert not model.can_drive()[3]
    assert model.state.wage_ref_cents[3] == 123_456
    assert model.workers[3].wage_ref_eur == 1234.56
    assert [w.row for w in model.workers[1:3]] == [1, 2]
    assert model.workers[-1].row == PERSONS - 1
    with pytest.raises(IndexError):
        model.workers[PERSONS]
    model.step()
    for worker in model.workers:
        assert (worker.post_id >= 0) == (worker.status == Status.EMPLOYED)
    assert model.week_travel is not None
    car = [s.name for s in model.services].index("car")
    assert car not in ann.services
    assert ann.missed == model.week_travel.missed[3]


def test_a_firm_reads_and_writes_its_posts(model: Bassin) -> None:
    firm = model.firms[0]
    assert firm.firm_id == 9
    assert firm.posts == PERSONS
    assert firm.filled + firm.vacant == PERSONS
    assert repr(firm) == f"Firm(9, {PERSONS} posts, {firm.vacant} vacant)"
    assert firm.filled == sum(w.post_id >= 0 for w in model.workers)
    firm.set_wage(1005, 250_000)
    assert firm.wages_cents.max() == 250_000
    assert model.state.wage_cents[model.population.posts.post_id == 1005].tolist() == [250_000]
    with pytest.raises(KeyError):
        firm.set_wage(7, 1)
    before = model.present_utilities()
    holder = next(w for w in model.workers if w.post_id >= 0)
    firm.set_wage(holder.post_id, 180_000 + 10_000)
    rise = model.present_utilities() - before
    assert rise[holder.row] == pytest.approx(100.0 if holder.post_id != 1005 else -600.0)
    others = np.isfinite(before) & (np.arange(PERSONS) != holder.row)
    assert np.all(rise[others] == 0)
