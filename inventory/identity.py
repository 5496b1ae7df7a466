"""Who acts, and how that is known."""

from __future__ import annotations

import base64
import getpass
import json
import re
import subprocess
import time
import unicodedata
from typing import TYPE_CHECKING

from inventory.decision import Identity, IdentityProof

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOKEN_VARIABLE = "AIMSCOPE_ID_TOKEN"  # noqa: S105 - the name of a variable, not a token
"""Environment variable in which a CI job hands over the OpenID Connect token that its platform issued."""

_GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
_NAME_CLAIMS = ("actor", "user_login")
_WITH_ADDRESS = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<address>[^<>]+)>\s*")


class IdentityError(Exception):
    """It cannot be told who acts; the message says how to name yourself."""


def resolve(by: str, repository: Path, environment: Mapping[str, str]) -> Identity:
    """Who acts: `--by`, else the CI job's token, else git's user of the repository, else the user of the machine.

    An identity counts as `oidc` only when the token in `AIMSCOPE_ID_TOKEN` names as its issuer the platform that the
    environment says the job runs on, and has not expired. Its signature is not checked here (that needs the network):
    the line is as trustworthy as the job that wrote it. Everything else is `asserted`. Signed commits are verified by
    the one who reads the version control history.

    Args:
        by: What the user typed, or the empty string.
        repository: The folder of the scope document.
        environment: The process's environment.

    Raises:
        IdentityError: Nobody is named, or the token is not one that this job can have.
    """
    if by.strip():
        return Identity(" ".join(by.split()))
    if token := environment.get(TOKEN_VARIABLE, ""):
        return Identity(_name_in_token(token, environment), IdentityProof.OIDC)
    return Identity(_git_user(repository) or _machine_user())


def same_person(one: Identity, other: Identity) -> bool:
    """Whether two identities may be the same person: in doubt they are, because nobody approves for themselves.

    Two identities with addresses are compared by address; else one shared name, address or login is enough.
    """
    first, second = _parts(one.name), _parts(other.name)
    if first[1] and second[1]:
        return first[1] == second[1]
    return bool({part for part in first if part} & {part for part in second if part})


def _parts(name: str) -> tuple[str, str]:
    """Name and address of `Ann Lee <ann@example.org>`, comparable; an address alone is also a name."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    if match := _WITH_ADDRESS.fullmatch(plain):
        return match["name"], match["address"]
    return (plain, plain) if "@" in plain else (plain, "")


def _name_in_token(token: str, environment: Mapping[str, str]) -> str:
    claims = _claims(token)
    issuer = _issuer(environment)
    if not issuer or claims.get("iss") != issuer:
        what = f"the token in {TOKEN_VARIABLE} was not issued by the platform that this job runs on"
        raise IdentityError(f"{what}: unset it, or name yourself with --by.")
    expires = claims.get("exp")
    if not isinstance(expires, int) or expires < time.time():
        raise IdentityError(
            f"the token in {TOKEN_VARIABLE} has expired: request a new one, or name yourself with --by."
        )
    for claim in _NAME_CLAIMS:
        if isinstance(name := claims.get(claim), str) and name.strip():
            return " ".join(name.split())
    raise IdentityError(f"the token in {TOKEN_VARIABLE} names nobody: name yourself with --by.")


def _issuer(environment: Mapping[str, str]) -> str:
    if environment.get("GITHUB_ACTIONS") == "true":
        return _GITHUB_ISSUER
    if environment.get("GITLAB_CI") == "true":
        return environment.get("CI_SERVER_URL", "")
    return ""


def _claims(token: str) -> dict[str, object]:
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise IdentityError(
            f"{TOKEN_VARIABLE} holds no OpenID Connect token: unset it, or name yourself with --by."
        ) from None
    return claims


def _git_user(repository: Path) -> str:
    name, address = _git_config(repository, "user.name"), _git_config(repository, "user.email")
    return f"{name} <{address}>" if name and address else name or address


def _git_config(repository: Path, key: str) -> str:
    command = ["git", "-C", str(repository), "config", "--get", key]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return " ".join(answer.stdout.split())


def _machine_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise IdentityError("nobody is named: name yourself with --by 'NAME <ADDRESS>'.") from error
