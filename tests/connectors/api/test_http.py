"""What an HTTP source may do to us, and what coverage says of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.api.archive import Archive, ArchiveError
from connectors.api.errors import ApiError
from connectors.api.http import Http
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.api.shapes import HIDDEN
from connectors.model import Outcome

POLICY = Policy(connect_seconds=1, read_seconds=0.5, retries=2, max_wait_seconds=0.2)
SOURCE = "tenant:test:acme"


def http(archive: Archive | None = None, **more: object) -> Http:
    return Http(POLICY, archive or Archive.live(), Redactor(b"key"), **more)  # type: ignore[arg-type]


def test_an_answer_is_redacted_json_with_the_headers_of_paging(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_json({"apiKey": "sk"}, headers={"Link": "<x>", "Set-Cookie": "y"})
    answer = http().get(SOURCE, httpserver.url_for("/a"))
    assert (answer.status, answer.body, dict(answer.headers)) == (200, {"apiKey": HIDDEN}, {"link": "<x>"})


def test_a_throttled_request_is_repeated_and_waits_no_longer_than_allowed(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/a").respond_with_data("", status=429, headers={"Retry-After": "3600"})
    httpserver.expect_ordered_request("/a").respond_with_json([1])
    started = time.monotonic()
    assert http().get(SOURCE, httpserver.url_for("/a")).body == [1]
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("status", "outcome", "expired"),
    [
        (401, Outcome.DENIED, True),
        (403, Outcome.DENIED, False),
        (404, Outcome.NOT_APPLICABLE, False),
        (429, Outcome.FAILED, False),
        (500, Outcome.FAILED, False),
        (302, Outcome.FAILED, False),
    ],
)
def test_a_refusal_is_an_outcome(httpserver: HTTPServer, status: int, outcome: Outcome, expired: bool) -> None:
    httpserver.expect_request("/a").respond_with_json(
        {"error": {"code": "Nope", "message": "private words"}}, status=status
    )
    with pytest.raises(ApiError) as refused:
        http().get(SOURCE, httpserver.url_for("/a"))
    assert (refused.value.outcome, refused.value.expired) == (outcome, expired)
    assert "private words" not in str(refused.value)


def test_what_is_not_json_what_hangs_and_what_is_not_there_are_failures(httpserver: HTTPServer) -> None:
    def hang(_: Request) -> Response:
        time.sleep(1)
        return Response("{}")

    httpserver.expect_request("/page").respond_with_data("<html>", content_type="text/html")
    httpserver.expect_request("/hang").respond_with_handler(hang)
    urls = [httpserver.url_for("/page"), httpserver.url_for("/hang"), "http://127.0.0.1:9/"]
    for url in urls:
        with pytest.raises(ApiError) as failed:
            Http(Policy(read_seconds=0.2, retries=0), Archive.live(), Redactor(b"k")).get(SOURCE, url)
        assert failed.value.outcome is Outcome.FAILED


def test_credentials_are_sent_and_never_archived(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a", headers={"Authorization": "Bearer s3cret"}).respond_with_json({"x": 1})
    archive = Archive.recording(tmp_path / "archive")
    http(archive, authorise=lambda _host: {"Authorization": "Bearer s3cret"}).get(SOURCE, httpserver.url_for("/a"))
    assert "s3cret" not in "".join(file.read_text() for file in (tmp_path / "archive").iterdir())


class TestArchive:
    """An archive gives the same answers and the same failures without network, or says that it cannot."""

    @pytest.fixture
    def folder(self, httpserver: HTTPServer, tmp_path: Path) -> Path:
        httpserver.expect_request("/a").respond_with_json({"x": 1})
        httpserver.expect_request("/b").respond_with_data("", status=403)
        live = http(Archive.recording(tmp_path / "archive"))
        live.get(SOURCE, httpserver.url_for("/a"))
        with pytest.raises(ApiError):
            live.get(SOURCE, httpserver.url_for("/b"))
        return tmp_path / "archive"

    def test_replay(self, folder: Path, httpserver: HTTPServer) -> None:
        httpserver.clear()
        replayed = http(Archive.replaying(folder))
        assert replayed.get(SOURCE, httpserver.url_for("/a")).body == {"x": 1}
        with pytest.raises(ApiError) as denied:
            replayed.get(SOURCE, httpserver.url_for("/b"))
        assert denied.value.outcome is Outcome.DENIED
        with pytest.raises(ApiError, match="does not hold this question"):
            replayed.get(SOURCE, httpserver.url_for("/c"))

    def test_an_altered_archive_is_refused(self, folder: Path) -> None:
        (file,) = folder.glob("*.jsonl")
        file.write_text(file.read_text().replace('"x": 1', '"x": 2'))
        with pytest.raises(ArchiveError, match="was altered"):
            Archive.replaying(folder)

    def test_a_folder_that_holds_something_or_is_none_is_refused(self, folder: Path, tmp_path: Path) -> None:
        with pytest.raises(ArchiveError, match="not empty"):
            Archive.recording(folder)
        for wrong in (tmp_path / "nowhere", tmp_path):
            with pytest.raises(ArchiveError):
                Archive.replaying(wrong)


def test_a_login_that_the_machine_keeps_never_replaces_the_credentials(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {httpserver.host} login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    httpserver.expect_request("/a", headers={"Authorization": "Bearer mine"}).respond_with_json([1])
    mine = http(authorise=lambda _host: {"Authorization": "Bearer mine"})
    assert mine.get(SOURCE, httpserver.url_for("/a")).body == [1]
