"""One kind of portal under every case."""

import dataclasses
import time

import differences
from cases import CASES
from portal import ACCOUNTS, STATES, Mailbox, Unique
from world import World


def fillers(count):
    """Mailboxes besides those of the cases: most without an archive, some with one."""
    return [Mailbox(f"isian.{n:04}", "enabled" if n % 10 == 7 else "disabled") for n in range(count)]


class Kind:
    """A module of this suite."""

    def __init__(self, adapter, cases=CASES):
        self.adapter, self.cases = adapter, cases

    def suite(self, tally, arkib, _, scratch):
        portal = self.adapter()
        chosen = list(self.applicable(tally, portal.kind))
        loaded = [mailbox for case in chosen for mailbox in case.mailboxes] + fillers(portal.fillers)
        loaded = [as_it_can_be(portal, mailbox) for mailbox in loaded]
        began = time.monotonic()
        try:
            portal.start(scratch, loaded)
            holds_what_was_loaded(tally, portal, loaded)
            is_as_the_table_says(tally, portal)
            before = portal.everything()
            for number, case in enumerate(chosen):
                before = run(tally, arkib, portal, scratch / f"{number:02}", case, before)
        finally:
            portal.stop()
        tally.say(f"  {time.monotonic() - began:.1f} s")

    def applicable(self, tally, kind):
        for case in self.cases:
            why = differences.why_not(kind, case.name)
            if why:
                tally.say(f"  --    {kind}: {case.name} does not apply, because {why}")
            else:
                yield case


def run(tally, arkib, portal, folder, case, before):
    """Returns the content of the portal after the case; `before` is its content before."""
    world = World(folder, arkib, portal, tally, case.name)
    try:
        case.check(world, *(as_it_can_be(portal, mailbox) for mailbox in case.mailboxes))
    except Exception as error:  # One case that breaks off must not hide the others.
        tally.check(f"{case.name}: it ran to its end", False, f"{type(error).__name__}: {error}")
    own = {mailbox.address for mailbox in case.mailboxes}
    after = portal.everything()
    touched = [it for it in before.keys() | after.keys() if it not in own and before.get(it) != after.get(it)]
    world.equal("nobody else is touched", sorted(touched), [])
    return after


def holds_what_was_loaded(tally, portal, loaded):
    held = {address: essence(mailbox) for address, (mailbox, _) in portal.everything().items()}
    tally.equal("the portal holds what it was given", held, {it.address: essence(it) for it in loaded})


def essence(mailbox):
    return mailbox.spelt, mailbox.state, mailbox.account, mailbox.hold


def is_as_the_table_says(tally, portal):
    """Tests the declared differences."""

    def applies(case):
        return not differences.why_not(portal.kind, case)

    refuses = portal.refuses_stale(fillers(1)[0].address)
    tally.equal("it refuses stale writes, or not, as the table says", refuses, applies("a hold laid at the very write"))
    tally.equal("it lets two accounts have one address, or not", allows_twins(portal), applies("two accounts with one address"))
    paces = {
        "at once": "what is done is done at once",
        "takes its time": "a change takes its time",
        "people": "people are asked once",
    }
    found = {pace for pace, case in paces.items() if applies(case)}
    tally.equal("when a change is done", found, {portal.pace})
    tally.equal("it keeps the request, or not", portal.keeps_request, applies("the request is kept"))
    words = {it for it in STATES if applies(f"observe archive {it}")}
    tally.equal("it has these words for an archive", words, set(portal.states))
    words = {it for it in ACCOUNTS if applies(f"observe account {it}")}
    tally.equal("it has these words for an account", words, set(portal.accounts))


def allows_twins(portal):
    try:
        with portal.twin(fillers(1)[0].address):
            return True
    except Unique:
        return False


def as_it_can_be(portal, mailbox):
    """A mailbox with only the properties that this portal supports."""
    if mailbox.state == "terminated" and "terminated" not in portal.states:
        return dataclasses.replace(mailbox, state="disabled")
    return mailbox
