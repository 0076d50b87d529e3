"""Runs the example's pipelines by gitlab-ci-local, without containers. What it does not have is given to it: a checkout as GitLab's
runner makes it, protected variables, and the variables of an event."""

import re
import subprocess

import act
import fake_forges
import rig
import yaml
from tools import node_tool

JOB_TOKEN = "token-of-the-job"
ENDED = re.compile(r"^(?P<job>\S.*?) +finished in .*?(?:(?P<how>FAIL|WARN) (?P<status>\d+))?\s*$")
# What it says of itself in the same words.
NO_JOBS = {"parsing and downloads", "pipeline"}
RESULTS = {None: "success", "WARN": "warning", "FAIL": "failure"}

KEYS = {"workflow", "stages", "variables", "default", "spec", "include"}


def jobs(pipeline):
    """The jobs of a pipeline by name, each with what it extends."""
    found = {name: job for name, job in pipeline.items() if name not in KEYS}

    def whole(job):
        extended = job.get("extends")
        return {**(whole(found[extended]) if extended else {}), **{key: value for key, value in job.items() if key != "extends"}}

    return {name: whole(job) for name, job in found.items() if not name.startswith(".")}


class Runner(act.Engine):
    def __init__(self, folder, forge, repository, release):
        self.folder, self.forge, self.repository, self.release = folder, forge, repository, release
        self.runs = 0
        # Variables by environment (`*` for all); those of `portal` are protected: only for the default branch.
        self.variables, self.environment = {}, {}
        forge.tokens[JOB_TOKEN] = {"read"}

    def begin(self, path, source, commit, variables, trusted=True, branch="main"):
        """Starts a pipeline; `end` waits for it."""
        self.runs += 1
        home = self.folder / f"run-{self.runs}"
        tree = home / "tree"
        tree.mkdir(parents=True)
        self._check_out(tree, commit)
        named = {}
        for scope, values in self.variables.items():
            if trusted and (not scope.startswith("portal") or scope == "portal-read" or branch == "main" and source != "merge_request_event"):
                for name, value in values.items():
                    named.setdefault(name, {"type": "variable", "values": {}})["values"][scope] = value
        given = {
            "GITLAB_CI": "true",
            "CI_PIPELINE_SOURCE": source,
            "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_SHA": commit,
            "CI_API_V4_URL": self.forge.api,
            "CI_PROJECT_ID": fake_forges.PROJECT,
            "CI_PROJECT_URL": f"{self.forge.url}/{fake_forges.REPOSITORY}",
            "CI_JOB_URL": f"{self.forge.url}/{fake_forges.REPOSITORY}/-/jobs/{self.runs}",
            "ARKIB_DOWNLOAD": self.release.url,
            "ARKIB_LANGUAGE": "en",
            **({"CI_COMMIT_BRANCH": branch} if branch and source != "merge_request_event" else {}),
            **self.environment,
            **variables,
        }
        # For a pipeline that this one triggers: the engine passes on none of those on its command line.
        for name, value in given.items():
            if value is not None and name != "CI_PIPELINE_SOURCE":
                named.setdefault(name, {"type": "variable", "values": {}})["values"].setdefault("*", value)
        (home / "variables.yml").write_text(yaml.safe_dump(named))
        self._set_download(tree / path)
        command = [node_tool("gitlab-ci-local"), "--file", path, "--home", home, "--force-shell-executor", "--shell-isolation"]
        command += ["--no-json-schema-validation", "--no-color", "--no-artifacts-to-source", "--state-dir", "../state", "--variables-file", "../variables.yml"]
        command += [f"--variable={name}={value}" for name, value in given.items() if value is not None]
        if source == "merge_request_event":
            command.append("--unset-variable=CI_COMMIT_BRANCH")
        env = rig.clean_environment(HOME=str(home), GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null", FORCE_COLOR="0")
        log = open(home / "log", "wb")
        return subprocess.Popen(command, env=env, cwd=tree, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT), home

    def _set_download(self, pipeline):
        """The address that the agency would write there; a triggered pipeline is given it."""
        text = pipeline.read_text()
        pipeline.write_text(re.sub(r"(?m)^(  ARKIB_DOWNLOAD: )https://\S+", lambda found: found[1] + self.release.url, text))

    def _check_out(self, tree, commit):
        """As GitLab's runner does for a depth of 0, with its token in the address."""
        git = lambda *arguments: self.repository.git(*arguments, cwd=tree)
        address = self.forge.url.replace("//", f"//gitlab-ci-token:{JOB_TOKEN}@") + f"/{fake_forges.REPOSITORY}.git"
        git("init", "--quiet", "--initial-branch=unborn")
        git("remote", "add", "origin", address)
        git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*", f"+{commit}:refs/pipelines/1")
        git("checkout", "--quiet", "--detach", commit)
        # What `changes` compares with: as for a push of this commit.
        git("update-ref", "refs/remotes/origin/before", f"{commit}~1")
        git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/before")

    def _read(self, home, calls):
        output = (home / "log").read_text(errors="replace")
        jobs = {}
        for line in output.splitlines():
            ended = ENDED.match(line)
            if ended and ended["job"] not in NO_JOBS:
                jobs[ended["job"]] = act.Job(RESULTS[ended["how"]])
        for name, job in jobs.items():
            job.output = "\n".join(line for line in output.splitlines() if line.startswith(name + " "))
        for call in calls:
            jobs.setdefault(call.job, act.Job()).calls.append(call)
        return act.Run(jobs, home / "state" / "artifacts", output)
