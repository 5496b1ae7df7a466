"""Where tasks run: in this process, or in as many as there are processors."""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def executor(
    workers: int, tasks: int, prepare: Callable[..., None], arguments: tuple[object, ...]
) -> Iterator[Executor | None]:
    """An executor for so many tasks; none where this process alone is quicker.

    Args:
        workers: Processes at most; 0 for as many as there are processors.
        tasks: How many tasks there will be.
        prepare: What makes a process ready for them.
        arguments: Its arguments.
    """
    wanted = min(workers or processors(), tasks)
    if wanted <= 1 or tasks <= _FEW_TASKS:
        prepare(*arguments)
        yield None
        return
    # A forked worker inherits the compiled automaton; elsewhere each worker builds it once.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    if sys.platform == "linux":
        prepare(*arguments)
        pool = ProcessPoolExecutor(wanted, mp_context=context)
    else:
        pool = ProcessPoolExecutor(wanted, mp_context=context, initializer=prepare, initargs=arguments)
    with pool:
        yield pool


_FEW_TASKS = 2
