"""PORTALS.md shows the requests that arkib sends: what is written there, in both books, is compared with what is recorded between
arkib and a SCIM server. ARKIB_BLESS=1 writes the recorded requests into the pages; read the difference."""

import json
import os
import re
import urllib.parse

from embedded import Embedded
from fake_portal import DOMAIN, FakePortal
from office import Office, address, scim_server
from portal import Mailbox
from recorder import Recorder
from world import World

PAGES = ("docs/en/PORTALS.md", "docs/ms/PORTALS.md")
BLOCK = re.compile(r"<!-- recorded: ([a-z-]+) -->\n```http\n(.*?)```\n", re.DOTALL)
# Of every request, so that the page has them once.
COMMON = {"accept": "application/scim+json, application/json;q=0.9", "authorization": "Bearer …", "user-agent": "arkib/…"}
SHOWN = {"if-match": "If-Match", "content-type": "Content-Type"}


def suite(tally, arkib, project, scratch):
    steps = {**from_the_adapter(tally, arkib, scratch / "adapter"), **from_the_development_portal(tally, arkib, scratch / "embedded")}
    recorded = written(tally, steps)
    for name in PAGES:
        page = project / name
        if os.environ.get("ARKIB_BLESS"):
            page.write_text(BLOCK.sub(lambda it: block(it[1], recorded.get(it[1], it[2])), page.read_text()))
        shown = dict(BLOCK.findall(page.read_text()))
        tally.equal(f"{name} has a block for each step", list(shown), list(recorded))
        for step, text in recorded.items():
            tally.check(f"{name}, {step}: the requests are the recorded ones", shown.get(step) == text, f"recorded:\n{text}")


def block(step, text):
    return f"<!-- recorded: {step} -->\n```http\n{text}```\n"


# Recording.


def from_the_adapter(tally, arkib, folder):
    """The steps against the SCIM server of examples/adapters."""
    folder.mkdir()
    with FakePortal() as portal:
        office = SmallOffice(tally, arkib, folder, portal)
        steps = {}
        with scim_server(office) as url, Recorder(url) as recorder:
            office.more |= recorder.environment
            apply = "--yes", "--allow-uncommitted"

            def step(name, status, *arguments):
                report = office.world.run(*arguments)
                tally.equal(f"{name}: exit status", report.status, status) or tally.say(report.text)
                steps[name] = recorder.take()

            step("plan", 0, "reconcile", "--dry-run")
            step("some", 0, "reconcile", "--dry-run", "--only", address("siti.aminah"), "--only", address("tan.mei"))
            step("enable", 0, "reconcile", *apply, "--only", address("siti.aminah"))
            step("terminate", 0, "reconcile", *apply, "--only", address("rosli"))
            recorder.answers_without_body = True
            step("no-body", 0, "reconcile", *apply, "--only", address("tan.mei"))
            recorder.answers_without_body = False
            office.world.ask("enable", address("tiada.akaun"))
            step("absent", 0, "reconcile", "--dry-run")
            step("inspect", 0, "portal", "inspect")
        made = [(portal.accounts[id]["login"], word) for id, word, _ in portal.trail]
        tally.equal("the portal made what was sent", made, [(address("siti.aminah"), "ON"), (address("rosli"), "OFF"), (address("tan.mei"), "ON")])
    return steps


class SmallOffice(Office):
    """Accounts and requests whose ids are the same in every run."""

    def __init__(self, tally, arkib, folder, portal):
        self.tally, self.portal, self.folder, self.more = tally, portal, folder, {}
        self.policy = lambda: "portal: scim\n"
        portal.add("siti.aminah")
        portal.add("tan.mei")
        portal.add("rosli", "ON")
        for number in range(227):
            portal.add(f"isian.{number:03}")
        self.world = numbered(World(folder, arkib, self, tally, ""))
        self.world.ask("enable", address("siti.aminah"), address("tan.mei"))
        self.world.ask("terminate", address("rosli"))


def numbered(world):
    """The requests of this world begin at 1, whatever other worlds there are."""
    world.numbers = iter(range(1, 100))
    return world


def from_the_development_portal(tally, arkib, folder):
    """What the adapter does not offer: pages by cursor, and bulk requests."""
    for attempt in range(5):
        requests = bulk(tally, arkib, folder.with_name(f"{folder.name}-{attempt}"))
        # On a busy machine a change may travel alone.
        if not any(request.method == "PATCH" for request in requests):
            break
    for request in requests:
        if request.method == "POST":
            request.body["Operations"].sort(key=lambda operation: operation["bulkId"])
    return {"bulk": requests}


def bulk(tally, arkib, folder):
    folder.mkdir()
    portal = Embedded()
    try:
        portal.start(folder, [Mailbox("siti.aminah"), Mailbox("tan.mei")])
        world = numbered(World(folder / "agency", arkib, portal, tally, ""))
        world.ask("enable", f"siti.aminah@{DOMAIN}", f"tan.mei@{DOMAIN}")
        with Recorder(portal.url) as recorder:
            report = world.begin(environment=recorder.environment)
        tally.equal("bulk: exit status", report.status, 0) or tally.say(report.text)
        return recorder.take()
    finally:
        portal.stop()


# Writing down.


def written(tally, steps):
    """The text of each step: its requests in their order, without those that were shown before."""
    texts, shown, attributes = {}, set(), None
    for step, requests in steps.items():
        lines = []
        for request in requests:
            odd = {name: value for name, value in request.headers.items() if not is_common(name, value) and name not in SHOWN}
            tally.equal(f"{step}: {request.method} {request.path} has the usual headers", odd, {})
            query = urllib.parse.parse_qsl(request.query, keep_blank_values=True)
            # The list of attributes is long: once is enough.
            short = [(name, "…" if name == "attributes" and value == attributes else value) for name, value in query]
            attributes = attributes or dict(query).get("attributes")
            text = as_text(request, short)
            if text not in shown and not is_lookup_before(step, query):
                lines.append(text)
            shown |= {text, without_list(text)}
        texts[step] = "\n".join(lines)
    return texts


def without_list(text):
    """A request that was shown with the list of attributes is the one with `…`."""
    return re.sub(r"&attributes=[^&]*\Z", "&attributes=…\n", text)


def is_lookup_before(step, query):
    """The mailbox of a change is looked up like any other."""
    only = {"enable": "siti.aminah", "terminate": "rosli", "no-body": "tan.mei"}.get(step)
    return only is not None and dict(query).get("filter") == f'userName eq "{address(only)}"'


def is_common(name, value):
    if name in ("host", "content-length", "connection"):
        return True
    expected = COMMON.get(name)
    return expected is not None and value.startswith(expected.removesuffix("…"))


def as_text(request, query):
    lines = [f"{request.method} {request.path}"]
    for number, (name, value) in enumerate(query):
        value = value.replace(",", ",\n      ") if name == "attributes" else value
        lines.append(f"  {'&' if number else '?'}{name}={value}")
    lines += [f"{shown}: {request.headers[name]}" for name, shown in SHOWN.items() if name in request.headers]
    if request.body is not None:
        lines += ["", as_json(request.body)]
    return "\n".join(lines) + "\n"


def as_json(value, indent=""):
    """JSON with a line for each attribute that holds objects, and for each of them."""
    if isinstance(value, dict) and "Operations" in value or isinstance(value, dict) and "data" in value:
        inner = indent + "  "
        parts = [f"{inner}{json.dumps(name)}: {as_json(item, inner)}" for name, item in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        inner = indent + "  "
        return "[\n" + ",\n".join(inner + as_json(item, inner) for item in value) + f"\n{indent}]"
    return json.dumps(value)
