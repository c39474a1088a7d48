"""Indicators against the same figures worked out plainly with pandas, and a case worked out by hand.

Not here: intervals (test_compare).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from embauche.analysis.indicators import table
from embauche.analysis.indicators_builder import Builder, histogram_quantile
from embauche.analysis.indicators_catalogue import CATALOGUE, DIMENSIONS, SERIES
from embauche.analysis.indicators_rows import finish
from embauche.core import outputs
from embauche.core.ledger import Ledger, Operations, operator
from embauche.core.results import Result
from embauche.core.table import Table
from embauche.population.schemas import SECTORS
from helpers_results import CATALOGUE as SHIFTS
from helpers_results import NAMES, SERVICES, text, write_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return write_run(tmp_path_factory.mktemp("runs") / "run", seeds=(7,), weeks=6, people=900)


@pytest.fixture(scope="module")
def plain(run: Result) -> dict[str, pd.DataFrame]:
    """All weekly tables joined with who and what, the slow way."""
    people = run.table("people", 7).set_index("worker_id")
    posts = run.table("posts", 7).set_index("post_id")
    workers = run.table("workers", 7).join(people, on="worker_id")
    trips = run.table("trips", 7).join(people, on="worker_id").join(posts[["shift"]], on="post_id")
    return {
        "people": people,
        "posts": posts,
        "workers": workers[~workers["external"]],
        "everyone": workers,
        "trips": trips[~trips["external"]],
        "hires": run.table("hires", 7).join(posts.add_suffix("_post"), on="post_id"),
        "vacancies": run.table("vacancies", 7),
    }


def figure(
    run: Result, key: str, dimension: str = "all", group: str = "all", statistic: str = "value"
) -> float:
    f = run.indicators
    rows = f[(f["indicator"] == key) & (f["dimension"] == dimension) & (f["group"] == group)]
    rows = rows[(rows["statistic"] == statistic) & (rows["week"] == -1)]
    assert len(rows) == 1, (key, dimension, group, statistic)
    return float(rows["value"].iloc[0])


def test_every_row_is_in_the_catalogue_with_its_unit(run: Result) -> None:
    f = run.indicators
    assert set(f["indicator"]) == set(CATALOGUE)
    assert set(f["dimension"]) <= set(DIMENSIONS)
    assert (f["unit"] == f["indicator"].map({k: i.unit for k, i in CATALOGUE.items()})).all()
    assert np.isfinite(f["value"]).all()
    assert not f.duplicated(["week", "indicator", "dimension", "group", "statistic"]).any()
    series = f[f["week"] >= 0]
    assert set(series["indicator"]) == set(SERIES)
    assert (series.groupby("indicator")["week"].count() == 6).all()


def test_trainees_are_counted_by_domain_and_measure(run: Result) -> None:
    """Each of six made-up weeks starts a course of 12 seats with ten trainees, and two immersions."""
    assert figure(run, "training_started") == 60
    assert figure(run, "training_started", "domain", "chemistry_process") == 60
    assert figure(run, "training_started", "measure", "immersion: ordinary") == 12
    assert figure(run, "training_fill_rate", "measure", "course: region") == pytest.approx(10 / 12)
    assert figure(run, "training_present") == 10
    assert figure(run, "training_declined_way") == 30


def test_hires_by_channel_add_up_and_attraction_falls_with_distance(run: Result) -> None:
    f = run.indicators
    hires = f[f["indicator"] == "hires_channel"]
    assert set(hires["dimension"]) == {"channel"}
    assert hires["value"].sum() > 0
    assert figure(run, "apply_share", "km", "00") == pytest.approx(0.4)
    assert figure(run, "apply_share", "km", "10") == pytest.approx(0.05)


def test_ends_of_jobs_are_counted_by_cause_and_production_lost_by_firm(run: Result) -> None:
    """Each made-up week five jobs end, three of them for the way there, and each firm loses 500 EUR."""
    assert figure(run, "job_ends_week") == 5
    assert figure(run, "job_ends_week", "cause", "quit_transport") == 3
    assert figure(run, "job_ends_week", "cause", "contract_end") == 1
    assert figure(run, "quits_transport_week") == 3
    assert figure(run, "quits_transport_share") == 0.75
    assert figure(run, "job_weeks", statistic="mean") == 20
    firms = run.table("posts", 7).drop_duplicates("firm_id")
    inside = firms[~firms["external"]]
    assert figure(run, "production_lost_eur_week") == 500 * len(inside)
    for sector, mine in inside.groupby("sector"):
        got = figure(run, "production_lost_eur_week", "sector", SECTORS[int(sector)])
        assert got == 500 * len(mine)


def test_requests_and_refusals_are_counted_by_service(run: Result) -> None:
    """Each made-up week asks the shuttle three times: once served after four minutes, twice refused."""
    for dimension, group in (("all", "all"), ("service", "shuttle")):
        assert figure(run, "requests_week", dimension, group) == 3
        assert figure(run, "served_share", dimension, group) == pytest.approx(1 / 3)
        assert figure(run, "refusals_week", dimension, group) == 2
        assert figure(run, "wait_min_served", dimension, group) == 4
    assert figure(run, "refusals_week", "service_reason", "shuttle: full") == 2
    assert figure(run, "fallbacks_week", "service_fallback", "shuttle: car") == 1


def test_catalogue_has_words_in_both_languages() -> None:
    for known in CATALOGUE.values():
        assert known.fr
        assert known.en
        assert known.doc
        assert known.better in (-1, 0, 1)


@pytest.mark.parametrize("group", ["A", "B"])
def test_unemployment_by_epci(run: Result, plain: dict[str, pd.DataFrame], group: str) -> None:
    w = plain["workers"]
    w = w[w["epci"] == group]
    seek, jobs = (w["status"] == 1).sum(), (w["post_id"] >= 0).sum()
    assert figure(run, "unemployment_rate", "epci", group) == pytest.approx(seek / (seek + jobs))
    assert figure(run, "residents_employed", "epci", group) == pytest.approx(jobs / 6)


def test_posts_by_shift_and_sector(run: Result, plain: dict[str, pd.DataFrame]) -> None:
    w = plain["everyone"]
    held = w[w["post_id"] >= 0].join(plain["posts"].add_suffix("_post"), on="post_id")
    held = held[~held["external_post"]]
    open_ = plain["vacancies"]
    open_ = open_[~open_["filled"] & ~open_["external"]]
    assert figure(run, "posts_filled") == pytest.approx(len(held) / 6)
    last = held[held["week"] >= 2]
    assert figure(run, "posts_filled_end") == pytest.approx(len(last) / 4)
    for row, name in ((2, "two_by_eight"), (5, "night")):
        filled, vacant = (held["shift_post"] == row).sum(), (open_["shift"] == row).sum()
        assert figure(run, "vacancy_rate", "shift", name) == pytest.approx(vacant / (vacant + filled))
        assert figure(run, "posts_vacant", "shift", name) == pytest.approx(vacant / 6)
    assert figure(run, "posts_filled", "sector", "industry") == pytest.approx(
        (held["sector_post"] == 1).sum() / 6
    )


@pytest.mark.parametrize("weeks", [1, 3, 4, 5])
def test_end_of_the_run_is_its_last_four_weeks_or_all_of_a_shorter_one(tmp_path: Path, weeks: int) -> None:
    run = write_run(tmp_path / "run", seeds=(7,), weeks=weeks, people=300)
    people = run.table("people", 7).set_index("worker_id")
    posts = run.table("posts", 7).set_index("post_id")["external"]
    w = run.table("workers", 7).join(people[["external", "sex"]], on="worker_id")
    w = w[(w["post_id"] >= 0) & (w["week"] >= weeks - 4)]
    last = min(weeks, 4)
    mine = w[~w["external"]]
    assert figure(run, "residents_employed_end") == pytest.approx(len(mine) / last)
    women = (mine["sex"] == 1).sum()
    assert figure(run, "residents_employed_end", "sex", "woman") == pytest.approx(women / last)
    assert figure(run, "posts_filled_end") == pytest.approx((~w["post_id"].map(posts)).sum() / last)


def test_flows_over_the_border(run: Result, plain: dict[str, pd.DataFrame]) -> None:
    w = plain["everyone"]
    w = w[w["post_id"] >= 0].join(plain["posts"].add_suffix("_post"), on="post_id")
    assert figure(run, "in_commuters") == pytest.approx((w["external"] & ~w["external_post"]).sum() / 6)
    assert figure(run, "out_commuters") == pytest.approx((~w["external"] & w["external_post"]).sum() / 6)
    mine = w[~w["external"]]
    away = (mine["commune"] != mine["commune_post"]).mean()
    assert figure(run, "outside_commune_share") == pytest.approx(away)


def weighted_quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulative, share * cumulative[-1])])


@pytest.mark.parametrize(
    ("dimension", "group", "column", "code"),
    [("all", "all", None, None), ("sex", "woman", "sex", 1), ("shift", "day", "shift", 0),
     ("window", "night", "window", 4), ("apprentice", "apprentice", "apprentice", True)],
)  # fmt: skip
def test_commutes(
    run: Result, plain: dict[str, pd.DataFrame], dimension: str, group: str, column: str | None, code: int
) -> None:
    t = plain["trips"]
    if column is not None:
        t = t[t[column] == code]
    made = t[t["service"] >= 0]
    n = made["tours"].to_numpy(float)
    minutes = (made["out_min"].astype(float) + made["back_min"]).to_numpy()
    for key, values, width in (
        ("min", minutes, 0.1),
        ("km", made["km"].to_numpy(float), 0.1),
        ("eur", made["eur_cents"].to_numpy() / 100, 0.01),
        ("co2", made["co2_g"].to_numpy(float) / 1000, 0.01),
    ):
        mean = figure(run, f"commute_{key}_tour", dimension, group, "mean")
        assert mean == pytest.approx((values * n).sum() / n.sum())
        for statistic, share in (("median", 0.5), ("p90", 0.9)):
            found = figure(run, f"commute_{key}_tour", dimension, group, statistic)
            # Between neighbours a quantile may stand anywhere; so the shares below it are compared.
            below = n[values < found - width].sum() / n.sum()
            under = n[values <= found + width].sum() / n.sum()
            assert below <= share <= under, (key, statistic, below, under)
    due = t["tours"].sum()
    missed = t.loc[t["service"] < 0, "tours"].sum()
    assert figure(run, "missed_share", dimension, group) == pytest.approx(missed / due)
    assert figure(run, "late_share", dimension, group) == pytest.approx(made["late"].sum() / n.sum())


def test_weeks_of_workers(run: Result, plain: dict[str, pd.DataFrame]) -> None:
    t = plain["trips"]
    t = t[t["service"] >= 0]
    week = (t["km"] * t["tours"]).groupby([t["week"], t["worker_id"]]).sum()
    assert figure(run, "commute_km_week", statistic="mean") == pytest.approx(week.mean(), rel=1e-6)
    median = figure(run, "commute_km_week", statistic="median")
    assert median == pytest.approx(week.median(), rel=0.02)


def test_mode_shares(run: Result, plain: dict[str, pd.DataFrame]) -> None:
    t = plain["trips"]
    for key, made in (
        ("mode_share", t[t["service"] >= 0]),
        ("mode_share_under_5km", t[(t["service"] >= 0) & (t["km"] < 10)]),
    ):
        total = made["tours"].sum()
        for row, name in enumerate(SERVICES):
            share = made.loc[made["service"] == row, "tours"].sum() / total
            assert figure(run, key, "service", name) == pytest.approx(share)


def test_hires(run: Result, plain: dict[str, pd.DataFrame]) -> None:
    h, posts = plain["hires"], plain["posts"]
    mine = h[~h["external_post"] & (h["worker_id"] >= 0)]
    left = mine["from_post_id"].map(posts["external"])  # NaN where no post was left
    moved_inside = (mine["from_post_id"] >= 0) & (left == False)  # noqa: E712
    assert figure(run, "hires_gross") == len(mine)
    assert figure(run, "hires_net") == len(mine) - moved_inside.sum()
    assert figure(run, "hires_job_to_job") == (mine["from_post_id"] >= 0).sum()
    assert figure(run, "weeks_to_fill", statistic="mean") == pytest.approx(mine["weeks_open"].mean())
    expected = np.sort(mine["weeks_open"])[int(np.ceil(len(mine) * 0.9)) - 1]
    assert figure(run, "weeks_to_fill", statistic="p90") == expected


def test_jobs_in_reach(run: Result) -> None:
    a = run.table("access", 7)
    rows = a[~a["car"] & (a["minutes"] == 45)]
    total = rows.groupby("commune").agg(persons=("persons", "first"), jobs=("jobs", "sum"))
    mean = (total["persons"] * total["jobs"]).sum() / total["persons"].sum()
    assert figure(run, "jobs_reach_no_car_45") == pytest.approx(mean)
    assert figure(run, "jobs_reach_no_car_45", "commune", "80002") == pytest.approx(
        total.loc["80002", "jobs"]
    )
    night = rows[rows["window"] == 4]
    by_hand = (night["persons"] * night["jobs"]).sum() / night["persons"].sum()
    assert figure(run, "jobs_reach_no_car_45", "window", "night") == pytest.approx(by_hand)


def test_row_order_of_people_and_posts_does_not_matter(run: Result) -> None:
    people, posts, access = (run.columns(n, 7) for n in ("people", "posts", "access"))

    def rows(shuffle: bool) -> Table:
        rng = np.random.default_rng(0)
        p, q = (t.take(rng.permutation(len(t))) if shuffle else t for t in (people, posts))
        builder = Builder(p, q, NAMES["services"], NAMES["windows"], NAMES["shifts"])
        for _, tables in run.week_tables(7):
            builder.add_week(tables)
        return table("x", 7, finish(builder, access))

    a, b = rows(False), rows(True)
    np.testing.assert_array_equal(a.group, b.group)
    np.testing.assert_allclose(a.value, b.value, rtol=1e-12)


def test_histogram_quantile() -> None:
    counts = np.array([0.0, 4.0, 0.0, 4.0])
    assert histogram_quantile(counts, 0.5, 1.0) == 2.0  # all of the lower half lies in bin 1
    assert histogram_quantile(counts, 0.75, 1.0) == 3.5
    assert np.isnan(histogram_quantile(np.zeros(3), 0.5, 1.0))


def test_by_hand(tmp_path: Path) -> None:
    """Two residents and one in-commuter, one week, every figure in the head.

    Ann (woman, no car) takes the bus: 5 tours of 30 + 40 min, 20 km, 2 EUR, 2 kg; one of them late.
    Bob (man, car) holds a post outside: 4 tours by car of 20 + 20 min, 30 km, 4.80 EUR, 4.26 kg, and
    misses one.
    Eve lives outside and holds post 2. Post 3 stays open, for 6 weeks now. Dan (resident) is unemployed.
    """
    people = Table.make(
        outputs.PEOPLE,
        {
            "worker_id": [1, 2, 3, 4], "commune": text(["a", "a", "b", "x"]),
            "epci": text(["E", "E", "E", ""]),
            "external": [False, False, False, True], "sex": [1, 0, 0, 1], "age": [20, 30, 60, 40],
            "licence": [False, True, True, True], "household_cars": [0, 1, 1, 1],
            "apprentice": [False] * 4, "skill": [0] * 4, "quintile": [3] * 4,
        },
    )  # fmt: skip
    posts = Table.make(
        outputs.POSTS,
        {
            "post_id": [10, 11, 12, 13], "firm_id": [1, 9, 1, 1], "commune": text(["a", "x", "b", "b"]),
            "epci": text(["E", "", "E", "E"]), "external": [False, True, False, False],
            "sector": [1, 1, 1, 3],
            "size_class": [2, 2, 2, 2], "skill": [0] * 4, "shift": [0, 0, 5, 5], "contract": [0] * 4,
        },
    )  # fmt: skip
    builder = Builder(people, posts, ("bus", "car"), NAMES["windows"], [s.name for s in SHIFTS.shifts])
    week = {
        "workers": Table.make(
            outputs.WORKERS,
            {
                "week": [0] * 4, "worker_id": [1, 2, 3, 4], "status": [2, 2, 1, 2],
                "post_id": [10, 11, -1, 12], "spell_weeks": [1] * 4, "searched": [False] * 4,
                "applications": [0] * 4, "declined_transport": [False, False, True, False],
            },
        ),
        "firms": Table.empty(outputs.FIRMS),
        "vacancies": Table.make(
            outputs.VACANCIES,
            {
                "week": [0], "post_id": [13], "firm_id": [1], "opening": [0], "weeks_open": [6],
                "commune": text(["b"]), "external": [False], "sector": [3], "size_class": [2], "skill": [0],
                "shift": [5], "wage_cents": [150000], "applications": [0], "filled": [False],
            },
        ),
        "trips": Table.make(
            outputs.TRIPS,
            {
                "week": [0] * 3, "worker_id": [1, 2, 2], "post_id": [10, 11, 11], "window": [0, 0, 0],
                "service": [0, 1, -1], "tours": [5, 4, 1], "late": [1, 0, 0], "out_min": [30, 20, 0],
                "back_min": [40, 20, 0], "km": [20, 30, 0], "eur_cents": [200, 480, 0],
                "co2_g": [2000, 4260, 0],
            },
        ),
        "hires": Table.make(
            outputs.HIRES,
            {
                "week": [0], "worker_id": [4], "post_id": [12], "firm_id": [1], "opening": [0],
                "from_post_id": [13], "weeks_open": [3], "wage_cents": [150000],
            },
        ),
    }  # fmt: skip
    books, done = Ledger(), Operations()
    books.pay("bus", "net", "user", operator("bus", "net"), "fare", 10_00, "a")
    books.pay("bus", "net", operator("bus", "net"), "supplier", "vehicles", 60_01)
    books.pay("bus", "net", operator("bus", "net"), "staff", "drivers", 27_00)
    books.pay("car", "", "user", "supplier", "driving", 19_20, "x")
    books.settle(lambda *_: {"authority:A": 2.0, "region": 1.0})
    done.add("bus", "net", driver_min=90, km_with=40, km_empty=10, co2_g=60_000)
    done.add("bus", "net", "a", trips=10, passenger_km=100)
    done.add("bus", "net", "b", trips=2, passenger_km=50)
    done.add("car", "", "x", trips=8, passenger_km=120, km_with=120, co2_g=17_040)
    week |= {"ledger": books.table(0), "operations": done.table(0), "events": Table.empty(outputs.EVENTS)}
    builder.add_week(week)
    rows = finish(builder, Table.empty(outputs.ACCESS))
    found = {r[1:5]: r[5] for r in rows if r[0] == -1}

    def one(key: str, dimension: str = "all", group: str = "all", statistic: str = "value") -> float:
        return found[key, dimension, group, statistic]

    assert one("posts_filled") == 2  # 10 and 12; 11 is outside
    assert one("vacancy_rate") == pytest.approx(1 / 3)
    assert one("vacancy_rate", "shift", "night") == pytest.approx(1 / 2)
    assert one("unemployment_rate") == pytest.approx(1 / 3)  # Dan of Ann, Bob, Dan
    assert one("unemployment_rate", "car", "no_car") == 0
    assert one("in_commuters") == 1
    assert one("out_commuters") == 1
    assert one("outside_commune_share") == pytest.approx(1 / 2)  # Bob of Ann and Bob
    assert one("commute_min_tour", statistic="mean") == pytest.approx((5 * 70 + 4 * 40) / 9)
    assert one("commute_min_tour", "sex", "woman", "mean") == 70
    assert one("commute_km_week", statistic="mean") == pytest.approx((100 + 120) / 2)
    assert one("commute_eur_tour", statistic="mean") == pytest.approx((5 * 2 + 4 * 4.8) / 9)
    assert one("commute_co2_week", statistic="mean") == pytest.approx((10 + 17.04) / 2)
    assert one("mode_share", "service", "bus") == pytest.approx(5 / 9)
    assert one("missed_share") == pytest.approx(1 / 10)
    assert one("late_share") == pytest.approx(1 / 9)
    assert one("hires_gross") == 1
    assert one("hires_net") == 0  # Eve left post 13 open
    assert one("weeks_to_fill", statistic="median") == 3
    assert one("weeks_vacant", statistic="mean") == 6
    assert one("declined_transport") == 1
    assert one("public_cost_eur_week") == 77.01
    assert one("public_cost_eur_week", "service", "bus") == 77.01
    assert one("public_cost_eur_week", "commune", "a") == 51.34  # two thirds of the kilometres ridden
    assert one("public_cost_eur_week", "commune", "b") == 25.67
    assert one("public_cost_eur_week", "epci", "E") == 77.01
    assert one("paid_eur_week", "payer", "authority:A") == 51.34
    assert one("paid_eur_week", "payer", "region") == 25.67
    assert one("paid_eur_week", "payer", "user") == 29.20
    assert one("paid_eur_week", "service_payer", "car/user") == 19.20
    assert one("service_cost_eur_week", "service", "bus") == 87.01
    assert one("fares_eur_week") == 10
    assert one("driver_hours_week", "service", "bus") == 1.5
    assert one("co2_g_per_vehicle_km", "service", "bus") == 1200
    assert one("cost_per_trip_eur", "service", "bus") == pytest.approx(87.01 / 12)
    assert one("public_cost_per_passenger_km_eur", "service", "bus") == pytest.approx(77.01 / 150)
    assert one("co2_kg_week", "commune", "x") == pytest.approx(17.04)
    assert one("trips_week", "epci", "outside") == 8


def test_weeks_without_hires_trips_or_vacancies(run: Result) -> None:
    people, posts = run.columns("people", 7), run.columns("posts", 7)
    builder = Builder(people, posts, NAMES["services"], NAMES["windows"], NAMES["shifts"])
    empty = {s.name: Table.empty(s) for s in outputs.WEEKLY}
    builder.add_week(empty)
    for _, tables in run.week_tables(7):
        builder.add_week(tables)
    builder.add_week(empty)
    rows = finish(builder, Table.empty(outputs.ACCESS))
    found = {r[1:5]: r[5] for r in rows if r[0] == -1}
    key = ("commute_min_tour", "all", "all", "mean")
    assert found[key] == pytest.approx(figure(run, *key))
    assert found["hires_gross", "all", "all", "value"] == figure(run, "hires_gross")
