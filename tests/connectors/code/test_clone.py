"""Cloning from a code host that git itself serves: who sees the token, what is followed, what runs, what is read."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import os
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.bench_fleet.host import GROUP, CodeHost, Listed
from benchmarks.bench_fleet.repositories import make
from connectors.api import access as accesses
from connectors.api.access import NOBODY, Access
from connectors.code import clone as cloning
from connectors.code.checkout import checkout
from connectors.code.clone import clone, head
from connectors.code.errors import SourceError
from connectors.code.files import Limits, read
from connectors.code.packed import PackedTree
from connectors.code.walk import walk
from connectors.model import Outcome

TOKEN = "s3cret-of-the-host"
PROOF = "Basic " + base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
LIMITS = Limits(max_text_bytes=4096, max_bundle_bytes=4096)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of 127.0.0.1 that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a code host")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "host.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("host")
    (root / GROUP).mkdir()
    for name in ("shop", "store"):
        make(root / GROUP / f"{name}.git", [("app.py", b"import openai\n")])
    return root


@pytest.fixture
def encrypted(folder: Path, certificate: Path) -> Iterator[CodeHost]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with CodeHost(folder, [Listed("shop", 1)], context=context, proof=PROOF) as host:
        yield host


def with_token(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    monkeypatch.setenv("HOST_TOKEN", TOKEN)
    return Access("x-access-token", "HOST_TOKEN", ca_bundle=str(certificate))


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that a list of processes shows of what is run."""
    seen: list[str] = []
    real = subprocess.run

    def run(arguments, **options):
        seen.extend(arguments)
        return real(arguments, **options)

    monkeypatch.setattr(subprocess, "run", run)
    return seen


def written(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_a_token_lets_in_and_stands_in_no_argument_and_no_file(
    encrypted: CodeHost, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: list[str]
) -> None:
    access = with_token(certificate, monkeypatch)

    clone(encrypted.clone_url("shop"), tmp_path / "shop", access)

    assert len(head(encrypted.clone_url("shop"), access)) == 40
    assert (tmp_path / "shop/app.py").read_text() == "import openai\n"
    assert set(encrypted.proofs) == {PROOF}
    for secret in (TOKEN, PROOF.removeprefix("Basic ")):
        assert secret not in " ".join(spoken)
        assert secret.encode() not in written(tmp_path)


def test_without_its_token_nobody_gets_in(encrypted: CodeHost, certificate: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="read access to its code") as refused:
        clone(encrypted.clone_url("shop"), tmp_path / "shop", Access(ca_bundle=str(certificate)))
    assert refused.value.outcome is Outcome.DENIED


def test_a_host_whose_certificate_nobody_signed_gets_nothing(
    encrypted: CodeHost, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_token(certificate, monkeypatch)
    with pytest.raises(SourceError, match="certificate"):
        clone(encrypted.clone_url("shop"), tmp_path / "shop", Access("x-access-token", "HOST_TOKEN"))
    assert encrypted.proofs == []


def test_a_token_is_not_sent_where_nothing_is_encrypted(
    folder: Path, tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CodeHost(folder, []) as host:
        clone(host.clone_url("shop"), tmp_path / "shop", with_token(certificate, monkeypatch))
        assert host.proofs == []


def test_a_token_does_not_follow_to_another_host(
    folder: Path, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = with_token(certificate, monkeypatch)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with CodeHost(folder, [], context=context) as other:
        listed = Listed("shop", 1, elsewhere=other.url)
        with (
            CodeHost(folder, [listed], context=context) as host,
            pytest.raises(SourceError, match="has moved to the host"),
        ):
            clone(host.clone_url("shop"), tmp_path / "shop", access)
        assert other.proofs == []
        assert not other.asked


def test_a_renamed_repository_is_followed_on_its_host(folder: Path, tmp_path: Path) -> None:
    with CodeHost(folder, [Listed("old", 1, renamed="store")]) as host:
        host.read = True
        assert clone(host.clone_url("old"), tmp_path / "old", NOBODY) == host.clone_url("store")
        assert head(host.clone_url("old"), NOBODY) == head(host.clone_url("store"), NOBODY) != ""


def test_a_busy_host_is_asked_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloning, "_WAITS", (0.0, 0.0))
    with CodeHost(folder, [Listed("shop", 1, busy=2), Listed("store", 2, busy=9)]) as host:
        clone(host.clone_url("shop"), tmp_path / "shop", NOBODY)
        with pytest.raises(SourceError, match="too busy"):
            clone(host.clone_url("store"), tmp_path / "store", NOBODY)


def test_a_command_is_asked_once_and_again_where_its_token_was_refused(
    encrypted: CodeHost, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accesses, "_printed", {})
    count = tmp_path / "count"
    program = (
        f"from pathlib import Path; c = Path({str(count)!r}); n = len(c.read_text()) if c.exists() else 0;"
        f"c.write_text('x' * (n + 1)); print({TOKEN!r} if n else 'of-yesterday')"
    )
    access = Access("x-access-token", token_command=(sys.executable, "-c", program), ca_bundle=str(certificate))

    for name in ("one", "two"):
        clone(encrypted.clone_url("shop"), tmp_path / name, access)

    assert count.read_text() == "xx"


def test_a_token_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="HOST_TOKEN is not set"):
        clone("https://git.example/acme/shop.git", tmp_path / "shop", Access(token_env="HOST_TOKEN"))


def git(folder: Path, *arguments: str) -> None:
    names = {f"GIT_{who}_{what}": "a@b.test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, **names}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=environment)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a link, a submodule, LFS content, ignored and vendored files, and names that are no plain text."""
    root = tmp_path_factory.mktemp("odd") / "shop"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    files = {
        "app.py": b"import openai\r\n", "a folder/b\xc3\xa9 c.py": b"x = 1\n", "huge.txt": b"y" * 9000,
        "wide.py": "import openai\n".encode("utf-16"), "blob.bin": b"\0" * 100, "skipped/a.py": b"x", "deep/er/x.log": b"x",
        "deep/.gitignore": b"*.log\n!kept.log\n", "deep/kept.log": b"x", "vendor/modules.txt": b"x", "vendor/a.go": b"x",
        "node_modules/a.js": b"x", ".gitignore": b"skipped/\n", "model.bin": b"version https://git-lfs.github.com/spec/v1\n",
        ".gitattributes": b"*.bin filter=lfs\n*.py text eol=crlf export-ignore\n",
        ".gitmodules": b'[submodule "m"]\n path = module\n url = https://elsewhere.example/m.git\n',
    }  # fmt: skip
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / "link.py").symlink_to("/etc/passwd")
    git(root, "-c", "filter.lfs.clean=cat", "add", "-A", "-f")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git(root, "commit", "-q", "-m", "first")
    return root


def test_what_is_read_of_a_pack_is_what_is_read_of_a_checkout(odd: Path, tmp_path: Path) -> None:
    clone(odd.as_uri(), tmp_path / "packed", NOBODY, bare=True)
    with checkout(odd.as_uri(), LIMITS, "x/shop") as opened, PackedTree(tmp_path / "packed") as tree:
        whole, packed = walk(opened.root), walk(tree)
        assert tree.commit == opened.commit
        assert packed.files == whole.files
        assert packed.counts == whole.counts - Counter(generated=1)  # the folder .git
        for path in packed.files:
            on_disk = read(opened.root, path, LIMITS)
            if path.endswith(".py"):  # git turned its line ends on the way to the disk; what was committed counts
                on_disk = read(odd, path, LIMITS)
            assert read(tree, path, LIMITS).kind == on_disk.kind
            assert read(tree, path, LIMITS).data.replace(b"\r", b"") == on_disk.data.replace(b"\r", b"")
    assert {"app.py", "deep/kept.log", "wide.py"} <= set(packed.files)
    assert not {"link.py", "skipped/a.py", "deep/er/x.log", "vendor/a.go"} & set(packed.files)


def test_a_repository_without_a_commit_is_an_empty_tree(tmp_path: Path) -> None:
    make(tmp_path / "empty.git")
    clone((tmp_path / "empty.git").as_uri(), tmp_path / "clone", NOBODY, bare=True)
    with PackedTree(tmp_path / "clone") as tree:
        assert (tree.commit, walk(tree).files) == ("", [])


def test_no_filter_runs_and_nothing_is_fetched_beside_the_repository(
    odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "ran"
    settings = tmp_path / "gitconfig"
    lfs = f'[filter "lfs"]\n process = touch {mark}\n smudge = touch {mark}\n required = true\n'
    settings.write_text(f"{lfs}[submodule]\n recurse = true\n[fetch]\n recurseSubmodules = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    with checkout(odd.as_uri(), LIMITS, "x/shop") as opened:
        assert (opened.root / "model.bin").read_bytes().startswith(b"version https://git-lfs")
        assert list((opened.root / "module").iterdir()) == []
        assert not (opened.root / ".git/modules").exists()
    assert not mark.exists()
