"""Kills runs at every file and socket call, and lets many run at once; the last line is `N passed, N failed`.

--all      every kill
--every K  each K-th kill (default 6), beginning with the one that --seed N chooses (default 0)
--world W  only scim, bulk, again, files, back, "given up", recall or together; may be repeated
"""

import argparse
import collections
import functools
import os
import subprocess
import sys
import tempfile
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import agency
import rig
import sweep
import teeth
import together

WORLDS = ("scim", "bulk", "again", "files", "back", "given up", "recall", "together")
TITLES = {
    "scim": "A run that is killed, change by change",
    "bulk": "A run that is killed, in bulk",
    "again": "A run that is killed after another one was killed",
    "files": "A run that is killed, for a portal of people",
    "back": "A run that is killed when people have done what they were given",
    "given up": "A run that is killed while it hands over again",
    "recall": "A run that is killed while it recalls what was handed over",
    "together": "Many runs at once",
}
KINDS = {kind.name: kind for kind in (agency.ALONE, agency.BULK, agency.AGAIN, agency.FILES, agency.BACK, agency.GIVEN_UP, agency.RECALL)}


def read_settings():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--every", type=int, default=6)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("ARKIB_SEED", 0)))
    parser.add_argument("--world", action="append", choices=WORLDS)
    settings = parser.parse_args()
    settings.every = 1 if settings.all else settings.every
    return settings


def build_shim(folder):
    shim = folder / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
    return shim


MODES = ("before", "after", "torn", "cut")


def print_table(table):
    """Fault × runs × violations."""
    kinds = sorted({kind for row in table.values() for kind in row if kind not in ("runs", *MODES)})
    columns = ["runs", *MODES[:3], *kinds]
    total = sum(table.values(), collections.Counter())
    print("\n| world | killed at a call on | " + " | ".join(columns) + " |")
    print("| --- | --- |" + " --- |" * len(columns))
    for (world, place), row in [*sorted(table.items()), (("all", ""), total)]:
        print(f"| {world} | {place} | " + " | ".join(str(row[column] or "") for column in columns) + " |", flush=True)


def main():
    settings = read_settings()
    table = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory(prefix="arkib-crash-shim-") as folder:
        settings.shim = build_shim(Path(folder))
        modules = [("The checks themselves", teeth)]
        for world in settings.world or WORLDS:
            if world == "together":
                run = functools.partial(together.suite, table=table)
            else:
                run = functools.partial(sweep.suite, kind=KINDS[world], table=table)
            modules.append((TITLES[world], types.SimpleNamespace(suite=run)))
        # The table comes last.
        modules.append(("Fault × runs × violations", types.SimpleNamespace(suite=lambda tally, *_: end_table(tally, table))))
        return rig.suites("crash", modules, settings)


def end_table(tally, table):
    print_table(table)
    tally.check("some run was killed", any(place != "not killed" for _, place in table))


if __name__ == "__main__":
    sys.exit(main())
