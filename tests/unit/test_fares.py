"""Fares: rides by one price, zone or distance, passes that pay, the employer's part, social fares, the books.

Not here: fares of areas without a `fares:` block (governance).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.commuting.fares import Fares, reductions
from embauche.core.errors import UserError
from embauche.core.fare_plan import FarePlan
from embauche.core.governance import AS_TODAY
from embauche.core.scenario_load import load_scenario, validated
from embauche.core.settings import Settings
from embauche.labour.social_fares import own_fares
from embauche.model import Bassin
from embauche.territory.fare_faults import fare_faults
from helpers import tiny_territory
from one_trip import same_trip

TINY = tiny_territory()  # communes 62901, 62902, 62903 (rows 0-2) and a pole outside (row 3)
AREA = np.array([0, 0, 1, -1])
NAMES = ["West", "East"]
TOURS = np.array([20.0, 4.0])  # a month, by window


def settings(block: dict[str, Any]) -> Settings:
    return validated({"name": "x", "fares": block}).settings()


def plan(*tickets: dict[str, Any], **rules: Any) -> FarePlan:
    return settings({"tickets": list(tickets), **rules}).fares


def price(made: FarePlan, home: int, work: int, window: int = 0, km: float = 10.0) -> tuple[float, float]:
    fares = Fares(made, TINY.communes, NAMES, AREA, TOURS)
    user, employer = fares.price(np.array([home]), np.array([work]), np.array([window]), np.array([km]))
    return float(user[0]), float(employer[0])


def test_kinds_of_ticket() -> None:
    assert price(plan({"single_eur": 1.5}), 0, 2) == (3.0, 0.0)
    assert price(plan({"free": True}), 0, 2) == (0.0, 0.0)
    distance = plan({"per_km_eur": 0.2, "base_eur": 1.1, "most_eur": 3})
    assert [price(distance, 0, 1, km=km)[0] for km in (0.0, 10.0, 40.0)] == [2.2, 4.2, 6.0]
    names = [str(n) for n in TINY.communes.name[:3]]
    zonal = plan({"zones": [names[0], names[1]], "zone_eur": [1, 1.6]})
    assert price(zonal, 0, 0) == (2.0, 0.0)
    assert price(zonal, 0, 1) == (3.2, 0.0)
    assert price(zonal, 1, 2) == (2.0, 0.0)  # not named: the last zone
    assert price(zonal, 3, 0) == (3.2, 0.0)


def test_a_pass_is_bought_where_it_pays() -> None:
    made = plan({"single_eur": 1.5, "pass_month_eur": 40}, employer_share=0.5)
    assert price(made, 0, 1, window=0) == (1.0, 1.0)  # 20 EUR for 20 tours, as much from the employer
    assert price(made, 0, 1, window=1) == (3.0, 0.0)  # 5 EUR a tour with a pass: rides are cheaper
    assert price(plan({"single_eur": 1.5, "pass_month_eur": 40}, employer_share=1), 0, 1) == (0.0, 2.0)


def test_one_ticket_for_two_authorities_or_one_of_each() -> None:
    tickets = ({"authority": "West", "single_eur": 1}, {"authority": "East", "single_eur": 1.5})
    assert price(plan(*tickets), 0, 2)[0] == 3.0
    assert price(plan(*tickets, integrated=False), 0, 2)[0] == 5.0
    assert price(plan(*tickets, integrated=False), 0, 1)[0] == 2.0
    assert price(plan(*tickets, integrated=False), 2, 3)[0] == 3.0  # no authority out there
    assert price(plan({"single_eur": 1}, integrated=False), 0, 2)[0] == 4.0


@pytest.mark.parametrize(
    ("tickets", "what"),
    [
        ([{"authority": "Wst", "single_eur": 1}, {"single_eur": 1}], "no authority Wst"),
        ([{"authority": "West", "single_eur": 1}], "East has no ticket"),
        ([{"zones": ["Nowhere"], "zone_eur": [1]}], "no such commune"),
    ],
)
def test_what_the_territory_does_not_have(tickets: list[dict[str, Any]], what: str) -> None:
    with pytest.raises(UserError, match=what):
        price(plan(*tickets), 0, 1)


BAD = {
    "negative": ("- {single_eur: -1}", "negative", "-1"),
    "two kinds": ("- {single_eur: 1, free: true}", "one kind of price", "free, single_eur"),
    "no kind": ("- {pass_month_eur: 30}", "one kind of price", "none"),
    "no zones": ("- {zone_eur: [1, 2]}", "go together", "prices without zones"),
    "falling": ("- {zones: [A, B], zone_eur: [2, 1]}", "longer ride is cheaper", None),
    "twice": ("- {zones: [[A], [A]], zone_eur: [1, 2]}", "two zones", "A"),
    "two tickets": ("- {single_eur: 1}\n    - {single_eur: 2}", "two tickets", None),
    "unit": ("- {single_eur: 2 km}", "", "2 km"),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_bad_fares_name_their_line(tmp_path: Path, case: tuple[str, str, str | None]) -> None:
    text, what, found = case
    path = tmp_path / "s.yaml"
    path.write_text(f"fares:\n  tickets:\n    {text}\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_scenario(path)
    problem = caught.value.problems[0]
    assert problem.line in (1, 2, 3)
    assert what in problem.what
    assert found is None or found in str(problem.found)


def test_check_names_what_the_territory_lacks_at_its_keys() -> None:
    zones = {"authority": "Nobody", "zones": [["62901", "Nowhere"], ["62902"]], "zone_eur": [1, 2]}
    made = plan(zones, {"authority": "tiny", "single_eur": 1})
    found = [(p.keys, p.found) for p in fare_faults(made, AS_TODAY, TINY)]
    assert found == [
        (("fares", "tickets", 0, "authority"), "Nobody"),
        (("fares", "tickets", 0, "zones", 0), "Nowhere"),
    ]
    assert not fare_faults(plan({"single_eur": 1}), AS_TODAY, TINY)
    (bare,) = fare_faults(plan({"authority": "Nobody", "single_eur": 1}), AS_TODAY, TINY)[1:]
    assert bare.what == "tiny has no ticket"


def test_fares_survive_being_written_and_read() -> None:
    block = {
        "tickets": [{"zones": [["A", "B"], ["C"]], "zone_eur": ["1.20 EUR", 2]}],
        "social": {"under_26": "50 %"},
    }
    scenario = validated({"name": "x", "fares": block})
    assert validated(scenario.resolved()).settings().fares == scenario.settings().fares
    with pytest.raises(UserError, match="no group apprentice"):
        validated({"name": "x", "fares": block | {"social": {"apprentice": 1}}})


def test_reductions_take_the_highest() -> None:
    persons = type(
        "Persons", (), {"quintile": np.array([1, 1, 3]), "apprentice": np.array([True, False, False])}
    )
    ages = np.array([20, 40, 62]) * 52
    social = {"quintile_1": 0.3, "apprentices": 0.5, "over_60": 0.2}
    assert reductions(social, persons, ages).tolist() == [0.5, 0.3, 0.2]


def riders(block: dict[str, Any]) -> Bassin:
    model = same_trip(300, {"commute.choice_scale_eur": 10.0}, settings=settings(block))
    model.step()
    return model


def test_a_week_of_passes_and_social_fares_is_in_the_books() -> None:
    ticket = {"single_eur": 1.5, "pass_month_eur": 45}
    model = riders({"tickets": [ticket], "social": {"quintile_3": "40 %"}})
    tables = model.week_tables()
    trips, ledger = tables["trips"], tables["ledger"]
    row = [s.name for s in model.services].index("transit")
    mine = trips.service == row
    tours = int(trips.tours[mine].sum())
    a_tour = int(np.floor(100 * 45 * 0.5 / (5 * 52 / 12) + 0.5))
    assert tours > 50
    assert set(trips.eur_cents[mine]) == {a_tour}

    def paid(what: str) -> int:
        return int(ledger.cents[(ledger.service == "transit") & (ledger.what == what)].sum())

    assert paid("fare") == paid("pass") == tours * a_tour
    assert paid("social fare") == tours * int(np.floor(a_tour * 0.4 + 0.5))
    fares = own_fares(model, row)
    assert fares == pytest.approx(np.full(300, a_tour / 100), abs=0.006)
    plain = riders({"tickets": [ticket]})
    plain.state.expected_late[:] = model.state.expected_late  # more ride, and learn how late it is
    gain = model.fixed_eur()[:, row] - plain.fixed_eur()[:, row]
    assert gain == pytest.approx(0.4 * fares, abs=1e-5)


def test_free_transit_has_more_riders_than_dear() -> None:
    def count(block: dict[str, Any]) -> int:
        model = riders(block)
        assert model.week_travel is not None
        return int((model.week_travel.chosen == 3).sum())

    assert count({"tickets": [{"free": True}]}) > count({"tickets": [{"single_eur": 5}]}) > 0


def test_without_fares_the_parameter_holds() -> None:
    assert not settings({}).fares
    with pytest.raises(UserError, match="name no ticket"):
        settings({"social": {"under_26": 0.5}})
