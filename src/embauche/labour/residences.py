"""Where beds are, which firms and centres they are near, and who lodges where: tables and views of the state.

Lives here: Residences, Lodging. Not here: which dwelling somebody chooses (dwellings), who
gets a bed (lets).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.centre_sites import centres_of
from embauche.commuting.spots import spot
from embauche.core.draws import stable_id
from embauche.core.ledger import whole_cents
from embauche.core.scenario_residences import ResidencesBlock, bits
from embauche.core.table import Table
from embauche.labour.care import home_eur
from embauche.labour.state import State
from embauche.population.schemas import RESIDENCES

if TYPE_CHECKING:
    from embauche.commuting.network import Network
    from embauche.core.parameters import Parameters
    from embauche.core.settings import Settings
    from embauche.core.shifts import ShiftCatalogue
    from embauche.population.population import Population
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
OF_SCENARIO = 1 << 40  # ids of what a scenario adds lie beyond those of tables
NEAREST = 3  # residences thought of around a firm, and around a centre


@dataclass(frozen=True)
class Rhythm:
    """What weeks of each shift are spent at: arrays by shift.

    Attributes:
        use: int8 [shift, rotation week] 1 firm, 2 centre or free, 3 both in one week; 0 beyond the rotation.
        firm, centre: float64 [shift] share of weeks slept for the firm, and for the centre.
        mixed: bool [shift] some week has days of both: she then sleeps at one place.
    """

    use: Array
    firm: Array
    centre: Array
    mixed: Array

    @classmethod
    def of(cls, catalogue: ShiftCatalogue) -> Rhythm:
        """From the catalogue's rosters."""
        away = np.array([w.at_centre for w in catalogue.windows], bool)
        roster, weeks = catalogue.roster, catalogue.weeks
        at_centre = ((roster >= 0) & away[roster]).any(axis=2)
        at_firm = ((roster >= 0) & ~away[roster]).any(axis=2)
        use = np.where(at_firm, 1, 2) | np.where(at_centre, 2, 0)
        use[np.arange(use.shape[1]) >= weeks[:, None]] = 0
        firm = ((use & 1) > 0).sum(axis=1) / weeks
        return cls(use.astype(np.int8), firm, 1.0 - firm, (use == 3).any(axis=1))


def _added(block: ResidencesBlock, territory: Territory) -> Table:
    beds = block.beds
    place = np.array([spot(one, territory) for one in beds], np.int64)
    rent = [int(whole_cents(b.rent_eur_month)) for b in beds]
    cost = [
        r if b.cost_eur_month is None else int(whole_cents(b.cost_eur_month))
        for b, r in zip(beds, rent, strict=True)
    ]
    return Table.make(
        RESIDENCES,
        {
            "residence_id": [OF_SCENARIO + stable_id(b.name) for b in beds],
            "name": np.array([b.name for b in beds], object),
            "commune": territory.places.commune[place],
            "place": place,
            "hosts": [b.kind == "hosts" for b in beds],
            "beds": [b.beds for b in beds],
            "rent_cents": rent,
            "cost_cents": cost,
            "who": [bits(b.who) for b in beds],
            "first": [bits(b.first) for b in beds],
            "farthest": [b.order == "farthest" for b in beds],
            "least_km": [b.least_km for b in beds],
            "stay_weeks": [b.stay_weeks for b in beds],
            "open_from": [b.open_from - 1 for b in beds],
            "open_to": [b.open_to - 1 for b in beds],
            "shared": [b.shared for b in beds],
        },
    )


@dataclass(frozen=True)
class Residences:
    """All residences of a run, by id, as the network sees them.

    Attributes:
        table: schema RESIDENCES [residence].
        place: int32 [residence] rows of used places.
        payer, authority: who pays what rents leave open [residence].
        near: int32 [site, NEAREST] residences nearest to each used site as the crow flies, -1 for none.
        room: int32 [site] row of the used place nearest to each used site, -1 outside the territory.
        rhythm: what weeks of each shift are spent at.
        care: float64 [used place] EUR a month that care near home is worth there (labour.care).
        on: whether anybody may live elsewhere than at the start at all.
    """

    table: Table
    place: Array
    payer: tuple[str, ...]
    authority: tuple[str, ...]
    near: Array
    room: Array
    rhythm: Rhythm
    care: Array
    on: bool

    def __len__(self) -> int:
        return len(self.table)

    @classmethod
    def make(
        cls, territory: Territory, population: Population, settings: Settings, network: Network,
        parameters: Parameters, catalogue: ShiftCatalogue,
    ) -> Residences:  # fmt: skip
        """Those of the population, where the scenario keeps them, and those that it adds.

        Raises:
            UserError: the table of care has faults.
        """
        block = settings.residences
        tables = [population.residences] if block.existing and population.residences is not None else []
        if block.beds:
            tables.append(_added(block, territory))
        table = Table.empty(RESIDENCES)
        if tables:
            table = Table(RESIDENCES, {c: np.concatenate([t[c] for t in tables]) for c in RESIDENCES.names})
            table = table.take(np.argsort(table.residence_id, kind="stable"))
        paid = {OF_SCENARIO + stable_id(b.name): (b.payer, b.authority) for b in block.beds}
        who = [paid.get(i, ("authority", "")) for i in table.residence_id.tolist()]
        on = bool(len(table) or block.homes or centres_of(population) is not None)
        place = np.searchsorted(network.place_rows, table.place).astype(np.int32)
        near, room = _neighbours(territory, network, table, parameters["housing.reach_km"] * 1000.0)
        return cls(
            table,
            place,
            tuple(p for p, _ in who),
            tuple(a for _, a in who),
            near,
            room,
            Rhythm.of(catalogue),
            home_eur(settings, territory.communes)[territory.places.commune[network.place_rows]],
            on,
        )

    def rows(self, residence_id: Array) -> Array:
        """Rows of residences by id, -1 for none or one that is no more; int64."""
        ids = self.table.residence_id
        if not len(ids):
            return np.full(len(residence_id), -1, np.int64)
        row = np.minimum(np.searchsorted(ids, residence_id), len(ids) - 1)
        return np.where(ids[row] == residence_id, row, -1)

    def open(self, week_of_year: int) -> Array:
        """Which are open in a week of the year, bool [residence]."""
        first, last = self.table.open_from, self.table.open_to
        within = (first <= week_of_year) & (week_of_year <= last)
        past = (week_of_year >= first) | (week_of_year <= last)
        return np.asarray(np.where(first <= last, within, past), bool)


def _neighbours(territory: Territory, network: Network, table: Table, reach_m: float) -> tuple[Array, Array]:
    """Residences and the used place nearest to each used site; ties by id and by node."""
    from scipy.spatial import cKDTree

    x, y = territory.nodes.x_m, territory.nodes.y_m
    site_node = territory.sites.node[network.site_rows]
    place_node = territory.places.node[network.place_rows]
    at_site = np.stack([x[site_node], y[site_node]], axis=1)
    near = np.full((len(site_node), NEAREST), -1, np.int32)
    if len(table):
        bed_node = territory.places.node[table.place]
        gap = np.hypot(at_site[:, :1] - x[bed_node], at_site[:, 1:] - y[bed_node])  # [site, residence]
        order = np.argsort(gap, axis=1, kind="stable")[:, :NEAREST]
        close = np.take_along_axis(gap, order, axis=1) <= reach_m
        near[:, : order.shape[1]] = np.where(close & ~network.outside_site[:, None], order, -1)
    room = np.full(len(site_node), -1, np.int32)
    inside = np.flatnonzero(~network.outside_place)
    inside = inside[np.argsort(place_node[inside], kind="stable")]
    if len(inside):
        tree = cKDTree(np.stack([x[place_node[inside]], y[place_node[inside]]], axis=1))
        best = inside[np.asarray(tree.query(at_site)[1])]
        room = np.where(network.outside_site, -1, best).astype(np.int32)
    return near, room


@dataclass(frozen=True)
class Lodging:
    """Who lodges where: views on `State.kept`, all [person].

    Attributes:
        own: int32 row of places of her own home (the parents', mostly).
        bed: int64 id of the residence where she has a bed, -1 none.
        code: int8 dwellings taken (labour.dwellings: 4 * in firm weeks + in centre weeks).
        home_centre: int32 row of places where she sleeps in weeks at the centre (state.home: in firm weeks).
        rent, aid: int32 cents a month that she pays for a place to sleep, and gets back.
        unease: float64 EUR a month that being away weighs.
        until: int32 week in which her stay ends. chosen: int32 week of her last choice, -1 never.
        chosen_for: int64 id of the post that she chose for, -1 none.
        wish: int64 id of the residence that she waits for, -1 none; wish_code, wish_since
            as code and week; wish_km: float64 what counts where the farthest are first.
        no_car: uint8 bit 1: the household's car is not with her in firm weeks, bit 2: in weeks at the centre.
    """

    own: Array
    bed: Array
    code: Array
    home_centre: Array
    rent: Array
    aid: Array
    unease: Array
    until: Array
    chosen: Array
    chosen_for: Array
    wish: Array
    wish_code: Array
    wish_since: Array
    wish_km: Array
    no_car: Array

    @classmethod
    def of(cls, state: State) -> Lodging:
        """The views; everybody sleeps at home where nothing is kept yet."""
        n = len(state.worker_id)
        starts: dict[str, tuple[type, int]] = {
            "bed": (np.int64, -1), "code": (np.int8, 0), "rent": (np.int32, 0), "aid": (np.int32, 0),
            "unease": (np.float64, 0), "until": (np.int32, -1), "chosen": (np.int32, -1),
            "chosen_for": (np.int64, -1), "wish": (np.int64, -1), "wish_code": (np.int8, 0),
            "wish_since": (np.int32, -1), "wish_km": (np.float64, 0), "no_car": (np.uint8, 0),
        }  # fmt: skip
        kept = {}
        for what in (f.name for f in fields(cls)):
            name = f"housing.{what}"
            if name not in state.kept:
                at_home = what in ("own", "home_centre")
                kind, start = (np.int32, 0) if at_home else starts[what]
                state.kept[name] = state.home.astype(np.int32) if at_home else np.full(n, start, kind)
            kept[what] = state.kept[name]
        return cls(**kept)

    def leave(self, who: Array) -> None:
        """These give up what they rent."""
        self.bed[who], self.code[who], self.until[who] = -1, 0, -1
        self.rent[who], self.aid[who], self.unease[who] = 0, 0, 0.0

    def forget_wish(self, who: Array) -> None:
        """These wait for no bed."""
        self.wish[who], self.wish_code[who], self.wish_since[who] = -1, 0, -1


def eur_month(state: State) -> Array:
    """What each person's dwelling adds to her utility: aids less rent and unease, EUR a month, [person]."""
    if "housing.code" not in state.kept:
        return np.zeros(len(state.worker_id))
    lodging = Lodging.of(state)
    return np.asarray((lodging.aid - lodging.rent) / 100.0 - lodging.unease, np.float64)


def homes_known(state: State | None, place: Array, known: Array) -> Array:
    """Where everybody lives, int32 [person] rows of places.

    Who lives or sleeps at a place that this run's network does not know is sent where she lived at the start.

    Args:
        state: changed then; None: the start.
        place: int32 [person] rows of places of the population.
        known: int32 rows of places in use, sorted.
    """
    if state is None:
        return place
    for homes in (state.home, *(state.kept.get(f"housing.{x}") for x in ("own", "home_centre"))):
        if homes is not None:
            lost = ~np.isin(homes, known)
            homes[lost] = place[lost]
    return state.home
