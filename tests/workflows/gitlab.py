"""The example's pipeline on GitLab: executes its scripts for merge requests, merges and nightly runs."""

import http.server
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pipeline
import runner
import scratch
import yaml
from release import release

MARKER = "<!-- arkib reconcile -->"
PROJECT, FORK = "42", "77"
NOTES_TOKEN, RECORDS_TOKEN = "token-that-notes", "token-that-pushes"
BOT, PERSON = {"id": 900, "username": "project_42_bot"}, {"id": 7, "username": "rosli"}


class Notes:
    """GitLab's notes of merge requests, in memory."""

    def __init__(self):
        self.notes = {}
        self.refused = []

    def add(self, number, author, body):
        note = {"id": sum(map(len, self.notes.values())) + 1, "author": author, "body": body, "system": False}
        self.notes.setdefault(str(number), []).append(note)
        return note

    def own(self, number):
        return [note for note in self.notes.get(str(number), []) if note["author"] == BOT]

    def act(self, method, path, query, body):
        if (method, path) == ("GET", "/api/v4/user"):
            return 200, BOT
        found = re.fullmatch(rf"/api/v4/projects/{PROJECT}/merge_requests/(\d+)/notes(?:/(\d+))?", path)
        if not found:
            return 404, {"message": "404 Not Found"}
        notes = self.notes.setdefault(found[1], [])
        if method == "GET" and not found[2]:
            size, page = min(int(query.get("per_page", 20)), 100), int(query.get("page", 1))
            ordered = notes if query.get("sort") == "asc" else notes[::-1]
            return 200, ordered[(page - 1) * size : page * size]
        if method == "POST" and not found[2] and body.get("body"):
            return 201, self.add(found[1], BOT, body["body"])
        note = next((note for note in notes if str(note["id"]) == found[2]), None)
        if method == "PUT" and note and body.get("body"):
            if note["author"] != BOT:
                return 403, {"message": "403 Forbidden"}
            note["body"] = body["body"]
            return 200, note
        return 400, {"message": "400 Bad request"}

    def handler(notes):
        class Handler(http.server.BaseHTTPRequestHandler):
            def _act(self):
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                url = urlsplit(self.path)
                flat = lambda pairs: {key: values[0] for key, values in parse_qs(pairs).items()}
                status, answer = notes.act(self.command, url.path, flat(url.query), flat(text))
                if self.headers.get("PRIVATE-TOKEN") != NOTES_TOKEN:
                    status, answer = 401, {"message": "401 Unauthorized"}
                if status >= 400:
                    notes.refused.append((status, self.command, self.path))
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = _act

            def log_message(self, *_):
                pass

        return Handler


class Site:
    def __init__(self, folder, arkib, agency, portal, api, notes, repository, forge, release):
        self.folder, self.repository, self.forge, self.release = folder, repository, forge, release
        self.records = scratch.Records(repository, arkib)
        self.portal, self.notes, self.api = portal, notes, api
        found = yaml.safe_load((agency / ".gitlab-ci.yml").read_text())
        self.runner = pipeline.Runner(folder / "runner", release, self.repository, found, protected={"portal"})
        self.runner.variables = {
            None: {"ARKIB_PORTAL_URL": portal.url},
            "portal-read": {"ARKIB_PORTAL_TOKEN": portal.READ, "ARKIB_NOTES_TOKEN": NOTES_TOKEN},
            "portal": {"ARKIB_PORTAL_TOKEN": portal.WRITE, "ARKIB_RECORDS_TOKEN": RECORDS_TOKEN},
        }

    def merge_request(self, number, branch, project=PROJECT, source=PROJECT, **more):
        variables = {
            "CI_API_V4_URL": f"{self.api}/api/v4",
            "CI_PROJECT_ID": project,
            "CI_MERGE_REQUEST_IID": str(number),
            "CI_MERGE_REQUEST_PROJECT_ID": PROJECT,
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source,
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.repository.git("merge-base", "origin/main", f"origin/{branch}"),
        }
        event = pipeline.Event("merge_request_event", self.repository.head(branch), variables, **more)
        return self.runner.run(event)

    def on_main(self, source, commit=None, changed=(), branch="main", **variables):
        commit = commit or self.repository.head(branch)
        variables |= {"CI_COMMIT_BRANCH": branch, "CI_PROJECT_ID": PROJECT, "CI_SERVER_HOST": "gitlab.example"}
        variables["CI_PROJECT_URL"] = f"{self.forge}/jabatan-contoh/permohonan-arkib"
        return self.runner.run(pipeline.Event(source, commit, variables, list(changed)))


def suite(tally, arkib, agency, folder):
    notes = Notes()
    with release(arkib, folder / "release") as ours, scratch.portal(arkib, folder / "portal") as portal:
        repository, refused = scratch.Repository(folder / "repository", agency, ours), []
        forge = scratch.git_over_http(repository.origin, RECORDS_TOKEN, refused)
        with scratch.serve(notes.handler()) as api, scratch.serve(forge) as address:
            _site(tally, Site(folder, arkib, agency, portal, api, notes, repository, address, ours), folder, refused)


def _site(tally, site, folder, refused):
    _merge_request(tally, site)
    _fork(tally, site, folder)
    _edited(tally, site)
    tally.equal("nothing of all this wrote to the portal", site.portal.writes, [])
    _apply(tally, site)
    _records(tally, site)
    _drift(tally, site)
    tally.equal("every job fetched the pinned archive, once", site.release.files.asked, [site.release.archive] * site.runner.runs)
    tally.equal("neither portal nor GitLab had to refuse anything", site.portal.refused + site.notes.refused + refused, [])


def _merge_request(tally, site):
    site.repository.push("priya", _0010=scratch.request(10, "enable", ["priya.nair"]))
    for count in range(120):
        site.notes.add(1, PERSON, f"Note {count}")
    site.notes.add(1, PERSON, f"{MARKER}\nplanted")
    before = json.dumps(site.notes.notes["1"])

    jobs = site.merge_request(1, "priya")
    tally.equal("a good request: check and plan run and pass", {name: job.status for name, job in jobs.items()}, {"check": 0, "plan": 0}) or _print(jobs)
    own = site.notes.own(1)
    tally.equal("one note is written", len(own), 1)
    body = own[0]["body"] if own else ""
    tally.check("it begins with the marker and shows the change", body.startswith(MARKER) and "+ enable  priya.nair" in body, body)
    tally.check("it says which commit it is for", site.repository.head("priya") in body, body)
    tally.equal("the planted note and all others are as they were", json.dumps(site.notes.notes["1"][:-1]), before)
    tally.equal("the code quality report has no problems", json.loads((jobs["check"].artifacts / "arkib-quality.json").read_text()), [])
    tally.check("the whole plan is kept", "priya.nair" in (jobs["plan"].artifacts / "arkib-plan.md").read_text())
    tally.equal("check is given no token", _tokens(jobs["check"], site), set())
    tally.equal("plan is given those that read and note", _tokens(jobs["plan"], site), {site.portal.READ, NOTES_TOKEN})

    second = site.repository.push("priya", _0011=scratch.request(11, "enable", ["rosli"]))
    site.merge_request(1, "priya")
    again = site.notes.own(1)
    tally.equal("after a second push: the same note is updated in place", [note["id"] for note in again], [note["id"] for note in own])
    tally.check("it is the second commit's", "2 to enable" in again[0]["body"] and second in again[0]["body"], again)
    tally.equal("and again no other was touched", json.dumps(site.notes.notes["1"][:-1]), before)


def _fork(tally, site, folder):
    fork = folder / "fork.git"
    site.repository.git("clone", "--quiet", "--bare", site.repository.origin, fork, cwd=folder)
    # Its main is older than the base of the branch.
    site.repository.git("update-ref", "refs/heads/main", _begun_anew(site), cwd=fork)
    jobs = site.merge_request(2, "priya", project=FORK, source=FORK, origin=fork, secrets=False)
    tally.equal("in a fork: only check runs, and passes", {name: job.status for name, job in jobs.items()}, {"check": 0}) or _print(jobs)
    tally.equal("of a fork, in this project: likewise only check", list(site.merge_request(3, "priya", source=FORK)), ["check"])
    tally.equal("neither leaves a note", site.notes.own(2) + site.notes.own(3), [])


def _begun_anew(site):
    """A commit with an unrelated history."""
    tree = site.repository.git("rev-parse", "HEAD^{tree}")
    commit = site.repository.git("commit-tree", tree, "-m", "Another beginning")
    site.repository.git("push", "--quiet", site.repository.clone.parent.parent / "fork.git", f"{commit}:refs/heads/other")
    return commit


def _edited(tally, site):
    text = (site.repository.clone / "requests" / "2026" / "BMT-2026-0001.yaml").read_text()
    site.repository.push("edit", _0001=text.replace("melebihi kuota", "penuh"))
    jobs = site.merge_request(4, "edit")
    tally.equal("a merged request is edited: check and plan fail", {name: job.status for name, job in jobs.items()}, {"check": 1, "plan": 1})
    tally.check("the note says why", [note for note in site.notes.own(4) if "record-edited" in note["body"]], site.notes.own(4))
    report = json.loads((jobs["check"].artifacts / "arkib-quality.json").read_text())
    places = [(row["check_name"], row["location"]["path"], row["location"]["lines"]["begin"]) for row in report]
    tally.equal("the merge request shows it at its line", places, [("record-edited", "requests/2026/BMT-2026-0001.yaml", 16)])
    tally.check("the log says so, too", "record-edited" in jobs["check"].output, jobs["check"].output)


def _apply(tally, site):
    changed = ["requests/2026/BMT-2026-0010.yaml"]
    site.repository.merge("priya")
    jobs = site.on_main("push", changed=changed)
    tally.equal("after the merge: apply runs and passes", {name: job.status for name, job in jobs.items()}, {"apply": 0}) or _print(jobs)
    tally.equal("the portal has what was approved", site.portal.state("priya.nair"), ("enabled", "BMT-2026-0010"))
    tally.equal("with the token that writes, and the one that pushes", _tokens(jobs["apply"], site), {site.portal.WRITE, RECORDS_TOKEN})
    tally.check("which are said nowhere", not any(token in jobs["apply"].output for token in (site.portal.WRITE, RECORDS_TOKEN)))
    first = site.records.read()
    tally.equal("the branch records is begun, with one record that verifies", (len(first), site.records.verify()), (1, 0)) or _print(jobs)
    kept = [path.name for path in scratch.kept(jobs["apply"].artifacts / "arkib-records")]
    tally.equal("the artifact has the record, too", kept, first)
    tally.check("the outcome is kept", "priya.nair" in (jobs["apply"].artifacts / "arkib-apply.md").read_text())
    tally.equal("a push that touches no request runs nothing", site.on_main("push", changed=["README.md"]), {})
    tally.equal("nor does one to another branch", site.on_main("push", changed=changed, branch="edit"), {})
    site.portal.writes.clear()
    tally.equal("a second apply writes nothing", (site.on_main("web")["apply"].status, site.portal.writes), (0, []))
    tally.equal("nor a record", site.records.read(), first)

    before = site.repository.head()
    site.repository.push("many", _0014=scratch.request(14, "terminate", ["priya.nair", "siti.aminah"], days_ago=6))
    jobs = site.merge_request(5, "many")
    tally.equal("over the limits: plan ends with 4", jobs["plan"].status, 4) or _print(jobs)
    tally.check("which is a warning, not a failure", jobs["plan"].allowed)
    tally.check("its note is there and says so", [note for note in site.notes.own(5) if "This plan is not applied, because it exceeds limits:" in note["body"]], site.notes.own(5))
    site.repository.merge("many")
    refused = site.on_main("push", changed=changed)["apply"]
    tally.equal("merged: apply ends with 4 and writes nothing", (refused.status, site.portal.writes), (4, []))
    digest = re.search(r"--accept ([0-9a-f]{32,})", refused.output)
    tally.check("it says which digest would let it through", digest, refused.output)
    let = site.on_main("web", ARKIB_ACCEPT=digest[1])["apply"]
    tally.equal("this one does, by hand", (let.status, site.portal.state("siti.aminah")[0]), (0, "terminated"))
    tally.equal("there are two records, and they are whole", (len(site.records.read()), site.records.verify()), (2, 0))
    site.portal.writes.clear()
    old = site.on_main("push", commit=before, changed=changed)["apply"]
    tally.equal("an old job, repeated, undoes nothing", (old.status, site.portal.writes), (0, []))


def _records(tally, site):
    records, known = site.records, site.records.read()

    def apply(again=None):
        if again:
            site.portal.change(again, "terminated")
        return site.on_main("web")["apply"]

    def added():
        """The number of added records, whether no other was removed, and whether all are complete."""
        before, known[:] = set(known), records.read()
        return len(set(known) - before), before <= set(known), records.verify() == 0

    site.repository.push("both", _0020=scratch.request(20, "enable", ["priya.nair", "lim.weiloon"], days_ago=5))
    site.repository.merge("both")
    site.portal.refuses = ["lim.weiloon"]
    partly = apply()
    site.portal.refuses = []
    tally.equal("partly applied: the job fails, and its record is kept", (partly.status, *added()), (3, 1, True, True)) or print(partly.output)

    site.portal.meanwhile = lambda: records.push("Of another", {"of-another.txt": "Meanwhile\n"})
    raced = apply()
    tally.equal("the branch moved meanwhile: the job passes, and both are there", (raced.status, *added()), (0, 2, True, True)) or print(raced.output)

    with site.release.cut_short():
        cut = apply(again="lim.weiloon")
    tally.equal("cancelled once it has applied: its record is kept", (cut.status, *added()), (-9, 1, True, True)) or print(cut.output)

    with records.closed():
        lost = apply(again="lim.weiloon")
    reported = "the record of this run could not be pushed" in lost.output
    tally.equal("no push is taken: the job fails and says so", (lost.status, reported, *added()), (1, True, 0, True, True)) or print(lost.output)
    missing = [path for path in scratch.kept(lost.artifacts / "arkib-records") if path.name not in known]
    tally.equal("the artifact has the record", len(missing), 1)
    records.push("Put back", {path.name: path.read_text() for path in missing})
    tally.equal("put back by hand, all are whole", added(), (1, True, True))

    records.push("Altered", {known[0]: (records.folder / known[0]).read_text().replace("priya.nair", "rosli", 1)})
    loud = apply(again="lim.weiloon")
    reported = "WARNING: the earlier records are not whole" in loud.output and known[0] in loud.output
    done = site.portal.state("lim.weiloon")[0]
    tally.equal("a record was altered: that is reported, and what was approved is done", (reported, done), (True, "enabled")) or print(loud.output)
    tally.equal("but nobody is notified while the records are incomplete", loud.status, 4) or print(loud.output)
    tally.equal("with a record of its own", added(), (1, True, False))


def _drift(tally, site):
    quiet = site.on_main("schedule")
    tally.equal("at night, when all is well: drift runs alone and passes", {name: job.status for name, job in quiet.items()}, {"drift": 0}) or _print(quiet)
    site.portal.change("ketua.pengarah", "terminated")
    site.portal.writes.clear()
    found = site.on_main("schedule")["drift"]
    tally.equal("after a change by hand: drift ends with 2", found.status, 2)
    tally.check("it names the mailbox, in the log and in what is kept", all("ketua.pengarah" in text for text in (found.output, (found.artifacts / "arkib-drift.md").read_text())), found.output)
    tally.check("with no token that writes, and no write", site.portal.WRITE not in _tokens(found, site) and not site.portal.writes)


def _tokens(job, site):
    known = {site.portal.READ, site.portal.WRITE, NOTES_TOKEN, RECORDS_TOKEN}
    return known & set(job.environment.values())


def _print(jobs):
    for name, job in jobs.items():
        print(f"--- {name}: status {job.status}\n{job.output[-3000:]}")
