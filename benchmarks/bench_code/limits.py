"""The limits of DESIGN.md section 3, held against what was measured. Nothing here fails a run: it says reached or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench_code.cases import Figures, Linear, TreeFigures

_LARGE: Final = 10_000
_HUGE: Final = 50_000
_FILES_A_SECOND: Final = {False: 10_000, True: 2_700}
_TIMES_RIPGREP: Final = {False: 3, True: 10}
_START_UP_MS: Final = 120
_SMALL_SECONDS: Final = 0.5
_BEND: Final = 1.25
"""Cost counts as linear while the last MB costs at most this many times the first; DESIGN.md names no number."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit beside what was measured.

    Attributes:
        what: What was measured.
        limit: What it may be.
        measured: What it is.
        reached: Whether it keeps the limit; none where nothing could be compared.
    """

    what: str
    limit: str
    measured: str
    reached: bool | None


def judge(figures: Figures) -> list[Limit]:
    """Every limit that something was measured for."""
    return [
        *(limit for tree in figures.trees for limit in _tree(tree)),
        *(_start_up(figures) if figures.start_up else ()),
        *(_small(tree) for tree in figures.small),
        *(_linear(linear) for linear in figures.linear),
        *_memory(figures.trees),
    ]


def _tree(tree: TreeFigures) -> Iterator[Limit]:
    wall, wanted = tree.tools["aimscope"].wall, _FILES_A_SECOND[tree.ai]
    if tree.files >= _LARGE:
        speed = tree.files / wall
        yield Limit(f"{tree.title}: files a second", f"≥ {wanted:,}", f"{speed:,.0f}", speed >= wanted)
    if tree.files >= _HUGE:
        ripgrep, most = tree.tools.get("rg"), _TIMES_RIPGREP[tree.ai]
        times = wall / ripgrep.wall if ripgrep else None
        shown = "no ripgrep" if times is None else f"{times:.1f} x"
        yield Limit(f"{tree.title}: beside one rg pass", f"≤ {most} x", shown, None if times is None else times <= most)


def _start_up(figures: Figures) -> Iterator[Limit]:
    more = (figures.start_up["aimscope --version"].wall - figures.start_up["python -c pass"].wall) * 1000
    yield Limit("start-up beyond bare Python", f"≤ {_START_UP_MS} ms", f"{more:.0f} ms", more <= _START_UP_MS)


def _small(tree: TreeFigures) -> Limit:
    wall = tree.tools["aimscope"].wall
    return Limit(f"{tree.title}: whole scan", f"≤ {_SMALL_SECONDS} s", f"{wall:.2f} s", wall <= _SMALL_SECONDS)


def _linear(linear: Linear) -> Limit:
    first, *_, last = linear.steps
    bend = last / first if first > 0 else None
    shown = "too little to tell" if bend is None else f"{bend:.2f} x"
    title = f"full of AI, {linear.files:,} files" if linear.ai else f"without AI, {linear.files:,} files"
    reached = None if bend is None else bend <= _BEND
    return Limit(f"{title}: the last MB beside the first", f"≤ {_BEND} x", shown, reached)


def _memory(trees: list[TreeFigures]) -> Iterator[Limit]:
    """Memory should follow the largest task; DESIGN.md names no number, so this is not judged."""
    for ai in (False, True):
        measured = [(tree.files, tree.tools["aimscope"].together_mb) for tree in trees if tree.ai is ai]
        known = [(files, memory) for files, memory in measured if memory is not None]
        if len(known) > 1:
            (few, small), (many, large) = known[0], known[-1]
            what = f"memory {'full of' if ai else 'without'} AI, {few:,} to {many:,} files"
            yield Limit(what, "follows the largest task", f"{small:,.0f} to {large:,.0f} MB", None)
