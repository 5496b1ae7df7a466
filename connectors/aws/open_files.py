"""How many connections may stay open: an estate in all Regions has more hosts than a shell lets a process have files."""

from __future__ import annotations

from typing import Final

_MOST_HOSTS: Final = 2000
_WANTED: Final = 4096


def hosts_kept() -> int:
    """To how many hosts connections may be kept: to no more than half of the files that this process may open.

    It asks the system for as many as all AI services in all Regions take: many systems allow 256 or 1024 unless asked.
    """
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return _MOST_HOSTS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _MOST_HOSTS
    allowed = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft < allowed:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
            soft = allowed
        except (OSError, ValueError):  # a sandbox that forbids it
            pass
    return min(_MOST_HOSTS, soft // 2)
