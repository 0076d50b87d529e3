"""A GitHub Actions runner with the features that the examples need: real git and bash, and a fake `gh`."""

import os
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import expressions
import rig
import yaml

REPOSITORY = "jabatan-contoh/permohonan-arkib"
TOKEN = "token-of-the-workflow"


def load(path):
    """A workflow; YAML 1.1 reads its key `on` as true."""
    found = yaml.safe_load(path.read_text())
    return {("on" if key is True else key): value for key, value in found.items()}


@dataclass
class Step:
    name: str
    status: int
    output: str
    environment: dict


@dataclass
class Job:
    """The result of a job: skipped, or its steps and the status of the first that failed."""

    ran: bool
    steps: list = field(default_factory=list)
    status: int = 0
    summary: str = ""
    artifacts: Path = None

    def step(self, name):
        return next((step for step in self.steps if step.name == name), None)

    def __str__(self):
        lines = [f"{step.name}: status {step.status}\n{step.output}" for step in self.steps]
        return f"ran {self.ran}, status {self.status}\n" + "\n".join(lines)[-4000:]


class Runner:
    """Runs jobs in fresh folders; `tools` are the only commands besides the machine's own."""

    def __init__(self, folder, release, repository, tools=()):
        self.folder, self.release, self.repository = folder, release, repository
        self.tools = folder / "tools"
        self.tools.mkdir(parents=True)
        for name, text in tools:
            write_command(self.tools / name, text)
        self.runs = 0
        # How many jobs were not skipped.
        self.ran = 0

    def job(self, workflow, name, event, environments, needs="success", more=None, before=()):
        """Runs one job of a workflow for an event, with the variables and secrets of its environments; `needs` is what
        became of the jobs before it, `more` are contexts of a matrix, `before` the artifacts of those jobs."""
        job = workflow["jobs"][name]
        self.runs += 1
        home = self.folder / f"run-{self.runs}"
        work, temp = home / "work", home / "temp"
        for made in (work, temp):
            made.mkdir(parents=True)
        held = environments.get(job.get("environment"), {}) if event.trusted else {}
        contexts = {
            "github": event.github | {"run_id": self.runs, "token": event.token},
            "runner": {"temp": str(temp)},
            "secrets": held.get("secrets", {}),
            "vars": held.get("vars", {}),
            "inputs": event.inputs,
            **(more or {}),
        }
        done = Job(ran=expressions.condition(job.get("if"), contexts, needs), artifacts=home / "artifacts")
        if not done.ran:
            return done
        self.ran += 1
        summary = temp / "summary.md"
        added = home / "path"
        added.touch()
        shell = (job.get("defaults") or workflow.get("defaults") or {}).get("run", {}).get("shell")
        base = rig.clean_environment(
            PATH=os.pathsep.join(map(str, (self.tools, *machine_path()))),
            HOME=str(home),
            CI="true",
            GITHUB_ACTIONS="true",
            GITHUB_WORKSPACE=str(work),
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_OUTPUT=os.devnull,
            GITHUB_ENV=os.devnull,
            GITHUB_PATH=str(added),
            RUNNER_TEMP=str(temp),
            GITHUB_RUN_ID=str(self.runs),
            GIT_CONFIG_GLOBAL="/dev/null",
            GIT_CONFIG_SYSTEM="/dev/null",
            **event.variables,
        )
        for scope in (workflow, job):
            base |= {key: expressions.fill(value, contexts) for key, value in scope.get("env", {}).items()}
        # The address that the agency would write there.
        base["ARKIB_DOWNLOAD"] = self.release.url
        outcome = "success"
        for step in job["steps"]:
            if not expressions.condition(step.get("if"), contexts, outcome):
                continue
            own = {key: expressions.fill(value, contexts) for key, value in step.get("env", {}).items()}
            if "uses" in step:
                given = {key: expressions.fill(value, contexts) for key, value in step.get("with", {}).items()}
                status, output = self._action(step["uses"], given, event, work, done.artifacts, before)
            else:
                if step.get("shell", shell) != "bash":
                    raise expressions.Unknown(f"{step['name']}: only `shell: bash` stops at every failure")
                if set(step) - {"name", "id", "if", "env", "run"}:
                    raise expressions.Unknown(f"{step['name']} has a key that these tests do not know: {set(step)}")
                script = temp / "step.sh"
                script.write_text(expressions.fill(step["run"], contexts))
                result = rig.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", script], base | own, work)
                status, output = result.returncode, result.stdout + result.stderr
                base["PATH"] = os.pathsep.join([*added.read_text().splitlines(), base["PATH"]])
                added.write_text("")
            done.steps.append(Step(step["name"], status, output, base | own))
            if status and outcome == "success":
                outcome, done.status = "failure", status
        if summary.exists():
            done.summary = summary.read_text()
        return done

    def _action(self, uses, given, event, work, artifacts, before):
        action = uses.split("@")[0]
        if action == "actions/checkout":
            return self._check_out(given, event, work)
        if action == "actions/download-artifact":
            return _download(given, before)
        if action == "actions/upload-artifact":
            named = [Path(line) for line in given["path"].split()]
            found = [path for path in named if path.exists()]
            kept = artifacts / given["name"]
            artifacts.mkdir(exist_ok=True)
            for path in found:
                if len(named) == 1 and path.is_dir():
                    # Its content, without its name.
                    shutil.copytree(path, kept, ignore=shutil.ignore_patterns(".*"))
                elif len(named) == 1:
                    shutil.copy(path, kept)
                elif path.is_dir():
                    # Hidden files are excluded by default.
                    shutil.copytree(path, kept / path.name, ignore=shutil.ignore_patterns(".*"))
                else:
                    kept.mkdir(exist_ok=True)
                    shutil.copy(path, kept)
            if not found and given.get("if-no-files-found") != "ignore":
                return 1, f"{named} is not there"
            return 0, ""
        raise expressions.Unknown(f"the action {uses} is not known here")

    def _check_out(self, given, event, work):
        """Like actions/checkout: only the requested part of the history."""
        known = {"fetch-depth", "persist-credentials", "ref"}
        if set(given) - known:
            raise expressions.Unknown(f"checkout is given {set(given) - known}")
        origin = f"file://{self.repository.origin}"
        git = lambda *arguments: self.repository.git(*arguments, cwd=work)
        git("init", "--quiet", "--initial-branch=main")
        git("remote", "add", "origin", origin)
        wanted = f"+refs/heads/{given['ref']}:refs/remotes/origin/{given['ref']}" if "ref" in given else event.refspec
        local = wanted.split(":")[1]
        # The server allows fetching a commit by hash, as GitHub does.
        self.repository.git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=self.repository.origin)
        if given.get("fetch-depth") == "0":
            git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
            git("fetch", "--quiet", "origin", wanted)
        else:
            git("fetch", "--quiet", "--no-tags", "--depth=1", "origin", wanted)
        if local.startswith("refs/remotes/origin/"):
            git("checkout", "--quiet", "-B", local.removeprefix("refs/remotes/origin/"), local)
        else:
            git("checkout", "--quiet", "--detach", local)
        return 0, git("log", "-1", "--format=%H %s")


def _download(given, before):
    """One artifact by name, which must exist; or all that match a pattern, into one folder."""
    by_name = set(given) == {"name", "path"}
    if not by_name and (set(given) != {"pattern", "path", "merge-multiple"} or given["merge-multiple"] != "True"):
        raise expressions.Unknown(f"a download is given {given}")
    found = [place for folder in before for place in sorted(folder.glob(given["name"] if by_name else given["pattern"]))]
    if by_name and len(found) != 1:
        return 1, f"no artifact is named {given['name']}"
    for place in found:
        shutil.copytree(place, given["path"], dirs_exist_ok=True)
    return 0, ""


def write_command(path, text):
    path.write_text(text)
    path.chmod(0o755)


def machine_path():
    """The folders of the machine's commands; an arkib or gh there must not replace the one under test."""
    needed = {Path(shutil.which(tool)).parent for tool in ("git", "bash", "curl", "jq", "cat")}
    return sorted(needed | {Path("/usr/bin"), Path("/bin")})


def python_command(script, *arguments):
    words = [sys.executable, script, *arguments]
    return "#!/bin/sh\nexec " + " ".join(shlex.quote(str(word)) for word in words) + ' "$@"\n'
