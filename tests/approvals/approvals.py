"""Holds arkib against the test vectors and a verifier of another make; the last line is `N passed, N failed`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))

import rig
import agreement

if __name__ == "__main__":
    sys.exit(rig.suites("approvals", [("the test vectors", agreement)], HERE.parents[1]))
