#!/usr/bin/env python3
"""Change file in: carries out the file of changes that `arkib reconcile --hand-over` wrote, row by row.

    python3 change.py --dry-run serahan/CONTOH-…/CONTOH-….csv
    python3 change.py serahan/CONTOH-…/CONTOH-….csv

- The whole file is read before anything is sent. A column, an action or a row that is not known stops it: nothing is done.
- Each account is read right before its change, and again after it: `done` is what was seen.
- Each row gets a result. They are kept beside the file, in FILE.results, written before the next row begins.
- A second run of the same file changes nothing: rows with a result are finished, whatever happened in the portal since. Rows
  that were stopped are tried again.
- An answer that nobody can read stops the run: the row is `unknown`, the rows after it `not begun`.
- A file that is older than a day is refused: what it asks for may have been withdrawn since.

Status 0: every row is done. 3: some are not. 1: nothing was done."""

import argparse
import csv
import datetime
import hashlib
import io
import os
import sys
from pathlib import Path

from portal import NoAccess, NotSent, Portal, PortalError, Refused, Stale

# As arkib writes them; the policy's key `bulk` can change them.
HEADER = ["Alamat E-mel", "Tindakan", "Rujukan"]
ACTIONS = {"Aktifkan Arkib": True, "Tamatkan Arkib": False}

DONE, ALREADY, UNDER_WAY, REFUSED, UNKNOWN, NOT_BEGUN = "done", "already so", "under way", "refused", "unknown", "not begun"
SENDING = "sending"
FINISHED = (DONE, ALREADY, UNDER_WAY)


class BadFile(Exception):
    """Something in the file that is not known."""


class Stop(Exception):
    """The run must not go on: the result of this row, and why."""

    def __init__(self, result, why):
        super().__init__(why)
        self.result = result


def read(content):
    """The rows of the file: address, whether an archive is wanted, request."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"it is not CSV in UTF-8: {error}") from error
    if not lines or lines[0] != HEADER:
        raise BadFile(f"its first row is not {','.join(HEADER)}")
    rows, seen = [], set()
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) != len(HEADER) or cells[0].count("@") != 1 or not cells[2]:
            raise BadFile(f"row {number} is not an address, an action and a request")
        if cells[1] not in ACTIONS:
            raise BadFile(f"row {number} has an unknown action")
        if cells[0].lower() in seen:
            raise BadFile(f"row {number} has an address for the second time")
        seen.add(cells[0].lower())
        rows.append((cells[0], ACTIONS[cells[1]], cells[2]))
    if not rows:
        raise BadFile("it has no changes")
    return rows


class Results:
    """What became of each row, kept beside the file: one line of address, result and detail, under the file's SHA-256."""

    def __init__(self, path, content):
        self.path, self.digest, self.finished = path, hashlib.sha256(content).hexdigest(), {}
        if path.exists():
            with open(path, encoding="utf-8", newline="") as file:
                for line in csv.reader(file):
                    # A last line that was cut by a crash is none; the row is looked at again.
                    if len(line) == 5 and line[0] == self.digest and line[3] in FINISHED:
                        self.finished[line[2]] = (line[1], line[3])

    def keep(self, address, result, detail=""):
        now = datetime.datetime.now(datetime.timezone.utc)
        with open(self.path, "a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow([self.digest, f"{now:%Y-%m-%dT%H:%M:%SZ}", address, result, detail])
            file.flush()
            os.fsync(file.fileno())


class Run:
    """One run over the rows of a file."""

    def __init__(self, portal, results, written, dry):
        self.portal, self.results, self.written, self.dry = portal, results, written, dry
        self.accounts = {}
        for account in portal.all():
            self.accounts.setdefault(account.address.lower(), []).append(account)

    def row(self, address, wanted, request):
        """The result of a row, and why."""
        if address in self.results.finished:
            when, result = self.results.finished[address]
            return result, f"by an earlier run, {when}"
        found = self.accounts.get(address.lower(), [])
        if len(found) != 1:
            return REFUSED, "several accounts have this address" if found else "the portal has no such account"
        account = self.look(found[0])
        if account is None:
            return REFUSED, "the account is gone, or has another address"
        if account.has(wanted):
            return ALREADY, ""
        if account.becomes(wanted):
            return UNDER_WAY, "the portal is still working"
        why = account.obstacle(wanted) or self.is_newer(account)
        if why:
            return REFUSED, why
        if self.dry:
            return NOT_BEGUN, "dry run: would enable" if wanted else "dry run: would terminate"
        self.results.keep(address, SENDING)
        return self.change(account, wanted, request)

    def look(self, listed):
        """The account as it is now; None if it is not the one that was listed."""
        try:
            account = self.portal.get(listed.id)
        except PortalError as error:
            raise Stop(NOT_BEGUN, error) from error
        return account if account and account.address.lower() == listed.address.lower() else None

    def change(self, account, wanted, request):
        """Sends the change, and says what was seen after it."""
        try:
            after = self.portal.set_archive(account, wanted, request)
        except (NotSent, NoAccess) as error:
            raise Stop(NOT_BEGUN, error) from error
        except Stale:
            return REFUSED, "the account changed at this moment; take a new export"
        except Refused as error:
            return REFUSED, str(error)
        except PortalError as error:
            raise Stop(UNKNOWN, error) from error
        if after.has(wanted):
            return DONE, ""
        if after.becomes(wanted):
            return UNDER_WAY, "the portal is still working"
        raise Stop(UNKNOWN, f"the portal accepted the change, and still shows: {after.archive}")

    def is_newer(self, account):
        """Somebody changed the account after the file was written, so the file is about another state."""
        if account.changed is None:
            return None
        try:
            changed = datetime.datetime.fromisoformat(account.changed)
            later = changed > self.written
        except (ValueError, TypeError):
            return "nobody can read when the account was last changed"
        return f"the account was changed in the portal after this file was written ({changed:%Y-%m-%d %H:%M} UTC)" if later else None


def carry_out(run, rows, results):
    """Prints and keeps a result for every row; returns whether all are done."""
    counts, stopped = {}, None
    for address, wanted, request in rows:
        address = address.lower()
        if stopped is None:
            try:
                result, why = run.row(address, wanted, request)
            except Stop as stop:
                result, why = stop.result, str(stop)
                stopped = stop
        else:
            result, why = NOT_BEGUN, "the run stopped before"
        counts[result] = counts.get(result, 0) + 1
        if not run.dry and address not in results.finished:
            results.keep(address, result, why)
        print(f"{result:<10} {'enable' if wanted else 'terminate':<10} {address}  {request}{'  ' + why if why else ''}", flush=True)
    print(", ".join(f"{count} {result}" for result, count in counts.items()))
    if stopped:
        print(f"error: {stopped}\nThe run stopped. Fix the cause, and run the same file again.", file=sys.stderr)
    return all(result in FINISHED for result in counts)


def main():
    parser = argparse.ArgumentParser(description="Carries out a file of changes that arkib handed over.")
    parser.add_argument("file", type=Path, metavar="FILE", help="the CSV file in the folder that arkib handed over")
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and change nothing")
    parser.add_argument("--max-age", type=float, default=24, metavar="HOURS", help="refuse a file that is older; default: 24")
    options = parser.parse_args()
    try:
        content = options.file.read_bytes()
        written = datetime.datetime.fromtimestamp(options.file.stat().st_mtime, datetime.timezone.utc)
        if datetime.datetime.now(datetime.timezone.utc) - written > datetime.timedelta(hours=options.max_age):
            raise BadFile(f"it was written at {written:%Y-%m-%d %H:%M} UTC, more than {options.max_age:g} hours ago (--max-age)")
        rows = read(content)
        results = Results(options.file.with_name(f"{options.file.name}.results"), content)
        run = Run(Portal.from_environment(), results, written, options.dry_run)
    except (BadFile, PortalError, OSError) as error:
        what = f"the file cannot be carried out: {error}" if isinstance(error, BadFile) else error
        print(f"error: {what}\nNothing was done.", file=sys.stderr)
        return 1
    try:
        return 0 if carry_out(run, rows, results) or options.dry_run else 3
    except KeyboardInterrupt:
        print("Interrupted. Run the same file again: it looks first at what was done.", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
