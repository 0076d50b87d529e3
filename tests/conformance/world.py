"""An agency with requests, the portal under test, and arkib between them."""

import datetime
import json

import rig
from portal import DOMAIN

APPROVER = f"pentadbir.uc@{DOMAIN}"

POLICY = f"""\
version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [{DOMAIN}]
approvers: [{APPROVER}]
limits: {{ terminations: 100, terminations_percent: 100, changes: 5000 }}
# The suite makes the accounts, after the days of the requests.
portal_since: 2099-12-31
"""


class Report:
    """The output of a run."""

    def __init__(self, done):
        self.status = done.returncode
        try:
            self.output = rig.of_agency(done.stdout)
        except ValueError:
            self.output = {}
        # For failure messages.
        said = json.dumps(self.output)[:1500] if self.output else done.stdout[:1500]
        self.text = f"status {done.returncode}\n{said}\n{done.stderr[-1500:]}"
        plan = self.output.get("plan") or {}
        self.summary = plan.get("summary", {})
        self.changes = {it["mailbox"]: it for it in plan.get("changes", [])}
        self.blocked = {it["mailbox"]: it["code"] for it in plan.get("blocked", [])}
        self.in_progress = {it["mailbox"]: it["state"] for it in plan.get("in_progress", [])}
        self.unmanaged = {it["mailbox"]: it["state"] for it in plan.get("unmanaged", [])}
        self.outcomes = {it["mailbox"]: it["outcome"] for it in self.output.get("outcomes") or []}
        self.details = {it["mailbox"]: it["detail"] for it in self.output.get("outcomes") or []}

    def fate(self, address):
        """The entry of the plan for a mailbox; None if it is in sync or unmanaged."""
        if address in self.changes:
            change = self.changes[address]
            return change["action"], change["from"]
        if address in self.blocked:
            return "blocked", self.blocked[address]
        if address in self.in_progress:
            return "in progress", self.in_progress[address]
        return None


class World:
    """The requests of one case."""

    numbers = iter(range(1, 10_000))

    def __init__(self, folder, arkib, portal, tally, name):
        self.folder, self.arkib, self.portal, self.tally, self.name = folder, arkib, portal, tally, name
        self.day = datetime.date(2026, 3, 1)
        self.requests = folder / "requests"
        self.requests.mkdir(parents=True)
        (self.requests / "agency.yaml").write_text(POLICY + portal.policy())

    def ask(self, action, *mailboxes):
        """Files an approved request; returns its id."""
        number = next(self.numbers)
        request = f"BMT-2026-{number:04}"
        lines = ["version: 1", f"id: {request}", f"action: {action}", "mailboxes:"]
        lines += [f"  - {address}" for address in mailboxes]
        lines += ["received:", "  date: 2026-02-01", "  channel: memo", f"  reference: CONTOH.600-1/2/3 ({number})"]
        # Approved in this order, so that the later one wins.
        self.day += datetime.timedelta(days=1)
        lines += ["approvals:", f"  - by: {APPROVER}", f"    date: {self.day}"]
        (self.requests / f"{request}.yaml").write_text("\n".join(lines) + "\n")
        return request

    def run(self, command, *arguments, environment=None):
        env = rig.clean_environment(**{**self.portal.environment(), **(environment or {})})
        done = rig.run([self.arkib, command, *arguments, "--format", "json"], env, self.folder)
        return Report(done)

    def plan(self, *arguments, environment=None):
        """A dry run."""
        return self.run("reconcile", "--dry-run", *self.portal.arguments("plan"), *arguments, environment=environment)

    def begin(self, *arguments, environment=None):
        """A run that applies."""
        arguments = "--yes", "--allow-uncommitted", *self.portal.arguments("apply"), *arguments
        return self.run("reconcile", *arguments, environment=environment)

    def apply(self, *arguments, environment=None):
        """A run that applies, until all its changes have finished."""
        report = self.begin("--wait", "--wait-timeout", "30", *arguments, environment=environment)
        if self.portal.pace == "people":
            self.portal.carry_out()
            settled = self.begin(*(() if "--plan" in arguments else arguments))
            self.equal("the next report settles what was handed over", (settled.status, settled.outcomes), (0, {}), settled)
        return report

    def status(self, subject):
        return self.run("status", subject, *self.portal.arguments("status"))

    # Checks, each under the name of its case.

    def check(self, what, ok, detail=""):
        return self.tally.check(f"{self.name}: {what}", ok, detail)

    def equal(self, what, found, expected, report=None):
        ok = found == expected
        detail = f"found    {found!r}\nexpected {expected!r}\n{report.text if report else ''}"
        return self.check(what, ok, detail)

    def ended(self, report, *mailboxes):
        """Checks that exactly these changes were made."""
        self.equal("how the changes ended", report.outcomes, {m.address: self.portal.ends_as for m in mailboxes}, report)
        self.equal("exit status", report.status, 0, report)

    @property
    def gone(self):
        """The state of a terminated archive in this portal."""
        return "terminated" if "terminated" in self.portal.states else "disabled"

    def nothing_to_do(self):
        """A second run has nothing to do."""
        report = self.plan("--detailed-exitcode")
        self.equal("a second run has nothing to do", (report.status, report.changes), (0, {}), report)
        return report
