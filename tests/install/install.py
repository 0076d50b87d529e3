"""Runs ci/setup-arkib of the example agency; the last line is `N passed, N failed`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))

import rig
import good
import refused
import pins

MODULES = (
    ("What it sets up", good),
    ("What it refuses, in one line", refused),
    ("How a version is pinned", pins),
)

if __name__ == "__main__":
    sys.exit(rig.suites("install", MODULES, HERE.parents[1] / "examples" / "agency"))
