"""One run in eight shards on GitLab and on GitHub: executes the jobs, with shards that fail and shards that are killed."""

import hashlib
import re
import shutil

import github
import gitlab
import pipeline
import rig
import runner
import scratch
import yaml
from release import release

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

    def __init__(self, arkib, agency, folder, release=None):
        self.arkib, self.release = arkib, release
        own = folder / "agency"
        shutil.copytree(agency, own)
        policy = own / "requests" / "agency.yaml"
        text, changed = re.subn(r"^limits:.*$", LIMITS, policy.read_text(), flags=re.MULTILINE)
        if changed != 1:
            raise ValueError("the policy has no limits to set")
        policy.write_text(text)
        self.repository = scratch.Repository(folder / "repository", own, release)
        self.records = scratch.Records(self.repository, arkib)

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
    for title, make in (("GitLab", OnGitlab), ("GitHub", OnGithub)):
        here = folder / title
        here.mkdir()
        with (
            release(arkib, here / "release") as ours,
            scratch.portal(arkib, here / "portal", roster()) as portal,
            scratch.portal(arkib, here / "other", roster()) as other,
        ):
            world, refused = World(arkib, agency, here, ours), []
            with scratch.serve(scratch.git_over_http(world.repository.origin, make.PUSH_TOKEN, refused)) as address:
                site = make(here, agency.parent / "shards", portal, world, address)
                _parts(lambda what: f"{title}: {what}", tally, site, world, portal, other, here)
            tally.equal(f"{title}: no token had to be refused", portal.refused + refused, [])


def _parts(say, tally, site, world, portal, other, folder):
    world.begin()
    portal.refuses = [REFUSED]
    first = site.run(dies=DIES)
    portal.refuses = []
    expected = {"plan": 0, "file": 0} | {f"apply {part}": {DIES: 1, of(REFUSED): 3}.get(part, 0) for part in range(1, PARTS + 1)}
    tally.equal(say("a part dies and one is partly done: the others and the filing go on"), first.statuses, expected) or print(first.output)
    left = [part for part in range(1, PARTS + 1) if part != DIES]
    tally.equal(say("the records of all others are filed, and the missing part shows"), world.listed(), left)
    tally.equal(say("in one commit, and they verify"), (world.commits(), world.records.verify()), (1, 0))
    tally.check(say("which part did not end is said"), f"art {DIES} of {PARTS} did not end" in first.output and f"art {PARTS} of {PARTS} did not" not in first.output, first.output)
    tally.check(say("what can write or push is said nowhere"), not any(token in first.output for token in (portal.WRITE, site.PUSH_TOKEN)))

    tally.equal(say("a run of one, elsewhere"), world.one(other, folder)[0], 0)
    wanted = states(other)
    undone = {name.partition("@")[0] for name, state in states(portal).items() if state != wanted[name]}
    lacks = {name for name in [*DISABLED, *TERMINATE] if of(name) == DIES} | {REFUSED}
    tally.equal(say("the portal lacks that part's mailboxes and the refused one"), undone, lacks)

    second = site.run()
    tally.equal(say("started again, all pass"), set(second.statuses.values()), {0}) or print(second.output)
    tally.equal(say("the portal is what a run of one makes of it"), states(portal), wanted)
    tally.equal(say("the two parts that had something to do left a record"), world.listed(), sorted([*left, DIES, of(REFUSED)]))
    tally.equal(say("in one more commit, and all verify"), (world.commits(), world.records.verify()), (2, 0))

    portal.writes.clear()
    third = site.run()
    tally.equal(say("once more: nothing is written nor filed"), (set(third.statuses.values()), portal.writes, world.commits()), ({0}, [], 2)) or print(third.output)

    world.ask(12, "terminate", TOO_MANY, "many")
    over = site.run()
    tally.equal(say("over the limits: the plan ends with 4, and no part begins"), {name: status for name, status in over.statuses.items() if name != "file"}, {"plan": 4}) or print(over.output)
    digest = re.search(r"--accept ([0-9a-f]{32,})", over.output)
    tally.check(say("it says which digest would let it through"), digest, over.output)
    tally.check(say("nor is any part missed"), "did not end" not in over.output, over.output)
    tally.equal(say("and nothing is written"), portal.writes, [])
    let = site.run(accept=digest[1])
    tally.equal(say("this one does"), set(let.statuses.values()), {0}) or print(let.output)
    tally.equal(say("a run of one, elsewhere, is refused likewise"), world.one(other, folder)[0], 4)
    tally.equal(say("and let through"), world.one(other, folder, "--accept", digest[1])[0], 0)
    tally.equal(say("the portal is again what a run of one makes of it"), states(portal), states(other))
    tally.equal(say("and all records verify"), (world.commits(), world.records.verify()), (3, 0))


class Run:
    def __init__(self, jobs):
        self.statuses = {name: job.status for name, job in jobs}
        self.output = "\n".join(f"--- {name}\n{job if isinstance(job, runner.Job) else job.output}" for name, job in jobs)


class OnGitlab:
    PUSH_TOKEN = gitlab.RECORDS_TOKEN

    def __init__(self, folder, shards, portal, world, forge):
        found = yaml.safe_load((shards / "gitlab-ci.yml").read_text())
        self.world, self.forge = world, forge
        self.runner = pipeline.Runner(folder / "runner", world.release, world.repository, found, protected={"portal"})
        self.runner.variables = {
            None: {"ARKIB_PORTAL_URL": portal.url},
            "portal-read": {"ARKIB_PORTAL_TOKEN": portal.READ},
            "portal": {"ARKIB_PORTAL_TOKEN": portal.WRITE, "ARKIB_RECORDS_TOKEN": self.PUSH_TOKEN},
        }

    def run(self, dies=None, accept=None):
        self.runner.dies = {f"apply {dies}/{PARTS}"}
        variables = {
            "CI_COMMIT_BRANCH": "main",
            "CI_SERVER_HOST": "gitlab.example",
            "CI_PROJECT_URL": f"{self.forge}/jabatan-contoh/permohonan-arkib",
        } | ({"ARKIB_ACCEPT": accept} if accept else {})
        jobs = self.runner.run(pipeline.Event("parent_pipeline", self.world.repository.head(), variables))
        return Run([(name.removesuffix(f"/{PARTS}"), job) for name, job in jobs.items()])


class OnGithub:
    PUSH_TOKEN = runner.TOKEN

    def __init__(self, folder, shards, portal, world, forge):
        self.world, self.forge = world, forge
        self.workflow = runner.load(shards / "github.yml")
        self.runner = runner.Runner(folder / "runner", world.release, world.repository)
        self.environments = {
            name: {"vars": {"ARKIB_PORTAL_URL": portal.url}, "secrets": {"ARKIB_PORTAL_TOKEN": token}}
            for name, token in (("portal-read", portal.READ), ("portal", portal.WRITE))
        }

    def run(self, dies=None, accept=None):
        def job(name, before, **more):
            outcome = "failure" if any(job.status for _, job in before) else "success"
            kept = [job.artifacts for _, job in jobs if job.artifacts.exists()]
            event = github.Event("workflow_dispatch", self.world.repository.head(), inputs={"accept": accept} if accept else {})
            event.variables["GITHUB_SERVER_URL"] = self.forge
            return self.runner.job(self.workflow, name, event, self.environments, needs=outcome, more=more, before=kept)

        jobs = []
        jobs += [("plan", job("plan", []))]
        plan = list(jobs)
        numbers = self.workflow["jobs"]["apply"]["strategy"]["matrix"]["part"]
        for number in numbers:
            contexts = {"matrix": {"part": number}, "strategy": {"job-total": len(numbers)}}
            done = self._died() if number == dies else job("apply", plan, **contexts)
            if done.ran:
                jobs.append((f"apply {number}", done))
        parts = jobs[1:]
        result = "skipped" if not parts else "failure" if any(done.status for _, done in parts) else "success"
        done = job("file", jobs, needs={"apply": {"result": result}})
        return Run([*jobs, ("file", done)] if done.ran else jobs)

    def _died(self):
        return runner.Job(ran=True, status=1, artifacts=self.runner.folder / "nothing")
