"""Tests of the suite itself: a portal that only claims to make changes, an adapter that does not observe, a declared
difference that does not exist, and a habit that no client can see must each be detected."""

import dataclasses
import json

import interceptor
import rig
from cases import CASES
from embedded import Embedded, NoIfMatchEmbedded
from front import Single
from habits import Habits
from habits_of_writes import attributes
from kind import Kind


class ForgetfulPortal(Embedded):
    """Accepts every change, shows it once, and stores none: like a portal that lost its database."""

    lie = "a portal that forgets"
    fillers = 1
    front = None

    def start(self, folder, mailboxes):
        super().start(folder, mailboxes)
        self.front = AcceptingInterceptor(self.url)
        self.front.__enter__()

    def stop(self):
        if self.front:
            self.front.__exit__()
        super().stop()

    def environment(self):
        return {**super().environment(), **self.front.environment}


class AcceptingInterceptor(interceptor.Interceptor):
    """Answers writes itself, with the mailbox as it would be after the change."""

    def __init__(self, url):
        super().__init__(url, lambda *_: False, lambda: None)

    def answer(self, method, path, headers, body):
        if method == "POST":
            return 501, [], b""
        if method != "PATCH":
            return super().answer(method, path, headers, body)
        status, answered, user = super().answer("GET", path, {"Authorization": headers["Authorization"]}, b"")
        user = json.loads(user)
        put(user, json.loads(body)["Operations"])
        return status, answered, json.dumps(user).encode()


def put(user, operations):
    """The user after these operations."""
    for name, value in (it for operation in operations for it in attributes(operation)):
        schema, _, attribute = name.rpartition(":")
        user[schema][attribute] = value


class EchoingAdapter(Embedded):
    """An adapter that returns what it was given, and never observes."""

    lie = "an adapter that does not look"
    fillers = 1

    def start(self, folder, mailboxes):
        super().start(folder, mailboxes)
        self.first = super().everything()

    def everything(self):
        return self.first

    def observed(self, address):
        return self.first[address][0]


class AssumingAdapter(Embedded):
    """An adapter that assumes that every requested change was made."""

    lie = "an adapter that tells what is wished"
    fillers = 1

    def mailbox(self, user):
        return dataclasses.replace(super().mailbox(user), state="enabled")


class CapablePortal(NoIfMatchEmbedded):
    """Has the name of a portal with a declared difference, but supports the feature."""

    lie = "a portal that could do what it is let off"
    options = ()


class Pretends(Single):
    """Shows changes that it never passed on."""

    name = "changes that are not there"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.changes = {}

    def patched(self, request):
        self.changes[request.key] = json.loads(request.body)["Operations"]
        return self.read(request.looking())

    def shown(self, user, _):
        put(user, self.changes.get(user["id"], ()))


class FewEmbedded(Embedded):
    fillers = 1


# Each faulty adapter, its cases, and a check that must fail.
LIES = (
    (ForgetfulPortal, ("enable",), "enable: dibuka.satu has an archive"),
    (EchoingAdapter, ("enable",), "enable: dibuka.satu has an archive"),
    (AssumingAdapter, ("blocked",), "the portal holds what it was given"),
    (CapablePortal, ("observe hold",), "it refuses stale writes, or not, as the table says"),
)


def suite(tally, arkib, project, scratch):
    modules = [
        (adapter.lie, Kind(adapter, [case for case in CASES if case.name in cases]), expected)
        for adapter, cases, expected in LIES
    ]
    modules.append((Pretends.name, Habits(FewEmbedded, [Pretends]), f"{Pretends.name}: a run says done only of what is"))
    for number, (lie, module, expected) in enumerate(modules):
        said = []
        quiet = rig.Tally(said.append)
        folder = scratch / str(number)
        folder.mkdir()
        module.suite(quiet, arkib, project, folder)
        noticed = any(line.strip() == f"FAIL  {expected}" for line in said)
        tally.check(f"noticed: {lie}", noticed and quiet.failed, "\n".join(said))
        honest = [line for line in said if line.startswith("  ok")]
        tally.check(f"and not because nothing works: {lie}", honest, "\n".join(said))
