"""Where tasks run: in this process, or in as many as there are processors."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FEW_TASKS: Final = 2
_WATCH_SECONDS: Final = 0.5


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
    if not tasks:
        yield None
        return
    wanted = min(workers or processors(), tasks)
    if wanted <= 1 or tasks <= _FEW_TASKS:
        prepare(*arguments)
        yield None
        return
    # A forked worker inherits the compiled automaton; elsewhere each worker builds it once.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    if sys.platform == "linux":
        prepare(*arguments)
        pool = ProcessPoolExecutor(wanted, mp_context=context, initializer=_leave_with, initargs=(os.getpid(),))
    else:
        pool = ProcessPoolExecutor(wanted, mp_context=context, initializer=prepare, initargs=arguments)
    with pool:
        yield pool


def _leave_with(parent: int) -> None:
    """Ends this worker when the process that started it is gone: a killed scan leaves nothing running."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
