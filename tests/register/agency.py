"""Generates an agency with many requests: the same seed gives the same files."""

import csv
import datetime
import hashlib
import json
import random
from pathlib import Path

AS_OF = datetime.date(2026, 11, 23)
FIRST = datetime.date(2022, 1, 3)
APPROVERS = ["pentadbir.satu@agensi.example", "pentadbir.dua@agensi.example", "pentadbir.tiga@agensi.example"]
GIVEN = "aminah azlan balqis chandran daud elvin farid gopi halim ida jalil kavitha lim mei nadia ong puan ravi siti tan umi wong yap zaki".split()
FAMILY = "abdullah bakar chong devi embong foo ghani hamdan ismail jusoh krishnan latif majid nair osman perumal rahmat saad talib wee".split()
REASONS = ["Peti mel melebihi kuota.", "Permohonan unit.", "Bertukar ke agensi lain.", "Bersara wajib.\nTarikh akhir bertugas pada hujung bulan."]
CHANNELS = ["email", "memo", "letter", "form"]

POLICY = f"""version: 1
agency: BESAR
name: Jabatan Rekaan Besar
domains: [agensi.example]
approvers: [{", ".join(APPROVERS)}]
portal: embedded
language: ms
limits: {{ terminations: 99999, terminations_percent: 100, changes: 99999 }}
recoverable_days: 30
"""


def write(folder: Path, count: int, seed: int = 2026) -> None:
    """Writes policy, requests, the portal's roster and a record of notices."""
    rng = random.Random(seed)
    requests = folder / "requests"
    requests.mkdir(parents=True)
    (requests / "agency.yaml").write_text(POLICY)
    portal: dict[str, list[str]] = {}
    enabled: list[str] = []
    days = (AS_OF - FIRST).days
    received = sorted(FIRST + datetime.timedelta(days=int(days * rng.random() ** 0.8)) for _ in range(count))
    notices, open_ids = [], []
    named = 0
    for number, day in enumerate(received, start=1):
        ident = f"BSR-{day.year}-{number:05}"
        action = rng.choices(["enable", "terminate", "withdraw"], [80, 16, 4])[0]
        if action == "withdraw" and not open_ids:
            action = "enable"
        if action == "terminate" and len(enabled) < 50:
            action = "enable"
        if action == "enable":
            size = rng.choices([1, 2, 5, 30], [86, 8, 5, 1])[0]
            mailboxes = []
            for _ in range(size):
                named += 1
                mailboxes.append(f"{rng.choice(GIVEN)}.{rng.choice(FAMILY)}{named}@agensi.example")
        elif action == "terminate":
            mailboxes = [enabled.pop(rng.randrange(len(enabled) // 2))]
        text = [f"version: 1\nid: {ident}\naction: {action}"]
        if action == "withdraw":
            text.append(f"withdraws: {open_ids.pop()}")
        else:
            text.append("mailboxes:\n" + "\n".join(f"  - {it}" for it in mailboxes))
        text.append(f"received:\n  date: {day}\n  channel: {rng.choice(CHANNELS)}\n  reference: BESAR.100-{rng.randrange(1, 9)}/{number}")
        if action != "withdraw" and rng.random() < 0.7:
            text.append(f"  from: {mailboxes[0]}")
        approved = day + datetime.timedelta(days=rng.choice([0, 1, 1, 2, 3, 7]))
        is_recent = (AS_OF - day).days < 25
        is_approved = approved <= AS_OF and not (is_recent and rng.random() < 0.4)
        if is_approved:
            text.append(f"approvals:\n  - by: {rng.choice(APPROVERS)}\n    date: {approved}")
            if is_recent and rng.random() < 0.2:
                text.append(f"effective: {AS_OF + datetime.timedelta(days=rng.randrange(1, 40))}")
            elif action != "withdraw":
                done = approved + datetime.timedelta(days=rng.choice([0, 1, 1, 2, 5, 12]))
                if done <= AS_OF - datetime.timedelta(days=3) and rng.random() < 0.96:
                    carry_out(portal, action, mailboxes, ident, done, rng)
                    if action == "enable":
                        enabled.extend(mailboxes)
                    if number % 7 == 0:
                        notices.append((ident, action, mailboxes[0], done, rng.choice(["sent", "sent", "printed", "refused"])))
                elif action == "enable":
                    open_ids.append(ident)
        elif action == "enable":
            open_ids.append(ident)
        if rng.random() < 0.6:
            reason = rng.choice(REASONS)
            text.append("reason: " + json.dumps(reason, ensure_ascii=False))
        for it in mailboxes if action == "enable" else []:
            portal.setdefault(it, ["active" if rng.random() < 0.97 else "disabled", "disabled", "", "", ""])
        home = requests / str(day.year)
        home.mkdir(exist_ok=True)
        (home / f"{ident}.yaml").write_text("\n".join(text) + "\n")
    for number in range(12):
        portal[f"tanpa.permohonan{number}@agensi.example"] = ["active", "enabled", "", "2021-05-03T02:00:00Z", ""]
    # Someone disabled these in the portal.
    for it in enabled[:9]:
        portal[it][1] = "disabled"
    with (folder / "portal.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["mailbox", "account", "state", "request", "changed_at", "recoverable_until"])
        lines.writerows([it, *values] for it, values in portal.items())
    records = requests / "records"
    records.mkdir()
    (records / "20261120T010000Z-notices.jsonl").write_text(record(notices))


def carry_out(portal, action, mailboxes, ident, done, rng):
    at = f"{done}T0{rng.randrange(1, 9)}:{rng.randrange(10, 60)}:00Z"
    until = f"{done + datetime.timedelta(days=30)}T01:00:00Z" if action == "terminate" else ""
    state = "enabled" if action == "enable" else "terminated"
    for it in mailboxes:
        portal[it] = ["active", state, ident, at, until]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def record(notices) -> str:
    """The record of a run that sent notices, each line with its hash, as arkib writes it."""
    begun = {"format": "arkib.record/1", "arkib": "0.1.0", "agency": "BESAR", "by": "ujian", "job": None, "commit": None,
             "policy": "0" * 64, "as_of": "2026-11-20", "notices": len(notices)}
    events = [{"notifying": begun}]
    for ident, action, to, _, outcome in notices:
        about = {"request": ident, "kind": "enabled" if action == "enable" else "terminated", "to": to}
        events.append({"notice": {**about, "channel": "email", "message_id": None, "file": None, "sha256": "0" * 64}})
        events.append({"delivery": {**about, "outcome": outcome, "detail": "550 5.1.1 tiada peti mel" if outcome == "refused" else None}})
    events.append({"ended": {"status": 0, "reason": "done"}})
    lines, prev = [], []
    start = datetime.datetime(2026, 11, 20, 1)
    compact = {"separators": (",", ":"), "ensure_ascii": False}
    for seq, event in enumerate(events):
        at = (start + datetime.timedelta(seconds=seq // 2)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        own = sha256(f"arkib.record/1\n{seq}\n{at}\n{','.join(prev)}\n{json.dumps(event, **compact)}")
        line = {"seq": seq, "at": at, "prev": prev, "event": event, "hash": own}
        lines.append(json.dumps(line, **compact))
        prev = [own]
    return "\n".join(lines) + "\n"
