"""Kills a run at each of its file and socket calls, runs arkib again as an operator would, and looks what is so."""

import collections
import concurrent.futures
import shutil
import tempfile
import time
from pathlib import Path

import agency
import coverage
import truth

# For each action, so a world has twice as many changes.
EACH = 4
# How often an operator runs arkib again before it counts as stuck.
AGAIN = 3
WORKERS = 2
# A case takes a second; nobody may wait for a dead run for long.
LONGEST_S = 75


class World:
    """One agency, for one kill."""

    def __init__(self, arkib, template, folder, kind, approved):
        self.arkib, self.kind, self.approved = arkib, kind, approved
        self.work = agency.copy(template, folder / "work")
        self.folder = folder
        self.portal = None
        self.checkout = agency.Checkout(arkib, self.work, folder / "tmp", kind)
        # What people did with the files that they were given.
        self.uploaded = []
        # What is still wanted, and options of the killed run alone.
        self.wanted = list(approved)
        self.options = ()
        self.arguments = ["--portal-export", "export.csv"] if kind.is_files else []

    def __enter__(self):
        if not self.kind.is_files:
            # What a run sent before it died may be made later.
            options = ["--latency", "3", *self.kind.server]
            self.portal = agency.Portal(self.arkib, self.folder, self.work / "portal.csv", options).__enter__()
            self.checkout.env |= {"ARKIB_PORTAL_URL": self.portal.url, "ARKIB_PORTAL_TOKEN_FILE": str(self.portal.token_file)}
        if self.kind.before == "handed over":
            self.undisturbed()
            self.upload(self.approved)
        elif self.kind.before in ("not done", "withdrawn"):
            self.undisturbed()
            self.options, self.kind = self.kind.arguments, agency.Kind(self.kind.name, "files", before=self.kind.before)
            self.checkout.kind = self.kind
        if self.kind.before == "withdrawn":
            agency.file_request(self.work, "BMT-2026-0003", "withdraw", self.approved[0][2])
            self.wanted = [change for change in self.approved if change[2] != self.approved[0][2]]
        return self

    def request_more(self):
        """Something new is to be handed over, with a page that says what became of the other files."""
        mailbox, name = agency.mailboxes("a", EACH + 1)[-1], "BMT-2026-0004"
        agency.file_request(self.work, name, "enable", f"  - {mailbox}")
        self.approved = [*self.approved, (mailbox, "enabled", name)]
        self.wanted.append(self.approved[-1])

    def undisturbed(self):
        run = self.reconcile()
        if run.status != 0:
            raise RuntimeError(f"the undisturbed run gave {run}\n{run.err}")

    def __exit__(self, *error):
        if self.portal:
            self.portal.__exit__(*error)

    def upload(self, changes):
        """People do these changes, and the next export shows them."""
        at = agency.now() + ".999Z"
        self.uploaded = [(*change, at, "") for change in changes]
        agency.export(self.work / "export2.csv", EACH, {change[0] for change in changes})
        self.arguments = ["--portal-export", "export2.csv"]

    def trail(self):
        return self.portal.trail() if self.portal else self.uploaded

    def reconcile(self, *options, **env):
        return self.checkout.run(self.checkout.reconcile(*self.arguments, *options), **env)


class Sweep:
    """All kills of one kind of portal."""

    def __init__(self, arkib, shim, kind, folder):
        self.arkib, self.shim, self.kind, self.folder = arkib, shim, kind, folder
        self.template = folder / "template"
        self.approved = agency.template(self.template, kind, EACH)

    def world(self, folder):
        return World(self.arkib, self.template, folder, self.kind, self.approved)

    def shim_env(self, log, **more):
        return {"LD_PRELOAD": str(self.shim), "CRASH_LOG": str(log), **more}

    def prepare(self, world):
        """What happened before: a run was killed amid its changes."""
        if self.kind.before == "killed":
            log = world.folder / "calls-before"
            killed = world.reconcile(**self.shim_env(log, CRASH_AT="50", CRASH_MODE="after"))
            if not killed.was_killed:
                raise RuntimeError(f"it was not killed: {killed}")

    def calls(self):
        """The calls of a run that nothing disturbs: (number, name, whether it can be torn, place)."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder, self.world(Path(folder)) as world:
            self.prepare(world)
            log = Path(folder) / "calls"
            run = world.reconcile(*world.options, **self.shim_env(log))
            if run.status != 0:
                raise RuntimeError(f"the undisturbed run gave {run}\n{run.err}")
            return read_calls(log)

    def coverage(self):
        """What strace sees of an undisturbed run, and what the shim does."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder, self.world(Path(folder)) as world:
            log, trace = Path(folder) / "calls", Path(folder) / "strace"
            before = coverage.command(trace, self.shim_env(log))
            run = agency.finish(world.checkout.start(world.checkout.reconcile(*world.arguments, *world.options), before))
            if run.status != 0 or not trace.exists():
                return str(run), None
            return coverage.of_strace(trace.read_text(errors="replace"), log), coverage.of_shim(read_calls(log))

    def case(self, number, mode):
        """Kills a run at that call; gives the call at which it died and what is wrong afterwards."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        wrong, call, begun = truth.Violations(), None, time.monotonic()
        try:
            with self.world(folder) as world:
                self.prepare(world)
                log = folder / "calls"
                how = "after" if mode == "cut" else mode
                killed = world.reconcile(*world.options, **self.shim_env(log, CRASH_AT=str(number), CRASH_MODE=how))
                calls = read_calls(log)
                if killed.was_killed:
                    # A torn write is the first one from there on.
                    later = [call for call in calls if call[0] >= number and (mode != "torn" or call[2])]
                    call = later[0]
                elif killed.status not in (0, 3):
                    wrong.add("ended", f"it was to be killed, and ended with {killed}")
                if mode == "cut":
                    after_cut(wrong, world)
                after_kill(wrong, world)
                if world.kind.before in ("not done", "withdrawn"):
                    world.request_more()
                converges(wrong, world)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        took = time.monotonic() - begun
        if took > LONGEST_S:
            wrong.add("slow", f"it took {took:.0f} s")
        return call, wrong


def after_cut(wrong, world):
    """The disk lost half of the record, although it had said that it had it. A run that sees it and asks for the record gets
    it back."""
    record = max(world.checkout.records.glob("*.jsonl"))
    whole = record.read_bytes()
    record.write_bytes(whole[: len(whole) // 2])
    run = world.reconcile()
    if run.status == 0:
        wrong.add("silent", f"half of the record is gone, and the next run does not say so ({run})")
    if "restore the records" in str(run):
        record.write_bytes(whole)


def read_calls(log):
    rows = [line.split("\t", 3) for line in log.read_text(errors="replace").splitlines()] if log.exists() else []
    # Threads may write their lines in another order.
    return sorted((int(number), name, tears == "1", place) for number, name, tears, place in rows)


def after_kill(wrong, world):
    lines = world.checkout.lines()
    look(wrong, world, lines)
    truth.check_views(wrong, world.checkout, world.wanted, world.trail(), "after the kill", *world.arguments)


def look(wrong, world, lines):
    """What must be so at any time. The records are read before the trail, which only grows."""
    trail = world.trail()
    truth.check_trail(wrong, world.approved, trail)
    truth.check_words(wrong, lines, trail, by_people=world.kind.is_files)
    if not world.kind.is_files:
        return
    files = agency.handed_over(world.work)
    for file in files:
        if not file.is_whole:
            wrong.add("half-written", f"{file.name} lies there")
        if set(file.rows) - set(world.approved):
            wrong.add("unapproved", f"{file.name}: {truth.short(set(file.rows) - set(world.approved))}")
    check_hand_over_words(wrong, files, lines)


def check_hand_over_words(wrong, files, lines):
    """A file that a record says is there is there, and whole."""
    whole = {(file.csv.name, file.sha256) for file in files if file.is_whole}
    for record, line in lines:
        said = line["event"].get("handed-over")
        if said and (said["file"], said["sha256"]) not in whole:
            wrong.add("false claim", f"{record} says that {said['file']} is there, and it is not")


def check_hand_over_output(wrong, world, run, where):
    whole = {row[0] for file in agency.handed_over(world.work) if file.is_whole for row in file.rows}
    said = [outcome["mailbox"] for outcome in run.json.get("outcomes") or [] if outcome["outcome"] == "handed-over"]
    waiting = (run.json.get("plan") or {}).get("in_progress") or []
    said += [change["mailbox"] for change in waiting if change.get("handed_over")]
    if set(said) - whole:
        wrong.add("false claim", f"{where} says that {len(set(said) - whole)} changes were handed over, which no file has")


def converges(wrong, world):
    """Runs until there is nothing to do, and looks after each run."""
    left = left_over(world)
    for again in range(1, AGAIN + 1):
        run = world.reconcile()
        where = f"run {again} after the kill"
        if again == 1 and left and not tells(run, world.kind):
            wrong.add("silent", f"{len(left)} changes were left open, and the next run does not say so ({run})")
        trail = world.trail()
        look(wrong, world, world.checkout.lines())
        truth.check_output(wrong, run, trail, where)
        if world.kind.is_files:
            check_hand_over_output(wrong, world, run, where)
        if run.status == 0 and has_nothing_to_do(run):
            break
    else:
        wrong.add("stuck", f"after {AGAIN} more runs: {run}")
    if world.kind.is_files and not world.uploaded:
        upload(wrong, world)
    at_the_end(wrong, world)


def left_over(world):
    """What the killed run left open. What is in a whole file that a record names is not: only its last lines are missing."""
    lines = world.checkout.lines()
    files = [file for file in agency.handed_over(world.work) if file.is_whole and file.is_named_in(lines)]
    safe = {row[0] for file in files for row in file.rows}
    return {one for one in truth.left_open(lines) if one[1] not in safe}


def tells(run, kind):
    """Whether a run says that an earlier one left something. A hand-over that was cut off is a person's business, so that
    it may not end well."""
    if kind.is_files and not kind.before:
        return run.status != 0
    return run.status != 0 or bool(run.json.get("settled")) or "earlier run" in run.err


def has_nothing_to_do(run):
    plan = run.json.get("plan") or {}
    return bool(plan) and not plan.get("changes")


def upload(wrong, world):
    """People upload what they were given, as the pages say: not what one declared void, but first what the newest one
    says is to be uploaded first."""
    lines = world.checkout.lines()
    files = agency.handed_over(world.work)
    pages = "".join(file.void for file in files)
    changes = collections.Counter()
    for file in files:
        if not file.is_named_in(lines):
            wrong.add("not on record", f"{file.name} lies there, and no record names it with its SHA-256")
        if file.csv.name in pages and file.csv.name in files[-1].first:
            wrong.add("false claim", f"{file.name} is void, and the page of {files[-1].name} says to upload it")
        if file.csv.name not in pages or file.csv.name in files[-1].first:
            changes.update(file.rows)
    unwanted = set(changes) - set(world.wanted)
    if unwanted:
        wrong.add("unapproved", f"uploaded: {truth.short(unwanted)}")
    twice = [change for change, count in changes.items() if count > 1]
    if twice:
        wrong.add("doubled", f"in two files: {truth.short(twice)}")
    lost = set(world.wanted) - set(changes)
    if lost:
        wrong.add("lost", f"in no file: {truth.short(lost)}")
    world.upload(changes)
    run = world.reconcile()
    if run.status != 0:
        wrong.add("stuck", f"with the export that shows it done: {run}")
    if world.kind.before == "withdrawn":
        # The void file is destroyed, so nobody waits for it.
        world.reconcile("--hand-over-again")
    look(wrong, world, world.checkout.lines())


def at_the_end(wrong, world):
    last = world.checkout.run(
        ["reconcile", "--dry-run", "--detailed-exitcode", "--format", "json", *world.arguments]
    )
    if last.status != 0:
        wrong.add("stuck", f"at the end the dry run gave {last}")
    trail = world.trail()
    listed, register = truth.check_views(wrong, world.checkout, world.wanted, trail, "at the end", *world.arguments)
    truth.check_end(wrong, listed, register, world.wanted, trail)
    truth.check_all_recorded(wrong, world.checkout.lines(), trail)
    for path in leftovers(world):
        wrong.add("leftover", path)


def leftovers(world):
    """Files that nobody needs any longer."""
    allowed = {"portal.csv", "export.csv", "export2.csv", ".gitignore", ".arkib/hand-over/.gitignore"}
    whole = {f".arkib/hand-over/{file.name}" for file in agency.handed_over(world.work)}
    for path in sorted(world.work.rglob("*")):
        name = path.relative_to(world.work).as_posix()
        if path.is_dir() or name.startswith((".git/", "requests/2026/")) or name in allowed | {"requests/agency.yaml"}:
            continue
        if name.startswith("requests/records/") and name.endswith(".jsonl") or path.parent.relative_to(world.work).as_posix() in whole:
            continue
        yield "/".join(part if not part.startswith(".unfinished") else ".unfinished" for part in name.split("/")[:-1]) + "/…"
    for path in sorted((world.folder / "tmp").iterdir()):
        yield f"$TMPDIR/{path.name[:6]}…{path.suffix}"


def select(cases, settings):
    """The share of the cases that is asked for."""
    return cases if settings.every <= 1 else cases[settings.seed % settings.every :: settings.every]


def kinds_of_place(place):
    """A place, without what differs from run to run."""
    if place == "socket":
        return place
    for part, name in (
        (".jsonl", "the record"), ("requests/records", "the records' folder"), (".unfinished", "a file to hand over"),
        ("hand-over", "the hand-over folder"), (".arkib", "the hand-over folder"), (".lock", "a lock file"),
    ):
        if part in place:
            return name
    return "another file"


def suite(tally, arkib, settings, folder, kind, table):
    sweep = Sweep(arkib, settings.shim, kind, folder)
    # Threads do not always make the same calls; the longest of three runs.
    calls = max((sweep.calls() for _ in range(3)), key=len)
    cases = [(number, mode) for number, _, tears, _ in calls for mode in ("before", "after", "torn") if mode != "torn" or tears]
    chosen = select(cases, settings)
    if kind is agency.FILES:
        chosen += [(number, "cut") for number, name, _, place in calls if name.startswith("rename") and "hand-over" in place]
    tally.say(f"  {len(calls)} calls, {len(cases)} kills; {len(chosen)} of them now")
    if reason := coverage.why_not():
        tally.say(f"  skip  {kind.name}: the calls that strace sees: {reason}")
    else:
        tally.equal(f"{kind.name}: the shim sees the calls that strace sees", *reversed(sweep.coverage()))
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        ends = [(number, mode, pool.submit(sweep.case, number, mode)) for number, mode in chosen]
        try:
            for number, mode, end in ends:
                call, wrong = end.result()
                what = f"{call[1]} of {kinds_of_place(call[3])}" if call else "the end, which came first"
                tally.check(f"{kind.name} {number:3} {mode}: {what}", not wrong.found, wrong)
                row = table[(kind.name, kinds_of_place(call[3]) if call else "not killed")]
                row.update([mode, "runs", *wrong.kinds()])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    tally.check(f"{kind.name}: most runs were killed", table.get((kind.name, "not killed"), {"runs": 0})["runs"] * 4 <= len(chosen))
