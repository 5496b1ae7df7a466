"""Whose model an identifier names, as the knowledge base's families know it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from connectors.code import tokens
from connectors.code.matchers import Region

if TYPE_CHECKING:
    from classifiers.catalog import Catalog


class KnownModel(NamedTuple):
    """A family that an identifier belongs to, and whose it is; both empty where nobody knows it."""

    family: str = ""
    provider: str = ""


class ModelNames:
    """Looks up model identifiers as clouds write them: bare, with a gateway's prefix, as an ARN or a resource name."""

    def __init__(self, catalog: Catalog) -> None:
        self._literals = [literal for literal in catalog.matchers.literals if literal.region is Region.MODEL]
        self._meanings = catalog.meanings
        self.of = lru_cache(maxsize=4096)(self._of)

    def _of(self, written: str) -> KnownModel:
        """The family and its provider; the longest literal that fits says most."""
        bare = model_name(written)
        lowered = bare.lower()
        fitting = [
            literal
            for literal in self._literals
            if literal.text in lowered and tokens.is_model(bare, literal.expression)
        ]
        if not fitting:
            return KnownModel()
        best = max(fitting, key=lambda literal: (len(literal.text), literal.key))
        meaning = self._meanings[best.key]
        return KnownModel(meaning.family, meaning.provider)


def model_name(written: str) -> str:
    """The identifier in a model reference: what stands behind the last slash of an ARN or a resource name."""
    is_path = written.startswith(("arn:", "//", "projects/", "/subscriptions/", "publishers/"))
    return written.rstrip("/").rpartition("/")[2] if is_path else written
