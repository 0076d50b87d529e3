"""Random branches, each read as a pull request and then as the merged commit; the last line is `N passed, N failed`.

A case fails if a program ran, if a canary's text or the token came out, if a command did not end, if a file was opened that
nobody has to look at (seen by strace, where there is one), or if merging the branch makes a termination, on any day within a
year, that its comment does not name.

--cases N        how many (default 150)
--seed N         the first one (default ARKIB_SEED, or 0); a failure prints its seed
--traced-each N  one in so many is run with strace (default 10)

Stopped before its end, it still says what it has seen. A build with optimizations (`cargo build --profile counted`, ARKIB_BIN) and
a TMPDIR in memory make a long run several times faster.
"""

import argparse
import collections
import functools
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import traceback
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import rig
from world import SECRETS, World, blank_clone

WORKERS = 2
STATUSES = {0, 1, 4}
CASES_A_CHECK = 25
# A mailbox that a comment says is terminated.
MAILBOX = r"([^\s`<>()|]+@agensi\.example)"
ITEM = re.compile(rf"(?:> )? *- \**`{MAILBOX}`")
MAY_BE = re.compile(rf"{MAILBOX}`? may then be terminated")


def read_settings():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("ARKIB_SEED", 0)))
    parser.add_argument("--traced-each", type=int, default=10)
    return parser.parse_args()


def run_case(*about):
    """What is wrong with a case, and what was seen of it."""
    try:
        return find_faults(*about)
    except Exception:
        return [traceback.format_exc()], collections.Counter()


def find_faults(arkib, blank, traced_each, seed):
    with tempfile.TemporaryDirectory(prefix="arkib-branch-") as folder:
        world = World(arkib, Path(folder), random.Random(seed))
        world.build(blank)
        is_traced = seed % traced_each == 0 and bool(shutil.which("strace"))
        review = world.review(is_traced)
        wrong = [what for run in review.values() for what in faults_of_run(run)]
        seen = collections.Counter(world.edits)
        is_refused = any(run.returncode == 1 for run in review.values())
        seen["refused" if is_refused else "accepted"] += 1
        if not is_refused:
            wrong += faults_of_comment(world, review["comment"], seen)
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


def named_terminations(text):
    """The mailboxes that a comment says are terminated: in the box above all, below a title, or by a policy."""
    title = ""
    for line in text.splitlines():
        title = line if line.startswith(("**", "<details>")) else title
        item = ITEM.match(line)
        if item and (line.startswith(">") or title.startswith("**To terminate")):
            yield item[1]
    yield from MAY_BE.findall(text)


def faults_of_comment(world, comment, seen):
    """Terminations of the merged commit that the comment does not name, and changes of a branch of which it says "nothing to do"."""
    text = comment.stdout
    if comment.returncode == 4 and "terminat" in text.lstrip().splitlines()[0]:
        seen["said not to fit"] += 1
        return
    named = set(named_terminations(text))
    merged = {}
    for day, run in world.plan_on_each_day("origin/pr"):
        yield from faults_of_run(run)
        merged[day] = changes_of(run)
        for mailbox in merged[day].get("terminate", set()) - named:
            yield f"on {day} {mailbox} is terminated, which the comment does not name:\n{text}"
    seen["terminations"] += len(set().union(*(changes.get("terminate", set()) for changes in merged.values())))
    if any("nothing to do" in line for line in text.splitlines()[:2]):
        seen["nothing to do"] += 1
        for day, run in world.plan_on_each_day("origin/main"):
            if changes_of(run) != merged[day]:
                yield f"nothing to do, it says, but on {day} main changes {changes_of(run)}, and merged {merged[day]}:\n{text}"


def changes_of(run):
    """The mailboxes that a plan changes, by action."""
    plan = (rig.of_agency(run.stdout)["plan"] if run.returncode in (0, 4) else None) or {}
    changes = collections.defaultdict(set)
    for change in plan.get("changes", ()):
        changes[change["action"]].add(change["mailbox"])
    return changes


def suite(tally, arkib, settings, folder):
    counts = collections.Counter()
    seeds = range(settings.seed, settings.seed + settings.cases)
    case = functools.partial(run_case, arkib, blank_clone(folder), settings.traced_each)
    good = 0
    # Processes, because building and reading a world is Python's work as much as arkib's.
    with multiprocessing.Pool(WORKERS) as pool:
        try:
            for seed, (wrong, seen) in zip(seeds, pool.imap(case, seeds)):
                counts += seen
                good += not wrong
                if wrong:
                    tally.check(f"seed {seed}: {', '.join(seen)}", False, "\n".join(dict.fromkeys(wrong)))
                elif good % CASES_A_CHECK == 0 or good == settings.cases:
                    tally.check(f"{good} branches, up to seed {seed}", True)
        finally:
            tally.say("  " + ", ".join(f"{count} {what}" for what, count in counts.most_common()))
    if settings.cases >= 100:
        traced = ("traced",) if shutil.which("strace") else ()
        for what in ("accepted", "refused", "terminations", "nothing to do", *traced, *World.EDITS):
            tally.check(f"there is some: {what}", counts[what])


if __name__ == "__main__":
    sys.exit(rig.suites("branch", [("Branches that attack", types.SimpleNamespace(suite=suite))], read_settings()))
