"""One run in eight shards on GitLab and on GitHub: executes the jobs, with shards that fail and shards that are killed."""

import hashlib
import re
import shutil

import rig
import scratch
import sites

PARTS = 8
DIES = 3
ENABLED = [f"pegawai.{count:02}" for count in range(30)]
DISABLED = [f"pegawai.{count:02}" for count in range(30, 60)]
# A mailbox whose change the portal refuses at first.
REFUSED = "pegawai.30"
LIMITS = "limits: { terminations: 12, terminations_percent: 90, changes: 500 }"
TERMINATE, TOO_MANY = ENABLED[:12], ENABLED[12:27]


def roster():
    lines = [f"{name}@{scratch.DOMAIN},{name},active,enabled,BMT-2026-0001,2026-01-06T02:00:00Z,,false" for name in ENABLED]
    lines += [f"{name}@{scratch.DOMAIN},{name},active,disabled,,,,false" for name in DISABLED]
    return scratch.ROSTER + "".join(f"{line}\n" for line in lines)


class World:
    """An agency with many changes, and the result of a run without shards."""

    def __init__(self, arkib, repository):
        self.arkib, self.repository = arkib, repository
        self.records = scratch.Records(repository, arkib)

    @staticmethod
    def example(agency, folder):
        """A copy of the example, with limits for so many changes and the pipelines of shards."""
        own = folder / "agency"
        shutil.copytree(agency, own)
        shutil.copytree(agency.parent / "shards", own, dirs_exist_ok=True, ignore=shutil.ignore_patterns("README.md", "kubernetes"))
        policy = own / "requests" / "agency.yaml"
        text, changed = re.subn(r"^limits:.*$", LIMITS, policy.read_text(), flags=re.MULTILINE)
        if changed != 1:
            raise ValueError("the policy has no limits to set")
        policy.write_text(text)
        return own

    def ask(self, number, action, names, branch):
        self.repository.push(branch, **{f"_{number:04}": scratch.request(number, action, names)})
        self.repository.merge(branch)

    def begin(self):
        self.ask(10, "enable", DISABLED, "enable")
        self.ask(11, "terminate", TERMINATE, "terminate")

    def one(self, portal, folder, *more):
        """A run without shards, for another portal."""
        clone = folder / "one"
        shutil.rmtree(clone, ignore_errors=True)
        self.repository.git("clone", "--quiet", self.repository.origin, clone, cwd=folder)
        done = rig.run([self.arkib, "reconcile", "--yes", *more], rig.clean_environment(**portal.environment(portal.WRITE)), clone)
        return done.returncode, done.stdout + done.stderr

    def listed(self):
        """The shards of the records on the branch, as `arkib records list` shows them."""
        self.records.read()
        requests = self.repository.clone / "requests"
        command = [self.arkib, "records", "list", "--requests", requests, "--records", self.records.folder]
        done = rig.run(command, rig.clean_environment())
        return sorted(int(part) for part in re.findall(rf"shard (\d)/{PARTS}", done.stdout))

    def commits(self):
        return int(self.repository.git("rev-list", "--count", "records", cwd=self.repository.origin))


def states(portal):
    return {name: (user.get(scratch.MAILBOX, {}).get("state"), user.get(scratch.MAILBOX, {}).get("request")) for name, user in portal.users().items()}


def of(name):
    """The shard of a mailbox, as in docs/en/SHARDS.md."""
    first = hashlib.sha256(f"{name}@{scratch.DOMAIN}".encode()).digest()[:8]
    return int.from_bytes(first, "big") % PARTS + 1


def suite(tally, arkib, agency, folder):
    for make in (OnGitlab, OnGithub):
        here = folder / make.kind
        here.mkdir()
        with (
            sites.agency(make, arkib, World.example(agency, here), here, roster()) as site,
            scratch.portal(arkib, here / "other", roster()) as other,
        ):
            _parts(lambda what: f"{make.kind}: {what}", tally, site, World(arkib, site.repository), other, here)
            tally.equal(f"{make.kind}: no token had to be refused", site.portal.refused + site.forge.refused, [])


def _parts(say, tally, site, world, other, folder):
    portal = site.portal
    world.begin()
    portal.refuses = [REFUSED]
    site.release.dies(f"--shard {DIES}/{PARTS} ")
    first = site.shards()
    site.release.dies("")
    portal.refuses = []
    expected = {"plan": 0} | {f"apply {part}": {DIES: 137, of(REFUSED): 3}.get(part, 0) for part in range(1, PARTS + 1)}
    tally.equal(say("a shard dies and one is partly done: the others go on"), _statuses(first), expected) or print(first.output)
    left = [part for part in range(1, PARTS + 1) if part != DIES]
    tally.equal(say("the records of all others are pushed, verify, and the missing shard shows"), (world.listed(), world.records.verify()), (left, 0)) or print(first.output)
    if site.kind == "gitlab":
        # act ends a run at a workflow that is called and fails; GitHub does not.
        tally.equal(say("the run lists and verifies them"), _verified(first), LOOKS) or print(first.output)
    tally.check(say("what can write or push is said nowhere"), not any(token in first.output for token in (portal.WRITE, *site.forge.tokens)))

    tally.equal(say("a run of one, elsewhere"), world.one(other, folder)[0], 0)
    wanted = states(other)
    undone = {name.partition("@")[0] for name, state in states(portal).items() if state != wanted[name]}
    lacks = {name for name in [*DISABLED, *TERMINATE] if of(name) == DIES} | {REFUSED}
    tally.equal(say("the portal lacks that shard's mailboxes and the refused one"), undone, lacks)

    second = site.shards()
    tally.equal(say("started again, all pass"), set(_statuses(second).values()), {0}) or print(second.output)
    tally.equal(say("it lists and verifies the records"), _verified(second), LOOKS) or print(second.output)
    tally.equal(say("the portal is what a run of one makes of it"), states(portal), wanted)
    tally.equal(say("the two shards that had something to do left a record, and all verify"), (world.listed(), world.records.verify()), (sorted([*left, DIES, of(REFUSED)]), 0))

    portal.writes.clear()
    before = world.commits()
    third = site.shards()
    tally.equal(say("once more: nothing is written nor recorded"), (set(_statuses(third).values()), portal.writes, world.commits()), ({0}, [], before)) or print(third.output)

    world.ask(12, "terminate", TOO_MANY, "many")
    over = site.shards()
    tally.equal(say("over the limits: the plan ends with 4, and no shard begins"), _statuses(over), {"plan": 4}) or print(over.output)
    digest = re.search(r"--accept ([0-9a-f]{32,})", over.output)
    tally.check(say("it says which digest would let it through"), digest, over.output)
    tally.equal(say("and nothing is written"), portal.writes, [])
    let = site.shards(accept=digest[1])
    tally.equal(say("this one does"), set(_statuses(let).values()), {0}) or print(let.output)
    tally.equal(say("a run of one, elsewhere, is refused likewise"), world.one(other, folder)[0], 4)
    tally.equal(say("and let through"), world.one(other, folder, "--accept", digest[1])[0], 0)
    tally.equal(say("the portal is again what a run of one makes of it, and all records verify"), (states(portal) == states(other), world.records.verify()), (True, 0))


# What looks at the records of all shards, and how it ends.
LOOKS = {"list": 0, "verify": 0}


def _verified(run):
    """How each `arkib records` in the job `verify` ended."""
    return {call.arguments.split()[1]: call.status for call in run["verify"].calls if call.arguments.startswith("records ")}


def _statuses(run):
    """How each call of `arkib reconcile` ended: the plan's, and each shard's."""
    found = {}
    for job in run.jobs.values():
        for call in job.calls:
            shard = re.search(r"--shard (\d+)/", call.arguments)
            if call.arguments.startswith("reconcile "):
                found[f"apply {shard[1]}" if shard else "plan"] = call.status
    return found


class OnGitlab(sites.GitlabSite):
    def shards(self, accept=""):
        return self.runner.run(".gitlab/shards.yml", "parent_pipeline", self.repository.head(), {"ARKIB_ACCEPT": accept})


class OnGithub(sites.GithubSite):
    def shards(self, accept=""):
        return self.by_hand(accept=accept)
