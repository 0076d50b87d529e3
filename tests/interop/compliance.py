"""The development portal under the SCIM compliance suite of another project (scim2-cli).

The suite fills every attribute that can be written, dateTime ones with words that are no date, and then
stumbles over them itself (scim2-tester 0.5.2, against scim2-server too). So changedAt and recoverableUntil,
which only the portal sets, have to be readOnly in its schema.
"""

import csv
import itertools
import re
import secrets
import sys
from pathlib import Path

import rig

GOOD = {"SUCCESS", "COMPLIANT", "ACCEPTABLE"}
# Allowed by the RFC, or not run; shown, so that they are not mistaken for passed.
NEITHER = {"DEVIATION", "SKIPPED"}
BAD = {"ERROR", "CRITICAL"}
RESULT = re.compile(rf"^({'|'.join(GOOD | NEITHER | BAD)}) (.*)$")


def suite(tally, arkib, project, scratch):
    token = secrets.token_hex(24)
    token_file, url_file = scratch / "token", scratch / "url"
    token_file.write_text(token)
    roster = project / "portal.csv"
    command = [
        arkib, "portal",
        "--listen", "127.0.0.1:0",
        "--database", scratch / "portal.sqlite",
        "--roster", roster,
        # What the roster began must not come to its end while the suite runs.
        "--provisioning-delay", "3600",
        "--token-file", token_file,
        "--url-file", url_file,
        "--stop-after", str(rig.SERVER_LIFETIME_S),
    ]
    with rig.Server(command, scratch / "portal.log", rig.clean_environment()) as server:
        url = server.wait_until(lambda: _listening(url_file, token))

        with open(roster, newline="", encoding="utf-8") as file:
            expected = {row["mailbox"]: row for row in csv.DictReader(file)}
        before = rig.list_users(url, token)
        tally.equal("the portal holds the roster", sorted(before), sorted(expected))
        tally.equal("no token, no answer", rig.http("GET", f"{url}/Users")[0], 401)
        tally.equal("a wrong token, no answer", rig.http("GET", f"{url}/Users", token + "x")[0], 401)

        _compliance(tally, url, token)
        # The suite may leave a user behind, but must not change the roster's mailboxes.
        after = {name: user for name, user in rig.list_users(url, token).items() if name in before}
        tally.check("the suite left the mailboxes as they were", after == before, _differences(before, after))


def _listening(url_file, token):
    url = url_file.read_text().strip().rstrip("/") if url_file.exists() else ""
    # A half-written address does not answer, so it is read again.
    return url if url.startswith("http://") and rig.answers(url, token) else None


def _compliance(tally, url, token):
    # The token is passed in the environment: every user of the machine can see command lines.
    env = rig.clean_environment(SCIM_CLI_URL=url, SCIM_CLI_HEADERS=f"Authorization: Bearer {token}", COLUMNS="500")
    done = rig.run([Path(sys.executable).with_name("scim2"), "test"], env)
    passed, neither = 0, {}
    lines = (done.stdout + done.stderr).splitlines()
    for number, line in enumerate(lines):
        found = RESULT.match(line)
        if not found:
            continue
        status, title = found.groups()
        if status in NEITHER:
            neither[status] = neither.get(status, 0) + 1
            print(f"  {status.lower()}  {title}")
        elif status in GOOD:
            passed += 1
            tally.passed += 1
        else:
            reason = itertools.takewhile(lambda text: not RESULT.match(text), lines[number + 1 :])
            tally.check(f"{status} {title}", False, "\n".join(itertools.islice(reason, 6)))
    # An empty run must not look like a good one.
    if tally.check("the compliance suite ran", passed > 0, "\n".join(lines[-20:])):
        print(f"  {passed} compliance checks passed", *(f"{count} {name.lower()}" for name, count in neither.items()), sep=", ")


def _differences(before, after):
    return [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)][:5]
