"""A second list, which nobody had read: what agencies wrote for vendors and systems in their inventory of use cases.

Two samples of 200, drawn without looking and labelled before the matcher had run on them. The catalog was widened between
the first and the second, so the second says how it does on mentions that have shaped nothing.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from benchmarks.eval_saas.labels import EvaluationError, Mention, as_mention, normalised, read_cells, read_labels
from classifiers.product_names import split_mentions

COLUMNS: Final = ("vendor_name", "system_name_ato")
SAMPLES: Final = (Path(__file__).with_name("register_first.csv"), Path(__file__).with_name("register_second.csv"))
SIZE: Final = 200
SEED: Final = 42001


def load_samples(data: Path) -> tuple[list[Mention], ...]:
    """Draws the samples again and joins their labels.

    Raises:
        EvaluationError: The data set cannot be read, or a sample is not the one that was labelled.
    """
    drawn = _drawn(data)
    return tuple(_labelled(file, drawn[number * SIZE : (number + 1) * SIZE]) for number, file in enumerate(SAMPLES))


def _drawn(data: Path) -> list[str]:
    """The distinct mentions of both columns in the order in which they were drawn, without those of the first list."""
    known = {normalised(mention) for mention in read_labels()}
    typed: dict[str, str] = {}
    for row in zip(*(read_cells(data, column) for column in COLUMNS), strict=True):
        for mention in (mention for cell in row for mention in split_mentions(cell)):
            if (key := normalised(mention)) not in known:
                typed.setdefault(key, " ".join(mention.split()))
    order = sorted(typed)
    random.Random(SEED).shuffle(order)
    return [typed[key] for key in order]


def _labelled(file: Path, mentions: list[str]) -> list[Mention]:
    labels = read_labels(file)
    if strange := sorted(set(mentions) - labels.keys()):
        raise EvaluationError(f"{file.name} has no label for: {'; '.join(strange)}; is it the inventory of April 2026?")
    return [as_mention(mention, 1, labels[mention]) for mention in sorted(mentions, key=str.lower)]
