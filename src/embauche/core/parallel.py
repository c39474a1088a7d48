"""Threads over blocks of rows: kernels release the GIL, each block writes its own cells.

Lives here: run_blocks, run_tree and the thread count. Not here: processes (analysis.runner).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any

BLOCKS_A_THREAD = 4
_state: dict[str, Any] = {"threads": None, "pool": None}


def set_threads(threads: int) -> None:
    """Use this many threads from now on; results do not depend on it."""
    if threads < 1:
        raise ValueError("threads must be at least 1")
    pool = _state["pool"]
    if pool is not None:
        pool.shutdown()
    _state.update(threads=threads, pool=None)


def get_threads() -> int:
    """The number of threads in use: set_threads, else EMBAUCHE_THREADS, else the cores."""
    if _state["threads"] is None:
        env = os.environ.get("EMBAUCHE_THREADS", "")
        _state["threads"] = int(env) if env.isdigit() and int(env) > 0 else (os.cpu_count() or 1)
    return int(_state["threads"])


def run_blocks(kernel: Callable[..., None], n: int, *args: Any, least: int = 2048) -> None:
    """Call kernel(lo, hi, *args) on blocks that cover range(n), on the threads in use.

    A kernel may write only cells of its own rows [lo, hi), so the result does not depend on
    the number of threads. Fewer rows than `least` are not worth a second thread.
    """
    threads = get_threads()
    if threads == 1 or n < least:
        kernel(0, n, *args)
        return
    pool = _pool()
    blocks = threads * BLOCKS_A_THREAD
    edges = [n * k // blocks for k in range(blocks + 1)]
    jobs = [pool.submit(kernel, lo, hi, *args) for lo, hi in pairwise(edges) if hi > lo]
    for job in jobs:
        job.result()


def run_tree(work: Callable[[int, int], list[tuple[int, int]]], parts: list[tuple[int, int]]) -> None:
    """Call work(lo, hi) on each part and on the parts that each call returns, on the threads in use.

    Parts do not overlap, and work writes only cells of its own part, so the result does not depend on
    the number of threads.
    """
    if get_threads() == 1:
        while parts:
            parts = [more for part in parts for more in work(*part)]
        return
    jobs: deque[Future[list[tuple[int, int]]]] = deque(_pool().submit(work, *part) for part in parts)
    while jobs:  # the oldest first: its parts join the queue while the others run
        jobs.extend(_pool().submit(work, *part) for part in jobs.popleft().result())


def _pool() -> ThreadPoolExecutor:
    if _state["pool"] is None:
        _state["pool"] = ThreadPoolExecutor(get_threads(), thread_name_prefix="embauche")
    pool: ThreadPoolExecutor = _state["pool"]
    return pool
