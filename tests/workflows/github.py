"""The example's workflows on GitHub: executes their steps for pull requests, merges and nightly runs."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import runner
import scratch
from release import release

MARKER = "<!-- arkib reconcile -->"
BOT = {"login": "github-actions[bot]", "type": "Bot"}
PERSON = {"login": "rosli", "type": "User"}


@dataclass
class Event:
    name: str
    commit: str
    ref: str = "refs/heads/main"
    refspec: str = ""
    github: dict = field(default_factory=dict)
    variables: dict = field(default_factory=dict)
    inputs: dict = field(default_factory=dict)
    token: str = runner.TOKEN
    trusted: bool = True

    def __post_init__(self):
        self.github = {"repository": runner.REPOSITORY, "ref": self.ref, "sha": self.commit, "event_name": self.name} | self.github
        self.variables = {
            "GITHUB_REPOSITORY": runner.REPOSITORY,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REF": self.ref,
            "GITHUB_SHA": self.commit,
            "GITHUB_EVENT_NAME": self.name,
        } | self.variables
        self.refspec = self.refspec or f"+{self.commit}:refs/remotes/origin/main"


class Site:
    """One agency on GitHub: repository, portal, comments, and a runner."""

    def __init__(self, folder, arkib, agency, portal, repository, forge, release):
        self.folder, self.repository, self.forge, self.release = folder, repository, forge, release
        self.records = scratch.Records(repository, arkib)
        self.portal = portal
        self.store = folder / "comments.json"
        self.keep({"repository": runner.REPOSITORY, "comments": {}, "calls": [], "next": 1000})
        gh = runner.python_command(Path(__file__).with_name("fake_gh.py"), self.store, runner.TOKEN)
        self.runner = runner.Runner(folder / "runner", release, self.repository, [("gh", gh)])
        workflows = sorted((agency / ".github" / "workflows").iterdir())
        self.workflows = {path.stem: runner.load(path) for path in workflows}
        self.environments = {
            name: {"vars": {"ARKIB_PORTAL_URL": portal.url}, "secrets": {"ARKIB_PORTAL_TOKEN": token}}
            for name, token in (("portal-read", portal.READ), ("portal", portal.WRITE))
        }

    def keep(self, state):
        self.store.write_text(json.dumps(state))

    def state(self):
        return json.loads(self.store.read_text())

    def comments(self, number, own=False):
        found = self.state()["comments"].get(str(number), [])
        return [comment for comment in found if not own or comment["user"] == BOT]

    def plant(self, number, *bodies, user=PERSON):
        state = self.state()
        for body in bodies:
            state["next"] += 1
            state["comments"].setdefault(str(number), []).append({"id": state["next"], "body": body, "user": user})
        self.keep(state)

    def job(self, workflow, name, event):
        event.variables["GITHUB_SERVER_URL"] = self.forge
        return self.runner.job(self.workflows[workflow], name, event, self.environments)

    def pull(self, number, branch, head=runner.REPOSITORY, author="noraini"):
        """The event of a pull request, and the merge commit that GitHub makes for it."""
        commit = self.repository.head(branch)
        merge = self.repository.merged(branch)
        self.repository.git("push", "--quiet", "--force", "origin", f"{merge}:refs/pull/{number}/merge")
        pull = {
            "number": number,
            "head": {"sha": commit, "ref": branch, "repo": {"full_name": head}},
            "base": {"ref": "main"},
            "user": {"login": author},
        }
        return Event(
            "pull_request",
            merge,
            ref=f"refs/pull/{number}/merge",
            refspec=f"+{merge}:refs/remotes/pull/{number}/merge",
            github={"event": {"pull_request": pull}, "base_ref": "main", "head_ref": branch},
            variables={"GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": branch},
            trusted=head == runner.REPOSITORY,
        )

    def pushed(self, commit=None):
        return Event("push", commit or self.repository.head())

    def by_hand(self, ref="refs/heads/main", **inputs):
        return Event("workflow_dispatch", self.repository.head(), ref=ref, inputs=inputs)


def suite(tally, arkib, agency, folder):
    with release(arkib, folder / "release") as ours, scratch.portal(arkib, folder / "portal") as portal:
        repository, refused = scratch.Repository(folder / "repository", agency, ours), []
        with scratch.serve(scratch.git_over_http(repository.origin, runner.TOKEN, refused)) as address:
            _site(tally, Site(folder, arkib, agency, portal, repository, address, ours), refused)


def _site(tally, site, refused):
    _pull_request(tally, site)
    _strangers(tally, site)
    _edited(tally, site)
    _failures(tally, site)
    _large(tally, site)
    tally.equal("nothing of all this wrote to the portal", site.portal.writes, [])
    _apply(tally, site)
    _limits(tally, site)
    _records(tally, site)
    _drift(tally, site)
    tally.equal("every job that ran fetched the pinned archive, once", site.release.files.asked, [site.release.archive] * site.runner.ran)
    tally.equal("neither portal nor GitHub had to refuse a token", site.portal.refused + refused, [])


def _pull_request(tally, site):
    first = site.repository.push("priya", _0010=scratch.request(10, "enable", ["priya.nair"]))
    # More comments than fit on one page, then one that begins like the workflow's.
    site.plant(1, *(f"Comment {count}" for count in range(120)), f"{MARKER}\nplanted")
    others = site.comments(1)

    event = site.pull(1, "priya")
    check = site.job("check", "check", event)
    tally.equal("a good request: check passes", check.status, 0) or print(check)
    tally.check("check is given no token of the portal", not _tokens(check, site), _tokens(check, site))
    tally.check("check reads two requests more than the base's", "4 requests checked" in check.step("Check").output, check)

    plan = site.job("check", "plan", event)
    tally.equal("plan passes", plan.status, 0) or print(plan)
    own = site.comments(1, own=True)
    tally.equal("one comment is written", len(own), 1)
    body = own[0]["body"] if own else ""
    tally.check("it begins with the marker", body.startswith(MARKER + "\n"), body)
    row = re.search(r"^\+ enable +priya\.nair@agensi\.example +BMT-2026-0010", body, re.MULTILINE)
    tally.check("it shows the change", row and "1 to enable" in body, body)
    tally.check("it says which commit it is for, and where the run is", first in body and "/actions/runs/2)" in body, body)
    tally.check("the summary shows it, too", "priya.nair" in plan.summary, plan.summary)
    whole = plan.artifacts / "plan"
    tally.check("the whole plan is kept", whole.exists() and "priya.nair" in whole.read_text(), plan)
    tally.equal("only the steps that need it are given the reading token", _tokens(plan, site), {"Plan": site.portal.READ})
    tally.equal("the planted comment and all others are as they were", site.comments(1)[: len(others)], others)

    second = site.repository.push("priya", _0011=scratch.request(11, "enable", ["rosli"]))
    plan = site.job("check", "plan", site.pull(1, "priya"))
    again = site.comments(1, own=True)
    tally.equal("after a second push: plan passes", plan.status, 0) or print(plan)
    tally.equal("the same comment is updated in place", [comment["id"] for comment in again], [comment["id"] for comment in own])
    body = again[0]["body"] if again else ""
    tally.check("it is the second commit's", "2 to enable" in body and second in body and first not in body, body)
    tally.equal("and again no other was touched", site.comments(1)[: len(others)], others)


def _strangers(tally, site):
    event = site.pull(2, "priya", head="orang-luar/permohonan-arkib", author="orang-luar")
    check = site.job("check", "check", event)
    tally.equal("from a fork: check runs and passes", (check.ran, check.status), (True, 0))
    tally.check("from a fork: plan does not run", not site.job("check", "plan", event).ran)
    tally.check("of Dependabot: plan does not run", not site.job("check", "plan", site.pull(3, "priya", author="dependabot[bot]")).ran)
    tally.equal("neither leaves a comment", site.comments(2) + site.comments(3), [])


def _edited(tally, site):
    text = (site.repository.clone / "requests" / "2026" / "BMT-2026-0001.yaml").read_text()
    site.repository.push("edit", _0001=text.replace("melebihi kuota", "penuh"))
    event = site.pull(4, "edit")
    check = site.job("check", "check", event)
    tally.equal("a merged request is edited: check fails", check.status, 1)
    reported = check.step("Check").output
    tally.check("at its line", re.search(r"^::error file=requests/2026/BMT-2026-0001\.yaml,line=16,", reported, re.MULTILINE), reported)
    plan = site.job("check", "plan", event)
    tally.equal("plan fails likewise", plan.status, 1)
    body = "".join(comment["body"] for comment in site.comments(4, own=True))
    tally.check("and its comment says why", "record-edited" in body and "BMT-2026-0001.yaml:16:" in body, body)


def _failures(tally, site):
    """An older comment must not be mistaken for the plan of a commit that has none."""
    site.repository.push("fails", _0012=scratch.request(12, "enable", ["rosli"]))
    event = site.pull(5, "fails")
    site.job("check", "plan", event)
    tally.check("before: the comment has a plan", "1 to enable" in site.comments(5, own=True)[0]["body"])

    with site.release.missing():
        plan = site.job("check", "plan", event)
    body = site.comments(5, own=True)[0]["body"]
    tally.equal("arkib cannot be fetched: the job fails", plan.status, 1)
    tally.check("and the comment has no plan any more", body.startswith(MARKER) and "no plan" in body and "1 to enable" not in body, body)

    alive = site.environments["portal-read"]["vars"]["ARKIB_PORTAL_URL"]
    site.environments["portal-read"]["vars"]["ARKIB_PORTAL_URL"] = ""
    plan = site.job("check", "plan", event)
    site.environments["portal-read"]["vars"]["ARKIB_PORTAL_URL"] = alive
    tally.equal("the portal's address is not set: the job fails", plan.status, 1)
    comments = site.comments(5, own=True)
    tally.check("the one comment says so", len(comments) == 1 and "ARKIB_PORTAL_URL is empty" in comments[0]["body"], comments)


def _large(tally, site):
    names = [f"pegawai.dengan.nama.yang.panjang.{count:05}" for count in range(1200)]
    site.repository.push("large", _0013=scratch.request(13, "enable", names))
    plan = site.job("check", "plan", site.pull(6, "large"))
    body = "".join(comment["body"] for comment in site.comments(6, own=True))
    tally.check("a plan of 1,200 rows fits into one comment", plan.status == 0 and len(body) < 65_536 and "blocked 1200: " in body and "… and " in body, plan)
    whole = (plan.artifacts / "plan").read_text()
    tally.check("and is kept whole", all(name in whole for name in names))


def _apply(tally, site):
    untouched = {name: user for name, user in site.portal.users().items() if not name.startswith(("priya.", "rosli"))}
    site.repository.merge("priya")
    done = site.job("apply", "apply", site.pushed())
    tally.equal("after the merge: apply passes", done.status, 0) or print(done)
    states = [site.portal.state(name) for name in ("priya.nair", "rosli")]
    tally.equal("the portal has what was approved", states, [("enabled", "BMT-2026-0010"), ("enabled", "BMT-2026-0011")])
    now = site.portal.users()
    tally.equal("and nothing else was touched", {name: now[name] for name in untouched}, untouched)
    tally.equal("only the step that needs it is given the writing token", _tokens(done, site), dict.fromkeys(["Apply", "Inform", "Register"], site.portal.WRITE))
    tally.check("the outcome is kept and in the summary", "priya.nair" in done.summary and (done.artifacts / "apply" / "apply.md").exists(), done)
    first = site.records.read()
    tally.equal("the branch records is begun, with one record that verifies", (len(first), site.records.verify()), (1, 0)) or print(done)
    tally.equal("only the step that pushes is given the token that can", _pushers(done), ["Keep the records"])
    tally.check("which is said nowhere", runner.TOKEN not in str(done), done)
    kept = [path.name for path in scratch.kept(done.artifacts / "apply" / "records")]
    tally.equal("the artifact has the record, too", kept, first)

    site.portal.writes.clear()
    again = site.job("apply", "apply", site.pushed())
    tally.equal("a second apply passes", again.status, 0)
    tally.equal("and writes nothing", site.portal.writes, [])
    tally.equal("nor a record", site.records.read(), first)


def _limits(tally, site):
    before = site.repository.head()
    site.repository.push("many", _0014=scratch.request(14, "terminate", ["priya.nair", "rosli", "siti.aminah"], days_ago=6))
    plan = site.job("check", "plan", site.pull(7, "many"))
    tally.equal("over the limits: plan ends with 4", plan.status, 4) or print(plan)
    own = site.comments(7, own=True)
    tally.check("its comment is there and says so", len(own) == 1 and "This plan is not applied, because it exceeds limits:" in own[0]["body"], own)
    tally.check("the plan is kept, too", (plan.artifacts / "plan").exists())

    site.repository.merge("many")
    refused = site.job("apply", "apply", site.pushed())
    tally.equal("merged: apply ends with 4", refused.status, 4)
    tally.equal("and writes nothing", site.portal.writes, [])
    digest = re.search(r"--accept ([0-9a-f]{32,})", refused.step("Apply").output)
    tally.check("it says which digest would let it through", digest, refused)
    other = site.job("apply", "apply", site.by_hand(accept="0" * 32))
    tally.equal("another digest does not", (other.status, site.portal.writes), (4, []))
    elsewhere = site.job("apply", "apply", site.by_hand(ref="refs/heads/many", accept=digest[1]))
    tally.check("on another branch nothing runs", not elsewhere.ran)
    let = site.job("apply", "apply", site.by_hand(accept=digest[1]))
    tally.equal("this one does, by hand", let.status, 0) or print(let)
    states = {site.portal.state(name)[0] for name in ("priya.nair", "rosli", "siti.aminah")}
    tally.equal("the portal has it", states, {"terminated"})
    tally.equal("there are two records, and they are whole", (len(site.records.read()), site.records.verify()), (2, 0))

    site.portal.writes.clear()
    old = site.job("apply", "apply", site.pushed(before))
    tally.equal("an old run, repeated, undoes nothing", (old.status, site.portal.writes), (0, []))


def _records(tally, site):
    records, known = site.records, site.records.read()

    def added():
        """The number of added records, whether no other was removed, and whether all are complete."""
        before, known[:] = set(known), records.read()
        return len(set(known) - before), before <= set(known), records.verify() == 0

    site.repository.push("both", _0020=scratch.request(20, "enable", ["priya.nair", "lim.weiloon"], days_ago=5))
    site.repository.merge("both")
    site.portal.refuses = ["lim.weiloon"]
    partly = site.job("apply", "apply", site.pushed())
    site.portal.refuses = []
    tally.equal("partly applied: the job fails", partly.status, 3) or print(partly)
    tally.equal("and its record is kept", added(), (1, True, True))

    site.portal.meanwhile = lambda: records.push("Of another", {"of-another.txt": "Meanwhile\n"})
    raced = site.job("apply", "apply", site.pushed())
    tally.equal("the branch moved meanwhile: the job passes", raced.status, 0) or print(raced)
    kept = "of-another.txt" in records.read()
    tally.equal("both are there", (kept, *added()), (True, 2, True, True))

    # From here on the same change must be made again each time.
    site.portal.change("lim.weiloon", "terminated")
    with site.release.cut_short():
        cut = site.job("apply", "apply", site.pushed())
    tally.equal("cut short once it has applied: the job fails", (cut.status, cut.step("Apply").status), (-9, -9)) or print(cut)
    tally.equal("and its record is kept", added(), (1, True, True))

    site.portal.change("lim.weiloon", "terminated")
    with records.closed():
        lost = site.job("apply", "apply", site.pushed())
    tally.equal("no push is taken: it was applied, but the job fails", (lost.status, lost.step("Apply").status), (1, 0)) or print(lost)
    tally.check("and says so", "::error title=Records::" in lost.step("Keep the records").output, lost)
    tally.equal("nothing came to the branch", added(), (0, True, True))
    artifact = lost.artifacts / "apply" / "records"
    missing = [path for path in scratch.kept(artifact) if path.name not in known]
    tally.equal("the artifact has the record", len(missing), 1)
    site.portal.change("lim.weiloon", "terminated")
    tally.equal("the next run passes", site.job("apply", "apply", site.pushed()).status, 0)
    records.push("Put back", {path.name: path.read_text() for path in missing})
    tally.equal("the record, put back by hand, makes them whole", added(), (2, True, True))

    records.push("Altered", {known[0]: (records.folder / known[0]).read_text().replace("priya.nair", "rosli", 1)})
    site.portal.change("lim.weiloon", "terminated")
    loud = site.job("apply", "apply", site.pushed())
    reported = loud.step("Bring the records")
    tally.check("a record was altered: that is reported", "::warning title=Records::" in reported.output and known[0] in reported.output, loud)
    did = (loud.step("Apply").status, site.portal.state("lim.weiloon")[0])
    tally.equal("and what was approved is carried out", did, (0, "enabled")) or print(loud)
    tally.equal("but nobody is notified while the records are incomplete", (loud.step("Inform").status, loud.status), (4, 4)) or print(loud)
    tally.equal("with a record of its own", added(), (1, True, False))
    site.portal.writes.clear()


def _pushers(job):
    """The steps that got the workflow's token."""
    return [step.name for step in job.steps if runner.TOKEN in step.environment.values()]


def _drift(tally, site):
    quiet = site.job("drift", "drift", Event("schedule", site.repository.head()))
    tally.equal("at night, when all is well: drift passes", quiet.status, 0) or print(quiet)
    site.portal.change("ketua.pengarah", "terminated")
    site.portal.writes.clear()
    found = site.job("drift", "drift", Event("schedule", site.repository.head()))
    tally.equal("after a change by hand: drift ends with 2", found.status, 2) or print(found)
    tally.check("its summary names the mailbox", "ketua.pengarah" in found.summary and "drift" in found.summary, found.summary)
    tally.check("what was found is kept", "ketua.pengarah" in (found.artifacts / "drift").read_text())
    tally.equal("with the reading token, and no write", (_tokens(found, site), site.portal.writes), ({"Look": site.portal.READ}, []))
    tally.check("on another branch it does not run", not site.job("drift", "drift", site.by_hand(ref="refs/heads/many")).ran)


def _tokens(job, site):
    """The steps that got each of the portal's tokens."""
    tokens = (site.portal.READ, site.portal.WRITE)
    return {step.name: value for step in job.steps for value in step.environment.values() if value in tokens}
