"""Two runs at once over one folder, whose temporary folders are different: no change is made or handed over twice, and
nobody takes a run that is under way for one that was killed.

  two_temps.py ARKIB [ROUNDS]    An ARKIB that ends in .exe is run by Wine.
"""

import collections
import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

EACH = 12
ROUNDS = 50
LONGEST_S = 300

POLICY = """\
version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [agensi.example]
approvers: [noraini.kassim@agensi.example]
portal: {portal}
language: en
limits: {{ terminations: 500, terminations_percent: 100, changes: 500 }}
"""

REQUEST = """\
version: 1
id: {id}
action: {action}
mailboxes: [{mailboxes}]
received: {{ date: 2026-01-05, channel: memo, reference: CONTOH.600-1/2/3 (1) }}
approvals: [{{ by: noraini.kassim@agensi.example, date: 2026-01-06 }}]
"""


def mailboxes(letter):
    return [f"{letter}{number:02}@agensi.example" for number in range(EACH)]


def agency(folder, portal):
    requests = folder / "requests"
    requests.mkdir(parents=True)
    (requests / "agency.yaml").write_text(POLICY.format(portal=portal))
    roster, export = ["mailbox,state"], ["Alamat E-mel;Arkib;Status"]
    for action, letter, state, word in (("enable", "a", "disabled", "Tidak"), ("terminate", "b", "enabled", "Ya")):
        text = REQUEST.format(id=f"R-{letter}", action=action, mailboxes=", ".join(mailboxes(letter)))
        (requests / f"R-{letter}.yaml").write_text(text)
        roster += [f"{mailbox},{state}" for mailbox in mailboxes(letter)]
        export += [f"{mailbox};{word};Aktif" for mailbox in mailboxes(letter)]
    name, rows = ("portal.csv", roster) if portal == "embedded" else ("export.csv", export)
    (folder / name).write_text("\n".join(rows) + "\n")


class Session:
    """A shell with a temporary folder of its own."""

    def __init__(self, arkib, folder, name):
        self.arkib, self.folder, self.temp = arkib, folder, folder / name
        self.temp.mkdir()

    def start(self, *arguments):
        env = {"PATH": os.environ["PATH"], "NO_COLOR": "1", "ARKIB_LANGUAGE": "en", "TMPDIR": str(self.temp), "HOME": str(self.folder)}
        command = [self.arkib, *arguments]
        if self.arkib.endswith(".exe"):
            # Wine takes TEMP from its registry.
            env |= {name: value for name, value in os.environ.items() if name.startswith(("WINE", "XDG_"))}
            temp = f"Z:{self.temp}".replace("/", "\\")
            program = f"Z:{self.arkib}".replace("/", "\\")
            command = ["wine", "cmd", "/c", f"set TEMP={temp}&&set TMP={temp}&&{' '.join([program, *arguments])}"]
        return subprocess.Popen(
            command, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )


def finish(process):
    out, err = process.communicate(timeout=LONGEST_S)
    return process.returncode, out, err


def changes(folder, portal):
    """Each change that was made or handed over."""
    if portal == "embedded":
        with sqlite3.connect(folder / ".arkib" / "portal.db") as database:
            return database.execute("SELECT mailbox, to_state FROM audit WHERE from_state <> to_state").fetchall()
    files = [file for file in folder.glob(".arkib/hand-over/*/*.csv") if not file.parent.name.startswith(".")]
    rows = [list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))[1:] for file in files]
    return [(row[0], row[1]) for file in rows for row in file]


def faults(arkib, folder, portal):
    """What went wrong in one round."""
    agency(folder, portal)
    sessions = [Session(arkib, folder, name) for name in ("one", "other", "third")]
    options = ["--portal-export", "export.csv"] if portal == "files" else []
    runs = [session.start("reconcile", "--yes", "--allow-uncommitted", "--format", "json", *options) for session in sessions[:2]]
    listed = []
    while all(run.poll() is None for run in runs):
        _, out, _ = finish(sessions[2].start("records", "list", "--format", "json"))
        # Of what ended meanwhile nothing is said.
        if all(run.poll() is None for run in runs):
            listed += json.loads(out).get("runs", [])
    ends = [finish(run) for run in runs]
    found = []
    dead = [run for run in listed if run["ended"] is None and not run["under_way"]]
    if dead:
        found.append(f"a live run is listed as cut off: {dead[0]}")
    for status, out, err in ends:
        ended = json.loads(out or "{}").get("agencies", [{}])[0].get("exit", {})
        # What is handed over already is refused, where the export does not show it yet.
        if status not in (0, 4) or portal == "embedded" and status != 0:
            found.append(f"status {status}: {ended} {err}")
        for text in ("did not see the end", "was killed", "cut off"):
            if text in out or text in err:
                found.append(f"a run says: {text}")
    counts = collections.Counter(changes(folder, portal))
    twice = [change for change, count in counts.items() if count > 1]
    if twice:
        found.append(f"done twice: {twice[:3]} of {len(twice)}")
    if len(counts) != 2 * EACH:
        found.append(f"{len(counts)} of {2 * EACH} changes were done")
    records = list(folder.glob("requests/records/*.jsonl"))
    lines = [json.loads(line)["event"] for file in records for line in file.read_text().splitlines()]
    if any("settled" in event for event in lines):
        found.append("a change of a live run was settled by another")
    left = [file.name for name in ("one", "other", "third") for file in (folder / name).iterdir()]
    return found + [f"left in the temporary folder: {name}" for name in left]


def check(arkib, rounds):
    """What went wrong in so many rounds, half of them with each kind of portal."""
    found = []
    for number in range(rounds):
        portal = ("embedded", "files")[number % 2]
        folder = Path(tempfile.mkdtemp())
        try:
            found += [f"round {number} ({portal}): {fault}" for fault in faults(arkib, folder, portal)]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return found


if __name__ == "__main__":
    problems = check(str(Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS)
    print("\n".join(problems) or "nothing was done twice")
    sys.exit(bool(problems))
