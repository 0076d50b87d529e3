"""The portal's side of an administrator's script: httpx, a few pages at a time, and only what is asked for is kept."""

import asyncio
from dataclasses import dataclass

import httpx

MAILBOX = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"
PAGE = 1000
PAGES_AT_ONCE = 4
ATTRIBUTES = f"userName,active,meta.version,{MAILBOX}:state,{MAILBOX}:hold,{MAILBOX}:account"


@dataclass(frozen=True, slots=True)
class Change:
    """A PATCH that is due."""

    id: str
    version: str
    action: str
    request: str

    def body(self) -> dict:
        state = "enabled" if self.action == "enable" else "terminated"
        values = {"state": state, "request": self.request}
        return {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                {"op": "replace", "path": f"{MAILBOX}:{name}", "value": value} for name, value in values.items()
            ],
        }


def client(url: str, token: str) -> httpx.AsyncClient:
    # The portal is on loopback, where a proxy of the environment has no business.
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
    )


async def due(portal: httpx.AsyncClient, wanted: dict[str, tuple[str, str]]) -> list[Change]:
    """Compares page by page. A list that shifts while it is read is not noticed."""
    some = asyncio.Semaphore(PAGES_AT_ONCE)

    async def page(start: int) -> tuple[int, list[Change]]:
        async with some:
            asked = {"attributes": ATTRIBUTES, "startIndex": start, "count": PAGE}
            answer = (await portal.get("/Users", params=asked)).raise_for_status().json()
        changes = [change for user in answer["Resources"] if (change := _change(user, wanted))]
        return answer["totalResults"], changes

    total, changes = await page(1)
    for _, more in await asyncio.gather(*(page(start) for start in range(1 + PAGE, total + 1, PAGE))):
        changes += more
    return changes


def _change(user: dict, wanted: dict[str, tuple[str, str]]) -> Change | None:
    archive = user.get(MAILBOX, {})
    seen = (archive.get("state"), archive.get("account"), archive.get("hold"))
    action = change(user["userName"], seen, user.get("active", True), wanted)
    if action:
        return Change(user["id"], user["meta"]["version"], action, wanted[user["userName"].lower()][1])
    return None


def change(name: str, archive: tuple[str | None, str | None, bool | None], active: bool, wanted: dict) -> str | None:
    """What is to be done with a mailbox, of whose archive the state, the account and the hold are known."""
    action, _ = wanted.get(name.lower(), (None, None))
    state, account, hold = archive
    if (account or ("active" if active else "disabled")) != "active":
        return None
    if action == "enable" and (state or "disabled") in ("disabled", "terminated"):
        return action
    return action if action == "terminate" and state == "enabled" and not hold else None
