"""Trips priced once and kept: they are those that pricing gives now, whatever changes.

Lives here: AskedTrips beside price. Not here: pricing itself (test_twin_model), dwellings (test_lodgers).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from embauche.commuting import asked
from embauche.commuting.offers import Offers, price
from embauche.core.offerings import KINDS
from embauche.core.parameters import defaults
from embauche.core.shifts import default_catalogue
from embauche.model import Bassin
from embauche.population.synthesis import synthesise
from fake_shared import FakeBus
from helpers import tiny_territory


def test_kept_trips_are_those_of_pricing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "fake", FakeBus)
    catalogue, territory = default_catalogue(), tiny_territory()
    population = synthesise(territory, catalogue, defaults(), 1)
    model = Bassin(territory, population, catalogue, defaults(), rng=1)
    settings = replace(model.settings, services=(*model.settings.services, "fake"))
    model = Bassin(territory, population, catalogue, defaults(), settings, rng=1)
    rng, net, sizes = np.random.default_rng(1), model.network, []
    (bus,) = model.shared.values()

    def check() -> None:
        place = rng.integers(0, 3, 120).astype(np.int32)
        site = rng.integers(0, 3, 120).astype(np.int32)
        klass = rng.integers(0, len(net.classes.window), 120).astype(np.int16)
        direct = Offers.empty(len(model.services), 120)
        price(model.services, place, site, klass, direct)
        got = model.asked.offers(place, site, klass)
        assert np.array_equal(got.felt_min, direct.felt_min)
        assert np.array_equal(got.eur, direct.eur)
        sizes.append(len(model.asked))

    check()
    check()
    bus.expected[:] *= np.float32(0.5)  # people learn
    check()
    assert sizes[0] < sizes[1] < sizes[2]  # what is kept grows
    for service in model.services:
        if service.name == "car":
            monkeypatch.setattr(service, "value", lambda what: 2.0 if what == "weight" else 7.0)
    model.book.forget()
    check()
    monkeypatch.setattr(asked, "KEPT_TRIPS", sizes[-1] + 1)
    check()
    assert sizes[-1] <= asked.KEPT_TRIPS  # but not without end
