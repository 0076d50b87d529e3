"""Portals with words of their own once more, under the mapping that `arkib portal inspect` writes for them: pasted into
the policy as it is, with nothing edited."""

import json
import os

import rig
from scim2 import Peti
from scimmy_portal import Scimmy


class Inspected:
    """Comes before the portal's own class."""

    def start(self, folder, mailboxes):
        super().start(folder, mailboxes)
        command = [os.environ["ARKIB_BIN"], "portal", "inspect", "--format", "json"]
        done = rig.run(command, rig.clean_environment(**self.environment()), folder)
        self.pasted = json.loads(done.stdout)["mapping"]
        if done.returncode or not self.pasted:
            raise RuntimeError(f"inspect gave {done.returncode}: {done.stdout[-2000:]}{done.stderr}")

    def policy(self):
        return self.pasted


class InspectedPeti(Inspected, Peti):
    pass


class InspectedScimmy(Inspected, Scimmy):
    pass
