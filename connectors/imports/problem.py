"""What keeps a file from being imported."""

from __future__ import annotations


class ImportProblem(Exception):  # noqa: N818 - it is told to the user as coverage, and ends nothing
    """A file, or the rest of it, cannot be read. The message says what is wrong and the mend, without the file's text."""
