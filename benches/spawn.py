"""Runs one program and writes what it cost to a file descriptor: `spawn.py FD PROGRAM ARGUMENT...`

A process of its own, and a small one: Linux counts the memory of whoever spawns a program as the program's own peak.
"""

import json
import os
import sys
import time

report, program = int(sys.argv[1]), sys.argv[2:]
os.set_inheritable(report, False)
begin = time.monotonic()
child = os.posix_spawnp(program[0], program, os.environ)
_, status, used = os.wait4(child, 0)
cost = {
    "seconds": time.monotonic() - begin,
    "cpu": used.ru_utime + used.ru_stime,
    # In bytes on macOS, in kilobytes elsewhere.
    "peak": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6,
    "code": os.waitstatus_to_exitcode(status),
}
os.write(report, json.dumps(cost).encode())
