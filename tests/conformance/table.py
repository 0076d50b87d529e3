"""Checks the table of differences: every row is a case, every column a kind, and forbidden entries are absent."""

from cases import CASES
from differences import ALL_MUST, DIFFERENCES


class Table:
    """A module of this suite."""

    def __init__(self, kinds):
        self.kinds = kinds

    def suite(self, tally, *_):
        names = [case.name for case in CASES]
        tally.equal("every case has a name of its own", len(set(names)), len(names))
        mailboxes = [mailbox.address for case in CASES for mailbox in case.mailboxes]
        tally.equal("and mailboxes of its own", len(set(mailboxes)), len(mailboxes))
        tally.equal("every row is a case", [case for case in DIFFERENCES if case not in names], [])
        columns = {kind for row in DIFFERENCES.values() for kind in row}
        tally.equal("every column is a kind of portal", sorted(columns - set(self.kinds)), [])
        tally.equal("what all must pass is there", [case for case in ALL_MUST if case not in names], [])
        tally.equal("and nobody is let off it", [case for case in ALL_MUST if case in DIFFERENCES], [])
        for case, row in DIFFERENCES.items():
            tally.check(f"some kind is put to it: {case}", set(self.kinds) - set(row))
