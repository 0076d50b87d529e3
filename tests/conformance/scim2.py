"""scim2-server (PyPI, Python), once with arkib's extension and once with another one."""

import copy
import dataclasses
import json
import sys
from pathlib import Path

import rig
from portal import ACCOUNTS, STATES
from scim import ScimPortal


class Scim2(ScimPortal):
    kind = "scim2-server"
    schema = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"
    names = {
        "state": "state",
        "request": "request",
        "changed_at": "changedAt",
        "recoverable_until": "recoverableUntil",
        "hold": "hold",
        "account": "account",
    }
    kinds = {"changed_at": "dateTime", "recoverable_until": "dateTime", "hold": "boolean"}
    words = {state: state for state in STATES}
    account_words = {account: account for account in ACCOUNTS}
    page = 20
    bulk = True

    def policy(self):
        return "portal: scim\n"

    def start(self, folder, mailboxes):
        from scim2_server.utils import load_json_resource

        schemas = [*load_json_resource("default-schemas.json"), self.extension()]
        resource_types = copy.deepcopy(load_json_resource("default-resource-types.json"))
        user = next(kind for kind in resource_types if kind["name"] == "User")
        user["schemaExtensions"].append({"schema": self.schema, "required": False})
        config = load_json_resource("default-service-provider-config.json")
        config["filter"]["maxResults"] = self.page
        config["bulk"]["supported"] = self.bulk
        files = {"--schema": schemas, "--resource-type": resource_types, "--service-provider-config": config}
        port = rig.free_port()
        command = [Path(sys.executable).with_name("scim2-server"), "--port", str(port), "--bearer-token", self.token]
        for option, content in files.items():
            path = folder / f"{option.strip('-')}.json"
            path.write_text(json.dumps(content))
            command += [option, path]
        self.url = f"http://127.0.0.1:{port}"
        self.launch(command, folder / "server.log")
        self.server.wait_until(lambda: rig.answers(self.url, self.token))
        self.load(mailboxes)

    def extension(self):
        """Its Schema (RFC 7643 section 7)."""
        canonical = {"state": self.words, "account": self.account_words, "hold": self.hold_words}

        def attribute(field, name):
            kind = self.kinds.get(field, "string")
            words = [word for word in (canonical.get(field) or {}).values() if isinstance(word, str)]
            return {
                "name": name,
                "type": kind,
                "multiValued": False,
                "description": self.descriptions.get(field, field),
                "required": False,
                "caseExact": kind == "string",
                "mutability": "readWrite",
                "returned": "default",
                "uniqueness": "none",
                **({"canonicalValues": words} if words else {}),
            }

        return {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": self.schema,
            "name": self.schema.rsplit(":", 1)[-1],
            "description": "A mailbox and its archive",
            "attributes": [attribute(field, name) for field, name in self.names.items()],
        }

    descriptions = {}


class Peti(Scim2):
    """Another extension: other names, Malay words, and a hold that is Y or N."""

    kind = "scim2-server, Peti"
    schema = "urn:example:params:scim:schemas:extension:mel:1.0:Peti"
    names = {
        "state": "arkib",
        "request": "rujukan",
        "changed_at": "diubah",
        "recoverable_until": "disimpan_hingga",
        "hold": "tahan",
        "account": "statusAkaun",
    }
    kinds = {"changed_at": "dateTime", "recoverable_until": "dateTime"}
    words = {
        "disabled": "Tiada",
        "enabling": "Sedang dibuka",
        "enabled": "Ada",
        "terminating": "Sedang ditamatkan",
        "terminated": "Tamat",
    }
    account_words = {
        "active": "Aktif",
        "disabled": "Tidak Aktif",
        "requested-to-delete": "Dipohon hapus",
        "deleted": "Dihapus",
    }
    hold_words = {True: "Y", False: "N"}
    descriptions = {
        "state": "Keadaan arkib peti mel",
        "request": "Permohonan yang terakhir mengubah arkib",
        "changed_at": "Bila arkib terakhir diubah",
        "recoverable_until": "Arkib yang ditamatkan disimpan hingga",
        "hold": "Penahanan undang-undang",
        "account": "Status akaun",
    }
    page = 7
    bulk = False
    # A second word with the same meaning: some of the other mailboxes have it.
    ACTIVE = "Aktif"

    def extension(self):
        extension = super().extension()
        state = next(it for it in extension["attributes"] if it["name"] == "arkib")
        state["canonicalValues"].append(self.ACTIVE)
        return extension

    def user(self, mailbox, index):
        user = super().user(mailbox, index)
        if mailbox.name.startswith("isian.") and mailbox.state == "enabled":
            user[self.schema]["arkib"] = self.ACTIVE
        return user

    def mailbox(self, user):
        found = super().mailbox(user)
        return dataclasses.replace(found, state="enabled") if found.state == self.ACTIVE else found

    def policy(self):
        return """\
portal: scim
mapping:
  schema: urn:example:params:scim:schemas:extension:mel:1.0:Peti
  mailbox: userName
  state:
    attribute: arkib
    values:
      disabled: [Tiada]
      enabling: [Sedang dibuka]
      enabled: [Ada, Aktif]
      terminating: [Sedang ditamatkan]
      terminated: [Tamat]
  hold:
    attribute: tahan
    values: { held: ["Y"], free: ["N"] }
  account:
    attribute: statusAkaun
    values:
      active: [Aktif]
      disabled: [Tidak Aktif]
      requested_to_delete: [Dipohon hapus]
      deleted: [Dihapus]
  request: rujukan
  changed_at: diubah
  recoverable_until: disimpan_hingga
"""
