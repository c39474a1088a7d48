"""Dwellings beside their plain twin: what each let is worth, who asks for what, what a seeker expects.

Lives here: the comparison, on some of those who choose in each week. Not here: the twin (naive.dwellings),
who gets a bed (test_lets), what holds in every week (test_lodgers).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embauche.core.parameters import defaults
from embauche.core.scenario_residences import ResidencesBlock
from embauche.core.scenario_work import Care
from embauche.core.settings import Settings
from embauche.core.shifts import default_catalogue
from embauche.labour import dwellings, lodgers, values
from embauche.labour.dwelling_costs import Wishes
from embauche.labour.interns import Known
from embauche.model import Bassin
from naive.dwellings import Dwellings, Let, Worth
from season_case import KEEN, TERRITORY, population

Array = np.ndarray[Any, Any]
SOME = 2  # of those who choose at a time
BOTH = ["apprentice", "new_hire"]
BEDS = [
    {"name": "Foyer", "commune": "Aville", "beds": 6, "rent_eur_month": 90, "least_km": 0, "shared": True,
     "who": BOTH},
    {"name": "Hosts", "commune": "Bourg", "beds": 4, "rent_eur_month": 150, "kind": "hosts", "least_km": 2.5,
     "open_from": 34, "open_to": 26},
    {"name": "Champs", "commune": "Champs", "beds": 3, "rent_eur_month": 210, "least_km": 0},
]  # fmt: skip
AIDS = [{"name": "a first room", "eur_month": 50, "age_max": 22, "take_up": 0.5, "who": BOTH}]
EASY = KEEN | {
    "housing.look_eur": 0.0, "housing.away_eur_month": 20.0, "housing.room_eur_month": 150.0,
    "housing.noise_eur": 120.0, "housing.reach_km": 3.0, "quits.base": 0.02, "hire.threshold": 0.9,
}  # fmt: skip


def bassin(folder: Path) -> Bassin:
    codes = [str(c) for c in TERRITORY.communes.code[~TERRITORY.communes.external]]
    (folder / "care.csv").write_text(f"commune,score\n{codes[0]},1\n{codes[1]},0\n", encoding="utf-8")
    block = ResidencesBlock.model_validate({"beds": BEDS, "aids": AIDS})
    care = Care(table="care.csv", eur_month=60)
    settings = replace(Settings(), residences=block, care=care, folder=folder)
    p = defaults().replaced(EASY)
    return Bassin(TERRITORY, population(), default_catalogue(), p, settings, rng=4)  # type: ignore[arg-type]


def twin_of(model: Bassin) -> Dwellings:
    def ways(i: int, place: int, site: int, shift: int, centre: bool, no_car: bool) -> float:
        one = (np.array([x], np.int32) for x in (i, place, site, shift))
        return float(dwellings.ways_eur(model, *one, centre, np.array([no_car]))[0])

    return Dwellings(model, ways)


def test_each_choice_is_its_plain_twins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options, give, with_beds = dwellings.dwelling_options, lodgers._give, dwellings.with_beds
    seen: Counter[str] = Counter()
    known: dict[tuple[int, int], dict[Let, Worth]] = {}

    def compared(world: Bassin, w: Wishes) -> Any:
        got, twin = options(world, w), twin_of(world)
        firm, centre = got.code // 4, got.code % 4
        for k in np.linspace(0, len(w.person) - 1, min(SOME, len(w.person))).astype(int).tolist():
            i, site = int(w.person[k]), int(world.post_site[w.post[k]])
            lets = twin.lets(i, site, int(w.shift[k]), int(w.centre[k]), w.group)
            real = {
                Let(int(firm[a]), int(centre[a]), int(got.residence[k, a])): (float(eur), bool(near))
                for a, (eur, near) in enumerate(zip(got.utility[k], got.too_near[k], strict=True))
                if np.isfinite(eur)
            }
            assert real.keys() == lets.keys()
            for let, worth in lets.items():
                assert real[let] == (pytest.approx(worth.eur, abs=1e-6), worth.too_near), (let, i)
                seen.update({f"firm {let.firm}": 1, f"centre {let.centre}": 1, "near": worth.too_near})
            assert got.km[k] == pytest.approx(twin.km(twin.own(i), site, int(w.centre[k])))
            known[i, int(w.post[k])] = lets
            seen[f"group {w.group}"] += 1
        return got

    def given(world: Bassin, lodging: Any, record: Any, group: int, who: Array, residence: Array,
              code: Array, km: Array, waits: Array, week: int) -> None:  # fmt: skip
        for k, i in enumerate(who.tolist()):
            lets = known.get((i, int(world.state.post[i])))
            if lets is not None:
                wishes = twin_of(world).wishes(lets)
                n = len(wishes)
                asked = np.stack([code[k, :n] // 4, code[k, :n] % 4, residence[k, :n]], axis=1)
                assert [Let(*row) for row in asked.tolist()] == wishes
                seen["asked"] += n > 1
        known.clear()
        give(world, lodging, record, group, who, residence, code, km, waits, week)

    def hoped(world: Bassin, person: Array, post: Array, logsum: Array) -> Array:
        known.clear()
        got = with_beds(world, person, post, logsum)
        chance = Known.of(world.state, world.residences).chances(world).tolist()
        for k in range(len(person)):
            lets = known.get((int(person[k]), int(post[k])))
            if lets is not None:
                expected = twin_of(world).expected(lets, float(logsum[k]), chance)
                assert got[k] == pytest.approx(expected, abs=1e-6)
                seen["hoped"] += got[k] > logsum[k]
        known.clear()
        return got

    monkeypatch.setattr(dwellings, "dwelling_options", compared)
    monkeypatch.setattr(lodgers, "dwelling_options", compared)
    monkeypatch.setattr(lodgers, "_give", given)
    monkeypatch.setattr(values, "with_beds", hoped)
    model = bassin(tmp_path)
    assert model.residences.care.max() == -model.residences.care.min() == 30
    for _ in range(48):
        model.step()
    slept = [*(f"firm {k}" for k in range(3)), "centre 0", "centre 1", "centre 3"]
    for what in [*slept, "near", "asked", "hoped", "group 1", "group 4"]:
        assert seen[what] > 0, (what, seen)
