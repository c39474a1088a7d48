"""docs/validation.md from docs/validation.json: the split, the model's figures beside published ones, flows.

Lives here: the page. Not here: simulating (run), fitting (fit), published figures (validation_targets).

    python experiments/02_validation/page.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from embauche.analysis.validation_targets import STAGES, TARGETS, Target, verdict

DOCS = Path(__file__).parents[2] / "docs"
FIGURES, PAGE = DOCS / "validation.json", DOCS / "validation.md"
SAMPLES = (("in sample", "cpc", "in_sample"), ("out of sample", "cpc_out_of_sample", "out_of_sample"))
HEAD = """# Validation

The model beside published figures. `python experiments/02_validation/run.py` simulates and writes this page;
`tests/validation` asserts the bounds and names the sources. Embedded territories have stylised roads and
timetables: figures of a real territory differ.

## The split
*Fitted, in stages:*
"""
SPLIT = """
*Everything else is only compared.* No parameter is moved to meet it. A miss is said, with size and reason.

The split was written down before any fit, but for four parameters that were added to its last stage while
fitting: `contracts.agency_end`, `quits.base` (not moved in the end), `demography.leave_adult` and
`demography.leave_senior`. What is fitted *on* was not changed. Values were chosen from about two dozen
runs of seeds that are not reported; `experiments/02_validation/fit.py` does the same stages by itself (a
stage at a time, hours on two cores). Of the mode constants only that of transit was moved with Grand
Artois. What shows that a figure can be met, not that it is predicted: the season of apprentices
(`apprentices.*`) was set on the share of jobs and the share of broken contracts; `search.on_the_job` was
raised sixfold, from memory of how many in work look for another post, after hires of people who left
another post had been seen to be a twelfth of all (with `contracts.cdi_as_cdd`, which keeps the share of
fixed-term posts).
"""


def _figure(value: float) -> str:
    return "-" if value != value else f"{value:.3g}"


def _row(target: Target, figures: dict[str, Any]) -> str:
    got = figures.get(target.name)
    published = _figure(target.low) + ("" if target.low == target.high else f" to {_figure(target.high)}")
    if got is None:
        return f"| {target.words} | {published} | | | {target.unit} | not yet | {target.source} |"
    mean = float("nan") if got["mean"] is None else got["mean"]
    between = "" if got["low"] is None else f"{_figure(got['low'])} to {_figure(got['high'])}"
    said = verdict(target, mean)
    return (
        f"| {target.words} | {published} | {_figure(mean)} | {between} | {target.unit} | {said} "
        f"| {target.source} |"
    )


def _table(targets: list[Target], figures: dict[str, Any]) -> list[str]:
    head = "| what | published | model | 95 % of seeds' mean | unit | | source |"
    return [head, "|---|---|---|---|---|---|---|", *(_row(t, figures) for t in targets), ""]


def _flows(flows: dict[str, Any]) -> list[str]:
    lines = [
        "## Commuting flows from their margins",
        "Common part of commuters (CPC) over flows between different zones, by `benchmarks/flows.py`; all",
        "laws are doubly constrained. Out of sample: homes held out, a tenth at a time, margins given. The",
        "product's law uses flows of known homes near a pair besides margins and ways; without them it is in",
        "the last column. Its smoothing was settled after out-of-sample figures of Kansas had been seen",
        "(with five folds gravity won one split in three, with ten none): read its lead there so.",
        "",
        "| table | | uniform | gravity | radiation | embauche | gain over uniform | from margins alone |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, answer in flows.items():
        for words, key, bare in (
            ("in sample", "cpc", "in_sample"),
            ("out", "cpc_out_of_sample", "out_of_sample"),
        ):
            c = answer[key]
            cells = [c[k] for k in ("uniform", "gravity", "radiation", "embauche")]
            cells += [c["embauche"] - c["uniform"], answer["cpc_from_margins"][bare]]
            lines.append(f"| {name} | {words} | " + " | ".join(f"{v:.4f}" for v in cells) + " |")
    return [*lines, ""]


def page(answer: dict[str, Any]) -> str:
    """The page as Markdown."""
    figures = answer.get("figures", {})
    lines = [HEAD.rstrip("\n")]
    for stage, names in STAGES.items():
        what = ", ".join(t.words for t in TARGETS if t.stage == stage)
        lines.append(f"- **{stage}** ({', '.join(f'`{n}`' for n in names)}) on: {what}.")
    lines += [SPLIT]
    if figures:
        lines += [f"## Figures: {answer['said']}", ""]
    lines += ["### Fitted", "", *_table([t for t in TARGETS if t.stage], figures)]
    lines += ["### Only compared", "", *_table([t for t in TARGETS if not t.stage], figures)]
    if answer.get("reasons"):
        lines += ["### Misses and their reasons", "", *(f"- {r}" for r in answer["reasons"]), ""]
    if answer.get("flows"):
        lines += _flows(answer["flows"])
    return "\n".join(lines).rstrip("\n") + "\n"


def main() -> None:
    """Write the page from the figures at hand."""
    answer = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
    PAGE.write_text(page(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
