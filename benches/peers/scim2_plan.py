"""A SCIM client of the kept kind, scim2-client: `scim2_plan.py URL TOKEN REQUESTS_DIR` reads every user through its
models, page by page, and says how many archives are to be enabled and terminated. It checks what an answer is made
of, but no request and no policy.
"""

from told import told

import sys
from pathlib import Path

import httpx2
from portal import ATTRIBUTES, MAILBOX, PAGE, change
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import URN, Extension, ResourceType, ScimProvider, SearchRequest, User
from wanted import wanted


class Mailbox(Extension):
    __schema__ = URN(MAILBOX)

    state: str | None = None
    account: str | None = None
    hold: bool | None = None


def plan(url: str, token: str, folder: Path) -> list[str]:
    desired = wanted(folder)
    # The portal is on loopback, where a proxy of the environment has no business.
    headers = {"Authorization": f"Bearer {token}"}
    http = httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False)
    types = [ResourceType.from_resource(User[Mailbox])]
    client = SyncSCIMClient(http, provider=ScimProvider(models=[User, Mailbox], resource_types=types))
    actions, start = [], 1
    while True:
        asked = SearchRequest(start_index=start, count=PAGE, attributes=ATTRIBUTES.split(","))
        page = client.query(User[Mailbox], query_parameters=asked)
        for user in page.resources or []:
            archive = user[Mailbox]
            state, account, hold = (archive.state, archive.account, archive.hold) if archive else (None, None, None)
            action = change(user.user_name, (state, account, hold), user.active is not False, desired)
            actions += [action] if action else []
        start += PAGE
        if start > page.total_results:
            return actions


if __name__ == "__main__":
    actions = plan(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    enables = actions.count("enable")
    told("plan, scim2-client and PyYAML", len(actions), enable=enables, terminate=len(actions) - enables)
