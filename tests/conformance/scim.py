"""The common part of all SCIM portals: their words for a mailbox, and reading them over HTTP."""

import contextlib
import copy
import secrets

import interceptor
import rig
from portal import Mailbox, Portal, Unique

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class ScimPortal(Portal):
    """A SCIM server on loopback."""

    # The extension, and its attribute names; without a name the portal does not support the property.
    schema = ""
    names = {}
    # The portal's own words.
    words = {}
    account_words = None  # core `active` where none
    hold_words = {True: True, False: False}
    # A property of the account that arkib does not know.
    label = "title"

    def __init__(self):
        self.token = secrets.token_hex(24)
        self.url = None
        self.server = None
        self.ids = {}

    def environment(self):
        return {"ARKIB_PORTAL_URL": self.url, "ARKIB_PORTAL_TOKEN": self.token}

    def stop(self):
        if self.server:
            self.server.__exit__()

    def launch(self, command, log, env=None):
        """Starts the server; `self.url` must be known, or be found by `wait`."""
        self.server = rig.Server(command, log, env)
        self.server.__enter__()

    def ask(self, method, path, body=None, headers=None, expect=(200, 201, 204)):
        status, answer, _ = rig.http(method, self.url + path, self.token, body, headers)
        if status not in expect:
            raise RuntimeError(f"{method} {path} gave {status}: {answer}")
        return answer

    def load(self, mailboxes):
        for index, mailbox in enumerate(mailboxes):
            self.ask("POST", "/Users", self.user(mailbox, index))

    # Names of the account.

    def named(self, mailbox, _):
        """The attributes with the address."""
        return {"userName": mailbox.spelt}

    def address(self, user):
        return user["userName"]

    # A mailbox as a user and back.

    def user(self, mailbox, index):
        extension = self.attributes(
            state=mailbox.state,
            hold=mailbox.hold,
            request=mailbox.request,
            changed_at=mailbox.changed_at,
            recoverable_until=mailbox.recoverable_until,
            account=mailbox.account,
        )
        return {
            "schemas": [USER, self.schema],
            **self.named(mailbox, index),
            "displayName": mailbox.name,
            self.label: "Pegawai",
            "active": mailbox.account == "active",
            self.schema: extension,
        }

    def attributes(self, **fields):
        """Fields of a mailbox as attributes of the extension."""
        words = {"state": self.words, "hold": self.hold_words, "account": self.account_words or {}}
        found = {}
        for field, value in fields.items():
            if field in self.names and value is not None:
                # An unknown word is passed on unchanged.
                found[self.names[field]] = words.get(field, {}).get(value, value)
        return found

    def mailbox(self, user):
        extension = user.get(self.schema, {})

        def held(field):
            return extension.get(self.names.get(field))

        def meaning(words, value):
            return next((meant for meant, word in words.items() if word == value), value)

        if self.account_words:
            account = meaning(self.account_words, held("account"))
        else:
            account = "active" if user["active"] else "disabled"
        return Mailbox(
            self.address(user),
            meaning(self.words, held("state")),
            account,
            meaning(self.hold_words, held("hold")),
            held("request"),
            held("changed_at"),
            held("recoverable_until"),
        )

    # Parts of a user, for habits that leave some out.

    @property
    def state_name(self):
        return f"{self.schema}:{self.names['state']}"

    def take_state(self, user):
        user.get(self.schema, {}).pop(self.names["state"], None)

    def take_archive(self, user):
        """All that the portal has on the archive."""
        for name in self.names.values():
            user.get(self.schema, {}).pop(name, None)
        if not user.get(self.schema, True):
            del user[self.schema]

    def state_attributes(self, schemas):
        """The attribute of the state, where the schemas have it."""
        schema, _, name = self.state_name.rpartition(":")
        return [it for found in schemas if found["id"] == schema for it in found["attributes"] if it["name"] == name]

    def rename(self, user, name):
        user["userName"] = name

    def rest(self, user):
        """All of a user but what may differ after a change of the archive."""
        rest = copy.deepcopy(user)
        del rest["meta"]
        self.take_state(rest)
        for field in ("request", "changed_at"):
            rest.get(self.schema, {}).pop(self.names.get(field), None)
        return rest

    # Observing and interfering.

    def users(self):
        start, users = 1, []
        while True:
            page = self.ask("GET", f"/Users?startIndex={start}&count=1000")
            found = page.get("Resources", [])
            users += found
            start += len(found)
            if not found or start > page["totalResults"]:
                return users

    def everything(self):
        users = {self.address(user).lower(): user for user in self.users()}
        self.ids = {address: user["id"] for address, user in users.items()}
        return {address: (self.mailbox(user), user) for address, user in users.items()}

    def observed(self, address):
        return self.mailbox(self.found(address))

    def pages(self):
        first = self.ask("GET", "/Users?startIndex=1&count=5000")
        return first["totalResults"], len(first["Resources"])

    def found(self, address):
        if address not in self.ids:
            self.everything()
        return self.ask("GET", f"/Users/{self.ids[address]}")

    def change(self, address, title=None, account=None, **fields):
        values = {f"{self.schema}:{name}": value for name, value in self.attributes(account=account, **fields).items()}
        if account:
            values["active"] = account == "active"
        if title:
            values[self.label] = title
        self.patch(self.found(address), values)

    def patch(self, user, values, headers=None, expect=(200, 204)):
        operations = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
        self.ask("PATCH", f"/Users/{user['id']}", {"schemas": [PATCH], "Operations": operations}, headers, expect)

    def title(self, address):
        return self.found(address).get(self.label)

    @contextlib.contextmanager
    def twin(self, address):
        status, user, _ = rig.http("POST", f"{self.url}/Users", self.token, self.user(Mailbox(address), 99_999))
        if status == 409:
            raise Unique(user)
        yield
        self.ask("DELETE", f"/Users/{user['id']}")

    def refuses_stale(self, address):
        user = self.found(address)
        version = user["meta"].get("version") or 'W/"1"'
        self.patch(user, {self.label: "Pegawai Kanan"})
        try:
            self.patch(user, {self.label: "Pegawai"}, {"If-Match": version})
        except RuntimeError as refusal:
            return " gave 412" in str(refusal)
        return False

    @contextlib.contextmanager
    def interfering(self, moment, act):
        with interceptor.Interceptor(self.url, interceptor.MOMENTS[moment], act) as there:
            yield there
