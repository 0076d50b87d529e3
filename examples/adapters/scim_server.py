#!/usr/bin/env python3
"""The portal as a small SCIM 2.0 server for arkib (`portal: scim`): what arkib asks for, and nothing else.

    python3 scim_server.py --port 8443

Listens on this machine only (127.0.0.1), and wants the bearer token of ADAPTER_TOKEN or ADAPTER_TOKEN_FILE. Holds nothing
itself: it asks the portal for every answer, except for the pages of one list, which are all of one moment.
docs/en/PORTALS.md has the requests that arkib sends."""

import argparse
import hmac
import http.server
import json
import re
import sys
import threading
import time
import urllib.parse

from portal import NoAccess, NotSent, Portal, PortalError, Refused, Stale, secret

CORE = "urn:ietf:params:scim:schemas:core:2.0"
USER = f"{CORE}:User"
MAILBOX = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0"
BASE = "/scim/v2"

LARGEST_PAGE = 200
LONGEST_BODY = 64 << 10
# A list that is read for longer than this begins anew.
LIST_LIFETIME_S = 300
# `userName eq "…" or userName eq "…"`: what is compared is a JSON string (RFC 7644 section 3.4.2.2).
TERM = re.compile(r'\s*userName\s+eq\s+("(?:[^"\\]|\\.)*")\s*(?:or(?=\s)|$)', re.IGNORECASE)
WANTED = {"enabled": True, "terminated": False}


class Error(Exception):
    """An answer of RFC 7644 section 3.12."""

    def __init__(self, status, detail, scim_type=None, wait_s=None):
        super().__init__(detail)
        self.status, self.wait_s = status, wait_s
        self.body = {"schemas": [f"{MESSAGES}:Error"], "status": str(status), "detail": detail}
        if scim_type:
            self.body["scimType"] = scim_type


def attribute(name, kind="string", mutability="readOnly", **more):
    return {
        "name": name, "type": kind, "multiValued": False, "required": False, "caseExact": False,
        "mutability": mutability, "returned": "default", "uniqueness": "none", **more,
    }


SCHEMAS = [
    {
        "schemas": [f"{CORE}:Schema"], "id": USER, "name": "User",
        "attributes": [attribute("userName", required=True, uniqueness="server"), attribute("active", "boolean")],
    },
    {
        "schemas": [f"{CORE}:Schema"], "id": MAILBOX, "name": "Mailbox",
        "attributes": [
            attribute("state", mutability="readWrite"), attribute("request", mutability="readWrite"),
            attribute("changedAt", "dateTime"), attribute("recoverableUntil", "dateTime"),
            attribute("hold", "boolean"), attribute("account"),
        ],
    },
]
RESOURCE_TYPES = [{
    "schemas": [f"{CORE}:ResourceType"], "id": "User", "name": "User", "endpoint": "/Users", "schema": USER,
    "schemaExtensions": [{"schema": MAILBOX, "required": True}],
}]
CONFIG = {
    "schemas": [f"{CORE}:ServiceProviderConfig"],
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": LARGEST_PAGE},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    # The portal's revisions. A portal that has none: False here, and no `version` below.
    "etag": {"supported": True},
    "authenticationSchemes": [{"type": "oauthbearertoken", "name": "Bearer token", "description": "RFC 6750"}],
}


def etag(account):
    return f'"{account.version}"'


def user(account):
    """The account as a SCIM User."""
    mailbox = {
        "state": account.archive, "request": account.request, "changedAt": account.changed,
        "recoverableUntil": account.kept_until, "hold": account.hold, "account": account.account,
    }
    meta = {
        "resourceType": "User", "created": account.created, "lastModified": account.changed,
        "location": f"{BASE}/Users/{account.id}", "version": etag(account),
    }
    return {
        "schemas": [USER, MAILBOX],
        "id": account.id,
        "userName": account.address,
        "active": account.account == "active",
        MAILBOX: {name: value for name, value in mailbox.items() if value is not None},
        "meta": {name: value for name, value in meta.items() if value is not None},
    }


def listing(resources, total=None, start=1):
    return {
        "schemas": [f"{MESSAGES}:ListResponse"], "totalResults": len(resources) if total is None else total,
        "startIndex": start, "itemsPerPage": len(resources), "Resources": resources,
    }


def filter_addresses(text):
    """The addresses of a filter. Any other filter is refused: half understood, it would hide accounts."""
    addresses, place = [], 0
    while place < len(text):
        term = TERM.match(text, place)
        if not term:
            raise Error(400, "the only filter is: userName eq \"…\" or userName eq \"…\"", "invalidFilter")
        addresses.append(json.loads(term[1]))
        place = term.end()
    if not addresses or text.rstrip().lower().endswith(" or"):
        raise Error(400, "the filter is empty or unfinished", "invalidFilter")
    return addresses


def number(query, name, default, least):
    try:
        return max(int(query.get(name, default)), least)
    except ValueError:
        raise Error(400, f"{name} is not a number", "invalidValue") from None


def wanted_change(body):
    """The state and the request of a PATCH (RFC 7644 section 3.5.2). What arkib does not send is refused."""
    schemas = body.get("schemas") if isinstance(body, dict) else None
    if not isinstance(schemas, list) or f"{MESSAGES}:PatchOp" not in schemas:
        raise Error(400, "the body is no PatchOp", "invalidSyntax")
    values = {}
    operations = body.get("Operations")
    for operation in operations if isinstance(operations, list) else []:
        if not isinstance(operation, dict) or str(operation.get("op")).lower() != "replace":
            raise Error(400, "the only operation is replace", "invalidSyntax")
        path = str(operation.get("path"))
        name = next((name for name in ("state", "request") if path.lower() == f"{MAILBOX}:{name}".lower()), None)
        if name is None or name in values:
            raise Error(400, "only state and request can be changed, each once", "invalidPath")
        values[name] = operation.get("value")
    state, request = values.get("state"), values.get("request")
    if not isinstance(state, str) or state not in WANTED:
        raise Error(400, "state must become enabled or terminated", "invalidValue")
    if not isinstance(request, str) or not request:
        raise Error(400, "a change needs its request", "invalidValue")
    return WANTED[state], request


class Users:
    """The portal's accounts, for the pages of a list and by themselves."""

    def __init__(self, portal):
        self.portal, self.lock, self.listed, self.read_at = portal, threading.Lock(), [], 0

    def page(self, query):
        start, count = number(query, "startIndex", 1, 1), number(query, "count", LARGEST_PAGE, 0)
        if "filter" in query:
            found = {it.id: it for address in filter_addresses(query["filter"]) for it in self.portal.find(address)}
            accounts = list(found.values())
        else:
            accounts = self.everybody(anew=start == 1)
        page = accounts[start - 1:start - 1 + min(count, LARGEST_PAGE)]
        return listing([user(account) for account in page], len(accounts), start)

    def everybody(self, anew):
        """All accounts in a stable order. The first page reads them, so that the pages of one list are of one moment."""
        with self.lock:
            if anew or time.monotonic() - self.read_at > LIST_LIFETIME_S:
                accounts = [account for account in self.portal.all() if account.address]
                self.listed, self.read_at = sorted(accounts, key=lambda account: account.id), time.monotonic()
            return self.listed

    def one(self, id):
        account = self.portal.get(id)
        if account is None:
            raise Error(404, "there is no such user")
        return account

    def change(self, id, body, if_match):
        wanted, request = wanted_change(body)
        account = self.one(id)
        if if_match not in (None, "*", etag(account)):
            raise Error(412, "the user has changed since it was read")
        if account.has(wanted) or account.becomes(wanted):
            return account
        why = account.obstacle(wanted)
        if why:
            raise Error(409, why)
        # The portal compares the revision itself, so nothing can come between.
        return self.portal.set_archive(account, wanted, request)


def translated(error):
    """What a failure of the portal is for arkib. 503 with Retry-After says that nothing was done; 502 that nobody knows."""
    match error:
        case NotSent():
            return Error(503, str(error), wait_s=error.wait_s)
        case NoAccess():
            return Error(403, str(error))
        case Stale():
            return Error(412, str(error))
        case Refused():
            return Error(409, str(error))
        case _:
            return Error(502, str(error))


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection of arkib."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "adapter", ""
    timeout = 60

    def do_GET(self):
        self.answer(lambda path, query, _: self.read(path, query))

    def do_PATCH(self):
        self.answer(self.patch)

    def do_POST(self):
        self.answer(self.refuse)

    do_PUT = do_DELETE = do_POST

    def read(self, path, query):
        match path:
            case ["ServiceProviderConfig"]:
                return CONFIG, None
            case ["Schemas" | "ResourceTypes" as kind]:
                return listing(SCHEMAS if kind == "Schemas" else RESOURCE_TYPES), None
            case ["Users"]:
                return self.server.users.page(query), None
            case ["Users", id]:
                account = self.server.users.one(id)
                return user(account), etag(account)
        raise Error(404, "there is nothing here")

    def patch(self, path, _, body):
        match path:
            case ["Users", id]:
                account = self.server.users.change(id, body, self.headers.get("If-Match"))
                return user(account), etag(account)
        raise Error(404, "there is nothing to change here")

    def refuse(self, *_):
        raise Error(501, "this server reads users and changes their archives, and nothing else")

    def answer(self, act):
        """Reads the request, and writes what `act` gives or raises."""
        try:
            text = self.body()
            self.check_token()
            try:
                body = json.loads(text) if text else None
            except (ValueError, RecursionError):
                raise Error(400, "the body is not JSON", "invalidSyntax") from None
            place = urllib.parse.urlsplit(self.path)
            if not place.path.startswith(f"{BASE}/"):
                raise Error(404, f"the server is at {BASE}")
            path = [urllib.parse.unquote(part) for part in place.path[len(BASE) + 1:].split("/")]
            query = dict(urllib.parse.parse_qsl(place.query))
            self.reply(200, *act(path, query, body))
        except Error as error:
            self.reply(error.status, error.body, wait_s=error.wait_s)
        except PortalError as error:
            told = translated(error)
            self.reply(told.status, told.body, wait_s=told.wait_s)

    def body(self):
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            raise Error(413, "the body is too long, or has no length")
        return self.rfile.read(int(length))

    def check_token(self):
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            raise Error(401, "the bearer token is missing or wrong")

    def reply(self, status, body, tag=None, wait_s=None):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/scim+json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in (("ETag", tag), ("Retry-After", wait_s)):
            if value is not None:
                self.send_header(name, str(value))
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, code="-", size="-"):
        # Without the query, which has addresses.
        self.log_message("%s %s %s", self.command, self.path.split("?")[0], code)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, portal, token):
        super().__init__(("127.0.0.1", port), Handler)
        self.users, self.token = Users(portal), token

    def handle_error(self, request, client_address):
        # Most often a client that went away. Without the data, which may be a person's.
        print(f"error: {sys.exc_info()[0].__name__}", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description="The portal as a small SCIM server for arkib, on this machine only.")
    parser.add_argument("--port", type=int, default=8443, help="the port on 127.0.0.1; default: 8443")
    try:
        token = secret("ADAPTER_TOKEN")
        if not token.isascii() or not token.isprintable():
            raise PortalError("the token has characters that a header cannot hold")
        server = Server(parser.parse_args().port, Portal.from_environment(), token)
    except (PortalError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"ARKIB_PORTAL_URL=http://127.0.0.1:{server.server_address[1]}{BASE}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
