"""Habits of servers that cannot be had, put before some that can: a dry run, a run that applies, and an empty plan after
it. Every user is compared whole with what was there, by looking without arkib. What is said to be done is done, and nothing
else is changed."""

import time

from kind import fillers
from portal import Mailbox
from world import World


class Habits:
    """A module of this suite: habits before one kind of portal. Each is a row."""

    def __init__(self, adapter, habits):
        self.adapter, self.habits = adapter, habits

    def suite(self, tally, arkib, _, scratch):
        portal = self.adapter()
        rows = [(habit, wishes(number)) for number, habit in enumerate(self.habits)]
        loaded = [mailbox for _, wished in rows for mailbox in wished]
        began = time.monotonic()
        try:
            portal.start(scratch, fillers(portal.fillers) + loaded)
            for number, (habit, wished) in enumerate(rows):
                world = World(scratch / f"{number:02}", arkib, portal, tally, habit.name)
                try:
                    row(world, habit, *wished)
                except Exception as error:  # One row that breaks off must not hide the others.
                    world.check("it ran to its end", False, f"{type(error).__name__}: {error}")
        finally:
            portal.stop()
        tally.say(f"  {time.monotonic() - began:.1f} s")


def wishes(number):
    """The mailboxes of a row: one to enable, one to terminate."""
    return Mailbox(f"buka.{number:02}"), Mailbox(f"tamat.{number:02}", "enabled")


def row(world, habit, enable, terminate):
    wished = {enable.address: "enabled", terminate.address: world.gone}
    before = world.portal.everything()
    with habit(world.portal, set(wished)) as front:
        world.ask("enable", enable.address)
        world.ask("terminate", terminate.address)
        dry = world.plan(*front.arguments(), environment=front.environment)
        honest(world, "a dry run", dry, wished)
        world.equal("a dry run writes nothing", [it.method for it in front.writes], [], dry)
        applied = world.begin(*front.waits, *front.arguments(), environment=front.environment)
        honest(world, "a run", applied, wished)
        front.after(world, applied, wished)
        again = dry
        if dry.summary:
            again = world.plan("--detailed-exitcode", *front.arguments(), environment=front.environment)
            honest(world, "the run after it", again, wished)
    if front.ends == "done":
        world.equal("a dry run plans it", set(dry.changes), set(wished), dry)
        world.equal("all is done", (applied.status, applied.outcomes), (0, dict.fromkeys(wished, "applied")), applied)
        world.equal("a second run has nothing to do", (again.status, again.changes, again.blocked), (0, {}, {}), again)
    if front.ends == "told":
        world.check("that it is not done is said", applied.status in (1, 3), applied.text)
    whole(world, before, wished, front.ends)


def honest(world, what, report, wished):
    """What a run calls done, or does not mention any more, is so."""
    said = [it for it, outcome in report.outcomes.items() if outcome in ("applied", "already-so")]
    if report.summary:
        said += [it for it in wished if it not in report.outcomes and report.fate(it) is None]
    found = {it: world.portal.observed(it).state for it in said}
    world.equal(f"{what} says done only of what is", found, {it: wished[it] for it in said}, report)


def whole(world, before, wished, ends):
    """Every user is as before, but for the archives that were asked for."""
    after = world.portal.everything()
    world.equal("all users are there", set(after), set(before))
    others = [it for it in before if it not in wished and after.get(it) != before[it]]
    world.equal("nobody else is touched", others, [])
    rest = world.portal.rest
    changed = {it: after[it][1] for it in wished if rest(after[it][1]) != rest(before[it][1])}
    world.equal("the rest of each user is as it was", changed, {})
    was = {it: before[it][0].state for it in wished}
    allowed = {"done": (wished,), "told": (was,), "either": (wished, was)}[ends]
    wrong = {it: after[it][0].state for it in wished if after[it][0].state not in [states[it] for states in allowed]}
    world.equal(f"each archive is as it may be ({ends})", wrong, {})
