"""Beds by waiting lists, written plainly: everybody asks in turn, residences drop whom they like least.

Lives here: the plain twin of labour.lets.allot. Not here: who wishes what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def fits(needs: Sequence[Sequence[bool]], free: Sequence[int]) -> bool:
    """Whether these lets leave no week with more sleepers than beds."""
    return all(sum(need[week] for need in needs) <= beds for week, beds in enumerate(free))


def beds(
    wishes: list[list[int]],
    needs: list[list[list[bool]]],
    free: list[list[int]],
    rank: Callable[[int, int], tuple[float, ...]],
) -> tuple[list[int], set[tuple[int, int]]]:
    """Which wish each gets, and (asker, wish) refused; a wish of -1 needs no bed.

    Args:
        wishes: of each asker, residences, best first.
        needs: of each wish, the weeks in which a bed is needed.
        free: of each residence, beds free by week.
        rank: (residence, asker) -> the lower, the sooner served.
    """
    at = [0] * len(wishes)
    refused: set[tuple[int, int]] = set()
    while True:
        before = list(at)
        for residence in range(len(free)):
            asks = [i for i in range(len(wishes)) if wishes[i][before[i]] == residence]
            kept: list[int] = []
            for i in sorted(asks, key=lambda i: rank(residence, i)):
                if fits([needs[j][before[j]] for j in [*kept, i]], free[residence]):
                    kept.append(i)
                else:
                    refused.add((i, before[i]))
                    at[i] += 1
        if at == before:
            return at, refused
