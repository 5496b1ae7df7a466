"""The issues of a code host, as far as the queue needs them: fakes of two APIs for pytest-httpserver."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response


@dataclass(frozen=True)
class Dialect:
    """What a code host calls things.

    Attributes:
        path: Path of the issues of the project.
        text: Field with the text of an issue.
        number: Field with its number.
        method: HTTP method of a change.
        changes: Fields that are sent to open and to close, and the state that each gives.
        states: What an issue says of its own state.
        header: Header that carries the token, and its value.
        api: Variable with the address of the API.
        job: Variables of a CI job.
    """

    path: str
    text: str
    number: str
    method: str
    changes: dict[tuple[str, str], str]
    states: tuple[str, str]
    header: tuple[str, str]
    api: str
    job: dict[str, str]


GITHUB = Dialect(
    path="/repos/acme/governance/issues",
    text="body",
    number="number",
    method="PATCH",
    changes={("state", "open"): "open", ("state", "closed"): "closed"},
    states=("open", "closed"),
    header=("Authorization", "Bearer t0ken"),
    api="GITHUB_API_URL",
    job={
        "GITHUB_REPOSITORY": "acme/governance",
        "GITHUB_TOKEN": "t0ken",
        "GITHUB_SERVER_URL": "https://github.example.org",
        "GITHUB_RUN_ID": "17",
    },
)

GITLAB = Dialect(
    path="/projects/42/issues",
    text="description",
    number="iid",
    method="PUT",
    changes={("state_event", "reopen"): "opened", ("state_event", "close"): "closed"},
    states=("opened", "closed"),
    header=("PRIVATE-TOKEN", "t0ken"),
    api="CI_API_V4_URL",
    job={
        "CI_PROJECT_ID": "42",
        "AIMSCOPE_ISSUE_TOKEN": "t0ken",
        "CI_PIPELINE_URL": "https://gitlab.example.org/acme/governance/-/pipelines/17",
    },
)


@dataclass
class CodeHost:
    """Keeps issues, and answers as the host does whose dialect it speaks."""

    server: HTTPServer
    dialect: Dialect
    issues: list[dict[str, Any]] = field(default_factory=list)
    fails_with: int = 0

    def __post_init__(self) -> None:
        path = self.dialect.path
        self.server.expect_request(path).respond_with_handler(self._all)
        self.server.expect_request(re.compile(rf"{path}/\d+")).respond_with_handler(self._one)

    @property
    def job(self) -> dict[str, str]:
        """The variables of a job that runs here."""
        return {self.dialect.api: self.server.url_for("").rstrip("/"), **self.dialect.job}

    @property
    def ours(self) -> list[dict[str, Any]]:
        """The issues with the label of the queue."""
        return [issue for issue in self.issues if "aimscope-queue" in issue["labels"]]

    def add(self, text: str, *labels: str) -> None:
        """An issue that somebody else has written."""
        self._store({self.dialect.text: text, "labels": list(labels)})

    def text(self, issue: dict[str, Any]) -> str:
        """What an issue says."""
        return str(issue[self.dialect.text])

    def is_open(self, issue: dict[str, Any]) -> bool:
        """Whether an issue is open."""
        return str(issue["state"]) == self.dialect.states[0]

    def _store(self, fields: dict[str, Any]) -> dict[str, Any]:
        issue = {self.dialect.number: len(self.issues) + 1, "state": self.dialect.states[0], **fields}
        self.issues.append(issue)
        return issue

    def _all(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        if request.method == "POST":
            sent = request.get_json()
            labels = sent["labels"] if isinstance(sent["labels"], list) else sent["labels"].split(",")
            return _json(self._store({**sent, "labels": labels}), 201)
        newest_first = [issue for issue in reversed(self.issues) if request.args["labels"] in issue["labels"]]
        return _json(newest_first if request.args["state"] == "all" else [])

    def _one(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        if request.method != self.dialect.method:
            return _json({}, 405)
        issue = self.issues[int(request.path.rpartition("/")[2]) - 1]
        sent = request.get_json()
        for change, state in self.dialect.changes.items():
            if sent.get(change[0]) == change[1]:
                issue["state"] = state
        issue.update({name: sent[name] for name in ("title", self.dialect.text) if name in sent})
        return _json(issue)

    def _refused(self, request: Request) -> Response | None:
        name, value = self.dialect.header
        if request.headers.get(name) != value:
            return _json({"message": "bad credentials"}, 401)
        return _json({"message": "no"}, self.fails_with) if self.fails_with else None


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
