"""A small agency in a git repository, and a portal of either kind, in which runs are killed."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import rig

DOMAIN = "agensi.example"
APPROVER = f"noraini.kassim@{DOMAIN}"
# The words of the file that people upload.
ACTIONS = {"Aktifkan Arkib": "enabled", "Tamatkan Arkib": "terminated"}

POLICY = """\
version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [{domain}]
approvers: [{approver}]
portal: {portal}
language: en
recoverable_days: 30
limits: {{ terminations: 500, terminations_percent: 100, changes: 500 }}
"""

REQUEST = """\
version: 1
id: {id}
action: {action}
mailboxes:
{mailboxes}
received:
  date: 2026-01-05
  channel: memo
  reference: CONTOH.600-1/2/3 (1)
approvals:
  - by: {approver}
    date: 2026-01-06
"""


class Kind:
    """A kind of portal, how it is used, and what happened before the run that is killed."""

    def __init__(self, name, portal, server=(), arguments=(), before=None):
        self.name, self.portal = name, portal
        # Options of `arkib portal` and of `arkib reconcile`.
        self.server, self.arguments = server, arguments
        # "killed": another run was killed; "handed over": people did what they were given; "not done": they did not, and
        # what they were given is handed over again; "withdrawn": they did not, and half of it is no longer wanted.
        self.before = before
        self.is_files = portal == "files"


ALONE = Kind("scim", "scim", server=("--no-bulk",), arguments=("--concurrency", "2"))
# One request at a time, so that there are changes to put together.
BULK = Kind("bulk", "scim", arguments=("--concurrency", "1"))
AGAIN = Kind("again", "scim", server=("--no-bulk",), arguments=("--concurrency", "2"), before="killed")
FILES = Kind("files", "files")
BACK = Kind("back", "files", before="handed over")
GIVEN_UP = Kind("given up", "files", arguments=("--hand-over-again",), before="not done")
RECALL = Kind("recall", "files", before="withdrawn")


def mailboxes(letter, count):
    return [f"{letter}{number:02}@{DOMAIN}" for number in range(1, count + 1)]


def template(folder, kind, each):
    """An agency with a request to enable so many mailboxes, and one to terminate as many. One more mailbox of each kind
    is nobody's business. Gives the approved changes as (mailbox, state, request)."""
    requests = folder / "requests" / "2026"
    requests.mkdir(parents=True)
    (folder / "requests" / "agency.yaml").write_text(POLICY.format(domain=DOMAIN, approver=APPROVER, portal=kind.portal))
    approved = []
    for number, (action, letter, state) in enumerate((("enable", "a", "enabled"), ("terminate", "b", "terminated")), 1):
        name = f"BMT-2026-{number:04}"
        listed = "\n".join(f"  - {mailbox}" for mailbox in mailboxes(letter, each))
        text = REQUEST.format(id=name, action=action, mailboxes=listed, approver=APPROVER)
        (requests / f"{name}.yaml").write_text(text)
        approved += [(mailbox, state, name) for mailbox in mailboxes(letter, each)]
    (folder / ".gitignore").write_text(".arkib/\n/export*.csv\n")
    roster = "mailbox,name,account,state,request,changed_at,recoverable_until,hold\n"
    for letter, state in (("a", "disabled"), ("b", "enabled")):
        at = "2026-01-02T02:00:00Z" if state == "enabled" else ""
        roster += "".join(f"{mailbox},{mailbox[:3]},active,{state},,{at},,false\n" for mailbox in mailboxes(letter, each + 1))
    (folder / "portal.csv").write_text(roster)
    for arguments in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], ["commit", "--quiet", "--message=Begin"]):
        git(folder, *arguments)
    if kind.is_files:
        export(folder / "export.csv", each, ())
    return approved


WITHDRAWAL = REQUEST.replace("mailboxes:\n{mailboxes}", "withdraws: {mailboxes}").replace("2026-01-06", "2026-01-07")


def file_request(folder, name, action, about):
    """Adds a request, about mailboxes or another request."""
    template = WITHDRAWAL if action == "withdraw" else REQUEST
    path = folder / "requests" / "2026" / f"{name}.yaml"
    path.write_text(template.format(id=name, action=action, mailboxes=about, approver=APPROVER))
    git(folder, "add", str(path))
    git(folder, "commit", "--quiet", f"--message={name}")


def export(path, each, done):
    """What the portal of people shows when these mailboxes are done."""
    rows = ["Alamat E-mel;Arkib;Status"]
    for letter, before in (("a", "Tidak"), ("b", "Ya")):
        after = "Ya" if before == "Tidak" else "Tidak"
        rows += [f"{mailbox};{after if mailbox in done else before};Aktif" for mailbox in mailboxes(letter, each + 1)]
    path.write_text("\n".join(rows) + "\n")


def git(folder, *arguments):
    who = rig.git_identity("Kerani", f"kerani@{DOMAIN}")
    env = rig.clean_environment(GIT_CONFIG_GLOBAL=str(folder / "no-git-config"), GIT_CONFIG_NOSYSTEM="1", **who)
    done = rig.run(["git", *arguments], env, folder)
    if done.returncode:
        raise RuntimeError(f"git {arguments} gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Portal:
    """The development portal as a process of its own. What its audit trail says is so."""

    def __init__(self, arkib, folder, roster, options):
        self.folder = folder / "portal"
        self.folder.mkdir()
        url, token = self.folder / "url", self.folder / "token"
        command = [
            arkib, "portal", "--listen", "127.0.0.1:0", "--roster", roster, "--token-file", token, "--url-file", url,
            "--stop-after", str(rig.SERVER_LIFETIME_S), *options,
        ]
        # Its temporary files are its own.
        self.server = rig.Server(command, self.folder / "log", rig.clean_environment(TMPDIR=str(self.folder)))
        self.url_file, self.token_file = url, token

    def __enter__(self):
        self.server.__enter__()
        self.server.wait_until(lambda: self.url_file.exists() and self.url_file.read_text().startswith("http"))
        self.url, self.token = self.url_file.read_text().strip(), self.token_file.read_text().strip()
        return self

    def __exit__(self, *error):
        return self.server.__exit__(*error)

    def trail(self):
        """The changes that were made, oldest first: mailbox, state, request, when, the portal's key."""
        _, body, _ = rig.http("GET", self.url.replace("/scim/v2", "/audit"), self.token)
        entries = [entry for entry in body["entries"] if entry["actor"] == "client" and entry["from_state"] != entry["to_state"]]
        return [(entry["mailbox"], entry["to_state"], entry["request"], entry["at"], entry["user_id"]) for entry in entries]


class Run:
    """A run of arkib that ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        try:
            self.json = rig.of_agency(out)
        except ValueError:
            self.json = {}

    @property
    def was_killed(self):
        return self.status == -signal.SIGKILL

    def __str__(self):
        ended = self.json.get("exit") or {}
        said = f"{ended.get('reason', '')} {ended.get('help') or ''}".strip() or self.err.strip() or self.out[-300:]
        return f"status {self.status}: {said}"


class Checkout:
    """A work tree in which arkib runs, with a temporary folder of its own."""

    def __init__(self, arkib, folder, temp, kind, **env):
        self.arkib, self.folder, self.temp, self.kind = arkib, folder, temp, kind
        self.records = folder / "requests" / "records"
        temp.mkdir(exist_ok=True)
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(temp.parent), "TMPDIR": str(temp), "NO_COLOR": "1", "ARKIB_LANGUAGE": "en",
            "GIT_CONFIG_GLOBAL": str(temp.parent / "no-git-config"), "GIT_CONFIG_NOSYSTEM": "1", **env,
        }

    def reconcile(self, *arguments):
        return ["reconcile", "--yes", "--format", "json", *self.kind.arguments, *arguments]

    def start(self, arguments, before=(), **env):
        return subprocess.Popen(
            [*before, self.arkib, *arguments], cwd=self.folder, env={**self.env, **env},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def run(self, arguments, **env):
        return finish(self.start(arguments, **env))

    def json(self, *arguments):
        return self.run([*arguments, "--format", "json"])

    def lines(self):
        """The whole lines of all records: (name of the record, line)."""
        found = []
        for path in sorted(self.records.glob("*.jsonl")) if self.records.is_dir() else []:
            for text in path.read_bytes().split(b"\n")[:-1]:
                try:
                    found.append((path.name, json.loads(text)))
                except ValueError:
                    # Verified elsewhere.
                    continue
        return found


def finish(process, longest=rig.COMMAND_TIMEOUT_S):
    try:
        out, err = process.communicate(timeout=longest)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        return Run(-999, "", f"it did not end within {longest} s\n{err.decode(errors='replace')}")
    return Run(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


class HandOver:
    """A folder that was handed over, as the person finds it who is to upload its file."""

    def __init__(self, folder):
        self.folder, self.name = folder, folder.name
        self.csv = folder / f"{folder.name}.csv"
        bytes_ = self.csv.read_bytes() if self.csv.exists() else b""
        self.sha256 = hashlib.sha256(bytes_).hexdigest()
        text = bytes_.decode("utf-8-sig", errors="replace")
        rows = list(csv.reader(io.StringIO(text)))
        self.rows = [(row[0], ACTIONS[row[1]], row[2]) for row in rows[1:] if len(row) == 3 and row[1] in ACTIONS]
        page = folder / f"{folder.name}.html"
        self.page = page.read_text(errors="replace") if page.exists() else ""
        sections = {name: re.search(f'class="{name}".*?</section>', self.page, re.DOTALL) for name in ("void", "previous")}
        # What the page says of other files: not to be uploaded any more, and to be uploaded first.
        self.void, self.first = (found.group() if found else "" for found in sections.values())
        self.is_whole = (
            bool(self.rows) and len(self.rows) == len(rows) - 1 and text.endswith("\r\n")
            and self.page.rstrip().endswith("</html>") and is_workbook(folder / f"{folder.name}.xlsx")
        )

    def is_named_in(self, lines):
        """Whether a record names the file with its SHA-256, or sixteen digits of it."""
        text = "\n".join(json.dumps(line) for _, line in lines)
        places = [found.start() for found in re.finditer(re.escape(self.csv.name), text)]
        # Wherever near the name the record has it.
        return any(self.sha256[:16] in text[place : place + 300] for place in places)


def is_workbook(path):
    try:
        return zipfile.ZipFile(path).testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def handed_over(folder):
    """What lies where a person takes it, oldest first. Names that begin with a point are nobody's."""
    place = folder / ".arkib" / "hand-over"
    entries = sorted(place.iterdir()) if place.is_dir() else []
    return [HandOver(entry) for entry in entries if entry.is_dir() and not entry.name.startswith(".")]


def copy(source, target):
    # With the times: the export's is its age.
    shutil.copytree(source, target, symlinks=True)
    return Path(target)


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
