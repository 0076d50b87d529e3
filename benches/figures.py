"""The figures of the design (section 9), each beside its floor."""

import http.server
import json
import os
import shutil
import threading
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import world
from measure import Cost, median, run, server
from table import Row

TOKEN = "bench-token-0123456789"


class Bench:
    def __init__(self, arkib: Path, floor: Path, folder: Path, asked) -> None:
        self.arkib, self.floor, self.folder, self.asked = arkib, floor, folder, asked
        size = world.Size(asked.officers, asked.requests, asked.changes)
        self.world = world.make(folder / "world", asked.seed, size)
        self.requests = self.world.repository / "requests"
        self.token = folder / "token"
        self.token.write_text(TOKEN + "\n")
        self.seeded: Path | None = None

    def about(self) -> str:
        asked = self.asked
        return (
            f"{asked.officers} mailboxes, {asked.requests} requests, {asked.changes} changes due; seed {asked.seed}; "
            f"medians of {asked.times}; {os.cpu_count()} cores"
        )

    def figures(self) -> list[Row]:
        return [
            self.start_up(),
            self.check(),
            *self.plan(),
            *self.pull_request(),
            *self.apply(),
        ]

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
        with server(command, url_file, self.folder) as (url, _):
            yield url

    # -- the figures

    def start_up(self) -> Row:
        runs = [run([self.arkib, "--version"]) for _ in range(40)]
        least = [median([it.cpu for it in runs])]
        memory = max(it.peak for it in runs)
        return Row("arkib --version (CPU)", least[0] * 1000, unit="ms", bound="<= 5", memory=memory)

    def check(self) -> Row:
        floors, runs = [], []
        for _ in self.times():
            floors.append(self.floor_run("parse", self.requests))
            runs.append(self.arkib_run("check"))
        floor, mine = median(floors), median([it.seconds for it in runs])
        return Row("check all requests", mine, floor, ratio=mine / floor, bound="<= 1.5", memory=peak(runs))

    def plan(self) -> list[Row]:
        """The dry run. Its floor is to read what it reads: the pages, and where there are as many
        requests as mailboxes' owners ever filed, those, too."""
        rows = []
        url_file = self.folder / "cheap.url"
        with server([self.floor, "serve", self.world.roster, url_file], url_file, self.folder) as (url, _):
            rows.append(self._plan("dry run, a portal that costs nothing", url, ""))
        with self.portal("--latency", 20) as url:
            rows.append(self._plan("dry run, a portal 20 ms away", url, "<= 1.5"))
        with self.portal() as url:
            rows.append(self._plan("dry run, the development portal", url, "<= 1.5"))
        return rows

    def _plan(self, what: str, url: str, bound: str) -> Row:
        floors, runs = [], []
        for _ in self.times():
            floors.append(self.floor_run("fetch", url, TOKEN) + self.floor_run("parse", self.requests))
            runs.append(self.arkib_run("reconcile", "--dry-run", "--format", "json", url=url))
            changes = json.loads(runs[-1].out)["plan"]["changes"]
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
                changes = json.loads(runs[-1].out)["plan"]["changes"]
                assert len(changes) == 3, f"{len(changes)} changes in the pull request"
            requests = len(count)
        mine = median([it.seconds for it in runs])
        floors = [self.floor_run("parse", self.requests) for _ in self.times()]
        floor = median(floors)
        return [
            Row("pull request of 3 mailboxes: HTTP requests", requests, unit="requests", bound="<= 5"),
            Row("pull request of 3 mailboxes", mine, floor, ratio=mine / floor, memory=peak(runs)),
        ]

    def apply(self) -> list[Row]:
        rows = []
        for what, how, floor, bound in [
            ("apply, one by one", ["--no-bulk"], "write", ">= 0.8"),
            ("apply, /Bulk", [], "bulk", ">= 0.8"),
        ]:
            rates, floors, runs, empty = [], [], [], []
            for _ in self.times():
                with self.portal(*how) as url:
                    told = run([self.floor, floor, url, TOKEN, self.world.due]).told()
                    floors.append(told["count"] / told["seconds"])
                with self.portal(*how) as url:
                    runs.append(self.arkib_run("reconcile", "--yes", "--format", "json", url=url))
                    outcomes = json.loads(runs[-1].out)["outcomes"]
                    applied = sum(it["outcome"] == "applied" for it in outcomes)
                    assert applied == self.asked.changes, f"{applied} applied"
                    rates.append(applied / self.applying())
                    empty.append(self.arkib_run("reconcile", "--dry-run", "--format", "json", url=url))
                    assert not json.loads(empty[-1].out)["plan"]["changes"], "the second plan is not empty"
            rate, least = median(rates), median(floors)
            rows.append(Row(what, rate, least, unit="/s", ratio=rate / least, bound=bound, memory=peak(runs)))
        one, many = rows[0].arkib, rows[1].arkib
        rows.append(Row("/Bulk beside one by one", many, one, unit="/s", ratio=many / one, bound=">= 5"))
        rows.append(Row("dry run with nothing to do", median([it.seconds for it in empty]), memory=peak(empty)))
        return rows

    def applying(self) -> float:
        """From the first intent to the end, as the record of the run says; and then it is put away."""
        records = self.requests / "records"
        moments = []
        for file in records.rglob("*.jsonl"):
            moments = [json.loads(line)["at"] for line in file.read_text().splitlines()]
        shutil.rmtree(records)
        return seconds(moments[-1]) - seconds(moments[1])


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
