"""The adapters of examples/adapters; the last line is `N passed, N failed`."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[1:1] = [str(TESTS / "interop"), str(TESTS / "conformance")]

import as_files
import rig

MODULES = (
    ("Two scripts for `portal: files`", as_files),
)

if __name__ == "__main__":
    sys.exit(rig.suites("adapters", MODULES, TESTS.parent, at_once=2))
