"""The mentions of the data set and the hand-written answer for each."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from classifiers.product_names import split_mentions

LABELS: Final = Path(__file__).with_name("labels.csv")
COLUMN: Final = "Name of Commercial Product or Service Used"
NOT_IN_CATALOG: Final = "not in catalog"
NOT_A_PRODUCT: Final = "not a product"


class EvaluationError(Exception):
    """The evaluation cannot run; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A distinct mention.

    Attributes:
        text: As it was typed.
        times: How often it stands in the data.
        products: Ids that are right, all of which the mention names or may mean; empty where no product is.
        real: Whether it names a product at all, of the catalog or not.
    """

    text: str
    times: int
    products: frozenset[str]
    real: bool


def load_mentions(data: Path) -> list[Mention]:
    """Reads the data set, splits its cells and joins the labels.

    Raises:
        EvaluationError: The data set cannot be read, or a mention has no label.
    """
    labels = _labels()
    times: Counter[str] = Counter()
    typed: dict[str, str] = {}
    for cell in _cells(data):
        for mention in split_mentions(cell):
            key = " ".join(mention.split())
            times[key] += 1
            typed.setdefault(key, mention)
    if unlabelled := sorted(times.keys() - labels.keys()):
        raise EvaluationError(f"no label in {LABELS.name} for: {'; '.join(unlabelled)}")
    return [_mention(typed[key], times[key], labels[key]) for key in sorted(times, key=str.lower)]


def _mention(text: str, times: int, label: str) -> Mention:
    named = label not in {NOT_IN_CATALOG, NOT_A_PRODUCT}
    return Mention(text, times, frozenset(label.split("|")) if named else frozenset(), label != NOT_A_PRODUCT)


def _labels() -> dict[str, str]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {row["mention"]: row["label"] for row in csv.DictReader(file)}


def _cells(data: Path) -> list[str]:
    try:
        with data.open(encoding="utf-8-sig", newline="") as file:
            return [row[COLUMN] or "" for row in csv.DictReader(file)]
    except OSError as error:
        raise EvaluationError(f"{data}: {error.strerror}; name the file with --data or AIMSCOPE_OMB_COTS") from error
    except KeyError as error:
        raise EvaluationError(f"{data}: no column {error}; is it cots_use_cases.csv of the 2025 inventory?") from error
