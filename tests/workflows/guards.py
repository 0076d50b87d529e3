"""What the example's workflows may do: rules over the parsed files, each proven by a copy that breaks it."""

import copy
import re

import expressions
import runner
import yaml

FORKS = "github.event.pull_request.head.repo.full_name == github.repository"
MAIN = "github.ref == 'refs/heads/main'"
# Triggers that run with the base's secrets on what a stranger wrote or named.
DANGEROUS = {"pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment", "repository_dispatch"}
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
# What arkib is asked to do, but for the marker of the comment.
ASKED = re.compile(r"arkib reconcile (?!-->)(\S+)")
GITLAB_FORKS = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID"


def suite(tally, arkib, agency, folder):
    paths = sorted((agency / ".github" / "workflows").iterdir())
    workflows = {path.stem: runner.load(path) for path in paths}
    tally.equal("there are these workflows", sorted(workflows), ["apply", "check", "drift"])
    for name, workflow in workflows.items():
        tally.equal(f"{name}.yml keeps the rules", faults(name, workflow), [])
    for path in paths:
        bare = [line for line in path.read_text().splitlines() if "uses:" in line and not re.search(r"# v\d+\.\d+\.\d+$", line)]
        tally.equal(f"{path.name} says which version each commit is", bare, [])
    for what, name, change in MUTATIONS:
        mutant = copy.deepcopy(workflows[name])
        change(mutant)
        tally.check(f"would be seen: {what}", set(faults(name, mutant)) - set(faults(name, workflows[name])))

    pipeline = yaml.safe_load((agency / ".gitlab-ci.yml").read_text())
    tally.equal(".gitlab-ci.yml keeps the rules", gitlab_faults(pipeline), [])
    for what, change in GITLAB_MUTATIONS:
        mutant = copy.deepcopy(pipeline)
        change(mutant)
        tally.check(f"would be seen: {what}", set(gitlab_faults(mutant)) - set(gitlab_faults(pipeline)))


def faults(name, workflow):
    """What is wrong with a workflow of GitHub; nothing where all is well."""
    found = []
    triggers = workflow["on"] if isinstance(workflow["on"], (dict, list)) else [workflow["on"]]
    found += [f"the trigger {trigger} is dangerous" for trigger in triggers if trigger in DANGEROUS]
    pulls = "pull_request" in triggers
    if workflow.get("permissions") != {}:
        found.append("the workflow does not begin without permissions")
    if (workflow.get("defaults") or {}).get("run", {}).get("shell") != "bash":
        found.append("without `shell: bash` a failure in a pipe goes unseen")
    if expressions.names(str(workflow.get("env", ""))):
        found.append("the whole workflow is given values")
    for key, job in workflow["jobs"].items():
        found += [f"{key}: {fault}" for fault in _job_faults(workflow, job, pulls)]
    return found


def _job_faults(workflow, job, pulls):
    asked = " ".join(str(job.get("if", "")).split())
    environment = job.get("environment")
    if set(job) - {"if", "runs-on", "timeout-minutes", "environment", "permissions", "concurrency", "env", "steps"}:
        yield f"has keys that no rule knows: {sorted(job)}"
    permissions = job.get("permissions", "none")
    allowed = {"contents": "read"}
    if pulls and FORKS in asked:
        allowed["pull-requests"] = "write"
    if not isinstance(permissions, dict) or not permissions.items() <= allowed.items():
        yield f"the permissions {permissions} are more than {allowed}"
    if not job.get("timeout-minutes", 0) or job["timeout-minutes"] > 60:
        yield "has no near end"
    if _secret_names(job.get("env")):
        yield "all its steps are given secrets"
    secrets = {secret for step in job["steps"] for secret in _secret_names(step)}
    if secrets and environment not in ("portal-read", "portal"):
        yield "secrets without an environment are within reach of every branch"
    if pulls and environment not in (None, "portal-read"):
        yield "a pull request gets more than the reading token"
    if pulls and (secrets or environment) and (FORKS not in asked.split(" && ") or "||" in asked):
        yield "secrets without the guard against forks"
    if pulls and secrets and "dependabot[bot]" not in asked:
        yield "Dependabot's pull requests would fail for want of secrets"
    if not pulls and environment and asked != MAIN:
        yield "the portal's token is used on any branch"
    if environment == "portal" and workflow.get("concurrency") != {"group": "arkib-apply", "cancel-in-progress": False}:
        yield "two runs could apply at once, or one be cut short"
    for step in job["steps"]:
        yield from (f"{step.get('name')}: {fault}" for fault in _step_faults(step, environment))


def _step_faults(step, environment):
    if set(step) - {"name", "id", "if", "env", "run", "uses", "with"}:
        yield f"has keys that no rule knows: {sorted(step)}"
    if "${{" in step.get("run", ""):
        yield "an expression becomes part of a script"
    if "github.token" in expressions.names(str(step.get("env", ""))) and _secret_names(step):
        yield "one step holds both GitHub's token and the portal's"
    if _secret_names({key: value for key, value in step.items() if key != "env"}):
        yield "a secret is given in another way than through the environment"
    if "uses" in step:
        if not PINNED.match(step["uses"]):
            yield "the action is not named by its commit"
        given = step.get("with", {})
        if step["uses"].startswith("actions/checkout@"):
            if given.get("persist-credentials") is not False:
                yield "the checkout keeps a token in the work tree"
            if given.get("fetch-depth") != 0:
                yield "the history is cut off"
            if environment == "portal" and given.get("ref") != "main":
                yield "an old run, repeated, would apply old requests"
    expected = {"portal": {"--yes"}, "portal-read": {"--dry-run"}}.get(environment, set())
    if not set(ASKED.findall(step.get("run", ""))) <= expected:
        yield "something is applied where only looking is meant, or the other way round"


def _secret_names(value):
    return [name for name in expressions.names(str(value or "")) if name.startswith("secrets.")]


def gitlab_faults(pipeline):
    """What is wrong with the pipeline of GitLab."""
    found = []
    known = {"workflow", "stages", "variables", "default"}
    jobs = {name: job for name, job in pipeline.items() if name not in known}
    if sorted(jobs) != ["apply", "check", "drift", "plan"]:
        found.append(f"these are not the jobs: {sorted(jobs)}")
    if pipeline["variables"].get("GIT_DEPTH") != "0":
        found.append("the history is cut off")
    for name, job in jobs.items():
        asked = [rule.get("if", "") for rule in job.get("rules", [])]
        environment = job.get("environment") or {}
        found += [f"{name} has no {key}" for key in ("stage", "script", "rules", "artifacts") if not job.get(key)]
        if job.get("stage") not in pipeline["stages"]:
            found.append(f"{name} is in no stage")
        if set(job) & {"only", "except", "when", "variables"} or any(set(rule) - {"if", "changes"} for rule in job.get("rules", [])):
            found.append(f"{name} has other conditions than its rules")
        if not all(asked):
            found.append(f"{name} has a rule without a condition")
        script = "\n".join(job.get("script") or [])
        does = set(ASKED.findall(script))
        if not does:
            if environment:
                found.append(f"{name} is given tokens that it does not need")
            continue
        on_main = all(condition.startswith("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && ") for condition in asked)
        if does != {"--dry-run"}:
            if environment != {"name": "portal"} or not on_main:
                found.append(f"{name} applies with other tokens, or elsewhere than on the default branch")
            if job.get("resource_group") != "arkib-apply" or job.get("interruptible") is not False:
                found.append(f"{name}: two jobs could apply at once, or one be cut short")
        elif environment != {"name": "portal-read", "action": "access"}:
            found.append(f"{name} is given more than the reading token, or counts as a deployment")
        elif not on_main and asked != [f'$CI_PIPELINE_SOURCE == "merge_request_event" && {GITLAB_FORKS}']:
            found.append(f"{name} has no guard against forks")
        if on_main and '--ref "origin/$CI_DEFAULT_BRANCH"' not in script:
            found.append(f"{name}, repeated, would take old requests")
    return found


def _set(*path):
    """A change that sets the last of the path at the place before it."""
    *place, key, value = path

    def change(tree):
        for step in place:
            tree = tree[step]
        tree[key] = value

    return change


def _drop(*path):
    *place, key = path

    def change(tree):
        for step in place:
            tree = tree[step]
        del tree[key]

    return change


MUTATIONS = [
    ("pull_request_target", "check", _set("on", {"pull_request_target": {"branches": ["main"]}})),
    ("a second, dangerous trigger", "check", _set("on", "issue_comment", {})),
    ("permissions of the whole workflow", "check", _set("permissions", {"contents": "read"})),
    ("no permissions said", "drift", _drop("permissions")),
    ("a job that may write contents", "apply", _set("jobs", "apply", "permissions", "contents", "write")),
    ("a job with all permissions", "check", _set("jobs", "plan", "permissions", "write-all")),
    ("a fork's job that may write comments", "check", _set("jobs", "check", "permissions", "pull-requests", "write")),
    ("no guard against forks", "check", _drop("jobs", "plan", "if")),
    ("a guard against forks that something undoes", "check", _set("jobs", "plan", "if", f"always() || {FORKS}")),
    ("a guard against forks that is one of two", "check", _set("jobs", "plan", "if", f"{FORKS} || github.actor != 'dependabot[bot]'")),
    ("no environment", "check", _drop("jobs", "plan", "environment")),
    ("the writing environment on a pull request", "check", _set("jobs", "plan", "environment", "portal")),
    ("the portal's token in the job for forks", "check", _set("jobs", "check", "steps", 2, "env", {"T": "${{ secrets.ARKIB_PORTAL_TOKEN }}"})),
    ("the portal's token for a whole job", "apply", _set("jobs", "apply", "env", {"T": "${{ secrets.ARKIB_PORTAL_TOKEN }}"})),
    ("the portal's token for a whole workflow", "apply", _set("env", {"T": "${{ secrets.ARKIB_PORTAL_TOKEN }}"})),
    ("both tokens in one step", "check", _set("jobs", "plan", "steps", 2, "env", "GH_TOKEN", "${{ github.token }}")),
    ("a title within a script", "check", _set("jobs", "check", "steps", 2, "run", "echo ${{ github.event.pull_request.title }}")),
    ("an input within a script", "apply", _set("jobs", "apply", "steps", 2, "run", "arkib reconcile --yes --accept=${{ inputs.accept }}")),
    ("an action by its tag", "drift", _set("jobs", "drift", "steps", 0, "uses", "actions/checkout@v7")),
    ("a checkout that keeps its token", "check", _drop("jobs", "check", "steps", 0, "with", "persist-credentials")),
    ("a checkout without history", "check", _drop("jobs", "check", "steps", 0, "with", "fetch-depth")),
    ("an apply of an old commit", "apply", _drop("jobs", "apply", "steps", 0, "with", "ref")),
    ("no concurrency on apply", "apply", _drop("concurrency")),
    ("an apply that is cut short", "apply", _set("concurrency", "cancel-in-progress", True)),
    ("an apply of any branch", "apply", _drop("jobs", "apply", "if")),
    ("a nightly run of any branch", "drift", _drop("jobs", "drift", "if")),
    ("a nightly run that applies", "drift", _set("jobs", "drift", "steps", 2, "run", "arkib reconcile --yes")),
    ("a failure that is waved through", "check", _set("jobs", "check", "steps", 2, "continue-on-error", True)),
    ("a job without an end", "apply", _drop("jobs", "apply", "timeout-minutes")),
    ("a shell that sees no failures in pipes", "check", _drop("defaults")),
]

GITLAB_MUTATIONS = [
    ("no resource_group", _drop("apply", "resource_group")),
    ("an apply that is cut short", _set("apply", "interruptible", True)),
    ("an apply of any branch", _set("apply", "rules", 0, "if", '$CI_PIPELINE_SOURCE == "push"')),
    ("an apply with other tokens", _set("apply", "environment", {"name": "portal-read"})),
    ("an apply of an old commit", _set("apply", "script", ["arkib reconcile --yes"])),
    ("a plan without a guard against forks", _set("plan", "rules", 0, "if", '$CI_PIPELINE_SOURCE == "merge_request_event"')),
    ("a plan with the writing token", _set("plan", "environment", {"name": "portal", "action": "access"})),
    ("a check with tokens", _set("check", "environment", {"name": "portal-read", "action": "access"})),
    ("a history that is cut off", _drop("variables", "GIT_DEPTH")),
    ("only instead of rules", _set("check", "only", ["main"])),
    ("a job that is in no stage", _set("drift", "stage", "night")),
    ("a rule for everything", _set("drift", "rules", [{"if": ""}])),
]
