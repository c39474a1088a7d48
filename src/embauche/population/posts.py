"""Posts of firms: skill, contract, shift, team and wage.

Lives here: make_posts. Not here: firms, or who holds a post at the start (labour.start).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from embauche.core.shifts import ShiftCatalogue
from embauche.core.table import Table
from embauche.population.firms import FirmPlan
from embauche.population.levels import levels_asked
from embauche.population.margins import (
    APPRENTICE_SIZE,
    BLUE_COLLAR,
    CONTRACT_WEIGHT,
    SHIFT_WAGE,
    SIZE_WAGE,
    WAGE_EUR,
    shift_seed,
    skill_matrix,
)
from embauche.population.quotas import (
    SLOT_BITS,
    Array,
    Draw,
    calibrate,
    choose,
    group_rank,
    keyed,
    normals,
    rake,
    sample,
    stratified,
)
from embauche.population.schemas import POSTS, SECTORS, SKILLS, Contract

MEAN_SEX_WAGE = 0.97  # posts are not offered by sex: the mean of men's and women's wages
APPRENTICE_PAY = np.array([0.43, 0.51, 0.67, 1.0])  # of the minimum, FACTS: 27-100 % by age and year
_BLUE = np.array([s in BLUE_COLLAR for s in SKILLS])


def make_posts(
    firms: FirmPlan, shares: Array, catalogue: ShiftCatalogue, parameters: Mapping[str, float], seed: int,
    apprentices: int, idle: int = 0,
) -> Table:  # fmt: skip
    """Posts of the firms; each firm has its active slots first, then its spare ones.

    Args:
        firms: the firms.
        shares: the territory's shares of posts by sector, for firms of external zones [sector].
        catalogue: shifts; those of the default catalogue's names are used.
        parameters: `posts.*`, `population.*`.
        seed: seed of the draws.
        apprentices: apprenticeship posts that are active inside the territory.
        idle: of these, those that the caller sets inactive: shares of contracts are of the rest.
    """
    spare = firms.spare(parameters["posts.spare"])
    slots = firms.active + spare
    firm = np.repeat(np.arange(len(slots)), slots)
    slot = np.arange(len(firm)) - np.repeat(np.cumsum(slots) - slots, slots)
    post_id = (firms.firm_id[firm] << SLOT_BITS) | slot
    active = slot < firms.active[firm]
    external = firms.external[firm]
    sector = firms.sector[firm].astype(np.int64)
    # Outside, the mix of sectors is the territory's own.
    drawn = choose(
        stratified(seed, Draw.EXTERNAL, post_id[external]), shares[None, :], np.zeros(external.sum(), int)
    )
    sector[external] = drawn
    size = firms.size_class[firm]
    skill = choose(stratified(seed, Draw.POST_SKILL, post_id, sector * 2 + active), skill_matrix(), sector)
    contract = _contracts(seed, parameters, post_id, sector, size, active, external, apprentices, idle)
    shift = _shifts(seed, parameters, catalogue, post_id, sector, skill, active, contract)
    columns = {
        "post_id": post_id,
        "firm": firm,
        "skill": skill,
        "level": levels_asked(seed, post_id, skill, active),
        "shift": shift,
        "team": teams(seed, catalogue, firms.firm_id, firm, shift),
        "contract": contract,
        "wage_cents": wages(seed, parameters, catalogue, post_id, skill, size, shift, contract),
        "active": active,
    }
    return Table.make(POSTS, columns)


def _contracts(
    seed: int, parameters: Mapping[str, float], post_id: Array, sector: Array, size: Array, active: Array,
    external: Array, apprentices: int,
    idle: int,
) -> Array:  # fmt: skip
    weight = np.array([CONTRACT_WEIGHT[s] for s in SECTORS])[sector]
    out = np.full(len(post_id), int(Contract.CDI), np.int8)
    train = weight[:, 2] * APPRENTICE_SIZE[size] * ~external
    inactive = round(apprentices * float(train[~active].sum()) / max(float(train[active].sum()), 1e-9))
    for rows, total in ((active, apprentices), (~active, inactive)):
        p = np.zeros(len(out))
        p[rows] = calibrate(0.02 * train[rows], total)
        out[sample(seed, Draw.POST_CONTRACT, post_id, p, sector, step=20)] = Contract.APPRENTICESHIP
    for column, kind, name in ((1, Contract.AGENCY, "agency"), (0, Contract.CDD, "cdd")):
        p = np.zeros(len(out))
        for rows, of in ((active, active.sum() - idle), (~active, (~active).sum() + idle)):
            free = rows & (out == Contract.CDI)
            p[free] = calibrate(0.05 * weight[free, column], parameters[f"posts.{name}"] * of)
        out[sample(seed, Draw.POST_CONTRACT, post_id, p, sector * 2 + active, step=10 + int(kind))] = kind
    return out


def shift_targets(names: tuple[str, ...], counts: Array, parameters: Mapping[str, float]) -> Array:
    """Posts by shift that give the margins of atypical hours.

    2x8 and 3x8 follow from industry's blue-collar posts; 5x8, evening, weekend and shop shifts then
    fill night, evening, Sunday and Saturday work (Dares); split shifts and offices are from memory,
    the day shift has the rest.

    Args:
        names: names of shifts.
        counts: posts by sector and skill [sector, skill].
        parameters: `posts.*`.

    Returns:
        posts [shift name].
    """
    total = float(counts.sum())
    if not total:
        return np.zeros(len(names))
    blue = counts[:, _BLUE].sum(1)
    industry = float(blue[SECTORS.index("industry")]) * parameters["posts.shift_work_industry"]
    transport = float(blue[SECTORS.index("transport_logistics")])
    want = {
        k: parameters[f"posts.{k}"] * parameters["posts.atypical_ratio"]
        for k in ("saturday", "evening", "sunday", "night")
    }
    two = (0.65 * industry + 0.12 * transport) / total
    three = (0.35 * industry + 0.03 * transport) / total
    night = 0.12 * want["night"]
    five = max(0.01, want["night"] - three - night)
    evening = max(0.01, want["evening"] - two - three - five - night)
    weekend = max(0.008, want["sunday"] - evening - five)
    shop = max(0.02, want["saturday"] - weekend - evening - five)
    office = float(
        counts[:, [SKILLS.index(s) for s in ("administration", "management_law", "it_telecom")]].sum()
    )
    shares = {"two_by_eight": two, "three_by_eight": three, "five_by_eight": five, "night": night,
              "evening": evening, "weekend": weekend, "shop": shop, "split": 0.045,
              "office": 0.85 * office / total + 0.02}  # fmt: skip
    shares["day"] = max(0.02, 1.0 - sum(shares.values()))
    out = np.array([shares[n] for n in names])
    return np.asarray(out / out.sum() * total)


def _shifts(
    seed: int, parameters: Mapping[str, float], catalogue: ShiftCatalogue, post_id: Array, sector: Array,
    skill: Array, active: Array, contract: Array,
) -> Array:  # fmt: skip
    """Rows of the catalogue; shifts of other names than the default's are left to users' tables."""
    row = {s.name: i for i, s in enumerate(catalogue.shifts)}
    known = ("day", "office", "two_by_eight", "three_by_eight", "five_by_eight", "night", "weekend", "shop",
             "split", "evening")  # fmt: skip
    names = tuple(n for n in known if n in row)
    out = np.zeros(len(post_id), np.int16)
    trains = contract == Contract.APPRENTICESHIP
    if names:
        rows, columns = len(SECTORS), len(SKILLS)
        cell = sector * columns + skill
        start = shift_seed(names).reshape(rows * columns, len(names))
        counts = np.bincount(cell[active & ~trains], minlength=rows * columns).astype(float)
        empty = start.sum(1) == 0
        start[empty, 0] = 1.0
        targets = shift_targets(names, counts.reshape(rows, columns), parameters)
        shares = rake(start * counts[:, None], counts, targets)
        shares = np.where(counts[:, None] > 0, shares, start)
        v = stratified(seed, Draw.POST_SHIFT, post_id, cell * 4 + active * 2 + trains)
        out = np.array([row[n] for n in names], np.int16)[choose(v, shares, cell)]
    if "apprentice" in row:
        out[trains] = row["apprentice"]
    return out


def teams(seed: int, catalogue: ShiftCatalogue, firm_id: Array, firm: Array, shift: Array) -> Array:
    """Team of each post: a firm's posts of one shift take its teams in turn, from a keyed one on."""
    starts = [s.team_starts for s in catalogue.shifts]
    number = np.array([len(s) for s in starts])
    table = np.zeros((len(starts), int(number.max())), np.int64)
    for i, s in enumerate(starts):
        table[i, : len(s)] = s
    first = np.floor(keyed(seed, Draw.POST_TEAM, firm_id) * 60).astype(np.int64)
    turn = group_rank(np.asarray(firm, np.int64) * len(starts) + shift) + first[firm]
    return np.asarray(table[shift, turn % number[shift]])


def wages(
    seed: int, parameters: Mapping[str, float], catalogue: ShiftCatalogue, post_id: Array, skill: Array,
    size: Array, shift: Array, contract: Array,
) -> Array:  # fmt: skip
    """Net monthly wage offered, EUR cents (whole euros): log-normal, at least the net minimum wage.

    Apprentices have a share of the minimum wage.
    """
    low = parameters["population.net_min_wage_eur"]
    base = np.array([WAGE_EUR[s] for s in SKILLS])[skill] * SIZE_WAGE[size] * MEAN_SEX_WAGE
    premium = np.array([SHIFT_WAGE.get(s.name, 1.0) for s in catalogue.shifts])
    v = stratified(seed, Draw.POST_WAGE, post_id, skill)
    wage = np.maximum(low, base * premium[shift] * np.exp(parameters["population.wage_spread"] * normals(v)))
    paid = APPRENTICE_PAY[np.minimum((v * len(APPRENTICE_PAY)).astype(int), len(APPRENTICE_PAY) - 1)] * low
    return np.asarray(np.rint(np.where(contract == Contract.APPRENTICESHIP, paid, wage)) * 100.0)
