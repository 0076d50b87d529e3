"""What the pipelines do on each forge, by its engine: pull requests, merges, nights, and all that may go wrong."""

import json
import os
import re
import shutil
import signal
import threading
import time

import fake_forges
import scratch
import sites
from release import Call

MARKER = fake_forges.MARKER
ROW = re.compile(r"^- \*\*`priya\.nair@agensi\.example`\*\*<br>.*`BMT-2026-0010`", re.MULTILINE)


def module(make, cases):
    """A module for the runner of suites."""

    class Module:
        @staticmethod
        def suite(tally, arkib, agency, folder):
            # Without the request that has waited since March, of which an operator would hear every night.
            own = folder / "example"
            shutil.copytree(agency, own, ignore=shutil.ignore_patterns("BMT-2026-0003.yaml"))
            with sites.agency(make, arkib, own, folder) as site:
                for case in cases:
                    case(tally, site)
                tally.equal("every job brought the pinned archive, and no other", set(site.release.files.asked), {site.release.archive})
                tally.equal("neither portal nor forge had to refuse anything", site.portal.refused + site.forge.refused, [])

    return Module


def _pull_request(tally, site):
    first = site.repository.push("priya", _0010=scratch.request(10, "enable", ["priya.nair"]))
    # More comments than fit on one page, then one that begins like arkib's.
    site.forge.plant(1, *(f"Comment {count}" for count in range(120)), f"{MARKER}\nplanted")
    others = site.forge.of(1)

    run = site.pull(1, "priya")
    tally.equal("a good request: all jobs pass", set(run.results.values()), {"success"}) or print(run.output)
    check, plan, comment = (_call(run, command) for command in ("check", "reconcile", "comment"))
    tally.equal("check is given no token, the plan only what reads, the comment only what comments", [_tokens(call, site) for call in (check, plan, comment)], site.tokens_of_pull())
    own = site.forge.of(1, own=True)
    body = own[0]["body"] if own else ""
    tally.equal("one comment is written", len(own), 1)
    tally.check("it begins with the marker and shows the change", body.startswith(MARKER + "\n") and ROW.search(body) and "1 to enable" in body, body)
    tally.check("it says which commit it is for, and where the job is", first in body and site.forge.url in body, body)
    tally.check("the whole plan is kept", "priya.nair" in run.artifact(site.plan_file).read_text(), run.output)
    tally.equal("the planted comment and all others are as they were", site.forge.of(1)[: len(others)], others)
    if site.kind == "gitlab":
        tally.equal("the code quality report has no problems", _quality(run), [])
    else:
        tally.check("the summary shows it, too", "priya.nair" in plan.summary, plan.summary)

    second = site.repository.push("priya", _0011=scratch.request(11, "enable", ["rosli"]))
    run = site.pull(1, "priya")
    again = site.forge.of(1, own=True)
    tally.equal("after a second push the same comment is updated in place", [comment["id"] for comment in again], [comment["id"] for comment in own]) or print(run.output)
    body = again[0]["body"] if again else ""
    tally.check("it is the second commit's", "2 to enable" in body and second in body and first not in body, body)
    tally.equal("and again no other was touched", site.forge.of(1)[: len(others)], others)

    run = site.pull(1, "priya", head="f" * 40)
    tally.equal("of a commit that is not the newest any more nothing is written, and no job fails", (site.forge.of(1, own=True), set(run.results.values())), (again, {"success"})) or print(run.output)


def _two_at_once(tally, site):
    site.repository.push("two", _0012=scratch.request(12, "enable", ["rosli"]))
    site.forge.barrier = threading.Barrier(2)
    begun = [site.begin_pull(2, "two"), site.begin_pull(2, "two")]
    # One of them may want to delete what the other has deleted.
    with site.forge.faulty(lambda _: None):
        results = [set(run.results.values()) for run in site.runner.end(*begun)]
    site.forge.barrier = None
    own = site.forge.of(2, own=True)
    tally.equal("two pipelines of one commit at once leave one comment", (results, len(own)), ([{"success"}] * 2, 1))
    tally.check("with the plan", own and "1 to enable" in own[0]["body"], own)


def _strangers(tally, site):
    run = site.pull(3, "priya", fork=True)
    tally.equal("from a fork: only check runs, and passes", run.results, {"check": "success"}) or print(run.output)
    if site.kind != "gitlab":
        run = site.pull(3, "priya", author="dependabot[bot]")
        tally.equal("of Dependabot likewise", run.results, {"check": "success"}) or print(run.output)
    # A stranger takes out the guard: the pipeline is that of the branch.
    place = site.repository.clone / site.pipeline
    site.repository.git("checkout", "--quiet", "-b", "stranger", "origin/priya")
    text = re.sub(r"^    if: github.event.pull_request.*\n", "", place.read_text(), flags=re.MULTILINE)
    place.write_text(text.replace(" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID", ""))
    site.repository.push("stranger")
    with site.forge.faulty(lambda _: None):
        run = site.pull(3, "stranger", fork=True)
    plan, comment = _call(run, "reconcile"), _call(run, "comment")
    held = [_tokens(call, site) & {"ARKIB_PORTAL_TOKEN", "ARKIB_COMMENT_TOKEN", "ARKIB_RECORDS_TOKEN"} for call in (plan, comment)]
    tally.equal("from a fork without the guard: no job has a token, so the plan fails and the comment passes", (plan.status, comment.status, held), (1, 0, [set(), set()])) or print(run.output)
    tally.equal("none of them leaves a comment", site.forge.of(3), [])


def _edited(tally, site):
    text = (site.repository.clone / "requests" / "2026" / "BMT-2026-0001.yaml").read_text()
    site.repository.push("edit", _0001=text.replace("melebihi kuota", "penuh"))
    run = site.pull(4, "edit")
    tally.equal("a merged request is edited: check and plan fail", [_call(run, command).status for command in ("check", "reconcile")], [1, 1])
    body = "".join(comment["body"] for comment in site.forge.of(4, own=True))
    tally.check("the comment says why", "record-edited" in body and "BMT-2026-0001.yaml:16`" in body, body)
    if site.kind == "gitlab":
        places = [(row["check_name"], row["location"]["path"], row["location"]["lines"]["begin"]) for row in _quality(run)]
        tally.equal("the merge request shows it at its line", places, [("record-edited", "requests/2026/BMT-2026-0001.yaml", 16)])
        tally.check("the log says so, too", "record-edited" in run["check"].output, run["check"].output)
    else:
        reported = run["check"].output
        tally.check("at its line", "requests/2026/BMT-2026-0001.yaml" in reported and re.search(r"line=16|:16:", reported), reported)


def _failures(tally, site):
    """An older comment must not be mistaken for the plan of a commit that has none."""
    commit = site.repository.push("fails", _0012=scratch.request(12, "enable", ["rosli"]))
    site.pull(5, "fails")
    body = site.forge.of(5, own=True)[0]["body"]
    tally.check("before: the comment has a plan", "1 to enable" in body, body)
    with site.release.missing():
        run = site.pull(5, "fails")
    tally.equal("arkib cannot be fetched: the jobs fail", set(run.results.values()), {"failure"}) or print(run.output)
    tally.check("and the older comment says which commit it is of", commit in site.forge.of(5, own=True)[0]["body"])
    for what, url, said in (("the portal's address is not set", "", "ARKIB_PORTAL_URL"), ("the portal does not answer", "http://127.0.0.1:9/scim/v2", "127.0.0.1:9")):
        site.set_up(url)
        run = site.pull(5, "fails")
        own = site.forge.of(5, own=True)
        tally.equal(f"{what}: the plan fails", _call(run, "reconcile").status, 1)
        tally.check("the one comment says so, and has no plan any more", len(own) == 1 and said in own[0]["body"] and "1 to enable" not in own[0]["body"], own)
    site.set_up(site.portal.url)


def _forge_fails(tally, site):
    site.repository.push("forge", _0012=scratch.request(12, "enable", ["rosli"]))
    for number, (what, fault, status) in enumerate((("limits the calls", fake_forges.limited, 0), ("refuses", fake_forges.forbidden, 1), ("answers with a page", fake_forges.page_of_html, 1)), 20):
        with site.forge.faulty(fault):
            run = site.pull(number, "forge")
        comment = _call(run, "comment")
        tally.equal(f"a forge that {what}: `arkib comment` ends with {status}", comment.status, status) or print(run.output)
        tally.equal("and there are so many comments", len(site.forge.of(number)), 1 - status)


def _large(tally, site):
    names = [f"pegawai.dengan.nama.yang.panjang.{count:05}" for count in range(1200)]
    site.repository.push("large", _0013=scratch.request(13, "enable", names))
    run = site.pull(6, "large")
    body = "".join(comment["body"] for comment in site.forge.of(6, own=True))
    tally.check("a plan of 1,200 rows fits into one comment", _call(run, "comment").status == 0 and len(body) <= 65_536 and "### arkib: 1200 blocked" in body and "… and " in body, body[:2000])
    whole = run.artifact(site.plan_file).read_text()
    tally.check("and is kept whole", all(name in whole for name in names))
    tally.equal("nothing of all this wrote to the portal", site.portal.writes, [])


def _apply(tally, site):
    site.repository.push("priya", _0010=scratch.request(10, "enable", ["priya.nair"]), _0011=scratch.request(11, "enable", ["rosli"]))
    site.portal.writes.clear()
    untouched = {name: user for name, user in site.portal.users().items() if not name.startswith(("priya.", "rosli"))}
    site.first_merge = site.repository.merge("priya")
    run = site.pushed()
    tally.equal("after the merge: all passes", set(run.results.values()), {"success"}) or print(run.output)
    states = [site.portal.state(name) for name in ("priya.nair", "rosli")]
    tally.equal("the portal has what was approved", states, [("enabled", "BMT-2026-0010"), ("enabled", "BMT-2026-0011")])
    now = site.portal.users()
    tally.equal("and nothing else was touched", {name: now[name] for name in untouched}, untouched)
    tally.equal("with the token that writes, and the one that pushes", _tokens(_call(run, "reconcile"), site), {"ARKIB_PORTAL_TOKEN", "ARKIB_RECORDS_TOKEN"})
    given = {command: _call(run, command).environment.get("ARKIB_PORTAL_TOKEN") for command in ("reconcile", "notify", *site.after)}
    wanted = {command: site.portal.READ if command in site.reading else site.portal.WRITE for command in given}
    tally.equal("what only looks is given the token that reads, where the forge allows that", given, wanted)
    tally.check("tokens are said nowhere", not any(token in run.output for token in (site.portal.WRITE, *site.forge.tokens)), run.output)
    tally.check("the outcome is kept", "priya.nair" in run.artifact(site.outcome).read_text(), run.output)
    if site.after:
        tally.check("and the register", run.artifact(site.register).exists(), run.output)
    first = site.records.read()
    tally.equal("the branch records is begun, with one record that verifies", (len(first), site.records.verify()), (1, 0)) or print(run.output)
    tally.equal("the artifact has the record, too", [path.name for path in scratch.kept(run.artifact(site.kept_records))], first)

    site.portal.writes.clear()
    run = site.by_hand()
    tally.equal("a second apply passes, and writes nothing", (_call(run, "reconcile").status, site.portal.writes), (0, [])) or print(run.output)
    tally.equal("nor a record", site.records.read(), first)
    if site.kind == "gitlab":
        site.repository.git("checkout", "--quiet", "--detach", "origin/main")
        site.repository.git("commit", "--quiet", "--allow-empty", "--message=Other")
        site.repository.git("push", "--quiet", "origin", "HEAD:main")
        commit = site.repository.head()
        tally.equal("a push that touches no request runs nothing", site.pushed(commit).results, {})


def _limits(tally, site):
    site.repository.push("many", _0014=scratch.request(14, "terminate", ["priya.nair", "rosli", "siti.aminah"], days_ago=6))
    run = site.pull(7, "many")
    tally.equal("over the limits: the plan ends with 4", _call(run, "reconcile").status, 4) or print(run.output)
    tally.equal("a failure, but on GitLab a warning", run["plan"].result, "warning" if site.kind == "gitlab" else "failure")
    own = site.forge.of(7, own=True)
    tally.check("its comment is there and says so", len(own) == 1 and "This plan is not applied, because it exceeds limits:" in own[0]["body"], own)
    tally.check("the plan is kept, too", run.artifact(site.plan_file).exists())

    site.repository.merge("many")
    refused = site.pushed()
    tally.equal("merged: apply ends with 4, and writes nothing", (_call(refused, "reconcile").status, site.portal.writes), (4, []))
    digest = re.search(r"--accept ([0-9a-f]{32,})", refused.output)
    tally.check("it says which digest would let it through", digest, refused.output)
    other = site.by_hand(accept="0" * 32)
    tally.equal("another digest does not", (_call(other, "reconcile").status, site.portal.writes), (4, []))
    tally.equal("on another branch nothing runs", site.by_hand(branch="many", accept=digest[1]).results, {})
    let = site.by_hand(accept=digest[1])
    tally.equal("this one does, by hand", _call(let, "reconcile").status, 0) or print(let.output)
    tally.equal("the portal has it", {site.portal.state(name)[0] for name in ("priya.nair", "rosli", "siti.aminah")}, {"terminated"})
    tally.equal("there are two records, and they are whole", (len(site.records.read()), site.records.verify()), (2, 0))
    site.portal.writes.clear()
    old = site.pushed(site.first_merge)
    tally.equal("an old run, repeated, undoes nothing", (_call(old, "reconcile").status, site.portal.writes), (0, []))


def _records(tally, site):
    records, known = site.records, site.records.read()

    def added():
        """The number of added records, whether no other was removed, and whether all are complete."""
        before, known[:] = set(known), records.read()
        return len(set(known) - before), before <= set(known), records.verify() == 0

    site.repository.push("both", _0020=scratch.request(20, "enable", ["priya.nair", "lim.weiloon"], days_ago=5))
    site.repository.merge("both")
    site.portal.refuses = ["lim.weiloon"]
    partly = site.pushed()
    site.portal.refuses = []
    statuses = [_call(partly, command).status for command in ("reconcile", "notify", *site.after)]
    tally.equal("partly applied: the job fails, who is concerned is informed, and its record is kept", (statuses, *added()), ([3, 0, *[0 for _ in site.after]], 1, True, True)) or print(partly.output)
    tally.check("and some job says so", "failure" in partly.results.values(), partly.results)

    site.portal.meanwhile = lambda: records.push("Of another", {"of-another.txt": "Meanwhile\n"})
    raced = site.by_hand()
    tally.equal("the branch moved meanwhile: all passes, and both are there", (set(raced.results.values()), *added()), ({"success"}, 2, True, True)) or print(raced.output)

    # From here on the same change must be made again each time.
    site.portal.change("lim.weiloon", "terminated")
    site.portal.meanwhile = lambda: _stop(site)
    cut = site.by_hand()
    said = "Interrupted (SIGTERM)" in cut.output
    tally.equal("stopped while it applies: the change in progress ends, and its record is kept", (said, _call(cut, "reconcile").status, *added()), (True, 0, 1, True, True)) or print(cut.output)

    site.portal.change("lim.weiloon", "terminated")
    with records.closed():
        lost = site.by_hand()
    said = "could not be pushed" in lost.output
    tally.equal("no push is taken: it was applied, but the job fails and says so", (_call(lost, "reconcile").status, site.portal.state("lim.weiloon")[0], said), (1, "enabled", True)) or print(lost.output)
    tally.equal("nothing came to the branch", added(), (0, True, True))
    missing = [path for path in scratch.kept(lost.artifact(site.kept_records)) if path.name not in known]
    tally.equal("the artifact has the record", len(missing), 1)
    records.push("Put back", {path.name: path.read_text() for path in missing})
    tally.equal("the record, put back by hand, makes them whole", added(), (1, True, True))

    site.portal.change("lim.weiloon", "terminated")
    both = site.runner.end(site.begin_push(), site.begin_push())
    tally.check("two runs at once: one of them at least passes, and the portal is right", site.portal.state("lim.weiloon")[0] == "enabled" and {"success"} in [set(run.results.values()) for run in both], "\n".join(run.output for run in both))
    count, kept, whole = added()
    tally.equal("and every record is on the branch, and whole", (count in (1, 2), kept, whole), (True, True, True))

    original = (records.folder / known[0]).read_text()
    records.push("Altered", {known[0]: original.replace("priya.nair", "rosli", 1)})
    site.portal.change("lim.weiloon", "terminated")
    loud = site.by_hand()
    tally.check("a record was altered: that is reported", re.search(r"the records of earlier runs have \d problem", loud.output), loud.output)
    tally.equal("what was approved is carried out", (_call(loud, "reconcile").status, site.portal.state("lim.weiloon")[0]), (0, "enabled")) or print(loud.output)
    tally.equal("but nobody is notified while the records are incomplete", (_call(loud, "notify").status, "failure" in loud.results.values()), (4, True)) or print(loud.output)
    tally.equal("with a record of its own", added(), (1, True, False))
    records.push("Put back", {known[0]: original})
    tally.equal("the original, put back by hand, makes them whole", added(), (0, True, True))
    site.portal.writes.clear()


def _stop(site):
    """Tells the run that applies to stop, as a forge does when somebody cancels it."""
    process = site.release.running("reconcile --yes")
    os.kill(process, signal.SIGTERM)
    time.sleep(0.3)


def _night(tally, site):
    site.alerts.sent.clear()
    quiet = site.night()
    tally.equal("at night, when all is well: it passes, and tells nobody", (quiet.results, site.alerts.sent), ({"night": "success"}, [])) or print(quiet.output)
    site.portal.change("ketua.pengarah", "terminated")
    site.portal.writes.clear()
    found = site.night()
    call = _call(found, "reconcile")
    tally.equal("after a change by hand: it ends with 2, as a failure", (call.status, found.results), (2, {"night": "failure"})) or print(found.output)
    tally.check("what was found is kept", "ketua.pengarah" in found.artifact(site.night_file).read_text(), found.output)
    tally.check("and in the summary", site.kind == "gitlab" or "ketua.pengarah" in call.summary and "drift" in call.summary, call.summary)
    tally.check("one alert names the mailbox", len(site.alerts.sent) == 1 and "ketua.pengarah" in json.dumps(site.alerts.sent), site.alerts.sent)
    if not site.after:
        tally.check("the register is kept, too", _call(found, "register").status == 0 and found.artifact(site.register).exists(), found.output)
        tally.equal("it is made with the reading token", _call(found, "register").environment.get("ARKIB_PORTAL_TOKEN"), site.portal.READ)
    tally.equal("with the reading token, and no write", (call.environment.get("ARKIB_PORTAL_TOKEN"), site.portal.writes), (site.portal.READ, []))
    tally.equal("on another branch it does not run", site.night(branch="priya").results, {})


PULLS = (_pull_request, _two_at_once, _strangers, _edited, _failures, _forge_fails, _large)
RUNS = (_apply, _limits, _records, _night)
# Forgejo runs GitHub's workflows: only what its forge makes different.
FORGEJO = (_pull_request, _two_at_once, _strangers, _forge_fails, _apply, _night)


def _call(run, command):
    """The call of this command, which must be one."""
    found = [call for job in run.jobs.values() for call in job.calls if call.arguments.split()[0] == command]
    return found[0] if len(found) == 1 else Call("", f"{len(found)} calls of {command}", None, {}, "")


def _tokens(call, site):
    """The variables of a call that hold tokens."""
    known = {site.portal.READ, site.portal.WRITE, *site.forge.tokens}
    return {name for name, value in call.environment.items() if value in known}


def _quality(run):
    # The engine keeps no reports apart from the job's work tree.
    return json.loads((run.artifacts.parent / "builds" / "check" / "arkib-quality.json").read_text())
