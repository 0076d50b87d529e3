"""Random branches, each read as a pull request and then as the merged commit; the last line is `N passed, N failed`.

A case fails if a program ran, if a canary's text or the token came out, if a command did not end, if a file was opened that
nobody has to look at (seen by strace, where there is one), or if merging the branch makes a termination, on any day within a
year, that its comment does not name.

--cases N  how many (default 150)
--seed N   the first one (default ARKIB_SEED, or 0); a failure prints its seed
"""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import sys
import tempfile
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import rig
from world import SECRETS, World

WORKERS = 2
STATUSES = {0, 1, 4}
CASES_A_CHECK = 25
# One in so many is run with strace, which is slow.
TRACED_EACH = 10


def read_settings():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("ARKIB_SEED", 0)))
    return parser.parse_args()


def run_case(arkib, seed):
    """What is wrong with a case, and what was seen of it."""
    with tempfile.TemporaryDirectory(prefix="arkib-branch-") as folder:
        world = World(arkib, Path(folder), random.Random(seed))
        world.build()
        is_traced = seed % TRACED_EACH == 0 and bool(shutil.which("strace"))
        review = world.review(is_traced)
        wrong = [what for run in review.values() for what in faults_of_run(run)]
        seen = collections.Counter(world.edits)
        is_refused = any(run.returncode == 1 for run in review.values())
        seen["refused" if is_refused else "accepted"] += 1
        if not is_refused:
            wrong += unnamed_terminations(world, review["comment"], seen)
        wrong += [f"a program ran: {text}" for text in world.what_ran()]
        wrong += world.what_was_touched()
        seen["traced"] += is_traced
        return wrong, seen


def faults_of_run(run):
    said = run.stdout + run.stderr
    if run.returncode not in STATUSES:
        yield f"{run.args[1:]} ended with {run.returncode}: {said[-500:]}"
    for secret in SECRETS:
        if secret in said:
            yield f"{run.args[1:]} shows {secret}"
    if "panicked" in said:
        yield f"{run.args[1:]}: {said[-500:]}"


def unnamed_terminations(world, comment, seen):
    """Terminations of the merged commit that the comment does not name."""
    text = comment.stdout
    if comment.returncode == 4 and "terminat" in text.lstrip().splitlines()[0]:
        seen["said not to fit"] += 1
        return
    named = set(re.findall(r"[^\s`<>()|]+@agensi\.example", text.replace("&#64;", "@").replace("&#46;", ".")))
    terminated = set()
    for day, run in world.apply_on_each_day():
        yield from faults_of_run(run)
        if run.returncode not in (0, 4):
            continue
        plan = json.loads(run.stdout)["plan"] or {}
        for change in plan.get("changes", ()):
            if change["action"] == "terminate":
                terminated.add(change["mailbox"])
                if change["mailbox"] not in named:
                    yield f"on {day} {change['mailbox']} is terminated, which the comment does not name:\n{text}"
    seen["terminations"] += len(terminated)
    changes = bool(terminated - world.terminated_before())
    if changes and "nothing to do" in text.splitlines()[1:2]:
        yield f"nothing to do, it says:\n{text}"


def suite(tally, arkib, settings, _):
    counts = collections.Counter()
    seeds = range(settings.seed, settings.seed + settings.cases)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        ends = [(seed, pool.submit(run_case, arkib, seed)) for seed in seeds]
        good = 0
        for seed, end in ends:
            wrong, seen = end.result()
            counts += seen
            good += not wrong
            if wrong:
                tally.check(f"seed {seed}: {', '.join(seen)}", False, "\n".join(dict.fromkeys(wrong)))
            elif good % CASES_A_CHECK == 0 or good == settings.cases:
                tally.check(f"{good} branches, up to seed {seed}", True)
    tally.say("  " + ", ".join(f"{count} {what}" for what, count in counts.most_common()))
    if settings.cases >= 100:
        traced = ("traced",) if shutil.which("strace") else ()
        for what in ("accepted", "refused", "terminations", *traced, *World.EDITS):
            tally.check(f"there is some: {what}", counts[what])


if __name__ == "__main__":
    sys.exit(rig.suites("branch", [("Branches that attack", types.SimpleNamespace(suite=suite))], read_settings()))
