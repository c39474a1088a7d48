"""Mesa agents: firms, authorities and operators, and workers as views of their row.

Lives here: Worker, Firm, Authority, Operator. Not here: the rules of the week (labour, commuting).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from embauche.core.accounts import PUBLIC, head, operator
from embauche.model_accounts import settled
from embauche.population.schemas import Status

if TYPE_CHECKING:
    from embauche.model import Bassin

Array = np.ndarray[Any, Any]


class Worker:
    """A person as a view of her row: reads and writes the model's columns.

    Workers live in columns that kernels step at once; tests/naive holds the plain Mesa model
    with one agent object a worker, and both agree person by person.
    """

    __slots__ = ("model", "row")

    def __init__(self, model: Bassin, row: int) -> None:
        self.model = model
        self.row = row

    @property
    def worker_id(self) -> int:
        """Stable id."""
        return int(self.model.state.worker_id[self.row])

    @property
    def status(self) -> Status:
        """Activity status."""
        return Status(int(self.model.state.status[self.row]))

    @property
    def post_id(self) -> int:
        """Id of the post held, -1 if none."""
        post = int(self.model.state.post[self.row])
        return int(self.model.population.posts.post_id[post]) if post >= 0 else -1

    @property
    def age(self) -> int:
        """Age in full years."""
        return int(self.model.state.age_weeks[self.row]) // 52

    @property
    def licence(self) -> bool:
        """Whether she holds a driving licence (it counts from age 18)."""
        return bool(self.model.state.licence[self.row])

    @licence.setter
    def licence(self, value: bool) -> None:
        self.model.state.licence[self.row] = value

    @property
    def wage_ref_eur(self) -> float:
        """Usual net wage, EUR a month."""
        return float(self.model.state.wage_ref_cents[self.row]) / 100.0

    @wage_ref_eur.setter
    def wage_ref_eur(self, value: float) -> None:
        self.model.state.wage_ref_cents[self.row] = round(value * 100)

    @property
    def services(self) -> list[int]:
        """Service row of each of last week's 14 slots: -1 off, -2 missed shift."""
        week = self.model.week_travel
        return [-1] * 14 if week is None or self._new else [int(x) for x in week.chosen[self.row]]

    @property
    def missed(self) -> int:
        """Missed shifts of last week."""
        week = self.model.week_travel
        return 0 if week is None or self._new else int(week.missed[self.row])

    @property
    def _new(self) -> bool:
        """Whether she entered since the last week's trips, in the row of somebody who retired."""
        return self.worker_id != int(self.model.week_worker_id[self.row])

    def __repr__(self) -> str:
        return f"Worker({self.worker_id}, {self.status.name.lower()}, post {self.post_id})"


class Workers(Sequence[Worker]):
    """All persons by row; `model.workers[i]` is a view, made when asked."""

    def __init__(self, model: Bassin) -> None:
        self._model = model

    def __len__(self) -> int:
        return len(self._model.state.worker_id)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [Worker(self._model, i) for i in range(*row.indices(len(self)))]
        i = int(row)
        if not -len(self) <= i < len(self):
            raise IndexError(row)
        return Worker(self._model, i % len(self))

    def __iter__(self) -> Iterator[Worker]:
        return (Worker(self._model, i) for i in range(len(self)))


class Firm(mesa.Agent):  # type: ignore[misc]
    """An establishment: its posts are rows of the posts' columns."""

    def __init__(self, model: Bassin, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def firm_id(self) -> int:
        """Stable id."""
        return int(self._bassin.population.firms.firm_id[self.row])

    @property
    def _bassin(self) -> Bassin:
        bassin: Bassin = self.model
        return bassin

    @property
    def post_rows(self) -> Array:
        """Rows of its posts, inactive slots included."""
        lo, hi = self._bassin.firm_ptr[self.row], self._bassin.firm_ptr[self.row + 1]
        return self._bassin.firm_post[lo:hi]

    @property
    def posts(self) -> int:
        """Active posts."""
        return int(self._bassin.state.active[self.post_rows].sum())

    @property
    def filled(self) -> int:
        """Posts held."""
        return int((self._bassin.state.holder[self.post_rows] >= 0).sum())

    @property
    def vacant(self) -> int:
        """Active posts that nobody holds."""
        return self.posts - self.filled

    @property
    def wages_cents(self) -> Array:
        """Wage of each of its posts, EUR cents a month; writes go through `set_wage`."""
        return self._bassin.state.wage_cents[self.post_rows].copy()

    def set_wage(self, post_id: int, cents: int) -> None:
        """Change the wage of one of its posts.

        Raises:
            KeyError: the post is not the firm's.
        """
        rows = self.post_rows
        match = rows[self._bassin.population.posts.post_id[rows] == post_id]
        if not len(match):
            raise KeyError(post_id)
        self._bassin.state.wage_cents[match] = cents

    def __repr__(self) -> str:
        return f"Firm({self.firm_id}, {self.posts} posts, {self.vacant} vacant)"


class Operator(mesa.Agent):  # type: ignore[misc]
    """Who runs a system of a service; what it received and paid stands in the week's books.

    Attributes:
        name: the service.
        system: its system, "" where the service has only one.
    """

    def __init__(self, model: Bassin, name: str, system: str = "") -> None:
        super().__init__(model)
        self.name, self.system = name, system

    def cost_eur_week(self) -> float:
        """What it paid in the last week for drivers, energy, vehicles ..., EUR."""
        return _flow(self.model, lambda s, y, payer, payee: payer == self._account and not _public(payee))

    def fares_eur_week(self) -> float:
        """What users and their employers paid it in the last week, EUR."""
        return _flow(self.model, lambda s, y, payer, payee: payee == self._account and not _public(payer))

    @property
    def _account(self) -> str:
        return operator(self.name, self.system)


class Authority(mesa.Agent):  # type: ignore[misc]
    """A public account: a mobility authority, the region or the state.

    Attributes:
        account: its account in the books.
    """

    def __init__(self, model: Bassin, account: str) -> None:
        super().__init__(model)
        self.account = account

    @property
    def name(self) -> str:
        """An authority's name; region, state."""
        return self.account.partition(":")[2] or self.account

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Operators that it paid anything in the last week."""
        paid = {(s, y) for s, y, payer, *_ in settled(self.model)[0].entries if payer == self.account}
        return tuple(o for o in self.model.operators if (o.name, o.system) in paid)

    def public_cost_eur_week(self) -> float:
        """What it paid in the last week less what it received, EUR."""
        return -settled(self.model)[0].balances().get(self.account, 0) / 100.0


def _public(account: str) -> bool:
    return head(account) in PUBLIC


def _flow(model: Bassin, wanted: Callable[[str, str, str, str], bool]) -> float:
    """Euros of the last week's entries of (service, system, payer, payee) that are wanted."""
    entries = settled(model)[0].entries.items()
    return sum(cents for (s, y, payer, payee, _, _), cents in entries if wanted(s, y, payer, payee)) / 100.0
