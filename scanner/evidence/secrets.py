"""No secret gets into the pack, not even one that somebody wrote into the scope document or the ledger."""

from __future__ import annotations

from connectors.api.shapes import SECRET
from connectors.api.shapes import without_secrets as cut


def without_secrets(content: bytes) -> tuple[bytes, tuple[int, ...]]:
    """A text without what shows by its shape that it is a secret, and the lines where that stood.

    What is no text in UTF-8 stays as it is: it was made by us from texts that have come through here.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content, ()
    lines = tuple(dict.fromkeys(text.count("\n", 0, found.start()) + 1 for found in SECRET.finditer(text)))
    return (cut(text).encode(), lines) if lines else (content, ())
