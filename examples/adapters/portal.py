"""The portal's own REST interface, and its words in arkib's. Adapt this file to your portal: the three scripts beside it
know nothing of it. Standard library only.

Whatever it does not know it does not guess: it stops with a `PortalError`, or passes the word on as `unknown: …`, and
arkib leaves that mailbox alone."""

import dataclasses
import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

# The portal's words, and what they mean. Ask its operator: `archiveDisabled: true` is not an archive.
ARCHIVE = {"OFF": "disabled", "STARTING": "enabling", "ON": "enabled", "STOPPING": "terminating", "STOPPED": "terminated"}
ACCOUNT = {"ACTIVE": "active", "SUSPENDED": "disabled", "LEAVING": "requested-to-delete", "CLOSED": "deleted"}

PAGE = 100
TIMEOUT_S = 30
LONGEST_ANSWER = 16 << 20
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class PortalError(Exception):
    """No usable answer. If a change was sent, nobody knows whether it was made."""


class NotSent(PortalError):
    """The portal did nothing, and may do it later: it is away, or asks to wait for `wait_s` seconds."""

    wait_s = 5


class Refused(PortalError):
    """The portal says no. Nothing was changed."""


class Stale(Refused):
    """The account has changed since it was read."""


class NoAccess(Refused):
    """The portal refuses the key, so it will refuse everything else, too."""


class _Contradiction(PortalError):
    """The list changed while it was read."""


@dataclasses.dataclass(frozen=True)
class Account:
    """An account and its archive, in arkib's words."""

    id: str
    address: str
    archive: str
    account: str
    hold: bool
    request: str | None
    changed: str | None
    kept_until: str | None
    created: str | None
    version: str

    def has(self, archive_wanted):
        """Whether it already is as wanted."""
        return self.archive == "enabled" if archive_wanted else self.archive in ("disabled", "terminated")

    def becomes(self, archive_wanted):
        """Whether the portal is already making it so."""
        return self.archive == ("enabling" if archive_wanted else "terminating")

    def obstacle(self, archive_wanted):
        """Why the change must not be made; None if it may."""
        if self.archive not in ("disabled", "enabled", "terminated"):
            return f"the archive is {self.archive}"
        if self.account != "active":
            return f"the account is {self.account}"
        if self.hold and not archive_wanted:
            return "the archive is on legal hold"
        return None


class Portal:
    """The portal. Only `set_archive` changes anything."""

    def __init__(self, url, key):
        place = urllib.parse.urlsplit(url)
        local = place.hostname in LOOPBACK
        if place.scheme != "https" and not (place.scheme == "http" and local):
            raise PortalError("ADMIN_PORTAL_URL must begin with https://; http:// is for this machine only")
        if not key or not key.isascii() or not key.isprintable():
            raise PortalError("the portal's key is empty, or has characters that a header cannot hold")
        self._url, self._key = url.rstrip("/"), key
        # This machine is reached without a proxy; a redirect could send the key elsewhere.
        proxy = [urllib.request.ProxyHandler({})] if local else []
        self._opener = urllib.request.build_opener(_NoRedirect, *proxy)

    @classmethod
    def from_environment(cls):
        """The portal that ADMIN_PORTAL_URL and ADMIN_PORTAL_KEY (or ADMIN_PORTAL_KEY_FILE) name."""
        url = os.environ.get("ADMIN_PORTAL_URL")
        if not url:
            raise PortalError("ADMIN_PORTAL_URL is not set")
        return cls(url, secret("ADMIN_PORTAL_KEY"))

    def all(self):
        """Every account. A list that contradicts itself is read again, and never trusted."""
        for pause in (1, 3, None):
            try:
                return self._list({})
            except _Contradiction:
                if pause is None:
                    raise
                time.sleep(pause)

    def find(self, address):
        """The accounts with that address. A portal without a search: filter `all()` instead."""
        return [account for account in self._list({"login": address}) if account.address.lower() == address.lower()]

    def get(self, id):
        """One account as it is now; None if the portal has none."""
        answer = self._call("GET", f"/api/accounts/{urllib.parse.quote(id, safe='')}")
        if answer is None:
            return None
        account = read_account(answer)
        if account.id != id:
            raise PortalError("the portal answered with another account")
        return account

    def set_archive(self, account, wanted, request):
        """Changes an archive, if the account still is as it was read. Returns the account as the portal then shows it: a
        portal that says yes and changes nothing is noticed."""
        body = {"archive": "ON" if wanted else "OFF", "reference": request, "revision": int(account.version)}
        if self._call("POST", f"/api/accounts/{urllib.parse.quote(account.id, safe='')}/archive", body) is None:
            raise Refused("the portal has no such account")
        after = self.get(account.id)
        if after is None:
            raise PortalError("the account is gone after the change")
        return after

    def _list(self, query):
        accounts, total, page = {}, None, 0
        while True:
            page += 1
            answer = self._call("GET", f"/api/accounts?{urllib.parse.urlencode({**query, 'page': page, 'size': PAGE})}")
            items, said = (answer.get("items"), answer.get("total")) if isinstance(answer, dict) else (None, None)
            if not isinstance(items, list) or not is_number(said):
                raise PortalError("the portal's list has no `items` or no `total`")
            if total not in (None, said):
                raise _Contradiction("the number of accounts changes while the list is read")
            total = said
            for account in map(read_account, items):
                if account.id in accounts:
                    raise _Contradiction("an account is in the list twice")
                accounts[account.id] = account
            # An empty page ends the list, whatever the total says.
            if not items or len(accounts) > total:
                break
        if len(accounts) != total:
            raise _Contradiction(f"the list has {len(accounts)} accounts, and says that there are {total}")
        return list(accounts.values())

    def _call(self, method, path, body=None):
        """The JSON in the portal's answer; None if it has no such account."""
        headers = {"X-Api-Key": self._key, "Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return _parse(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _refusal(refusal)
        except urllib.error.URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                raise NotSent("the portal is away: it refuses the connection") from error
            raise PortalError(f"the portal does not answer: {type(error.reason).__name__}") from error
        except (OSError, http.client.HTTPException) as error:
            raise PortalError(f"the portal's answer broke off: {type(error).__name__}") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def _parse(answer):
    text = answer.read(LONGEST_ANSWER + 1)
    if len(text) > LONGEST_ANSWER:
        raise PortalError("the portal's answer is too long")
    try:
        return json.loads(text)
    except ValueError as error:
        raise PortalError("the portal's answer is not JSON") from error


def _refusal(answer):
    """The meaning of each refusal that is known; any other is none."""
    status = answer.status
    if status in (401, 403):
        raise NoAccess(f"the portal refuses the key ({status})")
    if status in (429, 503) and (answer.headers.get("Retry-After") or "").isdecimal():
        wait = NotSent(f"the portal asks to wait ({status})")
        wait.wait_s = int(answer.headers["Retry-After"])
        raise wait
    said = _parse(answer) if answer.headers.get_content_type() == "application/json" else {}
    code = said.get("error") if isinstance(said, dict) else None
    # Any other 404 may come from another server, or from a wrong address.
    if status == 404 and code == "no-such-account":
        return None
    if status == 409 and code == "revision":
        raise Stale("the account has changed meanwhile")
    if status in (400, 409, 422):
        raise Refused(f"the portal refuses it ({status})")
    raise PortalError(f"the portal answers with status {status}")


def read_account(item):
    """An account of the portal. What must be there and is not stops everything; an unknown word blocks one mailbox."""
    if not isinstance(item, dict) or not is_number(item.get("id")) or not is_number(item.get("revision")):
        raise PortalError("an account of the portal has no `id` or no `revision`")
    if not isinstance(item.get("login"), str):
        raise PortalError("an account of the portal has no `login`")
    return Account(
        id=str(item["id"]),
        address=item["login"].strip(),
        archive=_meaning(ARCHIVE, item.get("archive")),
        account=_meaning(ACCOUNT, item.get("status")),
        # A hold that cannot be read is a hold.
        hold=item.get("hold") is not False,
        request=_text(item, "reference"),
        changed=_text(item, "changed"),
        kept_until=_text(item, "kept_until"),
        created=_text(item, "created"),
        version=str(item["revision"]),
    )


def _meaning(words, word):
    known = words.get(word) if isinstance(word, str) else None
    return known or f"unknown: {json.dumps(word)[:60]}"


def _text(item, name):
    return item[name] if isinstance(item.get(name), str) and item[name] else None


def is_number(value):
    """A whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def secret(name):
    """A secret from the environment: the variable itself, or a file that NAME_FILE names. Never an argument, which others on
    this machine could read."""
    value, path = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if bool(value) == bool(path):
        raise PortalError(f"set either {name} or {name}_FILE")
    try:
        return value or Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise PortalError(f"the file of {name}_FILE cannot be read: {type(error).__name__}") from error
