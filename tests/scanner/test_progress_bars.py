from __future__ import annotations

import io

from scanner.progress_bars import progress as bars
from tests.scanner.test_report_terminal import Screen


def test_progress_is_silent_where_nobody_watches() -> None:
    for quiet, stream in ((False, io.StringIO()), (True, Screen())):
        with bars(quiet=quiet, stream=stream) as progress:
            progress.planned("repo:x", 10)
            progress.advanced("repo:x", 10)
        assert stream.getvalue() == ""


def test_progress_names_the_source_and_nothing_else() -> None:
    screen = Screen()
    with bars(stream=screen) as progress:
        progress.planned("repo:[bold]x[/bold]\x1b]8;;https://evil.example\x07", 10)
        progress.advanced("repo:[bold]x[/bold]\x1b]8;;https://evil.example\x07", 4)
    assert "[bold]x[/bold]" in screen.getvalue()
    assert "\x1b]" not in screen.getvalue()
