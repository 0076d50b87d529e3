"""A GitLab CI runner with the features that the examples need: rules, variables by environment, real git, bash, curl and jq."""

import functools
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import rig
import runner

KEYS = {"workflow", "stages", "variables", "default"}
JOB_KEYS = {
    "stage", "needs", "interruptible", "rules", "resource_group", "environment", "allow_failure", "script", "after_script",
    "artifacts", "parallel", "when",
}
TOKEN = re.compile(r'\s*(?:(?P<operator>&&|==|!=|=~)|\$(?P<name>\w+)|"(?P<text>[^"]*)"|/(?P<pattern>[^/]*)/)')


def jobs(pipeline):
    return {name: job for name, job in pipeline.items() if name not in KEYS}


def script(pipeline, job):
    """The script of a job, in one shell, as GitLab's runner would run it."""
    before = job.get("before_script", pipeline.get("default", {}).get("before_script", []))
    return "\n".join([*before, *job["script"]]) + "\n"


def holds(condition, variables):
    """Whether the `if` of a rule holds."""
    tokens, place = [], 0
    while place < len(condition.rstrip()):
        found = TOKEN.match(condition, place)
        if not found:
            raise ValueError(f"cannot read {condition[place:]!r}")
        tokens.append(found)
        place = found.end()
    while True:
        left, operator, right, *tokens = tokens
        value = variables.get(left["name"])
        if operator["operator"] == "=~":
            found = bool(re.search(right["pattern"], value or ""))
        else:
            other = variables.get(right["name"]) if right["name"] else right["text"]
            found = (value == other) == (operator["operator"] == "==")
        if not found or not tokens:
            return found
        if tokens[0]["operator"] != "&&":
            raise ValueError(f"cannot read {condition!r}")
        tokens = tokens[1:]


def wanted(rules, variables, changed):
    """Whether a job with these rules belongs to the pipeline."""
    for rule in rules:
        if set(rule) - {"if", "changes"}:
            raise ValueError(f"a rule has a key that these tests do not know: {rule}")
        touched = "changes" not in rule or any(_glob(pattern, path) for pattern in rule["changes"] for path in changed)
        if holds(rule["if"], variables) and touched:
            return True
    return False


def _glob(pattern, path):
    parts = {"**/": "(?:.+/)?", "*": "[^/]*"}
    return re.fullmatch("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*)", pattern)), path)


def _parts(name, job):
    """A job, or its copies made by `parallel`, with the variables of each."""
    total = job.get("parallel")
    if total is None:
        return [(name, {})]
    return [(f"{name} {index}/{total}", {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(total)}) for index in range(1, total + 1)]


@dataclass
class Event:
    """The event that starts a pipeline; `secrets` says whether it runs in the project with the tokens."""

    source: str
    commit: str
    variables: dict = field(default_factory=dict)
    changed: list = field(default_factory=list)
    origin: Path = None
    secrets: bool = True


@dataclass
class Job:
    status: int
    output: str
    environment: dict
    artifacts: Path
    allowed: bool


class Runner:
    """Runs the jobs of a pipeline in fresh folders."""

    def __init__(self, folder, release, repository, pipeline, protected):
        self.folder, self.release, self.repository, self.pipeline = folder, release, repository, pipeline
        # Variables by environment (None for all); those of protected ones are only for the default branch.
        self.variables, self.protected = {}, protected
        self.runs = 0
        # Jobs whose runner dies before they do anything.
        self.dies = set()

    def run(self, event):
        """Returns the jobs that ran, by name."""
        given = {
            "CI": "true",
            "CI_DEFAULT_BRANCH": "main",
            "CI_PIPELINE_SOURCE": event.source,
            "CI_COMMIT_SHA": event.commit,
            **{key: value["value"] if isinstance(value, dict) else value for key, value in self.pipeline["variables"].items()},
            **event.variables,
        }
        done = {}
        if not wanted(self.pipeline["workflow"]["rules"], given, event.changed):
            return done
        for stage in self.pipeline["stages"]:
            failed = any(job.status and not job.allowed for job in done.values())
            # Without `needs` a job gets the artifacts of all earlier stages.
            before = [job.artifacts for job in done.values()]
            for name, job in jobs(self.pipeline).items():
                if set(job) - JOB_KEYS or job.get("needs", []) != []:
                    raise ValueError(f"{name} has a key that these tests do not know: {sorted(job)}")
                waits = failed and "needs" not in job and job.get("when", "on_success") != "always"
                if job["stage"] == stage and not waits and ("rules" not in job or wanted(job["rules"], given, event.changed)):
                    found = [] if "needs" in job else before
                    done |= {part: self._job(part, job, event, given | more, found) for part, more in _parts(name, job)}
        return done

    def _job(self, name, job, event, given, found):
        self.runs += 1
        home = self.folder / f"job-{self.runs}"
        work, temp, artifacts = home / "work", home / "temp", home / "artifacts"
        for made in (work, temp, artifacts):
            made.mkdir(parents=True)
        if name in self.dies:
            return Job(1, "", {}, artifacts, False)
        self._check_out(event, given, work)
        for kept in found:
            shutil.copytree(kept, work, dirs_exist_ok=True)
        environment = (job.get("environment") or {}).get("name")
        secrets = {}
        for scope, variables in self.variables.items():
            is_open = scope not in self.protected or given.get("CI_COMMIT_BRANCH") == "main"
            if event.secrets and is_open and scope in (None, environment):
                secrets |= variables
        env = rig.clean_environment(
            PATH=os.pathsep.join(map(str, runner.machine_path())),
            HOME=str(home),
            TMPDIR=str(temp),
            GIT_CONFIG_GLOBAL="/dev/null",
            GIT_CONFIG_SYSTEM="/dev/null",
            CI_PROJECT_DIR=str(work),
            CI_JOB_URL=f"https://gitlab.example/jobs/{self.runs}",
            # The address is what the agency would write there.
            **{**secrets, **given, "ARKIB_DOWNLOAD": self.release.url},
        )
        path = home / "script.sh"
        path.write_text("set -eo pipefail\n" + script(self.pipeline, job))
        result = rig.run(["bash", "--noprofile", "--norc", path], env, work)
        output = result.stdout + result.stderr
        if "after_script" in job:
            # A separate shell, even if the first failed; its status is ignored.
            path.write_text("set -eo pipefail\n" + "\n".join(job["after_script"]) + "\n")
            after = rig.run(["bash", "--noprofile", "--norc", path], env, work)
            output += after.stdout + after.stderr
        kept = job["artifacts"]
        if kept["when"] == "always" or not result.returncode:
            for pattern in [*kept.get("paths", []), *kept.get("reports", {}).values()]:
                for file in work.glob(pattern):
                    place = artifacts / file.relative_to(work)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    # A folder is kept completely.
                    keep = functools.partial(shutil.copytree, dirs_exist_ok=True) if file.is_dir() else shutil.copy
                    keep(file, place)
        codes = (job.get("allow_failure") or {}).get("exit_codes")
        return Job(result.returncode, output, env, artifacts, result.returncode == codes)

    def _check_out(self, event, given, work):
        """As GitLab's runner does: all branches only where the depth is 0."""
        git = lambda *arguments: self.repository.git(*arguments, cwd=work)
        origin = event.origin or self.repository.origin
        self.repository.git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=origin)
        git("init", "--quiet")
        git("remote", "add", "origin", f"file://{origin}")
        commit = f"+{event.commit}:refs/pipelines/1"
        if given.get("GIT_DEPTH") == "0":
            git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*", commit)
        else:
            git("fetch", "--quiet", f"--depth={given.get('GIT_DEPTH', 20)}", "origin", commit)
        git("checkout", "--quiet", "--detach", event.commit)
