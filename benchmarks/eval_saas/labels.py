"""The mentions of the data set and the hand-written answer for each."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from classifiers.product_names import plain_words, split_mentions

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
    labels = read_labels()
    times: Counter[str] = Counter()
    typed: dict[str, str] = {}
    for cell in read_cells(data, COLUMN):
        for mention in split_mentions(cell):
            key = " ".join(mention.split())
            times[key] += 1
            typed.setdefault(key, mention)
    if unlabelled := sorted(times.keys() - labels.keys()):
        raise EvaluationError(f"no label in {LABELS.name} for: {'; '.join(unlabelled)}")
    return [as_mention(typed[key], times[key], labels[key]) for key in sorted(times, key=str.lower)]


def as_mention(text: str, times: int, label: str) -> Mention:
    """A mention with what its label says; a product that the catalog lacks is a product all the same."""
    named = label not in {NOT_IN_CATALOG, NOT_A_PRODUCT}
    return Mention(text, times, frozenset(label.split("|")) if named else frozenset(), label != NOT_A_PRODUCT)


def read_labels(file: Path = LABELS) -> dict[str, str]:
    """The labels of a file by mention."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["mention"]: row["label"] for row in csv.DictReader(lines)}


def read_cells(data: Path, column: str) -> list[str]:
    """The cells of a column of a data set.

    Raises:
        EvaluationError: It cannot be read, or has no such column.
    """
    try:
        with data.open(encoding="utf-8-sig", newline="") as lines:
            return [row[column] or "" for row in csv.DictReader(lines)]
    except OSError as error:
        raise EvaluationError(f"{data}: {error.strerror}; name the file as `--help` says") from error
    except KeyError as error:
        raise EvaluationError(f"{data}: no column {error}; is it a file of the 2025 inventory?") from error


def normalised(mention: str) -> str:
    """A mention as two of them are held against each other: words without case, accents and marks."""
    return " ".join(plain_words(mention))
