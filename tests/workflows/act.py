"""Runs the example's workflows by act, without containers. What act does not have is given to it: environments with their own
secrets, tokens with the permissions of a job, and artifacts."""

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import fake_forges
import local_actions
import rig
import scratch
import yaml
from tools import tool

RUNNER = "ubuntu-24.04"
# The exit status of a program in Go that ends by a fault of its own.
DIED = 2
# What it says of itself.
NOISE = re.compile(r"LocalRepositoryCache|Couldn't get a valid docker|\s*\S+\s+(Run|Success -) (Pre|Post|Set up|Complete)|.*local_actions.py'")


@dataclass
class Job:
    """What became of a job: success, failure, or None if it was skipped."""

    result: str = None
    output: str = ""
    calls: list = field(default_factory=list)


@dataclass
class Run:
    """Its jobs by name, and a folder for each artifact."""

    jobs: dict
    artifacts: Path
    output: str

    def __getitem__(self, name):
        return self.jobs.setdefault(name, Job())

    @property
    def results(self):
        return {name: job.result for name, job in self.jobs.items() if job.result}

    def artifact(self, name):
        return self.artifacts / name


def load(path):
    """A workflow; YAML 1.1 reads its key `on` as true."""
    return {("on" if key is True else key): value for key, value in yaml.safe_load(path.read_text()).items()}


def scoped(workflow, download, secrets, passed=None):
    """The workflow with the names of secrets by environment and of tokens by job, which act knows only for all of them. Of one that
    is called, `passed` are the secrets that the caller names: as on GitHub an environment gives it only these."""
    found = json.loads(json.dumps(workflow))
    known = None if passed is None else set(passed) & set(found["on"]["workflow_call"].get("secrets", {}))
    for place in (found, *found["jobs"].values()):
        if "ARKIB_DOWNLOAD" in place.get("env", {}):
            # The address that the agency would write there.
            place["env"]["ARKIB_DOWNLOAD"] = download
    for name, job in found["jobs"].items():
        if "uses" in job:
            # They have other names now. By name, because jobs at once that inherit them write to one map, of which act dies.
            job["secrets"] = {name: f"${{{{ secrets.{name} }}}}" for name in secrets}
            continue
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                step["with"] = {"token": "${{ github.token }}", **step.get("with", {})}
        environment, _, part = job.get("environment", "all").partition("${{")
        scope = _name(environment)
        text = json.dumps(job)
        if known is not None:
            text = re.sub(r"\bsecrets\.(\w+)", lambda name: name[0] if name[1] in known else "secrets.NOT_PASSED", text)
        text = text.replace("github.token", f"secrets.TOKEN_{_name(name)}")
        if part:
            # Of a matrix: the name is known when the job begins.
            named = rf"\1[format('{scope}{{0}}_\2', {part.strip(' }')})]"
            found["jobs"][name] = json.loads(re.sub(r"\b(secrets|vars)\.(ARKIB\w+)", named, text))
        else:
            found["jobs"][name] = json.loads(re.sub(r"\b(secrets|vars)\.(ARKIB\w+)", rf"\1.{scope}_\2", text))
    return found


def called(workflow, tree):
    """The workflows of the same repository that it calls: the path of each, and the job that calls it."""
    return {tree / job["uses"].removeprefix("./"): job for job in workflow["jobs"].values() if "uses" in job}


def _name(text):
    return text.replace("-", "_").upper()


def _by_scope(given):
    return {f"{_name(scope)}_{name}": value for scope, values in given.items() for name, value in values.items()}


def rights(job, trusted=True):
    """What the token of a job may do: less for a fork."""
    allowed = job.get("permissions") or {}
    found = {"read"} if allowed.get("contents") else set()
    if trusted and allowed.get("contents") == "write":
        found.add("push")
    if trusted and allowed.get("pull-requests") == "write":
        found.add("comment")
    return found


class Engine:
    """Begins runs, each in folders of its own, and waits for them."""

    def end(self, *begun):
        """Waits for runs that began, each of which is returned; the calls of arkib are those of all."""
        for process, home in begun:
            try:
                process.wait(rig.COMMAND_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            if process.returncode == DIED:
                raise RuntimeError(f"the engine died:\n{(home / 'log').read_text(errors='replace')[-4000:]}")
        calls = self.release.calls()
        return [self._read(home, calls) for _, home in begun]

    def run(self, *arguments, **more):
        return self.end(self.begin(*arguments, **more))[0]


class Runner(Engine):
    """Runs one workflow at a time, or several at once, each in folders of its own."""

    def __init__(self, folder, forge, repository, release):
        self.folder, self.forge, self.repository, self.release = folder, forge, repository, release
        self.actions = local_actions.write(folder / "actions")
        self.runs = 0
        # Secrets and variables by environment (`all` where there are none), and what to add for all steps.
        self.secrets, self.variables, self.environment = {}, {}, {}

    def begin(self, path, event, commit, payload, trusted=True, ref="refs/heads/main"):
        """Starts a run of a workflow; `end` waits for it."""
        self.runs += 1
        home = self.folder / f"run-{self.runs}"
        (home / "artifacts").mkdir(parents=True)
        self.repository.git("clone", "--quiet", "--shared", "--no-checkout", self.repository.origin, home / "tree", cwd=home)
        self.repository.git("checkout", "--quiet", "--detach", commit, cwd=home / "tree")
        workflow = load(home / "tree" / path)
        others = [(place, load(place), caller) for place, caller in called(workflow, home / "tree").items()]
        jobs = {name: job for name, job in workflow["jobs"].items() if "uses" not in job}
        for _, other, caller in others:
            for name, job in other["jobs"].items():
                # The caller's permissions are the most that it can have.
                jobs[name] = job | {"permissions": caller.get("permissions") if caller.get("permissions") == job.get("permissions") else {}}
        secrets = self._secrets(jobs, trusted)
        (home / "workflow.yml").write_text(yaml.safe_dump(scoped(workflow, self.release.url, secrets), sort_keys=False))
        for place, other, caller in others:
            place.write_text(yaml.safe_dump(scoped(other, self.release.url, secrets, caller.get("secrets", {})), sort_keys=False))
        (home / "event.json").write_text(json.dumps({"ref": ref, "repository": {"full_name": fake_forges.REPOSITORY, "default_branch": "main"}, **payload}))
        command = [tool("act"), event, "-W", home / "workflow.yml", "-C", home / "tree", "-e", home / "event.json", "-P", f"{RUNNER}=-self-hosted"]
        command += ["--json", "--no-skip-checkout", "--no-cache-server", "-a", "noraini", "--action-cache-path", home / "cache"]
        for job in jobs.values():
            for step in job["steps"]:
                if "uses" in step:
                    # By the commit that the workflow names.
                    command += ["--local-repository", f"{step['uses']}={self.actions[step['uses'].split('@')[0].split('/')[1]]}"]
        env = {
            "GITHUB_REPOSITORY": fake_forges.REPOSITORY,
            "GITHUB_SERVER_URL": self.forge.url,
            "GITHUB_API_URL": self.forge.api,
            "GITHUB_RUN_ID": str(self.runs),
            "ARKIB_LANGUAGE": "en",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "SUITE_ARTIFACTS": str(home / "artifacts"),
            # The steps have none of the variables that act was started with.
            "RUNNER_TEMP": tempfile.gettempdir(),
            "TMPDIR": tempfile.gettempdir(),
            **({"FORGEJO_ACTIONS": "true"} if self.forge.kind == "forgejo" else {}),
            **self.environment,
        }
        command += [f"--env={name}={value}" for name, value in env.items()]
        command += [word for name, value in secrets.items() for word in ("-s", f"{name}={value}")]
        command += [word for name, value in _by_scope(self.variables).items() for word in ("--var", f"{name}={value}")]
        log = open(home / "log", "wb")
        process = subprocess.Popen(
            command, env=rig.clean_environment(HOME=str(home), **scratch.IDENTITY), cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        return process, home

    def _secrets(self, jobs, trusted):
        """A token for each job, and of those who may be trusted the secrets of each environment."""
        found = {}
        for name, job in jobs.items():
            token = found[f"TOKEN_{_name(name)}"] = f"token-{name}-{self.runs}"
            self.forge.tokens[token] = rights(job, trusted) if self.forge.kind == "github" else rights({"permissions": {"contents": "write", "pull-requests": "write"}}, trusted)
        return found | (_by_scope(self.secrets) if trusted else {})

    def _read(self, home, calls):
        jobs, lines = {}, []
        for line in (home / "log").read_text(errors="replace").splitlines():
            said = json.loads(line) if line.startswith("{") else {"msg": line}
            if NOISE.match(said["msg"]):
                continue
            lines.append(said["msg"].rstrip())
            job = jobs.setdefault(said["jobID"], Job()) if "jobID" in said else None
            if job:
                job.output += said["msg"].rstrip() + "\n"
                job.result = said.get("jobResult", job.result)
        for call in calls:
            jobs.setdefault(call.job, Job()).calls.append(call)
        return Run(jobs, home / "artifacts", "\n".join(lines))
