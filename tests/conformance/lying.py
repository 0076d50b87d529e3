"""What this suite would do about a portal that says it did and did not, about an adapter that does not look, and about
a difference that is none: each must be noticed."""

import dataclasses
import json

import between
import rig
from cases import CASES
from embedded import Embedded, HeedlessEmbedded
from kind import Kind


class Forgetful(Embedded):
    """Accepts every change, shows it once, and keeps none: as a portal whose database has gone."""

    lie = "a portal that forgets"
    fillers = 1
    front = None

    def start(self, folder, mailboxes):
        super().start(folder, mailboxes)
        self.front = Accepting(self.url)
        self.front.__enter__()

    def stop(self):
        if self.front:
            self.front.__exit__()
        super().stop()

    def environment(self):
        return {**super().environment(), **self.front.environment}


class Accepting(between.Between):
    """Answers writes itself: with the mailbox as it would be."""

    def __init__(self, url):
        super().__init__(url, lambda *_: False, lambda: None)

    def answer(self, method, path, headers, body):
        if method == "POST":
            return 501, [], b""
        if method != "PATCH":
            return super().answer(method, path, headers, body)
        status, answered, user = super().answer("GET", path, {"Authorization": headers["Authorization"]}, b"")
        user = json.loads(user)
        for operation in json.loads(body)["Operations"]:
            schema, _, attribute = operation["path"].rpartition(":")
            user[schema][attribute] = operation["value"]
        return status, answered, json.dumps(user).encode()


class Unseeing(Embedded):
    """An adapter that tells what it was given, and never looks."""

    lie = "an adapter that does not look"
    fillers = 1

    def start(self, folder, mailboxes):
        super().start(folder, mailboxes)
        self.first = super().everything()

    def everything(self):
        return self.first

    def seen(self, address):
        return self.first[address][0]


class Hopeful(Embedded):
    """An adapter that tells what is wished: whatever was asked for is there."""

    lie = "an adapter that tells what is wished"
    fillers = 1

    def mailbox(self, user):
        return dataclasses.replace(super().mailbox(user), state="enabled")


class Able(HeedlessEmbedded):
    """Goes by the name of a portal that may differ, and could do what it is let off."""

    lie = "a portal that could do what it is let off"
    options = ()


# Who lies, in which cases, and some check that must fail for it.
LIES = (
    (Forgetful, ("enable",), "enable: dibuka.satu has an archive"),
    (Unseeing, ("enable",), "enable: dibuka.satu has an archive"),
    (Hopeful, ("blocked",), "the portal holds what it was given"),
    (Able, ("observe hold",), "it refuses stale writes, or not, as the table says"),
)


def suite(tally, arkib, project, scratch):
    for adapter, cases, expected in LIES:
        said = []
        quiet = rig.Tally(said.append)
        folder = scratch / adapter.__name__
        folder.mkdir()
        chosen = [case for case in CASES if case.name in cases]
        Kind(adapter, chosen).suite(quiet, arkib, project, folder)
        noticed = any(line.strip() == f"FAIL  {expected}" for line in said)
        tally.check(f"noticed: {adapter.lie}", noticed and quiet.failed, "\n".join(said))
        honest = [line for line in said if line.startswith("  ok")]
        tally.check(f"and not because nothing works: {adapter.lie}", honest, "\n".join(said))
