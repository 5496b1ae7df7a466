"""`python -m benchmarks.eval_code`: fetch, scan, score, print."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import track

from benchmarks.eval_code import report
from benchmarks.eval_code.fetch import FetchError, unpack
from benchmarks.eval_code.labels import Labels, Package, load
from benchmarks.eval_code.scanners import OWN, Aimscope, Airom, Scanner, ShadowScan, ask
from benchmarks.eval_code.score import Score

if TYPE_CHECKING:
    from collections.abc import Sequence

SCANNERS: Final[tuple[Scanner, ...]] = (Aimscope(), Airom(), ShadowScan())


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the evaluation; 1 where a package could not be fetched as labelled."""
    options = _options(arguments)
    labels = load()
    packages = [package for package in labels.packages if not options.only or package.name in options.only]
    scanners = [scanner for scanner in SCANNERS if not options.own or scanner.name == OWN]
    for scanner in scanners:
        scanner.prepare()
    scores = [Score(scanner.name) for scanner in scanners]
    try:
        for package in track(packages, "scanning", console=Console(stderr=True), transient=True):
            _evaluate(package, labels, scanners, scores)
    except FetchError as error:
        print(error, file=sys.stderr)
        return 1
    report.show(scores, packages, all_faults=options.all_faults)
    if not options.only:
        report.write(scores, packages)
    return 0


def _evaluate(package: Package, labels: Labels, scanners: Sequence[Scanner], scores: Sequence[Score]) -> None:
    # Outside the project's work tree: scanners honour the .gitignore of a tree above the folder.
    with tempfile.TemporaryDirectory(prefix="eval-code-") as temporary:
        folder = unpack(package, Path(temporary))
        for scanner, score in zip(scanners, scores, strict=True):
            score.add(package, ask(scanner, folder, Path(temporary) / f"{scanner.name}.json"), labels)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eval_code", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="only this package; may be given again")
    parser.add_argument("--own", action="store_true", help="only aimscope, without the other scanners")
    parser.add_argument("--all-faults", action="store_true", help="print the other scanners' faults too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
