"""`python -m benchmarks.eval_saas`: match, score, print."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.eval_saas.labels import EvaluationError, load_mentions
from benchmarks.eval_saas.peers import peers
from benchmarks.eval_saas.register import load_samples
from benchmarks.eval_saas.score import Score, known, score
from classifiers.product_names import ProductNames
from classifiers.products import load_products

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.eval_saas.labels import Mention

VARIABLE: Final = "AIMSCOPE_OMB_COTS"
REGISTER: Final = "AIMSCOPE_OMB_USE_CASES"
RESULTS: Final = Path(__file__).resolve().parents[1] / "results" / "eval_saas.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the evaluation; 2 where the data set is missing or not labelled."""
    options = _options(arguments)
    try:
        mentions = load_mentions(options.data)
        samples = load_samples(options.register or options.data.with_name("individual_use_cases.csv"))
    except EvaluationError as error:
        print(error, file=sys.stderr)
        return 2
    products = load_products()
    names = ProductNames(products)
    result = score(mentions, names)
    blind = [score(sample, names) for sample in samples]
    counted = sum(not product.attest for product in products.by_id.values())
    print(f"{len(products.by_id)} products in the catalog, {counted} of them with sourced identifiers and features")
    print(f"{len(mentions)} distinct mentions, {result.real[0]} of a product; with repeats {result.real[1]}\n")
    print(f"{'':<24}{'recognised':>22}{'with repeats':>22}{'matched wrongly':>18}")
    _row("aimscope", result.recognised, result.wrong, result.real)
    for peer in [] if options.own else peers():
        right, wrong = known(mentions, peer.knows)
        _row(peer.name, right, wrong, result.real)
    print(f"\nfirst suggestion right where nothing was identified: {result.suggested[0]} of {len(result.missed)}")
    _faults("matched wrongly", result.mistaken)
    _faults("missed, with suggestions", result.missed)
    for ordinal, part in zip(("first", "second"), blind, strict=True):
        print(f"\n{ordinal} sample of the register: {len(samples[0])} mentions, {part.real[0]} of a product")
        _row("aimscope", part.recognised, part.wrong, part.real)
        _faults("matched wrongly", part.mistaken)
        _faults("missed, with suggestions", part.missed)
    _write({"cots": result, "register_first": blind[0], "register_second": blind[1]})
    return 0


def _row(name: str, right: Sequence[int], wrong: Sequence[int], real: Sequence[int]) -> None:
    shares = [f"{part} of {whole}  {part / whole:>7.1%}" for part, whole in zip(right, real, strict=True)]
    print(f"{name:<24}{shares[0]:>22}{shares[1]:>22}{wrong[0]:>18}")


def _faults(title: str, faults: Sequence[tuple[Mention, str]]) -> None:
    print(f"\n{title}: {len(faults)}")
    for mention, detail in faults:
        print(f"  {mention.times:>3}  {' '.join(mention.text.split()):<56} {detail}")


def _write(results: dict[str, Score]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    content = {name: asdict(result) for name, result in results.items()}
    RESULTS.write_text(json.dumps(content, indent=2, default=sorted) + "\n")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eval_saas", description=__doc__)
    default = os.environ.get(VARIABLE, "cots_use_cases.csv")
    parser.add_argument(
        "--data", type=Path, default=Path(default), metavar="FILE", help=f"cots_use_cases.csv (default: ${VARIABLE})"
    )
    register = os.environ.get(REGISTER)
    parser.add_argument(
        "--register",
        type=Path,
        default=Path(register) if register else None,
        metavar="FILE",
        help=f"individual_use_cases.csv (default: ${REGISTER}, else beside the other file)",
    )
    parser.add_argument("--own", action="store_true", help="only aimscope, without the other name lists")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
