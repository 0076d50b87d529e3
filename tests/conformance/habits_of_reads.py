"""Habits of servers whose answers vary in form, or that say less than they have."""

import gzip

from front import Front, Pages, Single, refusal
from scim import USER


class RefusesCount(Pages):
    name = "a large count is refused (400)"
    page = 50
    declared = 1000

    def listed(self, request):
        if int(request.query.get("count", 0)) > self.page:
            return refusal(400, "count is too large", "invalidValue")
        return super().listed(request)


class FailsAtCount(Front):
    name = "any count fails (500)"

    def listed(self, request):
        if "count" in request.query:
            return refusal(500, "'<' not supported between instances of 'int' and 'str'")
        return super().listed(request)


class NumberedUsers(Single):
    """Past 2^53, so that they are no numbers in JavaScript."""

    name = "ids are numbers"
    FIRST = 9_007_199_254_740_993

    def __init__(self, *arguments):
        super().__init__(*arguments)
        ids = sorted(user["id"] for user in self.portal.users())
        self.numbers = {key: self.FIRST + index for index, key in enumerate(ids)}
        self.ids = {str(number): key for key, number in self.numbers.items()}

    def handle(self, request):
        if request.resource == "Users/":
            if request.key not in self.ids:
                return refusal(404, "no such user")
            head, _, number = request.path.partition("/Users/")
            request.path = f"{head}/Users/{self.ids[request.key]}{number[len(request.key):]}"
        return super().handle(request)

    def shown(self, user, request):
        number = self.numbers[user["id"]]
        user["id"] = number
        if user.get("meta", {}).get("location"):
            user["meta"]["location"] = f"{self.url}/Users/{number}"


class ActiveIsNumber(Front):
    name = "active is 1 or 0"

    def shown(self, user, request):
        if "active" in user:
            user["active"] = int(user["active"])


class Bom(Front):
    name = "a byte order mark before the JSON"

    def encode(self, document):
        return b"\xef\xbb\xbf" + super().encode(document) if document is not None else b""


class Packed(Front):
    name = "gzip that nobody asked for"

    def answer(self, *request):
        status, headers, content = super().answer(*request)
        return (status, [*headers, ("Content-Encoding", "gzip")], gzip.compress(content)) if content else (status, headers, content)


class OnRequest(Front):
    name = "the state is returned on request only"

    def schemas(self, document):
        for attribute in self.portal.state_attributes(document["Resources"]):
            attribute["returned"] = "request"

    def handle(self, request):
        # An attribute of the core may go without its schema.
        names = {self.portal.state_name, self.portal.state_name.removeprefix(f"{USER}:")}
        asked = names & set(request.query.get("attributes", "").split(","))
        request = request.asking(attributes=None)
        request.asked = asked
        return super().handle(request)

    def shown(self, user, request):
        if not request.asked:
            self.portal.take_state(user)


class SchemaLacksState(Front):
    name = "/Schemas leaves out the state"

    def schemas(self, document):
        for schema in document["Resources"]:
            gone = self.portal.state_attributes([schema])
            schema["attributes"] = [it for it in schema["attributes"] if it not in gone]


class DomainNames(Front):
    """Some users, of whom no request speaks, have names of Windows."""

    name = "DOMAIN/user names"

    def shown(self, user, request):
        address = self.portal.address(user).lower()
        if address.startswith("isian.") and address[:10].endswith("3"):
            self.portal.rename(user, "AGENSI/" + address.partition("@")[0])
        elif address.startswith("isian.") and address[:10].endswith("4"):
            self.portal.rename(user, "AGENSI\\" + address.partition("@")[0])


HABITS = (
    RefusesCount,
    FailsAtCount,
    NumberedUsers,
    ActiveIsNumber,
    Bom,
    Packed,
    OnRequest,
    SchemaLacksState,
    DomainNames,
)
