"""What a cell of an export says: a day, a number, an amount, hosts. Nothing in a cell is ever run."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_EPOCH: Final = re.compile(r"(\d{10})(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?\Z")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_MONTH: Final = re.compile(r"(?<!\d)(\d{1,2})[ \-/.]([a-z]{3})[a-z]*[ \-/.,]+(\d{4})(?!\d)", re.IGNORECASE)
_MONTH_DAY: Final = re.compile(
    r"(?:\A|\W)([a-z]{3})[a-z]*\.? +(\d{1,2})(?:,|(?!\d))(?:.*?(?<!\d)(\d{4})(?!\d))?", re.IGNORECASE
)
_SLASHES: Final = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?!\d)")
_NUMBER: Final = re.compile(r"-?\d[\d.,'\u2019 \u00a0\u202f]*")
_HOST: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:/?/?)?(?:[^/@\s?#]*@)?(?:\*\.)?((?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z][a-z0-9-]{1,62})\.?(?::\d+)?(?:[/?#].*)?\Z",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(r'="(.*)"\Z', re.DOTALL)
_CENTS: Final = 2
_MAX_MONTH: Final = 12


@lru_cache(maxsize=65536)
def day(text: str, today: date) -> str:
    """The day that a moment falls on, as it is written, in ISO 8601; empty where it is not told for sure.

    `03/04/2026` is two days in two countries, and stays unknown. Where the year is missing, it is the last in which the
    day was not in the future.

    Args:
        text: A moment in any usual form: ISO 8601, seconds since 1970 and their fractions, or with the month's name.
        today: The day of the scan.
    """
    text = text.strip().strip("[]\"'")
    if found := _EPOCH.match(text):
        return datetime.fromtimestamp(int(found[1]), UTC).date().isoformat()
    if found := _ISO.match(text):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.search(text):
        return _iso(int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := _MONTH_DAY.search(text):
        month, number = _MONTHS.get(found[1].lower(), 0), int(found[2])
        return _iso(int(found[3]), month, number) if found[3] else _lately(month, number, today)
    return _numbered(text)


def _numbered(text: str) -> str:
    """A day in numbers alone, where its order is beyond doubt."""
    found = _SLASHES.search(text)
    if found is None:
        return ""
    first, second, year = map(int, found.groups())
    if first == second or second > _MAX_MONTH:
        return _iso(year, first, second)
    return _iso(year, second, first) if first > _MAX_MONTH else ""


def _iso(year: int, month: int, number: int) -> str:
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return ""


def _lately(month: int, number: int, today: date) -> str:
    written = _iso(today.year, month, number)
    tomorrow = (today + timedelta(days=1)).isoformat()  # a log may be written east of here
    return written if written <= tomorrow else _iso(today.year - 1, month, number)


def cents(text: str) -> int | None:
    """An amount in hundredths; none where the cell holds none. `1.234,56 €`, `$1,234.56` and `(20.00)` are amounts."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = found[0].rstrip(" .,'\u2019\u00a0\u202f")
    whole, separator, fraction = digits, "", ""
    place = max(digits.rfind("."), digits.rfind(","))
    if place >= 0 and len(digits) - place - 1 <= _CENTS:
        whole, separator, fraction = digits[:place], digits[place], digits[place + 1 :]
    value = int("0" + re.sub(r"\D", "", whole)) * 100 + (int(fraction.ljust(_CENTS, "0")) if separator else 0)
    negative = digits.startswith("-") or text[: found.start()].rstrip(" $€£").endswith(("-", "("))
    return -value if negative else value


def count(text: str) -> int | None:
    """A whole number of things; none where the cell holds none."""
    amount = cents(text)
    return None if amount is None or amount < 0 else amount // 100


def host(text: str) -> str:
    """The host name in a URL, a host with its port, or a host alone; empty where it is none."""
    found = _HOST.match(text.strip())
    return found[1].lower() if found else ""


def hosts(text: str) -> tuple[str, ...]:
    """All host names in a cell that may list several."""
    return tuple(sorted({name for part in re.split(r"[\s,;|]+", text) if (name := host(part))}))


def written(text: str) -> str:
    """A cell's text, without what spreadsheets wrap around it: `="0012"` is written so that it stays `0012`."""
    text = text.strip()
    return found[1] if (found := _FORMULA.match(text)) else text
