"""The state between weeks: room for added posts, and shifts that a scenario no longer knows."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import numpy as np

from embauche.labour.state import State, shifts_now


def _state(posts: int) -> State:
    values: dict[str, Any] = {f.name: np.zeros(3, np.int32) for f in fields(State) if f.name != "kept"}
    for name in ("active", "opening", "weeks_open", "wage_cents", "holder", "reshift"):
        values[name] = np.arange(posts).astype(np.int16 if name == "reshift" else np.int32)
    return State(**values, kept={"a.b@post": np.ones((posts, 2)), "a.c": np.ones(3)})


class _Posts:
    def __init__(self, wage_cents: np.ndarray[Any, Any]) -> None:
        self.wage_cents = wage_cents

    def __len__(self) -> int:
        return len(self.wage_cents)


def test_added_posts_are_vacant_and_not_active_and_old_ones_stay() -> None:
    state = _state(4)
    state.fit_posts(_Posts(np.array([1, 1, 1, 1, 150_000, 160_000])))  # type: ignore[arg-type]
    assert state.holder.tolist() == [0, 1, 2, 3, -1, -1]
    assert state.active.tolist() == [0, 1, 2, 3, 0, 0]
    assert state.wage_cents[4:].tolist() == [150_000, 160_000]
    assert state.kept["a.b@post"].sum() == 8
    assert len(state.kept["a.b@post"]) == 6
    assert len(state.kept["a.c"]) == 3


def test_a_changed_shift_that_no_post_at_the_site_has_is_forgotten() -> None:
    site, shift = np.array([0, 0, 1, 1]), np.array([2, 3, 2, 2], np.int16)
    state: Any = SimpleNamespace(reshift=np.array([3, -1, 3, 9], np.int16))
    posts: Any = SimpleNamespace(shift=shift, contract=np.zeros(4, np.int8))
    assert shifts_now(state, site, posts).tolist() == [3, 3, 2, 2]
    assert state.reshift.tolist() == [3, -1, -1, -1]
