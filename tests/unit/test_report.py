"""The report: self-contained, both languages, says what it must and only what the intervals allow.

Not here: figures themselves (test_indicators, test_compare).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import shapely

from embauche.analysis.compare import compare
from embauche.core.errors import UserError
from embauche.core.messages import MESSAGES
from embauche.core.results import COMMUNE_FILE
from embauche.core.table import Table
from embauche.output import figures, maps, words
from embauche.output.page import Page
from embauche.output.report import html, write_report
from embauche.territory.schemas import COMMUNES
from helpers_results import text, write_run

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Reader(HTMLParser):
    """Checks that tags close in order and collects what would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.unnamed = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        for name in ("src", "href"):
            value = given.get(name)
            if value and not value.startswith("#"):
                self.fetched.append(value)
        if tag == "svg" and "aria-label" not in given and given.get("aria-hidden") != "true":
            self.unnamed += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag


def communes(folder: Path) -> None:
    """Three square communes and a pole outside."""
    codes = ("80001", "80002", "76001", "X-OUT")
    squares = [shapely.box(1.5 + 0.1 * k, 50.0, 1.6 + 0.1 * k, 50.1).wkb for k in range(3)]
    n = len(codes)
    geometry = np.empty(n, object)
    geometry[:] = [*squares, b""]
    columns = {c.name: np.zeros(n) for c in COMMUNES}
    columns |= {c.name: text([""] * n) for c in COMMUNES if c.dtype == "str"}
    columns |= {
        "code": text(codes), "name": text(("Eu", "Mers", "L'Île <& Cie>", "Rouen")), "geometry": geometry,
        "epci": text(("A", "A", "B", "")), "epci_name": text(("CC A", "CC A", "CC B", "")),
        "external": np.array([False] * 3 + [True]), "lon": np.array([1.55, 1.65, 1.75, 1.0]),
        "lat": np.array([50.05] * 3 + [49.5]),
    }  # fmt: skip
    Table.make(COMMUNES, columns).write(folder / COMMUNE_FILE)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    base = tmp_path_factory.mktemp("runs")
    burn = {"burn_in": {str(s): {"passed": s != 2, "weeks": 30} for s in (1, 2, 3)},
            "epcis": {"A": "CC A", "B": "CC B"}}  # fmt: skip
    a = write_run(base / "a", "baseline", seeds=(1, 2, 3), extra=burn)
    b = write_run(base / "b", "policy", seeds=(1, 2, 3), gain=0.06, cost=6000.0, extra=burn)
    c = write_run(base / "c", "nothing", seeds=(1, 2, 3), cost=5000.0, extra=burn)
    communes(a.folder)
    return [a.folder, b.folder, c.folder]


def check(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert reader.fetched == []
    assert reader.unnamed == 0
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert len(page.encode()) < 2_000_000
    return reader


def test_comparison_report(folders: list[Path], tmp_path: Path) -> None:
    found = compare(folders, tmp_path / "out")
    page = html(found, "fr")
    check(page)
    for part in ("La réponse en cinq lignes", "The answer in five lines", "Solde net", "Net balance",
                 "non distinguable de zéro", "not distinguishable from none", "stylis", "Licence Ouverte 2.0",
                 "L&#39;Île &lt;&amp; Cie&gt;", "Rouen", "CC B", "commute.vot_eur_h", "20,0"[:2],
                 "Départ non stationnaire pour 1 tirage(s) sur 3",
                 "Sur vingt lignes sans aucun effet", "Of twenty lines without any effect",
                 "More residents in work at the end: ",
                 "Résidents en emploi de plus en fin de période : "):  # fmt: skip
        assert part in page, part
    assert "nan" not in re.sub(
        r"<script.*?</script>|[\w-]*nan[\w-]+|[\w-]+nan[\w-]*", "", page.lower(), flags=re.S
    )
    # A policy that costs 4,000 more and changes nothing must not be given a cost per post.
    assert found.costs[1].eur_per_post_week is None
    assert found.costs[0].eur_per_post_week is not None
    each = words.quantity(found.costs[0].eur_per_post_week, "EUR", "en")
    assert f"That is {each} a week" in page
    assert html(tmp_path / "out", "fr") == page  # from the folder, the same page


def test_same_page_whatever_the_time(folders: list[Path]) -> None:
    assert html(folders[0]) == html(folders[0])


def test_report_of_one_run(folders: list[Path], tmp_path: Path) -> None:
    path = write_report(folders[0], tmp_path / "deep" / "report.html", "en")
    page = path.read_text(encoding="utf-8")
    check(page)
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "The situation" in page
    assert "What changes" not in page


def test_report_without_communes_has_no_map(folders: list[Path]) -> None:
    page = html(folders[1], "fr")
    check(page)
    assert "Carte par commune" not in page


def test_hires_of_a_season_are_told_under_their_chart(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    says = {"fr": "Pics de septembre", "en": "Peaks in September"}
    assert not any(said in html(folders[0]) for said in says.values())  # nobody signed an apprenticeship
    level = Page.level
    monkeypatch.setattr(
        Page,
        "level",
        lambda page, run, key, *x, **y: (
            9.0 if key == "apprentice_contracts" else level(page, run, key, *x, **y)
        ),
    )
    page = html(folders[0])
    check(page)
    for said in says.values():
        assert page.count(said) == 1


def test_one_seed(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", "baseline", seeds=(1,))
    b = write_run(tmp_path / "b", "policy", seeds=(1,), gain=0.05)
    page = html(compare([a, b]), "en")
    check(page)
    assert "one seed" in page
    assert "[–" not in page


def test_wrong_source_or_language(tmp_path: Path, folders: list[Path]) -> None:
    with pytest.raises(UserError):
        html(tmp_path)
    with pytest.raises(UserError, match="language"):
        html(folders[0], "de")


def test_every_message_has_both_languages_and_the_same_braces() -> None:
    for key, (fr, en) in MESSAGES.items():
        assert fr, key
        assert en, key
        assert set(re.findall(r"{(\w+)}", fr)) == set(re.findall(r"{(\w+)}", en)), key


@pytest.mark.parametrize(
    ("value", "unit", "fr", "en"),
    [(0.1397, "share", "14,0", "14.0"), (27115.4, "posts", "27\u202f115", "27,115"), (0.0, "min", "0", "0"),
     (-0.03, "posts", "0,0", "0.0"), (-3.26, "posts", "−3,3", "−3.3"),
     (0.0042, "km", "0,0042", "0.0042"), (float("nan"), "km", "–", "–")],
)  # fmt: skip
def test_numbers(value: float, unit: str, fr: str, en: str) -> None:
    assert words.number(value, unit, "fr") == fr
    assert words.number(value, unit, "en") == en
    if value > 0:
        assert words.number(value, unit, "en", signed=True) == f"+{en}"


def test_ticks_are_told_apart() -> None:
    assert words.ticks([0.1395, 0.14, 0.1405], "share", "en") == ["13.95", "14.00", "14.05"]
    assert figures.nice_ticks(0.0, 1.0) == [0.0, 0.5, 1.0]


def test_classes_of_a_difference_are_symmetric() -> None:
    bounds = maps.classes(np.array([-1.0, 0.0, 4.0, np.nan]), True)
    assert bounds == [-b for b in reversed(bounds)]
    assert maps.classes(np.zeros(4), True) == []
    shape = maps.Outlines(dict.fromkeys("abc", ""), dict(zip("abc", "ABC", strict=True)), (), 9.0, "")
    differences, sure = {"a": -0.8, "b": 0.0, "c": 0.9}, dict.fromkeys("abc", True)
    for lang in ("fr", "en"):
        drawn = maps.choropleth(
            shape, differences, sure, "x", lambda v, lang=lang: words.quantity(v, "posts", lang, signed=True),
            "-",
        )  # fmt: skip
        assert not re.search(r"[\u2212+-]0[,.]0\b", drawn)
        legend = re.findall(r"</span>(.*?)</li>", drawn)
        assert legend[3] == words.quantity(0.0001, "posts", lang, signed=True)
    assert maps.classes(np.array([np.nan]), False) == []


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_browser_draws_it_without_a_word(folders: list[Path], tmp_path: Path) -> None:
    path = write_report(folders[0], tmp_path / "report.html")
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
         f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={tmp_path / 'page.png'}", path.as_uri()],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (tmp_path / "page.png").stat().st_size > 10_000
    assert "CONSOLE" not in done.stderr
