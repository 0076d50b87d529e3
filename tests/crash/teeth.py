"""The checks themselves: each kind of lie is found, and the truth is none."""

import truth

CHANGE = ("a01@agensi.example", "enabled", "R-1")
MADE_AT = "2026-11-29T12:00:05.000Z"
TRAIL = [(*CHANGE, MADE_AT, "1")]


def line(record, second, kind, **more):
    event = {kind: {"mailbox": CHANGE[0], "request": CHANGE[2], **more}}
    return record, {"at": f"2026-11-29T12:00:0{second}.000Z", "hash": f"{record}{second}", "event": event}


def intent(record, second):
    return line(record, second, "intent", action="enable")


def outcome(record, second, word):
    return line(record, second, "outcome", outcome=word)


def settled(record, second, word, of):
    return line(record, second, "settled", outcome=word, intent=of)


# What is on record, what the portal did, and what is wrong with that.
CASES = [
    ("a change that its run saw itself make", [intent("A", 4), outcome("A", 6, "applied")], TRAIL, []),
    ("a change that a later run saw", [intent("A", 4), settled("B", 6, "seen-done", "A4")], TRAIL, []),
    ("a change that nobody saw", [intent("A", 4), outcome("A", 6, "unknown")], TRAIL, []),
    ("not made by the first, but by the second", [intent("A", 1), settled("B", 2, "not-applied", "A1"), intent("B", 3), outcome("B", 6, "applied")], TRAIL, []),
    ("applied, and not made", [intent("A", 4), outcome("A", 6, "applied")], [], ["false claim"]),
    ("seen, and not made", [intent("A", 4), settled("B", 6, "seen-done", "A4")], [], ["false claim"]),
    ("claimed by two", [intent("A", 4), outcome("A", 6, "applied"), intent("B", 4), outcome("B", 6, "applied")], TRAIL, ["claimed twice"]),
    ("not made, but it was", [intent("A", 4), settled("B", 6, "not-applied", "A4")], TRAIL, ["false denial", "not on record"]),
    ("not made, but it came later", [intent("A", 1), settled("B", 2, "not-applied", "A1")], TRAIL, ["false denial", "not on record"]),
    ("made, and on no record", [], TRAIL, ["not on record"]),
    ("made twice", [intent("A", 4), outcome("A", 6, "applied")], TRAIL * 2, ["doubled"]),
    ("made for another request", [], [(*CHANGE[:2], "R-2", MADE_AT, "1")], ["not on record", "unapproved"]),
]


def suite(tally, *_):
    for name, lines, trail, expected in CASES:
        wrong = truth.Violations()
        truth.check_trail(wrong, [CHANGE], trail)
        truth.check_words(wrong, lines, trail)
        truth.check_all_recorded(wrong, lines, trail)
        tally.equal(name, wrong.kinds(), expected)
    open_ = [intent("A", 1), intent("B", 2), outcome("B", 3, "unknown"), settled("C", 4, "seen-done", "A1")]
    tally.equal("what is open", truth.left_open(open_), {("B", CHANGE[0])})
