"""Tokens around a literal, and whether a token is what a matcher asks for.

Model identifiers come with prefixes of gateways, registries and clouds: they are taken off before the expression of a
matcher is applied, and the identifier is reported whole, as written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

_TOKEN_BYTES: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/@+-~")
_URL_BYTES: Final = _TOKEN_BYTES | frozenset(b"%?=&#{}$,;!*[]()")
_REGION_PREFIX: Final = re.compile(r"^(us|eu|apac|ap|jp|au|in|ca|us-gov|global)\.", re.IGNORECASE)
_FINE_TUNED: Final = re.compile(r"^ft:([^:\s]+)(:[^\s]*)?$", re.IGNORECASE)
_PROVIDER_PREFIX: Final = re.compile(r"^[a-z][\w.-]*:(?=\S)", re.IGNORECASE)
_NPM_SCOPE: Final = re.compile(r"@(?!(?:cf|hf)/)")
"""What begins so is a package of npm; Cloudflare writes models with two scopes of its own."""
_MAX_MODEL: Final = 160


def token(content: bytes, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Bounds of the identifier-like token around `start` to `end`, inside `low` to `high`."""
    return _expand(content, start, end, low, high, _TOKEN_BYTES)


def url_token(content: bytes, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Bounds of the URL-like token around `start` to `end`, inside `low` to `high`."""
    return _expand(content, start, end, low, high, _URL_BYTES)


def _expand(content: bytes, start: int, end: int, low: int, high: int, allowed: frozenset[int]) -> tuple[int, int]:
    while start > low and content[start - 1] in allowed:
        start -= 1
    while end < high and content[end] in allowed:
        end += 1
    return start, end


@lru_cache(maxsize=4096)
def expression(pattern: str) -> re.Pattern[str]:
    """The compiled pattern, case-insensitive, for a whole token."""
    return re.compile(rf"(?:{pattern})\Z", re.IGNORECASE)


def bare_models(written: str) -> list[str]:
    """What a written model identifier may be without its prefixes, the whole first."""
    forms = [written]
    if tuned := _FINE_TUNED.match(written):
        forms.append(tuned[1])
    forms += [form[provider.end() :] for form in forms if (provider := _PROVIDER_PREFIX.match(form))]
    for form in list(forms):
        rest = form
        while "/" in rest:
            rest = rest.partition("/")[2]
            forms.append(rest)
    forms += [_REGION_PREFIX.sub("", form) for form in forms if _REGION_PREFIX.match(form)]
    return forms


def is_model(written: str, pattern: str) -> bool:
    """Whether a token is a model identifier of a pattern, with or without prefixes."""
    if len(written) > _MAX_MODEL or "://" in written or _NPM_SCOPE.match(written):
        return False
    matches = expression(pattern).match
    return any(matches(form) for form in bare_models(written))


def host_in(url: str, host: str) -> bool:
    """Whether a URL or bare host names `host`; a host that starts with a dot stands for any name below it."""
    lowered = url.lower()
    at = lowered.find(host)
    if at < 0:
        return False
    before, after = lowered[:at], lowered[at + len(host) :]
    if after[:1].isalnum() or after[:1] in {"-", "_", "@"} or (after[:1] == "." and after[1:2].isalnum()):
        return False
    if host.startswith("."):
        # A string that begins with the domain is put behind a name: `"https://" + region + ".api.example.com"`.
        return before == "" or (bool(re.search(r"(^|[/@.\w-])[\w$%{}()*<>-]+$", before)) and not before.endswith("@"))
    return before == "" or before.endswith(("//", "@")) or bool(re.search(r"://[^/\s]*@$", before))


def redacted_url(url: str) -> str:
    """Scheme, host and path of a URL: no user, no password, no query, no fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not parts.scheme or not parts.netloc:
        return url.partition("?")[0].partition("#")[0]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def image_repository(reference: str) -> str:
    """Repository of a container image reference, without tag, digest and Docker Hub's registry."""
    name = reference.removeprefix("docker://").partition("@")[0]
    head, slash, tail = name.rpartition("/")
    name = head + slash + tail.partition(":")[0]
    for registry in ("docker.io/library/", "index.docker.io/", "registry-1.docker.io/", "docker.io/"):
        name = name.removeprefix(registry)
    return name.lower()
