"""A small fake of an admin portal with a REST interface of its own. It trusts whoever has the key: it would terminate an
archive on legal hold, so that only arkib and the adapters can prevent it. Its state is open to the suite."""

import contextlib
import copy
import datetime
import http.server
import json
import secrets
import threading
import urllib.parse

DOMAIN = "agensi.example"
PAGE_LIMIT = 100


def now():
    return f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


class FakePortal:
    """Ends with the `with` block."""

    def __init__(self):
        self.key = secrets.token_hex(16)
        self.accounts = {}
        # The changes that were made: id, word, reference. Then all requests, and how many of them could write.
        self.trail, self.requests, self.writes = [], [], 0
        # What the next writes do; see `_set_archive`. Then what every read does: `short`, `page` or `busy`.
        self.faults, self.read_fault = [], None
        # Whether a change takes until `finish`.
        self.slow = False
        self.lock = threading.RLock()
        self.port = 0

    def __enter__(self):
        self._listen()
        return self

    def __exit__(self, *_):
        self._close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def environment(self):
        """What the adapters need to reach it."""
        return {"ADMIN_PORTAL_URL": self.url, "ADMIN_PORTAL_KEY": self.key}

    def add(self, login, archive="OFF", status="ACTIVE", hold=False, reference=None, kept_until=None, **more):
        """A new account; returns its id."""
        id = 1001 + len(self.accounts)
        self.accounts[id] = {
            "id": id, "login": login if "@" in login else f"{login}@{DOMAIN}", "title": "Pegawai", "status": status,
            "archive": archive, "hold": hold, "reference": reference, "kept_until": kept_until,
            "created": "2025-01-02T01:00:00Z", "changed": "2026-01-06T02:00:00Z", "revision": 1, **more,
        }
        return id

    def change(self, id, **fields):
        """A change by somebody else."""
        with self.lock:
            account = self.accounts[id]
            account.update(fields, revision=account["revision"] + 1, changed=now())

    def id_of(self, address):
        return next(id for id, account in self.accounts.items() if account["login"].lower() == address.lower())

    def everything(self):
        with self.lock:
            return copy.deepcopy(self.accounts)

    def finish(self):
        """Ends the changes that are in progress."""
        for id, account in self.everything().items():
            if account["archive"] in ("STARTING", "STOPPING"):
                self.change(id, archive="ON" if account["archive"] == "STARTING" else "STOPPED")

    @contextlib.contextmanager
    def away(self):
        """Nobody listens."""
        self._close()
        yield
        self._listen()

    def _listen(self):
        portal = self

        class Bound(_Handler):
            fake = portal

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Bound)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def _close(self):
        self._server.shutdown()
        self._server.server_close()

    # The interface: each gives a status and a body, or None to cut the connection.

    def answer(self, method, path, key, body):
        place = urllib.parse.urlsplit(path)
        parts, query = place.path.strip("/").split("/"), dict(urllib.parse.parse_qsl(place.query))
        with self.lock:
            self.requests.append((method, path))
            if key != self.key:
                return 401, {"error": "key"}
            if self.read_fault == "busy":
                return 503, {"error": "busy"}
            if self.read_fault == "page":
                return 200, "<html>Log masuk</html>"
            match method, parts:
                case "GET", ["api", "accounts"]:
                    return 200, self._list(query)
                case "GET", ["api", "accounts", id] if id.isdecimal() and int(id) in self.accounts:
                    return 200, self.accounts[int(id)]
                case "POST", ["api", "accounts", id, "archive"] if id.isdecimal() and int(id) in self.accounts:
                    self.writes += 1
                    return self._set_archive(int(id), json.loads(body))
        return 404, {"error": "no-such-account"}

    def _list(self, query):
        page, size = int(query.get("page", 1)), min(int(query.get("size", 20)), PAGE_LIMIT)
        wanted = query.get("login")
        found = [it for it in self.accounts.values() if wanted is None or str(it["login"]).lower() == wanted.lower()]
        total = len(found) + (self.read_fault == "short")
        return {"total": total, "page": page, "items": found[(page - 1) * size:page * size]}

    def _set_archive(self, id, asked):
        fault = self.faults.pop(0) if self.faults else None
        if fault == "breaks before":
            return 500, {"error": "database"}
        if fault == "refuses":
            return 422, {"error": "licence"}
        if fault == "lies":
            return 200, self.accounts[id]
        if asked["revision"] != self.accounts[id]["revision"]:
            return 409, {"error": "revision"}
        on = {"ON": True, "OFF": False}[asked["archive"]]
        word = ("STARTING" if on else "STOPPING") if self.slow else ("ON" if on else "STOPPED")
        self.change(id, archive=word, reference=asked["reference"], kept_until=None if on else "2027-01-31T00:00:00Z")
        self.trail.append((id, asked["archive"], asked["reference"]))
        return None if fault == "breaks after" else (200, self.accounts[id])


class _Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = self.fake.answer(self.command, self.path, self.headers.get("X-Api-Key"), body)
        if found is None:
            return
        status, body = found
        text = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(body, str) else "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass
