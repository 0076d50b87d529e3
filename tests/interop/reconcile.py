"""arkib against another SCIM server (scim2-server): the plan, the writes, and a second run with nothing to do."""

import copy
import csv
import json
import secrets
import subprocess
import sys
from pathlib import Path

import rig

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
MAILBOX = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"

POLICY = """\
version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [agensi.example]
approvers: [pentadbir.uc@agensi.example]
language: ms
portal: scim
limits: { terminations: 10, terminations_percent: 50, changes: 100 }
protected: []
provenance: committed
# The suite makes the accounts, after the days of the requests.
portal_since: 2099-12-31
"""


def suite(tally, arkib, project, scratch):
    people = _choose(project / "portal.csv")
    requests, expected = _write_requests(scratch / "agency" / "requests", people)
    token = secrets.token_hex(24)
    port = rig.free_port()
    url = f"http://127.0.0.1:{port}"
    schemas, resource_types = _server_files(scratch)
    command = [
        Path(sys.executable).with_name("scim2-server"),
        "--hostname", "127.0.0.1",
        "--port", str(port),
        "--schema", schemas,
        "--resource-type", resource_types,
        "--bearer-token", token,
    ]
    log = scratch / "scim2-server.log"
    with rig.Server(command, log) as server:
        server.wait_until(lambda: rig.answers(url, token))
        for row in [row for group in people.values() for row in group]:
            status, body, _ = rig.http("POST", f"{url}/Users", token, _user(row))
            if status != 201:
                raise RuntimeError(f"loading {row['mailbox']} gave {status}: {body}")
        loaded = rig.list_users(url, token)
        tally.equal("the server holds the users", len(loaded), sum(map(len, people.values())))
        _server_takes_what_arkib_sends(tally, url, token)
        loaded = rig.list_users(url, token)

        asked_before = log.read_text()
        env = rig.clean_environment(ARKIB_PORTAL_URL=url, ARKIB_PORTAL_TOKEN=token)
        _reconcile(tally, arkib, requests, env, expected, lambda: rig.list_users(url, token), loaded)
        # Only terminations are sent one by one, right after the mailbox was read.
        asked = log.read_text()
        tally.check("the changes travelled together", 1 <= asked.count('"POST /Bulk HTTP') <= 4, asked[-2000:])
        alone = asked.count('"PATCH /Users/') - asked_before.count('"PATCH /Users/')
        tally.equal("but for the terminations", alone, len(expected["terminate"]))


def _reconcile(tally, arkib, requests, env, expected, users, loaded):
    changes = expected["enable"] | expected["terminate"]

    done, report = _arkib(tally, "dry run", arkib, requests, env, "--dry-run", "--detailed-exitcode")
    tally.equal("dry run: exit status", done.returncode, 2)
    _check_summary(tally, "dry run", report, expected["summary"])
    planned = {(c.get("mailbox"), c.get("action"), c.get("request")) for c in report.get("plan", {}).get("changes", [])}
    tally.equal(
        "dry run: the changes are the right ones",
        planned,
        {(m, "enable", r) for m, r in expected["enable"].items()} | {(m, "terminate", r) for m, r in expected["terminate"].items()},
    )
    tally.check("dry run: nothing was written", users() == loaded)

    done, report = _arkib(tally, "apply", arkib, requests, env, "--yes", "--allow-uncommitted")
    tally.equal("apply: exit status", done.returncode, 0)
    outcomes = {(o.get("mailbox"), o.get("outcome")) for o in report.get("outcomes", [])}
    tally.equal("apply: every change was applied", outcomes, {(mailbox, "applied") for mailbox in changes})

    now = users()
    for action, state in (("enable", "enabled"), ("terminate", "terminated")):
        for mailbox, request in expected[action].items():
            found = now[mailbox].get(MAILBOX, {})
            tally.equal(f"{mailbox} on the server", (found.get("state"), found.get("request")), (state, request))
    kept = [mailbox for mailbox in changes if _core(now[mailbox]) != _core(loaded[mailbox])]
    tally.equal("changed mailboxes keep name and account", kept, [])
    touched = sorted(mailbox for mailbox in loaded if mailbox not in changes and now.get(mailbox) != loaded[mailbox])
    tally.equal("every other mailbox is untouched, its version too", touched, [])
    for mailbox in expected["unmanaged"]:
        tally.equal(f"unmanaged {mailbox} is untouched", now.get(mailbox), loaded[mailbox])
    tally.equal("nobody was added or lost", sorted(now), sorted(loaded))

    done, report = _arkib(tally, "second run", arkib, requests, env, "--dry-run", "--detailed-exitcode")
    tally.equal("second run: exit status", done.returncode, 0)
    tally.equal("second run: no changes", report.get("plan", {}).get("changes"), [])
    settled = {**expected["summary"], "enable": 0, "terminate": 0, "in_sync": expected["summary"]["in_sync"] + len(changes)}
    _check_summary(tally, "second run", report, settled)


def _arkib(tally, step, arkib, requests, env, *flags):
    done = rig.run([arkib, "reconcile", "--requests", requests, *flags, "--format", "json"], env, cwd=requests.parent)
    try:
        report, whole = rig.of_agency(done.stdout), json.loads(done.stdout)
    except json.JSONDecodeError:
        report = whole = {}
    tally.check(
        f"{step}: standard output is the report",
        whole.get("format") == "arkib.reconcile/2",
        f"status {done.returncode}\n{done.stdout[:1000]}\n{done.stderr[-2000:]}",
    )
    return done, report


def _check_summary(tally, step, report, expected):
    summary = report.get("plan", {}).get("summary", {})
    tally.equal(f"{step}: summary", {name: summary.get(name) for name in expected}, expected)


def _choose(roster):
    """About sixty of the roster's mailboxes, by purpose."""
    with open(roster, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def some(count, keep):
        chosen = [row for row in rows if keep(row)][:count]
        if len(chosen) != count:
            raise RuntimeError(f"the roster has {len(chosen)} of {count} mailboxes of one kind")
        return chosen

    active = [row["mailbox"] for row in rows if row["account"] == "active" and row["hold"] == "false"]
    is_active = set(active).__contains__
    return {
        "new": some(12, lambda r: is_active(r["mailbox"]) and r["state"] == "disabled" and not r["request"]),
        "gone": some(2, lambda r: is_active(r["mailbox"]) and r["state"] == "terminated"),
        "leaving": some(3, lambda r: is_active(r["mailbox"]) and r["state"] == "enabled" and r["request"] == "BMT-2025-0001"),
        "settled": some(21, lambda r: is_active(r["mailbox"]) and r["state"] == "enabled" and r["request"] == "BMT-2025-0002"),
        "held": some(2, lambda r: r["hold"] == "true" and r["state"] == "enabled"),
        "disabled": some(1, lambda r: r["account"] == "disabled" and r["state"] == "disabled" and not r["request"]),
        "under_way": some(1, lambda r: r["state"] == "enabling"),
        # No request below names these; the last group has no archive either.
        "unmanaged": some(3, lambda r: r["state"] == "enabled" and not r["request"] and r["changed_at"] < "2026"),
        "others": some(15, lambda r: is_active(r["mailbox"]) and r["state"] == "enabled" and r["request"] == "BMT-2025-0008"),
    }


def _write_requests(folder, people):
    names = {group: [row["mailbox"] for row in rows] for group, rows in people.items()}
    absent = "tiada.akaun@agensi.example"
    files = [
        ("BMT-2026-0101", "enable", names["settled"] + names["held"] + names["others"] + names["under_way"], True),
        ("BMT-2026-0102", "enable", names["new"], True),
        ("BMT-2026-0103", "enable", names["gone"] + names["disabled"] + [absent], True),
        ("BMT-2026-0104", "terminate", names["leaving"], True),
        ("BMT-2026-0105", "terminate", names["held"][:1], True),
        ("BMT-2026-0106", "terminate", names["settled"][:1], False),
    ]
    folder.mkdir(parents=True)
    (folder / "agency.yaml").write_text(POLICY)
    for day, (request, action, mailboxes, approved) in enumerate(files, 1):
        lines = ["version: 1", f"id: {request}", f"action: {action}", "mailboxes:", *(f"  - {m}" for m in mailboxes)]
        lines += ["received:", f"  date: 2026-02-{day:02}", "  channel: memo", f"  reference: CONTOH.600-1/2/3 ({day})"]
        if approved:
            lines += ["approvals:", "  - by: pentadbir.uc@agensi.example", f"    date: 2026-03-{day:02}"]
        (folder / f"{request}.yaml").write_text("\n".join(lines) + "\n")
    _commit(folder.parent)

    enable = dict.fromkeys(names["new"], "BMT-2026-0102") | dict.fromkeys(names["gone"], "BMT-2026-0103")
    terminate = dict.fromkeys(names["leaving"], "BMT-2026-0104")
    return folder, {
        "enable": enable,
        "terminate": terminate,
        "unmanaged": names["unmanaged"],
        "summary": {
            "enable": len(enable),
            "terminate": len(terminate),
            "blocked": 3,  # on hold, account disabled, no such account
            "in_progress": 1,
            "in_sync": len(names["settled"]) + len(names["held"]) - 1 + len(names["others"]),
            "unmanaged": len(names["unmanaged"]),
            "pending": 1,
            "scheduled": 0,
        },
    }


def _commit(folder):
    env = rig.clean_environment(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
    who = ["-c", "user.name=Pentadbir UC", "-c", "user.email=pentadbir.uc@agensi.example"]
    for step in (["init", "--quiet", "--initial-branch=main"], ["add", "."], [*who, "commit", "--quiet", "--message=Permohonan"]):
        subprocess.run(["git", *step], cwd=folder, env=env, check=True)


def _server_files(scratch):
    """The server's defaults, with arkib's user extension added."""
    from scim2_server.utils import load_json_resource

    def attribute(name, kind, description):
        return {
            "name": name,
            "type": kind,
            "multiValued": False,
            "description": description,
            "required": False,
            "caseExact": kind == "string",
            "mutability": "readWrite",
            "returned": "default",
            "uniqueness": "none",
        }

    extension = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": MAILBOX,
        "name": "Mailbox",
        "description": "The archive of a mailbox",
        "attributes": [
            attribute("state", "string", "disabled, enabling, enabled, terminating or terminated"),
            attribute("request", "string", "Id of the request that last changed it"),
            attribute("changedAt", "dateTime", "When it was last changed"),
            attribute("recoverableUntil", "dateTime", "After this a terminated archive is gone"),
            attribute("hold", "boolean", "Legal hold"),
            attribute("account", "string", "active, disabled, requested-to-delete or deleted"),
        ],
    }
    schemas = [*load_json_resource("default-schemas.json"), extension]
    resource_types = copy.deepcopy(load_json_resource("default-resource-types.json"))
    user = next(kind for kind in resource_types if kind["name"] == "User")
    user["schemaExtensions"].append({"schema": MAILBOX, "required": False})
    paths = scratch / "schemas.json", scratch / "resource-types.json"
    for path, content in zip(paths, (schemas, resource_types)):
        path.write_text(json.dumps(content))
    return paths


def _user(row):
    extension = {
        "state": row["state"],
        "request": row["request"],
        "changedAt": row["changed_at"],
        "recoverableUntil": row["recoverable_until"],
        "account": row["account"],
    }
    return {
        "schemas": [USER, MAILBOX],
        "userName": row["mailbox"],
        "displayName": row["name"],
        "active": row["account"] == "active",
        MAILBOX: {name: value for name, value in extension.items() if value} | {"hold": row["hold"] == "true"},
    }


def _core(user):
    return {name: value for name, value in user.items() if name not in (MAILBOX, "meta")}


def _server_takes_what_arkib_sends(tally, url, token):
    """Distinguishes a changed server from a bug in arkib."""
    _, created, headers = rig.http("POST", f"{url}/Users", token, _user(
        {"mailbox": "cubaan@agensi.example", "name": "Cubaan", "account": "active", "state": "disabled",
         "request": "", "changed_at": "", "recoverable_until": "", "hold": "false"}))
    place = f"{url}/Users/{created['id']}"
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": f"{MAILBOX}:state", "value": "enabled"},
                       {"op": "replace", "path": f"{MAILBOX}:request", "value": "BMT-2026-0100"}],
    }
    version = created["meta"]["version"]
    status = rig.http("PATCH", place, token, patch, {"If-Match": version})[0]
    tally.check("the server takes a PATCH of the extension", status in (200, 204), status)
    tally.equal("the server refuses a stale If-Match", rig.http("PATCH", place, token, patch, {"If-Match": version})[0], 412)
    query = "filter=userName%20eq%20%22cubaan%40agensi.example%22"
    _, found, _ = rig.http("GET", f"{url}/Users?{query}", token)
    states = [user.get(MAILBOX, {}).get("state") for user in found.get("Resources", [])]
    tally.equal("the server filters by name and kept the change", states, ["enabled"])
    tally.equal("the server deletes", rig.http("DELETE", place, token)[0], 204)
