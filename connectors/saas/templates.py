"""Placeholders in addresses, parameters and bodies: `{tenant}`, `{since}`, `{up.client_id}`, a parameter of the user's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

_NAME: Final = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")

WINDOW: Final = frozenset({
    "days", "yesterday", "since", "until", "since_day", "until_day", "since_unix", "until_unix", "since_ms", "until_ms",
})  # fmt: skip
"""Names that stand for the days that use and logs are read for."""


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days in UTC, so that every question of a day is the same question.

    Attributes:
        first: The first day.
        last: The last day, which is today.
    """

    first: date
    last: date

    @classmethod
    def ending(cls, today: str, days: int) -> Self:
        """The last days up to a day in ISO form."""
        last = date.fromisoformat(today)
        return cls(last - timedelta(days=days), last)

    def within(self, days: int) -> Window:
        """The same where it is no longer than so many days, else the last of them; 0 for no limit."""
        return Window(max(self.first, self.last - timedelta(days=days)), self.last) if days else self

    @property
    def values(self) -> dict[str, str]:
        """By the name of the placeholder: an instant, a day, seconds and milliseconds since 1970."""
        found = {"days": str((self.last - self.first).days), "yesterday": (self.last - timedelta(days=1)).isoformat()}
        for name, day in (("since", self.first), ("until", self.last)):
            instant = datetime.combine(day, time(), UTC)
            seconds = int(instant.timestamp())
            found |= {
                name: instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
                f"{name}_day": day.isoformat(),
                f"{name}_unix": str(seconds),
                f"{name}_ms": str(seconds * 1000),
            }
        return found


def names(template: Any) -> set[str]:
    """The names of all placeholders in a text, or in the texts of a JSON value."""
    if isinstance(template, str):
        return set(_NAME.findall(template))
    if isinstance(template, dict):
        return set().union(*(names(value) for value in template.values()))
    if isinstance(template, list | tuple):
        return set().union(*(names(value) for value in template))
    return set()


def fill(template: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders filled in as they are."""
    return _NAME.sub(lambda found: values.get(found[1], ""), template)


def fill_path(template: str, values: Mapping[str, str]) -> str:
    """A path with its placeholders filled in and quoted, so that none adds a segment or parameters of its own.

    A tenant may be a path of groups, as in GitLab, whose slash is quoted too.
    """
    return _NAME.sub(lambda found: _segment(values.get(found[1], "")), template)


def fill_all(template: Any, values: Mapping[str, str]) -> Any:
    """A JSON value with the placeholders of its texts filled in."""
    if isinstance(template, str):
        return fill(template, values)
    if isinstance(template, dict):
        return {key: fill_all(value, values) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [fill_all(value, values) for value in template]
    return template


def _segment(value: str) -> str:
    # Dots alone would climb out of the path.
    return quote(value, safe="") if value.strip(".") else ""
