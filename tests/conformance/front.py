"""A proxy before a SCIM server that reads what passes: a habit of other servers is a subclass that changes one thing."""

import dataclasses
import json
import re
import urllib.parse

import interceptor

JSON = ("Content-Type", "application/scim+json")


@dataclasses.dataclass
class Request:
    method: str
    path: str
    headers: dict
    body: bytes = b""

    @property
    def resource(self):
        """`Users`, `Users/` for one of them, `Bulk` and so on."""
        path = urllib.parse.urlsplit(self.path).path
        return "Users/" if "/Users/" in path else path.rstrip("/").rsplit("/", 1)[-1]

    @property
    def key(self):
        return urllib.parse.unquote(urllib.parse.urlsplit(self.path).path.rsplit("/", 1)[-1])

    @property
    def query(self):
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))

    def asking(self, **changed):
        """The same with other values in the query; None takes one out."""
        query = {name: value for name, value in {**self.query, **changed}.items() if value is not None}
        place = urllib.parse.urlsplit(self.path)
        return dataclasses.replace(self, path=place._replace(query=urllib.parse.urlencode(query)).geturl())

    def without(self, *names):
        headers = {name: value for name, value in self.headers.items() if name.lower() not in names}
        return dataclasses.replace(self, headers=headers)

    def looking(self):
        """A read of the same user."""
        return Request("GET", urllib.parse.urlsplit(self.path).path, self.without("content-length", "if-match").headers)

    def saying(self, document):
        """The same with another body."""
        return dataclasses.replace(self.without("content-length"), body=json.dumps(document).encode())


@dataclasses.dataclass
class Answer:
    status: int
    document: object = None
    headers: tuple = ()

    @property
    def good(self):
        return 200 <= self.status < 300


def refusal(status, detail, kind=None, headers=()):
    schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"]
    return Answer(status, {"schemas": schemas, "status": str(status), "detail": detail, "scimType": kind}, headers)


class Front(interceptor.Interceptor):
    """Passes everything on."""

    # How a row is called, and what becomes of its wishes: `done`; `told` when nothing can be done and it is said; `either`.
    name = ""
    ends = "done"
    # Options of the run that applies. A change that shows late is waited for.
    waits = ("--wait", "--wait-timeout", "12")

    def __init__(self, portal, own=()):
        super().__init__(portal.url, lambda *_: False, lambda: None)
        self.portal, self.own = portal, own
        self.writes = []

    def arguments(self):
        """Options of every run."""
        return ()

    def after(self, world, report, wished):
        """What else is to be looked at after the run, which gave this report."""

    def answer(self, method, path, headers, body):
        request = Request(method, path, dict(headers), body)
        if method != "GET":
            self.writes.append(request)
        answer = self.handle(request)
        return answer.status, [JSON, *answer.headers], self.encode(answer.document)

    def encode(self, document):
        return b"" if document is None else json.dumps(document).encode()

    def handle(self, request):
        if request.method == "PATCH":
            return self.patched(request)
        return {
            "Users": self.listed,
            "Users/": self.read,
            "Bulk": self.bulk,
            "ServiceProviderConfig": lambda it: self.edited(it, self.config),
            "Schemas": lambda it: self.edited(it, self.schemas),
        }.get(request.resource, self.forward)(request)

    def forward(self, request):
        """The server's answer; a page for people has no document."""
        status, headers, content = super().answer(request.method, request.path, request.headers, request.body)
        headers = tuple((name, value) for name, value in headers if name.lower() in ("etag", "retry-after"))
        try:
            return Answer(status, json.loads(content) if content else None, headers)
        except ValueError:
            return Answer(status, None, headers)

    def edited(self, request, edit):
        answer = self.forward(request)
        if answer.good and answer.document:
            edit(answer.document)
        return answer

    # What a habit changes.

    def config(self, document):
        """ServiceProviderConfig."""

    def schemas(self, document):
        """The list of schemas."""

    def shown(self, user, request):
        """A user in an answer to this request, alone or in a list."""

    def listed(self, request):
        answer = self.forward(request)
        for user in (answer.document or {}).get("Resources") or []:
            self.shown(user, request)
        return answer

    def read(self, request):
        return self.edited(request, lambda user: self.shown(user, request))

    def patched(self, request):
        return self.edited(request, lambda user: self.shown(user, request))

    def bulk(self, request):
        return self.forward(request)


class Single(Front):
    """Takes changes one by one."""

    def config(self, document):
        document["bulk"] = {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}


class Pages(Front):
    """Cuts the pages itself, from all users: those that the row is about come last."""

    page = 30
    declared = page
    # All users since the last change.
    users = None

    def config(self, document):
        document["filter"]["maxResults"] = self.declared

    def handle(self, request):
        if request.method != "GET":
            self.users = None
        return super().handle(request)

    def listed(self, request):
        if self.users is None:
            self.users = sorted(self.portal.users(), key=lambda user: self.portal.address(user).lower() in self.own)
        users = self.matching(self.users, request.query.get("filter"))
        for user in users:
            self.shown(user, request)
        start, count = int(request.query.get("startIndex", 1)), int(request.query.get("count", self.page))
        return Answer(200, self.cut(users, max(1, start), min(count, self.page)))

    def cut(self, users, start, count):
        found = users[start - 1 : start - 1 + count]
        return {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": len(users),
            "startIndex": start,
            "itemsPerPage": len(found),
            "Resources": found,
        }

    def terms(self, text):
        return re.findall(r'(\S+) eq "([^"]*)"', text)

    def matching(self, users, text):
        if not text:
            return users
        terms = self.terms(text)
        return [user for user in users if any(held(user, name).lower() == value.lower() for name, value in terms)]


def held(user, name):
    """The value of an attribute; its name may begin with its schema."""
    schema, _, attribute = name.rpartition(":")
    return str(user.get(schema, user).get(attribute, ""))
