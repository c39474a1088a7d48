"""Aids to persons: who is served when, what it costs, and that nobody else is; beside a plain twin.

Not here: levers of employers (test_levers_hours), faults of a scenario's file (test_scenario_levers).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.scenario_levers import Levers
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour.aid_holders import Aid, cents, fits, in_groups, kit
from embauche.labour.state import State
from embauche.model import Bassin
from embauche.population.population import Population
from helpers import tiny_territory
from naive.aids import Scheme, week_of_loans
from twin_case import twin_population

Array = np.ndarray[Any, Any]
ALL = ["apprentice", "unemployed", "employed"]
ANYBODY = {"groups": ALL}
SERVICES = ("car", "bike", "walk", "transit", "scooter", "ebike")
TERRITORY = tiny_territory()
MADE = twin_population(TERRITORY, households=150)
POPULATION = Population(MADE.households, MADE.persons, MADE.firms, MADE.posts)


def bassin(levers: dict[str, Any], changes: dict[str, float] | None = None, **more: Any) -> Bassin:
    settings = Settings(services=SERVICES, levers=Levers.model_validate(levers))
    parameters = defaults().replaced(changes or {})
    return Bassin(TERRITORY, POPULATION, default_catalogue(), parameters, settings, **more)  # type: ignore[arg-type]


def aid_of(model: Bassin, name: str) -> Aid:
    (scheme,) = [s for s in model.settings.levers.schemes if s.name == name]
    return Aid.of(model.state, scheme)


def loan(**more: Any) -> dict[str, Any]:
    return {"loans": [{"name": "lent", "stock": 8, "weeks": 5, "apply": 0.3, "who": ANYBODY} | more]}


def course(**more: Any) -> dict[str, Any]:
    return {"licence_aid": [{"name": "road", "places": 9, "weeks": 6, "apply": 0.5, "who": ANYBODY} | more]}


NOBODY = {"vouchers": [{"name": "v", "eur_month": 50, "take_up": 0, "who": ANYBODY}]}
CASES = (
    loan(),
    loan(first=["apprentice"], budget_eur=1500, cost_eur_week=25, fee_eur_week=5),
    loan(who={"groups": ["unemployed"], "car": False, "quintile_max": 3, "age_max": 50}, apply=1),
    loan(vehicle="car", who={"groups": ALL, "car": False, "licence": True}, apply=1),
    course(),
    course(first=["unemployed", "apprentice"], budget_eur=5200, places=20),
)


@pytest.mark.parametrize("levers", CASES, ids=range(len(CASES)))
def test_the_waiting_list_is_its_plain_twins(levers: dict[str, Any]) -> None:
    model = bassin(levers, {"licence.pass_rate": 0.5, "licence.tries": 2.0, "licence.retry_weeks": 2.0})
    (lever,) = model.settings.levers.schemes
    twin = Scheme(lever, len(model.state.worker_id))
    for week in range(14):
        # a loan that ends this week no longer lets its holder drive a lent car
        week_of_loans(model, twin, model.can_drive().tolist(), week)
        model.step()
        aid = aid_of(model, lever.name)
        for mine, theirs in ((aid.until, twin.until), (aid.since, twin.since), (aid.tries, twin.tries)):
            assert mine.tolist() == list(theirs.values()), f"week {week}"
        assert int(aid.spent[0]) == twin.spent
    assert twin.spent > 0


def test_a_licence_comes_after_its_course_and_stays() -> None:
    model = bassin(course(places=50, apply=1), {"licence.pass_rate": 1.0, "demography.entrant_licence": 0.0})
    had = model.state.licence.copy()
    began = np.full(len(had), -1)
    for week in range(16):
        model.step()
        aid = aid_of(model, "road")
        began[(aid.until >= 0) & (began < 0)] = week
        got = model.state.licence & ~had & (began >= 0)
        assert not got[began > week - 6].any()
        assert got[(began >= 0) & (began <= week - 6)].all()
    assert (began >= 0).sum() >= 30
    assert not began[had].max(initial=-1) >= 0


def test_an_exam_always_failed_gives_no_licence_and_no_second_aid() -> None:
    model = bassin(course(places=500, apply=1), {"licence.pass_rate": 0.0, "licence.tries": 2.0})
    for _ in range(20):
        model.step()
    aid = aid_of(model, "road")
    assert (aid.tries == -1).any()
    assert int(aid.spent[0]) == cents(500.0) * int(((aid.tries == -1) | (aid.until >= 0)).sum())


def test_stock_and_budget_hold_every_week_and_the_books_say_what_was_paid() -> None:
    model = bassin(loan(stock=6, budget_eur=2000, cost_eur_week=30, fee_eur_week=10, apply=1))
    paid = 0
    for _ in range(30):
        model.step()
        aid = aid_of(model, "lent")
        assert (aid.until > int(model.state.week[0]) - 1).sum() <= 6
        entries = model.ledger.entries
        paid += sum(c for (_, _, payer, _, _, _), c in entries.items() if payer == "authority:tiny")
        users = sum(c for (_, _, payer, _, _, _), c in entries.items() if payer == "user")
        public = sum(c for (_, _, payer, _, _, _), c in entries.items() if payer != "user")
        assert public == 2 * users
    assert paid == int(aid.spent[0]) == cents(2000.0)  # 20 loans of 5 weeks at 20 EUR: all of it


def test_vouchers_run_out_to_the_cent() -> None:
    voucher = {"name": "fuel", "eur_month": 60, "budget_eur": 777.77, "who": ANYBODY, "payer": "region"}
    model = bassin({"vouchers": [voucher]})
    paid, weeks = 0, 0
    while weeks < 12:
        model.step()
        weeks += 1
        paid += sum(model.ledger.entries.values())
        assert {payer for _, _, payer, _, _, _ in model.ledger.entries} <= {"region"}
    assert paid == 77_777 == int(aid_of(model, "fuel").spent[0])
    assert not model.ledger.entries


def test_a_voucher_is_worth_its_part_of_a_tour() -> None:
    voucher = {"name": "fuel", "eur_month": 65, "who": {"groups": ["unemployed"]}, "take_up": 1}
    with_it, without = bassin({"vouchers": [voucher]}), bassin({})
    for model in (with_it, without):
        model.step()
    car = [s.name for s in with_it.services].index("car")
    holds = aid_of(with_it, "fuel").until > 1
    drives = without.can_drive() & with_it.can_drive()
    without.state.expected_late = with_it.state.expected_late
    gain = with_it.fixed_eur()[drives, car] - without.fixed_eur()[drives, car]
    assert np.allclose(gain, np.where(holds[drives], 3.0, 0.0))
    assert 0 < holds[drives].sum() < drives.sum()


def test_only_who_holds_one_rides_what_is_lent_and_bikes_are_bought_once() -> None:
    grants = {
        "bike_grants": [{"name": "bike", "grant_eur": 600, "apply": 0.2, "budget_eur": 6500, "who": ANYBODY}]
    }
    model = bassin(loan(stock=40, apply=1) | grants, {"scooter.asc_eur": 20.0, "ebike.asc_eur": 20.0})
    names = [s.name for s in model.services]
    rode = dict.fromkeys(("scooter", "ebike"), 0)
    for _ in range(8):
        model.step()
        assert model.week_travel is not None
        has = kit(model, int(model.state.week[0]) - 1)  # as it was on the way
        for name, bit in (("scooter", 1), ("ebike", 2)):
            rides = (model.week_travel.chosen == names.index(name)).any(axis=1)
            assert not (rides & ((has & bit) == 0)).any()
            rode[name] += int(rides.sum())
    assert all(rode.values())
    assert int(aid_of(model, "bike").spent[0]) == cents(600.0) * 10
    assert (kit(model) & 2 > 0).sum() == 10


def test_nobody_outside_eligibility_is_served() -> None:
    who = {"groups": ["apprentice", "unemployed"], "quintile_max": 2, "age_max": 40, "car": False}
    levers = loan(stock=100, apply=1, who=who) | course(places=100, apply=1, who=who | {"car": None})
    model = bassin(levers)
    served: dict[str, Array] = {
        s.name: np.zeros(len(model.state.worker_id), bool) for s in model.settings.levers.schemes
    }
    for _ in range(3):
        fit = {
            s.name: fits(model, s.who) & in_groups(model.state, s.who.groups)
            for s in model.settings.levers.schemes
        }
        model.step()
        for name, before in served.items():
            now = aid_of(model, name).until >= 0
            assert not (now & ~before & ~fit[name]).any()
            before |= now
    assert all(x.any() for x in served.values())


def test_a_saved_state_goes_on_as_the_model_does() -> None:
    levers = loan(apply=0.1) | course(places=5)
    on = bassin(levers)
    for _ in range(4):
        on.step()
    saved = on.state.arrays()
    again = bassin(levers, state=State.from_arrays(saved))
    for model in (on, again):
        for _ in range(4):
            model.step()
    other = again.state.arrays()
    assert all(np.array_equal(values, other[name]) for name, values in on.state.arrays().items())


@pytest.mark.parametrize(
    "levers", [loan(stock=0), course(places=0), NOBODY], ids=["loan", "course", "voucher"]
)
def test_an_aid_for_nobody_changes_nothing(levers: dict[str, Any]) -> None:
    plain, with_it = bassin({}), bassin(levers)
    for model in (plain, with_it):
        for _ in range(4):
            model.step()
    other = with_it.state.arrays()
    assert all(np.array_equal(values, other[name]) for name, values in plain.state.arrays().items())


@pytest.mark.long
@pytest.mark.parametrize("kind", ["loan", "course"])
def test_more_stock_serves_no_fewer(kind: str) -> None:
    """Weeks lent, or persons trained, over half a year: the mean of 20 paired seeds does not fall."""

    def served(stock: int, seed: int) -> int:
        levers = loan(stock=stock, who=ANYBODY) if kind == "loan" else course(places=stock, weeks=10)
        model = bassin(levers, rng=seed)
        total = 0
        for _ in range(26):
            model.step()
            total += int((aid_of(model, "lent" if kind == "loan" else "road").until >= 0).sum())
        return total

    gain = [served(12, seed) - served(6, seed) for seed in range(20)]
    assert np.mean(gain) > 0.0
    assert min(gain) >= 0
