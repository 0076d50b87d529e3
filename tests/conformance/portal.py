"""The interface of a kind of portal in this suite, and its representation of a mailbox.

A new kind of portal is one class that keeps [`Portal`], one row in conformance.py, and its column of differences.py.
Whatever it is asked about the portal it answers by looking itself: by HTTP requests or files of its own, never by
asking arkib."""

import contextlib
import dataclasses

DOMAIN = "agensi.example"
STATES = ("disabled", "enabling", "enabled", "terminating", "terminated")
ACCOUNTS = ("active", "disabled", "requested-to-delete", "deleted")


@dataclasses.dataclass(frozen=True)
class Mailbox:
    """A mailbox in arkib's words; each adapter translates them for its portal."""

    name: str
    state: str = "disabled"
    account: str = "active"
    hold: bool = False
    request: str | None = None
    changed_at: str | None = None
    recoverable_until: str | None = None

    @property
    def spelt(self):
        """The address as it is loaded into the portal."""
        return self.name if "@" in self.name else f"{self.name}@{DOMAIN}"

    @property
    def address(self):
        return self.spelt.lower()


class Unique(Exception):
    """Two accounts cannot have the same address."""


class Portal:
    """A portal of one kind, started by this suite. The attributes say what it supports; differences.py has the reasons."""

    kind = ""
    # The states that it can represent.
    states = STATES
    accounts = ACCOUNTS
    # Whether it stores the request id, and until when a terminated archive is kept.
    keeps_request = True
    keeps_recoverable = True
    # Whether a change is made `at once`, `takes its time`, or is made by `people`.
    pace = "at once"
    # The outcome of a change; `handed-over` if people make it.
    ends_as = "applied"
    # The number of mailboxes besides those of the cases, so that a list has several pages.
    fillers = 40

    def start(self, folder, mailboxes):
        """Starts it with these mailboxes."""
        raise NotImplementedError

    def stop(self):
        """Stops what `start` started."""

    def policy(self):
        """The lines of the policy that name it."""
        raise NotImplementedError

    def environment(self):
        """Environment variables for arkib."""
        return {}

    def arguments(self, command):
        """Options of arkib for it, to `plan`, `apply`, or show a `status`."""
        return []

    def everything(self):
        """Every mailbox by address: its [`Mailbox`] and all its data in the portal."""
        raise NotImplementedError

    def pages(self):
        """The number of mailboxes, and the page size."""
        raise NotImplementedError

    def change(self, address, **fields):
        """Changes fields of a [`Mailbox`], or its `title`, without arkib."""
        raise NotImplementedError

    def title(self, address):
        """A property of the account that arkib does not know."""
        raise NotImplementedError

    def refuses_stale(self, address):
        """Whether a stale write is refused; tested, not declared."""
        raise NotImplementedError

    @contextlib.contextmanager
    def twin(self, address):
        """A context in which another account has this address, too; raises [`Unique`] if the portal does not allow that."""
        raise NotImplementedError
        yield

    @contextlib.contextmanager
    def interfering(self, moment, act):
        """Lets `act` happen once in a run of arkib: `planned`, after the plan and before anything comes of it, or
        `write`, when the change is on its way. Gives an object with the `environment` for that run, and whether that
        moment `happened`."""
        raise NotImplementedError
        yield

    def carry_out(self):
        """People carry out the handed-over changes and export. Does nothing for other portals."""

    def observed(self, address):
        """The mailbox as it is now."""
        return self.everything()[address][0]
