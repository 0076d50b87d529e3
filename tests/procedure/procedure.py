"""Walks the procedure; the last line is `N passed, N failed`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import enabling
import rig
import signed
import termination

MODULES = (
    ("4.1: from a letter to an archive", enabling),
    ("4.2: from a memo to the end of one", termination),
    ("4.2: two signed approvals", signed),
)

if __name__ == "__main__":
    sys.exit(rig.suites("procedure", MODULES, Path(__file__).resolve().parents[2]))
