"""Every number of the model has a value within its range, a unit, a source and a use.

Lives here: checks of the whole registry. Not here: whether a value is right (validation).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from embauche.core import parameters as package
from embauche.core.offerings import kinds
from embauche.core.parameters import REGISTRY, Parameter, defaults

SRC = Path(__file__).resolve().parents[1] / "src" / "embauche"
NAME = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
EVERY = [pytest.param(p, id=p.name) for p in REGISTRY.values()]


def _topics() -> list[tuple[str, tuple[Parameter, ...]]]:
    modules = [
        importlib.import_module(f"embauche.core.parameters.{m.name}")
        for m in pkgutil.iter_modules(package.__path__)
    ]
    return [(m.__name__, m.PARAMETERS) for m in modules if hasattr(m, "PARAMETERS")]


@pytest.mark.parametrize("parameter", EVERY)
def test_is_whole(parameter: Parameter) -> None:
    assert NAME.fullmatch(parameter.name), "dotted, lower case: topic.what_unit"
    assert parameter.low < parameter.high, "a range that can be swept"
    assert parameter.low <= parameter.value <= parameter.high
    for field in ("unit", "source", "doc"):
        text = getattr(parameter, field)
        assert text.strip() == text != "", f"{parameter.name} has no {field}"
    assert len(parameter.doc) >= 10, "one line that a reader understands"


@pytest.mark.parametrize("parameter", EVERY)
def test_unit_in_name_agrees(parameter: Parameter) -> None:
    units = {
        "_min": "min",
        "_eur": "EUR",
        "_eur_h": "EUR/h",
        "_g_per_km": "g/km",
        "_eur_per_km": "EUR/km",
        "_weeks": "weeks",
    }
    for ending, unit in units.items():
        if parameter.name.endswith(ending):
            assert parameter.unit.startswith(unit), f"{parameter.name} is given in {parameter.unit}"


def test_every_topic_is_registered_and_no_name_twice() -> None:
    topics = _topics()
    assert len(topics) >= 2
    names = [p.name for _, parameters in topics for p in parameters]
    assert len(names) == len(set(names)), "a name stands twice"
    services = [p.name for kind in kinds().values() for p in kind.parameters_of]
    assert not set(names) & set(services), "a service's parameter stands in a topic too"
    assert len(services) == len(set(services))
    assert set(names + services) == set(REGISTRY), "a topic is missing from core/parameters/__init__.py"


@pytest.mark.parametrize("name", list(kinds()))
def test_a_services_parameters_bear_its_name(name: str) -> None:
    assert all(p.name.startswith(f"{name}.") for p in kinds()[name].parameters_of)


def _read_by_services() -> set[str]:
    """A service reads its own `name.what` by `self.value("what")`; the choice reads some of all services."""
    files = {p.stem: p.read_text(encoding="utf-8") for p in (SRC / "services").glob("*.py")}
    choice = (SRC / "commuting" / "choice.py").read_text(encoding="utf-8")
    common = set(re.findall(r"\.value\(\"(\w+)\"\)", files["base"] + choice))
    common |= set(re.findall(r"\bvalues\(\"(\w+)\"\)", choice))
    read = set()
    for name in files.keys() - {"base", "__init__"}:
        own = set(re.findall(r"self\.value\(\"(\w+)\"\)", files[name]))
        read |= {f"{name}.{what}" for what in own | common}
    return read


def test_every_parameter_is_used() -> None:
    """A parameter that nothing reads would let a user set it and wonder why nothing changes."""
    files = [p for p in SRC.rglob("*.py") if "parameters" not in p.relative_to(SRC).parts]
    source = "\n".join(p.read_text(encoding="utf-8") for p in files)
    source = re.sub(r"Parameter\(\s*\"[^\"]+\"", "", source)  # a declaration is no use
    # a name may be put together: f"{service}.late", f"roads.{highway}_kmh"
    put_together = []
    for text in re.findall(r"f\"([a-z0-9_.]*\{[^\"]*\}[a-z0-9_.]*)\"", source):
        parts = re.split(r"\{[^}]*\}", text)
        if re.search("[a-z]", "".join(parts)):
            put_together.append(re.compile("[a-z0-9_.]+".join(map(re.escape, parts))))
    read = _read_by_services() | set(re.findall(r"(?<=[\"'])[\w.]+(?=[\"'])", source))
    unused = [n for n in REGISTRY if n not in read and not any(p.fullmatch(n) for p in put_together)]
    assert not unused, f"nothing reads {unused}"


def test_defaults_and_changes() -> None:
    values = defaults()
    assert set(values) == set(REGISTRY)
    name = next(iter(REGISTRY))
    changed = values.replaced({name: REGISTRY[name].high})
    assert changed[name] == REGISTRY[name].high
    assert values[name] == REGISTRY[name].value, "the defaults stay as they are"
    whole = values.replaced(dict.fromkeys(REGISTRY, 1))
    assert {type(v) for v in whole.values()} == {float}, "a kernel would be compiled again for an integer"
    with pytest.raises(KeyError, match=r"no\.such"):
        values.replaced({"no.such": 1.0})
