"""A scratch agency: its repository with a bare `origin`, its portal, and the portal's two tokens."""

import contextlib
import datetime
import http.client
import shutil
from pathlib import Path

import loopback
import rig

MAILBOX = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"
DOMAIN = "agensi.example"

# The portal after the example's requests were carried out, with some mailboxes that no request names.
ROSTER = f"""\
mailbox,name,account,state,request,changed_at,recoverable_until,hold
ketua.pengarah@{DOMAIN},Ketua Pengarah,active,enabled,BMT-2026-0001,2026-01-06T02:00:00Z,,false
siti.aminah@{DOMAIN},Siti Aminah,active,enabled,BMT-2026-0001,2026-01-06T02:00:00Z,,false
mohd.faizal@{DOMAIN},Mohd Faizal,active,terminated,BMT-2026-0002,2026-03-02T02:00:00Z,2026-04-01T02:00:00Z,false
priya.nair@{DOMAIN},Priya Nair,active,disabled,,,,false
lim.weiloon@{DOMAIN},Lim Wei Loon,active,disabled,,,,false
rosli@{DOMAIN},Rosli,active,disabled,,,,false
"""

IDENTITY = {
    "GIT_AUTHOR_NAME": "Noraini Kassim",
    "GIT_AUTHOR_EMAIL": f"noraini.kassim@{DOMAIN}",
    "GIT_COMMITTER_NAME": "Noraini Kassim",
    "GIT_COMMITTER_EMAIL": f"noraini.kassim@{DOMAIN}",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}


def _ago(days):
    """A day in the agency's time zone. (A pull request brings only approvals of the last month.)"""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return str((datetime.datetime.now(zone) - datetime.timedelta(days=days)).date())


def request(number, action, names, approved=True, days_ago=7, agency="BMT", domain=DOMAIN, by="wong.siewfong"):
    """The text of a request for the mailboxes of these names, approved so long ago."""
    lines = ["version: 1", f"id: {agency}-2026-{number:04}", f"action: {action}", "mailboxes:"]
    lines += [f"  - {name}@{domain}" for name in names]
    lines += ["received:", f"  date: {_ago(8)}", "  channel: memo", f"  reference: CONTOH.600-1/2/3 ({number})"]
    if approved:
        lines += ["approvals:", f"  - by: {by}@{domain}", f"    date: {_ago(days_ago)}"]
    return "\n".join(lines) + "\n"


class Repository:
    """A person's clone of the agency's repository, and the `origin` that it pushes to."""

    def __init__(self, folder, agency, release=None):
        self.origin, self.clone = folder / "origin.git", folder / "clone"
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", self.origin, cwd=folder)
        self.git("clone", "--quiet", self.origin, self.clone, cwd=folder)
        shutil.copytree(agency, self.clone, dirs_exist_ok=True)
        if release:
            release.pin(self.clone)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=Begin")
        self.git("push", "--quiet", "origin", "HEAD:main")
        self.git("fetch", "--quiet", "origin")
        self._tagged_by_a_stranger()

    def _tagged_by_a_stranger(self):
        """Tags that git prefers to the branches of the origin, on an empty commit: a job that names `origin/main` finds nothing there."""
        tree = self.git("hash-object", "-w", "-t", "tree", "/dev/null", cwd=self.origin)
        commit = self.git("commit-tree", "-m", "Strange", tree, cwd=self.origin)
        for branch in ("main", "records", "export"):
            self.git("update-ref", f"refs/tags/origin/{branch}", commit, cwd=self.origin)

    def git(self, *arguments, cwd=None):
        done = rig.run(["git", *arguments], rig.clean_environment(**IDENTITY), cwd or self.clone)
        if done.returncode:
            raise RuntimeError(f"git {arguments} gave {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def head(self, branch="main"):
        return self.git("rev-parse", f"refs/heads/{branch}", cwd=self.origin)

    def push(self, branch, message="A request", **files):
        """Commits files (`number=text`) on a branch, which is created from main if it is new; returns its commit."""
        known = self.git("branch", "--list", branch)
        self.git("checkout", "--quiet", *([branch] if known else ["-b", branch, "origin/main"]))
        for number, text in files.items():
            (self.clone / "requests" / "2026" / f"BMT-2026-{number[1:]}.yaml").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}")
        self.git("push", "--quiet", "origin", branch)
        return self.head(branch)

    def write(self, branch, path, text):
        """Commits one file on a branch, like `push`."""
        known = self.git("branch", "--list", branch)
        self.git("checkout", "--quiet", *([branch] if known else ["-b", branch, "origin/main"]))
        (self.clone / path).write_text(text)
        return self.push(branch)

    def merged(self, branch):
        """The merge commit that a forge would make, on no branch."""
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "--detach", "origin/main")
        self.git("merge", "--quiet", "--no-ff", f"--message=Merge {branch}", f"origin/{branch}")
        return self.git("rev-parse", "HEAD")

    def merge(self, branch):
        """Merges the branch; returns main's new commit."""
        commit = self.merged(branch)
        self.git("push", "--quiet", "origin", f"{commit}:main")
        self.git("fetch", "--quiet", "origin")
        return commit


def kept(folder):
    """The files in a folder of records, without hidden ones and records of notices, whose number may vary."""

    def is_counted(path):
        return path.suffix != ".jsonl" or '"notifying":' not in path.read_text().partition("\n")[0]

    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and is_counted(path))


class Records:
    """The branch of an agency's records at its origin, as an auditor reads it."""

    def __init__(self, repository, arkib, branch="records", requests="requests"):
        self.repository, self.arkib, self.branch, self.requests = repository, arkib, branch, requests
        self.folder = repository.clone.parent / f"auditor-{branch}"

    def read(self):
        """A fresh copy of the branch; the files in it that are counted."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.repository.git("branch", "--list", self.branch, cwd=self.repository.origin):
            return []
        self.repository.git("clone", "--quiet", f"--branch={self.branch}", self.repository.origin, self.folder)
        return [path.name for path in kept(self.folder)]

    def verify(self):
        """The status of `arkib records verify` over a fresh copy."""
        self.read()
        requests = self.repository.clone / self.requests
        command = [self.arkib, "records", "verify", "--requests", requests, "--records", self.folder]
        return rig.run(command, rig.clean_environment()).returncode

    def push(self, message, files):
        """Commits files to the branch, as someone other than the job."""
        self.read()
        for name, text in files.items():
            (self.folder / name).write_text(text)
        self.repository.git("add", "--all", cwd=self.folder)
        self.repository.git("commit", "--quiet", f"--message={message}", cwd=self.folder)
        self.repository.git("push", "--quiet", "origin", self.branch, cwd=self.folder)

    @contextlib.contextmanager
    def closed(self):
        """A context in which the origin refuses pushes."""
        hook = self.repository.origin / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
        try:
            yield
        finally:
            hook.unlink()


class Portal:
    """The development portal behind a proxy that has one token for reading and one for writing."""

    READ, WRITE = "token-that-reads", "token-that-writes"

    def __init__(self, url, token):
        self.behind, self.token = url, token
        self.writes = []
        self.refused = []
        self.url = None
        # Mailboxes whose changes the portal refuses, and an action before the next change.
        self.refuses, self.refuses_all = [], False
        self.meanwhile = None

    def users(self):
        return rig.list_users(self.behind, self.token)

    def state(self, name, domain=DOMAIN):
        found = self.users()[f"{name}@{domain}"].get(MAILBOX, {})
        return found.get("state"), found.get("request")

    def change(self, name, state, domain=DOMAIN):
        """A manual change in the portal, without arkib."""
        place = f"{self.behind}/Users/{self.users()[f'{name}@{domain}']['id']}"
        operation = {"op": "replace", "path": f"{MAILBOX}:state", "value": state}
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
        status, answer, _ = rig.http("PATCH", place, self.token, body)
        if status not in (200, 204):
            raise RuntimeError(f"changing {name} by hand gave {status}: {answer}")

    def remove(self, name, domain=DOMAIN):
        """An account that goes, without arkib."""
        status, _, _ = rig.http("DELETE", f"{self.behind}/Users/{self.users()[f'{name}@{domain}']['id']}", self.token)
        if status != 204:
            raise RuntimeError(f"removing {name} gave {status}")

    def takes(self, path, body):
        if self.refuses_all:
            return False
        ids = [self.users()[f"{name}@{DOMAIN}"]["id"] for name in self.refuses]
        return not any(id in path or id.encode() in body for id in ids)

    def environment(self, token):
        return {"ARKIB_PORTAL_URL": self.url, "ARKIB_PORTAL_TOKEN": token}


def _auth_proxy(portal):
    host = portal.behind.removeprefix("http://").split("/")[0]

    class Gate(loopback.Handler):
        def _pass(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            reads = self.command == "GET" or self.path.endswith("/.search")
            if token != portal.WRITE and not (token == portal.READ and reads):
                portal.refused.append((token, self.command, self.path))
                return self.answer(403 if token == portal.READ else 401, {}, b"{}")
            if not reads:
                portal.writes.append((self.command, self.path))
                meanwhile, portal.meanwhile = portal.meanwhile, None
                if meanwhile:
                    meanwhile()
                if not portal.takes(self.path, body):
                    return self.answer(400, {}, b"{}")
            passed = ("Accept", "Content-Type", "If-Match", "If-None-Match")
            headers = {name: self.headers[name] for name in passed if name in self.headers}
            connection = http.client.HTTPConnection(host, timeout=60)
            try:
                connection.request(self.command, self.path, body or None, headers | {"Authorization": f"Bearer {portal.token}"})
                answer = connection.getresponse()
                kept = {name: value for name, value in answer.getheaders() if name.lower() in ("content-type", "etag", "location")}
                self.answer(answer.status, kept, answer.read())
            finally:
                connection.close()

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _pass

    return Gate


@contextlib.contextmanager
def portal(arkib, folder, roster=ROSTER):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "roster.csv").write_text(roster)
    address, token = folder / "portal.url", folder / "portal.token"
    command = [
        arkib, "portal", "--listen", "127.0.0.1:0", "--roster", folder / "roster.csv",
        "--token-file", token, "--url-file", address, "--stop-after", str(rig.SERVER_LIFETIME_S),
    ]
    with rig.Server(command, folder / "portal.log", rig.clean_environment()) as server:
        server.wait_until(lambda: address.exists() and rig.answers(address.read_text().strip(), token.read_text().strip()))
        found = Portal(address.read_text().strip(), token.read_text().strip())
        with loopback.serve(_auth_proxy(found)) as gate:
            found.url = gate + "/" + found.behind.split("/", 3)[3]
            yield found


def machine_path():
    """The folders of the machine's commands; an arkib there must not replace the one under test."""
    needed = {Path(shutil.which(tool)).parent for tool in ("git", "bash", "curl", "cat")}
    return sorted(needed | {Path("/usr/bin"), Path("/bin")})
