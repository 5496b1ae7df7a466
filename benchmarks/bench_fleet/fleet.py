"""The code host that is scanned: what it has, the odd ones among it, and what must have been seen of each."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.bench_code.trees import Spec, tree
from benchmarks.bench_fleet.host import GROUP, Listed
from benchmarks.bench_fleet.repositories import Made, change, corrupt, make, make_all

if TYPE_CHECKING:
    from typing import Self

_TREE_FILES: Final = 10_000
BROKEN: Final = ("broken-1", "broken-2")
FORBIDDEN: Final = "forbidden"
EMPTY: Final = "empty"
OLD_NAME: Final = "old-name"
NEW_NAME: Final = "new-name"
ODD: Final = (*BROKEN, FORBIDDEN, EMPTY, NEW_NAME)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Repositories on disk.

    Attributes:
        folder: Where they lie.
        made: What was made.
    """

    folder: Path
    made: tuple[Made, ...]

    @classmethod
    def of(cls, count: int, cache: Path, trees: Path) -> Fleet:
        """A fleet of so many repositories, the odd ones among them; made anew each time, as a benchmark changes it."""
        folder = cache / f"fleet-{count}"
        shutil.rmtree(folder, ignore_errors=True)
        repositories = folder / GROUP
        repositories.mkdir(parents=True)
        names = [f"service-{number:03}" for number in range(count - len(ODD))]
        ai, plain = (tree(Spec(_TREE_FILES, ai), trees).root for ai in (True, False))
        made = make_all(repositories, [*names, *BROKEN, FORBIDDEN, NEW_NAME], ai, plain)
        make(repositories / f"{EMPTY}.git")
        for name in BROKEN:
            corrupt(repositories / f"{name}.git")
        return cls(folder, (*made, Made(EMPTY)))

    @property
    def good(self) -> list[Made]:
        """Repositories that can be cloned."""
        return [one for one in self.made if one.name not in {*BROKEN, FORBIDDEN}]

    def change(self, count: int) -> None:
        """Adds a commit to some repositories."""
        for number, one in enumerate(self.made[:count]):
            content = f"import openai\n\nclient = openai.OpenAI()  # {number}\n".encode()
            change(self.folder / GROUP / f"{one.name}.git", [("assistant/client.py", content)])

    def write_host(self, latency: float) -> None:
        """Writes what the host lists, for its process to read."""
        listed = [
            Listed(
                OLD_NAME if one.name == NEW_NAME else one.name, number, one.bytes // 1000,
                NEW_NAME if one.name == NEW_NAME else "", one.name == FORBIDDEN,
            )
            for number, one in enumerate(self.made, 1)
        ]  # fmt: skip
        document = {"latency": latency, "repositories": [asdict(one) for one in listed]}
        (self.folder / "host.json").write_text(json.dumps(document), "utf-8")


class Serving:
    """The code host as a process of its own, so that what it costs is not counted."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def __enter__(self) -> Self:
        command = (sys.executable, "-m", "benchmarks.bench_fleet.host", str(self._fleet.folder))
        root = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate("")

    def clone_url(self, name: str) -> str:
        """Where git finds a repository."""
        return f"{self.url}/{GROUP}/{name}.git"


def wrong(report: dict[str, Any], fleet: Fleet) -> list[str]:
    """What the report of a scan says that is not so; empty where all was seen as it is."""
    prefix = "repo:127.0.0.1/" + GROUP + "/"
    whole = {part["source"].removeprefix(prefix): part for part in report["coverage"] if not part["scope"]}
    faults = []
    for one in fleet.made:
        seen = whole.get(one.name) or whole.get(OLD_NAME if one.name == NEW_NAME else one.name)
        expected = "denied" if one.name == FORBIDDEN else "failed" if one.name in BROKEN else "complete"
        if seen is None or seen["outcome"] != expected:
            faults.append(f"{one.name}: {seen['outcome'] if seen else 'not mentioned'}, and not {expected}")
        elif expected == "complete" and seen["counts"].get("files", 0) < one.files:
            faults.append(f"{one.name}: {seen['counts'].get('files', 0)} of {one.files} files")
    return faults


def odd_ones(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, outcome and reason of the odd ones."""
    found = []
    for part in report["coverage"]:
        name = part["source"].rpartition("/")[2]
        if not part["scope"] and name in {*ODD, OLD_NAME}:
            said = part["reason"] or f"{part['counts'].get('files', 0)} files"
            found.append((name, part["outcome"], said))
    return found
