"""Records what arkib sends to a SCIM server, on its way there."""

import dataclasses
import json
import urllib.parse

import interceptor


@dataclasses.dataclass(frozen=True)
class Request:
    """A request: its path below the portal's address, its query as sent, its headers by small letters."""

    method: str
    path: str
    query: str
    headers: dict
    body: object


class Recorder(interceptor.Interceptor):
    """Ends with the `with` block."""

    def __init__(self, url):
        super().__init__(url, lambda *_: False, lambda: None)
        self.requests, self.base = [], urllib.parse.urlsplit(url).path
        # Whether it takes the body away from the answer to a change.
        self.answers_without_body = False

    def answer(self, method, path, headers, body):
        place = urllib.parse.urlsplit(path)
        named = {name.lower(): value for name, value in headers.items()}
        self.requests.append(Request(method, place.path.removeprefix(self.base), place.query, named, json.loads(body) if body else None))
        status, answered, text = super().answer(method, path, headers, body)
        if method == "PATCH" and self.answers_without_body:
            return 204, [], b""
        return status, answered, text

    def take(self):
        """What came since the last call."""
        taken, self.requests = self.requests, []
        return taken
