"""Processes, HTTP and the count of checks, for the suites in Python. Standard library only."""

import concurrent.futures
import functools
import http.client as http_client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
from pathlib import Path

# A server must not outlive a killed test run: the alarm ends it even then.
SERVER_LIFETIME_S = 300
COMMAND_TIMEOUT_S = 120
# Long, because a busy machine is not a fault of the server; a server that exits early is noticed immediately.
START_TIMEOUT_S = 120

# Loopback must never use a proxy from the environment.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Tally:
    """Counts checks and prints each of them."""

    def __init__(self, say=functools.partial(print, flush=True)):
        self.passed = 0
        self.failed = 0
        self.say = say

    def check(self, name, ok, detail=""):
        if ok:
            self.passed += 1
            self.say(f"  ok    {name}")
        else:
            self.failed += 1
            self.say(f"  FAIL  {name}")
            for line in str(detail).splitlines():
                # The output under test may hold control characters.
                self.say("        " + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line))
        return ok

    def equal(self, name, found, expected):
        return self.check(name, found == expected, f"found    {found!r}\nexpected {expected!r}")


class Server:
    """A server on loopback, started by this run; it ends with the `with` block."""

    running = set()

    def __init__(self, command, log, env=None):
        self.command, self.log, self.env = command, log, env
        self.process = None

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                # An alarm survives exec (alarm(2)), and its default action ends the process.
                preexec_fn=lambda: signal.alarm(SERVER_LIFETIME_S),
            )
        self.running.add(self)
        return self

    def __exit__(self, *_):
        self.running.discard(self)
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait_until(self, ready):
        """Calls `ready` until it returns a value, and returns that."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with status {self.process.returncode}:\n{self.tail()}")
            found = ready()
            if found:
                return found
            time.sleep(0.05)
        raise RuntimeError(f"the server was not ready within {START_TIMEOUT_S} s:\n{self.tail()}")

    def tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-20:])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    """Whether something answers there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def http(method, url, token=None, body=None, headers=None):
    """Returns (status, parsed body or None, headers). Refusals are answers, not exceptions."""
    headers = {"Accept": "application/scim+json", **(headers or {})}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/scim+json"
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        answer = _opener.open(request, timeout=30)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer:
        text = answer.read()
        return answer.status, json.loads(text) if text else None, answer.headers


def answers(url, token):
    """Whether a SCIM server listens there."""
    try:
        return http("GET", f"{url}/ServiceProviderConfig", token)[0] == 200
    except (OSError, ValueError, http_client.HTTPException):
        return False


def list_users(url, token):
    """Every user, by address, read in small pages."""
    users, start = {}, 1
    while True:
        status, page, _ = http("GET", f"{url}/Users?startIndex={start}&count=50", token)
        if status != 200:
            raise RuntimeError(f"listing users gave {status}: {page}")
        found = page.get("Resources", [])
        users.update((user["userName"], user) for user in found)
        start += len(found)
        if not found or start > page["totalResults"]:
            return users


def git_identity(name, email):
    """Whoever commits, for the environment of git."""
    return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in (("NAME", name), ("EMAIL", email))}


def clean_environment(**extra):
    """The environment without variables that affect arkib, git or a proxy."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("ARKIB_", "GIT_", "SCIM_CLI_")) and not name.upper().endswith("_PROXY")
    }
    return {**kept, "NO_PROXY": "127.0.0.1", "NO_COLOR": "1", "ARKIB_LANGUAGE": "en", **extra}


def of_agency(text):
    """What arkib's JSON says of its one agency; that of a command that tells of none, as it is."""
    said = json.loads(text)
    agencies = said.get("agencies")
    return agencies[0] if agencies and isinstance(agencies[0], dict) else said


def run(command, env, cwd=None):
    """Runs a command; returns the finished process with text output."""
    return subprocess.run(
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=COMMAND_TIMEOUT_S,
    )


def suites(name, modules, about, at_once=1):
    """Runs each module's `suite(tally, arkib, about, folder)`, with so much concurrency; prints the last line, returns the exit
    status."""
    # So that `with` blocks also end the servers when this run is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arkib = Path(os.environ["ARKIB_BIN"]).resolve()
    total = Tally()
    run = functools.partial(_module, name, arkib, about)
    if at_once == 1:
        for title, module in modules:
            total.say(f"\n{title}")
            _add(total, run(module, total.say))
    else:
        _side_by_side(total, modules, run, at_once)
    total.say(f"\n{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


def _side_by_side(total, modules, run, at_once):
    """The output of one module stays together."""
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        said = [[] for _ in modules]
        ends = [pool.submit(run, module, lines.append) for (_, module), lines in zip(modules, said)]
        try:
            for (title, _), lines, end in zip(modules, said, ends):
                tally = end.result()
                total.say("\n".join(["", title, *lines]))
                _add(total, tally)
        except BaseException:
            # The threads end with their servers.
            pool.shutdown(wait=False, cancel_futures=True)
            for server in list(Server.running):
                server.process.kill()
            raise


def _add(total, tally):
    total.passed += tally.passed
    total.failed += tally.failed


def _module(name, arkib, about, module, say):
    tally = Tally(say)
    with tempfile.TemporaryDirectory(prefix=f"arkib-{name}-") as folder:
        try:
            module.suite(tally, arkib, about, Path(folder))
        except Exception:
            tally.check("the suite ran to its end", False, traceback.format_exc())
    # A suite that checked nothing proves nothing.
    if tally.passed + tally.failed == 0:
        tally.check("the suite checked something", False)
    return tally
