"""What a good administrator would write in an afternoon: `httpx_plan.py URL TOKEN REQUESTS_DIR` says how many
archives are to be enabled and terminated.

A floor for Python, not a rival: it checks no request and no policy, has no limits, no digest and no causes, and
believes whatever list it is given.
"""

from told import told

import asyncio
import sys
from pathlib import Path

import portal
from wanted import wanted


async def plan(url: str, token: str, folder: Path) -> list[portal.Change]:
    desired = wanted(folder)
    async with portal.client(url, token) as client:
        return await portal.due(client, desired)


if __name__ == "__main__":
    changes = asyncio.run(plan(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
    enables = sum(change.action == "enable" for change in changes)
    told("plan, httpx and PyYAML", len(changes), enable=enables, terminate=len(changes) - enables)
