"""On what a benchmark ran."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import Any

from scanner import __version__


def machine(began: tuple[float, float, float]) -> dict[str, Any]:
    """When, where and under what load, given the load at the start."""
    affinity = getattr(os, "sched_getaffinity", None)
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "processors": len(affinity(0)) if affinity else os.cpu_count(),
        "load": {"before": began, "after": os.getloadavg()},
        "aimscope": __version__,
    }
