"""Two agencies in one repository, each with a portal and tokens of its own: one comment, and for each a job and a night of its own."""

import json
import re
import shutil

import scratch
import sites

AGENCIES = {
    "jcs": {"agency": "JCS", "domain": "selatan.example", "by": "noraini.kassim"},
    "jcd": {"agency": "JCD", "domain": "dalaman.example", "by": "wong.siewfong"},
}
NAMES = {"jcs": "nurul.izzah", "jcd": "farid.hakim"}


def suite(tally, arkib, agency, folder):
    several = agency.parent / "several"
    for make in (OnGithub, OnGitlab):
        here = folder / make.kind
        with (
            sites.agency(make, arkib, _example(agency, several, here), here, _roster(several, "jcs")) as site,
            scratch.portal(arkib, here / "other", _roster(several, "jcd")) as other,
        ):
            other.READ, other.WRITE = "other-token-that-reads", "other-token-that-writes"
            site.join(other)
            _agencies(lambda what: f"{make.kind}: {what}", tally, site, {"jcs": site.portal, "jcd": other})
            tally.equal(f"{make.kind}: neither portal nor forge had to refuse a token", site.portal.refused + other.refused + site.forge.refused, [])


def _roster(several, name):
    return (several / f"{name}.csv").read_text() + f"{NAMES[name]}@{AGENCIES[name]['domain']},disabled\n"


def _example(agency, several, here):
    """The agency's repository with the folders and the pipelines of several."""
    own = here / "example"
    shutil.copytree(agency, own, ignore=shutil.ignore_patterns("requests"))
    shutil.copytree(several, own, dirs_exist_ok=True)
    return own


def _agencies(say, tally, site, portals):
    for name, which in AGENCIES.items():
        path = f"requests/{name}/2026/{which['agency']}-2026-0010.yaml"
        site.repository.write("both", path, scratch.request(10, "enable", [NAMES[name]], **which))
    run = site.pull(1, "both")
    own = site.forge.of(1, own=True)
    body = own[0]["body"] if own else ""
    tally.check(say("one comment shows the changes of both"), len(own) == 1 and all(name in body for name in NAMES.values()), run.output)
    given = {value for job in run.jobs.values() for call in job.calls for value in call.environment.values()}
    tally.equal(say("no job has a token that writes"), given & {portal.WRITE for portal in portals.values()}, set())

    site.repository.merge("both")
    site.portal.refuses_all = True
    run = site.pushed()
    statuses = _statuses(run)
    tally.equal(say("a portal that refuses all stops its own agency alone"), (statuses["jcs"] in (1, 3), statuses["jcd"]), (True, 0)) or print(run.output)
    site.portal.refuses_all = False
    run = site.by_hand()
    tally.equal(say("started again, both are done"), _statuses(run), {"jcs": 0, "jcd": 0}) or print(run.output)
    done = {name: portals[name].state(NAMES[name], AGENCIES[name]["domain"])[0] for name in AGENCIES}
    tally.equal(say("each portal has what was approved"), done, {"jcs": "enabled", "jcd": "enabled"})
    held = {name: {call.environment.get("ARKIB_PORTAL_TOKEN") for call in _calls(run, name)} for name in AGENCIES}
    tally.equal(say("each job has its own agency's token, and no other"), held, {name: {portal.WRITE} for name, portal in portals.items()})
    records = [scratch.Records(site.repository, site.records.arkib, f"records-{name}", f"requests/{name}") for name in AGENCIES]
    tally.equal(say("each agency's records are on a branch of their own, and whole"), [(bool(each.read()), each.verify()) for each in records], [(True, 0)] * 2)

    _accepted(say, tally, site)
    portals["jcd"].remove(NAMES["jcd"], AGENCIES["jcd"]["domain"])
    site.alerts.sent.clear()
    run = site.night()
    # Without its records the second would not know why that account is gone.
    tally.equal(say("at night all is well, and nobody is told"), (_statuses(run), site.alerts.sent), ({"jcs": 0, "jcd": 0}, [])) or print(run.output)
    by_hand = NAMES | {"jcd": "tan.mei"}
    for name, portal in portals.items():
        portal.change(by_hand[name], "terminated", AGENCIES[name]["domain"])
    run = site.night()
    told = sorted([name for name in by_hand.values() if name in json.dumps(sent)] for sent in site.alerts.sent)
    tally.equal(say("after a change by hand in both, each has its message"), told, [["nurul.izzah"], ["tan.mei"]]) or print(run.output)


def _accepted(say, tally, site):
    """A plan over the limits is let through for the agency that is named with its digest, and stops no other."""
    path = "requests/jcd/2026/JCD-2026-0011.yaml"
    site.repository.write("over", path, scratch.request(11, "terminate", [NAMES["jcd"]], days_ago=6, **AGENCIES["jcd"]))
    site.repository.merge("over")
    run = site.pushed()
    tally.equal(say("a plan over the limits stops its own agency alone"), _statuses(run), {"jcs": 0, "jcd": 4}) or print(run.output)
    digest = re.search(r"--accept ([0-9a-f]{32,})", run.output)
    run = site.by_hand(accept=digest[1], agency="jcs")
    tally.equal(say("its digest, given to another agency, lets nothing through"), _statuses(run), {"jcs": 4, "jcd": 4}) or print(run.output)
    run = site.by_hand(accept=digest[1], agency="jcd")
    tally.equal(say("given to its own, it does, and the other goes on"), _statuses(run), {"jcs": 0, "jcd": 0}) or print(run.output)


def _calls(run, agency):
    return [call for job in run.jobs.values() for call in job.calls if f"--requests requests/{agency} " in call.arguments]


def _statuses(run):
    return {name: next((call.status for call in _calls(run, name) if call.arguments.startswith("reconcile")), None) for name in AGENCIES}


class OnGithub(sites.GithubSite):
    def set_up(self, url):
        pass

    def join(self, other):
        reads = {"ARKIB_PORTAL_TOKEN_JCS": self.portal.READ, "ARKIB_PORTAL_TOKEN_JCD": other.READ, "ARKIB_ALERT_URL": self.alerts.url}
        self.runner.secrets = {sites.READS: reads}
        self.runner.variables = {sites.READS: {"ARKIB_PORTAL_URL": self.portal.url, "ARKIB_PORTAL_URL_JCD": other.url}}
        for name, portal in (("portal-jcs", self.portal), ("portal-jcd", other)):
            self.runner.secrets[name] = {"ARKIB_PORTAL_TOKEN": portal.WRITE}
            self.runner.variables[name] = {"ARKIB_PORTAL_URL": portal.url}


class OnGitlab(sites.GitlabSite):
    def set_up(self, url):
        pass

    def join(self, other):
        super().set_up(self.portal.url)
        reads = self.runner.variables[sites.READS]
        reads |= {"ARKIB_PORTAL_TOKEN_JCS": reads.pop("ARKIB_PORTAL_TOKEN"), "ARKIB_PORTAL_TOKEN_JCD": other.READ, "ARKIB_PORTAL_URL_JCD": other.url}
        applies = self.runner.variables.pop(sites.APPLIES)
        for name, portal in (("portal-jcs", self.portal), ("portal-jcd", other)):
            self.runner.variables[name] = applies | {"ARKIB_PORTAL_TOKEN": portal.WRITE, "ARKIB_PORTAL_URL": portal.url}
