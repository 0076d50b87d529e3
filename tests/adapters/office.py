"""An agency whose portal has no SCIM: the fake portal with its accounts, the requests, arkib, and the adapters as processes."""

import contextlib
import secrets
import sys
from pathlib import Path

import rig
from fake_portal import DOMAIN, FakePortal
from world import World

ADAPTERS = Path(__file__).resolve().parents[2] / "examples" / "adapters"
FILLERS = 230

# Accounts besides the fillers, and the plan that follows from the requests below.
ENABLE = ("siti.aminah", "tan.mei", "Nur.Aini", "lim.weiloon")
TERMINATE = ("rosli",)
BLOCKED = {
    "kamarul": "hold",
    "halim": "account-not-active",
    "entah": "unknown-state",
    "tiada.akaun": "no-account",
}
# What a change may change in an account.
CHANGED = {"archive", "reference", "kept_until", "changed", "revision"}


def address(name):
    return f"{name.lower()}@{DOMAIN}"


def accounts(portal):
    for name in ("siti.aminah", "tan.mei", "Nur.Aini"):
        portal.add(name)
    portal.add("lim.weiloon", "STOPPED", kept_until="2099-01-01T00:00:00Z")
    portal.add("rosli", "ON")
    portal.add("kamarul", "ON", hold=True)
    portal.add("halim", status="SUSPENDED")
    portal.add("entah", "PAUSED")
    portal.add("norhayati", "ON")
    for number in range(FILLERS):
        portal.add(f"isian.{number:03}", "ON" if number % 10 == 7 else "OFF")


class Office:
    """The agency. `tally` counts the checks."""

    def __init__(self, tally, arkib, folder, portal, policy):
        self.tally, self.portal, self.folder = tally, portal, folder
        self.policy = lambda: policy
        self.more = {}
        accounts(portal)
        self.world = World(folder, arkib, self, tally, "")
        self.requests = {name: self.world.ask("enable", address(name)) for name in (*ENABLE, "halim", "entah", "tiada.akaun")}
        self.requests |= {name: self.world.ask("terminate", address(name)) for name in (*TERMINATE, "kamarul")}

    def environment(self):
        return self.more

    def script(self, name, *arguments, **environment):
        """Runs a script of the adapters."""
        env = rig.clean_environment(**{**self.portal.environment(), **environment})
        return rig.run([sys.executable, ADAPTERS / name, *arguments], env, self.folder)

    # Checks.

    def planned(self, name, report):
        """The plan is the right one."""
        changes = {mailbox: (it["action"], it["request"]) for mailbox, it in report.changes.items()}
        expected = {address(it): ("enable", self.requests[it]) for it in ENABLE}
        expected |= {address(it): ("terminate", self.requests[it]) for it in TERMINATE}
        self.tally.equal(f"{name}: the changes", changes, expected) or self.tally.say(report.text)
        self.tally.equal(f"{name}: what is blocked", report.blocked, {address(it): why for it, why in BLOCKED.items()})

    def only(self, name, before, *names):
        """Every account is compared, in full: these were changed as requested, and no other in any way."""
        after, wanted = self.portal.everything(), {self.portal.id_of(address(it)): it for it in names}
        self.tally.equal(f"{name}: nobody was added or lost", list(after), list(before))
        others = [id for id in after if id not in wanted and after[id] != before[id]]
        self.tally.equal(f"{name}: no other account is changed", others, [])
        for id, it in wanted.items():
            found = after[id]["archive"], after[id]["reference"]
            self.tally.equal(f"{name}: {it}", found, ("STOPPED" if it in TERMINATE else "ON", self.requests[it]))
            kept = {key: value for key, value in after[id].items() if key not in CHANGED}
            self.tally.equal(f"{name}: {it} keeps all else", kept, {key: before[id][key] for key in kept})

    def once(self, name, *names):
        """The portal's own trail has each change once."""
        made = sorted(id for id, _, _ in self.portal.trail)
        self.tally.equal(name, made, sorted(self.portal.id_of(address(it)) for it in names))

    def nothing(self, name, before, writes):
        """Nothing was changed, nor sent."""
        self.tally.check(f"{name}: every account is as it was", self.portal.everything() == before)
        self.tally.equal(f"{name}: nothing was sent", self.portal.writes, writes)


@contextlib.contextmanager
def scim_server(office):
    """The SCIM server in front of the portal. Gives its URL, and sets arkib's environment."""
    token, port = secrets.token_hex(24), rig.free_port()
    env = rig.clean_environment(**office.portal.environment(), ADAPTER_TOKEN=token)
    command = [sys.executable, ADAPTERS / "scim_server.py", "--port", str(port)]
    url = f"http://127.0.0.1:{port}/scim/v2"
    with rig.Server(command, office.folder / "scim_server.log", env) as server:
        server.wait_until(lambda: rig.answers(url, token))
        office.more = {"ARKIB_PORTAL_URL": url, "ARKIB_PORTAL_TOKEN": token}
        yield url


def fresh(tally, arkib, folder, policy):
    """A context with a new agency and portal."""
    folder.mkdir()

    @contextlib.contextmanager
    def opened():
        with FakePortal() as portal:
            yield Office(tally, arkib, folder, portal, policy)

    return opened()
