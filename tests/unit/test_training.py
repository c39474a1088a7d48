"""Training: courses beside a plain twin, what they cost, whom they reach, and what each lever changes.

Not here: faults of a scenario's file (test_scenario_training), hires below requirement (test_hiring).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from embauche.core.draws import stable_id
from embauche.core.parameters import defaults
from embauche.core.scenario_training import Domain, Training
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.core.table import Table
from embauche.labour import courses, image, training
from embauche.labour.courses import Trainees
from embauche.labour.state import State
from embauche.labour.ways import Ways
from embauche.model import Bassin
from embauche.population.population import Population
from embauche.population.schemas import CENTRES, SECTORS, SKILLS, Status
from helpers import tiny_territory
from naive.training import Courses, week_of_courses
from twin_case import twin_population

Array = np.ndarray[Any, Any]
TERRITORY = tiny_territory()
MADE = twin_population(TERRITORY, households=150)
POPULATION = Population(MADE.households, MADE.persons, MADE.firms, MADE.posts)
KEEN = {"training.apply": 0.4, "training.dropout": 0.05, "training.ahead_weeks": 4.0}


def bassin(block: dict[str, Any], changes: dict[str, float] | None = None, **more: Any) -> Bassin:
    settings = Settings(training=Training.model_validate(block))
    parameters = defaults().replaced(changes or {})
    return Bassin(TERRITORY, POPULATION, default_catalogue(), parameters, settings, **more)  # type: ignore[arg-type]


def course(name: str = "weld", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "domain": "food_industry",
        "at": "Aville",
        "seats": 6,
        "weeks": 5,
        "every_weeks": 4,
    } | more


TWO = [
    course(level=1, allowance_eur_week=90, cost_eur_seat=1000),
    course("drive", domain="agriculture", at="Champs", seats=3, weeks=3, every_weeks=6, hours="office",
           who={"groups": ["unemployed"], "age_max": 40}, cost_eur_seat=250.5),
]  # fmt: skip


@pytest.mark.parametrize(
    "changes", [{}, {"training.wait_weeks": 3.0, "training.worth_eur": 60.0}], ids=["patient", "picky"]
)
def test_a_week_of_courses_is_its_plain_twins(
    changes: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = bassin({"courses": TWO}, KEEN | changes)
    twin, cents = Courses(model), 0
    rows = np.arange(len(model.state.worker_id))
    counted: dict[str, int] = {}
    ours = training.step

    def both(world: Bassin) -> None:
        """The twin's week at the moment of the model's: what comes before it in a week is not its matter."""
        week = int(world.state.week[0])
        twin.skill, twin.level = (dict(enumerate(x.tolist())) for x in (world.state.skill, world.state.level))
        ways = {}
        for k, c in enumerate(world.settings.training.courses):
            site, shift = (
                np.full(len(rows), x[k]) for x in (world.course_plan.site, world.course_plan.shift)
            )
            eur = Ways(world).logsums(rows, site, shift)
            ways |= {(i, c.name): float(v) for i, v in enumerate(eur)}
        week_of_courses(world, twin, ways, week)
        ours(world)
        assert world.state.skill.tolist() == list(twin.skill.values())
        assert world.state.level.tolist() == list(twin.level.values())

    monkeypatch.setattr(training, "step", both)
    for week in range(15):
        model.step()
        got = {(key[1], f): n for key, row in model.week_training.rows.items() if key[0] == "course"
               for f, n in row.items() if f in FIGURES}  # fmt: skip
        assert got == {key: n for key, n in twin.counts.items() if key[1] in FIGURES}, f"week {week}"
        t = Trainees.of(model.state)
        on_hire = t.course == courses.ON_HIRE
        for mine, theirs in ((t.course, twin.course), (t.waits, twin.waits), (t.since, twin.since)):
            expected = np.array(list(theirs.values()))
            assert mine[~on_hire].tolist() == expected[~on_hire].tolist(), f"week {week}"
        for i in np.flatnonzero(on_hire).tolist():  # her new employer trains her now
            twin.course[i], twin.until[i], twin.waits[i], twin.since[i] = 0, -1, 0, -1
        names = {c.name for c in model.settings.training.courses}
        cents += sum(c for key, c in model.ledger.entries.items() if key[0] == "training" and key[1] in names)
        for (_, figure), n in got.items():
            counted[figure] = counted.get(figure, 0) + n

    assert cents == twin.cents > 0
    assert all(counted.get(f, 0) > 0 for f in ("applied", "started", "completed", "passed"))


FIGURES = ("applied", "declined_way", "started", "refused", "left", "dropped", "completed", "passed")


def test_who_passes_has_the_domain_and_at_least_the_level_and_who_fails_has_not() -> None:
    for success in (1.0, 0.0):
        block = {"courses": [course(level=2, seats=30, success=success)]}
        model = bassin(block, KEEN | {"training.dropout": 0.0, "hire.threshold": 3.0})
        passed = np.zeros(len(model.state.skill), bool)
        for _ in range(12):
            model.step()
            passed |= Trainees.of(model.state).source == stable_id("weld")
        assert passed.sum() >= 10 if success else not passed.any()
        assert (model.state.skill[passed] == SKILLS.index("food_industry")).all()
        assert (model.state.level[passed] >= 2).all()


def test_seats_hold_and_nobody_without_a_way_enrols() -> None:
    model = bassin({"courses": [course(seats=4, at="Champs")]}, KEEN)
    for _ in range(14):
        model.step()
        t = Trainees.of(model.state)
        inside = t.course == stable_id("weld")
        assert inside.sum() <= 8  # five weeks, a session every four: two at a time
        assert np.isfinite(t.way[inside]).all()
    # no car, no bus, no bike, nobody walks: nobody enrols, and they are counted
    settings = Settings(services=("walk",), training=Training.model_validate({"courses": [course()]}))
    parameters = defaults().replaced(KEEN | {"walk.max_min": 1.0})
    far = Bassin(TERRITORY, POPULATION, default_catalogue(), parameters, settings)  # type: ignore[arg-type]
    declined = started = 0
    for _ in range(8):
        far.step()
        row = far.week_training.rows.get(("course", "weld", SKILLS.index("food_industry")), {})
        declined += row.get("declined_way", 0)
        started += row.get("started", 0)
    assert declined > 20
    assert started < declined / 5


def test_search_is_locked_in_then_fresh() -> None:
    model = bassin({"courses": [course(weeks=9, seats=30)]}, KEEN)
    for _ in range(6):
        model.step()
    s, t, week = model.state, Trainees.of(model.state), int(model.state.week[0])
    factor = courses.search_factor(model)
    locked = (t.course > 0) & (t.until - week > 4)
    assert locked.any()
    assert (factor[locked] == model.parameters["training.search"]).all()
    assert (factor[(t.course == 0) & (t.ended < 0)] == 1.0).all()
    t.ended[:5], t.course[:5] = week, 0
    assert (courses.search_factor(model)[:5] == model.parameters["training.fresh"]).all()
    t.helped[:5] = week + 1
    assert (courses.search_factor(model)[:5] == max(1.3, model.parameters["training.fresh"])).all()
    assert len(s.status) == len(factor)


def test_employers_train_whom_they_hire_below_requirement_and_pay() -> None:
    model = bassin({}, {"quits.base": 0.0, "posts.destruction": 0.0})
    model.step()
    s, posts = model.state, model.population.posts
    held = np.flatnonzero(s.post >= 0)
    far = held[:8]
    s.skill[far] = (posts.skill[s.post[far]] + 7) % len(SKILLS)
    asked = posts.skill[s.post[far]].copy()
    entries = 0
    training.train_on_hire(model, far, s.post[far])
    until = Trainees.of(s).until[far].copy()
    assert (until > int(s.week[0])).all()
    stays = np.ones(len(far), bool)
    post = s.post[far].copy()
    while int(s.week[0]) <= until.max():
        model.step()
        stays &= s.post[far] == post
        paid = {k: c for k, c in model.ledger.entries.items() if k[1] == "on hire"}
        entries += sum(paid.values())
        assert {k[2] for k in paid} <= {"employer", "state"}
    assert stays.sum() >= 4
    assert (s.skill[far[stays]] == asked[stays]).all()
    assert entries >= 30_000 * stays.sum()


def test_an_academy_shows_its_vacancies_to_who_has_passed() -> None:
    model = bassin({"academies": [course("own", employers={"sectors": list(SECTORS[:5])}, seats=40)]}, KEEN)
    for _ in range(10):
        model.step()
    s, t = model.state, Trainees.of(model.state)
    firms = model.course_plan.firms[0]
    t.ended[:], t.source[:] = -1, 0
    seeks = np.flatnonzero(s.status == Status.UNEMPLOYED)[:6]
    t.ended[seeks], t.source[seeks] = int(s.week[0]), stable_id("own")
    person, post = courses.shown(model)
    mine = np.isin(person, seeks)
    assert firms[model.population.posts.firm[post[mine]]].all()
    assert (model.population.posts.skill[post[mine]] == SKILLS.index("food_industry")).all()
    assert not (s.holder[post] >= 0).any()
    pairs = np.stack([person, post])
    assert len(np.unique(pairs, axis=1).T) == len(person)
    bonus = courses.known_fit(model, np.repeat(seeks, len(firms)), _first_posts(model, len(seeks)))
    assert set(np.unique(bonus)) == {0.0, model.parameters["training.known_fit"]}


def _first_posts(model: Bassin, times: int) -> Array:
    """One post of each firm, as often as asked."""
    return np.tile(np.unique(model.population.posts.firm, return_index=True)[1], times)


def test_immersions_tell_what_the_work_is_like() -> None:
    of = POPULATION.firms.sector[~POPULATION.firms.external]
    sectors = [SECTORS[k] for k in np.unique(of)[:5]]
    block = {"immersions": [{"name": "week", "places_week": 5, "sectors": sectors, "payer": "state"}]}
    values = {"immersion.worth_eur": 2000.0, "immersion.apply": 0.0}
    model = bassin(block, values | {f"image.{name}": -50.0 for name in SECTORS})
    started = 0
    for _ in range(12):
        before = image.known(model.state).copy()
        model.step()
        row = model.week_training.rows.get(("immersion", "week", -1), {})
        paid = [c for k, c in model.ledger.entries.items() if k[4] == "immersion" and k[2] == "state"]
        assert sum(paid) == 5_000 * row.get("started", 0)
        assert row.get("started", 0) <= 5
        started += row.get("started", 0)
        new = image.known(model.state) & ~before
        assert not (new & ~image.bits(tuple(sectors))).any()
    assert started >= 8
    known = image.known(model.state)
    who = np.flatnonzero(known)[:1]
    sector = np.array([int(known[who[0]]).bit_length() - 1])
    someone = np.flatnonzero(known == 0)[:1]
    assert image.image_eur(model, someone, sector) == -50.0
    assert image.image_eur(model, who, sector) == pytest.approx(
        -50.0 * (1.0 - model.parameters["image.wrong"])
    )


def test_outreach_brings_young_inactive_people_to_search_and_pays_them() -> None:
    block = {"outreach": [{"name": "met", "contacts_week": 4, "allowance_eur_week": 100, "cost_eur": 10}]}
    changes = {"outreach.neet": 1.0, "outreach.accept": 1.0}
    with_it = bassin(block, changes)
    met = 0
    for _ in range(6):
        with_it.step()
        row = with_it.week_training.rows.get(("outreach", "met", -1), {})
        met += row.get("applied", 0)
        assert row.get("applied", 0) <= 4
    t = Trainees.of(with_it.state)
    followed = t.helper == stable_id("met")
    assert followed.any()
    assert (with_it.state.age_weeks[followed] < 27 * 52).all()
    paid = {k[5]: c for k, c in with_it.ledger.entries.items() if k[4] == "allowance"}
    assert met > 0
    assert sum(paid.values()) % 10_000 == 0


def test_redeployment_follows_those_whose_firm_closed() -> None:
    block = {"redeployment": [{"name": "csp", "weeks": 10, "cost_eur_week": 20, "transition_eur": 500}]}
    model = bassin(block, {f"firms.close_{size}": 0.0 for size in ("tpe", "pme", "eti", "large")})
    model.step()
    s = model.state
    lost = np.flatnonzero((s.status == Status.UNEMPLOYED) & ~model.territory.communes.external[
        model.population.persons.commune])[:9]  # fmt: skip
    s.kept["economy.closed_at"] = np.full(len(s.status), -1, np.int32)
    s.kept["economy.closed_at"][lost] = int(s.week[0]) - 1
    model.step()
    assert model.week_training.rows["redeployment", "csp", -1]["started"] == len(lost) > 2
    hired = 0
    for _ in range(12):
        model.step()
        row = model.week_training.rows.get(("redeployment", "csp", -1), {})
        paid = sum(c for k, c in model.ledger.entries.items() if k[4] == "transition")
        assert paid == 50_000 * row.get("hired", 0)
        hired += row.get("hired", 0)
    assert not (Trainees.of(s).helper == stable_id("csp")).any()


def test_guidance_reaches_pupils_and_nobody_else() -> None:
    block = {"guidance": [{"name": "school", "sectors": ["industry"], "share_year": 1.0, "cost_eur": 30}]}
    model = bassin(block, {"immersion.apply": 0.0})
    s = model.state
    s.age_weeks[:40], s.status[:40] = 16 * 52, np.where(s.post[:40] >= 0, Status.EMPLOYED, Status.INACTIVE)
    pupil = (s.status == Status.INACTIVE) & (s.age_weeks < 18 * 52 - 2)
    model.step()
    bit = image.bits(("industry",))
    told = (image.known(s) & bit) != 0
    outside = model.territory.communes.external[model.population.persons.commune]
    assert (told[pupil & ~outside]).all()
    assert not told[~pupil & (s.age_weeks > 18 * 52 + 5)].any()
    assert sum(c for k, c in model.ledger.entries.items() if k[4] == "guidance") == 3_000 * told.sum()


def test_equipment_adds_seats_and_success_in_its_domains() -> None:
    equipment = [{"name": "benches", "domains": ["food_industry"], "seats_share": 0.5, "success": 0.1,
                  "cost_eur_year": 5200}]  # fmt: skip
    model = bassin({"courses": TWO, "equipment": equipment})
    assert model.course_plan.seats.tolist() == [9, 3]
    assert model.course_plan.success.tolist() == pytest.approx([0.9, 0.8])
    model.step()
    assert sum(c for k, c in model.ledger.entries.items() if k[4] == "workshop") == 10_000


def test_equipment_adds_seats_at_centres_and_courses_stay_where_somebody_works() -> None:
    site = np.full(2, POPULATION.firms.site[np.flatnonzero(~POPULATION.firms.external)[0]])
    centres = Table.make(
        CENTRES,
        {"centre_id": [1, 1], "commune": TERRITORY.sites.commune[site], "site": site, "skill": [1, 2],
         "seats": [10, 10], "rhythm": [0, 0]},
    )  # fmt: skip
    block = {
        "courses": TWO,
        "equipment": [{"name": "b", "domains": "metal_mechanics", "seats_share": 0.25, "cost_eur_year": 0}],
    }
    parameters, catalogue = defaults(), default_catalogue()
    people = replace(POPULATION, centres=centres)
    settings = Settings(training=Training.model_validate(block))
    model = Bassin(TERRITORY, people, catalogue, parameters, settings)  # type: ignore[arg-type]
    assert model.seats is not None
    assert model.seats.seats.tolist() == [10, 12]
    assert model.course_plan.site.tolist() == bassin(block).course_plan.site.tolist()


def test_a_saved_state_goes_on_as_the_model_does() -> None:
    block = {"courses": TWO, "immersions": [{"name": "week", "places_week": 2}]}
    on = bassin(block, KEEN)
    for _ in range(6):
        on.step()
    again = bassin(block, KEEN, state=State.from_arrays(on.state.arrays()))
    for model in (on, again):
        for _ in range(4):
            model.step()
    other = again.state.arrays()
    assert all(np.array_equal(values, other[name]) for name, values in on.state.arrays().items())


def test_the_ordinary_plan_grows_with_the_people_and_can_be_left_out() -> None:
    changes = {"training.actions": 20.0}
    model = bassin({}, changes)
    residents = (~TERRITORY.communes.external[POPULATION.persons.commune]).sum()
    assert len(model.course_plan) == int(np.floor(0.02 * residents + 0.5)) > 3
    assert len(bassin({"plan": False}, changes).course_plan) == 0
    assert Domain.__args__ == SKILLS  # type: ignore[attr-defined]


@pytest.mark.long
def test_more_seats_train_no_fewer() -> None:
    """Seats doubled: of 20 paired seeds the mean of those who pass rises, and none falls by more than two."""

    def passed(seats: int, seed: int) -> int:
        model = bassin({"courses": [course(seats=seats)]}, KEEN, rng=seed)
        total = 0
        for _ in range(26):
            model.step()
            total += sum(
                row.get("passed", 0) for key, row in model.week_training.rows.items() if key[0] == "course"
            )
        return total

    gain = np.array([passed(10, seed) - passed(5, seed) for seed in range(20)])
    assert gain.mean() > 0
    assert gain.min() >= -2
