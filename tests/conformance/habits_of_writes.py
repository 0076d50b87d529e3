"""Habits of servers that accept a change and do not make it, make it later, or want it said in another way."""

import copy
import hashlib
import json
import threading
import time

from front import Answer, Front, Single, refusal


class Versions(Front):
    """Has a version for each user, made of the user, in place of the server's own."""

    weak = False

    def config(self, document):
        document["etag"] = {"supported": True}

    def shown(self, user, request):
        user.setdefault("meta", {})["version"] = self.version(user)

    def version(self, user):
        bare = {name: value for name, value in user.items() if name != "meta"}
        digest = hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest()[:16]
        return f'W/"{digest}"' if self.weak else f'"{digest}"'

    def read(self, request):
        return tagged(super().read(request))

    def patched(self, request):
        wanted = next((value for name, value in request.headers.items() if name.lower() == "if-match"), None)
        if wanted and not self.matches(wanted, request):
            return refusal(412, "it is not that version")
        return tagged(super().patched(request.without("if-match")))

    def matches(self, wanted, request):
        return wanted == self.version(self.forward(request.looking()).document)


def tagged(answer):
    version = (answer.document or {}).get("meta", {}).get("version")
    return Answer(answer.status, answer.document, (("ETag", version),) if version else ())


class WeakTags(Versions, Single):
    name = "a weak ETag never matches"
    weak = True

    def config(self, document):
        Single.config(self, document)
        super().config(document)

    def matches(self, wanted, request):
        return not wanted.startswith("W/") and super().matches(wanted, request)


class Bulk(Versions):
    """Takes many changes at once, whatever the server behind it takes."""

    def config(self, document):
        super().config(document)
        document["bulk"] = {"supported": True, "maxOperations": 100, "maxPayloadSize": 1_000_000}

    def bulk(self, request):
        answers = [self.operation(request, it) for it in json.loads(request.body)["Operations"]]
        return Answer(200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": answers})

    def operation(self, request, it):
        answer = self.carried_out(request, it)
        version = dict(answer.headers).get("ETag")
        told = {"method": it["method"], "bulkId": it.get("bulkId"), "location": it["path"], "status": str(answer.status)}
        return {**told, **({"version": version} if version else {}), **({} if answer.good else {"response": answer.document})}


class IdleBulk(Bulk):
    name = "/Bulk answers 200 and changes nothing"

    def carried_out(self, request, it):
        return Answer(200)


class BareBulk(Bulk):
    name = "/Bulk takes bare operations only"

    def carried_out(self, request, it):
        if not isinstance(it["data"], list):
            return refusal(400, "data is not a list of operations", "invalidSyntax")
        schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
        headers = {**request.headers, **({"If-Match": it["version"]} if it.get("version") else {})}
        path = request.path.rsplit("/", 1)[0] + it["path"]
        single = type(request)("PATCH", path, headers).saying({"schemas": schemas, "Operations": it["data"]})
        return self.patched(single)


class NoPath(Single):
    name = "PATCH without a path only"

    def patched(self, request):
        change = json.loads(request.body)
        if any("path" in it for it in change["Operations"]):
            return refusal(400, "path is not supported", "invalidPath")
        flat = [
            {"op": "replace", "path": path, "value": value}
            for it in change["Operations"]
            for path, value in attributes(it)
        ]
        return super().patched(request.saying({**change, "Operations": flat}))


def attributes(operation):
    """The full name and the value of each attribute that an operation sets, with a path or without (RFC 7644 section 3.5.2.3)."""
    if "path" in operation:
        yield operation["path"], operation["value"]
        return
    for name, value in operation["value"].items():
        if isinstance(value, dict) and name.lower().startswith("urn:"):
            yield from ((f"{name}:{inner}", it) for inner, it in value.items())
        else:
            yield name, value


class NoPathPassedOn(Single):
    """The server reads such a change itself: not all of them know an extension in it by its object."""

    name = "PATCH without a path only, as the server reads it"

    def patched(self, request):
        if any("path" in it for it in json.loads(request.body)["Operations"]):
            return refusal(400, "path is not supported", "invalidPath")
        return super().patched(request)


class NoEffect(Single):
    name = "PATCH answers 200 and changes nothing"
    ends = "told"

    def patched(self, request):
        return self.read(request.looking())


class LateReads(Single):
    """Shows each change some seconds after it was made."""

    name = "reads lag behind writes"
    LAG_S = 2

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.old, self.lock = {}, threading.Lock()

    def patched(self, request):
        before = self.forward(request.looking()).document
        answer = super().patched(request)
        if answer.good:
            with self.lock:
                self.old[before["id"]] = before, time.monotonic() + self.LAG_S
            return Answer(204)
        return answer

    def after(self, world, report, wished):
        world.check("it waited until it saw them", time.monotonic() >= max((it for _, it in self.old.values()), default=0), report.text)

    def shown(self, user, request):
        before, until = self.old.get(user["id"], (None, 0))
        if time.monotonic() < until:
            user.clear()
            user.update(copy.deepcopy(before))


class LateReadsUnawaited(LateReads):
    """The next run comes at once."""

    name = "reads lag behind writes, and nobody waits"
    ends = "either"
    waits = ()

    def after(self, world, report, wished):
        world.equal("each change is sent", sorted(it.key for it in self.writes), sorted(world.portal.ids[it] for it in wished), report)
        soon = world.begin(environment=self.environment)
        world.equal("a run at once sends nothing again", len(self.writes), len(wished), soon)
        world.check("and calls nothing failed", "failed" not in soon.outcomes.values(), soon.text)
        time.sleep(self.LAG_S)


class TooMany(Front):
    name = "429 with Retry-After"
    READS, WRITES = 2, 3

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.left, self.lock = {"GET": self.READS, "PATCH": self.WRITES, "POST": self.WRITES}, threading.Lock()

    def handle(self, request):
        with self.lock:
            self.left[request.method] -= 1
            refused = self.left[request.method] >= 0
        return refusal(429, "slow down", headers=(("Retry-After", "1"),)) if refused else super().handle(request)


HABITS = (IdleBulk, BareBulk, NoPath, NoPathPassedOn, NoEffect, LateReads, LateReadsUnawaited, WeakTags, TooMany)
