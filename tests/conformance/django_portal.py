"""django-scim2 (PyPI, Python) with arkib's extension: see django_scim2/server.py."""

import sys
from pathlib import Path

import rig
from portal import ACCOUNTS, STATES
from scim import ScimPortal

HERE = Path(__file__).resolve().parent


class Django(ScimPortal):
    kind = "django-scim2"
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
    account_words = {account: account for account in ACCOUNTS}

    def policy(self):
        return "portal: scim\n"

    def start(self, folder, mailboxes):
        port = rig.free_port()
        self.url = f"http://127.0.0.1:{port}/scim/v2"
        command = [sys.executable, HERE / "django_scim2" / "server.py", str(port), self.token, folder / "portal.sqlite"]
        self.launch(command, folder / "server.log")
        self.server.wait_until(lambda: rig.answers(self.url, self.token))
        self.load(mailboxes)
