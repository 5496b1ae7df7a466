"""Clones a repository that lies elsewhere: without history, with a token that its own host alone ever sees.

git itself follows no redirect here. It would send the token along to wherever a host points, another host included.
A renamed repository is followed by hand, on its own host only, and what it is called by now is told.
"""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from connectors.api.errors import ApiError
from connectors.code import git
from connectors.code.errors import SourceError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    from connectors.api.access import Access

_OPTIONS: Final = (
    "--quiet", "--depth", "1", "--no-tags", "--single-branch", "--no-recurse-submodules", "--template=",
)  # fmt: skip
_STATUS: Final = re.compile(r"returned error: (\d{3})")
_COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")
_BROKEN: Final = re.compile(r"index-pack|early EOF|inflate|bad object|corrupt|expected 'packfile'", re.IGNORECASE)
_UNKNOWN: Final = re.compile(r"Authentication failed|could not read (?:Username|Password)")
_REFUSED: Final = re.compile(r"Permission denied|Host key verification failed")
_USER: Final = re.compile(r"//[^/@\s]*@")
_MOVED: Final = frozenset({301, 302, 307, 308})
_DENIED: Final = frozenset({401, 403})
_LATER: Final = frozenset({429, 502, 503, 504})
_MOST_MOVES: Final = 3
_WAITS: Final = (1.0, 4.0, 15.0)
"""Seconds before a repeat of what the host was too busy for; git does not tell what its `Retry-After` asks for."""
_SECONDS: Final = 30.0
_REFS: Final = "/info/refs"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What git said, and under which URL.

    Attributes:
        run: The process.
        url: Where the repository really lies.
        status: HTTP status with which the host refused, or 0 where it did not, or speaks no HTTP.
    """

    run: CompletedProcess[str]
    url: str
    status: int


def head(url: str, access: Access) -> str:
    """The commit at which a repository's default branch is, by one question; empty where that is not answered."""
    try:
        answer = _ask(url, access, lambda there: ["ls-remote", "--quiet", "--", there, "HEAD"])
    except SourceError:
        return ""
    commit = answer.run.stdout.partition("\t")[0].strip()
    return commit if _COMMIT.fullmatch(commit) else ""


def has_branches(url: str, access: Access) -> bool:
    """Whether a repository has any branch, by one question.

    Raises:
        SourceError: That is not answered.
    """
    answer = _ask(url, access, lambda there: ["ls-remote", "--quiet", "--heads", "--", there])
    if answer.run.returncode:
        raise _refusal(url, answer)
    return bool(answer.run.stdout.strip())


def clone(url: str, target: Path, access: Access, *, bare: bool = False) -> str:
    """Clones a repository, and gives the URL under which it really lies.

    Args:
        url: Its URL.
        target: Folder that does not exist yet.
        access: Proves who asks.
        bare: Whether to leave out the working tree.

    Raises:
        SourceError: It cannot be cloned; the message names the mend.
    """
    options = (*_OPTIONS, "--bare") if bare else _OPTIONS
    answer = _ask(url, access, lambda there: ["clone", *options, "--", there, str(target)])
    if answer.run.returncode:
        raise _refusal(url, answer)
    return answer.url


def _ask(url: str, access: Access, arguments: Callable[[str], list[str]]) -> _Answer:
    """Asks a host, patiently: what has moved on it is followed, what it is too busy for is repeated.

    Raises:
        SourceError: A token is named and not there, or the repository has moved to another host.
    """
    moves, waits, renewed = 0, list(_WAITS), False
    while True:
        proof = _proof(url, access)
        run = git.run(arguments(url), credentials=_settings(url, proof, access))
        answer = _Answer(run, url, _status(run) if run.returncode else 0)
        if answer.status in _MOVED and moves < _MOST_MOVES:
            url = _moved(url, proof, access)
            moves += 1
        elif answer.status in _LATER and waits:
            time.sleep(waits.pop(0) * random.uniform(0.5, 1.0))  # noqa: S311 - spreads repeats, hides nothing
        elif answer.status in _DENIED and proof and not renewed and access.renewed(proof):
            renewed = True
        else:
            return answer


def _status(run: CompletedProcess[str]) -> int:
    """The HTTP status with which a host refused, or 0; git asks for a user name where the host said 401."""
    found = _STATUS.search(run.stderr)
    if found:
        return int(found[1])
    return 401 if _UNKNOWN.search(run.stderr) else 0


def _proof(url: str, access: Access) -> str:
    """The header that proves who asks; none on a connection that is not encrypted."""
    if urlsplit(url).scheme != "https":
        return ""
    try:
        return access.authorization()
    except ApiError as error:
        raise SourceError(f"{_shown(url)}: {error.reason}", error.outcome) from error


def _settings(url: str, proof: str, access: Access) -> dict[str, str]:
    """The token as git takes it from its environment, for that host alone: no list of processes and no file has it."""
    trusted = {"GIT_SSL_CAINFO": access.ca_bundle} if access.ca_bundle else {}
    if not proof:
        return trusted
    parts = urlsplit(url)
    key = f"http.{parts.scheme}://{parts.netloc.rpartition('@')[2]}/.extraHeader"
    return {
        **trusted,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": key,
        "GIT_CONFIG_VALUE_0": f"Authorization: {proof}",
    }


def _moved(url: str, proof: str, access: Access) -> str:
    """Where the host says that a repository lies by now.

    Raises:
        SourceError: On another host, or it does not say.
    """
    import requests

    parts = urlsplit(url)
    plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")
    try:
        with requests.get(
            plain + _REFS, params={"service": "git-upload-pack"}, headers={"Authorization": proof} if proof else {},
            auth=lambda request: request, allow_redirects=False, stream=True, timeout=_SECONDS, verify=access.ca_bundle or True,
        ) as answer:  # fmt: skip
            there = urlsplit(urljoin(plain + _REFS, answer.headers.get("Location", "")))
    except requests.RequestException as error:
        raise SourceError(f"{_shown(url)}: did not say where it has moved ({type(error).__name__})") from error
    same = (there.scheme, there.hostname, there.port) == (parts.scheme, parts.hostname, parts.port)
    encrypted = (there.scheme, there.hostname) == ("https", parts.hostname) and parts.scheme == "http"
    if not same and not encrypted:
        raise SourceError(f"{_shown(url)}: has moved to the host {there.netloc}; name it there if that is meant")
    if not there.path.endswith(_REFS):
        raise SourceError(
            f"{_shown(url)}: leads to {there.path}, where no repository is; check the URL and your access"
        )
    return urlunsplit((there.scheme, there.netloc.rpartition("@")[2], there.path.removesuffix(_REFS), "", ""))


def _refusal(url: str, answer: _Answer) -> SourceError:
    """What a failed clone means."""
    shown, said, status = _shown(url), answer.run.stderr.strip(), answer.status
    last = _shown(said.splitlines()[-1] if said else "git clone failed")
    if status in _DENIED or _REFUSED.search(said):
        why = f"the host does not let these credentials clone it ({status or last})"
        return SourceError(f"{shown}: {why}; give them read access to its code", Outcome.DENIED)
    if status in _LATER:
        return SourceError(f"{shown}: the host was too busy for longer than the repeats ({status}); scan again")
    if _BROKEN.search(said):
        return SourceError(f"{shown}: what the host has of it is damaged ({last}); run `git fsck` on the host")
    return SourceError(f"{shown}: {last}; check the URL and your access with `git ls-remote`")


def _shown(text: str) -> str:
    """A text without the user and password of a URL in it."""
    return _USER.sub("//", text)
