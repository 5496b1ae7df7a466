"""The recipes for CI: their steps run in a shell as the code hosts run them, and there is never a second issue."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from ruamel.yaml import YAML

from scanner.cli import COMMANDS, cli
from scanner.demo import CLOCK, ROOT, copy_acme
from tests.examples.code_host import GITHUB, GITLAB, CodeHost, Dialect

CI = ROOT / "examples" / "ci"
SCRIPT = CI / "queue_issue.py"
REPORT = "# AI systems of Acme\n\n## What needs a decision first\n\n**recruiting-screen**\n"


# ---- The recipes ----------------------------------------------------------------------------------------------------


def github_steps() -> list[str]:
    job = YAML(typ="safe").load(CI / "github-actions.yml")["jobs"]["scan"]
    return [step["run"] for step in job["steps"] if "run" in step]


def gitlab_steps() -> list[str]:
    job = YAML(typ="safe").load(CI / "gitlab-ci.yml")["ai-inventory"]
    return [*job["before_script"], *job["script"]]


RECIPES = {"github": github_steps, "gitlab": gitlab_steps}


@pytest.mark.parametrize("host", RECIPES)
def test_a_recipe_names_only_commands_and_options_that_exist(host: str) -> None:
    lines = [line.partition("||")[0] for step in RECIPES[host]() for line in step.splitlines()]
    used = [shlex.split(line) for line in lines if line.strip().startswith("aimscope ")]
    assert used
    for _, name, *arguments in used:
        assert name in COMMANDS
        command = cli.get_command(None, name)  # type: ignore[arg-type]  # our group asks its context nothing
        assert command is not None
        options = {option for parameter in command.params for option in parameter.opts}
        assert {argument for argument in arguments if argument.startswith("-")} <= options


def test_github_asks_for_no_more_than_it_needs() -> None:
    recipe = YAML(typ="safe").load(CI / "github-actions.yml")
    assert recipe["permissions"] == {"contents": "read", "issues": "write"}
    restored, saved = (
        step["with"] for step in recipe["jobs"]["scan"]["steps"] if step.get("uses", "").startswith("actions/cache/")
    )
    assert restored["path"] == saved["path"] == "aimscope.db"
    assert saved["key"].startswith(restored["restore-keys"])


def test_gitlab_shows_an_incomplete_scan_as_a_warning() -> None:
    job = YAML(typ="safe").load(CI / "gitlab-ci.yml")["ai-inventory"]
    assert job["allow_failure"] == {"exit_codes": [3, 4]}
    assert job["cache"]["paths"] == ["aimscope.db"]


# ---- The steps in a shell -------------------------------------------------------------------------------------------


class Runner:
    """A runner with a checkout of the organisation's governance repository."""

    def __init__(self, folder: Path, host: CodeHost, aimscope: str = "") -> None:
        self.folder = folder
        self._host = host
        copy_acme(folder)
        for place in (".github", ".gitlab"):
            (folder / place).mkdir()
            shutil.copy(SCRIPT, folder / place)
        programs = folder / ".programs"
        programs.mkdir()
        self._program(
            programs / "python", f'case "$*" in *"pip install"*) ;; *) exec {shlex.quote(sys.executable)} "$@" ;; esac'
        )
        self._program(programs / "aimscope", aimscope or f'exec {shlex.quote(sys.executable)} -m scanner.cli "$@"')
        self._environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            **{name: os.environ[name] for name in ("HOME", "XDG_CACHE_HOME") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "SOURCE_DATE_EPOCH": CLOCK,
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            **host.job,
        }  # fmt: skip

    def _program(self, path: Path, script: str) -> None:
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def github(self) -> int:
        """Runs the steps as GitHub does, each in a shell of its own; the exit code of the job."""
        for step in github_steps():
            code = self._shell(step, CODE=self._output().get("code", ""))
            if code:
                return code
        return 0

    def gitlab(self) -> int:
        """Runs the steps as GitLab does, all in one shell."""
        return self._shell("\n".join(gitlab_steps()))

    def _output(self) -> dict[str, str]:
        file = self.folder / "output"
        return dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {}

    def _shell(self, script: str, **further: str) -> int:
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        run = subprocess.run(
            shell, cwd=self.folder, env={**self._environment, **further}, capture_output=True, text=True, check=False
        )
        self.said = run.stdout + run.stderr
        return run.returncode

    def verdicts(self) -> list[tuple[str, str]]:
        report = json.loads((self.folder / "aimscope-report.json").read_text("utf-8"))
        return [(verdict["subject"], verdict["status"]) for verdict in report["verdicts"]]


@pytest.fixture(params=[GITHUB, GITLAB], ids=["github", "gitlab"])
def host(request: pytest.FixtureRequest, httpserver: HTTPServer) -> CodeHost:
    dialect: Dialect = request.param
    return CodeHost(httpserver, dialect)


def run_job(runner: Runner, host: CodeHost) -> int:
    return runner.github() if host.dialect is GITHUB else runner.gitlab()


def test_the_job_ends_well_and_tells_what_to_decide_with_and_without_the_old_database(
    tmp_path: Path, host: CodeHost
) -> None:
    runner = Runner(tmp_path / "first", host)
    assert run_job(runner, host) == 0, runner.said
    decided = runner.verdicts()
    (issue,) = host.ours
    assert "recruiting" in host.text(issue)

    assert (runner.folder / "aimscope.db").exists()
    assert run_job(runner, host) == 0, runner.said
    assert runner.verdicts() == decided

    fresh = Runner(tmp_path / "fresh", host)
    assert run_job(fresh, host) == 0, fresh.said
    assert fresh.verdicts() == decided
    assert host.ours == [issue]


def test_github_shows_the_report_beside_the_run(tmp_path: Path, httpserver: HTTPServer) -> None:
    runner = Runner(tmp_path / "acme", CodeHost(httpserver, GITHUB))
    assert runner.github() == 0, runner.said
    assert (runner.folder / "summary").read_text("utf-8").startswith("# AI systems of Acme")


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (1, 0), (3, 3), (4, 4), (2, 2), (70, 70)])
def test_exit_codes(tmp_path: Path, host: CodeHost, code: int, ends: int) -> None:
    runner = Runner(tmp_path / "acme", host, aimscope=f"echo '# AI systems' > aimscope-report.md; exit {code}")
    assert run_job(runner, host) == ends, runner.said
    assert len(host.ours) == (code in {1, 4})


def test_an_incomplete_scan_is_visible(tmp_path: Path, host: CodeHost) -> None:
    runner = Runner(tmp_path / "acme", host, aimscope="echo '# AI systems' > aimscope-report.md; exit 4")
    run_job(runner, host)
    assert "Something was not seen" in runner.said


# ---- The issue ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def queue() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("queue_issue", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["queue_issue"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["queue_issue"]


@pytest.fixture
def keep(queue: ModuleType, host: CodeHost) -> Any:
    return lambda report, code: queue.keep(queue.issues(host.job), report, code)


def test_it_is_opened_once_and_then_updated(keep: Any, host: CodeHost) -> None:
    assert keep(REPORT, 1) == "Opened issue 1."
    assert keep(REPORT.replace("recruiting-screen", "product-copy"), 1) == "Updated issue 1."
    (issue,) = host.ours
    assert issue["title"] == "AI systems of Acme: decisions needed"
    assert "product-copy" in host.text(issue)
    assert "recruiting-screen" not in host.text(issue)


def test_it_is_closed_when_nothing_asks_and_opened_again_when_something_does(keep: Any, host: CodeHost) -> None:
    keep(REPORT, 1)
    assert keep("# AI systems of Acme\n", 0) == "Nothing to decide: closed issue 1."
    assert not host.is_open(host.ours[0])
    keep(REPORT, 4)
    assert [host.is_open(issue) for issue in host.ours] == [True]


def test_where_nothing_asks_and_none_is_open_nothing_is_done(keep: Any, host: CodeHost) -> None:
    assert keep(REPORT, 0) == "Nothing to decide, and no issue is open."
    assert host.issues == []


def test_a_scan_that_did_not_see_everything_closes_nothing(keep: Any, host: CodeHost) -> None:
    keep(REPORT, 1)
    assert "not everything was" in keep("# AI systems of Acme\n", 3)
    assert host.is_open(host.ours[0])


def test_issues_of_others_stay_as_they_are(keep: Any, host: CodeHost) -> None:
    host.add("Please look at the queue", "aimscope-queue")
    host.add("<!-- aimscope: the queue of decisions --> quoted", "help")
    before = [dict(issue) for issue in host.issues]
    keep(REPORT, 1)
    assert host.issues[:2] == before
    assert len(host.issues) == 3


def test_the_title_is_the_heading_without_markup(keep: Any, host: CodeHost) -> None:
    keep("# AI systems of Acme \\& Sons @&#8203;home\n", 1)
    assert host.ours[0]["title"] == "AI systems of Acme & Sons @home: decisions needed"


def test_a_long_report_is_cut_between_lines(keep: Any, host: CodeHost) -> None:
    keep(REPORT + "- a line that is repeated\n" * 10_000, 1)
    text = host.text(host.ours[0])
    assert len(text) < 65_536
    assert re.search(r"- a line that is repeated\n\n\*The report is longer: see the run, https://\S+\*\n\Z", text)


def test_a_refusal_says_what_to_mend(queue: ModuleType, keep: Any, host: CodeHost) -> None:
    host.fails_with = 403
    with pytest.raises(
        queue.QueueError, match=r"403 .*\. Check that (GITHUB_TOKEN|AIMSCOPE_ISSUE_TOKEN) may write issues"
    ):
        keep(REPORT, 1)


def test_a_scan_that_did_not_end_opens_nothing(queue: ModuleType, keep: Any, host: CodeHost) -> None:
    with pytest.raises(queue.QueueError, match="ended with 70"):
        keep(REPORT, 70)
    assert host.issues == []


def test_without_a_job_or_a_token_it_says_which_variable_is_missing(queue: ModuleType) -> None:
    with pytest.raises(queue.QueueError, match="GITHUB_REPOSITORY, CI_PROJECT_ID"):
        queue.issues({})
    with pytest.raises(queue.QueueError, match="AIMSCOPE_ISSUE_TOKEN has to be set"):
        queue.issues({"CI_PROJECT_ID": "42", "CI_API_V4_URL": "https://gitlab.example.org/api/v4"})
