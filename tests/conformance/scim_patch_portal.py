"""A server in JavaScript with scim-patch and scim2-parse-filter (npm): see scim_patch/server.mjs."""

import os
from pathlib import Path

import rig
from portal import ACCOUNTS
from scim import ScimPortal


class ScimPatch(ScimPortal):
    kind = "scim-patch"
    schema = "urn:example:params:scim:schemas:extension:kakitangan:2.0:Mel"
    names = {
        "state": "arkib",
        "request": "permohonan",
        "changed_at": "diubah",
        "recoverable_until": "disimpan",
        "hold": "ditahan",
        "account": "akaun",
    }
    words = {"disabled": 0, "enabling": 1, "enabled": 2, "terminating": 3, "terminated": 4}
    account_words = {account: account for account in ACCOUNTS}
    page = 20

    def policy(self):
        states = ", ".join(f'{state}: ["{word}"]' for state, word in self.words.items())
        accounts = ", ".join(f"{account.replace('-', '_')}: [{word}]" for account, word in self.account_words.items())
        return f"""\
portal: scim
mapping:
  schema: {self.schema}
  mailbox: alamat
  state: {{ attribute: arkib, type: integer, values: {{ {states} }} }}
  hold: {{ attribute: ditahan }}
  account: {{ attribute: akaun, values: {{ {accounts} }} }}
  request: permohonan
  changed_at: diubah
  recoverable_until: disimpan
"""

    def start(self, folder, mailboxes):
        port = rig.free_port()
        self.url = f"http://127.0.0.1:{port}"
        server = Path(os.environ["ARKIB_SERVERS"], "scim_patch", "server.mjs")
        self.launch(["node", server, str(port), self.token, str(self.page)], folder / "server.log")
        self.server.wait_until(lambda: rig.answers(self.url, self.token))
        self.load(mailboxes)

    def user(self, mailbox, index):
        user = super().user(mailbox, index)
        user[self.schema]["alamat"] = mailbox.spelt
        return user

    def named(self, mailbox, index):
        return {"userName": f"K{index:05}"}

    def address(self, user):
        return user[self.schema]["alamat"]

    def rename(self, user, name):
        user[self.schema]["alamat"] = name
