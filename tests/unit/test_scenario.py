"""Scenarios: what is read, how bases and overrides combine, and which errors name which line.

Not here: quantities (test_scenario_units), the command line (ux).
"""

from __future__ import annotations

import datetime
import json
import pickle
from pathlib import Path

import pytest

from embauche.analysis.check import check
from embauche.core.errors import Problem, UserError
from embauche.core.messages import MESSAGES, register, text
from embauche.core.parameters import REGISTRY
from embauche.core.scenario import Scenario
from embauche.core.scenario_load import builtin_names, load_scenario, scenario_schema, validated

CONFIGS = Path(__file__).parents[2] / "configs"


def write(folder: Path, words: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return path


def problems(folder: Path, words: str) -> list[Problem]:
    with pytest.raises(UserError) as caught:
        check(write(folder, words))
    return list(caught.value.problems)


def test_builtin_scenarios_are_complete_in_both_languages() -> None:
    assert builtin_names() == ["baseline", "dearer-fuel", "early-late-buses", "later-morning-shift"]
    for name in builtin_names():
        scenario = load_scenario(name)
        assert scenario.name == name
        for which in ("title", "question"):
            assert scenario.text(which, "fr") != scenario.text(which, "en")  # type: ignore[arg-type]


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda p: p.stem)
def test_configs_hold(path: Path) -> None:
    assert check(path).estimate.persons > 10_000
    builtin = path.stem in builtin_names()
    assert not builtin or load_scenario(path).resolved() == load_scenario(path.stem).resolved()


def test_policies_differ_from_the_baseline_only_in_what_they_say() -> None:
    base = load_scenario("baseline")
    buses, shift = load_scenario("early-late-buses"), load_scenario("later-morning-shift")
    (edit,) = buses.settings().timetable_edits
    assert (edit.first_departure_s, edit.last_departure_s, edit.every_s) == (15_300, 79_200, 7_200)
    assert (edit.mode, edit.routes, edit.days) == (3, (), 127)
    rows = {w.name: (w.start_min, w.end_min) for w in shift.catalogue().windows}
    assert (rows["morning"], rows["afternoon"], rows["night"]) == ((420, 900), (900, 1380), (1380, 1860))
    texts = ("name", "title", "question", "history")
    for policy, key in ((buses, "timetable"), (shift, "windows")):
        same = {k: v for k, v in policy.resolved().items() if k not in (*texts, key)}
        assert same == {k: v for k, v in base.resolved().items() if k not in (*texts, key)}
        assert policy.hash() != base.hash()


def test_hash_ignores_words_only() -> None:
    base = load_scenario("baseline")
    assert base.changed(name="other", title="Autre").hash() == base.hash()
    assert base.changed(seed=2).hash() != base.hash()


def test_resolved_reads_back_and_pickles(tmp_path: Path) -> None:
    for name in builtin_names():
        scenario = load_scenario(name)
        again = load_scenario(json.loads(json.dumps(scenario.resolved())))
        assert again.resolved() == scenario.resolved()
        assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_fields_with_units(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
name: mine
territory: bresle-vimeu
epcis: [247600588, Vimeu]
start: 2026-09-09
services: {bike: off, transit: {fare_eur: 1.50 EUR}}
parameters:
  car.cost_eur_per_km: 20 ct/km
  search.decay_on: off
burn_in: {min_weeks: 4, max_weeks: 8}
""",
    )
    scenario = load_scenario(path)
    assert scenario.parameters == {
        "car.cost_eur_per_km": 0.2, "search.decay_on": 0.0, "transit.fare_eur": 1.5
    }  # fmt: skip
    assert scenario.parameter_values()["transit.fare_eur"] == 1.5
    assert scenario.services_on == ("car", "walk", "transit")
    assert scenario.start_monday == datetime.date(2026, 9, 14)
    assert scenario.seed_list == [1, 2, 3]
    notes = check(path).notes
    assert any("Monday 2026-09-14" in note for note in notes)


def test_overrides_later_win_and_children_win_over_bases(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
weeks: 10
parameters: {car.asc_eur: 1, bike.asc_eur: -1}
overrides:
  - {name: first, set: {weeks: 11, parameters.car.asc_eur: 2, services.walk: off}}
  - {name: second, set: {weeks: 12}}
""",
        "below.yaml",
    )
    child = write(
        tmp_path,
        """
base: below.yaml
seeds: 2
parameters: {car.asc_eur: 3}
overrides:
  - {name: third, set: {services.transit.fare_eur: 1 EUR, title.en: Mine}}
""",
    )
    scenario = load_scenario(child)
    assert (scenario.weeks, scenario.seeds, scenario.name) == (12, 2, "mine")
    assert scenario.parameters == {"car.asc_eur": 3.0, "bike.asc_eur": -1.0, "transit.fare_eur": 1.0}
    assert scenario.services_on == ("car", "bike", "transit")
    assert scenario.history == ("first", "second", "below.yaml", "third")
    assert scenario.text("title", "fr") == "Mine"


def test_base_territory_stands_relative_to_the_base(tmp_path: Path) -> None:
    (tmp_path / "a" / "land").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    write(tmp_path / "a", "territory: land\n", "base.yaml")
    child = load_scenario(write(tmp_path / "b", "base: ../a/base.yaml\n"))
    assert child.folder is not None
    assert (child.folder / child.territory).resolve() == (tmp_path / "a" / "land").resolve()


BAD = {
    "unknown key": ("name: x\nweekz: 3\n", 2, "unknown key weekz", "weekz", "did you mean weeks?"),
    "nested key": ("burn_in:\n  min_week: 3\n", 2, "unknown key burn_in.min_week", "min_week", "min_weeks"),
    "not a number": ("weeks: twelve\n", 1, "weeks does not fit", "twelve", None),
    "half a week": ("seeds: 2\nweeks: 2.5\n", 2, "weeks does not fit", "2.5", None),
    "too many": ("weeks: 99999\n", 1, "weeks does not fit", "99999", None),
    "date": ("start: 2026-13-45\n", 1, "start does not fit", "2026-13-45", None),
    "name": ("name: My Name\n", 1, "name does not fit", "My Name", None),
    "parameter": (
        "parameters:\n  transit.fare: 2\n",
        2,
        "no parameter transit.fare",
        "transit.fare",
        "transit.fare_eur",
    ),
    "top parameter": ("transit.fare_eur: 2\n", 1, "unknown key", "transit.fare_eur", "below `parameters:`"),
    "range": ("parameters:\n  car.weight: 80\n", 2, "out of its range", "80", "default is 1"),
    "unit": ("parameters:\n  car.terminal_min: 3 km\n", 2, "another unit", "3 km", "3 min"),
    "reversed window": ('windows:\n  morning: "13:00-05:00"\n', 2, "reversed", "13:00-05:00", "05:00-13:00"),
    "night": ('windows: {night: "21:00-05:00"}\n', 1, "reversed", "21:00-05:00", "21:00-05:00+1"),
    "30 hours": ('windows:\n\n  day: "05:00-11:00+1"\n', 3, "a shift of 30 h", "05:00-11:00+1", "one team"),
    "window name": ('windows: {mornin: "05:00-13:00"}\n', 1, "no window mornin", "mornin", "morning"),
    "overlap": (
        'windows:\n  split_early: "08:00-18:00"\n',
        1,
        "twice at a time",
        "split_early 08:00-18:00, then split_late 17:00-20:00",
        "windows.split_early",
    ),
    "service": ("services:\n  trains: on\n", 2, "no service trains", "trains", "transit"),
    "service value": ("services:\n  bike: maybe\n", 2, "switched on or off", "maybe", None),
    "all services off": (
        "services: {car: off, bike: off, walk: off, transit: off}\n",
        1,
        "every service is off",
        None,
        None,
    ),
    "service option": (
        "services:\n  car:\n    colour: red\n",
        3,
        "no parameter car.colour",
        "car.colour",
        None,
    ),
    "burn-in": ("burn_in: {min_weeks: 9, max_weeks: 3}\n", 1, "burn-in is reversed", None, None),
    "sample": ("sample: 0.1\n", 1, "simulates everybody", "0.1", "leave `sample` out"),
    "mode": ("timetable:\n  - {first_departure: 4h, mode: boat}\n", 2, "timetable.0.mode", "boat", None),
    "no times": ("timetable:\n  - {mode: bus}\n", 2, "changes nothing", None, None),
    "service hours": (
        "timetable:\n  - {first_departure: 23h, last_departure: 4h}\n",
        2,
        "ends before it starts",
        None,
        None,
    ),
    "bare minutes": ("timetable:\n  - first_departure: 255\n", 2, "not a time of day", "255", "04:15"),
    "day": (
        "timetable:\n  - {first_departure: 4h, days: [Mon, Sonday]}\n",
        2,
        "no day Sonday",
        "Sonday",
        None,
    ),
    "language": ("outputs: {language: de}\n", 1, "outputs.language does not fit", "de", None),
    "epci": ("epcis:\n  - Vimeu\n  - Villes Soeurz\n", 3, "no such EPCI", "Villes Soeurz", "Villes Sœurs"),
    "vague epci": ("epcis: [Communauté]\n", 1, "3 EPCIs are called so", "Communauté", "SIREN"),
    "territory": ("territory: bresle\n", 1, "no such territory", "bresle", "bresle-vimeu"),
    "base": ("base: baselin\n", 1, "no such scenario", "baselin", "baseline"),
    "base type": ("base: [1]\n", 1, "base is not a name", "[1]", None),
    "override key": (
        "overrides:\n  - name: a\n    set:\n      wekks: 1\n",
        4,
        "unknown key wekks",
        "wekks",
        "weeks",
    ),
    "override path": (
        "overrides:\n  - {name: a, set: {car.asc_eur: 1}}\n",
        2,
        "nothing to set at car.asc_eur",
        "car.asc_eur",
        "parameters.car.asc_eur",
    ),
    "override base": ("overrides:\n  - {name: a, set: {base: x}}\n", 2, "cannot set base", "base", None),
    "override shape": ("overrides:\n  - {name: a}\n", 2, "not complete", None, None),
    "override list": ("overrides: 3\n", 1, "not a list", "3", None),
    "empty": ("\n# nothing\n", None, "empty", None, "base: baseline"),
    "not a mapping": ("- 1\n- 2\n", 1, "not a mapping", "[1, 2]", None),
    "two documents": ("name: a\n---\nname: b\n", 2, "not valid YAML", None, None),
    "syntax": ("weeks: 3\nname: [a\nseeds: 2\n", 3, "not valid YAML", None, None),
    "tab": ("burn_in:\n\tmin_weeks: 3\n", 2, "not valid YAML", None, "tabs"),
    "twice": ("weeks: 3\nseeds: 1\nweeks: 4\n", 3, "stands twice", "lines 1 and 3", "delete one"),
    "alias to itself": ("epcis: &a [*a]\n", 1, "anchors multiply", None, "aliases"),
    "tag": ("weeks: !!python/object:os.system ls\n", 1, "cannot be read", None, None),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_scenario(case: str, tmp_path: Path) -> None:
    words, line, what, found, fix = BAD[case]
    (problem,) = problems(tmp_path, words)
    assert what in problem.what
    assert problem.file == tmp_path / "mine.yaml"
    assert problem.line == line
    assert found is None or problem.found == found
    assert fix is None or fix in str(problem.fix)


def test_every_error_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "weekz: 3\nseeds: none\nterritory: grand-artois\nepcis: [Lens, Arass]\n"
        "parameters: {car.late: 3, car.latte: 1}\n"
        'windows: {night: "21:00-05:00", day: "05:00-35:00"}\n'
        "overrides:\n  - {name: a, set: {weeks: 0}}\n  - {nam: a}\n",
    )
    assert [p.line for p in found] == [1, 2, 4, 5, 5, 6, 6, 8, 9]


def test_line_of_an_error_in_the_base(tmp_path: Path) -> None:
    write(tmp_path, "seeds: 2\nweeks: nine\n", "below.yaml")
    (problem,) = problems(tmp_path, "base: below.yaml\nseeds: 3\n")
    assert (Path(str(problem.file)).name, problem.line) == ("below.yaml", 2)


def test_bases_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path, "base: mine.yaml\n", "other.yaml")
    (problem,) = problems(tmp_path, "base: other.yaml\n")
    assert "circle" in problem.what
    assert problem.found == "mine.yaml -> other.yaml -> mine.yaml"


def test_anchor_bomb_is_refused_quickly(tmp_path: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{after}: &{after} [" + ", ".join([f"*{before}"] * 10) + "]\n"
    (problem,) = problems(tmp_path, bomb)
    assert "multiply" in problem.what


def test_deep_nesting_and_odd_bytes(tmp_path: Path) -> None:
    (deep,) = problems(tmp_path, "a: " + "[" * 5000 + "]" * 5000)
    assert "deep" in deep.what or "multiply" in deep.what
    path = tmp_path / "latin.yaml"
    path.write_bytes("name: x\ntitle: été\n".encode("latin-1"))
    with pytest.raises(UserError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.found) == (2, "byte 0xe9")
    with pytest.raises(UserError, match="no such scenario"):
        load_scenario(tmp_path)


def test_python_mappings_are_checked_too() -> None:
    assert load_scenario({"base": "baseline", "weeks": 4}).weeks == 4
    with pytest.raises(UserError, match="weeks"):
        load_scenario("baseline").changed(weeks=0)
    with pytest.raises(UserError, match="name is missing"):
        validated({"weeks": 3})


def test_schema_lists_every_parameter() -> None:
    schema = scenario_schema()
    parameters = schema["properties"]["parameters"]
    assert set(parameters["properties"]) == set(REGISTRY)
    assert parameters["additionalProperties"] is False
    assert {"base", "overrides", "weeks"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False
    assert set(Scenario.model_fields) - {"history"} <= set(schema["properties"])


def test_estimate_grows_with_persons_weeks_and_seeds(tmp_path: Path) -> None:
    small = check(write(tmp_path, "epcis: [Vimeu]\nweeks: 10\nseeds: 1\n")).estimate
    large = check(write(tmp_path, "weeks: 20\nseeds: 4\n")).estimate
    assert small.persons < large.persons
    bounds = load_scenario("baseline").burn_in
    assert large.weeks == 4 * (20 + (bounds.min_weeks + bounds.max_weeks) // 2)
    assert large.seconds > 4 * small.seconds
    assert large.disk_mib > 8 * small.disk_mib


def test_messages_have_both_languages() -> None:
    for key, both in MESSAGES.items():
        assert len(both) == 2, key
        assert all(isinstance(words, str) and words.strip() for words in both), key
    assert text("service.car", "fr") == "voiture"
    assert text("service.car", "en") == "car"
    with pytest.raises(KeyError):
        text("service.car", "de")
    with pytest.raises(ValueError, match="other words"):
        register({"service.car": ("auto", "car")})
