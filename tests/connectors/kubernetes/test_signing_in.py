"""How clusters are reached and signed in to: what kubeconfigs say, over real TLS and real programs."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.api.archive import Archive
from connectors.kubernetes import Target
from connectors.model import Outcome
from tests.connectors.kubernetes.certificates import Authority
from tests.connectors.kubernetes.conftest import QUICK, Scan, kubeconfig
from tests.connectors.kubernetes.fake_kubernetes import FakeKubernetes, serve
from tests.connectors.kubernetes.objects import DEPLOYMENT, deployment

VLLM = {"image": "vllm/vllm-openai:v0.11.0"}
TOKEN = "a-token-that-nobody-may-see"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def secure(authority: Authority, tmp_path: Path) -> Iterator[FakeKubernetes]:
    """A cluster that speaks TLS and wants a client certificate."""
    with serve(FakeKubernetes(), authority.server("127.0.0.1", tmp_path, wants_client=True)) as fake:
        fake.add(DEPLOYMENT, deployment("llm", VLLM))
        yield fake


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def found(scan: Scan, file: Path, **target: Any) -> list[str]:
    return scan(Target(kubeconfig=(str(file),), **target)).titles("workloads")


def problem(scan: Scan, file: Path, **target: Any) -> str:
    """Why the one cluster cannot be asked."""
    [gap] = scan(Target(kubeconfig=(str(file),), **target)).coverage
    assert gap.outcome is Outcome.FAILED
    assert TOKEN not in gap.reason
    return gap.reason


def test_token_of_the_kubeconfig_signs_in(fake: FakeKubernetes, scan: Scan, tmp_path: Path) -> None:
    fake.token = TOKEN
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    assert found(scan, kubeconfig(tmp_path, fake.url, {"token": TOKEN})) == ["llm"]
    assert "sign in" in problem(scan, kubeconfig(tmp_path, fake.url, {"token": "another"}))


def test_token_file_beside_the_kubeconfig_signs_in(fake: FakeKubernetes, scan: Scan, tmp_path: Path) -> None:
    fake.token = TOKEN
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    file = kubeconfig(tmp_path, fake.url, {"tokenFile": "token"})
    assert "token file" in problem(scan, file)
    (tmp_path / "token").write_text(TOKEN + "\n")
    assert found(scan, file) == ["llm"]


@pytest.mark.parametrize("form", ["data", "file"])
def test_client_certificate_signs_in(
    secure: FakeKubernetes, authority: Authority, scan: Scan, tmp_path: Path, form: str
) -> None:
    me = authority.sign("me")
    texts = {"certificate-authority": authority.certificate, "client-certificate": me.certificate, "client-key": me.key}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    said = {name: name for name in texts} if form == "file" else {f"{name}-data": encoded(text) for name, text in texts.items()}  # fmt: skip
    cluster = {key: value for key, value in said.items() if key.startswith("certificate-authority")}
    user = {key: value for key, value in said.items() if key.startswith("client")}
    assert found(scan, kubeconfig(tmp_path, secure.url, user, **cluster)) == ["llm"]


def test_server_of_another_authority_is_not_trusted(secure: FakeKubernetes, scan: Scan, tmp_path: Path) -> None:
    other = {"certificate-authority-data": encoded(Authority("another").certificate)}
    assert "certificate is not trusted" in problem(scan, kubeconfig(tmp_path, secure.url, {"token": TOKEN}, **other))
    assert not secure.asked


def test_authority_of_the_organisation_counts_only_where_the_cluster_names_none(
    authority: Authority, scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(authority.certificate)
    policy = replace(QUICK, ca_bundle=str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with serve(FakeKubernetes(), authority.server("127.0.0.1", tmp_path)) as fake:
        fake.add(DEPLOYMENT, deployment("llm", VLLM))
        trusting = Target(kubeconfig=(str(kubeconfig(tmp_path, fake.url)),))
        assert scan(trusting, policy=policy).titles("workloads") == ["llm"]
        another = {"certificate-authority-data": encoded(Authority("another").certificate)}
        naming = Target(kubeconfig=(str(kubeconfig(tmp_path, fake.url, **another)),))
        assert "not trusted" in scan(naming, policy=policy).coverage[0].reason


def test_name_in_the_server_certificate_may_be_another(authority: Authority, scan: Scan, tmp_path: Path) -> None:
    trusted = {"certificate-authority-data": encoded(authority.certificate)}
    with serve(FakeKubernetes(), authority.server("api.prod.example.com", tmp_path)) as fake:
        fake.add(DEPLOYMENT, deployment("llm", VLLM))
        assert "certificate" in problem(scan, kubeconfig(tmp_path, fake.url, None, **trusted))
        named = kubeconfig(tmp_path, fake.url, None, **trusted, **{"tls-server-name": "api.prod.example.com"})
        assert found(scan, named) == ["llm"]


def test_service_account_signs_in_inside_a_cluster(
    authority: Authority, scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Target(in_cluster=True, service_account=str(tmp_path), names={"in-cluster": "prod-eu"})
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    assert "runs in no cluster" in scan(target).coverage[0].reason
    with serve(FakeKubernetes(token=TOKEN), authority.server("127.0.0.1", tmp_path)) as fake:
        fake.add(DEPLOYMENT, deployment("llm", VLLM))
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", fake.url.rpartition(":")[2])
        (tmp_path / "ca.crt").write_text(authority.certificate)
        (tmp_path / "token").write_text(TOKEN)
        assert scan(target).named("llm").location.source == "account:kubernetes:prod-eu"


def program(folder: Path, status: Any, then: str = "") -> dict[str, Any]:
    """An exec entry whose program notes that it ran, and gives a status."""
    script = folder / "plugin.py"
    answer = json.dumps({"kind": "ExecCredential", "status": status})
    script.write_text(
        f"import os, pathlib\n"
        f"pathlib.Path({str(folder / 'ran')!r}).write_text(os.environ['KUBERNETES_EXEC_INFO'] + os.environ['PROFILE'])\n"
        f"print({answer!r})\n{then}\n"
    )
    return {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": sys.executable,
            "args": [str(script)],
            "env": [{"name": "PROFILE", "value": "audit"}],
            "provideClusterInfo": True,
        }
    }


def test_credential_program_is_run_only_where_it_is_allowed(fake: FakeKubernetes, scan: Scan, tmp_path: Path) -> None:
    fake.token = TOKEN
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    file = kubeconfig(tmp_path, fake.url, program(tmp_path, {"token": TOKEN}))
    assert "exec_commands" in problem(scan, file, exec_commands=("aws",))
    assert not (tmp_path / "ran").exists()
    assert found(scan, file, exec_commands=(sys.executable,)) == ["llm"]
    told = (tmp_path / "ran").read_text()
    assert fake.url in told
    assert told.endswith("audit")


def test_certificate_that_a_program_gives_signs_in(
    secure: FakeKubernetes, authority: Authority, scan: Scan, tmp_path: Path
) -> None:
    me = authority.sign("me")
    given = {"clientCertificateData": me.certificate, "clientKeyData": me.key}
    trusted = {"certificate-authority-data": encoded(authority.certificate)}
    file = kubeconfig(tmp_path, secure.url, program(tmp_path, given), **trusted)
    assert found(scan, file, exec_commands=(sys.executable,)) == ["llm"]


@pytest.mark.parametrize(
    ("status", "then", "said"),
    [
        ({}, "", "gave no credentials"),
        ({"token": TOKEN}, "import sys; print('x' + sys.argv[0]); sys.exit(1)", "run it by hand"),
        ({"token": TOKEN}, "print('and more')", "gave no credentials"),
    ],
)
def test_credential_program_that_fails_is_named(
    fake: FakeKubernetes, scan: Scan, tmp_path: Path, status: dict[str, str], then: str, said: str
) -> None:
    file = kubeconfig(tmp_path, fake.url, program(tmp_path, status, then))
    assert said in problem(scan, file, exec_commands=(sys.executable,))
    assert not fake.asked


def test_program_that_is_not_installed_or_asks_a_person_is_named(
    fake: FakeKubernetes, scan: Scan, tmp_path: Path
) -> None:
    missing = kubeconfig(tmp_path, fake.url, {"exec": {"command": "no-such-plugin"}})
    assert "not installed" in problem(scan, missing, exec_commands=("no-such-plugin",))
    asking = kubeconfig(tmp_path, fake.url, {"exec": {"command": "login", "interactiveMode": "Always"}})
    assert "person" in problem(scan, asking, exec_commands=("login",))


@pytest.mark.parametrize(
    ("user", "cluster", "said"),
    [
        ({"username": "me", "password": TOKEN}, {}, "password"),
        ({"auth-provider": {"name": "gcp"}}, {}, "auth-provider"),
        ({"as": "admin", "token": TOKEN}, {}, "impersonates"),
        ({}, {"insecure-skip-tls-verify": True}, "certificate-authority-data"),
        ({}, {"proxy-url": "http://proxy:3128"}, "HTTPS_PROXY"),
        ({}, {"certificate-authority-data": "%%%"}, "cannot be read"),
        ({}, {"certificate-authority": "nowhere.crt"}, "cannot be read"),
        ({"token": TOKEN}, {"server": "http://203.0.113.7:8080"}, "https"),
        ({"token": TOKEN}, {"server": ""}, "https"),
        ({}, {"server": f"https://me:{TOKEN}@203.0.113.7"}, "password"),
    ],
)
def test_context_that_would_be_unsafe_is_refused(
    fake: FakeKubernetes, scan: Scan, tmp_path: Path, user: dict[str, Any], cluster: dict[str, Any], said: str
) -> None:
    file = kubeconfig(tmp_path, **{"server": fake.url, "user": user, **cluster})
    assert said in problem(scan, file)
    assert not fake.asked


def contexts(folder: Path, servers: dict[str, str], current: str = "") -> Path:
    """A kubeconfig with a context `to-NAME` for each cluster."""
    file = folder / f"config-{len(list(folder.iterdir()))}"
    file.write_text(
        json.dumps(
            {
                "current-context": current,
                "contexts": [{"name": f"to-{name}", "context": {"cluster": name}} for name in servers],
                "clusters": [{"name": name, "cluster": {"server": server}} for name, server in servers.items()],
            }
        )
    )
    return file


def test_contexts_are_chosen_by_name_or_glob_and_each_cluster_is_asked_once(
    fake: FakeKubernetes, scan: Scan, tmp_path: Path
) -> None:
    first = contexts(tmp_path, {"eu": fake.url, "us": fake.url}, current="to-us")
    second = contexts(tmp_path, {"eu": "http://127.0.0.1:1", "asia": fake.url}, current="to-asia")
    files = (str(first), str(second), str(tmp_path / "absent"))

    def asked(*wanted: str, **target: Any) -> set[str]:
        return {part.source for part in scan(Target(kubeconfig=files, contexts=wanted, **target)).coverage}

    assert asked() == {"account:kubernetes:us"}
    assert asked("to-*", "to-eu") == {f"account:kubernetes:{name}" for name in ("asia", "eu", "us")}
    assert asked("to-eu", names={"to-eu": "prod"}) == {"account:kubernetes:prod"}
    [gap] = scan(Target(kubeconfig=files, contexts=("to-mars",))).coverage
    assert (gap.source, gap.outcome) == ("account:kubernetes:to-mars", Outcome.FAILED)


def test_person_that_a_context_is_named_after_is_not_named(scan: Scan, tmp_path: Path) -> None:
    file = tmp_path / "config"
    user = {"name": "me", "user": {"exec": {"command": "login"}}}
    file.write_text(
        json.dumps(
            {
                "contexts": [{"name": "jane@corp.example.com", "context": {"cluster": "prod", "user": "me"}}],
                "clusters": [{"name": "prod", "cluster": {"server": "http://127.0.0.1:1"}}],
                "users": [user],
            }
        )
    )
    archive = tmp_path / "archive"
    scanned = scan(Target(kubeconfig=(str(file),), contexts=("jane*",)), archive=Archive.recording(archive))
    assert "exec_commands" in scanned.coverage[0].reason
    assert "jane@" not in repr(scanned) + "".join(kept.read_text() for kept in archive.iterdir())


def test_the_files_of_the_environment_are_read(
    fake: FakeKubernetes, scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    monkeypatch.setenv("KUBECONFIG", f"{contexts(tmp_path, {'eu': fake.url}, current='to-eu')}:{tmp_path / 'absent'}")
    assert scan(Target()).titles() == ["llm"]


@pytest.mark.parametrize("text", ["- a list", "{: [", "users: [!!python/object/apply:os.system ['true']]", "\0", ""])
def test_kubeconfig_that_is_none_says_so(scan: Scan, tmp_path: Path, text: str) -> None:
    file = tmp_path / "config"
    file.write_text(text)
    assert str(file) in problem(scan, file)


def test_kubeconfig_that_is_not_there_says_so(scan: Scan, tmp_path: Path) -> None:
    assert "does not exist" in problem(scan, tmp_path / "absent")
