"""`git clone --depth 1`, or `git ls-remote`, of many repositories at once: what a fleet scan is measured beside.

`python clone_all.py FOLDER AT_ONCE URLS [--heads | --bare]` reads URLs from a file and says how many went well. Clones are removed again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def main() -> None:
    folder, at_once = Path(sys.argv[1]), int(sys.argv[2])
    urls = Path(sys.argv[3]).read_text("utf-8").split()
    heads = "--heads" in sys.argv
    bare = ("--bare",) if "--bare" in sys.argv else ()

    def ask(numbered: tuple[int, str]) -> bool:
        number, url = numbered
        target = folder / str(number)
        command = ("ls-remote", url, "HEAD") if heads else ("clone", "--quiet", "--depth", "1", *bare, url, str(target))
        run = subprocess.run(
            ("git", *command), capture_output=True, check=False, env={**os.environ, "GIT_TERMINAL_PROMPT": "0"}
        )
        shutil.rmtree(target, ignore_errors=True)
        return run.returncode == 0

    with ThreadPoolExecutor(at_once) as pool:
        print(sum(pool.map(ask, enumerate(urls))))


if __name__ == "__main__":
    main()
