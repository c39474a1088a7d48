"""An employers' group beside its plain twin, each step of each week of more than a year.

Lives here: the comparison. Not here: the twin (naive.geiq), what a group is for (test_recruitment).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.scenario_recruitment import Geiq, Recruitment
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour import geiq, geiq_trainees
from embauche.labour.cohort import seeking
from embauche.labour.intensity import reservation
from embauche.labour.seasons import trains, vacant
from embauche.labour.values import pair_utilities
from embauche.model import Bassin
from naive.geiq import KEPT, Group
from season_case import KEEN, TERRITORY, population

Array = np.ndarray[Any, Any]
GROUPS = [
    {"name": "small", "employers": {"max_posts": 5}, "places": 5, "apprentices": 3, "weeks": 9,
     "turn_weeks": 3, "after_weeks": 1, "pass_on": 0.5},
    {"name": "all", "places": 4, "apprentices": 6, "weeks": 14, "turn_weeks": 4, "after_weeks": 2,
     "who": {"groups": ["unemployed"], "age_min": 20}},
]  # fmt: skip
HARD = KEEN | {"hire.threshold": 2.2, "quits.base": 0.01, "apprentices.intensity": 0.2}


def gains(model: Bassin) -> Any:
    def of(people: list[int], posts: list[int]) -> list[list[float]]:
        pairs = (
            np.tile(np.array(people, np.int32), len(posts)),
            np.repeat(np.array(posts, np.int32), len(people)),
        )
        ask = reservation(model, pairs[0], np.zeros(len(model.state.worker_id)))
        worth = pair_utilities(model, *pairs) - ask
        return [list(row) for row in worth.reshape(len(posts), len(people)).tolist()]

    return of


def same(twin: Group, model: Bassin, names: tuple[str, ...] = KEPT) -> None:
    for name in names:
        kept = model.state.kept.get(f"geiq.{twin.entry.name}.{name}")
        assert twin.kept[name] == ([-1] * len(twin.kept[name]) if kept is None else kept.tolist()), (
            name,
            twin.week,
        )


def test_each_step_of_a_group_is_its_plain_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    begin, lent_by = geiq._begin, geiq._lent_by
    offer, trainees_step = geiq_trainees.offer, geiq_trainees.step
    seen: Counter[str] = Counter()

    def begins(world: Bassin, entry: Geiq) -> None:
        twin, before = Group(world, entry, gains(world)), len(world.shared_hr.rows)
        cents = round(100 * twin.begins() * (entry.cost_eur_week - entry.aid_eur_week))
        begin(world, entry)
        same(twin, world, ("until", "turn", "post"))
        assert sorted(twin.events) == sorted(world.shared_hr.rows[before:])
        for name in ("status", "post", "skill", "level", "spell"):
            assert getattr(world.state, name).tolist() == getattr(twin, name), name
        assert world.state.holder.tolist() == twin.holder
        for event, _, _, post in twin.events:
            assert event != "passed_on" or world.post_contract[post] == twin.contract[post]
        paid = [v for k, v in world.ledger.entries.items() if k[1] == entry.name and k[4] == "geiq"]
        assert sum(paid) == cents

    def lends(world: Bassin, entry: Geiq, free_post: Array, busy: Array) -> Any:
        twin = Group(world, entry, gains(world))
        open_ = (world.state.active & (world.state.holder < 0)).nonzero()[0]
        taken = set(open_[~free_post[open_]].tolist())
        moves = twin.lends(taken, set(busy.nonzero()[0].tolist()))
        got = lent_by(world, entry, free_post, busy)
        real = [
            (e, p.tolist(), w.tolist())
            for posts, people, e in got
            for p, w in zip(posts, people, strict=True)
        ]
        assert real == moves
        return got

    def offers(world: Bassin, post: Array, person: Array) -> Any:
        taken, matched = set(post.tolist()), set(person.tolist())
        open_, seeks = (vacant(world) & trains(world)).tolist(), seeking(world).tolist()
        got = offer(world, post, person)
        for entry, where, who in got:
            pairs = Group(world, entry, gains(world)).signs_with(taken, matched, open_, seeks)
            assert list(zip(where.tolist(), who.tolist(), strict=True)) == pairs
            taken |= {p for p, _ in pairs}
            matched |= {i for _, i in pairs}
        return got

    def trainees(world: Bassin) -> None:
        twins = [Group(world, entry, gains(world)) for entry in world.settings.recruitment.geiq]
        signed = world.state.kept["apprentices.post"].tolist()
        present = [twin.trainees_begin(signed) for twin in twins]
        trainees_step(world)
        for twin, people in zip(twins, present, strict=True):
            same(twin, world, ("trainee",))
            seen["trainees"] += people

    monkeypatch.setattr(geiq, "_begin", begins)
    monkeypatch.setattr(geiq, "_lent_by", lends)
    monkeypatch.setattr(geiq_trainees, "offer", offers)
    monkeypatch.setattr(geiq_trainees, "step", trainees)
    settings = Settings(recruitment=Recruitment.model_validate({"geiq": GROUPS}))
    model = Bassin(TERRITORY, population(), default_catalogue(), defaults().replaced(HARD), settings, rng=3)  # type: ignore[arg-type]
    for _ in range(64):
        model.step()
        seen.update(event for _, event, _, _ in model.shared_hr.rows)
        for entry in settings.recruitment.geiq:
            assert (geiq.Contracts.of(model.state, entry).until >= 0).sum() <= entry.places
            assert (geiq_trainees.trainees(model.state, entry) >= 0).sum() <= entry.apprentices
    for what in ("hired", "lent", "passed_on", "ended", "left", "signed", "trainees"):
        assert seen[what] > 0, (what, seen)


def test_a_group_signs_with_young_people_whom_no_member_took() -> None:
    """With the same luck more have signed by the end of the season, and it pays for those in their posts."""
    signed = {}
    for places in (0, 12):
        entry = {"name": "all", "places": 0, "apprentices": places, "after_weeks": 2, "payer": "region"}
        settings = Settings(recruitment=Recruitment.model_validate({"geiq": [entry]}))
        p = defaults().replaced(HARD)
        model = Bassin(TERRITORY, population(), default_catalogue(), p, settings, rng=3)  # type: ignore[arg-type]
        signed[places], its, paid = 0, 0, set[bool]()
        for _ in range(52):
            model.step()
            event = model.week_tables()["apprentices"].event
            signed[places] += int((event == "signed").sum())
            its += sum(e == "signed" for _, e, _, _ in model.shared_hr.rows)
            mine = geiq_trainees.trainees(model.state, settings.recruitment.geiq[0])
            cost = model.ledger.balances().get("region", 0)
            assert cost % 9000 == 0
            assert -cost // 9000 <= (mine >= 0).sum() + 3  # some may have broken off since
            paid.add(cost < 0)
        assert its == 0 or (places and paid == {False, True})
    assert signed[12] > signed[0] > 0
