"""Every way to sign in, with secrets from where the user named them, sent to the vendor alone."""

from __future__ import annotations

import json
import sys
from base64 import b64decode, urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.model import Outcome
from tests.connectors.saas.fake_vendor import TOKEN, Asked, FakeVendor, Fault
from tests.connectors.saas.scanning import TOKEN_ENV, a_vendor, ask, scan

SECRET = "a-client-secret-that-must-never-be-written"


@pytest.fixture(scope="module")
def key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def gives_tokens(fake: FakeVendor, path: str = "/token", life: int = 3600) -> list[Asked]:
    """The fake gives tokens, numbered; what asked for them."""
    asked: list[Asked] = []

    def answer(one: Asked) -> Any:
        asked.append(one)
        return 200, {"access_token": f"given-{len(asked)}", "expires_in": life}, {}

    fake.routes[path] = answer
    return asked


def claims(assertion: str) -> dict[str, Any]:
    body = assertion.split(".")[1]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return decoded


def sent(fake: FakeVendor) -> set[str]:
    return {one.headers.get("authorization", "") for one in fake.asked if one.path == "/things"}


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"style": "token"}, "authorization", f"Bearer {TOKEN}"),
        ({"style": "token", "prefix": "SSWS "}, "authorization", f"SSWS {TOKEN}"),
        ({"style": "token", "header": "x-api-key", "prefix": ""}, "x-api-key", TOKEN),
    ],
)
def test_a_token_in_a_header(fake: FakeVendor, auth: dict[str, Any], header: str, value: str) -> None:
    fake.one("/things", [])

    ask(fake, a_vendor({}, auth=[auth], headers={"x-version": "2026"}))

    assert fake.asked[0].headers[header] == value
    assert fake.asked[0].headers["x-version"] == "2026"


def test_a_password(fake: FakeVendor) -> None:
    fake.one("/things", [])

    ask(fake, a_vendor({}, auth=[{"style": "basic", "user": "{username}/token"}]), username="jo@example.com")

    (header,) = sent(fake)
    assert b64decode(header.removeprefix("Basic ")).decode() == f"jo@example.com/token:{TOKEN}"


def test_a_command_prints_the_token(fake: FakeVendor, tmp_path: Path) -> None:
    fake.one("/things", [])
    count = tmp_path / "count"
    program = f"import pathlib; p = pathlib.Path({str(count)!r}); p.write_text(p.read_text() + 'x' if p.exists() else 'x'); print('printed')"

    ask(
        fake,
        a_vendor({}, {"area": "more", "path": "/more"}),
        token_env="",
        token_command=(sys.executable, "-c", program),
    )

    assert sent(fake) == {"Bearer printed"}
    assert count.read_text() == "x", "it runs once a scan"


@pytest.mark.parametrize(
    "program", ["raise SystemExit(3)", "print()", "print('two\\nlines')", "import sys; sys.stderr.write('x' * 9)"]
)
def test_a_command_that_gives_no_token(fake: FakeVendor, program: str) -> None:
    record = ask(fake, a_vendor({}), token_env="", token_command=(sys.executable, "-c", program)).covered("things")

    assert record.outcome is Outcome.FAILED
    assert "token_command" in record.reason
    assert not fake.asked


def test_a_command_that_is_not_there(fake: FakeVendor) -> None:
    record = ask(fake, a_vendor({}), token_env="", token_command=("no-such-program",)).covered("things")

    assert "FileNotFoundError" in record.reason


def test_client_credentials(fake: FakeVendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT_SECRET", SECRET)
    given = gives_tokens(fake)
    fake.one("/things", [])
    auth = {
        "style": "client_credentials",
        "token_url": "https://login.example/token",
        "scope": "all",
        "form": {"account_id": "{tenant}"},
    }

    ask(
        fake, a_vendor({}, {"area": "more", "path": "/more"}, auth=[auth]), hosts=("login.example",), token_env="",
        client_id="me", client_secret_env="CLIENT_SECRET",
    )  # fmt: skip

    assert [one.body for one in given] == [
        {
            "grant_type": "client_credentials",
            "scope": "all",
            "account_id": "acme",
            "client_id": "me",
            "client_secret": SECRET,
        }
    ]
    assert sent(fake) == {"Bearer given-1"}


def test_zoom_signs_in_with_its_own_grant(fake: FakeVendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT_SECRET", SECRET)
    given = gives_tokens(fake, "/oauth/token")

    scan(fake, "zoom", "zoom.us", token_env="", client_id="me", client_secret_env="CLIENT_SECRET")

    assert given[0].body == {"grant_type": "account_credentials", "account_id": "acme"}
    assert b64decode(given[0].headers["authorization"].removeprefix("Basic ")).decode() == f"me:{SECRET}"


def test_a_token_that_was_refused_is_had_anew_once(fake: FakeVendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT_SECRET", SECRET)
    given = gives_tokens(fake)
    fake.one("/things", [{"id": "t"}])
    fake.faults = [Fault("/things", 401, times=1)]
    auth = {"style": "client_credentials", "token_url": "https://login.example/token"}

    found = ask(
        fake,
        a_vendor({}, auth=[auth]),
        hosts=("login.example",),
        token_env="",
        client_id="me",
        client_secret_env="CLIENT_SECRET",
    )

    assert found.covered("things").outcome is Outcome.COMPLETE
    assert len(given) == 2


def test_a_token_that_runs_out_is_renewed_before_it_does(fake: FakeVendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT_SECRET", SECRET)
    given = gives_tokens(fake, life=1)
    fake.linked("/things", [{"id": f"t{n}"} for n in range(4)])
    auth = {"style": "client_credentials", "token_url": "https://login.example/token"}

    # A life of a second is taken for the shortest that can be worked with.
    ask(
        fake, a_vendor({"paging": {"style": "link"}}, auth=[auth]), hosts=("login.example",),
        token_env="", client_id="me", client_secret_env="CLIENT_SECRET",
    )  # fmt: skip

    assert len(given) == 1


def test_a_service_account_stands_for_an_administrator_with_the_scopes_of_each_area(
    fake: FakeVendor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str
) -> None:
    file = tmp_path / "key.json"
    file.write_text(
        json.dumps({"client_email": "scan@acme.iam.gserviceaccount.com", "private_key": key, "private_key_id": "k1"})
    )
    monkeypatch.setenv("KEY_FILE", str(file))
    given = gives_tokens(fake)

    scan(
        fake, "google-workspace", "oauth2.googleapis.com", "licensing.googleapis.com", token_env="", key_file_env="KEY_FILE",
        subject="admin@acme.example", areas=("licences", "oauth-activity"),
    )  # fmt: skip

    told = [claims(one.body["assertion"]) for one in given]
    assert {one["scope"] for one in told} == {
        "https://www.googleapis.com/auth/apps.licensing", "https://www.googleapis.com/auth/admin.reports.audit.readonly",
    }  # fmt: skip
    assert {(one["iss"], one["sub"], one["aud"]) for one in told} == {
        ("scan@acme.iam.gserviceaccount.com", "admin@acme.example", "https://oauth2.googleapis.com/token")
    }


def test_okta_service_app_signs_its_assertion(
    fake: FakeVendor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str
) -> None:
    file = tmp_path / "key.pem"
    file.write_text(key)
    monkeypatch.setenv("KEY_FILE", str(file))
    given = gives_tokens(fake, "/oauth2/v1/token")

    scan(
        fake,
        "okta",
        "acme.okta.com",
        token_env="",
        client_id="0oaclient",
        key_file_env="KEY_FILE",
        areas=("api-services",),
    )

    assert given[0].body["scope"] == "okta.oauthIntegrations.read"
    told = claims(given[0].body["client_assertion"])
    assert (told["iss"], told["sub"], told["aud"]) == (
        "0oaclient",
        "0oaclient",
        "https://acme.okta.com/oauth2/v1/token",
    )


@pytest.mark.parametrize("content", ["no key", "{}", "[]", '{"private_key": "x"}'])
def test_a_key_file_that_holds_no_key(
    fake: FakeVendor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "key"
    file.write_text(content)
    monkeypatch.setenv("KEY_FILE", str(file))
    auth = {"style": "service_account", "token_url": "https://login.example/token"}

    record = ask(fake, a_vendor({}, auth=[auth]), token_env="", key_file_env="KEY_FILE").covered("things")

    assert record.outcome is Outcome.FAILED
    assert "key" in record.reason


def test_a_token_that_is_refused_says_what_the_vendor_calls_it(
    fake: FakeVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENT_SECRET", SECRET)
    fake.routes["/token"] = lambda _: (401, {"error": "invalid_client", "error_description": f"{SECRET} is wrong"}, {})
    auth = {"style": "client_credentials", "token_url": "https://login.example/token"}

    record = ask(
        fake,
        a_vendor({}, auth=[auth]),
        hosts=("login.example",),
        token_env="",
        client_id="me",
        client_secret_env="CLIENT_SECRET",
    ).covered("things")

    assert record.outcome is Outcome.DENIED
    assert "invalid_client" in record.reason
    assert SECRET not in record.reason


def test_credentials_that_are_not_named_are_asked_for(fake: FakeVendor) -> None:
    record = scan(fake, "okta", token_env="", areas=("activity",)).covered("activity")

    assert record.outcome is Outcome.FAILED
    assert "ssws: `token_env` or `token_command`" in record.reason
    assert "service-app: `client_id`, `key_file_env`" in record.reason


def test_a_variable_that_is_not_set_is_named(fake: FakeVendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN_ENV)

    assert TOKEN_ENV in ask(fake, a_vendor({})).covered("things").reason
    assert not fake.asked
