"""A way to the portal for each run, which knows who made what, loses answers and kills."""

import http.client
import http.server
import json
import threading
import urllib.parse


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        # Its run was killed, or an answer was lost: both are meant.
        pass


class Proxy:
    """Each run has a port of its own. `lose`: every so manieth answer to a write is dropped after the portal gave it.
    `kill`: the first run that sends so many writes is killed when it has sent the last of them. `late`: that one comes to
    the portal only when another run is about to write."""

    def __init__(self, portal, lose=0, kill=0, late=False):
        address = urllib.parse.urlsplit(portal)
        self.target, self.path = address.netloc, address.path
        self.lose, self.kill, self.late = lose, kill, late
        self.is_held, self.release, self.landed = False, threading.Event(), threading.Event()
        self.lock = threading.Lock()
        # Who sent a write that the portal accepted, in order: (run, key of the mailbox).
        self.accepted = []
        self.writes, self.sent = 0, {}
        self.processes, self.servers = {}, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers.values():
            server.shutdown()
            server.server_close()

    def url(self, run):
        """The portal's address for that run."""
        server = Server(("127.0.0.1", 0), handler(self, run))
        self.servers[run] = server
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}{self.path}"

    def makers(self):
        """The run that made each change, by the mailbox's key: the first whose write was accepted."""
        found = {}
        for run, key in self.accepted:
            found.setdefault(key, run)
        return found

    def note(self, run, keys):
        """The portal answered a write. Gives whether the answer is dropped."""
        with self.lock:
            self.accepted += [(run, key) for key in keys]
            self.writes += 1
            return bool(self.lose) and self.writes % self.lose == 0

    def strike(self, run):
        """Kills the run if it is its turn, and holds back what it sent last. Gives whether it did."""
        with self.lock:
            self.sent[run] = self.sent.get(run, 0) + 1
            if not self.kill or self.sent[run] != self.kill:
                return False
            self.kill = 0
            self.is_held = self.late
            self.processes[run].kill()
        return True

    def wait(self, has_struck):
        """Until the portal may have a write."""
        if not self.is_held:
            return
        if has_struck:
            self.release.wait(30)
        else:
            self.release.set()
            self.landed.wait(30)


def handler(proxy, run):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def setup(self):
            super().setup()
            self.portal = http.client.HTTPConnection(proxy.target, timeout=60)

        def finish(self):
            self.portal.close()
            try:
                super().finish()
            except OSError:
                # The run was killed.
                pass

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_write = self.command == "PATCH" or self.path.endswith("/Bulk")
            has_struck = is_write and proxy.strike(run)
            if is_write:
                proxy.wait(has_struck)
            # The portal gets it, even if the run is dead by then.
            self.portal.request(self.command, self.path, body, dict(self.headers))
            answer = self.portal.getresponse()
            text = answer.read()
            is_lost = is_write and proxy.note(run, accepted_keys(self.path, body, answer.status, text))
            if has_struck:
                proxy.landed.set()
            if is_lost:
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            try:
                self.wfile.write(text)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = pass_on

    return Handler


def accepted_keys(path, body, status, answer):
    """The mailboxes whose write the portal accepted."""
    if not 200 <= status < 300:
        return []
    if not path.endswith("/Bulk"):
        return [path.split("?")[0].rsplit("/", 1)[1]]
    sent = json.loads(body)["Operations"]
    by_id = {operation.get("bulkId"): operation["path"].rsplit("/", 1)[1] for operation in sent}
    ends = json.loads(answer).get("Operations", [])
    return [
        end["location"].rsplit("/", 1)[1] if end.get("location") else by_id[end.get("bulkId")]
        for end in ends if str(end.get("status", "")).startswith("2")
    ]
