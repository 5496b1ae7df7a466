"""The time that a scan says it is; `SOURCE_DATE_EPOCH` sets it (reproducible-builds.org), so that reports repeat."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def now() -> datetime:
    """The present time in UTC, to the second."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch and epoch.isdigit() else datetime.now(UTC)
    return moment.replace(microsecond=0)


def iso(moment: datetime) -> str:
    """ISO 8601 with `Z`."""
    return moment.isoformat().replace("+00:00", "Z")
