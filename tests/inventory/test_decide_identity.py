"""Who decides, and how that is known."""

import base64
import json
import subprocess
import time

import pytest

from inventory.decision import Identity, IdentityProof
from inventory.identity import TOKEN_VARIABLE, IdentityError, resolve, same_person

GITHUB = {"GITHUB_ACTIONS": "true"}
GITHUB_ISSUER = "https://token.actions.githubusercontent.com"


def token(**claims):
    payload = (
        base64.urlsafe_b64encode(json.dumps({"exp": int(time.time()) + 60, **claims}).encode()).decode().rstrip("=")
    )
    return f"header.{payload}.signature"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def git(repository, key, value):
    subprocess.run(["git", "-C", str(repository), "config", key, value], check=True)


def test_who_names_themselves_is_asserted(repository):
    assert resolve("  Ann\n Lee <ann@example.org>", repository, GITHUB) == Identity("Ann Lee <ann@example.org>")


def test_else_the_git_user_of_the_repository(repository):
    git(repository, "user.name", "Ann Lee")
    assert resolve("", repository, {}) == Identity("Ann Lee")
    git(repository, "user.email", "ann@example.org")
    assert resolve("", repository, {}) == Identity("Ann Lee <ann@example.org>")


def test_else_the_user_of_the_machine(repository, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    assert resolve("", repository, {}) == Identity("ann")


def test_nobody_is_an_error_that_says_how_to_name_yourself(repository, monkeypatch):
    def nobody():
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", nobody)
    with pytest.raises(IdentityError, match="--by"):
        resolve("", repository, {})


@pytest.mark.parametrize(
    ("environment", "claims", "name"),
    [
        (GITHUB, {"iss": GITHUB_ISSUER, "actor": "octocat"}, "octocat"),
        (
            {"GITLAB_CI": "true", "CI_SERVER_URL": "https://git.example.org"},
            {"iss": "https://git.example.org", "user_login": "ann"},
            "ann",
        ),
    ],
)
def test_a_token_of_the_platform_that_runs_the_job_is_oidc(repository, environment, claims, name):
    found = resolve("", repository, {**environment, TOKEN_VARIABLE: token(**claims)})
    assert found == Identity(name, IdentityProof.OIDC)


@pytest.mark.parametrize(
    ("environment", "claims"),
    [
        ({}, {"iss": GITHUB_ISSUER, "actor": "octocat"}),
        (GITHUB, {"iss": "https://elsewhere.example.org", "actor": "octocat"}),
        ({"GITLAB_CI": "true"}, {"actor": "octocat"}),
        (GITHUB, {"iss": GITHUB_ISSUER, "actor": "octocat", "exp": 1}),
        (GITHUB, {"iss": GITHUB_ISSUER}),
    ],
)
def test_any_other_token_is_refused_rather_than_believed(repository, environment, claims):
    with pytest.raises(IdentityError, match="--by"):
        resolve("", repository, {**environment, TOKEN_VARIABLE: token(**claims)})


@pytest.mark.parametrize("written", ["not a token", "a.%%%.c", "a.W10.c"])
def test_what_is_no_token_is_refused(repository, written):
    with pytest.raises(IdentityError, match="--by"):
        resolve("", repository, {**GITHUB, TOKEN_VARIABLE: written})


def test_a_job_without_a_token_only_asserts(repository):
    git(repository, "user.name", "ci-bot")
    assert resolve("", repository, {**GITHUB, "GITHUB_ACTOR": "octocat"}) == Identity("ci-bot")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann <ann@example.org>", "A. Lee <ANN@example.org>", True),
        ("Ann <ann@example.org>", "ann@example.org", True),
        ("Ann <ann@example.org>", "ann", True),
        ("ann", "Ann ", True),
        ("Ann <ann@example.org>", "Ann <other@example.org>", False),
        ("ann", "ben", False),
        ("<ann@example.org>", "<ben@example.org>", False),
    ],
)
def test_in_doubt_two_identities_are_one_person(one, other, same):
    assert same_person(Identity(one), Identity(other)) is same
    assert same_person(Identity(other), Identity(one)) is same
