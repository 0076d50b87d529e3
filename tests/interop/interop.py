"""Runs the interop suites; the last line is `N passed, N failed`."""

import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path

import compliance
import reconcile
import rig


def main():
    # So that `with` blocks end the servers also when this run is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    project = Path(__file__).resolve().parents[2]
    arkib = Path(os.environ["ARKIB_BIN"]).resolve()
    total = rig.Tally()
    for title, module in (
        ("The development portal under scim2-cli's compliance suite", compliance),
        ("arkib against scim2-server", reconcile),
    ):
        print(f"\n{title}", flush=True)
        tally = rig.Tally()
        with tempfile.TemporaryDirectory(prefix="arkib-interop-") as scratch:
            try:
                module.suite(tally, arkib, project, Path(scratch))
            except Exception:
                tally.check("the suite ran to its end", False, traceback.format_exc())
        # A suite that checked nothing proves nothing.
        if tally.passed + tally.failed == 0:
            tally.check("the suite checked something", False)
        total.passed += tally.passed
        total.failed += tally.failed
    print(f"\n{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
