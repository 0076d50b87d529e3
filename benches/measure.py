"""Runs programs and says what they cost."""

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60
SPAWN = Path(__file__).with_name("spawn.py")


@dataclass(frozen=True)
class Cost:
    """Wall and CPU time in seconds, peak memory in MB (10^6 bytes), and what was printed."""

    seconds: float
    cpu: float
    peak: float
    out: str

    def told(self) -> dict:
        """The line of JSON that a floor or a peer ends with."""
        return json.loads(self.out.strip().splitlines()[-1])

    def agency(self) -> dict:
        """What a run of `arkib reconcile --format json` says of its one agency."""
        (agency,) = json.loads(self.out)["agencies"]
        return agency


def run(command: list, env: dict | None = None, cwd: Path | None = None, ok: tuple[int, ...] = (0,)) -> Cost:
    """Runs a program to its end; its own peak memory, and that of no other."""
    words = [str(word) for word in command]
    reading, writing = os.pipe()
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", SPAWN, str(writing), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        pass_fds=[writing],
    )
    os.close(writing)
    out, err = (text.decode() for text in child.communicate())
    with os.fdopen(reading) as report:
        told = report.read()
    if not told:
        raise SystemExit(f"{' '.join(words)} could not be run:\n{err[-2000:]}")
    cost = json.loads(told)
    if cost["code"] not in ok:
        raise SystemExit(f"{' '.join(words)} ended with {cost['code']}:\n{out[-2000:]}\n{err[-2000:]}")
    return Cost(cost["seconds"], cost["cpu"], cost["peak"], out)


@contextmanager
def server(command: list, url_file: Path, cwd: Path):
    """A server on loopback for as long as the block lasts; gives its URL."""
    url_file.unlink(missing_ok=True)
    log = open(cwd / "server.log", "ab")
    child = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=cwd)
    try:
        waited = time.monotonic() + PATIENCE
        while not url_file.exists() or not url_file.read_text().strip():
            if child.poll() is not None or time.monotonic() > waited:
                raise SystemExit(f"{command[0]} does not start; see {cwd / 'server.log'}")
            time.sleep(0.05)
        yield url_file.read_text().strip()
    finally:
        child.terminate()
        child.wait()
        log.close()


def median(values: list[float]) -> float:
    return statistics.median(values)
