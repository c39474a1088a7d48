"""Tables that a user brings: what they replace, and what each fault says.

Lives here: workers, households, firms, posts as files. Not here: synthesis itself.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from embauche.core.errors import UserError
from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.population.population import Population
from embauche.population.schemas import SECTORS, SKILLS, Contract, Status
from embauche.population.user_schemas import KINDS, TABLES, print_schema
from embauche.population.user_tables import read_population
from helpers import LAT0, LON0, tiny_territory

TERRITORY, CATALOGUE, PARAMETERS = tiny_territory(), default_catalogue(), defaults()


def _read(**files: Path | None) -> Population:
    return read_population(**files, territory=TERRITORY, catalogue=CATALOGUE, parameters=PARAMETERS, seed=1)


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _workers(n: int = 60) -> pd.DataFrame:
    k = np.arange(n)
    return pd.DataFrame(
        {
            "worker_id": 7 + 3 * k,
            "lon": LON0 + 0.005 * (k % 12),
            "lat": LAT0 + 0.004 * (k % 9),
            "sex": np.where(k % 2, "woman", "man"),
            "age": 20.5 + (k % 40),
            "status": np.array(["employed", "employed", "unemployed", "inactive"])[k % 4],
            "household_id": 100 + k // 2,
            "licence": np.where(k % 3, "true", "false"),
            "skill": np.array(SKILLS)[k % 21],
            "wage_ref_eur": 1500 + 10.25 * k,
            "spell_weeks": k,
        }
    )


FIRMS = "firm_id,lon,lat,sector,posts\n5,2.61,50.51,industry,30\n2,2.62,50.52,9,4\n"
POSTS = (
    "post_id,firm_id,skill,shift,contract,wage_eur,active\n"
    "11,5,metal_mechanics,two_by_eight,cdi,1800,true\n"
    "12,5,2,night,cdd,1900.5,1\n"
    "3,2,trade_sales,shop,,1500,0\n"
)


def _same(a: Population, b: Population) -> bool:
    pairs = ((a.households, b.households), (a.persons, b.persons), (a.firms, b.firms), (a.posts, b.posts))
    return all(np.array_equal(x[c], y[c]) for x, y in pairs for c in x.schema.names)


def test_workers_replace_the_residents(tmp_path: Path) -> None:
    frame = _workers()
    frame.to_csv(tmp_path / "w.csv", index=False)
    population = _read(workers=tmp_path / "w.csv")
    persons = population.persons
    mine = np.isin(persons.worker_id, frame["worker_id"])
    assert mine.sum() == len(frame) == np.count_nonzero(persons.worker_id < 2**36)
    assert TERRITORY.communes.external[persons.commune[~mine]].all()
    assert np.array_equal(persons.sex[mine], (frame["sex"] == "woman").astype(int))
    assert np.array_equal(persons.age_weeks[mine], np.floor(frame["age"] * 52))
    assert np.array_equal(persons.skill[mine], np.arange(60) % 21)
    assert np.array_equal(persons.licence[mine], frame["licence"] == "true")
    assert np.array_equal(persons.wage_ref_cents[mine], np.rint(frame["wage_ref_eur"] * 100))
    assert np.array_equal(persons.spell_weeks[mine], frame["spell_weeks"])
    ids = population.households.household_id[persons.household[mine]]
    assert np.array_equal(ids, frame["household_id"])
    # the firms are drawn for as many as work: 30 employed, 40 in-commuters, 60 posts outside at most 60 %
    employed = np.count_nonzero(persons.status == Status.EMPLOYED)
    assert employed < np.count_nonzero(population.posts.active) < 1.1 * employed


def test_a_home_is_the_nearest_place(tmp_path: Path) -> None:
    node = 37
    lon, lat = TERRITORY.nodes.lon[node] + 0.001, TERRITORY.nodes.lat[node] - 0.0005
    text = f"worker_id,lon,lat,sex,age,status\n1,{lon},{lat},f,30,employed\n"
    persons = _read(workers=_write(tmp_path / "w.csv", text)).persons
    assert TERRITORY.places.node[persons.place[0]] == node
    assert persons.commune[0] == TERRITORY.nodes.commune[node]


def test_the_order_of_rows_and_the_format_do_not_matter(tmp_path: Path) -> None:
    frame = _workers()
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.sample(frac=1, random_state=3).to_csv(tmp_path / "b.csv", index=False, sep=";", decimal=",")
    shuffled = frame.sample(frac=1, random_state=4).sort_index(axis=1, ascending=False)
    shuffled.to_parquet(tmp_path / "c.parquet", index=False)
    _write(tmp_path / "f.csv", FIRMS)
    _write(tmp_path / "g.csv", "\n".join([FIRMS.splitlines()[0], *FIRMS.splitlines()[:0:-1]]) + "\n")
    one = _read(workers=tmp_path / "a.csv", firms=tmp_path / "f.csv")
    assert _same(one, _read(workers=tmp_path / "b.csv", firms=tmp_path / "g.csv"))
    assert _same(one, _read(workers=tmp_path / "c.parquet", firms=tmp_path / "g.csv"))


def test_households_give_members_cars_and_homes(tmp_path: Path) -> None:
    frame = _workers().drop(columns=["lon", "lat"])
    frame.to_csv(tmp_path / "w.csv", index=False)
    ids = np.arange(100, 131)  # the last has no worker
    table = pd.DataFrame({"household_id": ids, "commune": "62902", "members": 4, "cars": ids % 3})
    table = table.assign(under_six=1, quintile=5)
    table.to_csv(tmp_path / "h.csv", index=False)
    population = _read(workers=tmp_path / "w.csv", households=tmp_path / "h.csv")
    own = np.isin(population.households.household_id, ids)
    assert own.sum() == 30
    assert np.array_equal(population.households.cars[own], ids[:30] % 3)
    assert (population.households.commune[own] == 1).all()
    assert (population.households.under_six[own] == 1).all()
    mine = np.isin(population.persons.worker_id, frame["worker_id"])
    assert (population.persons.quintile[mine] == 5).all()
    assert len(np.unique(population.households.place[own])) > 5


def test_firms_alone_have_posts_drawn(tmp_path: Path) -> None:
    population = _read(firms=_write(tmp_path / "f.csv", FIRMS))
    firms, posts = population.firms, population.posts
    assert firms.firm_id[:2].tolist() == [2, 5]
    assert firms.external.tolist() == [False, False, True]
    assert np.bincount(posts.firm[posts.active], minlength=3)[:2].tolist() == [4, 30]
    assert firms.sector[:2].tolist() == [9, SECTORS.index("industry")]
    assert len(population.persons) > 400
    assert any("start unemployed" in n for n in population.notes)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_firms_without_any_post(withdrawn: bool, tmp_path: Path) -> None:
    firms = _write(tmp_path / "firms.csv", FIRMS.replace(",30\n", ",0\n").replace(",4\n", ",0\n"))
    posts = _write(tmp_path / "posts.csv", "post_id,firm_id,skill,shift,active\n11,5,2,night,0\n")
    with pytest.raises(UserError, match="there are no posts"):
        _read(firms=firms, posts=posts if withdrawn else None)


def test_posts_are_taken_as_they_stand(tmp_path: Path) -> None:
    text = POSTS.replace("shop,,", "shop,cdi,")
    population = _read(firms=_write(tmp_path / "f.csv", FIRMS), posts=_write(tmp_path / "p.csv", text))
    posts = population.posts
    assert posts.post_id[:3].tolist() == [3, 11, 12]
    assert posts.skill[:3].tolist() == [SKILLS.index("trade_sales"), 2, 2]
    assert posts.shift[:3].tolist() == [CATALOGUE.shift_row(s) for s in ("shop", "two_by_eight", "night")]
    assert posts.wage_cents[:3].tolist() == [150_000, 180_000, 190_050]
    assert posts.contract[:3].tolist() == [Contract.CDI, Contract.CDI, Contract.CDD]
    assert posts.active[:3].tolist() == [False, True, True]
    assert population.firms.firm_id[posts.firm[:3]].tolist() == [2, 5, 5]
    assert population.firms.external[posts.firm[3:]].all()


def test_a_worker_of_an_external_zone(tmp_path: Path) -> None:
    text = "worker_id,commune,sex,age,status\n1,X59350,m,40,employed\n2,62901,f,41,employed\n"
    persons = _read(workers=_write(tmp_path / "w.csv", text)).persons
    assert len(persons) == 2
    assert persons.commune.tolist() == [3, 0]


HEAD = "worker_id,lon,lat,sex,age,status\n"
GOOD = "1,2.61,50.51,f,30,employed\n"
FAULTS = {
    "unknown column": ("worker_id,lon,lat,sex,agee,status\n", 1, "rename it to age"),
    "missing column": ("worker_id,lon,lat,sex,age\n1,2.61,50.51,f,30\n", 1, "status"),
    "duplicate": (HEAD + GOOD + "2,2.61,50.51,f,30,employed\n" + GOOD, 4, "stands twice"),
    "id of an entrant": (HEAD + "16777216,2.61,50.51,f,30,employed\n", 2, "later entrant"),
    "text for a number": (HEAD + "1,2.61,50.51,f,old,employed\n", 2, "not a number"),
    "age out of range": (HEAD + GOOD + "2,2.61,50.51,f,70,employed\n", 3, "out of range"),
    "unknown word": (HEAD + "1,2.61,50.51,f,30,unemploied\n", 2, "did you mean unemployed"),
    "no place": ("worker_id,sex,age,status\n1,f,30,employed\n", 1, "lon and lat"),
    "far away": (HEAD + GOOD + "2,50.51,2.61,f,30,employed\n", 3, "farther than 2 km"),
    "commune elsewhere": (
        "worker_id,commune,sex,age,status\n1,62999,f,30,employed\n",
        2,
        "not in the territory",
    ),
    "ragged": (HEAD + GOOD + "2,2.61\n", 3, "cells"),
    "not finite": (HEAD + "1,nan,50.51,f,30,employed\n", 2, "not a number"),
    "huge id": (HEAD + "9" * 30 + ",2.61,50.51,f,30,employed\n", 2, "whole number"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_names_file_and_line(name: str, tmp_path: Path) -> None:
    text, line, says = FAULTS[name]
    with pytest.raises(UserError) as caught:
        _read(workers=_write(tmp_path / "w.csv", text))
    hits = [p for p in caught.value.problems if says in str(p)]
    assert hits, str(caught.value)
    assert hits[0].file == tmp_path / "w.csv"
    assert hits[0].line == line


def test_the_line_is_the_files_whatever_the_order_of_ids(tmp_path: Path) -> None:
    text = HEAD + "9,2.61,50.51,f,30,employed\n\n4,50.51,2.61,f,30,employed\n1,2.61,50.51,f,30,employed\n"
    with pytest.raises(UserError) as caught:
        _read(workers=_write(tmp_path / "w.csv", text))
    assert [p.line for p in caught.value.problems] == [4]


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    workers = HEAD + "".join(f"{k},2.61,50.51,x,{10 + k},employed\n" for k in range(9))
    with pytest.raises(UserError) as caught:
        _read(
            workers=_write(tmp_path / "w.csv", workers),
            firms=_write(tmp_path / "f.csv", FIRMS.replace("industry", "industri")),
        )
    text = str(caught.value)
    assert "sex is not understood: 9 rows in all" in text
    assert text.count("sex is not understood") == 6
    assert text.count("age is out of range") == 5
    assert "did you mean industry" in text


@pytest.mark.parametrize(
    ("posts", "says"),
    [
        (POSTS.replace("12,5", "12,6").replace(",,", ",cdi,"), "not in the table of firms"),
        (POSTS.replace("night", "nihgt"), "did you mean night"),
        ("post_id,firm_id,skill,shift,team\n1,5,2,two_by_eight,7\n", "no such team"),
        (POSTS, "contract is not understood"),
    ],
)
def test_faults_of_posts(posts: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=says):
        _read(firms=_write(tmp_path / "f.csv", FIRMS), posts=_write(tmp_path / "p.csv", posts))


def test_faults_between_workers_and_households(tmp_path: Path) -> None:
    workers = _write(tmp_path / "w.csv", HEAD.replace("\n", ",household_id\n") + GOOD.replace("\n", ",8\n"))
    with pytest.raises(UserError, match="not in the table of households"):
        _read(workers=workers, households=_write(tmp_path / "h.csv", "household_id,members,cars\n9,1,1\n"))
    with pytest.raises(UserError, match="needs one of workers"):
        _read(households=tmp_path / "h.csv")
    with pytest.raises(UserError, match="need a household_id"):
        _read(workers=_write(tmp_path / "v.csv", HEAD + GOOD), households=tmp_path / "h.csv")


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00a", b'a,"b\n', b"PAR1", b"worker_id\n", b"\x00" * 40, b"\n\n\n", b",,,\n1,2,3,4\n"],
)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_files_that_are_no_tables(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"w{suffix}"
    path.write_bytes(content)
    with pytest.raises(UserError):
        _read(workers=path)


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be opened"):
        _read(workers=tmp_path / "none.csv")


@pytest.mark.parametrize("kind", KINDS)
def test_the_printed_schema_names_every_column_and_its_example_is_accepted(kind: str, tmp_path: Path) -> None:
    text = print_schema(kind)
    for column in TABLES[kind]:
        assert column.name in text
        assert column.doc in text
    example = text.split("example:\n")[1].strip().splitlines()
    required = {c.name for c in TABLES[kind] if c.required}
    assert required <= set(example[0].split(","))
    assert len(example[0].split(",")) == len(example[1].split(","))


def test_no_such_schema() -> None:
    with pytest.raises(UserError, match="workers, households, firms, posts"):
        print_schema("cars")
