"""What the catalog of products makes of a name. Names alone suggest; they never say what a thing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Suggestion(NamedTuple):
    """A product that a name may mean.

    Attributes:
        product: Its id, opaque to the connector.
        name: What people call it.
        score: 0 to 100: how alike they are; 100 is the same name.
        descriptor: What stands on a card statement for this product and no other, where the name is that; else empty.
    """

    product: str
    name: str
    score: float
    descriptor: str = ""


class Products(Protocol):
    """Looks names up in a catalog of products."""

    def suggest(self, name: str) -> Sequence[Suggestion]:
        """The products that a name may mean, the most alike first; none where nothing is alike."""


class NoProducts:
    """Knows none."""

    def suggest(self, name: str) -> Sequence[Suggestion]:  # noqa: ARG002 - the protocol's signature
        """None."""
        return ()
