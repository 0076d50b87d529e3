"""Builds and runs the tests for Windows, inside the Debian of .ci/cross. Standard input is what here.py said.

  suite.py [--only PART…]   PART: unit, scenarios, program, two-temps, macos; or it: the tests of tests/it, of which
                            many need Unix, so that they are run by hand

The last line is `N passed, 0 failed`. Nothing is skipped but what EXCEPT names.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import first_run
import git_server
import two_temps

TARGET = "x86_64-pc-windows-gnu"
# What cannot be shown under Wine, and why: {name of a test: why}.
EXCEPT = {
    "a_removed_record_is_noticed_and_written_elsewhere": "Wine lets the name of a removed file be opened as long as the file is; Windows does not",
}
HERE = Path(__file__).parent
TOOLS = Path("/target/windows")
# Everything is built once and runs for seconds.
CARGO = ["--locked", "--config", 'profile.test.package."*".opt-level=0']
STD = ["-Z", "build-std=std,panic_unwind,proc_macro,test", "--target", TARGET]
RESULT = re.compile(r"^test (\S+)(?: - should panic)? +\.\.\. (\w+)", re.MULTILINE)


class Tally:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, name, is_good, why=""):
        self.passed += is_good
        self.failed += not is_good
        if not is_good:
            print(f"FAILED {name}\n{why}", flush=True)

    def add_suite(self, name, program, *options):
        """The tests of a test program."""
        left_out = [option for test in EXCEPT for option in ("--skip", test)]
        ran = wine(program, "--test-threads=2", *left_out, *options)
        text = ran.stdout + ran.stderr
        results = RESULT.findall(text)
        failed = [test for test, result in results if result == "FAILED"]
        passed = sum(result == "ok" for _, result in results)
        print(f"{name}: {passed} passed, {len(failed)} failed: {' '.join(failed)}", flush=True)
        self.passed += passed
        self.failed += len(failed)
        is_whole = passed > 0 and "test result: " in text and (ran.returncode == 0) == (not failed)
        if failed or not is_whole:
            print(text[-20_000:])
        self.check(f"{name} as a whole", is_whole, f"status {ran.returncode}")


def wine(*command, folder="/src"):
    """Runs a program of Windows, with git on its PATH. No Windows says that its shell is one of Unix."""
    env = {name: value for name, value in os.environ.items() if name != "SHELL"}
    env["WINEPATH"] = f"Z:{TOOLS}".replace("/", "\\")
    return subprocess.run(
        ["wine", *command], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
    )


def prepare():
    """Wine's folders, and git, which Windows would have."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    if not Path(os.environ["WINEPREFIX"], "system.reg").exists():
        subprocess.run(["wineboot", "--init"], check=True, capture_output=True)
    compiler = ["x86_64-w64-mingw32-gcc", "-O1", "-Wall", "-Werror", "-o"]
    subprocess.run([*compiler, TOOLS / "git.exe", HERE / "git.c", "-lws2_32", "-lshell32"], check=True)
    git_server.start(TOOLS)


def build(*what):
    """The programs that were built, by the names of their targets."""
    command = ["cargo", "test", "--no-run", "--message-format=json-render-diagnostics", *what, *CARGO, *STD]
    built = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    artifacts = [message for message in messages if message.get("executable")]
    return {(one["target"]["name"], one["profile"]["test"]): one["executable"] for one in artifacts}


def program(tally, arkib, here):
    """The whole program."""
    expected = here["first run"]
    of_wine = {name: value for name, value in os.environ.items() if name.startswith(("WINE", "XDG_"))}
    got = first_run.plans(["wine", arkib], of_wine)
    for name in first_run.FORMATS:
        is_plan = expected[name][0] == 0 and "siti.aminah@agensi.example" in expected[name][1]
        is_same = is_plan and got[name] == expected[name]
        tally.check(f"the first dry run ({name}) is that of this machine", is_same, (expected[name], got[name]))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree("/src/requests", Path(folder, "requests"))
        for null in ("NUL", "/dev/null"):
            ran = wine(arkib, "register", "--offline", "--output", null, folder=folder)
            is_gone = ran.returncode == 0 and os.listdir(folder) == ["requests"]
            tally.check(f"register --output {null}", is_gone, (ran.stdout, ran.stderr, os.listdir(folder)))
        portal = ["portal", "--listen", "127.0.0.1:0", "--stop-after", "1", "--token-file", "the token"]
        for shell, command, words in (
            ("PowerShell", [arkib], "$env:ARKIB_PORTAL_TOKEN_FILE = 'the token'"),
            ("cmd", ["cmd", "/c", arkib.replace("/", "\\")], 'set "ARKIB_PORTAL_TOKEN_FILE=the token"'),
        ):
            ran = wine(*command, *portal, folder=folder)
            tally.check(f"the next commands in {shell}", words in ran.stderr, (ran.stdout, ran.stderr))


def macos(tally):
    """It compiles for macOS, whose linker and libraries zig brings."""
    if not Path("/usr/local/bin/cargo-zigbuild").exists():
        packages = ["cargo-zigbuild==0.24.1", "ziglang==0.17.1"]
        subprocess.run(["pip", "install", "--quiet", *packages], check=True)
    # A folder without Apple's libraries, which only linking would need. cargo-zigbuild asks rustup for a target
    # that is built from source here.
    Path("/target/macos").mkdir(exist_ok=True)
    Path("/target/macos/rustup").write_text("#!/bin/sh\nexit 1\n")
    Path("/target/macos/rustup").chmod(0o755)
    env = dict(os.environ, SDKROOT="/opt", PATH=f"/target/macos:{os.environ['PATH']}")
    command = ["cargo-zigbuild", "check", "--locked", "--lib", "--bins", "-Z", "build-std=std,panic_unwind"]
    done = subprocess.run([*command, "--target", "aarch64-apple-darwin"], env=env, capture_output=True, text=True)
    tally.check("cargo check for aarch64-apple-darwin", done.returncode == 0, done.stderr[-5000:])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--only", nargs="+", default=[], choices=["unit", "scenarios", "program", "two-temps", "macos", "it"])
    only = options.parse_args().only
    here = json.load(sys.stdin)
    tally = Tally()
    wanted = lambda part: not only or part in only
    prepare()
    if "it" in only:
        tally.add_suite("it", build("--test", "it")["it", True])
    elif only != ["macos"]:
        built = build("--lib", "--test", "scenarios")
        arkib = built["arkib", False]
        if wanted("unit"):
            tally.add_suite("unit tests", built["arkib", True])
        if wanted("scenarios"):
            tally.add_suite("scenarios", built["scenarios", True])
        if wanted("program"):
            program(tally, arkib, here)
        if wanted("two-temps"):
            tally.check("two temporary folders, here", not here["two temps"], "\n".join(here["two temps"]))
            problems = two_temps.check(arkib, two_temps.ROUNDS)
            tally.check("two temporary folders, under Wine", not problems, "\n".join(problems))
    if wanted("macos"):
        macos(tally)
    print(f"{tally.passed} passed, {tally.failed} failed")
    sys.exit(tally.failed > 0 or tally.passed == 0)


main()
