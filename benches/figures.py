"""The figures of the design (section 9), each beside its floor."""

import http.server
import json
import os
import shutil
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import world
from measure import Cost, median, run, server
from peer import Peers
from table import Row

TOKEN = "bench-token-0123456789"
FIGURES = ["start-up", "check", "plan", "pull-request", "apply"]


class Bench:
    def __init__(self, arkib: Path, floor: Path, folder: Path, asked) -> None:
        self.arkib, self.floor, self.folder, self.asked = arkib, floor, folder, asked
        size = world.Size(asked.officers, asked.requests, asked.changes)
        self.world = world.make(folder / "world", asked.seed, size)
        self.requests = self.world.repository / "requests"
        self.token = folder / "token"
        self.token.write_text(TOKEN + "\n")
        self.seeded: Path | None = None
        self.peers = Peers(folder, asked.peers)

    def about(self) -> str:
        asked = self.asked
        return (
            f"{asked.officers} mailboxes, {asked.requests} requests, {asked.changes} changes due; seed {asked.seed}; "
            f"medians of {asked.times}; {os.cpu_count()} cores{'; no release' if os.environ.get('ARKIB_BIN') else ''}"
        )

    def figures(self, which: list[str]) -> list[Row]:
        return [row for name in FIGURES if name in which for row in getattr(self, name.replace("-", "_"))()]

    # -- what is run

    def arkib_run(self, *words: object, url: str | None = None, ok: tuple[int, ...] = (0,)) -> Cost:
        env = {"ARKIB_PORTAL_URL": url or "", "ARKIB_PORTAL_TOKEN_FILE": str(self.token)}
        return run([self.arkib, *words, "--requests", self.requests], env=env, cwd=self.folder, ok=ok)

    def floor_run(self, *words: object) -> float:
        return run([self.floor, *words]).told()["seconds"]

    def times(self):
        return range(self.asked.times)

    @contextmanager
    def portal(self, *words: object):
        """The development portal with all mailboxes, as it is before anything is changed."""
        if self.seeded is None:
            seeded = self.folder / "seeded.db"
            for old in self.folder.glob("seeded.db*"):
                old.unlink()
            with self._portal(seeded, "--roster", self.world.roster):
                pass
            self.seeded = seeded
        database = self.folder / "portal.db"
        for old in self.folder.glob("portal.db*"):
            old.unlink()
        for part in self.folder.glob("seeded.db*"):
            shutil.copy(part, self.folder / part.name.replace("seeded", "portal"))
        with self._portal(database, *words) as url:
            yield url

    @contextmanager
    def _portal(self, database: Path, *words: object):
        url_file = self.folder / "url"
        command = [self.arkib, "portal", "--listen", "127.0.0.1:0", "--database", database, "--stop-after", 1800]
        command += ["--token-file", self.token, "--url-file", url_file, *words]
        with server(command, url_file, self.folder) as url:
            yield url

    # -- the figures

    def start_up(self) -> list[Row]:
        runs = [run([self.arkib, "--version"]) for _ in range(40)]
        milliseconds = 1000 * median([it.cpu for it in runs])
        return [Row("arkib --version (CPU)", milliseconds, unit="ms", bound="<= 5", memory=peak(runs))]

    def check(self) -> list[Row]:
        floors, runs = [], []
        for _ in self.times():
            floors.append(self.floor_run("parse", self.requests))
            runs.append(self.arkib_run("check"))
        floor, mine = median(floors), median([it.seconds for it in runs])
        return [Row("check all requests", mine, floor, ratio=mine / floor, bound="<= 1.5", memory=peak(runs))]

    def plan(self) -> list[Row]:
        """The dry run. Its floor is to read what it reads: the pages, and where there are as many
        requests as mailboxes' owners ever filed, those, too."""
        rows = []
        url_file = self.folder / "cheap.url"
        with server([self.floor, "serve", self.world.roster, url_file], url_file, self.folder) as url:
            rows.append(self._plan("dry run, a portal that costs nothing", url, ""))
        with self.portal("--latency", 20) as url:
            rows.append(self._plan("dry run, a portal 20 ms away", url, "<= 1.5"))
        with self.portal() as url:
            row = self._plan("dry run, the development portal", url, "<= 1.5")
            if self.peers:
                told = self.peers.told("httpx_plan", url, TOKEN, self.requests)
                assert told["count"] == self.asked.changes, f"httpx_plan finds {told['count']} changes"
                row = replace(row, peer="httpx, PyYAML", peer_value=told["seconds"])
                scim2 = self.peers.told("scim2_plan", url, TOKEN, self.requests)
                assert scim2["count"] == self.asked.changes, f"scim2_plan finds {scim2['count']} changes"
            rows.append(row)
        if self.peers:
            beside = Row("… beside a SCIM client", row.arkib, peer="scim2-client, PyYAML", peer_value=scim2["seconds"])
            rows.append(beside)
            told = self.peers.told("octodns_plan", self.asked.officers, self.asked.changes)
            rows.append(Row("… beside octoDNS", row.arkib, peer="octoDNS, no network", peer_value=told["seconds"]))
        return rows

    def _plan(self, what: str, url: str, bound: str) -> Row:
        floors, runs = [], []
        for _ in self.times():
            floors.append(self.floor_run("fetch", url, TOKEN) + self.floor_run("parse", self.requests))
            runs.append(self.arkib_run("reconcile", "--dry-run", "--format", "json", url=url))
            changes = runs[-1].agency()["plan"]["changes"]
            assert len(changes) == self.asked.changes, f"{len(changes)} changes planned"
        floor, mine = median(floors), median([it.seconds for it in runs])
        return Row(what, mine, floor, ratio=mine / floor, bound=bound, memory=peak(runs))

    def pull_request(self) -> list[Row]:
        with self.portal() as url, counting(url) as (counted, count):
            words = ["reconcile", "--dry-run", "--base", "main", "--ref", "permohonan", "--format", "json"]
            runs = []
            for _ in self.times():
                count.clear()
                runs.append(self.arkib_run(*words, url=counted))
                changes = runs[-1].agency()["plan"]["changes"]
                assert len(changes) == 3, f"{len(changes)} changes in the pull request"
            requests = len(count)
            named = ",".join(it["mailbox"] for it in changes)
            ansible = self.peers and self.peers.told("ansible_apply", url, TOKEN, "--look-up", named)
        mine = median([it.seconds for it in runs])
        floors = [self.floor_run("parse", self.requests) for _ in self.times()]
        floor = median(floors)
        row = Row("pull request of 3 mailboxes", mine, floor, ratio=mine / floor, memory=peak(runs))
        if ansible:
            row = replace(row, peer="Ansible, look-ups alone", peer_value=ansible["seconds"])
        return [
            Row("pull request of 3 mailboxes: HTTP requests", requests, unit="requests", bound="<= 5"),
            row,
        ]

    def apply(self) -> list[Row]:
        """A termination is looked at right before it is made, and never travels with others; the floor does as
        much. What the looks cost shows beside the writes alone."""
        alone, looked = self._applied(["--no-bulk"], ["look", "write"]), self._applied([], ["bulk"])
        rows = [
            self._rate("apply, one by one", alone, "look", ">= 0.8"),
            self._rate("… beside the writes alone", alone, "write"),
            self._rate("apply, /Bulk", looked, "bulk", ">= 0.8"),
        ]
        if self.peers:
            for at, name, peer in [(0, "httpx_apply", "httpx, PyYAML"), (1, "ansible_apply", "Ansible, 200 of them")]:
                with self.portal("--no-bulk") as url:
                    told = self.peers.told(name, url, TOKEN, self.requests)
                rows[at] = replace(rows[at], peer=peer, peer_value=told["rate"])
        far = [self._applied([*how, "--latency", "20"], []) for how in (["--no-bulk"], [])]
        for what, which in [("all", "rate"), ("those that enable", "enables")]:
            one, many = (median([getattr(it, which) for it in runs.rates]) for runs in far)
            what = f"/Bulk beside one by one, 20 ms away: {what}"
            rows.append(Row(what, many, one, unit="/s", ratio=many / one, bound=">= 5"))
        empty = [cost for runs in (alone, looked) for cost in runs.empty]
        seconds_ = median([it.seconds for it in empty])
        return [*rows, Row("dry run with nothing to do", seconds_, memory=peak(empty))]

    def _rate(self, what: str, applied: "Applied", floor: str, bound: str = "") -> Row:
        rate, least = median([it.rate for it in applied.rates]), median(applied.floors[floor])
        return Row(what, rate, least, unit="/s", ratio=rate / least, bound=bound, memory=peak(applied.runs))

    def _applied(self, how: list[str], floors: list[str]) -> "Applied":
        applied = Applied([], [], [], {floor: [] for floor in floors})
        for _ in self.times():
            for floor in floors:
                with self.portal(*how) as url:
                    told = run([self.floor, floor, url, TOKEN, self.world.due]).told()
                    applied.floors[floor].append(told["count"] / told["seconds"])
            with self.portal(*how) as url:
                applied.runs.append(self.arkib_run("reconcile", "--yes", "--format", "json", url=url))
                outcomes = applied.runs[-1].agency()["outcomes"]
                done = sum(it["outcome"] == "applied" for it in outcomes)
                assert done == self.asked.changes, f"{done} applied"
                applied.rates.append(self.rates())
                applied.empty.append(self.arkib_run("reconcile", "--dry-run", "--format", "json", url=url))
                assert not applied.empty[-1].agency()["plan"]["changes"], "the second plan is not empty"
        return applied

    def rates(self) -> "Rates":
        """From the first intent to the last outcome, as the record of the run says; which is then put away."""
        records = self.requests / "records"
        enables, moments, of_enables = set(), [], []
        for file in records.rglob("*.jsonl"):
            for line in map(json.loads, file.read_text().splitlines()):
                event, moment = line["event"], seconds(line["at"])
                intent, outcome = event.get("intent"), event.get("outcome")
                if intent and intent["action"] == "enable":
                    enables.add(intent["mailbox"])
                if intent or outcome:
                    moments.append(moment)
                    if (intent or outcome)["mailbox"] in enables:
                        of_enables.append(moment)
        shutil.rmtree(records)
        return Rates(*(len(part) / 2 / (max(part) - min(part)) for part in (moments, of_enables)))


@dataclass(frozen=True)
class Rates:
    """Changes in a second: of all of a run, and of those that enable."""

    rate: float
    enables: float


@dataclass(frozen=True)
class Applied:
    """What applying took: the runs, the empty dry runs behind them, the rates, and those of each floor."""

    runs: list[Cost]
    empty: list[Cost]
    rates: list[Rates]
    floors: dict[str, list[float]]


def seconds(moment: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(moment).timestamp()


def peak(runs: list[Cost]) -> float:
    return max(it.peak for it in runs)


@contextmanager
def counting(url: str):
    """A server before the portal that counts what it is asked."""
    asked: list[str] = []

    class Counts(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            headers = {"Authorization": self.headers["Authorization"]}
            base = url.split("/scim", 1)[0]
            request = urllib.request.Request(base + self.path, headers=headers)
            with urllib.request.urlopen(request) as answer:
                body = answer.read()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counts) as before:
        threading.Thread(target=before.serve_forever, daemon=True).start()
        host, port = before.server_address[:2]
        yield f"http://{host}:{port}/scim" + url.split("/scim", 1)[1], asked
        before.shutdown()
