"""What stands around the code: the lock file, the README's commands and its Python example.

Lives here: checks that documents are true. Not here: the shape of the code (test_architecture).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import embauche
from embauche import load_scenario
from embauche.core.versions import versions_of

LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==(\S+)(?: ; .*?)? \\$")


@pytest.fixture(scope="module")
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text(encoding="utf-8")


def _locked(repository: Path) -> dict[str, tuple[str, int]]:
    """Package: (version, number of hashes) as the lock file states them."""
    found: dict[str, tuple[str, int]] = {}
    name = ""
    for line in (repository / "requirements.lock").read_text(encoding="utf-8").splitlines():
        match = LOCKED.match(line)
        if match:
            name = match[1]
            found[name] = (match[2], 0)
        elif line.strip().startswith("--hash=sha256:"):
            version, hashes = found[name]
            found[name] = (version, hashes + 1)
        else:
            assert line.strip().startswith("#"), f"requirements.lock: {line!r}"
    return found


def test_one_version_everywhere(repository: Path) -> None:
    """In the package, its metadata, the citation, and in every manifest, installed or not."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (repository / "CITATION.cff").read_text(encoding="utf-8")
    assert embauche.__version__ == project["version"]
    assert re.search(rf"^version: {re.escape(embauche.__version__)}$", citation, re.MULTILINE)
    assert versions_of(["embauche", "no-such-package"]) == {
        "embauche": embauche.__version__,
        "no-such-package": "not installed",
    }


def test_lock_file_pins_every_dependency_with_hashes(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [Requirement(r) for r in project["dependencies"] + extras["test"] + extras["dev"]]
    locked = _locked(repository)
    assert len(locked) > len(wanted), "what dependencies need is locked too"
    assert all(hashes > 0 for _, hashes in locked.values())
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        if name == "embauche":
            continue
        assert name in locked, f"requirements.lock lacks {name}; see CONTRIBUTING.md"
        assert requirement.specifier.contains(locked[name][0]), (
            f"{name} {locked[name][0]} is not {requirement}"
        )


def test_lock_file_names_no_index(repository: Path) -> None:
    text = (repository / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index|--extra-index|--find-links|-f)\b", text, re.MULTILINE)


def test_dependencies_have_lower_bounds_and_no_caps(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for text in project["dependencies"] + project["optional-dependencies"]["test"]:
        operators = {s.operator for s in Requirement(text).specifier}
        assert operators == {">="}, f"{text}: one lower bound, no cap"


def test_readme_commands_are_those_that_ci_runs(readme: str, repository: Path) -> None:
    ci = (repository / ".ci" / "run").read_text(encoding="utf-8")
    assert "pip install -e '.[test]' && pytest" in readme
    assert re.search(r"pip install .*-e '\.\[test\]' && pytest", ci)
    assert "embauche demo" in readme
    assert 'embauche" demo' in ci


def test_links_in_documents_lead_somewhere(repository: Path) -> None:
    pages = [
        *repository.glob("*.md"),
        *(repository / "docs").glob("*.md"),
        *repository.glob("experiments/*/*.md"),
    ]
    assert len(pages) >= 8
    broken = [
        f"{page.relative_to(repository)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken, "\n".join(broken)


def test_commands_in_documents_exist(repository: Path) -> None:
    """`embauche WORD` in a code block of the documents is a command that the command line has."""
    shown = subprocess.run(
        [sys.executable, "-m", "embauche", "--help"], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    used = set()
    for page in [repository / "README.md", *(repository / "docs").glob("*.md")]:
        blocks = re.findall(r"```\w*\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        used |= set(re.findall(r"^\s*(?:.*&& )?embauche ([a-z-]+)", "\n".join(blocks), re.MULTILINE))
    assert {"demo", "build", "run", "compare", "report", "check"} <= used
    assert [c for c in sorted(used) if not re.search(rf"\b{c}\b", shown)] == []


def test_every_input_of_build_is_in_the_page_on_data(repository: Path) -> None:
    import typer

    from embauche.cli import app

    commands: Any = typer.main.get_command(app)
    options = [o for p in commands.commands["build"].params for o in p.opts if o.startswith("--")]
    assert "--osm" in options
    page = (repository / "docs" / "data.md").read_text(encoding="utf-8")
    assert not [o for o in options if o not in page], "docs/data.md has a row for each"


def test_scenario_of_the_tutorial_is_valid(repository: Path, tmp_path: Path) -> None:
    text = (repository / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "my-scenario.yaml"
    path.write_text(block, encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.name == "early-trains-cheap-fare"
    assert scenario.parameters["transit.fare_eur"] == 1.0
    assert scenario.timetable[0].first_departure == 4 * 60 + 30


def test_territory_of_the_tutorial_is_built(repository: Path, tmp_path: Path) -> None:
    text = (repository / "docs" / "tutorial.md").read_text(encoding="utf-8")
    commands = re.findall(r"^embauche ((?:export-territory|build --osm files/).*)$", text, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "embauche", *command.split()],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "my-territory" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["communes"] == 97


@pytest.mark.long
def test_readme_python_example_runs(readme: str, tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert code is not None
    lines = [line for line in code[1].splitlines() if line.strip()]
    assert len(lines) <= 10, "ten lines"
    done = subprocess.run(
        [sys.executable, "-c", code[1]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert "97 communes, stylised: True" in done.stdout
    assert re.search(r"commute_min_tour +median ", done.stdout), "no two rows look alike"
    for run in ("baseline", "buses"):
        manifest = json.loads((tmp_path / "results" / run / "manifest.json").read_text(encoding="utf-8"))
        assert len(manifest["seeds"]) == 2


@pytest.mark.long
def test_notebook_of_the_tutorial_runs(repository: Path, tmp_path: Path) -> None:
    text = (repository / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```\n(import embauche\nfrom embauche\.model.*?)```", text, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "vacancy_rate" in done.stdout
    assert "Worker(" in done.stdout
