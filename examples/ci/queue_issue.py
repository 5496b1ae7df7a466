#!/usr/bin/env python3
"""Keeps ONE issue with the decisions that aimscope asks for: opened once, updated every night, closed when nothing asks.

    queue_issue.py REPORT EXIT_CODE

REPORT is the Markdown report of `aimscope scan`, EXIT_CODE what the scan ended with. Which code host, which project and
which token: the variables of the CI job say so (see `HOSTS`). The issue is found again by its label and by a mark in its
text, so that a second run changes the same issue. It needs Python and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LABEL: Final = "aimscope-queue"
MARK: Final = "<!-- aimscope: the queue of decisions -->"
LARGEST: Final = 60_000
"""Characters of a report; GitHub takes 65,536 in an issue."""


@dataclass(frozen=True)
class Host:
    """A code host: where its issues are, and what it calls things.

    Attributes:
        project: Variable of the CI job that names the project; where it is set, the job runs on this host.
        api: Variable with the address of the API.
        token: Variable with a token that may write issues.
        header: How the token is sent.
        issues: Path of the project's issues.
        number: Field with the number of an issue.
        text: Field with its text.
        method: HTTP method of a change.
        opened: Fields that open an issue, or keep it open.
        closed: Fields that close it.
        labels: How labels are written when an issue is made.
        run: Address of the run, made of variables.
    """

    project: str
    api: str
    token: str
    header: tuple[str, str]
    issues: str
    number: str
    text: str
    method: str
    opened: Mapping[str, str]
    closed: Mapping[str, str]
    labels: list[str] | str
    run: str


HOSTS: Final = (
    Host(
        project="GITHUB_REPOSITORY",
        api="GITHUB_API_URL",
        token="GITHUB_TOKEN",
        header=("Authorization", "Bearer {}"),
        issues="/repos/{}/issues",
        number="number",
        text="body",
        method="PATCH",
        opened={"state": "open"},
        closed={"state": "closed"},
        labels=[LABEL],
        run="{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
    ),
    # The token of a GitLab job may not write issues: this one is a project access token with the scope `api`.
    Host(
        project="CI_PROJECT_ID",
        api="CI_API_V4_URL",
        token="AIMSCOPE_ISSUE_TOKEN",
        header=("PRIVATE-TOKEN", "{}"),
        issues="/projects/{}/issues",
        number="iid",
        text="description",
        method="PUT",
        opened={"state_event": "reopen"},
        closed={"state_event": "close"},
        labels=LABEL,
        run="{CI_PIPELINE_URL}",
    ),
)


class QueueError(Exception):
    """The issue cannot be kept; the message says why, and the mend."""


@dataclass(frozen=True)
class Issues:
    """The issues of the project that the job runs in."""

    host: Host
    url: str
    token: str
    run: str

    def queue(self) -> dict[str, Any] | None:
        """The issue with the queue, open or closed; of several the oldest."""
        query = urllib.parse.urlencode({"labels": LABEL, "state": "all", "per_page": 100})
        found = [issue for issue in self._ask("GET", f"{self.url}?{query}") if MARK in (issue[self.host.text] or "")]
        return min(found, key=lambda issue: int(issue[self.host.number]), default=None)

    def make(self, fields: Mapping[str, str]) -> int:
        """Opens an issue, and gives its number."""
        return int(self._ask("POST", self.url, {**fields, "labels": self.host.labels})[self.host.number])

    def change(self, number: int, fields: Mapping[str, str]) -> None:
        """Changes the issue with this number."""
        self._ask(self.host.method, f"{self.url}/{number}", fields)

    def _ask(self, method: str, url: str, fields: Mapping[str, Any] | None = None) -> Any:
        name, form = self.host.header
        headers = {name: form.format(self.token), "Accept": "application/json", "User-Agent": "aimscope-queue"}
        data = None
        if fields is not None:
            data = json.dumps(fields).encode()
            headers["Content-Type"] = "application/json"
        try:
            request = urllib.request.Request(url, data, headers, method=method)
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            error.close()
            mend = (
                f"Check that {self.host.token} may write issues"
                if error.code in {401, 403, 404}
                else "Run the job again"
            )
            raise QueueError(f"{method} {url}: {error.code} {error.reason}. {mend}.") from None
        except (OSError, ValueError) as error:
            raise QueueError(f"{method} {url}: {error}. Run the job again.") from None


def issues(environment: Mapping[str, str]) -> Issues:
    """The issues of the project that the variables of a CI job name.

    Raises:
        QueueError: It is no job of a code host that is known, or it has no token.
    """
    host = next((host for host in HOSTS if environment.get(host.project)), None)
    if host is None:
        raise QueueError(
            f"no job of a known code host: one of {', '.join(host.project for host in HOSTS)} has to be set."
        )
    missing = [name for name in (host.api, host.token) if not environment.get(name)]
    if missing:
        raise QueueError(f"{' and '.join(missing)} has to be set: hand it to this step of the job.")
    project = urllib.parse.quote(environment[host.project], safe="/")
    url = environment[host.api].rstrip("/") + host.issues.format(project)
    return Issues(host, url, environment[host.token], host.run.format_map(_Known(environment)))


class _Known(dict[str, str]):
    """Variables of a job; one that is not set is empty."""

    def __missing__(self, _: str) -> str:
        return ""


def keep(there: Issues, report: str, exit_code: int) -> str:
    """Opens, updates or closes the issue, and says what was done.

    A scan that did not see everything closes nothing: what it did not see may still be there.

    Raises:
        QueueError: The code host does not let us, or the scan did not end.
    """
    if exit_code not in _ASKS:
        raise QueueError(
            f"the scan ended with {exit_code}, so there is no report to tell of. Read the log of the scan."
        )
    asks, complete = _ASKS[exit_code]
    host, issue = there.host, there.queue()
    fields = {"title": _title(report), host.text: _text(report, there.run)}
    if issue is None:
        return f"Opened issue {there.make(fields)}." if asks else "Nothing to decide, and no issue is open."
    number = issue[host.number]
    if asks:
        there.change(number, {**fields, **host.opened})
        return f"Updated issue {number}."
    if complete:
        there.change(number, {**fields, **host.closed})
        return f"Nothing to decide: closed issue {number}."
    there.change(number, fields)
    return f"Nothing to decide in what was seen, but not everything was: updated issue {number}."


_ASKS: Final = {0: (False, True), 1: (True, True), 3: (False, False), 4: (True, False)}
"""For each exit code of a scan that ended: whether decisions are needed, and whether everything was seen."""


def _title(report: str) -> str:
    """The report's own heading, without what Markdown needs and a title shows."""
    heading = next((line for line in report.splitlines() if line.startswith("# ")), "# AI systems")
    plain = re.sub(r"\\(.)|&#8203;", r"\1", heading[2:].strip())
    return f"{plain}: decisions needed"


def _text(report: str, run: str) -> str:
    """The report under the mark, cut at the end of a line where the code host would take no more."""
    lines = [MARK, f"Kept by the nightly scan; what you write here is overwritten, comments stay. Reports: {run}", ""]
    size = sum(len(line) + 1 for line in lines)
    for line in report.splitlines():
        size += len(line) + 1
        if size > LARGEST:
            lines += ["", f"*The report is longer: see the run, {run}*"]
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def main() -> int:
    """Runs from a CI job; ends with 0, or with 1 and a sentence."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("report", type=Path)
    arguments.add_argument("exit_code", type=int)
    given = arguments.parse_args()
    try:
        print(keep(issues(os.environ), given.report.read_text("utf-8"), given.exit_code))
    except (QueueError, OSError) as error:
        print(f"queue_issue: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
