"""Many runs at once, in one checkout or in clones, with lost answers and kills: what their records say together."""

import collections
import concurrent.futures
import os
import shutil
import subprocess
import time
from pathlib import Path

import agency
import truth
from proxy import Proxy

# For each action.
EACH = 20
# They mostly wait.
WORKERS = 3
# The user that nobody is.
NOBODY = 65534


class Case:
    """How many runs at once, where, and what happens to them."""

    def __init__(self, runs, place, kind=agency.ALONE, lost=False, kill=False, late=False, other_user=False, shards=0):
        self.runs, self.place, self.kind = runs, place, kind
        self.lost, self.kill, self.late, self.other_user, self.shards = lost, kill, late, other_user, shards

    def options(self, number):
        """Of the run with that number."""
        return ["--shard", f"{number % self.shards + 1}/{self.shards}"] if self.shards else []

    def __str__(self):
        faults = [text for is_so, text in (
            (self.kind is agency.BULK, "in bulk"), (self.shards, f"{self.shards} shards"), (self.other_user, "two users"), (self.lost, "lost answers"), (self.kill, "one killed"),
            (self.late, "its last write comes late"),
        ) if is_so]
        return f"{self.runs} in {self.place}{''.join(', ' + fault for fault in faults)}"


ONE, CLONES = "one checkout", "clones"
CASES = [
    Case(2, ONE),
    Case(2, ONE, lost=True, kill=True),
    Case(2, ONE, kill=True, late=True),
    Case(2, ONE, kill=True, late=True, kind=agency.BULK),
    Case(2, ONE, kill=True, other_user=True),
    # Shards do not wait for each other, and each is run twice at once.
    Case(4, ONE, shards=2),
    Case(4, ONE, shards=2, lost=True, kill=True),
    Case(2, CLONES, lost=True),
    Case(2, CLONES, kill=True),
    Case(2, CLONES, lost=True, kill=True),
    Case(2, CLONES, lost=True, kill=True, kind=agency.BULK),
    Case(8, ONE, lost=True, kill=True),
    Case(8, CLONES, lost=True, kill=True),
    Case(8, CLONES, lost=True, kill=True, kind=agency.BULK),
]


def suite(tally, arkib, _, folder, table):
    # So that another user can come in.
    folder.chmod(0o755)
    reason = why_not_as_nobody(arkib)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        ends = []
        for number, case in enumerate(CASES):
            if case.other_user and reason:
                tally.say(f"  skip  {case}: {reason}")
            else:
                ends.append((str(case), pool.submit(together, arkib, folder / str(number), case)))
        for place, number in ((ONE, 2), (CLONES, 2), (CLONES, 8)):
            name = f"{number} in {place}, one hand-over folder"
            ends.append((name, pool.submit(hand_over, arkib, folder / name.replace(" ", "-"), Case(number, place, agency.FILES))))
        ends.append(("a live run, seen from another TMPDIR", pool.submit(under_way, arkib, folder / "live")))
        for name, end in ends:
            try:
                wrong = end.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            tally.check(name, not wrong.found, wrong)
            table[("together", name)].update(["runs", *wrong.kinds()])


def as_nobody():
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def why_not_as_nobody(arkib):
    """Why no run can be another user's, if so."""
    if os.geteuid() != 0:
        return "only root can run something as another user"
    if not shutil.which("setpriv"):
        return "there is no setpriv"
    done = subprocess.run([*as_nobody(), arkib, "--version"], capture_output=True, cwd="/")
    return None if done.returncode == 0 else "another user cannot run this arkib"


class Company:
    """The runs of a case, each with a checkout, a temporary folder and a way to the portal of its own."""

    def __init__(self, arkib, folder, case):
        self.case, self.folder = case, folder
        first = folder / "template"
        first.mkdir(parents=True)
        self.approved = agency.template(first, case.kind, EACH)
        self.gitconfig = folder / "gitconfig"
        self.gitconfig.write_text("[safe]\n\tdirectory = *\n")
        self.checkouts = []
        for number in range(case.runs):
            place = first
            if case.place == CLONES:
                place = folder / f"clone{number}"
                agency.git(folder, "clone", "--quiet", "--no-hardlinks", str(first), str(place))
            checkout = agency.Checkout(arkib, place, folder / f"tmp{number}", case.kind, GIT_CONFIG_GLOBAL=str(self.gitconfig))
            self.checkouts.append(checkout)
        if case.other_user:
            subprocess.run(["chmod", "-R", "a+rwX", folder], check=True)

    def lines(self):
        """The lines of all records; those of one checkout once."""
        return [line for checkout in self.places() for line in checkout.lines()]

    def places(self):
        return self.checkouts if self.case.place == CLONES else self.checkouts[:1]


def together(arkib, folder, case):
    wrong = truth.Violations()
    company = Company(arkib, folder, case)
    # Late, so that they meet; a write that is under way when its run is killed still arrives.
    options = ["--latency", "20", *case.kind.server]
    with agency.Portal(arkib, folder, company.checkouts[0].folder / "portal.csv", options) as portal:
        if case.other_user:
            subprocess.run(["chmod", "-R", "a+rX", portal.folder], check=True)
        with Proxy(portal.url, lose=3 if case.lost else 0, kill=(2 if case.kind is agency.BULK else 6) if case.kill else 0, late=case.late) as proxy:
            processes = []
            for number, checkout in enumerate(company.checkouts):
                checkout.env["ARKIB_PORTAL_TOKEN_FILE"] = str(portal.token_file)
                before = as_nobody() if case.other_user and number % 2 else ()
                process = checkout.start(checkout.reconcile(*case.options(number)), before, ARKIB_PORTAL_URL=proxy.url(number))
                proxy.processes[number] = process
                processes.append(process)
                if case.shards:
                    # The second run of a shard comes when the first has begun.
                    time.sleep(0.1)
            ends = [agency.finish(process) for process in processes]
        if case.kill and not any(end.was_killed for end in ends):
            wrong.add("ended", f"none was killed: {'; '.join(map(str, ends))}")
        trail = portal.trail()
        truth.check_trail(wrong, company.approved, trail)
        # Who claims what twice is counted when all is over.
        early = truth.Violations()
        truth.check_words(early, company.lines(), trail)
        wrong.found += [one for one in early.found if one[0] != "claimed twice"]
        for number, end in enumerate(ends):
            truth.check_output(wrong, end, trail, f"run {number}")
        for checkout in company.places():
            calms_down(wrong, checkout, portal)
        trail = portal.trail()
        truth.check_trail(wrong, company.approved, trail)
        lost = set(company.approved) - {entry[:3] for entry in trail}
        if lost:
            wrong.add("lost", truth.short(lost))
        truth.check_words(wrong, company.lines(), trail)
        truth.check_all_recorded(wrong, company.lines(), trail)
        pids = {process.pid: number for number, process in enumerate(processes)}
        check_makers(wrong, company.lines(), trail, proxy.makers(), pids)
        for checkout in company.checkouts:
            for path in sorted(checkout.temp.iterdir()):
                wrong.add("leftover", f"$TMPDIR/{path.name[:6]}…{path.suffix}")
    return wrong


def hand_over(arkib, folder, case):
    """Runs with one folder for what they hand over, and records of their own each."""
    wrong = truth.Violations()
    company = Company(arkib, folder, case)
    place = folder / "hand-over"
    processes = []
    for number, checkout in enumerate(company.checkouts):
        agency.export(checkout.folder / "export.csv", EACH, ())
        options = ["--portal-export", "export.csv", "--hand-over", str(place)]
        if case.place == ONE:
            options += ["--records", str(folder / f"records{number}")]
        processes.append(checkout.start(checkout.reconcile(*options)))
    ends = [agency.finish(process) for process in processes]
    if sorted(end.status for end in ends) != [0] + [4] * (case.runs - 1):
        wrong.add("ended", "; ".join(map(str, ends)))
    files = [agency.HandOver(entry) for entry in place.iterdir() if entry.is_dir()]
    if any(not file.is_whole or file.name.startswith(".") for file in files):
        wrong.add("half-written", ", ".join(file.name for file in files))
    changes = collections.Counter(row for file in files for row in file.rows)
    twice = [change for change, count in changes.items() if count > 1]
    if twice:
        wrong.add("doubled", truth.short(twice))
    lost = set(company.approved) - set(changes)
    if lost:
        wrong.add("lost", truth.short(lost))
    return wrong


def calms_down(wrong, checkout, portal):
    """Later runs, undisturbed: at most three until there is nothing to do."""
    for _ in range(3):
        run = checkout.run(checkout.reconcile(), ARKIB_PORTAL_URL=portal.url)
        if run.status == 0 and not (run.json.get("plan") or {"changes": True}).get("changes"):
            break
    else:
        wrong.add("stuck", f"after three more runs: {run}")
    verified = checkout.json("records", "verify")
    if verified.status:
        wrong.add("verify", str(verified))
    listed = checkout.json("records", "list")
    if any(run["open"] for run in listed.json.get("runs", [])):
        wrong.add("view", "changes stay open on record")


def check_makers(wrong, lines, trail, makers, pids):
    """A record that says that its run made a change, or did not, is right: another run may have made it."""
    keys = {(mailbox, request): key for mailbox, _, request, _, key in trail}
    announced = {line["hash"]: record for record, line in lines if "intent" in line["event"]}
    claims = collections.defaultdict(list)
    for record, line in lines:
        for kind in ("outcome", "settled"):
            event = line["event"].get(kind)
            if not event or event["outcome"] not in truth.MADE | truth.DENIED:
                continue
            author = record if kind == "outcome" else announced.get(event["intent"], record)
            # The name of a record ends with the number of its process.
            claimed = pids.get(int(Path(author).stem.rsplit("-", 1)[1], 16))
            maker = makers.get(keys.get((event["mailbox"], event["request"])))
            if event["outcome"] in truth.DENIED:
                if claimed is not None and maker == claimed:
                    wrong.add("false denial", f"{kind}: {event['outcome']}, but run {claimed} made {event['mailbox']}")
            elif maker != claimed:
                claims[kind].append(f"{event['mailbox'].split('@')[0]} (run {claimed}, made by run {maker})")
    for kind, found in claims.items():
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        wrong.add("false claim", f"{kind}: applied, but by another run: {', '.join(found[:3])}{more}")


def under_way(arkib, folder):
    """What `records list` says of a run that lives, from another temporary folder."""
    wrong = truth.Violations()
    company = Company(arkib, folder, Case(2, ONE))
    mine, other = company.checkouts
    with agency.Portal(arkib, folder, mine.folder / "portal.csv", ["--latency", "150", "--no-bulk"]) as portal:
        for checkout in company.checkouts:
            checkout.env |= {"ARKIB_PORTAL_TOKEN_FILE": str(portal.token_file), "ARKIB_PORTAL_URL": portal.url}
        process = mine.start(mine.reconcile())
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None and not any("intent" in line["event"] for _, line in mine.lines()):
            time.sleep(0.01)
        listed = other.json("records", "list")
        lived = process.poll() is None
        process.kill()
        agency.finish(process)
        if not lived:
            wrong.add("ended", "the run ended too early")
        elif not any(run.get("under_way") for run in listed.json.get("runs", [])):
            wrong.add("false claim", "the list says that a live run is not under way")
        listed = other.json("records", "list")
        if any(run.get("under_way") for run in listed.json.get("runs", [])):
            wrong.add("false claim", "the list says that a killed run is under way")
    return wrong
