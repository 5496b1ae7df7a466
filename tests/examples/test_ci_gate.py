"""The recipes for a gate: their steps run in a shell, on checkouts as the code hosts make them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from scanner.commands.gate import command
from scanner.demo import ROOT
from tests.scanner.change import Repository, shop

CI = ROOT / "examples" / "ci"
GATE = "import sys; from scanner.commands.gate import command; sys.exit(command(sys.argv[2:], standalone_mode=False))"
"""What `aimscope gate` runs."""


def github_steps() -> list[str]:
    steps = YAML(typ="safe").load(CI / "github-gate.yml")["jobs"]["gate"]["steps"]
    return [step["run"] for step in steps if "run" in step]


def gitlab_steps() -> list[str]:
    job = YAML(typ="safe").load(CI / "gitlab-gate.yml")["ai-gate"]
    return [*job["before_script"], *job["script"]]


@pytest.mark.parametrize("steps", [github_steps, gitlab_steps])
def test_a_recipe_names_only_options_that_exist(steps) -> None:
    (line,) = [line for step in steps() for line in step.splitlines() if line.strip().startswith("aimscope gate ")]
    options = {option for parameter in command.params for option in parameter.opts}
    used = [argument for argument in shlex.split(line.partition("||")[0]) if re.match(r"--?[a-z]", argument)]
    assert used
    assert set(used) <= options


@pytest.fixture
def change(tmp_path: Path) -> Repository:
    repository = shop(tmp_path / "origin")
    repository.write("services/billing/main.py", "import cohere\n")
    repository.commit()
    return repository


def shell(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    programs = folder.parent / "programs"
    programs.mkdir(exist_ok=True)
    for name, line in {"python": "exit 0", "aimscope": f'exec {shlex.quote(sys.executable)} -c "{GATE}" "$@"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def clone(change: Repository, target: Path, branch: str, *options: str) -> None:
    change.git("clone", "-q", "--branch", branch, *options, change.root.as_uri(), str(target))
    change.git("remote", "set-url", "origin", "https://github.com/acme/shop.git", folder=target)


def test_github_gates_the_merge_of_a_pull_request(change: Repository, tmp_path: Path) -> None:
    change.git("checkout", "-q", "main")
    change.write("README.md", "moved on")
    change.commit()
    change.git("checkout", "-q", "-b", "merged")
    change.git("merge", "-q", "--no-ff", "-m", "as GitHub makes it", "change")
    target = tmp_path / "runner"
    clone(change, target, "merged", "--depth", "2")
    output, summary = tmp_path / "output", tmp_path / "summary"
    codes = []
    for step in github_steps():
        code = dict(line.split("=", 1) for line in output.read_text().split()) if output.exists() else {}
        ran = shell(
            target, step, GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary), CODE=code.get("code", "")
        )
        codes.append(ran.returncode)
    assert codes == [0, 0, 0, 1]
    assert "billing: Found, and nobody has decided" in summary.read_text()


def test_gitlab_gates_a_merge_request(change: Repository, tmp_path: Path) -> None:
    target = tmp_path / "runner"
    change.git("clone", "-q", "--branch", "change", change.root.as_uri(), str(target))
    ran = shell(target, "\n".join(gitlab_steps()), CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert ran.returncode == 1
    assert "billing: Found, and nobody has decided" in (target / "aimscope-gate.md").read_text()
