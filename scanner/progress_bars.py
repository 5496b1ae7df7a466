"""What a person at a prompt sees while a scan works."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from scanner.collecting import Progress


@contextmanager
def progress(*, quiet: bool = False, stream: TextIO | None = None) -> Iterator[Progress]:
    """Shows a bar for each source while a scan works; silent where quiet is asked for or nobody watches.

    Args:
        quiet: Whether to tell nothing.
        stream: Where to; the error stream where none is named, so that what is printed can be piped on.
    """
    from scanner.collecting import Progress

    stream = stream or sys.stderr
    if quiet or not stream.isatty():
        yield Progress()
        return
    # A scan that nobody watches, as in CI, must not pay for drawing.
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    from scanner.reports.coverage_view import short

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(file=stream), transient=True) as bars:
        tasks = {}

        def planned(source: str, files: int) -> None:
            tasks[source] = bars.add_task(escape(short(source)), total=files)

        def advanced(source: str, files: int) -> None:
            bars.advance(tasks[source], files)

        yield Progress(planned, advanced)
