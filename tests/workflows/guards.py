"""Security rules for the example's workflows, checked on the parsed files; each is tested with a copy that breaks it."""

import copy
import re

import expressions
import runner
import yaml

FORKS = "github.event.pull_request.head.repo.full_name == github.repository"
MAIN = "github.ref == 'refs/heads/main'"
# Triggers that run code or names of strangers with the base's secrets.
DANGEROUS = {"pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment", "repository_dispatch"}
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
# Calls of arkib, except the marker of the comment.
ASKED = re.compile(r"arkib reconcile (?!-->)(\S+)")
# Every push, and the only allowed one: of the records, to their branch, never by force.
# Commands that write or read records.
RECORDED = re.compile(r"\barkib (?:reconcile|notify|register)\b")
# Commands that contact people: only where approved requests are applied.
INFORMS = re.compile(r"\barkib notify\b")
PUSHES = re.compile(r"\bgit\b[^\n;|&]*?\bpush\b[^\n;|&]*")
PUSH = "git push --quiet origin records"
# How a job gets arkib, and what would bring it by a name that anybody can take in a registry.
SETS_UP = "sh ci/setup-arkib"
# Not in one command: after a failure its PATH would begin with an empty name, the current folder.
GITLAB_SETS_UP = [f"found=$({SETS_UP})", "PATH=$found:$PATH"]
INSTALLS = re.compile(r"\b(?:cargo|pip3?|pipx|uvx?|npm|npx|brew)\b")
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
    """The faults of a GitHub workflow; empty if there are none."""
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
    # Write permission for contents allows pushes: only in the job that writes records, and only from main.
    keeps = environment == "portal" and asked == MAIN and not pulls
    if keeps:
        allowed["contents"] = "write"
    weaker = {"contents": "read"} if keeps else {}
    if not isinstance(permissions, dict) or not permissions.items() <= allowed.items() | weaker.items():
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
    if environment == "portal":
        yield from _records_faults(job["steps"])
    elif any(PUSHES.search(step.get("run", "")) for step in job["steps"]):
        yield "pushes, which only the job that applies may"
    yield from setup_faults(job["steps"])
    for step in job["steps"]:
        yield from (f"{step.get('name')}: {fault}" for fault in step_faults(step, environment))


def setup_faults(steps):
    if [step for step in steps if "setup-arkib" in str(step)] != [{"name": "Set up arkib", "run": SETS_UP}]:
        yield "arkib comes from elsewhere, or its setup is given a token"


def _records_faults(steps):
    """The faults in how a job with a token that can push handles the records."""
    keepers = [step for step in steps if PUSHES.search(step.get("run", ""))]
    if [step.get("if") for step in keepers] != ["${{ always() }}"]:
        yield "the records of a run that failed or was cancelled are lost"
    for step in steps:
        pushes = {push.strip() for push in PUSHES.findall(step.get("run", ""))}
        if pushes - {PUSH}:
            yield f"pushes otherwise than `{PUSH}`: {pushes}"
        if step not in keepers and {"github.token", "secrets.GITHUB_TOKEN"} & set(expressions.names(str(step))):
            yield f"{step.get('name')}: is given the token that can push"
        if step in keepers and "arkib " in step["run"]:
            yield "arkib runs with the token that can push"
        if RECORDED.search(step.get("run", "")) and '--records "$RUNNER_TEMP/records"' not in step["run"]:
            yield "the records are not where they are kept from"


def step_faults(step, environment):
    if set(step) - {"name", "id", "if", "env", "run", "uses", "with"}:
        yield f"has keys that no rule knows: {sorted(step)}"
    if INSTALLS.search(step.get("run", "")):
        yield "a program is taken from a registry by its name"
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
    if INFORMS.search(step.get("run", "")) and environment != "portal":
        yield "people are written to by a job that only looks"
    if not set(ASKED.findall(step.get("run", ""))) <= expected:
        yield "something is applied where only looking is meant, or the other way round"


def _secret_names(value):
    return [name for name in expressions.names(str(value or "")) if name.startswith("secrets.")]


def gitlab_faults(pipeline):
    """The faults of the GitLab pipeline."""
    found = []
    known = {"workflow", "stages", "variables", "default"}
    jobs = {name: job for name, job in pipeline.items() if name not in known}
    if sorted(jobs) != ["apply", "check", "drift", "plan"]:
        found.append(f"these are not the jobs: {sorted(jobs)}")
    if pipeline["variables"].get("GIT_DEPTH") != "0":
        found.append("the history is cut off")
    if pipeline["default"].get("before_script") != GITLAB_SETS_UP or any("before_script" in job for job in jobs.values()):
        found.append("arkib comes from elsewhere")
    for name, job in jobs.items():
        if INSTALLS.search(str(job)):
            found.append(f"{name} takes a program from a registry by its name")
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
        if INFORMS.search(script) and environment != {"name": "portal"}:
            found.append(f"{name} writes to people, though it only looks")
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
        faults = _gitlab_records_faults(job, script, does != {"--dry-run"})
        found += [f"{name}: {fault}" for fault in faults]
        if on_main and '--ref "origin/$CI_DEFAULT_BRANCH"' not in script:
            found.append(f"{name}, repeated, would take old requests")
    return found


def _gitlab_records_faults(job, script, applies):
    """The faults in how records are handled."""
    keepers = [part for part in job["script"] if PUSHES.search(part)]
    after = job.get("after_script") or []
    pushes = {push.strip() for push in PUSHES.findall("\n".join([script, *after]))}
    if not applies:
        if pushes or after or "ARKIB_RECORDS_TOKEN" in script:
            yield "pushes, which only the job that applies may"
        return
    if pushes != {PUSH}:
        yield f"pushes otherwise than `{PUSH}`: {pushes}"
    if after != keepers:
        yield "the records of a job that was cancelled are lost"
    recorded = all("--records arkib-records" in part for part in job["script"] if RECORDED.search(part))
    if not recorded or "arkib-records/**/*.jsonl" not in job["artifacts"].get("paths", []):
        yield "the records are not where they are kept from"
    for part in job["script"]:
        calls = len(re.findall(r"\barkib (?:reconcile|records|notify|register)\b", part))
        if calls != part.count("env -u ARKIB_RECORDS_TOKEN arkib "):
            yield "arkib is given the token that can push"
        if part not in keepers and "ARKIB_RECORDS_TOKEN" in part.replace("env -u ARKIB_RECORDS_TOKEN arkib ", ""):
            yield "what can push is used where nothing is pushed"


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


def _edit(old, new, *path):
    """A change within the text at a place."""
    *place, key = path

    def change(tree):
        for step in place:
            tree = tree[step]
        if old not in tree[key]:
            raise ValueError(f"{old!r} is not there")
        tree[key] = tree[key].replace(old, new)

    return change


# The steps of `apply`, and the part of the GitLab script that pushes.
BRING, APPLY, INFORM, UPLOAD, KEEP = 2, 3, 4, 6, 7
GITLAB_RECONCILE, GITLAB_KEEP = 5, 9

MUTATIONS = [
    ("pull_request_target", "check", _set("on", {"pull_request_target": {"branches": ["main"]}})),
    ("a second, dangerous trigger", "check", _set("on", "issue_comment", {})),
    ("permissions of the whole workflow", "check", _set("permissions", {"contents": "read"})),
    ("no permissions said", "drift", _drop("permissions")),
    ("a nightly run that may write contents", "drift", _set("jobs", "drift", "permissions", "contents", "write")),
    ("a pull request that may write contents", "check", _set("jobs", "plan", "permissions", "contents", "write")),
    ("an apply that may write more", "apply", _set("jobs", "apply", "permissions", "actions", "write")),
    ("a push by force", "apply", _edit("push --quiet", "push --force --quiet", "jobs", "apply", "steps", KEEP, "run")),
    ("a push by force, said otherwise", "apply", _edit("origin records; then", "origin +records; then", "jobs", "apply", "steps", KEEP, "run")),
    ("a push to main", "apply", _edit("origin records; then", "origin records:main; then", "jobs", "apply", "steps", KEEP, "run")),
    ("a push in the night", "drift", _set("jobs", "drift", "steps", 2, "run", "git push --quiet origin records")),
    ("records kept only of good runs", "apply", _drop("jobs", "apply", "steps", KEEP, "if")),
    ("records not kept of cancelled runs", "apply", _set("jobs", "apply", "steps", KEEP, "if", "${{ !cancelled() }}")),
    ("records that are not kept at all", "apply", _drop("jobs", "apply", "steps", KEEP)),
    ("records left in the work tree", "apply", _edit('--records "$RUNNER_TEMP/records"', "", "jobs", "apply", "steps", APPLY, "run")),
    ("notices recorded in the work tree", "apply", _edit('--records "$RUNNER_TEMP/records"', "", "jobs", "apply", "steps", INFORM, "run")),
    ("notices of what is only proposed", "check", _set("jobs", "plan", "steps", 2, "run", "arkib notify --yes")),
    ("arkib with the token that can push", "apply", _set("jobs", "apply", "steps", BRING, "env", {"T": "${{ github.token }}"})),
    ("an action with the token that can push", "apply", _set("jobs", "apply", "steps", UPLOAD, "with", "token", "${{ github.token }}")),
    ("arkib in the step that pushes", "apply", _edit("git add --all", "arkib records verify", "jobs", "apply", "steps", KEEP, "run")),
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
    ("an input within a script", "apply", _set("jobs", "apply", "steps", APPLY, "run", "arkib reconcile --yes --accept=${{ inputs.accept }}")),
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
    ("arkib by its name from a registry", "drift", _set("jobs", "drift", "steps", 1, "run", "cargo install --locked arkib")),
    ("another program from a registry", "check", _set("jobs", "check", "steps", 2, "run", "pipx run arkib check --base origin/main")),
    ("a setup with a token", "apply", _set("jobs", "apply", "steps", 1, "env", {"T": "${{ secrets.ARKIB_PORTAL_TOKEN }}"})),
    ("a job without an end", "apply", _drop("jobs", "apply", "timeout-minutes")),
    ("a shell that sees no failures in pipes", "check", _drop("defaults")),
]

GITLAB_MUTATIONS = [
    ("no resource_group", _drop("apply", "resource_group")),
    ("an apply that is cut short", _set("apply", "interruptible", True)),
    ("an apply of any branch", _set("apply", "rules", 0, "if", '$CI_PIPELINE_SOURCE == "push"')),
    ("an apply with other tokens", _set("apply", "environment", {"name": "portal-read"})),
    ("an apply of an old commit", _set("apply", "script", ["arkib reconcile --yes"])),
    ("a push by force", _edit("push --quiet", "push --force --quiet", "apply", "script", GITLAB_KEEP)),
    ("a push to main", _edit("origin records; then", "origin records:main; then", "apply", "script", GITLAB_KEEP)),
    ("a push in the night", _set("drift", "after_script", ["git push --quiet origin records"])),
    ("records not kept of cancelled jobs", _drop("apply", "after_script")),
    ("records that are not kept at all", _drop("apply", "script", GITLAB_KEEP)),
    ("records left in the work tree", _edit("--records arkib-records", "", "apply", "script", GITLAB_RECONCILE)),
    ("records missing from the artifact", _set("apply", "artifacts", "paths", ["arkib-apply.md"])),
    ("arkib with the token that can push", _edit("env -u ARKIB_RECORDS_TOKEN ", "", "apply", "script", GITLAB_RECONCILE)),
    ("a plan without a guard against forks", _set("plan", "rules", 0, "if", '$CI_PIPELINE_SOURCE == "merge_request_event"')),
    ("a plan with the writing token", _set("plan", "environment", {"name": "portal", "action": "access"})),
    ("a check with tokens", _set("check", "environment", {"name": "portal-read", "action": "access"})),
    ("a history that is cut off", _drop("variables", "GIT_DEPTH")),
    ("only instead of rules", _set("check", "only", ["main"])),
    ("a job that is in no stage", _set("drift", "stage", "night")),
    ("a setup whose failure puts the work tree on the PATH", _set("default", "before_script", [f"PATH=$({SETS_UP}):$PATH"])),
    ("arkib by its name from a registry", _set("default", "before_script", ["cargo install --locked arkib"])),
    ("another program from a registry", _set("check", "script", ["pip install arkib", "arkib check"])),
    ("a rule for everything", _set("drift", "rules", [{"if": ""}])),
]
