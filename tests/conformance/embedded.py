"""The development portal, `arkib portal`, as a separate server."""

import os
import time
from pathlib import Path

import rig
from portal import ACCOUNTS, STATES
from scim import ScimPortal


class Embedded(ScimPortal):
    kind = "arkib portal"
    schema = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"
    names = {
        "state": "state",
        "request": "request",
        "changed_at": "changedAt",
        "recoverable_until": "recoverableUntil",
        "hold": "hold",
        "account": "account",
    }
    words = {state: state for state in STATES}
    # It finishes changes that are in progress in its roster.
    states = ("disabled", "enabled", "terminated")
    account_words = {account: account for account in ACCOUNTS}
    # A page has a thousand mailboxes.
    fillers = 1050
    options = ()

    def policy(self):
        return "portal: scim\n"

    def start(self, folder, mailboxes):
        rows = ["mailbox,name,account,state,request,changed_at,recoverable_until,hold"]
        rows += [
            ",".join((m.address, m.name, m.account, m.state, m.request or "", m.changed_at or "",
                      m.recoverable_until or "", str(m.hold).lower()))
            for m in mailboxes
        ]
        (folder / "roster.csv").write_text("\n".join(rows) + "\n")
        (folder / "token").write_text(self.token)
        address = folder / "url"
        command = [
            Path(os.environ["ARKIB_BIN"]).resolve(), "portal", "--listen", "127.0.0.1:0", "--roster", folder / "roster.csv",
            "--token-file", folder / "token", "--url-file", address, "--stop-after", str(rig.SERVER_LIFETIME_S), *self.options,
        ]
        self.launch(command, folder / "server.log", rig.clean_environment())
        self.server.wait_until(lambda: address.exists() and rig.answers(address.read_text().strip(), self.token))
        self.url = address.read_text().strip()
        # A roster has addresses in lower case.
        for mailbox in mailboxes:
            if mailbox.spelt != mailbox.address:
                self.patch(self.found(mailbox.address), {"userName": mailbox.spelt})


class SlowEmbedded(Embedded):
    """Each change takes some time."""

    kind = "arkib portal, slow"
    pace = "takes its time"
    fillers = 3
    options = ("--provisioning-delay", "2")

    def change(self, address, **fields):
        super().change(address, **fields)
        while self.observed(address).state in ("enabling", "terminating"):
            time.sleep(0.1)


class NoIfMatchEmbedded(Embedded):
    """Does not support If-Match."""

    kind = "arkib portal, without If-Match"
    fillers = 3
    options = ("--no-if-match",)
