"""`httpx_apply.py URL TOKEN REQUESTS_DIR`: as httpx_plan.py, and then a PATCH for each change, 16 at once.

A floor for Python: no journal before and after each write, no look at the mailbox before it, nothing is sent again,
and the first failure ends it with no trace of what was done. `rate` is of the writes alone, `seconds` of all.
"""

from told import told

import asyncio
import sys
import time
from pathlib import Path

import httpx
import portal
from wanted import wanted

AT_ONCE = 16


async def write(client: httpx.AsyncClient, changes: list[portal.Change]) -> None:
    left = iter(changes)

    async def worker() -> None:
        # All workers take from the one iterator.
        for change in left:
            headers = {"If-Match": change.version, "Content-Type": "application/scim+json"}
            answer = await client.patch(f"/Users/{change.id}", json=change.body(), headers=headers)
            answer.raise_for_status()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def apply(url: str, token: str, folder: Path) -> None:
    desired = wanted(folder)
    async with portal.client(url, token) as client:
        changes = await portal.due(client, desired)
        begin = time.perf_counter()
        await write(client, changes)
        rate = len(changes) / (time.perf_counter() - begin)
    told("plan and apply, httpx and PyYAML", len(changes), rate=rate)


if __name__ == "__main__":
    asyncio.run(apply(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
