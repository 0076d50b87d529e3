"""A portal that people operate: a spreadsheet represents it, an export comes out as CSV, and a person reads the file of
changes that arkib handed over, carries it out, and downloads a new export."""

import contextlib
import csv
import dataclasses
import datetime
import io
import types

from portal import Mailbox, Portal

HEADER = ("Alamat E-mel", "Nama", "Gelaran", "Status", "Arkib", "Tahanan", "Rujukan", "Disimpan hingga")
STATES = {
    "disabled": "Tiada",
    "enabling": "Sedang Diaktifkan",
    "enabled": "Ada",
    "terminating": "Sedang Ditamatkan",
    "terminated": "Tamat",
}
ACCOUNTS = {
    "active": "Aktif",
    "disabled": "Tidak Aktif",
    "requested-to-delete": "Dipohon Hapus",
    "deleted": "Dihapus",
}
HOLDS = {True: "Ya", False: "Tidak"}


class FilesPortal(Portal):
    kind = "people"
    pace = "people"
    ends_as = "handed-over"
    fillers = 3

    def start(self, folder, mailboxes):
        self.folder, self.reports, self.runs, self.done = folder, 0, 0, set()
        self.handed = folder / "serahan"
        self.sheet = {it.address: self.row(it) for it in mailboxes}
        self.export()

    def policy(self):
        return "portal: files\n"

    def arguments(self, command):
        # Each case is a separate agency with its own folder.
        self.runs += command == "apply"
        handed = ["--hand-over", self.handed / f"{self.runs:03}"] if command == "apply" else []
        return ["--portal-export", self.report, *handed]

    def row(self, mailbox):
        return dict(zip(HEADER, (
            mailbox.spelt, mailbox.name, "Pegawai", ACCOUNTS[mailbox.account], STATES.get(mailbox.state, mailbox.state), HOLDS[mailbox.hold],
            mailbox.request or "", mailbox.recoverable_until or "",
        )))

    def mailbox(self, row):
        def meaning(words, name):
            return next((meant for meant, word in words.items() if word == row[name]), row[name])

        return Mailbox(
            row["Alamat E-mel"], meaning(STATES, "Arkib"), meaning(ACCOUNTS, "Status"), meaning(HOLDS, "Tahanan"),
            row["Rujukan"] or None, None, row["Disimpan hingga"] or None,
        )

    def export(self):
        """Downloads a new export."""
        self.reports += 1
        self.report = self.folder / f"laporan-{self.reports:03}.csv"
        text = io.StringIO()
        # arkib refuses rows that it used before a newer export, unless the export has a later date.
        taken = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
        text.write(f"Tarikh laporan: {taken:%d/%m/%Y %H:%M:%S}\r\nLaporan {self.reports:03}\r\n")
        writer = csv.DictWriter(text, HEADER, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(self.sheet.values())
        self.report.write_text(text.getvalue(), encoding="utf-8-sig", newline="")

    def everything(self):
        return {address: (self.mailbox(row), dict(row)) for address, row in self.sheet.items()}

    def pages(self):
        return len(self.sheet), len(self.sheet)

    def title(self, address):
        return self.sheet[address]["Gelaran"]

    def change(self, address, title=None, **fields):
        before = self.sheet[address]
        row = self.row(dataclasses.replace(self.mailbox(before), **fields))
        self.sheet[address] = {**row, "Nama": before["Nama"], "Gelaran": title or before["Gelaran"]}
        self.export()

    def refuses_stale(self, address):
        """A spreadsheet accepts any change."""
        return False

    @contextlib.contextmanager
    def twin(self, address):
        self.sheet["twin"] = dict(self.sheet[address])
        self.export()
        yield
        del self.sheet["twin"]
        self.export()

    @contextlib.contextmanager
    def interfering(self, moment, act):
        """Nobody can act during a run: it only hands over files."""
        before = self.files()
        meanwhile = types.SimpleNamespace(environment={}, happened=False)
        yield meanwhile
        meanwhile.happened = self.files() != before

    def files(self):
        return sorted(self.handed.rglob("*.csv"))

    def carry_out(self):
        """Reads handed-over files that were not read yet and makes their changes, except those that a hold forbids."""
        for file in self.files():
            if file in self.done:
                continue
            self.done.add(file)
            for asked in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))):
                row = self.sheet[asked["Alamat E-mel"].lower()]
                terminates = {"Aktifkan Arkib": False, "Tamatkan Arkib": True}[asked["Tindakan"]]
                if terminates and row["Tahanan"] == HOLDS[True]:
                    continue
                row["Arkib"] = STATES["terminated" if terminates else "enabled"]
                row["Rujukan"] = asked["Rujukan"]
        self.export()
