"""A repository with an agency on `main`, and a random branch `pr` that wants to do harm."""

import datetime
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import rig

DOMAIN = "agensi.example"
APPROVER = f"noraini.kassim@{DOMAIN}"
TOKEN = "token-kanari-9f3c1a"
CANARY = "isi-fail-kanari-77d0"
# What is recorded of system calls; those that are not do not stop a program.
STRACE = ("strace", "--seccomp-bpf", "-f", "-qq", "-A", "-e", "trace=execve,open,openat,openat2,creat", "-o")
CALL = re.compile(r'(?P<name>\w+)\((?:AT_FDCWD, )?"(?P<path>[^"]*)".* = (?P<end>\S+)')
# Where systems keep programs, libraries and settings.
SYSTEM = ("/usr/", "/lib", "/etc/", "/proc/", "/sys/", "/dev/", "/bin/", "/opt/")
# What no command may print.
SECRETS = (TOKEN, CANARY)

POLICY = """\
version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [{domain}]
approvers: [{approver}]
portal: embedded
language: en
limits: {{ terminations: 5000, terminations_percent: 100, changes: 90000 }}
protected: [{protected}]
"""

REQUEST = """\
version: 1
id: {id}
action: {action}
{what}
received:
  date: {received}
  channel: memo
  reference: CONTOH.600-1/2/3 (1)
"""

APPROVAL = """\
approval:
  by: {approver}
  date: {day}
"""

# Where a program could be named in a configuration of git.
PROGRAM_SETTINGS = """\
[core]
	repositoryformatversion = 0
	bare = {bare}
	worktree = {worktree}
	fsmonitor = {canary}
	hooksPath = {hooks}
	pager = {canary}
	editor = {canary}
	sshCommand = {canary}
	gitProxy = {canary}
	askPass = {canary}
	alternateRefsCommand = {canary}
	attributesFile = {attributes}
[diff]
	external = {canary}
[gpg]
	program = {canary}
[gpg "ssh"]
	program = {canary}
	defaultKeyCommand = {canary}
[log]
	showSignature = true
[credential]
	helper = "!{canary}"
[remote "origin"]
	url = ext::{canary}
	uploadpack = {canary}
	promisor = true
	vcs = ext
[protocol]
	allow = always
[extensions]
	partialClone = origin
"""

# Drivers that a user's own configuration may have, as Git LFS has; attributes of a branch choose them.
DRIVERS = """\
[filter "canary"]
	clean = {canary}
	smudge = {canary}
	process = {canary}
	required = true
[diff "canary"]
	textconv = {canary}
	command = {canary}
[merge "canary"]
	driver = {canary}
"""

ATTRIBUTES = (
    "*.yaml filter=canary", "*.yaml diff=canary", "* merge=canary", "*.yaml working-tree-encoding=UTF-16LE",
    "*.yaml text eol=crlf", "*.yaml ident", "*.yaml export-subst", "*.yaml binary", "*.yaml export-ignore", "[attr]x filter=canary\n*.yaml x",
)

# Where an agency's day begins.
MALAYSIA = datetime.timezone(datetime.timedelta(hours=8))
# The day from which a request counts.
EFFECTIVE = re.compile(rb"^effective: (\d{4}-\d\d-\d\d)", re.MULTILINE)


class World:
    # What a branch can do; each is a method.
    EDITS = (
        "file_request", "file_many", "withdraw", "approve", "edit", "delete", "move", "change_policy", "add_template", "add_attributes",
        "add_git_folder", "add_link", "add_submodule", "add_record", "add_hidden", "add_odd_name",
    )

    def __init__(self, arkib, folder, random):
        self.arkib, self.folder, self.random = arkib, folder, random
        # The files as they are committed, and the clone in which CI reads them.
        self.repository = folder / "repo"
        self.clone = folder / "clone"
        self.requests = self.repository / "requests"
        self.today = datetime.datetime.now(MALAYSIA).date()
        # On these days the plan may be another than on the day before; and one when all is over.
        self.days = {self.today, self.today + datetime.timedelta(days=365)}
        self.pool = [f"m{number}@{DOMAIN}" for number in range(1, 15)]
        self.edits, self.modules = [], []
        self.number = 0
        self.canary = folder / "canary.sh"
        self.ran = folder / "ran"
        self.trace = folder / "trace"
        self.is_traced = False
        # What is to be imported into the clone.
        self.commits = b""

    def build(self, blank):
        """`blank` is what the git directory of a clone has before the first commit (see `blank_clone`)."""
        self.canary.write_text(f"#!/bin/sh\necho \"$0 $*\" >> {self.ran}\nenv >> {self.ran}\ncat\nexit 1\n")
        self.canary.chmod(0o755)
        (self.folder / "secret").write_text(f"{CANARY}\n")
        (self.folder / "home").mkdir()
        (self.folder / "home" / ".gitconfig").write_text(DRIVERS.format(canary=self.canary))
        self.requests.mkdir(parents=True)
        shutil.copytree(blank, self.clone / ".git")
        policy = POLICY.format(domain=DOMAIN, approver=APPROVER, protected=self.pool[-1])
        (self.requests / "agency.yaml").write_text(policy)
        # One mailbox at least that no request of main names.
        for _ in range(self.random.randint(1, 6)):
            self.write_request(old=True)
        states = ("enabled", "enabled", "disabled", "terminated")
        rows = "".join(f"{mailbox},{self.random.choice(states)}\n" for mailbox in self.pool[:-2])
        (self.folder / "portal.csv").write_text(f"mailbox,state\n{rows}{self.pool[-1]},enabled\n")
        self.commit("main")
        for edit in self.random.choices(self.EDITS, self.weights(), k=self.random.choice((1, 1, 2, 3, 5))):
            getattr(self, edit)()
            self.edits.append(edit)
        self.commit("pr")
        self.import_commits()

    def weights(self):
        return [6, 2, 3, 3, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1]

    # What a branch does

    def file_request(self):
        self.write_request()

    def file_many(self):
        """Many harmless ones beside one that is not."""
        many = [f"{'a' * 40}.{number}@{DOMAIN}" for number in range(self.random.choice((30, 300, 1500)))]
        day = self.random_day()
        self.write_request("enable", many, day)
        if self.random.random() < 0.7:
            self.write_request("terminate", self.random.sample(self.pool, 2), self.random.choice((day, self.random_day())))

    def withdraw(self):
        requests = [path.stem for path in self.request_files()]
        if requests:
            self.write_request("withdraw", self.random.choice(requests), self.random_day())

    def approve(self):
        for path in self.request_files():
            text = path.read_text()
            if "approval:" not in text:
                path.write_text(text + APPROVAL.format(approver=APPROVER, day=self.today))
                return

    def edit(self):
        if files := self.request_files():
            path = self.random.choice(files)
            text = path.read_text()
            old, new = self.random.choice((("enable", "terminate"), ("terminate", "enable"), ("m1@", "m2@"), ("memo", "letter"), ("version: 1", "version: 1 # x")))
            path.write_text(text.replace(old, new, 1))

    def delete(self):
        if files := self.request_files():
            self.random.choice(files).unlink()

    def move(self):
        if files := self.request_files():
            path, folder = self.random.choice(files), self.requests / "sub"
            if not folder.is_symlink():
                folder.mkdir(exist_ok=True)
                path.rename(folder / path.name)

    def change_policy(self):
        path = self.requests / "agency.yaml"
        if not path.is_file() or path.is_symlink():
            return
        old, new = self.random.choice((
            (f"protected: [{self.pool[-1]}]", "protected: []"), ("terminations: 5000", "terminations: 1"), ("language: en", "language: ms"),
            (APPROVER, f"lain@{DOMAIN}"), ("portal: embedded", "portal: files"), ("version: 1", "version: 1\nprovenance: signed"),
        ))
        path.write_text(path.read_text().replace(old, new, 1))

    def add_template(self):
        folder = self.requests / "templates"
        folder.mkdir(exist_ok=True)
        text = self.random.choice(("{% for a in range(9999999) %}x{% endfor %}", "{{ '" + str(self.folder / "secret") + "'|include }}", f"{{% include '{self.folder}/secret' %}}", "{% if a %}" * 5000))
        (folder / self.random.choice(("letter.html", "memo.html", "x.txt"))).write_text(text)

    def add_attributes(self):
        path = self.random.choice((self.repository, self.requests)) / ".gitattributes"
        lines = "\n".join(self.random.sample(ATTRIBUTES, 2)) + "\n"
        write_anew(path, lines)

    def add_git_folder(self):
        """What git takes for a repository, in place of or below the requests folder."""
        place = self.random.choice((self.requests, self.requests / "sub", self.requests / "x.git", self.repository / "inner.git"))
        bare = self.folder / "bare.git"
        if place.is_symlink():
            return
        if not bare.exists():
            self.import_commits()
            self.git("clone", "--quiet", "--bare", str(self.clone), str(bare))
            for unused in ("hooks", "logs", "branches", "info", "description"):
                shutil.rmtree(bare / unused, ignore_errors=True)
        shutil.copytree(bare, place, dirs_exist_ok=True)
        (place / "refs").mkdir(exist_ok=True)
        (place / "refs" / ".keep").touch()
        hooks = place / "hooks"
        hooks.mkdir(exist_ok=True)
        for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout", "pre-commit"):
            shutil.copy(self.canary, hooks / name)
        (place / "config").write_text(PROGRAM_SETTINGS.format(
            canary=self.canary, bare=self.random.choice(("true", "false")), worktree=self.random.choice(("/", "..", str(self.clone))),
            hooks=hooks, attributes=self.folder / "attributes",
        ) + DRIVERS.format(canary=self.canary))

    def add_link(self):
        name = self.random.choice(("R-9.yaml", "sub", "agency.yaml", ".gitattributes", "records"))
        path = self.requests / name
        if path.is_symlink() or path.is_file():
            path.unlink()
        if not path.exists():
            path.symlink_to(self.random.choice((self.folder / "secret", self.folder, "../..", "agency.yaml")))

    def add_submodule(self):
        name = self.random.choice(("sub2", "R-8.yaml", "records2"))
        self.modules.append(f"requests/{name}")
        url = self.random.choice((f"ext::{self.canary}", f"{self.folder}/bare.git"))
        (self.repository / ".gitmodules").write_text(f'[submodule "x"]\n\tpath = requests/{name}\n\turl = {url}\n\tupdate = !{self.canary}\n')

    def add_record(self):
        folder = self.requests / "records"
        if folder.is_symlink():
            return
        folder.mkdir(exist_ok=True)
        (folder / "20260101T000000000Z-aaaaaaaa-1.jsonl").write_text(json.dumps({"event": {"outcome": {"mailbox": self.pool[0]}}}) + "\n")

    def add_hidden(self):
        name = self.random.choice((".R-1.yaml", ".hidden/R-5.yaml", ".arkib/portal.db", ".gitconfig", ".githooks/pre-commit", ".mailmap", ".lfsconfig"))
        path = self.requests / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(REQUEST.format(id="R-5", action="terminate", what=f"mailboxes:\n  - {self.pool[0]}", received=self.today))

    def add_odd_name(self):
        name = self.random.choice(("CON.yaml", "R-1 .yaml", "r-1.yaml", "R\u200b-1.yaml", "a\nb.yaml", "R-\u202e1.yaml", "R-1.YAML", "-x.yaml", "R-1.yaml;rm"))
        (self.requests / name).write_text(REQUEST.format(id="R-77", action="terminate", what=f"mailboxes:\n  - {self.pool[0]}", received=self.today))

    # Requests

    def request_files(self):
        return sorted(path for path in self.requests.glob("R-*.yaml") if path.is_file() and not path.is_symlink())

    def random_day(self):
        """A day from which a request counts; none half the time."""
        if self.random.random() < 0.5:
            return None
        return self.today + datetime.timedelta(days=self.random.randint(0, 300))

    def write_request(self, action=None, mailboxes=None, effective=None, old=False):
        self.number += 1
        action = action or self.random.choice(("enable", "terminate"))
        mailboxes = mailboxes or self.random.sample(self.pool, self.random.randint(1, 3))
        if effective is None:
            effective = self.random_day()
        age = self.random.randint(60, 200) if old else self.random.randint(0, 25)
        day = self.today - datetime.timedelta(days=age)
        name = f"R-{self.number}"
        what = f"withdraws: {mailboxes}" if action == "withdraw" else "mailboxes:\n" + "\n".join(f"  - {mailbox}" for mailbox in mailboxes)
        text = REQUEST.format(id=name, action=action, what=what, received=day)
        if self.random.random() < 0.85:
            text += APPROVAL.format(approver=APPROVER, day=day)
        if effective:
            text += f"effective: {effective}\n"
        write_anew(self.requests / f"{name}.yaml", text)

    # Commands

    def environment(self, **more):
        who = rig.git_identity("Kerani", f"kerani@{DOMAIN}")
        return rig.clean_environment(HOME=str(self.folder / "home"), GIT_CONFIG_NOSYSTEM="1", **who, **more)

    def run(self, *command, **more):
        return rig.run(list(command), self.environment(**more), self.clone)

    def git(self, *arguments):
        """git as whoever prepares the branch has it: without the drivers of the user who reads it."""
        done = self.run("git", *arguments, GIT_CONFIG_GLOBAL="/dev/null")
        if done.returncode:
            raise RuntimeError(f"git {arguments} gave {done.returncode}:\n{done.stdout}{done.stderr}")

    def commit(self, branch):
        """Commits the files as they are on disk, whatever attributes and repositories among them say."""
        head = f"commit refs/remotes/origin/{branch}\ncommitter Kerani <kerani@{DOMAIN}> {int(time.time())} +0000\ndata 1\nx\n"
        parent = "" if branch == "main" else "from refs/remotes/origin/main\n"
        self.commits += f"{head}{parent}deleteall\n".encode()
        for root, folders, files in os.walk(self.repository):
            links = [name for name in folders if os.path.islink(os.path.join(root, name))]
            for path in (os.path.join(root, name) for name in files + links):
                if os.path.islink(path):
                    content, mode = os.readlink(path).encode(), "120000"
                else:
                    content, mode = Path(path).read_bytes(), "100755" if os.access(path, os.X_OK) else "100644"
                way = quoted(os.path.relpath(path, self.repository))
                self.commits += f"M {mode} inline {way}\ndata {len(content)}\n".encode() + content + b"\n"
                self.days |= {datetime.date.fromisoformat(day.decode()) for day in EFFECTIVE.findall(content)}
        for way in self.modules:
            self.commits += f"M 160000 {'1' * 40} {quoted(way)}\n".encode()
        # A clone has the branch that is checked out first under its own name, too.
        local = "reset refs/heads/main\nfrom refs/remotes/origin/main\n" if branch == "main" else ""
        self.commits += f"\n{local}".encode()

    def import_commits(self):
        if self.commits:
            import_into(self.clone, self.commits, self.environment(GIT_CONFIG_GLOBAL="/dev/null"))
            self.commits = b""

    def arkib_run(self, *arguments):
        before = (*STRACE, str(self.trace)) if self.is_traced else ()
        return self.run(*before, str(self.arkib), *arguments, ARKIB_PORTAL_TOKEN=TOKEN)

    def what_was_touched(self):
        """Programs but git and arkib that were started, and files that were opened where nobody has to look."""
        for line in self.trace.read_text(errors="replace").splitlines() if self.trace.exists() else ():
            called = CALL.search(line)
            if not called or called["end"].startswith("-1"):
                continue
            path = os.path.normpath(os.path.join(self.clone, called["path"]))
            if called["name"] == "execve":
                if os.path.basename(path) not in ("git", self.arkib.name):
                    yield f"started {path}"
            elif path == str(self.folder / "secret") or not path.startswith((*SYSTEM, str(self.folder), tempfile.gettempdir())):
                yield f"opened {path}"

    def review(self, is_traced):
        """What CI runs of a pull request, in a fresh clone of the forge's repository."""
        self.git("checkout", "--quiet", "--force", "pr")
        self.ran.unlink(missing_ok=True)
        self.is_traced = is_traced
        roster = ("--roster", str(self.folder / "portal.csv"))
        plan = ("reconcile", "--dry-run", "--base", "origin/main", *roster)
        review = {
            "check": self.arkib_run("check", "--base", "origin/main"),
            "comment": self.arkib_run(*plan, "--drift", "--format", "markdown"),
            "json": self.arkib_run(*plan, "--format", self.random.choice(("json", "human", "github"))),
        }
        self.is_traced = False
        return review

    def plan_on_each_day(self, reference):
        """The plan of a commit for each day on which it may be another."""
        roster = str(self.folder / "portal.csv")
        for day in sorted(self.days):
            yield day, self.arkib_run("reconcile", "--dry-run", "--ref", reference, "--as-of", str(day), "--roster", roster, "--format", "json")

    def what_ran(self):
        if self.ran.exists():
            yield self.ran.read_text()[:2000]


def blank_clone(folder):
    """The git directory of a clone, to which each world adds its commits. Cloning anew costs more than all else that git does."""
    forge, clone = folder / "forge.git", folder / "clone"
    environment = rig.clean_environment(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null")
    for command in (
        ("init", "--quiet", "--bare", "--initial-branch=main", "--template=", str(forge)),
        ("clone", "--quiet", "--no-checkout", "--template=", str(forge), str(clone)),
    ):
        subprocess.run(["git", *command], check=True, env=environment, capture_output=True)
    return clone / ".git"


def import_into(clone, commits, environment):
    # The files of a case are thrown away; none has to survive a power failure.
    command = ["git", "-c", "core.fsync=none", "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--force"]
    done = subprocess.run(command, input=commits, cwd=clone, env=environment, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())


def write_anew(path, text):
    """Writes a file, and nothing through a link that the branch has there already."""
    if path.is_symlink():
        path.unlink()
    path.write_text(text)


def quoted(way):
    """A path as fast-import takes it."""
    return '"' + way.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
