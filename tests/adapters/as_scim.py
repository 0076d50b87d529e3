"""The portal as a small SCIM server, with `portal: scim`."""

import socket

import rig
from interceptor import MOMENTS, Interceptor
from office import ENABLE, TERMINATE, address, fresh, scim_server

ALL = (*ENABLE, *TERMINATE)
POLICY = "portal: scim\n"
MAILBOX = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"


def suite(tally, arkib, _, scratch):
    parts = (whole_way, failure_in_the_middle, portal_away, late_hold, slow_portal, lying_portal, odd_portal, strangers, start)
    for part in parts:
        with fresh(tally, arkib, scratch / part.__name__, POLICY) as office, scim_server(office) as url:
            part(tally, office, url)
            log = (office.folder / "scim_server.log").read_text()
            secrets = office.portal.key, office.more["ARKIB_PORTAL_TOKEN"], "@"
            tally.equal(f"{part.__name__}: no secret, no address and no traceback in the log", [it for it in (*secrets, "Traceback") if it in log], [])


def plan(office, *arguments):
    return office.world.run("reconcile", "--dry-run", *arguments)


def apply(office, *arguments, environment=None):
    return office.world.run("reconcile", "--yes", "--allow-uncommitted", *arguments, environment=environment)


def whole_way(tally, office, _):
    before = office.portal.everything()
    report = office.world.run("portal", "inspect")
    tally.equal("arkib can work with the portal", (report.status, report.output.get("users")), (0, len(before))) or tally.say(report.text)
    office.planned("dry run", plan(office))
    alone = plan(office, "--only", address("Nur.Aini"), "--only", address("tiada.akaun"))
    found = alone.fate(address("Nur.Aini")), alone.fate(address("tiada.akaun"))
    tally.equal("two that are looked up", found, (("enable", "disabled"), ("blocked", "no-account"))) or tally.say(alone.text)
    office.nothing("dry run", before, 0)

    report = apply(office)
    tally.equal("applied", (report.status, report.outcomes), (0, {address(name): "applied" for name in ALL})) or tally.say(report.text)
    office.only("applied", before, *ALL)
    office.once("each change was made once", *ALL)

    after, writes = office.portal.everything(), office.portal.writes
    report = plan(office, "--detailed-exitcode")
    tally.equal("nothing is left to do", (report.status, report.changes), (0, {})) or tally.say(report.text)
    tally.equal("a second run does nothing", (apply(office).status, apply(office).outcomes), (0, {}))
    office.nothing("a second run", after, writes)


def failure_in_the_middle(tally, office, _):
    before, portal = office.portal.everything(), office.portal
    # The first change is made, the second is made without an answer, the third breaks before and is sent again.
    portal.faults = [None, "breaks after", "breaks before"]
    report = apply(office, "--concurrency", "1")
    tally.equal("each is looked up and ends", (report.status, sorted(set(report.outcomes.values()))), (0, ["already-so", "applied"])) or tally.say(report.text)
    office.only("applied", before, *ALL)
    office.once("each change was made once", *ALL)
    # One that the portal refuses fails; the others are made.
    for name in ("siti.aminah", "tan.mei"):
        portal.change(portal.id_of(address(name)), archive="OFF")
    portal.faults = ["refuses"]
    report = apply(office, "--concurrency", "1")
    tally.equal("a refusal is one change's", (report.status, sorted(report.outcomes.values())), (3, ["applied", "failed"])) or tally.say(report.text)
    report = apply(office)
    tally.equal("the next run makes it", (report.status, list(report.outcomes.values())), (0, ["applied"])) or tally.say(report.text)
    office.only("in the end", before, *ALL)


def portal_away(tally, office, url):
    before, portal = office.portal.everything(), office.portal
    token = office.more["ARKIB_PORTAL_TOKEN"]
    with portal.away():
        status, body, headers = rig.http("GET", f"{url}/Users", token)
        tally.equal("away: nothing was done, come again", (status, headers["Retry-After"], "away" in body["detail"]), (503, "5", True))
        # arkib tries for some seconds, so the change of one mailbox has to do.
        report = apply(office, "--only", address("siti.aminah"))
        tally.equal("away: the run fails, and says why", (report.status, "the portal is away" in report.text), (1, True)) or tally.say(report.text)
    office.nothing("away", before, 0)
    # It goes away between the plan and the change.
    closed = portal.away()
    with Interceptor(url, MOMENTS["write"], closed.__enter__) as meanwhile:
        report = apply(office, "--only", address("siti.aminah"), environment=meanwhile.environment)
    tally.equal("away in the middle: nothing is called done", (report.status, report.outcomes), (3, {address("siti.aminah"): "unknown"})) or tally.say(report.text)
    closed.__exit__(None, None, None)
    office.nothing("away in the middle", before, 0)
    tally.equal("back: all is made", apply(office).status, 0)
    office.only("back", before, *ALL)
    office.once("each change was made once", *ALL)


def late_hold(tally, office, url):
    """A hold that comes between arkib's last look and its write."""
    portal, rosli = office.portal, office.portal.id_of(address("rosli"))
    with Interceptor(url, MOMENTS["write"], lambda: portal.change(rosli, hold=True)) as meanwhile:
        report = apply(office, "--only", address("rosli"), environment=meanwhile.environment)
    tally.equal("the archive is kept", (portal.accounts[rosli]["archive"], portal.writes), ("ON", 0))
    tally.equal("the run says so", (report.status, report.outcomes), (1, {address("rosli"): "failed"})) or tally.say(report.text)


def slow_portal(tally, office, _):
    before, portal = office.portal.everything(), office.portal
    portal.slow = True
    report = apply(office)
    tally.check("the portal is still working", all("still working" in (it or "") for it in report.details.values()), report.text)
    report = plan(office)
    tally.equal("a run meanwhile has nothing to do", (report.changes, len(report.in_progress)), ({}, len(ALL))) or tally.say(report.text)
    portal.finish()
    report = plan(office, "--detailed-exitcode")
    tally.equal("nothing is left to do", (report.status, report.changes), (0, {})) or tally.say(report.text)
    office.only("in the end", before, *ALL)


def lying_portal(tally, office, _):
    before, portal = office.portal.everything(), office.portal
    portal.faults = ["lies"] * 20
    report = apply(office, "--only", address("siti.aminah"))
    tally.equal("what is not seen is not done", (report.status != 0, report.outcomes), (True, {address("siti.aminah"): "unknown"})) or tally.say(report.text)
    office.only("a lie changes nothing", before)
    portal.faults = []
    tally.equal("the next run makes it", apply(office).outcomes.get(address("siti.aminah")), "applied")
    office.only("in the end", before, *ALL)


def odd_portal(tally, office, _):
    portal = office.portal
    for fault in ("short", "page"):
        portal.read_fault = fault
        report = plan(office, "--only", address("siti.aminah"))
        tally.equal(f"a list that is {fault} is not read", (report.status, report.changes), (1, {})) or tally.say(report.text)
    portal.read_fault = None
    portal.change(portal.id_of(address("rosli")), hold="?")
    portal.change(portal.id_of(address("tan.mei")), status=["ACTIVE"])
    report = plan(office)
    found = report.blocked.get(address("rosli")), report.blocked.get(address("tan.mei"))
    tally.equal("what cannot be read blocks", found, ("hold", "account-not-active")) or tally.say(report.text)


def strangers(tally, office, url):
    """What arkib does not send is refused, and never half understood."""
    before, token = office.portal.everything(), office.more["ARKIB_PORTAL_TOKEN"]
    id, held = (office.portal.id_of(address(name)) for name in ("siti.aminah", "kamarul"))
    user = f"/Users/{id}"

    def patch(*operations, schemas=("urn:ietf:params:scim:api:messages:2.0:PatchOp",)):
        return {"schemas": list(schemas), "Operations": [{"op": op, "path": path, "value": value} for op, path, value in operations]}

    state, request = ("replace", f"{MAILBOX}:state", "enabled"), ("replace", f"{MAILBOX}:request", "BMT-2026-0001")
    good, end = patch(state, request), patch(("replace", f"{MAILBOX}:state", "terminated"), request)
    cases = (
        ("a wrong token", "GET", "/Users", None, {"Authorization": "Bearer salah"}, 401),
        ("no token, and a change", "PATCH", user, good, {"Authorization": ""}, 401),
        ("another filter", "GET", "/Users?filter=active+eq+true", None, {}, 400),
        ("a filter with and", "GET", "/Users?filter=userName+eq+%22a%22+and+active+eq+true", None, {}, 400),
        ("an unfinished filter", "GET", "/Users?filter=userName+eq+%22a%22+or", None, {}, 400),
        ("a count that is no number", "GET", "/Users?count=x", None, {}, 400),
        ("an unknown user", "GET", "/Users/9999", None, {}, 404),
        ("an id that leads elsewhere", "GET", "/Users/..%2F..%2Fadmin", None, {}, 404),
        ("another path", "GET", "/Groups", None, {}, 404),
        ("a new user", "POST", "/Users", {"userName": "x@agensi.example"}, {}, 501),
        ("a removal", "DELETE", user, None, {}, 501),
        ("another operation", "PATCH", user, patch(("remove", f"{MAILBOX}:state", None), request), {}, 400),
        ("another attribute", "PATCH", user, patch(state, request, ("replace", "active", False)), {}, 400),
        ("another state", "PATCH", user, patch(("replace", f"{MAILBOX}:state", "enabling"), request), {}, 400),
        ("no request", "PATCH", user, patch(state), {}, 400),
        ("no PatchOp", "PATCH", user, patch(state, request, schemas=()), {}, 400),
        ("a list", "PATCH", user, [], {}, 400),
        ("a stale version", "PATCH", user, good, {"If-Match": '"7"'}, 412),
        ("a hold", "PATCH", f"/Users/{held}", end, {}, 409),
    )
    for name, method, path, body, headers, expected in cases:
        shown = None if "Authorization" in headers else token
        status, answer, _ = rig.http(method, url + path, shown, body, headers)
        tally.equal(f"{name}: refused", (status, answer["status"]), (expected, str(expected)))
    office.nothing("strangers", before, 0)
    deep = "[" * 50_000
    connection = socket.create_connection(("127.0.0.1", int(url.split(":")[2].split("/")[0])), timeout=10)
    with connection:
        head = f"PATCH /scim/v2{user} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(deep)}\r\n\r\n"
        connection.sendall(head.encode() + deep.encode())
        tally.check("a body that is too deep: refused", connection.recv(100).startswith(b"HTTP/1.1 400"))
    status, user, headers = rig.http("GET", url + user, token)
    tally.equal("it still answers, with a version", (status, headers["ETag"], user["meta"]["version"]), (200, '"1"', '"1"'))
    status, _, _ = rig.http("PATCH", f"{url}/Users/{id}", token, good, {"If-Match": '"1"'})
    tally.equal("and takes what arkib sends", (status, office.portal.accounts[id]["archive"]), (200, "ON"))


def start(tally, office, url):
    tally.check("it listens on loopback alone", "127.0.0.1" in url and not reachable_elsewhere(url))
    for name, environment in (
        ("no token", {}),
        ("two tokens", {"ADAPTER_TOKEN": "a", "ADAPTER_TOKEN_FILE": "b"}),
        ("no portal", {"ADAPTER_TOKEN": "a", "ADMIN_PORTAL_URL": ""}),
        ("a portal over plain http", {"ADAPTER_TOKEN": "a", "ADMIN_PORTAL_URL": "http://portal.agensi.example"}),
    ):
        done = office.script("scim_server.py", "--port", "0", **environment)
        tally.equal(f"{name}: it does not start", (done.returncode, done.stderr.startswith("error: ")), (1, True)) or tally.say(done.stderr)


def reachable_elsewhere(url):
    """Whether it answers at another address: on Linux all of 127.0.0.0/8 is this machine."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.2", int(url.split(":")[2].split("/")[0]))) == 0
