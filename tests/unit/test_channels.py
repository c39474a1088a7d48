"""Channels, benefits and the tables of search on small cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from embauche.analysis.indicators_search import SearchPart
from embauche.analysis.replication import posts_table
from embauche.commuting.lever_faults import recruitment_faults
from embauche.core.channels import Channel
from embauche.core.parameters import defaults
from embauche.core.scenario_recruitment import Recruitment
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour.intensity import Effort, live_on, reservation
from embauche.labour.platforms import Platforms
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.schemas import Status
from helpers import tiny_territory
from twin_case import twin_population


def bassin(
    changes: dict[str, float] | None = None, seed: int = 3, settings: Settings | None = None
) -> Bassin:
    territory: Any = tiny_territory()
    made = twin_population(territory, households=40)
    population = Population(made.households, made.persons, made.firms, made.posts)
    parameters = defaults().replaced({"search.floor": 0.9, "hire.threshold": 0.8} | (changes or {}))
    return Bassin(territory, population, default_catalogue(), parameters, settings or Settings(), rng=seed)


def heard(model: Bassin, weeks: int = 6) -> set[int]:
    """Channels by which anybody applied."""
    out: set[int] = set()
    for _ in range(weeks):
        model.step()
        assert model.week_applications is not None
        out.update(model.week_applications.channel.tolist())
    return out


NO_LOOKS = {
    f"channels.{name}_looks": 0.0
    for name in ("own", "any", "france_travail", "platform", "agency", "school", "colleagues", "neighbours")
}


@pytest.mark.parametrize(
    ("channel", "more"),
    [
        (Channel.OWN, {"channels.own_looks": 6.0}),
        (Channel.FRANCE_TRAVAIL, {"channels.france_travail_looks": 6.0}),
        (Channel.COLLEAGUES, {"channels.colleagues_looks": 6.0, "search.on_the_job": 0.5}),
        (Channel.NEIGHBOURS, {"channels.neighbours_looks": 12.0}),
        (Channel.PLATFORM, {"channels.platform_looks": 6.0, "channels.platform_people": 300.0,
                            "channels.platform_users": 1.0}),
    ],
)  # fmt: skip
def test_each_channel_alone_brings_applications_of_its_own_only(
    channel: Channel, more: dict[str, float]
) -> None:
    weeks = 16 if channel == Channel.COLLEAGUES else 6  # few have worked for a firm that looks for somebody
    assert heard(bassin(NO_LOOKS | more), weeks) == {int(channel)}


def test_hidden_vacancies_are_heard_of_by_word_of_mouth_and_platforms_only() -> None:
    hidden = {f"channels.hidden_{size}": 1.0 for size in ("tpe", "pme", "eti", "large")}
    hidden |= {
        "retry.advertise_weeks": 104.0,
        "channels.platform_people": 300.0,
        "channels.platform_users": 1.0,
    }
    told = heard(bassin(hidden))
    assert told
    assert told <= {Channel.NEIGHBOURS, Channel.COLLEAGUES, Channel.PLATFORM}


def test_platforms_stand_in_the_largest_communes_apart_from_each_other() -> None:
    communes: Any = tiny_territory().communes
    p = defaults().replaced({"channels.platform_people": 400.0, "channels.platform_reach_km": 1.0})
    platforms = Platforms.today(communes, p)
    towns = platforms.km.argmin(axis=1)
    assert towns[0] == communes.population.argmax()
    assert len(towns) == 2  # 800 inhabitants
    served, reached = platforms.at(0)
    assert served[towns].tolist() == [0, 1]
    assert (served[communes.external] == -1).all()
    assert not reached[:, communes.external].any()
    none, nowhere = Platforms.today(communes, defaults()).at(0)
    assert (none == -1).all()
    assert nowhere.shape == (0, len(communes))


def test_reservation_falls_to_the_benefit_and_then_to_social_assistance() -> None:
    model = bassin()
    s = model.state
    idle = np.flatnonzero(s.status == Status.UNEMPLOYED)[:1]
    s.wage_ref_cents[idle] = 200_000
    effort, utility = Effort.of(s, model.parameters), np.zeros(len(s.status))
    found = []
    for spell, benefit in ((0, 78), (77, 1), (120, 1), (0, 0), (200, 0), (400, 0)):
        s.spell[idle], effort.benefit[idle] = spell, benefit
        found.append(float(reservation(model, idle, utility)[0]))
    assert found == pytest.approx([1900.0, 2000 * (0.95 - 0.004 * 77), 1140.0, 1140.0, 560.0, 560.0])


def test_benefit_is_earned_at_work_and_used_up_without() -> None:
    model = bassin({"search.give_up": 0.0})
    s = model.state
    effort = Effort.of(s, model.parameters)
    s.age_weeks[:] = 30 * 52
    effort.benefit[:] = 10
    live_on(model)
    assert set(effort.benefit[s.status == Status.EMPLOYED]) == {11}
    assert set(effort.benefit[s.status == Status.UNEMPLOYED]) == {9}
    assert set(effort.benefit[s.status == Status.INACTIVE]) == {10}


def test_who_gives_up_comes_back() -> None:
    model = bassin({"search.give_up": 1.0, "search.come_back": 1.0})
    s = model.state
    effort = Effort.of(s, model.parameters)
    idle = np.flatnonzero((s.status == Status.UNEMPLOYED) & ~s.apprentice)
    effort.weary[idle] = 64
    live_on(model)
    assert (s.status[idle] == Status.INACTIVE).all()
    assert effort.gave_up[idle].all()
    live_on(model)
    assert (s.status[idle] == Status.UNEMPLOYED).all()
    assert not effort.gave_up[idle].any()


def test_tables_and_indicators_tell_channels_distances_and_who_declined() -> None:
    model = bassin({"car.cost_eur_per_km": 2.0})
    part = SearchPart(model.people(), posts_table(model.territory, model.population), {})
    hired, declined = 0, 0
    residents = set(model.people().worker_id[~model.people().external].tolist())
    for _ in range(6):
        model.step()
        tables = model.week_tables()
        hires, looks = tables["hires"], tables["looks"]
        real = np.isin(hires.worker_id, list(residents))
        assert (hires.km[real] >= 0).all()
        assert (hires.channel[real] >= 0).all()
        assert (looks.applied <= looks.told).all()
        assert (looks.told <= looks.looks).all()
        hired += int(real.sum())
        did_not = tables["declined"].worker_id[~tables["declined"].offered]
        declined += int(np.isin(did_not, list(residents)).sum())
        part.add_week(tables)
    rows = part.rows()
    assert hired > 0
    assert declined > 0
    assert sum(r[5] for r in rows if r[1] == "hires_channel") == hired
    for by in ("all", "sex", "age", "car", "commune"):
        assert sum(r[5] for r in rows if r[1] == "not_applied_transport" and r[2] == by) == declined
    assert all(0.0 <= r[5] <= 1.0 for r in rows if r[1] == "apply_share")


def opened(**changes: Any) -> Settings:
    """Settings with one more local platform, in the smallest commune."""
    asked = {"name": "mine", "commune": "Champs", "reach_km": 1.0, "cost_eur_week": 500.0} | changes
    return Settings(recruitment=Recruitment.model_validate({"channels": {"platforms": [asked]}}))


def test_a_platform_opens_in_its_week_and_its_payer_pays() -> None:
    model = bassin(settings=opened(from_week=1, weeks=2))
    paid = []
    for _ in range(4):
        served, _reached = model.channels.platforms.at(int(model.state.week[0]) - model.first_week)
        model.step()
        books = model.week_tables()["ledger"]
        mine = books.system == "mine"
        paid.append((int((served >= 0).sum()), int(books.cents[mine].sum()), set(books.payer[mine])))
    assert [(n > 0, eur) for n, eur, _ in paid] == [(False, 0), (True, 50_000), (True, 50_000), (False, 0)]
    assert paid[1][2] == {"region"}


def test_a_platform_alone_finds_hidden_vacancies() -> None:
    hidden = {f"channels.hidden_{size}": 1.0 for size in ("tpe", "pme", "eti", "large")} | NO_LOOKS
    hidden |= {"retry.advertise_weeks": 104.0, "channels.platform_looks": 6.0}
    assert heard(bassin(hidden)) == set()
    assert heard(bassin(hidden, settings=opened(users=1.0, share=1.0, reach_km=50))) == {Channel.PLATFORM}


def test_a_channel_that_is_off_tells_nobody() -> None:
    off = Settings(recruitment=Recruitment.model_validate({"channels": {"off": ["own", "france_travail"]}}))
    told = heard(bassin({"search.on_the_job": 0.5}, settings=off))
    assert told
    assert not told & {Channel.OWN, Channel.FRANCE_TRAVAIL}


def test_platforms_of_one_name_or_beside_a_channel_that_is_off_are_refused() -> None:
    one = {"name": "mine", "commune": "Champs"}
    for channels in ({"platforms": [one, one]}, {"platforms": [one], "off": ["platform"]}):
        with pytest.raises(ValidationError):
            Recruitment.model_validate({"channels": channels})


def test_a_town_that_does_not_exist_is_told_with_its_place() -> None:
    found = recruitment_faults(opened(commune="Nowhere").recruitment, bassin().territory)
    assert [p.keys for p in found] == [("recruitment", "channels", "platforms", 0, "commune")]
