"""What an answer of a network source must not hold when it leaves the connector.

Engines see only redacted answers, so that a replay of the archive gives the same report as the scan that wrote it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any, Final

_SECRET_KEY: Final = re.compile(
    r"secret(?!.?(?:name|arn|id|ref|uri|path)s?$)|passw|token(?!s$|.?(?:type|count|limit|usage|count|limit|id)s?$)|credential(?!.?(?:type|arn|name|id)s?$)"
    r"|api.?keys?(?:value)?$|private.?key|connection.?string|sas.?uri|authori[sz]ation|signature|certificate(?:data)?$",
    re.IGNORECASE,
)
"""Keys whose values may be secrets; names, ARNs and counts of such things are evidence."""

_PAGE_KEY: Final = re.compile(
    r"next.?(?:page|batch)?.?(?:token|marker)|(?:page|sync).?token|\$?skip.?token|next.?link", re.IGNORECASE
)
"""Keys that say where the next page starts: without them nothing can be listed, nor replayed."""

_CONTENT_KEY: Final = frozenset({
    "prompt", "systemprompt", "instruction", "instructions", "prompttemplate", "basePromptTemplate".lower(), "templatetext",
    "inputtext", "outputtext", "messages", "transcript", "completion", "userdata", "definitionbody", "emailbody", "body",
    "customerinput", "initialinstruction", "textcontent", "documentcontent", "systeminstruction", "systemmessage",
})  # fmt: skip
"""Keys that hold what people or prompts say."""

_CONTENT_END: Final = ("prompt", "instruction", "instructions")

_CONTENT_TREE: Final = frozenset({
    "templateconfiguration", "promptoverrideconfiguration", "inlinecode", "apischema", "functionschema", "question",
    "systemprompt", "parsingprompt", "modelcardcontent", "contenttemplate", "csvinputtemplate", "jsoninputtemplate",
    "selectsqlquery", "customdisambiguationmessage",
})  # fmt: skip
"""Keys below which stands nothing but what people, prompts or programs say."""

_SECRET_TREE: Final = frozenset({"credential", "credentials"})
"""Keys below which everything may be a secret, whatever it is called."""

_VALUES_KEY: Final = frozenset({"environment", "env", "environmentvariables", "appsettings", "envvars", "variables"})
"""Keys below which names are evidence and values never are."""

_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_MACHINE: Final = re.compile(r"\.(?:gserviceaccount\.com|iam\.amazonaws\.com)\Z", re.IGNORECASE)
SECRET_SHAPE: Final = re.compile(
    r"\b(?:sk-[\w-]{20,}|xox[abeprs]-[\w-]{10,}|gh[opsur]_\w{30,}|github_pat_\w{30,}|gl(?:pat|dt|rt)-[\w-]{20,}|hf_\w{30,}"
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}|dapi[0-9a-f]{32}|pat-(?:na|eu|ap)\d-[\w-]{30,}|ntn_\w{30,}|secret_\w{40,}"
    r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*"
)
"""Secrets that show by their shape, wherever they stand: people paste them into names and descriptions."""

_PERSON: Final = "person-"
_MAX_DEPTH: Final = 40
_MAX_TEXT: Final = 4096
HIDDEN: Final = "…"


class Redactor:
    """Redacts answers. Addresses of people become keyed hashes that join within one scan and tell nothing else.

    Args:
        key: Secret of the hashes; the same key gives the same hashes.
        keep: Keys, lower case, whose addresses stay: owners and approvers.
    """

    def __init__(self, key: bytes, keep: frozenset[str] = frozenset({"owner", "approver", "proposer"})) -> None:
        self._key = key
        self._keep = keep

    def __call__(self, value: Any) -> Any:
        """The answer without secrets, content and people; of the same shape."""
        return self._redact(value, "", 0, names_only=False)

    def person(self, identifier: str) -> str:
        """What stands for a person whose identifier is no address; the same that stands for it elsewhere."""
        known = identifier.startswith(_PERSON)
        return identifier if known else self._hash(identifier)

    def _redact(self, value: Any, key: str, depth: int, *, names_only: bool) -> Any:
        low = key.lower().replace("_", "")
        if depth > _MAX_DEPTH or low in _CONTENT_TREE or (low in _SECRET_TREE and isinstance(value, dict)):
            return HIDDEN
        below = names_only or low in _VALUES_KEY
        if isinstance(value, dict):
            keys = _keys(value)
            return {
                str(name): self._redact(held, keys.get(name, str(name)), depth + 1, names_only=below)
                for name, held in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._redact(item, key, depth + 1, names_only=below) for item in value]
        return self._text(value, key, low, names_only=names_only) if isinstance(value, str) and value else value

    def _text(self, value: str, key: str, low: str, *, names_only: bool) -> str:
        if _PAGE_KEY.fullmatch(key):
            return value
        if low in _CONTENT_KEY or low.endswith(_CONTENT_END) or (names_only and low not in {"name", "key", "id"}):
            return HIDDEN
        # An identifier of AWS is no secret, whatever it identifies.
        if _SECRET_KEY.search(key) and not value.startswith("arn:"):
            return HIDDEN
        text = value if len(value) <= _MAX_TEXT else value[:_MAX_TEXT] + HIDDEN
        text = SECRET_SHAPE.sub(HIDDEN, text)
        return text if low in self._keep or "@" not in text else _ADDRESS.sub(self._hashed, text)

    def _hashed(self, address: re.Match[str]) -> str:
        if _MACHINE.search(address[0]):
            return address[0]
        return self._hash(address[0])

    def _hash(self, identifier: str) -> str:
        return _PERSON + hmac.new(self._key, identifier.lower().encode(), hashlib.sha256).hexdigest()[:12]


def _keys(value: dict[Any, Any]) -> dict[str, str]:
    """Under what key a value counts where a tag is written as a pair: `{"Key": "owner", "Value": "..."}`."""
    for name, held in (("Key", "Value"), ("key", "value")):
        if isinstance(tag := value.get(name), str) and held in value:
            return {held: tag}
    return {}
