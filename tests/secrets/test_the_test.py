"""The search can fail: it finds what is there however it is packed, and redaction switched off is found out."""

from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from connectors.api.archive import Archive
from connectors.api.redact import Redactor
from tests.connectors.saas.fake_vendor import TOKEN, FakeVendor
from tests.connectors.saas.scanning import TOKEN_ENV, run
from tests.connectors.saas.scanning import connector as tenant
from tests.connectors.saas.test_answers import VENDORS, answers, serve
from tests.secrets.canaries import CONTENT, EMAIL, ENVIRONMENT, NEEDLES, OPAQUE, PERSON, PROMPT, SECRETS
from tests.secrets.planting import Planter
from tests.secrets.searching import leaks


def zipped(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner.json", json.dumps(text))
    return stream.getvalue()


def stored(text: str) -> bytes:
    """A database in which the text lies on more than one page."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE one (cell TEXT)")
        database.execute("INSERT INTO one VALUES (?)", ["x" * 4040 + text + "x" * 9000])
        database.commit()
        return database.serialize()


WAYS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "JSON": lambda text: "".join(f"\\u{ord(one):04x}" for one in text).encode(),
    "percent": lambda text: quote(text, safe="").replace("c", "%63").encode(),
    "entities": lambda text: "".join(f"&#{ord(one)};" for one in text).encode(),
    "base64": lambda text: b'{"key": "' + base64.b64encode(text.encode()) + b'"}',
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "zip": zipped,
    "zip in gzip": lambda text: gzip.compress(zipped(text)),
    "database": stored,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", [EMAIL, PROMPT, SECRETS["openai"]])
def test_what_is_written_is_found_however_it_is_packed(tmp_path: Path, way: str, text: str) -> None:
    (tmp_path / "report").write_bytes(WAYS[way](f"before {text} behind"))

    assert leaks(tmp_path)


@pytest.mark.parametrize("text", [*SECRETS.values(), EMAIL, PERSON, PROMPT, CONTENT, ENVIRONMENT, OPAQUE])
def test_every_canary_is_known_to_the_search(tmp_path: Path, text: str) -> None:
    (tmp_path / "report").write_text(text)

    assert leaks(tmp_path)


def test_what_is_harmless_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("gpt-4o of desk.owner@kept.example, arn:aws:bedrock:eu-west-1::foundation-model/x")

    assert not leaks(tmp_path)


def test_without_redaction_all_sorts_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Redactor, "__call__", lambda _, value: value)
    monkeypatch.setattr(Redactor, "person", lambda _, identifier: identifier)
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    vendor, planter = VENDORS["okta"], Planter(values=frozenset({"AppInstance"}))
    given = {row: planter(answer) for row, answer in answers("okta").items()}
    with FakeVendor() as fake:
        serve(fake, vendor, given)
        found = run(tenant(fake, "okta", archive=Archive.recording(tmp_path / "archive")))
    (tmp_path / "observations").write_text(repr(found.observations))

    told = "\n".join(leaks(tmp_path))

    assert all(what in told for what in ("address", "random part of a secret")), sorted(NEEDLES)
