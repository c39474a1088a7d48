"""Threads over blocks of rows: kernels release the GIL, each block writes its own cells.

Lives here: run_blocks, run_tree and the thread count. Not here: processes (analysis.runner).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import pairwise
from typing import Any

BLOCKS_A_THREAD = 4
_NAME = "embauche-pool"
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
    if _alone() or n < least:
        kernel(0, n, *args)
        return
    pool = _pool()
    blocks = get_threads() * BLOCKS_A_THREAD
    edges = [n * k // blocks for k in range(blocks + 1)]
    jobs = [pool.submit(kernel, lo, hi, *args) for lo, hi in pairwise(edges) if hi > lo]
    for job in jobs:
        job.result()


def run_tree(work: Callable[[int, int], list[tuple[int, int]]], parts: list[tuple[int, int]]) -> None:
    """Call work(lo, hi) on each part and on the parts that each call returns, on the threads in use.

    Parts do not overlap, and work writes only cells of its own part, so the result does not depend on
    the number of threads.
    """
    if _alone():
        while parts:
            parts = [more for part in parts for more in work(*part)]
        return
    running = {_pool().submit(work, *part) for part in parts}
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        running |= {_pool().submit(work, *part) for job in done for part in job.result()}


def _alone() -> bool:
    """Whether work is done here and now: one thread in use, or this is one of the pool's own.

    A thread of the pool that waited for others could wait for ever.
    """
    return get_threads() == 1 or threading.current_thread().name.startswith(_NAME)


def _pool() -> ThreadPoolExecutor:
    if _state["pool"] is None:
        _state["pool"] = ThreadPoolExecutor(get_threads(), thread_name_prefix=_NAME)
    pool: ThreadPoolExecutor = _state["pool"]
    return pool
