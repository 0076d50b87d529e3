"""What a kind of portal must be able to do for this suite, and how a mailbox is written down here.

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
    """A mailbox in arkib's words; each adapter has its own portal's."""

    name: str
    state: str = "disabled"
    account: str = "active"
    hold: bool = False
    request: str | None = None
    changed_at: str | None = None
    recoverable_until: str | None = None

    @property
    def spelt(self):
        """The address as the portal is given it."""
        return self.name if "@" in self.name else f"{self.name}@{DOMAIN}"

    @property
    def address(self):
        return self.spelt.lower()


class Unique(Exception):
    """No two accounts may have one address."""


class Portal:
    """A portal of one kind, started by this suite. The attributes say what it can do; differences.py says why not."""

    kind = ""
    # What it has words for.
    states = STATES
    accounts = ACCOUNTS
    # Whether it holds the id of the request, and until when a terminated archive is kept.
    keeps_request = True
    keeps_recoverable = True
    # Whether a change is done `at once`, or `takes its time`, or is made by `people`.
    pace = "at once"
    # How a change ends that arkib made; `handed-over` where people have to make it.
    ends_as = "applied"
    # Mailboxes that are loaded beside those of the cases, so that a list has several pages.
    fillers = 40

    def start(self, folder, mailboxes):
        """Starts it with these mailboxes."""
        raise NotImplementedError

    def stop(self):
        """Ends what `start` started."""

    def policy(self):
        """The lines of the policy that name it."""
        raise NotImplementedError

    def environment(self):
        """What arkib is told of it."""
        return {}

    def arguments(self, command):
        """What arkib is told of it, to `plan`, `apply`, or tell a `status`."""
        return []

    def everything(self):
        """Every mailbox: by address, [`Mailbox`] and the whole of what the portal holds of it."""
        raise NotImplementedError

    def pages(self):
        """How many mailboxes there are, and how many of them the portal gives at once."""
        raise NotImplementedError

    def change(self, address, **fields):
        """Somebody changes fields of [`Mailbox`], or its `title`, without arkib."""
        raise NotImplementedError

    def title(self, address):
        """Something of the account that arkib knows nothing of."""
        raise NotImplementedError

    def refuses_stale(self, address):
        """Whether a write is refused that relies on what is no longer so; tried, not asked."""
        raise NotImplementedError

    @contextlib.contextmanager
    def twin(self, address):
        """While it lasts another account has this address, too; raises [`Unique`] where the portal does not let it."""
        raise NotImplementedError
        yield

    @contextlib.contextmanager
    def meddled(self, moment, act):
        """Lets `act` happen once in a run of arkib: `planned`, after the plan and before anything comes of it, or
        `write`, when the change is on its way. Gives an object with the `environment` for that run, and whether that
        moment `happened`."""
        raise NotImplementedError
        yield

    def carry_out(self):
        """People do what they were handed, and report. Nothing where there are none."""

    def seen(self, address):
        """The mailbox as it is now."""
        return self.everything()[address][0]
