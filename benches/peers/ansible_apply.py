"""`ansible_apply.py URL TOKEN REQUESTS_DIR [COUNT]`: the first COUNT changes (200) by a playbook, as an administrator
would who has Ansible already: a loop over `ansible.builtin.uri`. `ansible_apply.py URL TOKEN --look-up A,B,C` asks
for the mailboxes of a pull request by filter, and changes nothing.

Only `ansible-playbook` is measured; what is due comes from httpx_plan.py and counts for nothing. A loop goes one by
one whatever `forks` is, and starts a process for each change. `start` is what a playbook with no task takes;
`peak_mb` is no less than that of this script, which planned: Ansible's own is the look-up's.
"""

from told import told

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from httpx_plan import plan
from portal import MAILBOX

PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
HEADERS = {"Authorization": "Bearer {{ token }}"}


def task(name: str, loop: list, **uri: object) -> dict:
    return {"name": name, "ansible.builtin.uri": {"headers": HEADERS, **uri}, "loop": loop, "no_log": True}


def write_task(url: str, changes: list) -> dict:
    loop = [{"id": it.id, "version": it.version, "body": it.body()} for it in changes]
    return task(
        "Archives are as the requests say",
        loop,
        url=f"{url}/Users/{{{{ item.id }}}}",
        method="PATCH",
        body="{{ item.body }}",
        body_format="json",
        status_code=[200, 204],
        headers={**HEADERS, "If-Match": "{{ item.version }}", "Content-Type": "application/scim+json"},
    )


def look_up_task(url: str, mailboxes: list[str]) -> dict:
    loop = [f"userName%20eq%20%22{mailbox}%22" for mailbox in mailboxes]
    where = f"{url}/Users?filter={{{{ item }}}}&attributes=userName,active,{MAILBOX}:state"
    return task("What the portal has of them", loop, url=where, return_content=True)


def run(tasks: list[dict], token: str) -> dict[str, float]:
    """What a playbook of these tasks costs."""
    # YAML takes JSON as it is.
    book = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "playbook.yaml").write_text(json.dumps(book))
        # Not on the command line, where everyone on the machine sees it.
        (Path(folder) / "token.json").write_text(json.dumps({"token": token}))
        home = {"HOME": folder, "ANSIBLE_LOCALHOST_WARNING": "False", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False"}
        command = [PLAYBOOK, "--inventory", "localhost,", "--extra-vars", "@token.json", "playbook.yaml"]
        interpreter = ["--extra-vars", f"ansible_python_interpreter={sys.executable}"]
        begin, before = time.perf_counter(), os.times()
        done = subprocess.run([*command, *interpreter], cwd=folder, env={**os.environ, **home}, capture_output=True)
        if done.returncode != 0:
            sys.exit(f"ansible-playbook ended with {done.returncode}:\n{(done.stdout + done.stderr).decode()[-2000:]}")
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return {"seconds": time.perf_counter() - begin, "cpu": cpu}


def main(url: str, token: str, what: str, *more: str) -> None:
    url = url.rstrip("/")
    # An empty playbook first, which also compiles Ansible's own files.
    run([], token)
    start = run([], token)["seconds"]
    if what == "--look-up":
        mailboxes = more[0].split(",")
        told("pull request, ansible", len(mailboxes), start=start, **run([look_up_task(url, mailboxes)], token))
        return
    count = int(more[0]) if more else 200
    changes = asyncio.run(plan(url, token, Path(what)))[:count]
    cost = run([write_task(url, changes)], token)
    told("apply, ansible", len(changes), start=start, rate=len(changes) / cost["seconds"], **cost)


if __name__ == "__main__":
    main(*sys.argv[1:])
