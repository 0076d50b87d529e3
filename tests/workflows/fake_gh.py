"""A fake `gh`: `gh api` for the comments of a pull request, stored in a file. It refuses everything else.

Called with the file, the token to take, and then what `gh` was called with.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

BOT = {"login": "github-actions[bot]", "type": "Bot"}
# The maximum length of a comment on GitHub.
LONGEST = 65_536


def main(store, token, *arguments):
    if os.environ.get("GH_TOKEN") != token:
        return fail(4, "gh: set the GH_TOKEN environment variable")
    if not arguments or arguments[0] != "api":
        return fail(1, f"unknown command {arguments[:1]}")
    options, place = read(arguments[1:])
    with open(store, encoding="utf-8") as file:
        state = json.load(file)
    state["calls"].append([options["method"], place])
    answer = act(state, options, place)
    Path(store).write_text(json.dumps(state), encoding="utf-8")
    if isinstance(answer, str):
        return fail(1, f"gh: {answer}")
    if options["silent"]:
        return 0
    for page in answer:
        text = json.dumps(page)
        if options["jq"]:
            # gh filters each page separately.
            text = subprocess.run(["jq", "-r", options["jq"]], input=text, capture_output=True, text=True, check=True).stdout
        print(text, end="" if options["jq"] else "\n")
    return 0


def read(words):
    options = {"method": "GET", "paginate": False, "silent": False, "jq": None, "fields": {}}
    place, words = None, list(words)
    while words:
        word = words.pop(0)
        if word in ("--paginate", "--silent"):
            options[word[2:]] = True
        elif word in ("--method", "--jq"):
            options[word[2:]] = words.pop(0)
        elif word == "--field":
            name, value = words.pop(0).split("=", 1)
            options["fields"][name] = Path(value[1:]).read_text(encoding="utf-8") if value.startswith("@") else value
        elif word.startswith("-") or place:
            sys.exit(fail(1, f"unknown flag or second place: {word}"))
        else:
            place = word
    return options, place


def act(state, options, place):
    """Pages of an answer, or the error."""
    method, body = options["method"], options["fields"].get("body")
    path, _, query = place.partition("?")
    listing = re.fullmatch(rf"repos/{re.escape(state['repository'])}/issues/(\d+)/comments", path)
    single = re.fullmatch(rf"repos/{re.escape(state['repository'])}/issues/comments/(\d+)", path)
    if method in ("POST", "PATCH") and (not body or len(body) > LONGEST):
        return "Validation Failed (HTTP 422)"
    if method == "GET" and listing:
        found = state["comments"].get(listing[1], [])
        size = int(re.search(r"per_page=(\d+)", query)[1]) if "per_page" in query else 30
        pages = [found[start : start + size] for start in range(0, len(found), size)] or [[]]
        return pages if options["paginate"] else pages[:1]
    if method == "POST" and listing:
        state["next"] += 1
        comment = {"id": state["next"], "body": body, "user": BOT}
        state["comments"].setdefault(listing[1], []).append(comment)
        return [comment]
    if method == "PATCH" and single:
        for comment in [comment for comments in state["comments"].values() for comment in comments]:
            if comment["id"] == int(single[1]):
                # The token of a workflow may edit any comment: GitHub would not stop a mistake here.
                comment["body"] = body
                return [comment]
    return "Not Found (HTTP 404)"


def fail(status, message):
    print(message, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
