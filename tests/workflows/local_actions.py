"""What stands in for the actions that the workflows use, which GitHub's runner would fetch: called with a name, as one step."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Their inputs; any other makes act warn, and the suite fail.
INPUTS = {
    "checkout": {"ref": "", "path": "", "fetch-depth": "1", "persist-credentials": "true", "token": "${{ github.token }}"},
    "upload-artifact": {"name": None, "path": None, "if-no-files-found": "warn", "overwrite": "false", "include-hidden-files": "false"},
    "download-artifact": {"name": "", "pattern": "", "path": ".", "merge-multiple": "false"},
}


def write(folder, python=sys.executable):
    """Writes them as actions; returns each one's folder by its name."""
    for name, inputs in INPUTS.items():
        places = {f"INPUT_{key.replace('-', '_').upper()}": "${{ inputs.%s }}" % key for key in inputs}
        step = {"shell": "bash", "run": f"'{python}' '{__file__}' {name}", "env": places}
        action = {
            "name": name,
            "inputs": {key: {"required": True} if value is None else {"default": value} for key, value in inputs.items()},
            "runs": {"using": "composite", "steps": [step]},
        }
        (folder / name).mkdir(parents=True)
        # JSON is YAML.
        (folder / name / "action.yml").write_text(json.dumps(action))
    return {name: folder / name for name in INPUTS}


def given(name):
    return os.environ[f"INPUT_{name}"]


def checkout():
    """Only the part of the history that is asked for, and no token left unless that is asked for."""
    server, repository, commit, ref = (os.environ[f"GITHUB_{name}"] for name in ("SERVER_URL", "REPOSITORY", "SHA", "REF"))
    login = base64.b64encode(f"x-access-token:{given('TOKEN')}".encode()).decode()
    header = f"http.extraHeader=Authorization: basic {login}"

    def git(*arguments):
        subprocess.run(["git", *arguments], check=True)

    place = Path(os.environ["GITHUB_WORKSPACE"]) / given("PATH")
    place.mkdir(exist_ok=True)
    os.chdir(place)
    git("init", "--quiet", "--initial-branch=unborn")
    git("remote", "add", "origin", f"{server}/{repository}")
    kept = ref.replace("refs/heads/", "refs/remotes/origin/").replace("refs/pull/", "refs/remotes/pull/")
    wanted = f"+{commit}:{kept}"
    if given("REF"):
        kept = f"refs/remotes/origin/{given('REF')}"
        wanted = f"+refs/heads/{given('REF')}:{kept}"
    if given("FETCH_DEPTH") == "0":
        # The commit after the branches: of an old run, repeated, it sets its branch back.
        git("-c", header, "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*")
        if not given("REF"):
            git("-c", header, "fetch", "--quiet", "origin", wanted)
    else:
        git("-c", header, "fetch", "--quiet", "--no-tags", f"--depth={given('FETCH_DEPTH')}", "origin", wanted)
    branch = ["-B", kept.removeprefix("refs/remotes/origin/")] if kept.startswith("refs/remotes/origin/") else ["--detach"]
    git("checkout", "--quiet", *branch, kept)
    if given("PERSIST_CREDENTIALS") != "false":
        git("config", *header.split("=", 1))


def upload_artifact():
    """Files below the work tree, by their paths in it; hidden ones only if that is asked for."""
    work = Path(os.environ["GITHUB_WORKSPACE"])
    kept = Path(os.environ["SUITE_ARTIFACTS"]) / given("NAME")
    hidden = given("INCLUDE_HIDDEN_FILES") == "true"
    named = [work / line for line in given("PATH").split()]
    files = [file for path in named for file in ([path] if path.is_file() else sorted(path.rglob("*"))) if file.is_file()]
    files = [file for file in files if hidden or not any(part.startswith(".") for part in file.relative_to(work).parts)]
    if kept.exists() and given("OVERWRITE") != "true":
        sys.exit(f"there is an artifact {given('NAME')} already")
    if not files and given("IF_NO_FILES_FOUND") == "error":
        sys.exit(f"none of {named} is there")
    # A single folder is kept without its own name.
    root = named[0] if len(named) == 1 and named[0].is_dir() else work
    for file in files:
        place = kept / file.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)


def download_artifact():
    """One artifact by its name, which must exist; or all that match a pattern, into one folder."""
    store = Path(os.environ["SUITE_ARTIFACTS"])
    found = sorted(store.glob(given("NAME") or given("PATTERN"))) if store.exists() else []
    if given("NAME") and not found:
        sys.exit(f"no artifact is named {given('NAME')}")
    if not given("NAME") and given("MERGE_MULTIPLE") != "true":
        sys.exit("only one folder for all is known here")
    for place in found:
        shutil.copytree(place, Path(os.environ["GITHUB_WORKSPACE"]) / given("PATH"), dirs_exist_ok=True)


if __name__ == "__main__":
    {"checkout": checkout, "upload-artifact": upload_artifact, "download-artifact": download_artifact}[sys.argv[1]]()
