"""canaille (PyPI, Python): an identity server that has no room for an extension. The agency keeps the archive in the title,
and the hold in the department, because canaille stores both and shows them to nobody else."""

import os
import time
from pathlib import Path

import rig
from portal import Mailbox
from scim import USER, ScimPortal

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
HERE = Path(__file__).resolve().parent


class Canaille(ScimPortal):
    kind = "canaille"
    state_name = f"{USER}:title"
    schema = ENTERPRISE
    names = {"hold": "department"}
    words = {
        "disabled": "Tiada arkib",
        "enabling": "Arkib sedang dibuka",
        "enabled": "Ada arkib",
        "terminating": "Arkib sedang ditamatkan",
        "terminated": "Arkib tamat",
    }
    hold_words = {True: "Ditahan", False: "Bebas"}
    label = "displayName"
    accounts = ("active", "disabled")
    keeps_request = False
    keeps_recoverable = False

    def policy(self):
        words = ", ".join(f'{state}: ["{word}"]' for state, word in self.words.items())
        return f"""\
portal: scim
mapping:
  mailbox: userName
  state: {{ attribute: "{self.state_name}", values: {{ {words} }} }}
  hold: {{ attribute: "{ENTERPRISE}:department", values: {{ held: [Ditahan], free: [Bebas] }} }}
"""

    def start(self, folder, mailboxes):
        port = rig.free_port()
        self.url = f"http://127.0.0.1:{port}/scim/v2"
        python = Path(os.environ["ARKIB_SERVERS"], "canaille", "bin", "python")
        self.launch([python, HERE / "canaille" / "server.py", str(port), self.token], folder / "server.log")
        self.server.wait_until(lambda: rig.answers(self.url, self.token))
        self.load(mailboxes)
        # Its ETags are made of seconds: a change in the same second has the same one.
        time.sleep(1.1)

    def user(self, mailbox, index):
        user = super().user(mailbox, index)
        name = {"formatted": mailbox.name, "familyName": mailbox.name}
        return {**user, "name": name, "displayName": "Pegawai", "title": self.words.get(mailbox.state, mailbox.state)}

    def mailbox(self, user):
        state = next((state for state, word in self.words.items() if word == user["title"]), user["title"])
        account = "active" if user["active"] else "disabled"
        return Mailbox(self.address(user), state, account, user[ENTERPRISE]["department"] == "Ditahan")

    def take_state(self, user):
        user.pop("title", None)

    def take_archive(self, user):
        super().take_archive(user)
        self.take_state(user)

    def change(self, address, state=None, **fields):
        if state:
            self.patch(self.found(address), {"title": self.words.get(state, state)})
        if fields:
            super().change(address, **fields)

    def users(self):
        # It fails at any `count` (500).
        return self.ask("GET", "/Users")["Resources"]

    def pages(self):
        return len(self.users()), len(self.users())
