"""What an answer of a network source must not hold when it leaves the connector.

Engines see only redacted answers, so that a replay of the archive gives the same report as the scan that wrote it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from functools import lru_cache
from typing import Any, Final

from connectors.api.shapes import HIDDEN, without_people, without_prompts, without_secrets

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

_PERSON_KEY: Final = frozenset({
    "createdby", "lastmodifiedby", "modifiedby", "updatedby", "submittedby", "approvedby", "requestedby", "grantedby", "installedby",
    "author", "authors", "creator", "committer", "user", "assignee", "assignedto", "actor", "reporter", "submitter", "manager", "contact",
})  # fmt: skip
"""Keys of objects that are people, or whoever did something."""

_NAME_KEY: Final = frozenset({
    "name", "displayname", "fullname", "realname", "givenname", "familyname", "firstname", "lastname", "surname", "nickname",
    "username", "login",
})  # fmt: skip
"""Keys of what a person is called, in such an object."""

PEOPLE_KEY: Final = "AIMSCOPE_PEOPLE_KEY"
"""Environment variable with the secret of the hashes that stand for people's addresses."""

_PERSON: Final = "person-"
_MAX_DEPTH: Final = 40
_MAX_TEXT: Final = 4096


class Redactor:
    """Redacts answers. Addresses of people become keyed hashes that join within one scan and tell nothing else.

    Args:
        key: Secret of the hashes; the same key gives the same hashes.
        keep: Keys, lower case, whose addresses stay: owners and approvers.
    """

    def __init__(self, key: bytes, keep: frozenset[str] = frozenset({"owner", "approver", "proposer"})) -> None:
        self._key = key
        self._keep = keep
        self._written = lru_cache(maxsize=8192)(self.text)  # keys of objects are few, and stand in every record

    def __call__(self, value: Any) -> Any:
        """The answer without secrets, content and people; of the same shape."""
        return self._redact(value, "", 0, names_only=False)

    def person(self, identifier: str) -> str:
        """What stands for a person whose identifier is no address; the same that stands for it elsewhere."""
        known = identifier.startswith(_PERSON)
        return identifier if known else self._hash(identifier)

    def text(self, written: str, key: str = "") -> str:
        """What a person wrote, without what shows by its shape that it is a secret, a prompt or an address.

        Args:
            written: The text.
            key: What it stands under, in lower case: addresses of owners stay.
        """
        text = without_prompts(without_secrets(written))
        return text if key in self._keep else without_people(text, self._hash)

    def _redact(self, value: Any, key: str, depth: int, *, names_only: bool) -> Any:
        low = key.lower().replace("_", "")
        if depth > _MAX_DEPTH or low in _CONTENT_TREE or (low in _SECRET_TREE and isinstance(value, dict)):
            return HIDDEN
        below = names_only or low in _VALUES_KEY
        if isinstance(value, dict):
            keys = _keys(value)
            redacted = {
                self._written(str(name)): self._redact(held, keys.get(name, str(name)), depth + 1, names_only=below)
                for name, held in value.items()
            }
            return self._unnamed(redacted) if low in _PERSON_KEY else redacted
        if isinstance(value, list | tuple):
            return [self._redact(item, key, depth + 1, names_only=below) for item in value]
        return self._text(value, key, low, names_only=names_only) if isinstance(value, str) and value else value

    def _unnamed(self, person: dict[str, Any]) -> dict[str, Any]:
        """A person without a name."""
        return {
            key: self.person(held)
            if isinstance(held, str) and held and key.lower().replace("_", "") in _NAME_KEY
            else held
            for key, held in person.items()
        }

    def _text(self, value: str, key: str, low: str, *, names_only: bool) -> str:
        if _PAGE_KEY.fullmatch(key):
            return value
        if low in _CONTENT_KEY or low.endswith(_CONTENT_END) or (names_only and low not in {"name", "key", "id"}):
            return HIDDEN
        # An identifier of AWS is no secret, whatever it identifies.
        if _SECRET_KEY.search(key) and not value.startswith("arn:"):
            return HIDDEN
        text = self.text(value, low)
        return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + HIDDEN

    def _hash(self, identifier: str) -> str:
        return _PERSON + hmac.new(self._key, identifier.lower().encode(), hashlib.sha256).hexdigest()[:12]


def redactor(organisation: str = "") -> Redactor:
    """Redacts with the key that the environment holds.

    Without one it is derived from the organisation's name: the same in every scan, and guessable by who tries addresses.
    """
    secret = os.environ.get(PEOPLE_KEY) or f"aimscope\0{organisation}"
    return Redactor(hashlib.sha256(secret.encode()).digest())


def _keys(value: dict[Any, Any]) -> dict[str, str]:
    """Under what key a value counts where a tag is written as a pair: `{"Key": "owner", "Value": "..."}`."""
    for name, held in (("Key", "Value"), ("key", "value")):
        if isinstance(tag := value.get(name), str) and held in value:
            return {held: tag}
    return {}
