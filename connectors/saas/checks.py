"""What the present credentials can do, found out with a page a list; and what they would have to be allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.api.errors import ApiError
from connectors.model import Outcome
from connectors.saas.rows import read_vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from connectors.api.plugin import Check
    from connectors.saas.rows import Row, VendorLike
    from connectors.saas.target import Target


def checks(
    areas: Mapping[str, Sequence[Row]], ask: Callable[[Row], object], unset: Callable[[Row], str]
) -> Iterator[Check]:
    """One check a list; where the credentials are not accepted, nothing more is tried."""
    for area, rows in areas.items():
        for row in rows:
            what = f"{area}: {row.id}"
            if mend := unset(row):
                yield what, None, mend
                continue
            try:
                ask(row)
            except ApiError as error:
                yield what, _allowed(error, row), _mend(error, row)
                if error.expired:
                    return
            else:
                yield what, True, ""


def _allowed(error: ApiError, row: Row) -> bool | None:
    return None if error.outcome is Outcome.NOT_APPLICABLE and row.missing == "absent" else False


def _mend(error: ApiError, row: Row) -> str:
    denied = error.outcome is Outcome.DENIED or (error.outcome is Outcome.NOT_APPLICABLE and row.missing == "denied")
    grant = f"; grant {' or '.join(row.needs)}" if denied and row.needs and not error.expired else ""
    return f"{error.reason}{grant}"


def documents(vendors: Sequence[VendorLike], target: Target | None) -> tuple[tuple[str, str], ...]:
    """The least that the rows need, as a text a vendor: how to set up credentials, and what to allow, by product area.

    Raises:
        VendorError: A vendor's file is wrong.
    """
    from connectors.saas.target import Target as AnyTarget

    texts = []
    for given in vendors:
        vendor = read_vendor(given)
        if target is not None and target.vendor != vendor.name:
            continue
        areas = vendor.areas(target or AnyTarget(vendor=vendor.name, tenant="any"))
        lines = [vendor.api.setup, ""] if vendor.api.setup else []
        for area, rows in sorted(areas.items()):
            needs = sorted({" or ".join(one.needs) for row in rows for one in vendor.upward(row) if one.needs})
            lines += [f"{area}:", *(f"  {need}" for need in needs or ["nothing beyond being signed in"])]
        texts.append((f"{vendor.name}.txt", "\n".join(lines) + "\n"))
    return tuple(texts)
