"""Turns an answer into an observation, as its row says."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from connectors.api.asset import asset
from connectors.gcp.names import location_of, published
from connectors.gcp.paths import Shape, read, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.api.signals import Signals
    from connectors.gcp.names import Names
    from connectors.gcp.rows import AssetRow, ListRow, Sign
    from connectors.model import Observation

_IDENTITY: Final = re.compile(r"[\w.-]+@[\w.-]+\.gserviceaccount\.com|(?:principal:)?//\S+|\S+\.id\.goog/\S+")
"""A service account, or an agent's own identity: https://cloud.google.com/iam/docs/principal-identifiers"""

_COMPUTE: Final = re.compile(r"https://(?:www|compute)\.googleapis\.com/\S+/(?P<last>[^/]+)")


def shape_of(row: AssetRow | ListRow) -> Shape:
    """What of a resource its row reads."""
    fields = row.fields
    single = (fields.id, fields.title, fields.created, fields.updated, fields.parent, "state", "labels.*")
    lists = (
        *fields.models,
        *(path for _, path in fields.references),
        *fields.hosts,
        *fields.identities,
        *fields.facts.values(),
    )
    signs = (sign.path for sign in (*row.only, *row.drop))
    workload = (*row.workload.images, *row.workload.variables) if row.workload else ()
    return Shape(path for path in (*single, *lists, *signs, *workload) if path)


class Describer:
    """Makes observations of resources.

    Args:
        names: Spells names.
        signals: What tells a workload that is wanted from the many that are not.
        holders: Service accounts that hold a role of some row: what runs as one of them is wanted too.
    """

    def __init__(self, names: Names, signals: Signals, holders: frozenset[str] = frozenset()) -> None:
        self.names = names
        self._signals = signals
        self._holders = holders

    def describe(
        self,
        row: AssetRow | ListRow,
        row_id: str,
        body: Mapping[str, Any],
        *,
        source: str,
        scope: str,
        found: Mapping[str, Any] | None = None,
        within: str = "",
    ) -> Observation | None:
        """The observation of a resource; None for the provider's own catalogue, and for a workload without a sign of AI.

        Args:
            row: Its row.
            row_id: The id that observations carry.
            body: The resource as its API writes it.
            source: Identity of its project.
            scope: What was asked.
            found: What the asset inventory says of it, which counts before the body.
            within: Relative name of the list that it stands in, for what is named without it.
        """
        outer, fields = found or {}, row.fields
        identities = [value for value in _values(body, fields.identities) if _IDENTITY.fullmatch(value)]
        signs = [f"{sign.called or sign.path} {value}" for sign, value in _seen(row.only, body)]
        signs += [f"runs as {one}" for one in identities if row.workload and one in self._holders]
        images, variables = self._workload(row, body)
        if _seen(row.drop, body) or ((row.only or row.workload) and not (signs or images or variables)):
            return None
        name = str(outer.get("name") or text(body, fields.id))
        native = self.names.full(name if "/" in name else f"{within}/{name}", row.api)
        models = _values(body, fields.models)
        named = [(value, api or row.api) for api, path in fields.references for value in texts(body, path)]
        refs = [self.names.reference(value, api) for value, api in [*named, *((model, row.api) for model in models)]]
        facts = {
            "region": str(outer.get("location") or location_of(native)),
            "created": str(outer.get("createTime") or text(body, fields.created)),
            "updated": str(outer.get("updateTime") or text(body, fields.updated)),
            "status": str(outer.get("state") or text(body, "state")),
        } | {fact: value for fact, path in fields.facts.items() if (value := _brief(text(body, path)))}
        seen = asset(
            row.kind, row_id, native, source=source, scope=scope,
            title=outer.get("displayName") or _titled(text(body, fields.title)) or native.rpartition("/")[2],
            tags=_labels(body, outer),
            parent=self._parent(row, body, outer),
            refs=[ref for ref in refs if ref not in {"", native}],
            models=[published(model) or self._own(model) for model in models],
            hosts=[host_of(value) for value in _values(body, fields.hosts)],
            identities=identities, snippet="; ".join(sorted(set(signs))),
            images=tuple(images), variables=tuple(variables), **facts,
        )  # fmt: skip
        keys = {key for found_keys in (*images.values(), *variables.values()) for key in found_keys}
        return replace(seen, matchers=(row_id, *sorted(keys)))

    def _workload(
        self, row: AssetRow | ListRow, body: Mapping[str, Any]
    ) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Images and names of variables that fit a signal, with the keys of what they fit."""
        if row.workload is None:
            return {}, {}
        images = {image: self._signals.of_image(image) for image in _values(body, row.workload.images)}
        variables = {name: self._signals.of_variable(name) for name in _values(body, row.workload.variables)}
        return {image: keys for image, keys in images.items() if keys}, {
            name: keys for name, keys in variables.items() if keys
        }

    def _own(self, model: str) -> str:
        """A model as written, with its project by id where it names one."""
        return self.names.with_ids(model) if "projects/" in model else model

    def _parent(self, row: AssetRow | ListRow, body: Mapping[str, Any], outer: Mapping[str, Any]) -> str:
        """The resource that this one is inside of; projects are sources, not parents."""
        if row.fields.parent:
            return self.names.reference(text(body, row.fields.parent), row.api)
        parent = str(outer.get("parentFullResourceName", ""))
        return "" if parent.startswith("//cloudresourcemanager.") else self.names.reference(parent, row.api)


def host_of(value: str) -> str:
    """The host of a URL, or the host itself."""
    return urlsplit(value).netloc if "://" in value else value


def _titled(written: str) -> str:
    """What people call it; of a resource's name the last part."""
    return written.rpartition("/")[2] if written.startswith("projects/") else written


def _brief(value: str) -> str:
    """A machine type without the URL that it is written with."""
    found = _COMPUTE.fullmatch(value)
    return found["last"] if found else value


def _seen(signs: Iterable[Sign], body: Mapping[str, Any]) -> list[tuple[Sign, str]]:
    return [
        (sign, value)
        for sign in signs
        for value in map(str, read(body, sign.path))
        if any(fnmatchcase(value.lower(), pattern.lower()) for pattern in sign.like)
    ]


def _values(body: Mapping[str, Any], paths: Iterable[str]) -> list[str]:
    return [value for path in paths for value in texts(body, path)]


def _labels(body: Mapping[str, Any], outer: Mapping[str, Any]) -> dict[str, str]:
    """Labels, and the tags that were bound to it or came down to it (`env` for `123/env`)."""
    bound = [
        *outer.get("tags", []),
        *(tag for group in outer.get("effectiveTags", []) for tag in group.get("effectiveTags", [])),
    ]
    tags = {
        tag["tagKey"].rpartition("/")[2]: tag["tagValue"].rpartition("/")[2]
        for tag in bound
        if "tagKey" in tag and "tagValue" in tag
    }
    labels = outer.get("labels") or body.get("labels") or {}
    return tags | {str(key): str(value) for key, value in labels.items() if isinstance(labels, dict)}
