#!/usr/bin/env python3
"""Export out: writes the portal's accounts into a CSV file that arkib reads (`portal: files`, docs/en/FILES.md).

    python3 export.py laporan.csv

Changes nothing in the portal. The file is complete or not there: it replaces an older one of that name only at the end. The
last line says how many rows there are, so that arkib notices a file that was cut."""

import argparse
import csv
import datetime
import os
import sys
from pathlib import Path

from portal import Portal, PortalError

HEADER = ("Alamat E-mel", "Status", "Arkib", "Tahanan", "Rujukan", "Dikemas kini", "Disimpan hingga")
# arkib's words for people. Any other word is passed on unchanged: arkib knows none, and blocks that mailbox.
ARCHIVE = {
    "disabled": "Tiada",
    "enabling": "Sedang Diaktifkan",
    "enabled": "Ada",
    "terminating": "Sedang Ditamatkan",
    "terminated": "Ditamatkan",
}
ACCOUNT = {
    "active": "Aktif",
    "disabled": "Tidak Aktif",
    "requested-to-delete": "Dipohon Hapus",
    "deleted": "Dihapus",
}
MALAYSIA = datetime.timezone(datetime.timedelta(hours=8))


def row(account):
    return (
        account.address,
        ACCOUNT.get(account.account, account.account),
        ARCHIVE.get(account.archive, account.archive),
        "Ya" if account.hold else "Tidak",
        account.request or "",
        account.changed or "",
        account.kept_until or "",
    )


def write(path, accounts, taken):
    """Writes beside the file first, so that nobody ever reads half of it."""
    rows = sorted(row(account) for account in accounts if account.address)
    part = path.with_name(f".{path.name}.part")
    with open(part, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"Tarikh laporan: {taken:%d/%m/%Y %H:%M:%S}"])
        # No two exports are the same, even of one second: arkib refuses one that it used before.
        writer.writerow([f"No. laporan: {taken:%Y%m%d%H%M%S%f}"])
        writer.writerow(HEADER)
        writer.writerows(rows)
        writer.writerow([f"Jumlah rekod: {len(rows)}"])
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    return len(rows)


def main():
    parser = argparse.ArgumentParser(description="Writes the portal's accounts into a CSV file that arkib reads.")
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write, such as laporan.csv")
    path = parser.parse_args().file
    # The list is at least as new as this.
    taken = datetime.datetime.now(MALAYSIA)
    try:
        count = write(path, Portal.from_environment().all(), taken)
    except (PortalError, OSError) as error:
        print(f"error: {error}\nNo export was written.", file=sys.stderr)
        return 1
    print(f"{path}: {count} accounts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
