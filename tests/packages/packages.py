"""Builds what is released, installs it where there is no Rust, and holds every plan against that of the program that the
tests use; the last line is `N passed, N failed`."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))

import rig
import bad_systems
import contents
import installed
from systems import ROOT, Debian, Release

WORK = ROOT / "target/ci/packages"


def build(options):
    """The release, built and signed with a key of this run."""
    platforms = ["x86_64-linux", "x86_64-windows", *(["aarch64-linux"] if options.all else [])]
    shutil.rmtree(WORK / "files", ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    key = WORK / "key"
    for file in (key, WORK / "key.pub"):
        file.unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "release", "-f", key], check=True)
    command = [ROOT / "release/build", "--unsigned", "--profile", options.profile, "--output", WORK / "files", *platforms]
    subprocess.run(command, check=True, stdout=sys.stderr)
    subprocess.run([ROOT / "release/sign", WORK / "files"], check=True, env={**os.environ, "ARKIB_RELEASE_KEY": str(key)})
    return Release(WORK, platforms)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="dev")
    parser.add_argument("--all", action="store_true")
    release = build(parser.parse_args())
    tally = rig.Tally()
    print("What is in it", flush=True)
    contents.run(tally, release)
    debian = Debian(release)
    print("\nWithout git", flush=True)
    bad_systems.without_git(tally, release, debian)
    print("\nInstalled", flush=True)
    installed.run(tally, release, debian)
    print("\nOn disks that take no files", flush=True)
    bad_systems.full_disks(tally, release, debian)
    print(f"{tally.passed} passed, {tally.failed} failed", flush=True)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
