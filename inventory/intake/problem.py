"""Why a file cannot be taken in."""

from __future__ import annotations


class IntakeError(Exception):
    """Nothing was imported; the message names the file, what is wrong and the mend."""
