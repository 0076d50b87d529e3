"""Records what arkib sends to a SCIM server, on its way there."""

import dataclasses
import json
import urllib.parse

import interceptor


@dataclasses.dataclass(frozen=True)
class Request:
    """A request as it is written down: the path below the portal's address, the query decoded."""

    method: str
    target: str
    headers: dict
    body: object
    status: int


class Recorder(interceptor.Interceptor):
    """Ends with the `with` block."""

    def __init__(self, url):
        super().__init__(url, lambda *_: False, lambda: None)
        self.requests, self.base = [], urllib.parse.urlsplit(url).path

    def answer(self, method, path, headers, body):
        status, answered, text = super().answer(method, path, headers, body)
        target = urllib.parse.unquote(path.removeprefix(self.base))
        parsed = json.loads(body) if body else None
        self.requests.append(Request(method, target, dict(headers.items()), parsed, status))
        return status, answered, text
