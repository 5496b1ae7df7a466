"""Identifiers of Azure Resource Manager in one spelling, and what they tell.

Resource Manager compares identifiers without regard to case, and services disagree about the case that they write
(https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules): here they are lower case.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_SUBSCRIPTION = "/subscriptions/"
_PROVIDERS = "/providers/"


def source_of(subscription: str) -> str:
    """Identity of a subscription as a source."""
    return f"account:azure:{subscription.lower()}"


def canonical(reference: str) -> str:
    """A reference in the one spelling: Resource Manager ids in lower case without a slash at the end, others as written."""
    if reference[:1] == "/" and _looks_managed(reference.lower()):
        return reference.lower().rstrip("/")
    return reference


def group_of(native_id: str) -> str:
    """The resource group of a canonical id, or the empty string."""
    return _after(native_id, "/resourcegroups/")


def parent_of(native_id: str) -> str:
    """The canonical id of the resource that this one is nested in, or the empty string for a resource of the top level."""
    head, _, tail = native_id.rpartition(_PROVIDERS)
    parts = tail.split("/")
    pairs = len(parts) // 2  # of type and name, after the namespace
    if pairs > 1 and len(parts) % 2:
        return f"{head}{_PROVIDERS}{'/'.join(parts[:-2])}"
    return head if _PROVIDERS in head else ""


def host_of(address: str) -> str:
    """The host of a URL or of a bare host name, in lower case; the empty string where it is neither."""
    text = address.strip()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host if "." in host and " " not in host else ""


def _looks_managed(low: str) -> bool:
    return low.startswith((_SUBSCRIPTION, _PROVIDERS))


def _after(native_id: str, mark: str) -> str:
    _, found, rest = native_id.partition(mark)
    return rest.split("/", 1)[0] if found else ""
