"""What shows by its shape that it must not be written: secrets, addresses of people, and prompts pasted where a name stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

HIDDEN: Final = "…"
"""What stands for what was cut out."""

_MIXED: Final = r"(?=[\w-]{0,200}[a-z])(?=[\w-]{0,200}[A-Z])"
_KEYS: Final = {
    # OpenAI, Anthropic, DeepSeek, LiteLLM; never `sk-learn-…`
    "sk-": rf"sk-(?=[\w-]{{0,200}}\d)(?:(?=[\w-]{{0,200}}[A-Za-z0-9]{{20}})|{_MIXED})[\w-]{{20,}}",
    "sk_ rk_ pk_": r"(?:sk|rk|pk)_(?:live|test)_\w{16,}",
    "xox": r"xox[abeprs]-[\w-]{10,}", "xapp-": r"xapp-[\w-]{20,}",
    "ghp_ gho_ ghs_ ghu_ ghr_": r"gh[opsur]_\w{30,}", "github_pat_": r"github_pat_\w{30,}",
    "glpat- gldt- glrt- glft- glsoat-": r"gl(?:pat|dt|rt|ft|soat)-[\w-]{20,}",
    "hf_": r"hf_\w{30,}", "aiza": r"AIza[\w-]{35}", "ya29.": r"ya29\.[\w-]{20,}", "gocspx-": r"GOCSPX-[\w-]{20,}",
    "akia asia": r"(?:AKIA|ASIA)[A-Z0-9]{16}\b", "dapi": r"dapi[0-9a-f]{32}", "pat-": r"pat-(?:na|eu|ap)\d-[\w-]{30,}",
    "ntn_": r"ntn_\w{30,}", "secret_": r"secret_\w{40,}", "gsk_": r"gsk_\w{40,}", "xai-": r"xai-\w{40,}", "r8_": r"r8_\w{30,}",
    "nvapi-": r"nvapi-[\w-]{40,}", "pplx-": r"pplx-\w{40,}", "tvly-": r"tvly-[\w-]{20,}", "pcsk_": r"pcsk_\w{30,}",
    "lsv2_": r"lsv2_(?:pt|sk)_\w{30,}", "npm_": r"npm_\w{36}", "pypi-": r"pypi-[\w-]{50,}", "sg.": r"SG\.[\w-]{20,}\.[\w-]{30,}",
    "eyj": r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*", "hooks.slack": r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]+",
    "/webhooks/": r"discord(?:app)?\.com/api/webhooks/[\w/-]+",
}  # fmt: skip
"""Keys of services: how they begin, in lower case, and their whole shape."""

_SIGNS: Final = (*(sign for signs in _KEYS for sign in signs.split()), "-----begin", "@", "=", "bearer", "basic")
"""What stands in every text that holds a secret: most texts hold none of these, and are not searched further."""

_ASSIGNED: Final = (
    r"(?:password|passwd|pwd|secret[_-]?key|secret[_-]?access[_-]?key|client[_-]?secret|api[_-]?key|account[_-]?key|shared[_-]?access[_-]?key"
    r"|shared[_-]?access[_-]?signature|access[_-]?token|auth[_-]?token|refresh[_-]?token|(?<=[?&])(?:sig|key|token|code))\s*=\s*[\"']?"
)

SECRET: Final = re.compile(
    rf"\b(?:{'|'.join(_KEYS.values())})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?"
    # Who signs in, in a URL: not the user whom every server of git has, and not what stands before a digest of an image.
    rf"|(?<=://)(?!(?:git|hg|{HIDDEN})@)[^\s/?#\"'<>]+(?=@(?!sha\d+:))"
    rf"|(?P<before>(?<![A-Za-z0-9])(?:(?i:{_ASSIGNED})|(?:Bearer|Basic)\s+(?=\S*\d)(?=\S{{16}})))(?!{HIDDEN})[^\s;&,\"'<>]{{4,}}"
)
"""Secrets wherever they stand: people paste them into names, tags and descriptions."""

_LOCAL: Final = r"[\w.%+-]+"
_FILE: Final = r"png|jpe?g|gif|svg|webp|js|ts|json|ya?ml|toml|txt|onnx|bin|safetensors|gguf|csv|parquet|ipynb|xml|pdf|html|css|tf|lock|java|h5|pkl"
ADDRESS: Final = re.compile(
    # A name, and the address in brackets, as mail programs and version control write them.
    r"(?:\"?(?:[^\W\d_a-z][\w.'\u2019-]*,?\s+){0,3}[^\W\d_a-z][\w.'\u2019-]*\"?\s+[<(](?=[\w.%+-]+@))?"
    # No user of a server of git, no version of a package, no file of an image at twice its size.
    rf"(?<![\w.%+-])(?!(?:git|hg)@)(?P<address>{_LOCAL}(?:@|%40)(?!v?\d+\.\d)"
    rf"(?:[A-Za-z0-9-]+\.)+(?!(?:{_FILE})(?![\w-]))[A-Za-z]{{2,}}(?![A-Za-z0-9-]))[>)]?"
)
"""Addresses of people, with the name before them where they have one; `address` is the address."""

_MACHINE: Final = re.compile(r"\.(?:gserviceaccount\.com|iam\.amazonaws\.com)\Z", re.IGNORECASE)
"""Ends of addresses that are a machine's."""

_PROMPT: Final = re.compile(r"\bYou are (?:an?|the|now|my|our)\b[\s\S]*")
"""How system prompts begin; what follows is more of it."""


def without_secrets(text: str) -> str:
    """A text whose secrets are cut out."""
    low = text.lower()
    return SECRET.sub(_cut, text) if any(sign in low for sign in _SIGNS) else text


def without_people(text: str, instead: Callable[[str], str]) -> str:
    """A text in which something stands for every address of a person.

    Args:
        text: The text.
        instead: What stands for an address.
    """
    if "@" not in text and "%40" not in text:
        return text

    def replaced(found: re.Match[str]) -> str:
        return found[0] if _MACHINE.search(found["address"]) else instead(found["address"].replace("%40", "@"))

    return ADDRESS.sub(replaced, text)


def without_prompts(text: str) -> str:
    """A text without the prompt that begins in it."""
    return _PROMPT.sub(HIDDEN, text) if "You are " in text else text


def harmless(text: str) -> str:
    """A text without secrets and addresses, where no key is at hand to tell one person from another."""
    return without_people(without_secrets(text), lambda _: HIDDEN)


def _cut(found: re.Match[str]) -> str:
    return f"{found['before'] or ''}{HIDDEN}"
