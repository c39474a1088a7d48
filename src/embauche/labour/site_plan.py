"""A scenario's sites as rows: new workplaces, firms and posts after the baseline's, and when what happens.

Lives here: SitePlan and how it is made. Not here: the block (core.scenario_sites), the weeks (labour.sites).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.commuting.site_spots import firm_row, spot
from embauche.core.draws import stable_id
from embauche.core.errors import UserError
from embauche.core.scenario_sites import CONTRACTS, Close, Enlarge, Jobs, Move, Open, Option, Sites
from embauche.core.table import Table
from embauche.population.firms import FirmPlan
from embauche.population.margins import SHIFT_WAGE, SIZE_WAGE, WAGE_EUR
from embauche.population.posts import APPRENTICE_PAY, MEAN_SEX_WAGE, teams
from embauche.population.quotas import SLOT_BITS
from embauche.population.schemas import SECTORS, SKILLS, Contract

if TYPE_CHECKING:
    from embauche.core.parameters import Parameters
    from embauche.core.shifts import ShiftCatalogue
    from embauche.population.population import Population
    from embauche.territory.territory import Territory

Array = np.ndarray[Any, Any]
ADDED = 1 << 46  # firm ids of scenarios lie above: ADDED | id of the option's name | number of the firm
ENLARGED = 255  # number under which the posts of a firm's enlargement lie
SIZES = (10, 50, 250)  # posts from which a firm is of the next size class
NEW_SEED = 0  # teams of new posts and sections of new firms belong to the scenario, not to its luck


@dataclass(frozen=True)
class SitePlan:
    """What a scenario does to sites, ready for the model.

    Attributes:
        territory, population: with new sites, firms and posts after those of the baseline.
        base_posts: posts of the baseline.
        week: int32 [post] week of the run in which a post may first be active, 0 the baseline's.
        planned: bool [post] new posts, which open in that week.
        option: int16 [firm] row of `options` of a new firm, -1 the baseline's.
        options: the options in the order of the file.
        node: int32 [option] where each lies (a move: where to), commune: int32 [option].
        firm: int32 [option] firm that it moves, enlarges or closes, -1 for a new site.
    """

    territory: Territory
    population: Population
    base_posts: int
    week: Array
    planned: Array
    option: Array
    options: tuple[tuple[str, Option], ...]
    node: Array
    commune: Array
    firm: Array

    def posts_of(self, row: int) -> Array:
        """Rows of its posts: new ones, or all of its firm's where it moves or closes."""
        kind, option = self.options[row]
        firm = self.population.posts.firm
        new = np.arange(len(firm)) >= self.base_posts
        if kind == "enlarge":
            own = self.population.posts.post_id >> SLOT_BITS == _firm_id(option.name, ENLARGED)
            return np.flatnonzero(own & new)
        return np.flatnonzero(firm == self.firm[row] if kind != "open" else self.option[firm] == row)

    def site_names(self) -> Array:
        """Name of the option that adds each post, "" for the baseline's; object [post]."""
        out = np.full(len(self.planned), "", object)
        for row, (kind, option) in enumerate(self.options):
            if kind in ("open", "enlarge"):
                out[self.posts_of(row)] = option.name
        return out


def _firm_id(name: str, number: int) -> int:
    return ADDED | (stable_id(name) << 8) | number


@dataclass
class _Rows:
    """New rows as they are gathered: firms, then posts line by line."""

    firms: list[dict[str, Any]]
    posts: list[dict[str, Any]]


def plan_sites(
    sites: Sites, territory: Territory, population: Population, catalogue: ShiftCatalogue,
    parameters: Parameters,
) -> SitePlan | None:  # fmt: skip
    """The plan of a scenario, None where it does nothing to sites.

    Args:
        sites: the block.
        territory, population: the baseline's, before levers on hours.
        catalogue: shifts, with variants.
        parameters: the run's.

    Raises:
        UserError: a place, commune or firm that is not there, or ids that leave no room.
    """
    if not sites.on:
        return None
    if int(population.firms.firm_id.max(initial=0)) >= ADDED:
        raise UserError(
            "the population's firm ids leave no room for a scenario's",
            found=str(population.firms.firm_id.max()),
            expected=f"firm ids below {ADDED}", fix="number the firms of the table anew",
        )  # fmt: skip
    options = tuple((kind, option) for kind, _, option in sites.options())
    spots, rows = [], _Rows([], [])
    firm_of = np.full(len(options), -1, np.int32)
    for k, (_, option) in enumerate(options):
        if isinstance(option, Open):
            spots.append(spot(option.at, territory))
            _open(option, k, len(territory.sites) + len(spots) - 1, spots[-1][1], population, rows)
            continue
        if isinstance(option, Move | Enlarge | Close):
            firm = firm_of[k] = firm_row(option.firm, population, territory)
            node = int(territory.sites.node[population.firms.site[firm]])
            here = node, int(population.firms.commune[firm])
            spots.append(spot(option.at, territory) if isinstance(option, Move) else here)
        if isinstance(option, Enlarge):
            _posts(option.jobs, firm, _firm_id(option.name, ENLARGED), option.week, rows)
    nodes, communes = (np.array([s[i] for s in spots], np.int32) for i in (0, 1))
    new_sites = Table.make(
        territory.sites.schema,
        {"node": nodes, "commune": communes, "weight": np.zeros(len(spots)), "zone": np.full(len(spots), -1)},
    )
    moves = tuple(
        (int(firm_of[k]), len(territory.sites) + k) for k, (kind, _) in enumerate(options) if kind == "move"
    )
    territory = replace(territory, sites=_joined(territory.sites, new_sites))
    firms, posts, week, planned = _tables(rows, population, catalogue, parameters)
    of_firm = np.full(len(population.firms), -1)
    more = np.append(of_firm, [f["option"] for f in rows.firms]).astype(np.int16)
    enlarged = replace(population, firms=firms, posts=posts, moves=moves)
    return SitePlan(
        territory, enlarged, len(population.posts), week, planned, more, options, nodes, communes, firm_of
    )


def _open(option: Open, k: int, site: int, commune: int, population: Population, rows: _Rows) -> None:
    """The firms of a new site; posts of each kind are spread over them as evenly as can be."""
    first = len(population.firms) + len(rows.firms)
    left = [job.posts for job in option.jobs]
    for number in range(option.firms):
        share = [n // (option.firms - number) for n in left]
        if not any(share):  # kinds of fewer posts than firms are left
            share[int(np.argmax(left))] = 1
        left = [n - m for n, m in zip(left, share, strict=True)]
        sector = SECTORS.index(option.sector)
        firm_id = _firm_id(option.name, number)
        rows.firms.append({"firm_id": firm_id, "commune": commune, "site": site, "sector": sector,
                           "option": k, "posts": sum(share)})  # fmt: skip
        jobs = [j.model_copy(update={"posts": m}) for j, m in zip(option.jobs, share, strict=True) if m]
        _posts(jobs, first + number, firm_id, option.week, rows)


def _posts(jobs: Sequence[Jobs], firm: int, firm_id: int, week: int, rows: _Rows) -> None:
    """The posts of a firm kind by kind, with ids of their own namespace."""
    slot = 0
    for job in jobs:
        for _ in range(job.posts):
            rows.posts.append(
                {"post_id": (firm_id << SLOT_BITS) | slot, "firm": firm, "job": job, "week": week}
            )
            slot += 1


def _tables(
    rows: _Rows, population: Population, catalogue: ShiftCatalogue, parameters: Parameters
) -> tuple[Table, Table, Array, Array]:
    """Firms and posts with the new ones, the week of each post and which are planned, sorted by id."""
    firms, posts = population.firms, population.posts
    rows.posts.sort(key=lambda p: int(p["post_id"]))
    order = sorted(range(len(rows.firms)), key=lambda i: int(rows.firms[i]["firm_id"]))
    turn = {len(firms) + old: len(firms) + new for new, old in enumerate(order)}
    rows.firms = [rows.firms[i] for i in order]
    new_firms = _new_firms(rows.firms, firms, parameters)
    firms = _joined(firms, new_firms)  # always a copy: a firm that moves changes its row
    size = np.bincount(posts.firm[posts.active], minlength=len(firms))
    for p in rows.posts:
        p["firm"] = turn.get(p["firm"], p["firm"])
        size[p["firm"]] += 1
    added = np.bincount([p["firm"] for p in rows.posts], minlength=len(firms))
    more = firms.screening + np.floor(parameters["hire.opening_screening"] * added)
    firms.columns["screening"] = np.minimum(more, np.iinfo(np.int16).max).astype(np.int16)
    new_posts = _new_posts(rows.posts, firms, size, catalogue, parameters, posts)
    posts = _joined(posts, new_posts)
    known = len(population.posts)
    week = np.append(np.zeros(known, np.int32), [p["week"] for p in rows.posts]).astype(np.int32)
    planned = np.arange(len(posts)) >= known
    return firms, posts, week, planned


def _new_firms(new: list[dict[str, Any]], firms: Table, parameters: Parameters) -> Table:
    """Rows of new firms: what a scenario does not say is as in the first firm of the sector."""
    if not new:
        return Table.empty(firms.schema)
    like = [int(np.argmax((firms.sector == f["sector"]) & ~firms.external)) for f in new]
    columns = firms.take(np.array(like)).copy().columns
    for name in ("firm_id", "commune", "site", "sector"):
        columns[name] = np.array([f[name] for f in new])
    size, inside = np.array([f["posts"] for f in new]), np.zeros(len(new), bool)
    ids, kind = columns["firm_id"], np.digitize(size, SIZES)
    shape = FirmPlan(ids, columns["commune"], columns["site"], columns["sector"], kind, size, inside)
    made = shape.table(parameters, NEW_SEED)
    columns |= {name: made[name] for name in ("size_class", "external", "screening", "naf")}
    return Table.make(firms.schema, columns)


def _new_posts(
    new: list[dict[str, Any]], firms: Table, size: Array, catalogue: ShiftCatalogue, parameters: Parameters,
    posts: Table,
) -> Table:  # fmt: skip
    """Rows of new posts, not active yet: what a scenario does not say is usual for the domain."""
    if not new:
        return Table.empty(posts.schema)
    jobs: list[Jobs] = [p["job"] for p in new]
    firm = np.array([p["firm"] for p in new])
    names = [s.name for s in catalogue.shifts]
    skill = np.array([SKILLS.index(j.skill) for j in jobs])
    contract = np.array([CONTRACTS[j.contract] for j in jobs])
    shift = np.array([names.index(j.shift) for j in jobs])
    wage = _usual_wages(skill, contract, np.digitize(size[firm], SIZES), [j.shift for j in jobs], parameters)
    level = np.array([_usual_level(posts, s, c) for s, c in zip(skill, contract, strict=True)])
    kind = posts.skill.astype(int) * len(Contract) + posts.contract
    like = [int(np.argmax(kind == k)) for k in skill * len(Contract) + contract]
    columns = posts.take(np.array(like)).copy().columns
    columns |= {
        "post_id": np.array([p["post_id"] for p in new]),
        "firm": firm,
        "skill": skill,
        "shift": shift,
        "team": teams(NEW_SEED, catalogue, firms.firm_id, firm, shift),
        "contract": contract,
        "level": np.array([u if j.level is None else j.level for j, u in zip(jobs, level, strict=True)]),
        "wage_cents": np.rint([100.0 * (u if j.wage_eur is None else j.wage_eur)
                               for j, u in zip(jobs, wage, strict=True)]),
        "active": np.zeros(len(new), bool),
    }  # fmt: skip
    return Table.make(posts.schema, columns)


def _usual_wages(
    skill: Array, contract: Array, size_class: Array, shift: list[str], parameters: Parameters
) -> Array:
    """Net monthly wage usual for a domain, size and shift, at least the minimum; whole euros."""
    low = parameters["population.net_min_wage_eur"]
    base = np.array([WAGE_EUR[s] for s in SKILLS])[skill] * SIZE_WAGE[size_class] * MEAN_SEX_WAGE
    wage = np.maximum(low, base * np.array([SHIFT_WAGE.get(s, 1.0) for s in shift]))
    return np.rint(np.where(contract == Contract.APPRENTICESHIP, low * float(APPRENTICE_PAY.mean()), wage))


def _usual_level(posts: Table, skill: int, contract: int) -> int:
    """The level most often asked in a domain."""
    mine = posts.level[(posts.skill == skill) & (posts.contract == contract)]
    return int(np.bincount(mine).argmax()) if len(mine) else 0


def _joined(table: Table, more: Table) -> Table:
    both = {c: np.concatenate([v, more[c].astype(v.dtype)]) for c, v in table.columns.items()}
    return Table(table.schema, both)
