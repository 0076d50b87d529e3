"""Runs the suites over `examples/agency`; the last line is `N passed, N failed`."""

import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import desk
import github
import gitlab
import guards
import lint
import rig


def main():
    # So that `with` blocks end the servers also when this run is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    agency = Path(__file__).resolve().parents[2] / "examples" / "agency"
    arkib = Path(os.environ["ARKIB_BIN"]).resolve()
    total = rig.Tally()
    for title, module in (
        ("What the example says", lint),
        ("What its workflows may do", guards),
        ("Its workflows on GitHub, executed", github),
        ("Its pipeline on GitLab, executed", gitlab),
        ("Its hooks, executed", desk),
    ):
        print(f"\n{title}", flush=True)
        tally = rig.Tally()
        with tempfile.TemporaryDirectory(prefix="arkib-workflows-") as folder:
            try:
                module.suite(tally, arkib, agency, Path(folder))
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
