"""scimmy (npm, JavaScript) with an extension of its own: see scimmy/server.mjs."""

import os
from pathlib import Path

import rig
from scim import USER, ScimPortal


class Scimmy(ScimPortal):
    kind = "scimmy"
    schema = "urn:ietf:params:scim:schemas:extension:staff:2.0:MailService"
    names = {
        "state": "archive",
        "changed_at": "archiveChanged",
        "recoverable_until": "archiveKeptUntil",
        "hold": "litigationHold",
    }
    states = ("disabled", "enabled")
    accounts = ("active", "disabled")
    words = {"disabled": False, "enabled": True, "terminated": False}
    keeps_request = False
    page = 20

    def policy(self):
        return f"""\
portal: scim
mapping:
  schema: {self.schema}
  mailbox: emails
  state: {{ attribute: archive, type: boolean }}
  hold: {{ attribute: litigationHold }}
  changed_at: archiveChanged
  recoverable_until: archiveKeptUntil
"""

    def start(self, folder, mailboxes):
        port = rig.free_port()
        self.url = f"http://127.0.0.1:{port}/scim"
        command = ["node", Path(os.environ["ARKIB_SERVERS"], "scimmy", "server.mjs"), str(port), self.token, str(self.page)]
        self.launch(command, folder / "server.log")
        self.server.wait_until(lambda: rig.answers(self.url, self.token))
        self.load(mailboxes)
        # An account without a person has no mailbox.
        self.ask("POST", "/Users", {"schemas": [USER], "userName": "svc-sandaran", "active": True})

    def users(self):
        return [user for user in super().users() if user.get("emails")]

    def named(self, mailbox, index):
        # The old address must not be used as the mailbox.
        return {
            "userName": f"P-{index:05}",
            "emails": [
                {"value": f"lama.{index}@lama.example", "type": "home"},
                {"value": mailbox.spelt, "type": "work", "primary": True},
            ],
        }

    def address(self, user):
        return next(email["value"] for email in user["emails"] if email.get("primary"))
