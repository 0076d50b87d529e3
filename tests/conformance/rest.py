"""A portal with a REST interface of its own, by both ways of examples/adapters: a small SCIM server in front of it, and two
scripts. The portal is the fake of tests/adapters."""

import contextlib
import dataclasses
import secrets
import sys
import types
from pathlib import Path

import interceptor
import rig
from portal import Mailbox, Portal

sys.path.append(str(Path(__file__).resolve().parents[1] / "adapters"))

from fake_portal import FakePortal

ADAPTERS = Path(__file__).resolve().parents[2] / "examples" / "adapters"
STATES = {"disabled": "OFF", "enabling": "STARTING", "enabled": "ON", "terminating": "STOPPING", "terminated": "STOPPED"}
ACCOUNTS = {"active": "ACTIVE", "disabled": "SUSPENDED", "requested-to-delete": "LEAVING", "deleted": "CLOSED"}
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MAILBOX = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"


class RestPortal(Portal):
    """The fake, and a mailbox as its account and back."""

    fake = None

    def start(self, folder, mailboxes):
        self.folder, self.fake = folder, FakePortal()
        self.fake.__enter__()
        for mailbox in mailboxes:
            self.fake.add(mailbox.spelt, **self.fields(mailbox))

    def stop(self):
        if self.fake:
            self.fake.__exit__()

    def fields(self, mailbox):
        return {
            "archive": STATES.get(mailbox.state, mailbox.state), "status": ACCOUNTS[mailbox.account], "hold": mailbox.hold,
            "reference": mailbox.request, "kept_until": mailbox.recoverable_until,
        }

    def mailbox(self, account):
        def meaning(words, word):
            return next((meant for meant, known in words.items() if known == word), word)

        return Mailbox(
            account["login"], meaning(STATES, account["archive"]), meaning(ACCOUNTS, account["status"]), account["hold"],
            account["reference"], None, account["kept_until"],
        )

    def everything(self):
        return {it["login"].lower(): (self.mailbox(it), it) for it in self.fake.everything().values()}

    def change(self, address, title=None, **fields):
        id = self.fake.id_of(address)
        changed = self.fields(dataclasses.replace(self.mailbox(self.fake.accounts[id]), **fields))
        self.fake.change(id, **changed, title=title or self.title(address))

    def title(self, address):
        return self.fake.accounts[self.fake.id_of(address)]["title"]

    @contextlib.contextmanager
    def twin(self, address):
        id = self.fake.add(address)
        yield
        del self.fake.accounts[id]


class RestScim(RestPortal):
    kind = "REST, SCIM server"
    # More than a page of the server.
    fillers = 220
    server = None

    def start(self, folder, mailboxes):
        super().start(folder, mailboxes)
        self.token, port = secrets.token_hex(24), rig.free_port()
        self.url = f"http://127.0.0.1:{port}/scim/v2"
        env = rig.clean_environment(**self.fake.environment(), ADAPTER_TOKEN=self.token)
        command = [sys.executable, ADAPTERS / "scim_server.py", "--port", str(port)]
        self.server = rig.Server(command, folder / "server.log", env)
        self.server.__enter__()
        self.server.wait_until(lambda: rig.answers(self.url, self.token))

    def stop(self):
        if self.server:
            self.server.__exit__()
        super().stop()

    def policy(self):
        return "portal: scim\n"

    def environment(self):
        return {"ARKIB_PORTAL_URL": self.url, "ARKIB_PORTAL_TOKEN": self.token}

    def pages(self):
        _, first, _ = rig.http("GET", f"{self.url}/Users?startIndex=1&count=5000", self.token)
        return first["totalResults"], len(first["Resources"])

    def refuses_stale(self, address):
        values = {"state": "enabled", "request": "BMT-2026-9999"}
        operations = [{"op": "replace", "path": f"{MAILBOX}:{name}", "value": value} for name, value in values.items()]
        user = f"{self.url}/Users/{self.fake.id_of(address)}"
        return rig.http("PATCH", user, self.token, {"schemas": [PATCH], "Operations": operations}, {"If-Match": '"999"'})[0] == 412

    @contextlib.contextmanager
    def interfering(self, moment, act):
        with interceptor.Interceptor(self.url, interceptor.MOMENTS[moment], act) as there:
            yield there


class RestScripts(RestPortal):
    """An export before each run, and the file of changes after it."""

    kind = "REST, scripts"
    pace = "people"
    ends_as = "handed-over"
    fillers = 120
    exports = runs = 0

    def start(self, folder, mailboxes):
        super().start(folder, mailboxes)
        self.handed, self.done = folder / "serahan", set()
        self.export()

    def policy(self):
        return "portal: files\n"

    def arguments(self, command):
        # Each case is a separate agency with its own folder.
        self.runs += command == "apply"
        handed = ["--hand-over", self.handed / f"{self.runs:03}"] if command == "apply" else []
        return ["--portal-export", self.report, *handed]

    def script(self, name, path):
        return rig.run([sys.executable, ADAPTERS / name, path], rig.clean_environment(**self.fake.environment()), self.folder)

    def export(self):
        self.exports += 1
        self.report = self.folder / f"laporan-{self.exports:03}.csv"
        done = self.script("export.py", self.report)
        if done.returncode:
            raise RuntimeError(f"export.py gave {done.returncode}: {done.stderr}")

    def change(self, address, title=None, **fields):
        super().change(address, title, **fields)
        self.export()

    @contextlib.contextmanager
    def twin(self, address):
        with super().twin(address):
            self.export()
            yield
        self.export()

    def refuses_stale(self, address):
        """A file of changes has no versions."""
        return False

    def files(self):
        return sorted(self.handed.rglob("*.csv"))

    @contextlib.contextmanager
    def interfering(self, moment, act):
        """Nobody can act during a run: it only hands over files."""
        before = self.files()
        meanwhile = types.SimpleNamespace(environment={}, happened=False)
        yield meanwhile
        meanwhile.happened = self.files() != before

    def carry_out(self):
        """Runs the script on each new file. Status 3: some rows were refused."""
        for file in [file for file in self.files() if file not in self.done]:
            self.done.add(file)
            done = self.script("change.py", file)
            if done.returncode not in (0, 3):
                raise RuntimeError(f"change.py gave {done.returncode}: {done.stderr}")
        self.export()
