"""Runs the interop suites; the last line is `N passed, N failed`."""

import sys
from pathlib import Path

import compliance
import reconcile
import rig

MODULES = (
    ("The development portal under scim2-cli's compliance suite", compliance),
    ("arkib against scim2-server", reconcile),
)

if __name__ == "__main__":
    sys.exit(rig.suites("interop", MODULES, Path(__file__).resolve().parents[2]))
