"""What records and outputs say, held against what the portal's trail says."""

import collections

# Words with which a run says that it made a change; that it is done, by whomever; and that it was not made.
MADE = {"applied"}
SEEN = {"already-so", "seen-done", "seen"}
DENIED = {"not-applied", "failed"}


class Violations:
    """What is wrong, by kind."""

    def __init__(self):
        self.found = []

    def add(self, kind, text):
        if (kind, text) not in self.found:
            self.found.append((kind, text))

    def kinds(self):
        return sorted({kind for kind, _ in self.found})

    def __str__(self):
        return "\n".join(f"{kind}: {text}" for kind, text in self.found)


def short(changes):
    listed = [f"{mailbox.split('@')[0]} {state}" for mailbox, state, *_ in sorted(changes)]
    return ", ".join(listed[:6]) + (f" and {len(listed) - 6} more" if len(listed) > 6 else "")


def words(lines):
    """Each word on a change: (record, when, mailbox, request, word)."""
    for record, line in lines:
        for kind in ("outcome", "settled"):
            event = line["event"].get(kind)
            if event:
                yield record, line["at"], event["mailbox"], event["request"], event["outcome"]


def intents(lines):
    for record, line in lines:
        event = line["event"].get("intent")
        if event:
            yield record, line["at"], event["mailbox"], event["request"]


def left_open(lines):
    """What was announced and has no end on record: (record, mailbox)."""
    open_ = {}
    for record, line in lines:
        event = line["event"]
        if "intent" in event:
            open_[line["hash"]] = (record, event["intent"]["mailbox"])
        elif "outcome" in event and event["outcome"]["outcome"] != "unknown":
            mine = (record, event["outcome"]["mailbox"])
            open_ = {key: value for key, value in open_.items() if value != mine}
        elif "settled" in event:
            open_.pop(event["settled"]["intent"], None)
    return set(open_.values())


def check_trail(wrong, approved, trail):
    """Nothing unapproved, nothing doubled."""
    changes = [entry[:3] for entry in trail]
    unapproved = set(changes) - set(approved)
    if unapproved:
        wrong.add("unapproved", short(unapproved))
    twice = [change for change, count in collections.Counter(changes).items() if count > 1]
    if twice:
        wrong.add("doubled", short(twice))


def check_words(wrong, lines, trail, by_people=False):
    """Nothing is said to be done that the trail does not have, nothing is claimed twice. What was not made by one run may have
    been made by a later one; by people also because of an earlier one's file."""
    made = {(mailbox, request): at for mailbox, _, request, at, *_ in trail}
    claims = collections.Counter()
    announced = list(intents(lines))
    for record, at, mailbox, request, word in words(lines):
        key = (mailbox, request)
        if word in MADE | SEEN and key not in made:
            wrong.add("false claim", f"{record} says {word} of {mailbox}, which was not made")
        if word in MADE:
            claims[key] += 1
        if word in DENIED and key in made:
            times = [when for _, when, *other in announced if tuple(other) == key]
            others = len(times) > 1 if by_people else any(at <= when <= made[key] for when in times)
            if made[key] < at or not others:
                wrong.add("false denial", f"{record} says {word} of {mailbox} at {at}; it was made at {made[key]}")
    twice = [key[0] for key, count in claims.items() if count > 1]
    if twice:
        wrong.add("claimed twice", f"{len(twice)}: {', '.join(sorted(twice)[:3])}")


def check_all_recorded(wrong, lines, trail):
    """Each change of the trail is on record: as made, as seen, or as not known."""
    known = {(mailbox, request) for _, _, mailbox, request, word in words(lines) if word not in DENIED | {"skipped"}}
    missing = [entry for entry in trail if (entry[0], entry[2]) not in known]
    if missing:
        wrong.add("not on record", short(missing))


def check_output(wrong, run, trail, where):
    """The outcomes that a run printed."""
    made = {mailbox for mailbox, *_ in trail}
    for outcome in run.json.get("outcomes") or []:
        if outcome["outcome"] in MADE | SEEN and outcome["mailbox"] not in made:
            wrong.add("false claim", f"{where} prints {outcome['outcome']} of {outcome['mailbox']}, which was not made")


def check_views(wrong, checkout, approved, trail, where, *arguments):
    """`records verify`, `records list`, the register and the status."""
    made = {(mailbox, request) for mailbox, _, request, *_ in trail}
    verified = checkout.json("records", "verify")
    if verified.status:
        wrong.add("verify", f"{where}: {verified}")
    listed = checkout.json("records", "list")
    for run in listed.json.get("runs", []):
        if run.get("done", 0) > len(made):
            wrong.add("false claim", f"{where}: the list says {run['done']} done of {len(made)}")
        if run.get("under_way"):
            wrong.add("false claim", f"{where}: the list says that a dead run is under way")
    register = checkout.json("register", *arguments)
    if register.status:
        wrong.add("view", f"{where}: the register gave {register}")
    for row in register.json.get("register", {}).get("rows", []):
        for mailbox in row["mailboxes"]:
            if mailbox["stage"] == "done" and (mailbox["mailbox"], row["id"]) not in made:
                wrong.add("false claim", f"{where}: the register says done of {mailbox['mailbox']}")
    status = checkout.json("status", "--all", *arguments)
    if status.status:
        wrong.add("view", f"{where}: the status gave {status}")
    waiting = {row["request"] for row in status.json.get("waiting", [])}
    for request in {change[2] for change in approved if (change[0], change[2]) not in made}:
        if status.json and request not in waiting:
            wrong.add("false claim", f"{where}: the status does not say that {request} waits")
    return listed, register


def check_end(wrong, listed, register, approved, trail):
    """All is done, and everything says so."""
    lost = set(approved) - {entry[:3] for entry in trail}
    if lost:
        wrong.add("lost", short(lost))
    rows = register.json.get("register", {}).get("rows", [])
    wanted = {change[2] for change in approved}
    stages = {mailbox["mailbox"]: mailbox["stage"] for row in rows if row["id"] in wanted for mailbox in row["mailboxes"]}
    late = [mailbox for mailbox, stage in stages.items() if stage != "done"]
    if late or not stages:
        wrong.add("view", f"at the end the register does not say done of {', '.join(late) or 'anything'}")
    open_ = sum(run.get("open", 0) for run in listed.json.get("runs", []))
    if open_:
        wrong.add("view", f"at the end the list has {open_} open changes")
