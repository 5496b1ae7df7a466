"""Runs a command and prints what it cost as JSON: seconds, processor seconds, largest process in KB, exit code.

A small process of its own, because a child inherits the peak memory of the process that started it. Run as
`python -I -S launch.py OUTPUT COMMAND...`; OUTPUT is the file that the command's standard output goes to.
"""

from __future__ import annotations

import os
import resource
import sys
import time


def main() -> None:
    output, *command = sys.argv[1:]
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
    ]
    begun = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status = os.waitpid(process, 0)
    wall = time.perf_counter() - begun
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = usage.ru_utime + usage.ru_stime
    code = os.waitstatus_to_exitcode(status)
    print(f'{{"wall": {wall}, "processor": {processor}, "largest": {usage.ru_maxrss}, "code": {code}}}')


main()
