"""How time and memory grow: `benches/run --scale`.

First the portal grows, then what the requests name. The portal makes each page as it sends it, so it costs no
memory, and only arkib's own growth shows. The exponent of growth: 1 is twice as much for twice as many.
"""

import math
import shutil
from datetime import timedelta
from pathlib import Path

import world
from measure import Cost, run, server

MAILBOXES = [100_000, 1_000_000, 5_000_000]
REQUESTS = [10_000, 100_000, 1_000_000]
# What is not enabled yet; and the shards of the saved plan that does it.
DUE, SHARDS = 1_000, 8
HEAD = ("mailboxes", "requests", "what", "seconds", "CPU", "memory")


class Scale:
    def __init__(self, arkib: Path, floor: Path, folder: Path, part: int) -> None:
        self.arkib, self.floor, self.folder = arkib, floor, folder
        # Everything is so many times smaller, to try it.
        self.mailboxes = [count // part for count in MAILBOXES]
        self.requests = [count // part for count in REQUESTS]
        self.due = DUE // part
        self.lines: list[tuple[str, ...]] = []

    def show(self) -> str:
        most, middle = self.mailboxes[-1], self.requests[1]
        portals, named = [], []
        for requests in self.requests:
            repository = self._world(requests)
            smaller = self.mailboxes[:-1] if requests == middle else []
            portals += [(count, self._dry_run(repository, count, requests)) for count in smaller]
            named.append((requests, self._dry_run(repository, most, requests)))
            self._measure((most, requests, "check"), "check", repository=repository)
        portals.append((most, named[1][1]))
        self._pull_request_and_shard(repository, most, requests)
        shutil.rmtree(self.folder / "scale")
        exponents = [growth("the portal's mailboxes", portals), growth("requests", named)]
        return "\n".join([*table(self.lines), "", *exponents])

    def _world(self, requests: int) -> Path:
        folder = self.folder / "scale"
        shutil.rmtree(folder, ignore_errors=True)
        return make(folder, requests)

    def _measure(self, about: tuple[int, int, str], *words: object, repository: Path, url: str = "") -> Cost:
        env = {"ARKIB_PORTAL_URL": url, "ARKIB_PORTAL_TOKEN_FILE": str(self.folder / "token")}
        place = ["--requests", repository / "requests"]
        cost = run([self.arkib, *words, *place], env=env, cwd=self.folder)
        mailboxes, requests, what = about
        figures = (f"{cost.seconds:.2f} s", f"{cost.cpu:.2f} s", f"{cost.peak:.0f} MB")
        self.lines.append((f"{mailboxes:,}", f"{requests:,}", what, *figures))
        # It takes long; each line is shown when it is known.
        print("  ".join(self.lines[-1]), flush=True)
        return cost

    def _portal(self, mailboxes: int, named: int):
        url_file = self.folder / "generated.url"
        command = [self.floor, "generate", mailboxes, named, self.due, url_file]
        return server(command, url_file, self.folder)

    def _dry_run(self, repository: Path, mailboxes: int, requests: int) -> Cost:
        with self._portal(mailboxes, requests) as url:
            about = (mailboxes, requests, "dry run")
            words = ["reconcile", "--dry-run", "--format", "json"]
            cost = self._measure(about, *words, repository=repository, url=url)
        changes = cost.agency()["plan"]["changes"]
        assert len(changes) == self.due, f"{len(changes)} changes planned"
        return cost

    def _pull_request_and_shard(self, repository: Path, mailboxes: int, requests: int) -> None:
        with self._portal(mailboxes, requests) as url:
            words = ["reconcile", "--dry-run", "--base", "main", "--ref", "permohonan"]
            self._measure((mailboxes, requests, "pull request of 3"), *words, repository=repository, url=url)
            plan = self.folder / "scale.plan.json"
            words = ["reconcile", "--dry-run", "--plan-out", plan]
            self._measure((mailboxes, requests, "dry run that saves the plan"), *words, repository=repository, url=url)
            words = ["reconcile", "--dry-run", "--plan", plan, "--shard", f"1/{SHARDS}"]
            about = (mailboxes, requests, f"one shard of {SHARDS}, from the saved plan")
            self._measure(about, *words, repository=repository, url=url)
            plan.unlink()


def make(folder: Path, requests: int) -> Path:
    """A repository whose requests name one of the portal's first mailboxes each; and a pull request of three."""
    repository = folder / "repository"
    place = repository / "requests"
    place.mkdir(parents=True)
    policy = world.POLICY.format(agency="AWAM", domain=world.DOMAIN, approver=world.APPROVER)
    (place / "agency.yaml").write_text(policy)
    days = (world.LAST_DAY - world.FIRST_DAY).days
    for number in range(requests):
        received = world.FIRST_DAY + timedelta(days=number * days // requests)
        month = place / str(received.year) / f"{received.month:02}"
        month.mkdir(parents=True, exist_ok=True)
        name = f"PA-{received.year}-{number:07}"
        (month / f"{name}.yaml").write_text(world.request(name, "enable", [mailbox(number)], received))
    world.commit(repository)
    world.pull_request(repository, [mailbox(requests + number) for number in range(3)])
    return repository


def mailbox(number: int) -> str:
    return f"officer{number:07}@{world.DOMAIN}"


def growth(what: str, points: list[tuple[int, Cost]]) -> str:
    """The exponents between the first and the last point, and between the last two."""

    def exponent(value, first: int) -> str:
        (few, least), (many, most) = points[first], points[-1]
        return f"{math.log(value(most) / value(least)) / math.log(many / few):.2f}"

    seconds = [exponent(lambda cost: cost.seconds, first) for first in (0, -2)]
    memory = [exponent(lambda cost: cost.peak, first) for first in (0, -2)]
    whole, last = (f"seconds {at[0]}, memory {at[1]}" for at in zip(seconds, memory))
    return f"growth with {what}, exponent: {whole}; between the last two: {last}"


def table(lines: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[column]) for line in [HEAD, *lines]) for column in range(len(HEAD))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in [HEAD, *lines]]
    return [text[0], "-" * len(text[0]), *text[1:]]
