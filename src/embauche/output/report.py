"""One HTML file that a planner understands alone: no network, both languages, opens years later.

Lives here: write_report, and what it says of data and identity. Not here: answer, sections, pictures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from embauche.analysis.compare import RUNS_FILE, Comparison, open_comparison
from embauche.core.errors import UserError
from embauche.core.files import atomic_path, sha256
from embauche.core.messages import LANGUAGES
from embauche.core.results import COMMUNE_FILE, MANIFEST, Result
from embauche.core.table import Table
from embauche.output import accounts, answer, labour, maps, sections
from embauche.output.changes import scenario_changes
from embauche.output.page import Page
from embauche.territory.schemas import COMMUNES


def _parameters(page: Page) -> list[dict[str, Any]]:
    def say(value: float) -> str:
        return f"{value:g}".replace(".", "," if page.lang == "fr" else ".")

    rows = []
    others = [{p["name"]: p["value"] for p in run.manifest["parameters"]} for run in page.runs[1:]]
    for p in page.runs[0].manifest["parameters"]:
        values = list(dict.fromkeys([p["value"], *(o.get(p["name"], p["value"]) for o in others)]))
        changed = len(values) > 1 or p["value"] != p["default"]
        rows.append(
            {
                **{k: p[k] for k in ("name", "unit", "source", "doc")},
                "value": " → ".join(say(v) for v in values),
                "bounds": f"{say(p['low'])} – {say(p['high'])}",
                "changed": changed,
            }
        )
    return sorted(rows, key=lambda r: (not r["changed"], r["name"]))


def _identity(page: Page) -> list[dict[str, str]]:
    manifest = page.runs[0].manifest
    versions = ", ".join(f"{k} {v}" for k, v in sorted(manifest["versions"].items()))
    lines = [
        {"label": "versions", "value": versions},
        {"label": "CPU", "value": str(manifest["cpu"])},
        {"label": page.t("report.territory"), "value": "{name} {hash}".format(**manifest["territory"])},
    ]
    lines += [{"label": f"manifest {r.name}", "value": sha256(r.folder / MANIFEST)} for r in page.runs]
    return lines


def _credits(page: Page) -> list[str]:
    out = [page.t("report.credit_communes")]
    stylised = page.runs[0].manifest.get("stylised")
    out.append(page.t("report.credit_stylised" if stylised else "report.credit_osm"))
    return out


def _page(page: Page) -> dict[str, Any]:
    base, first = page.runs[0], page.runs[0].manifest
    comparison = page.found is not None
    seeds = page.found.seeds if page.found is not None else base.seeds
    numbers = ", ".join(map(str, seeds))
    subtitle = page.t(
        "report.subtitle", territory=first["territory"]["name"], weeks=base.weeks, n=len(seeds), seeds=numbers
    )
    territorial = len({k for k in page.rows if k[2] == "all"})
    method = [page.t(f"report.m_{k}") for k in ("model", "interval", "definitions")]
    if comparison:
        method.append(page.t("report.s_many", k=territorial))
    mode_pictures, mode_key = sections.modes(page)
    notes = list(dict.fromkeys(str(n) for r in page.runs for n in r.manifest.get("notes", [])))
    colon = " : " if page.lang == "fr" else ": "
    head = page.t("report.title_comparison" if comparison else "report.title_run")
    return {
        "lang": page.lang,
        "t": page.t,
        "title": f"{head}{colon}{first['territory']['name'].title()}",
        "subtitle": subtitle,
        "stylised": bool(first.get("stylised")),
        "warnings": page.found.notes if page.found is not None else [],
        "comparison": comparison,
        "answers": answer.answers(page),
        "baseline_title": page.title_of(base),
        "scenarios": [{"title": page.title_of(r), "colour": page.colour(r)} for r in page.runs[1:]],
        "table": sections.table(page),
        "table_note": page.t("report.table_note") if comparison else "",
        "maps": sections.map_views(page),
        "key": [(page.title_of(r), page.colour(r)) for r in page.runs],
        "charts": sections.charts(page),
        "modes": mode_pictures,
        "mode_key": mode_key,
        "groups": sections.groups(page),
        "topics": labour.topics(page),
        "sites": labour.site_tables(page),
        "site_columns": labour.columns(page),
        "payers": accounts.payers(page),
        "accounts": accounts.tables(page),
        "posts": accounts.posts(page),
        "inputs": [
            f"{page.t('report.territory')}: {first['territory']['name']}",
            *(f"EPCI {code}: {name}" for code, name in page.epcis.items()),
        ],
        "changes": scenario_changes(page),
        "notes": notes,
        "parameters": _parameters(page),
        "method": method,
        "credits": _credits(page),
        "identity": _identity(page),
    }


def _outlines(run: Result) -> maps.Outlines | None:
    path = run.folder / COMMUNE_FILE
    return maps.outlines(Table.read(COMMUNES, path)) if path.exists() else None


def _opened(source: Comparison | Result | Path | str) -> Comparison | Result:
    if isinstance(source, Comparison | Result):
        return source
    folder = Path(source)
    return open_comparison(folder) if (folder / RUNS_FILE).is_file() else Result.open(folder)


def html(source: Comparison | Result | Path | str, language: str = "fr") -> str:
    """The report as text; see `write_report`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    if language not in LANGUAGES:
        raise UserError(
            "the report has no such language",
            found=language,
            expected=" or ".join(LANGUAGES),
            fix="--lang fr",
        )
    opened = _opened(source)
    comparison = opened if isinstance(opened, Comparison) else None
    runs = [opened.baseline, *opened.scenarios] if isinstance(opened, Comparison) else [opened]
    shape = _outlines(runs[0])
    order = [language, *(code for code in LANGUAGES if code != language)]
    environment = Environment(
        loader=PackageLoader("embauche.output", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("report.html.j2").render(
        first=language,
        languages=order,
        version=runs[0].manifest["versions"]["embauche"],
        definitions="" if shape is None else maps.definitions(shape),
        pages=[_page(Page(code, runs, comparison, shape)) for code in order],
    )


def write_report(source: Comparison | Result | Path | str, path: Path | str, language: str = "fr") -> Path:
    """Write the report of a comparison or of one run.

    Args:
        source: a Comparison, a Result, or the folder of either.
        path: the HTML file; replaced only once the new one is whole.
        language: the language shown first; the other is in the file too.

    Returns:
        The path.

    Raises:
        UserError: the source is neither, or the file cannot be written.
    """
    text = html(source, language)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as tmp:
        tmp.write_text(text, encoding="utf-8")
    return path
