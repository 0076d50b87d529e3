"""What the approved requests ask for, as an administrator's script would find out: PyYAML with its parser in C, on
all cores. It checks nothing: no finding, no policy, no approver, no day that contradicts another."""

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml


def wanted(folder: Path) -> dict[str, tuple[str, str]]:
    """By mailbox, the action and the request that count today."""
    files = [path for path in folder.rglob("*.yaml") if path.name != "agency.yaml"]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        requests = [it for it in pool.map(_read, files, chunksize=500) if it]
    return _folded(requests, datetime.now(ZoneInfo("Asia/Kuala_Lumpur")).date())


def _read(path: Path) -> dict | None:
    request = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    return request if request.get("approvals") else None


def _folded(requests: list[dict], today: date) -> dict[str, tuple[str, str]]:
    """The request that takes effect last wins; a withdrawn one was never made."""
    withdrawn = {it["withdraws"] for it in requests if it["action"] == "withdraw"}
    due = [it for it in requests if it["id"] not in withdrawn and "mailboxes" in it and _day(it) <= today]
    due.sort(key=lambda it: (_day(it), _approved(it), it["id"]))
    return {mailbox.lower(): (it["action"], it["id"]) for it in due for mailbox in it["mailboxes"]}


def _day(request: dict) -> date:
    return request.get("effective") or _approved(request)


def _approved(request: dict) -> date:
    return request["approvals"][-1]["date"]
