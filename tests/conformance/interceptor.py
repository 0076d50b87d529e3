"""A proxy before a portal on loopback; at one moment it runs an action before it forwards the request."""

import http.client
import http.server
import threading
import urllib.parse


def is_list(method, path):
    """Whether this request reads mailboxes for a plan."""
    last = urllib.parse.urlsplit(path).path.rstrip("/").rsplit("/", 1)[-1]
    return method == "GET" and last in ("Users", "ServiceProviderConfig", "Schemas", "ResourceTypes")


# The first request of each moment.
MOMENTS = {
    "planned": lambda method, path: not is_list(method, path),
    "write": lambda method, _: method != "GET",
}


class Interceptor:
    """Ends with the `with` block."""

    def __init__(self, url, first, act):
        self._place = urllib.parse.urlsplit(url)
        self._first, self._act = first, act
        self._lock = threading.Lock()
        self.happened, self.trouble = False, None

    def __enter__(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.look(self.command, self.path)
                status, headers, answer = outer.answer(self.command, self.path, self.headers, body)
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in ("connection", "content-length", "transfer-encoding", "date", "server"):
                        self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        port = self._server.server_address[1]
        self.url = self._place._replace(netloc=f"127.0.0.1:{port}").geturl()
        self.environment = {"ARKIB_PORTAL_URL": self.url}
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        if self.trouble:
            raise self.trouble

    def look(self, method, path):
        """Requests that arrive during the action wait until it has finished."""
        with self._lock:
            if not self.happened and self._first(method, path):
                self.happened = True
                try:
                    self._act()
                except Exception as error:  # Told where the run is waited for.
                    self.trouble = error

    def answer(self, method, path, headers, body):
        """The portal's answer to the request."""
        passed = {name: value for name, value in headers.items() if name.lower() not in ("host", "connection")}
        connection = http.client.HTTPConnection(self._place.netloc, timeout=60)
        try:
            connection.request(method, path, body or None, passed)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()
