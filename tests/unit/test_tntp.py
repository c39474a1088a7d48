"""TNTP files: what is read, and every fault named with file and line.

Lives here: read_tntp and the benchmark's command line. Not here: the assignment (test_assignment).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embauche.core.errors import UserError
from embauche.routing.tntp import read_tntp

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 4
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 4
<END OF METADATA>

~ init_node term_node capacity length free_flow_time b power speed toll link_type ;
\t1\t3\t100\t2.0\t1.5\t0.15\t4\t60\t0.5\t1\t;
1 4 200 2 2 0.15 4 60 0 1;  ~ a comment
 3  2 100 1 1 0.15 4 60 0 1 ;
4 2 1e2 1 .5 0 0
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 12.5
<END OF METADATA>

Origin \t1
    1 : 0.0;   2 :
""".replace("   2 :\n", "   2 : 12.5;\n")


def _folder(path: Path, net: str = NET, trips: str = TRIPS) -> Path:
    (path / "x_net.tntp").write_text(net)
    (path / "x_trips.tntp").write_text(trips)
    return path


def test_links_and_trips_are_read(tmp_path: Path) -> None:
    case = read_tntp(_folder(tmp_path))
    links = case.links
    assert (links.nodes, links.through, links.first_id) == (4, 2, 1)
    assert links.tail.tolist() == [0, 0, 2, 3]
    assert links.head.tolist() == [2, 3, 1, 1]
    assert links.fixed.tolist() == [1.5, 2.0, 1.0, 0.5]
    np.testing.assert_allclose(links.factor, [1.5 * 0.15 / 1e8, 2 * 0.15 / 200.0**4, 0.15 / 1e8, 0.0])
    pairs = zip(case.origin.tolist(), case.destination.tolist(), case.demand.tolist(), strict=True)
    assert list(pairs) == [(0, 0, 0.0), (0, 1, 12.5)]
    assert case.notes == ()


def test_tolls_and_lengths_count_by_their_factors(tmp_path: Path) -> None:
    net = NET.replace("<END OF", "<TOLL FACTOR> 2\n<DISTANCE FACTOR> 0.1 ~ minutes a mile\n<END OF")
    assert read_tntp(_folder(tmp_path, net)).links.fixed == pytest.approx([1.5 + 1 + 0.2, 2.2, 1.1, 0.6])


def test_a_wrong_total_is_noted(tmp_path: Path) -> None:
    case = read_tntp(_folder(tmp_path, trips=TRIPS.replace("FLOW> 12.5", "FLOW> 99")))
    assert case.notes == ("x_trips.tntp: trips sum to 12.5, <TOTAL OD FLOW> says 99",)


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("<NUMBER OF NODES> 4\n", "", "x_net.tntp:", "<NUMBER OF NODES> is missing"),
        ("NODES> 4", "NODES> 10^3", "x_net.tntp:2:", "<NUMBER OF NODES> is missing or no usable number"),
        ("LINKS> 4", "LINKS> 5", "x_net.tntp:4:", "the number of links is another"),
        ("1 4 200", "1 9 200", "x_net.tntp:9:", "the end node is not one of the file's"),
        ("1 4 200", "1 4 -200", "x_net.tntp:9:", "the capacity is no usable number"),
        ("1 4 200", "1 4 nan", "x_net.tntp:9:", "the capacity is no usable number"),
        ("1 4 200", "1 4 0", "x_net.tntp:9:", "no finite volume-delay function"),
        ("0.15 4 60 0 1;", "0.15 0.5 60 0 1;", "x_net.tntp:9:", "no finite volume-delay function"),
        ("4 2 1e2 1 .5 0 0", "4 2 1e2 1", "x_net.tntp:11:", "a link needs at least seven columns"),
        ("4 2 1e2 1 .5 0 0", "4 2 1e2 1 x 0 0", "x_net.tntp:11:", "the free flow time is no usable number"),
        ("THRU NODE> 3", "THRU NODE> x", "x_net.tntp:3:", "<FIRST THRU NODE> is missing or no usable"),
        ("Origin \t1", "Origin 5", "x_trips.tntp:5:", "the origin is not one of the file's"),
        ("Origin \t1", "Origin", "x_trips.tntp:5:", "the origin is not one of the file's"),
        ("Origin \t1\n", "", "x_trips.tntp:5:", "trips stand before the first origin"),
        ("2 : 12.5", "7 : 12.5", "x_trips.tntp:6:", "the destination is not one of the file's"),
        ("2 : 12.5", "2 : -12.5", "x_trips.tntp:6:", "the number of trips is no usable number"),
        ("2 : 12.5", "2   12.5", "x_trips.tntp:6:", "no pair of destination and trips"),
        ("<NUMBER OF ZONES> 2\n<TOTAL", "<NUMBER OF ZONES> 9\n<TOTAL", "x_trips.tntp:1:", "more zones"),
    ],
)
def test_faults_are_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, where: str, what: str
) -> None:
    assert old in NET + TRIPS
    with pytest.raises(UserError) as error:
        read_tntp(_folder(tmp_path, NET.replace(old, new), TRIPS.replace(old, new)))
    assert where in str(error.value)
    assert what in str(error.value)
    assert all(p.found and p.expected and p.fix for p in error.value.problems)


def test_faults_of_both_files_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        read_tntp(_folder(tmp_path, NET.replace("1 4 200", "1 4 x"), TRIPS.replace("12.5;", "y;")))
    assert {p.file.name for p in error.value.problems} == {"x_net.tntp", "x_trips.tntp"}  # type: ignore[union-attr]


def test_a_folder_without_the_files_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"one file that ends in _net.tntp"):
        read_tntp(tmp_path)
    with pytest.raises(UserError, match="no such folder"):
        read_tntp(tmp_path / "none")
    _folder(tmp_path)
    (tmp_path / "y_trips.tntp").write_text(TRIPS)
    with pytest.raises(UserError, match=r"x_trips.tntp, y_trips.tntp"):
        read_tntp(tmp_path)


@given(st.data())
def test_a_mutated_file_is_read_or_refused_by_name(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Cut, doubled or overwritten anywhere: a Tntp or a UserError, never another exception."""
    text = data.draw(st.sampled_from([NET, TRIPS]))
    at = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 30))
    junk = data.draw(st.text(alphabet="0123456789.-+e:;~<>\n\t Oxn²٣\x00", max_size=12))
    bad = text[:at] + junk + text[at + length :]
    folder = tmp_path_factory.mktemp("tntp")
    try:
        case = read_tntp(_folder(folder, *((bad, TRIPS) if text is NET else (NET, bad))))
    except UserError as error:
        told = [p.file for p in error.problems]
    else:
        told = [case]
        assert np.isfinite(case.links.fixed).all()
        assert (case.demand >= 0).all()
    assert all(told)


def test_the_benchmark_prints_one_line_with_its_keys(repository: Path, tmp_path: Path) -> None:
    script = str(repository / "benchmarks" / "assignment.py")
    done = subprocess.run(
        [sys.executable, script, str(_folder(tmp_path)), "--gap", "1e-8"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    figures = json.loads(line)
    assert {"objective", "relative_gap", "iterations", "seconds"} <= set(figures)
    assert figures["relative_gap"] <= 1e-8
    refused = subprocess.run(
        [sys.executable, script, str(tmp_path / "none")], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "no such folder" in refused.stderr
    assert "Traceback" not in refused.stderr
