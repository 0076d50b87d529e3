"""Makes a public service out of a seed: officers, their requests through the years, and a portal that lags behind.

The same seed and sizes give the same bytes. All names are invented; all addresses end in `.example`.
"""

import csv
import random
import subprocess
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

DOMAIN = "perkhidmatan.example"
APPROVER = f"pentadbir.uc@{DOMAIN}"
FIRST_DAY = date(2021, 1, 4)
LAST_DAY = date(2026, 10, 30)
GIVEN = ["aminah", "bala", "chong", "dayang", "edwin", "farah", "gopal", "hafiz", "intan", "jega", "kamal", "lim", "mei"]
FAMILY = ["abdullah", "baharom", "chin", "daud", "ealam", "fernandez", "ghani", "hamid", "ismail", "jalil", "kaur"]

POLICY = """\
version: 1
agency: {agency}
name: Perkhidmatan Awam Contoh
domains: [{domain}]
approvers: [{approver}]
language: ms
portal: scim
limits: {{ terminations: 20000, terminations_percent: 50, changes: 200000 }}
provenance: committed
"""


@dataclass(frozen=True)
class Size:
    """How large: `changes` of what is asked for is not done yet, a fifth of it terminations."""

    officers: int
    requests: int
    changes: int


@dataclass(frozen=True)
class World:
    """What was made: the repository, the portal's roster, and the changes that are due."""

    repository: Path
    roster: Path
    due: Path


def how_many(dice: random.Random) -> int:
    """Mailboxes of one request: most ask for one, some for a team, few for a department."""
    kind = dice.random()
    if kind < 0.80:
        return 1
    return dice.randint(2, 5) if kind < 0.95 else dice.randint(6, 40)


def officers(count: int, dice: random.Random) -> list[str]:
    return [f"{dice.choice(GIVEN)}.{dice.choice(FAMILY)}{number:06}@{DOMAIN}" for number in range(count)]


def request(name: str, action: str, mailboxes: list[str], received: date) -> str:
    lines = "".join(f"  - {mailbox}\n" for mailbox in mailboxes)
    return (
        f"version: 1\nid: {name}\naction: {action}\nmailboxes:\n{lines}"
        f"received:\n  date: {received}\n  channel: letter\n  reference: CONTOH.600-1/2/3 ({name[-6:]})\n"
        f"  from: {mailboxes[0]}\n"
        f"approvals:\n  - by: {APPROVER}\n    date: {received + timedelta(days=2)}\n"
        f"reason: Peti mel melebihi kuota.\n"
    )


def make(folder: Path, seed: int, size: Size) -> World:
    """Writes everything below `folder`, which must not exist."""
    dice = random.Random(seed)
    everyone = officers(size.officers, dice)
    free = list(everyone)
    dice.shuffle(free)
    repository = folder / "repository"
    requests = repository / "requests"
    requests.mkdir(parents=True)
    (requests / "agency.yaml").write_text(POLICY.format(agency="AWAM", domain=DOMAIN, approver=APPROVER))

    to_terminate = size.changes // 5
    terminates = min(size.requests // 10, size.officers // 10)
    enabled: dict[str, str] = {}
    terminated: dict[str, str] = {}
    asked: list[tuple[str, str, str]] = []
    days = (LAST_DAY - FIRST_DAY).days
    for number in range(size.requests):
        received = FIRST_DAY + timedelta(days=number * days // size.requests)
        name = f"PA-{received.year}-{number:06}"
        # The terminations come spread among the rest, each of an archive that was enabled long before.
        is_termination = number % 10 == 9 and number > size.requests // 20 and len(terminated) < terminates
        if is_termination:
            mailbox = next(iter(enabled))
            enabled.pop(mailbox)
            terminated[mailbox] = name
            mailboxes = [mailbox]
        else:
            # Enough must be left for every request to come.
            most = max(1, (len(free) - (size.requests - number)) or 1)
            mailboxes = [free.pop() for _ in range(min(how_many(dice), most, len(free)))]
            enabled.update((mailbox, name) for mailbox in mailboxes)
        action = "terminate" if is_termination else "enable"
        asked += [(mailbox, action, name) for mailbox in mailboxes]
        year = requests / str(received.year) / f"{received.month:02}"
        year.mkdir(parents=True, exist_ok=True)
        (year / f"{name}.yaml").write_text(request(name, action, mailboxes, received))

    # What was asked for last is not done yet.
    waiting: dict[str, tuple[str, str]] = {}
    left = {"terminate": to_terminate, "enable": size.changes - to_terminate}
    for mailbox, action, name in reversed(asked):
        latest = enabled.get(mailbox) or terminated.get(mailbox)
        if left[action] and latest == name:
            left[action] -= 1
            waiting[mailbox] = (action, name)
    with open(folder / "roster.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["mailbox", "name", "account", "state", "request", "changed_at", "recoverable_until", "hold"])
        for mailbox in everyone:
            state, by = "disabled", ""
            if mailbox in waiting:
                state = "enabled" if waiting[mailbox][0] == "terminate" else "disabled"
            elif mailbox in enabled:
                state, by = "enabled", enabled[mailbox]
            elif mailbox in terminated:
                state, by = "terminated", terminated[mailbox]
            elif dice.random() < 0.01:
                state = "enabled"
            changed = "2026-01-14T04:37:44Z" if state != "disabled" else ""
            rows.writerow([mailbox, mailbox.split("@")[0], "active", state, by, changed, "", "false"])
    with open(folder / "due.tsv", "w") as file:
        for mailbox, (action, name) in sorted(waiting.items()):
            file.write(f"{mailbox}\t{'enabled' if action == 'enable' else 'terminated'}\t{name}\n")
    commit(repository)
    pull_request(repository, free[:3])
    return World(repository, folder / "roster.csv", folder / "due.tsv")


def git(repository: Path, *arguments: str) -> None:
    names = ["-c", "user.name=Pentadbir", "-c", f"user.email={APPROVER}", "-c", "gc.auto=0", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(repository), *names, *arguments], check=True, stdout=subprocess.DEVNULL)


def commit(repository: Path) -> None:
    git(repository, "init", "--quiet", "--initial-branch=main")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=All requests")
    git(repository, "repack", "-q", "-a", "-d")


def pull_request(repository: Path, mailboxes: list[str]) -> None:
    """A branch that asks for three mailboxes more."""
    git(repository, "checkout", "--quiet", "-b", "permohonan")
    day = date(2026, 11, 2)
    file = repository / "requests" / "2026" / "PA-2026-900001.yaml"
    file.write_text(request("PA-2026-900001", "enable", mailboxes, day))
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=Three mailboxes more")
    git(repository, "checkout", "--quiet", "main")
