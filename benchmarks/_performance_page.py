"""The page of figures: tables in docs/performance.md from the JSON lines that benchmarks printed.

Lives here: which columns a section shows, and the writing of its block. Not here: running (performance).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

Line = dict[str, Any]


class Column(NamedTuple):
    """One column: its heading, the key of the lines, and what the value is multiplied by."""

    heading: str
    key: str
    scale: float = 1.0


class Section(NamedTuple):
    """One block of the page.

    Attributes:
        commands: of each run: the script, then its own arguments. NEW_YORK, DIAL_A_RIDE and TNTP/ are
            shared data, PEERS every interpreter that may have peers, PEER/ the one that has this peer.
        columns: of its table.
    """

    commands: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]


# Published optima of TransportationNetworks; Anaheim's follows from its published flows, hence ten digits.
BEST_OBJECTIVES = {"SiouxFalls": 4231335.28710744, "Anaheim": 1286032.1711, "Winnipeg": 827911.494629963}
_BFW = ("--peer", "PEER/aequilibrae")
_QUICK_PEERS = ("--peers", "embauche,osrm,routingkit")
_ROADS = (
    Column("library", "peer"),
    Column("version", "version"),
    Column("threads", "threads"),
    Column("s", "seconds"),
    Column("ns a pair", "ns_a_pair"),
    Column("ratio", "ratio"),
    Column("order and topology, s", "order_and_topology_s"),
    Column("customise, s", "customise_s"),
    Column("peak MiB", "peak_mib"),
    Column("rel. error", "max_rel_error"),
    Column("sources asked", "asked_sources"),
)
SECTIONS: dict[str, Section] = {
    "step": Section(
        (("step.py",),),
        (
            Column("what", "benchmark"),
            Column("territory", "territory"),
            Column("workers", "workers"),
            Column("persons", "persons"),
            Column("s a week", "week_s"),
            Column("worst", "week_s_worst"),
            Column("s a week, twin", "naive_week_s"),
            Column("s a week, model", "model_week_s"),
            Column("ratio", "ratio"),
            Column("peak MiB", "peak_mib"),
        ),
    ),
    "compile": Section(
        (("compile.py",),),
        (
            Column("the demo's, s", "cold_compile_s"),
            Column("all, s", "cold_compile_all_s"),
            Column("second run, s", "warm_compile_s"),
            Column("kernels", "kernels"),
            Column("not run", "not_run"),
            Column("several signatures", "several_signatures"),
        ),
    ),
    "build": Section(
        (("build.py",),),
        (
            Column("case", "case"),
            Column("nodes", "nodes"),
            Column("s", "seconds"),
            Column("reading it, s", "load_s"),
            Column("peak MiB", "peak_mib"),
            Column("ratio", "ratio"),
        ),
    ),
    "many_to_many": Section((("many_to_many.py", "NEW_YORK", "PEERS"),), _ROADS),
    "many_to_many_5000": Section(
        (
            (
                "many_to_many.py", "NEW_YORK", "--sources", "5000", "--targets", "5000", "--check", "100",
                *_QUICK_PEERS, "PEERS",
            ),
        ),
        _ROADS,
    ),
    "one_to_all": Section(
        (("many_to_many.py", "NEW_YORK", "--one-to-all", "PEERS"),),
        (
            Column("library", "peer"),
            Column("version", "version"),
            Column("threads", "threads"),
            Column("ms a source", "seconds_a_source", 1000),
            Column("ratio", "ratio"),
            Column("peak MiB", "peak_mib"),
            Column("rel. error", "max_rel_error"),
            Column("sources asked", "asked_sources"),
        ),
    ),
    "order": Section(
        (("order.py", "PEERS"),),
        (
            Column("library", "peer"),
            Column("graph", "graph"),
            Column("nodes", "nodes"),
            Column("threads", "threads"),
            Column("order, s", "order_s"),
            Column("topology, s", "topology_s"),
            Column("both, s", "order_and_topology_s"),
            Column("ratio", "ratio"),
            Column("first customisation, s", "customise_first_s"),
            Column("customise, s", "customise_s"),
            Column("peak MiB", "peak_mib"),
        ),
    ),
    "assignment": Section(
        tuple(
            ("assignment.py", f"TNTP/{name}", "--gap", gap, *peer)
            for name in ("SiouxFalls", "Anaheim", "Winnipeg")
            for gap, peer in (("1e-4", _BFW), ("1e-6", _BFW), ("1e-10", ()))
        ),
        (
            Column("network", "network"),
            Column("by", "peer"),
            Column("gap asked", "gap"),
            Column("gap reached", "relative_gap"),
            Column("objective", "objective"),
            Column("off the best", "from_best"),
            Column("rounds", "iterations"),
            Column("s", "seconds"),
            Column("threads", "threads"),
            Column("ratio", "ratio"),
        ),
    ),
    "turns": Section(
        (("turns.py", "PEER/osrm"),),
        (
            Column("extract", "graph"),
            Column("by", "peer"),
            Column("threads", "threads"),
            Column("nodes", "nodes"),
            Column("with turns", "vertices"),
            Column("s", "seconds"),
            Column("ns a pair", "ns_a_pair"),
            Column("ratio", "ratio"),
            Column("times beside OSRM's", "median_ratio_of_times"),
            Column("wrong, tenths", "error_tenths"),
            Column("order and topology, s", "order_and_topology_s"),
            Column("customise, s", "customise_s"),
        ),
    ),
    "timetable": Section(
        (("timetable.py",),),
        (
            Column("case", "case"),
            Column("threads", "threads"),
            Column("stops", "stops"),
            Column("connections", "connections"),
            Column("latest departures, ms", "arrive_by_ms"),
            Column("earliest arrivals, ms", "depart_at_ms"),
            Column("each of many, ms", "batched_ms"),
            Column("places", "places"),
            Column("workplaces", "workplaces"),
            Column("search, s", "search_s"),
            Column("all pairs, s", "pairs_s"),
            Column("over the plain twin", "ratio"),
            Column("peak MiB", "peak_mib"),
        ),
    ),
    "choice": Section(
        (("choice.py",),),
        (
            Column("what", "what"),
            Column("services", "services"),
            Column("weekly dissimilarity", "weekly_dissimilarity"),
            Column("million a second", "million_a_second"),
            Column("two threads", "million_a_second_two_threads"),
            Column("numpy", "million_a_second_numpy"),
            Column("over numpy", "times_numpy"),
            Column("difference", "difference"),
        ),
    ),
    "region": Section(
        (("region.py",),),
        (
            Column("what", "benchmark"),
            Column("communes", "communes"),
            Column("inhabitants", "inhabitants"),
            Column("road nodes", "nodes"),
            Column("build, s", "build_s"),
            Column("of which order, s", "order_s"),
            Column("workers", "workers"),
            Column("workplaces", "workplaces"),
            Column("offers of a week, s", "offers_s"),
            Column("first week, s", "step_s"),
            Column("peak MiB", "peak_mib"),
        ),
    ),
    "dial_a_ride": Section(
        (("dial_a_ride.py", "DIAL_A_RIDE", "--seconds", "30"),),
        (
            Column("instance", "instance"),
            Column("cost", "cost"),
            Column("vehicles", "vehicles"),
            Column("best known", "best_cost"),
            Column("its vehicles", "best_vehicles"),
            Column("gap, %", "gap_pct"),
            Column("insertion alone, %", "insertion_gap_pct"),
            Column("iterations", "iterations"),
        ),
    ),
    "on_demand": Section(
        tuple(
            ("on_demand.py", "--requests", requests, "--vehicles", vehicles, "--seed", "1", *more)
            for requests, vehicles in (("1000", "20"), ("10000", "100"), ("50000", "500"))
            for more in ((), ("--booked", "1", "--improve", "20"))
        ),
        (
            Column("requests", "requests"),
            Column("vehicles", "vehicles"),
            Column("booked before", "booked"),
            Column("requests a s", "requests_per_s"),
            Column("served", "served_share"),
            Column("km a rider", "km_per_served"),
            Column("wait, min", "wait_min"),
            Column("ride, min", "ride_min"),
            Column("faults", "faults"),
        ),
    ),
    "carpool": Section(
        tuple(
            ("carpool.py", "--commuters", commuters, "--seed", "1", "--roles", roles)
            for roles in ("free", "fixed")
            for commuters in ("1000", "10000", "100000")
        ),
        (
            Column("commuters", "commuters"),
            Column("roles", "roles"),
            Column("pairs looked at", "edges"),
            Column("saving, m", "saving_m"),
            Column("bound, m", "bound_m"),
            Column("gap", "gap"),
            Column("s", "seconds"),
            Column("of which candidates", "seconds_candidates"),
        ),
    ),
    "month": Section(
        (("month.py",),),
        (
            Column("persons", "persons"),
            Column("threads", "threads"),
            Column("s a month", "month_s"),
            Column("by service", "month_s_by_service"),
            Column("served in a week", "served_last_week"),
            Column("peak MiB", "peak_mib"),
        ),
    ),
}  # fmt: skip


def figure(value: Any, scale: float = 1.0) -> str:
    """A value as the page shows it: numbers to three figures, more where they count something."""
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, dict):
        return ", ".join(f"{k} {figure(v)}" for k, v in value.items() if v)
    if isinstance(value, int) and scale == 1.0:
        return f"{value:,}"
    if isinstance(value, int | float):
        value = value * scale
        if value == 0 or 0.001 <= abs(value) < 1e4:
            return f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"
        return f"{value:,.2f}" if abs(value) >= 1e4 else f"{value:.1e}"
    return ", ".join(map(str, value))


def verdicts(line: Line) -> str:
    """Every target of a line, and whether it is met."""
    said = []
    for key, limit in line.items():
        name = key.removeprefix("limit_")
        if key.startswith("limit_") and f"pass_{name}" in line:
            said.append(f"{name} ≤ {limit:g}: {'met' if line[f'pass_{name}'] else '**not met**'}")
        name = key.removeprefix("target_")
        if key.startswith("target_") and f"pass_{name}" in line:
            said.append(f"{name} ≥ {limit:g}: {'met' if line[f'pass_{name}'] else '**not met**'}")
    return "; ".join(said)


def judged(line: Line) -> Line:
    """A line of assignment with the issue's targets; every other as it is."""
    if line.get("benchmark") != "assignment" or "network" not in line:
        return line
    line = {"peer": "embauche", **line}
    network, gap = line["network"], line["gap"]
    if network == "Winnipeg" and "ratio" in line:
        least = {1e-4: 12.0, 1e-6: 50.0}[gap]
        line.update(target_ratio=least, pass_ratio=line["ratio"] >= least)
    if "ratio" not in line:
        line.update(limit_relative_gap=gap, pass_relative_gap=line["relative_gap"] <= gap)
    if gap <= 1e-10:
        line["from_best"] = abs(line["objective"] / BEST_OBJECTIVES[network] - 1)
        line.update(limit_from_best=1e-9, pass_from_best=line["from_best"] <= 1e-9)
    return line


def table(lines: Iterable[Line], columns: Iterable[Column]) -> list[str]:
    """A Markdown table of the lines that have figures; columns that no line fills are left out."""
    shown = [line for line in lines if "skipped" not in line]
    columns = list(columns) or [
        Column(key.replace("_", " "), key)
        for key in dict.fromkeys(key for line in shown for key in line)
        if not key.startswith(("limit_", "pass_", "target_")) and key not in ("benchmark", "note")
    ]
    cells = [[figure(line.get(column.key), column.scale) for column in columns] for line in shown]
    cells = [[*row, verdicts(line)] for row, line in zip(cells, shown, strict=True)]
    headings = [*(column.heading for column in columns), "target"]
    keep = [at for at in range(len(headings)) if any(row[at] for row in cells)]
    rows = [[headings[at] for at in keep], ["---"] * len(keep), *([row[at] for at in keep] for row in cells)]
    return ["| " + " | ".join(row) + " |" for row in rows] if keep else []


def block(name: str, run: dict[str, Any] | None) -> str:
    """The text of one section, from its kept run or from none."""
    if run is None:
        return "Not run yet."
    lines = [judged(line) for line in run["lines"]]
    machine, versions = run["machine"], run["versions"]
    said = [
        f"{run['date']}, commit {run['commit']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB; load {run['load']} at the start; "
        + ", ".join(f"{library} {version}" for library, version in versions.items())
        + ".",
        "",
        *table(lines, SECTIONS[name].columns),
    ]
    notes = {str(line["note"]): str(line.get("peer", "")) for line in lines if line.get("note")}
    left_out = [line for line in lines if "skipped" in line]
    skipped = dict.fromkeys((str(line.get("peer", "")), str(line["skipped"])) for line in left_out)
    remarks = [f"- {peer}: {note}." for note, peer in notes.items()]
    remarks += [f"- {who or 'left out'}: {why}." for who, why in skipped]
    remarks += [f"- `{failed}` ended with an error." for failed in run["failed"]]
    return "\n".join([*said, *([""] if remarks else []), *remarks])


def marks(name: str) -> tuple[str, str]:
    """The comments between which a section's block stands."""
    return f"<!-- figures: {name} -->", f"<!-- end: {name} -->"


def rendered(page: str, runs: dict[str, Any]) -> str:
    """The page with every block written anew from the kept runs.

    Raises:
        ValueError: a section that has no marks in the page.
    """
    for name in SECTIONS:
        begin, end = marks(name)
        if page.count(begin) != 1 or page.count(end) != 1:
            raise ValueError(f"docs/performance.md: expected {begin} and {end}, once each")
        head, rest = page.split(begin)
        _, tail = rest.split(end)
        page = f"{head}{begin}\n{block(name, runs.get(name))}\n{end}{tail}"
    return page
