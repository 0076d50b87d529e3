"""A fake of GitHub, GitLab or Forgejo on loopback: git over HTTP, and the comments of pull requests. Each refuses what its
public API documentation says it refuses, and remembers what it refused."""

import base64
import contextlib
import itertools
import json
import os
import re
import subprocess
import threading
from urllib.parse import parse_qs, parse_qsl, urlsplit

import loopback
import rig

REPOSITORY, PROJECT = "jabatan-contoh/permohonan-arkib", "42"
MARKER = "<!-- arkib reconcile -->"
GITHUB_LONGEST, GITLAB_LONGEST = 65_536, 1_000_000
PERSON = {"id": 7, "login": "rosli", "username": "rosli"}
BOTS = {
    "github": {"id": 41898282, "login": "github-actions[bot]", "type": "Bot"},
    "gitlab": {"id": 900, "username": "project_42_bot"},
    "forgejo": {"id": -2, "login": "forgejo-actions"},
}
API = {"github": "/api/v3", "gitlab": "/api/v4", "forgejo": "/api/v1"}
PULLS = {"github": f"/repos/{REPOSITORY}/pulls/", "gitlab": f"/projects/{PROJECT}/merge_requests/", "forgejo": f"/repos/{REPOSITORY}/pulls/"}


class Refused(Exception):
    def __init__(self, status, message, headers=()):
        super().__init__(message)
        self.status, self.headers = status, dict(headers)


class Forge:
    """One repository on a forge. `tokens` are what each may do: read, comment, push."""

    def __init__(self, kind, origin, tokens):
        self.kind, self.origin, self.tokens = kind, origin, tokens
        self.comments, self.heads, self.refused, self.asked = {}, {}, [], []
        # How the API fails: a function of the number of the request, which raises Refused.
        self.fault = None
        self.ids, self.lock = itertools.count(1000), threading.Lock()
        # Held before a comment is created, so that two jobs are there at once.
        self.barrier = None
        self.url = self.api = None

    @contextlib.contextmanager
    def serve(self):
        with loopback.serve(_handler(self)) as self.url:
            self.api = self.url + API[self.kind]
            yield self

    @contextlib.contextmanager
    def faulty(self, fault):
        """A context in which the API fails; what it refuses then is not counted."""
        kept, self.fault, self.asked = list(self.refused), fault, []
        try:
            yield
        finally:
            self.fault, self.refused = None, kept

    def plant(self, number, *bodies):
        for body in bodies:
            self._add(number, PERSON, body)

    def of(self, number, own=False):
        return [dict(comment) for comment in self.comments.get(number, []) if not own or comment["user"] == BOTS[self.kind]]

    def _add(self, number, user, body):
        comment = {"id": next(self.ids), "body": body, "user": user, "author": user, "system": False}
        comment["html_url"] = f"{self.url}/{REPOSITORY}/pull/{number}#comment-{comment['id']}"
        self.comments.setdefault(number, []).append(comment)
        return comment

    def act(self, method, path, query, headers, body):
        """The answer to a call of the API: status, value, headers."""
        rights = self._rights(headers)
        if self.fault:
            self.asked.append((method, path))
            self.fault(len(self.asked))
        path = path.removeprefix(API[self.kind])
        if (method, path) == ("GET", "/user"):
            if self.kind == "github":
                # Not counted: there is no other way to find that out.
                return 403, {"message": "Resource not accessible by integration"}, {}
            return 200, BOTS[self.kind], {}
        found = re.fullmatch(re.escape(PULLS[self.kind]) + r"(\d+)", path)
        if found and method == "GET" and int(found[1]) in self.heads:
            sha = self.heads[int(found[1])]
            return 200, {"number": int(found[1]), "iid": int(found[1]), "sha": sha, "head": {"sha": sha}}, {}
        return self._comments(method, path, query, body, rights)

    def _rights(self, headers):
        if self.kind == "github" and not headers.get("User-Agent"):
            raise Refused(403, "Request forbidden by administrative rules: it has no User-Agent header")
        if self.kind == "gitlab":
            given = headers.get("PRIVATE-TOKEN")
        else:
            scheme, _, given = headers.get("Authorization", "").partition(" ")
            given = given if scheme.lower() in ("token", "bearer") else None
        if given not in self.tokens:
            raise Refused(401, "401 Unauthorized" if self.kind == "gitlab" else "Bad credentials")
        return self.tokens[given]

    def _comments(self, method, path, query, body, rights):
        place = PULLS["gitlab"] + r"(?P<number>\d+)/notes(?:/(?P<id>\d+))?"
        if self.kind != "gitlab":
            place = rf"/repos/{re.escape(REPOSITORY)}/issues/(?:(?P<number>\d+)/comments|comments/(?P<id>\d+))"
        found = re.fullmatch(place, path)
        number = found and found["number"] and int(found["number"])
        if not found or (number and number not in self.heads):
            raise Refused(404, "Not Found")
        if method == "GET" and not found["id"]:
            return self._page(self.comments.get(number, []), path, query)
        if "comment" not in rights:
            raise Refused(403, "Resource not accessible by integration")
        if method == "POST" and not found["id"]:
            text = self._text(body)
            if self.barrier:
                with contextlib.suppress(threading.BrokenBarrierError):
                    self.barrier.wait(20)
            with self.lock:
                return 201, self._add(number, BOTS[self.kind], text), {}
        with self.lock:
            return self._change(method, found["id"], body)

    def _change(self, method, id, body):
        for comments in self.comments.values():
            for comment in comments:
                if str(comment["id"]) != id:
                    continue
                # GitHub lets some tokens edit what others wrote; nothing here may.
                if comment["user"] != BOTS[self.kind]:
                    raise Refused(403, "403 Forbidden")
                if method == "DELETE":
                    comments.remove(comment)
                    return 204, None, {}
                if method == ("PUT" if self.kind == "gitlab" else "PATCH"):
                    comment["body"] = self._text(body)
                    return 200, comment, {}
        raise Refused(404, "Not Found")

    def _text(self, body):
        text = body.get("body") if isinstance(body, dict) else None
        longest = {"github": GITHUB_LONGEST, "gitlab": GITLAB_LONGEST}.get(self.kind)
        if not isinstance(text, str) or not text:
            raise Refused(400, "body is missing") if self.kind == "gitlab" else Refused(422, "Validation Failed")
        if longest and len(text) > longest:
            raise Refused(422 if self.kind == "github" else 400, f"body is too long (maximum is {longest} characters)")
        return text

    def _page(self, comments, path, query):
        """A page; Forgejo (and Gitea) always give all."""
        if self.kind == "forgejo":
            return 200, comments, {"X-Total-Count": str(len(comments))}
        try:
            page, size = int(query.get("page", 1)), min(int(query.get("per_page", 30 if self.kind == "github" else 20)), 100)
        except ValueError:
            page = size = 0
        if page < 1 or size < 1:
            raise Refused(400, "page is invalid")
        ordered = comments if self.kind == "github" or query.get("sort") == "asc" else comments[::-1]
        rest = len(ordered) > page * size
        headers = {"Link": f'<{self.api}{path}?page={page + 1}&per_page={size}>; rel="next"'} if rest else {}
        if self.kind == "gitlab":
            headers["X-Next-Page"] = str(page + 1) if rest else ""
        return 200, ordered[(page - 1) * size : page * size], headers


def limited(count):
    """The first two requests come too early."""
    if count <= 2:
        raise Refused(429, "API rate limit exceeded", {"Retry-After": "1", "X-RateLimit-Remaining": "0"})


def forbidden(_):
    raise Refused(403, "Resource not accessible by integration")


def page_of_html(_):
    raise Refused(200, "<!DOCTYPE html><html><body>Please sign in</body></html>", {"Content-Type": "text/html"})


def _handler(forge):
    class Handler(loopback.Handler):
        def _act(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/api/"):
                return self.answer(*self._api(body))
            return self.answer(*_git(forge, self, body))

        def _api(self, body):
            url = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            try:
                status, value, headers = forge.act(self.command, url.path, query, self.headers, self._parsed(body))
                return status, {"Content-Type": "application/json", **headers}, b"" if value is None else json.dumps(value).encode()
            except Refused as refusal:
                forge.refused.append((refusal.status, self.command, self.path, str(refusal)))
                text = str(refusal) if "Content-Type" in refusal.headers else json.dumps({"message": str(refusal)})
                return refusal.status, {"Content-Type": "application/json", **refusal.headers}, text.encode()

        def _parsed(self, body):
            if not body:
                return {}
            if forge.kind == "gitlab" and "json" not in self.headers.get("Content-Type", ""):
                return dict(parse_qsl(body.decode()))
            try:
                return json.loads(body)
            except ValueError:
                raise Refused(400, "Problems parsing JSON") from None

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _act

    return Handler


def _git(forge, request, body):
    """Serves the bare repository, like a forge serves a private one, under any path."""
    given = base64.b64decode(request.headers.get("Authorization", "").partition(" ")[2]).decode()
    user, _, password = given.partition(":")
    pushes = "git-receive-pack" in request.path
    if not user or ("push" if pushes else "read") not in forge.tokens.get(password, ()):
        # git first asks without a token.
        if given:
            forge.refused.append((403, request.command, request.path, given))
        return 401, {"WWW-Authenticate": 'Basic realm="git"'}, b""
    url = urlsplit(request.path)
    env = rig.clean_environment(
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_SYSTEM=os.devnull,
        GIT_PROJECT_ROOT=str(forge.origin),
        GIT_HTTP_EXPORT_ALL="1",
        PATH_INFO=re.sub(r"^/[^/]+/[^/]+?(\.git)?/", "/", url.path),
        QUERY_STRING=url.query,
        REQUEST_METHOD=request.command,
        REMOTE_USER=user,
        CONTENT_TYPE=request.headers.get("Content-Type", ""),
        CONTENT_LENGTH=str(len(body)),
        HTTP_CONTENT_ENCODING=request.headers.get("Content-Encoding", ""),
        GIT_PROTOCOL=request.headers.get("Git-Protocol", ""),
    )
    done = subprocess.run(["git", "http-backend"], env=env, input=body, capture_output=True, timeout=60)
    head, _, rest = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
    return int(headers.pop("Status", "200")[:3]), headers, rest
