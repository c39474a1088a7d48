"""The service transit: timetabled buses and trains, walking to and from stops.

Lives here: what a transit tour takes and costs at a shift's real hours. Not here: the search.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.accounts import EMPLOYER, REGION, STAFF, SUPPLIER, USER, operator
from embauche.core.parameters.registry import ADEME, FITTED, FROM_MEMORY, Parameter
from embauche.services.base import Ground, Service

if TYPE_CHECKING:
    from embauche.commuting.fares import Fares
    from embauche.commuting.offers import Tile
    from embauche.core.ledger import Ledger, Operations
    from embauche.services.accounting import Done

Array = np.ndarray[Any, Any]

PARAMETERS = (
    Parameter("transit.asc_eur", 2.1, "EUR", -20, 20, FITTED, "constant of transit"),
    Parameter(
        "transit.weight", 1.0, "ratio", 0.5, 3, FROM_MEMORY,
        "weight of a minute by transit, walks included, waits not",
    ),
    Parameter(
        "transit.fare_eur", 2.0, "EUR", 0, 20, FROM_MEMORY,
        "what a tour costs its rider, after the employer's half of a pass",
    ),
    Parameter(
        "transit.max_min", 100.0, "min", 20, 240, FROM_MEMORY, "longest trip each way, wait at work included"
    ),
    Parameter("transit.late", 0.03, "share of tours", 0, 0.3, FROM_MEMORY, "tours over ten minutes late"),
    Parameter("transit.fail", 0.005, "share of tours", 0, 0.1, FROM_MEMORY, "bus or train that does not run"),
    Parameter(
        "transit.bus_delay_min", 0.0, "min", 0, 15, FROM_MEMORY,
        "mean delay of a bus at a stop; 0: none, and no connection is missed",
    ),
    Parameter(
        "transit.bus_delay_p95_ratio", 3.0, "ratio", 1.2, 3.8, FROM_MEMORY,
        "delay that one bus in twenty exceeds, over the mean",
    ),
    Parameter("transit.rail_delay_min", 0.0, "min", 0, 15, FROM_MEMORY, "mean delay of a train at a stop"),
    Parameter(
        "transit.rail_delay_p95_ratio", 3.0, "ratio", 1.2, 3.8, FROM_MEMORY,
        "delay that one train in twenty exceeds, over the mean",
    ),
    Parameter(
        "transit.capacity", 0.0, "0 or 1", 0, 1, FROM_MEMORY,
        "1: places in vehicles are counted, who finds none is refused; takes time",
    ),
    Parameter(
        "transit.bus_places", 60.0, "places", 0, 250, FROM_MEMORY,
        "seats and standing room of a bus or tram that commuters may take",
    ),
    Parameter(
        "transit.rail_places", 300.0, "places", 0, 2000, FROM_MEMORY,
        "seats and standing room of a train that commuters may take",
    ),
    Parameter("transit.transfer_min", 3.0, "min", 0, 15, FROM_MEMORY, "least time to change vehicles"),
    Parameter("transit.bus_co2_g_per_km", 122.0, "g/km", 20, 300, ADEME, "diesel bus, a passenger-km"),
    Parameter("transit.rail_co2_g_per_km", 27.7, "g/km", 2, 100, ADEME, "TER, a passenger-km"),
)  # fmt: skip


class Transit(Service):
    """Latest departure that is in time for the shift, earliest arrival home after it."""

    name = "transit"
    label = {"fr": "transports en commun", "en": "transit"}  # noqa: RUF012
    order = 3
    default_on = True
    parameters_of = PARAMETERS
    nest = "public"

    def __new__(cls, ground: Ground) -> Transit:
        """Transit whose vehicles can be full, where the parameter `transit.capacity` says so."""
        if cls is Transit and ground.parameters["transit.capacity"] > 0.0:
            from embauche.services.crowding.transit import CrowdedTransit

            return super().__new__(CrowdedTransit)
        return super().__new__(cls)

    @cached_property
    def fares(self) -> Fares | None:
        """The scenario's fares, None where it states none."""
        from embauche.commuting.fares import fares_for

        return fares_for(self.ground, self.name)

    def fill(self, tile: Tile) -> None:
        """Fill the tile's offers: both ways within the longest trip, or none."""
        from embauche.core.parallel import run_blocks
        from embauche.kernels.transit import door_to_door

        n, rows = self.network, self.network.transit
        areas = n.jurisdiction.fares(self.value("fare_eur"))
        tile.eur[:] = areas[n.place_area[tile.place], n.site_area[tile.site]]
        tile.out_min[:] = tile.back_min[:] = np.inf
        for field in (tile.km, tile.g, tile.early_min, tile.wait_min, tile.transfers):
            field[:] = 0.0
        if rows is None:
            return
        near, asked = rows.near, rows.row[tile.site, tile.klass]
        for pair, table in rows.tiles(asked):
            run_blocks(
                door_to_door, len(pair), pair, np.ascontiguousarray(tile.place[pair]),
                asked[pair].astype(np.int64), near.ptr, near.stop, near.seconds, *table, rows.stops,
                self.value("bus_co2_g_per_km"), self.value("rail_co2_g_per_km"), rows.longest_s,
                tile.out_min, tile.back_min, tile.km, tile.g, tile.early_min, tile.wait_min, tile.transfers,
                tile.late,
            )  # fmt: skip
        if self.fares is not None:
            from embauche.commuting.fares import tile_fares

            tile_fares(self.fares, self.ground, tile)

    def books(self, done: Done, ledger: Ledger, operations: Operations) -> None:
        """Networks run their timetable whoever rides; riders are told apart by rail and home.

        One system for each authority that runs any trip, and one of the region. Kilometres by rail are those
        of whoever runs the trains, the others of the network of the rider's home, else of the largest; fares,
        and what employers pay of them, follow the kilometres. A trip counts where most of its km lie.
        """
        net = self.network
        names = [*(rule.name for rule in net.jurisdiction.rules), REGION]
        km = net.supply.km.sum(axis=1)
        for k in np.flatnonzero(km > 0).tolist():
            self._run(names[k], net.supply.km[k], net.supply.minutes[k], ledger, operations)
        area = net.jurisdiction.area[done.home]
        by_road = np.where((area >= 0) & (km[area] > 0), area, int(km.argmax()))
        by_rail = np.full(len(area), int(net.supply.km[:, 1].argmax()))
        rail = self._rail_share(done)
        for k in np.flatnonzero(km > 0).tolist():
            share = np.where(by_road == k, 1.0 - rail, 0.0) + np.where(by_rail == k, rail, 0.0)
            # What goes to rail is rounded and the rest is the other's, so that no cent is lost.
            part = np.floor(done.cents * rail + 0.5).astype(np.int64)
            cents = np.where(by_rail == k, part, 0) + np.where(by_road == k, done.cents - part, 0)
            most = (by_rail == k) & (rail > 0.5) | (by_road == k) & (rail <= 0.5)
            self._ridden(names[k], done, cents, share, most, ledger, operations)

    def _rail_share(self, done: Done) -> Array:
        """Share of each tour's kilometres that was by rail, from its grams, float64 [row]."""
        bus, rail = self.value("bus_co2_g_per_km"), self.value("rail_co2_g_per_km")
        if bus == rail:
            return np.zeros(len(done.km))
        by_rail = (bus * done.km - done.co2_g) / ((bus - rail) * np.maximum(done.km, 1e-6))
        share: Array = np.clip(np.where(np.abs(by_rail) < 1e-4, 0.0, by_rail), 0.0, 1.0)
        return share

    def _ridden(
        self, system: str, done: Done, cents: Array, share: Array, most: Array, ledger: Ledger,
        operations: Operations,
    ) -> None:  # fmt: skip
        """Riders of a network: cents of a tour, share of its km, and whether it counts here, all [row]."""
        account, half = operator(self.name, system), self._employers(done, cents, share)
        for payer, what, each in ((USER, "fare", cents), (EMPLOYER, "pass", half)):
            ledger.pay_many(self.name, system, payer, account, what, each * done.tours, done.home, done.codes)
        rows = np.flatnonzero(share > 0)
        operations.add_many(
            self.name, system, done.home[rows], done.codes, trips=(2 * done.tours * most)[rows],
            passenger_km=(done.km * done.tours * share)[rows],
        )  # fmt: skip

    def _employers(self, done: Done, cents: Array, share: Array) -> Array:
        """Cents that riders' employers pay a network for one tour, int64 [row]: their part of passes."""
        if self.fares is None:
            left = self.parameters["cost.employer_pass_share"]
            part = cents * (left / (1.0 - left))
        else:
            part = share * self.fares.price(done.home, done.work, done.window, done.km)[1] * 100.0
        out: Array = np.floor(part + 0.5).astype(np.int64)
        return out

    def _run(self, system: str, km: Array, minutes: Array, ledger: Ledger, operations: Operations) -> None:
        """A network's week: km and minutes [kind] of its trips by road and by rail."""
        from embauche.core.ledger import whole_cents

        p, account = self.parameters, operator(self.name, system)
        empty = km * np.array([p["cost.bus_empty_share"], 0.0])
        kwh = (km + empty) * np.array([p["cost.bus_kwh_per_km"], p["cost.rail_kwh_per_km"]])
        hours = minutes / 60.0 * p["cost.paid_over_driven"] * np.array([1.0, p["cost.rail_staff"]])
        grams = np.array([p["cost.diesel_co2_g_per_kwh"], p["cost.rail_co2_g_per_kwh"]])
        price = np.array([p["cost.fuel_eur_per_kwh"], p["cost.rail_eur_per_kwh"]])
        other = np.array([p["cost.bus_other_eur_per_km"], p["cost.rail_other_eur_per_km"]])
        for payee, what, eur in (
            (STAFF, "drivers", hours.sum() * p["cost.driver_eur_h"]),
            (SUPPLIER, "energy", float(kwh @ price)),
            (SUPPLIER, "vehicles", float(km @ other)),
        ):
            ledger.pay(self.name, system, account, payee, what, int(whole_cents(eur)))
        operations.add(
            self.name, system, driver_min=60.0 * float(hours.sum()), km_with=float(km.sum()),
            km_empty=float(empty.sum()), energy_kwh=float(kwh.sum()), co2_g=float(kwh @ grams),
        )  # fmt: skip
