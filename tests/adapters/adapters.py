"""The adapters of examples/adapters; the last line is `N passed, N failed`."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[1:1] = [str(TESTS / "interop"), str(TESTS / "conformance")]

import as_files
import as_scim
import documented
import imports
import rig

MODULES = (
    ("Two scripts for `portal: files`", as_files),
    ("A SCIM server in front of it", as_scim),
    ("The adapters as they are written", imports),
    ("The requests in PORTALS.md", documented),
)

if __name__ == "__main__":
    sys.exit(rig.suites("adapters", MODULES, TESTS.parent, at_once=2))
