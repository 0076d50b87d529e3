"""What the example's pipelines may do. zizmor and actionlint say what holds for all workflows; the rules here are arkib's own.
Each is tested with a copy that breaks it."""

import re

import copies
import gitlab_local
import rig
import yaml
from tools import tool

FORKS = "github.event.pull_request.head.repo.full_name == github.repository && github.event.pull_request.user.login != 'dependabot[bot]'"
MAIN = "github.ref == 'refs/heads/main'"
GITLAB_FORKS = '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID'
GITLAB_MAIN = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE == "
SETS_UP = "sh ci/setup-arkib"
# Only this brings arkib; a name in a registry can be taken by anybody. Not in one command: after a failure the PATH would begin
# with an empty name, the current folder.
GITLAB_SETS_UP = [f"found=$({SETS_UP})", "PATH=$found:$PATH"]
# No branch can have a file there, nor a link to one, and no earlier run has left one of this name: an older or planted plan is not shown.
GITLAB_COMMENT, GITHUB_COMMENT = ".git/arkib-comment-$CI_PIPELINE_ID.md", ".git/arkib-comment-$GITHUB_RUN_ID.md"
COMMENTS = f'arkib comment "{GITHUB_COMMENT}"'
# Git prefers a tag of this name to the branch of the origin, and anyone who can push can make one.
LOOSE_REF = re.compile(r"(?<!refs/remotes/)(?<![\w/.-])origin/[A-Za-z$*]")
# What a run needs to tell somebody, by a webhook or by mail: each, but for that of a pull request, which shows its failure there.
ALERTS = {"ARKIB_ALERT_URL", "ARKIB_ALERT_FORMAT", "ARKIB_SMTP_URL", "ARKIB_SMTP_USER", "ARKIB_SMTP_PASSWORD"}
# One command of arkib, whose output may go to a file.
COMMAND = re.compile(r'arkib (?P<name>check|reconcile|comment|notify|register)(?: [\w./,-]+| "[-.$\w/]+")*(?: > (?:[\w.-]+|"[-.$\w/]+"))?')
# What each environment's token is for.
MAY = {None: {"check"}, "portal-read": {"reconcile", "comment", "register"}, "portal": {"reconcile", "notify"}}
# Permissions that cannot push.
READING = ({"contents": "read"}, {"contents": "read", "pull-requests": "write"})
JOB_KEYS = {"if", "runs-on", "timeout-minutes", "environment", "permissions", "concurrency", "env", "steps"}
LONGEST = 40


def suite(tally, arkib, agency, folder):
    paths = sorted((agency / ".github" / "workflows").iterdir())
    texts = {path.name: path.read_text() for path in paths}
    tally.equal("there are these workflows", sorted(texts), ["apply.yml", "check.yml", "night.yml"])
    others = sorted(agency.parent.glob("*/.[fg]*/workflows/*.yml"))
    found = zizmor([*others, agency / ".github" / "dependabot.yml", *own_files()])
    tally.equal(f"zizmor finds nothing in these {len(others)} workflows, nor in arkib's own", found, "") or print(found)
    for path in (path for path in others if "shards" not in path.parts):
        tally.equal(f"{path.relative_to(agency.parent)} keeps what holds for all", common_faults(path.read_text(), ".forgejo" in path.parts), [])
    for path in [*others, *sorted(agency.parent.glob("*/.gitlab*.yml")), *sorted(agency.parent.glob("*/.gitlab/*.yml")), copies.COMPONENT]:
        tally.check(f"{path.relative_to(copies.PROJECT)} has at most {LONGEST} lines", len(path.read_text().splitlines()) <= LONGEST, path)
    for path, expected in copies.copies():
        tally.equal(f"{path.relative_to(copies.PROJECT)} is the copy that it must be", path.read_text() if path.exists() else "", expected)
    loose = {str(path.relative_to(copies.PROJECT)): names for path in named_refs() if (names := LOOSE_REF.findall(path.read_text(errors="replace")))}
    tally.equal("no pipeline, manifest or page names a branch of the origin so that a tag could take its place", loose, {})
    pipeline = (agency / ".gitlab-ci.yml").read_text()
    tally.check("would be seen: the short name of one", LOOSE_REF.search(pipeline.replace("refs/remotes/", "", 1)))
    for name, text in texts.items():
        tally.equal(f"{name} keeps the rules", faults(text), [])
    for what, name, was, becomes in MUTATIONS:
        tally.check(f"would be seen: {what}", was in texts[name] and _seen(texts[name].replace(was, becomes, 1), folder, name))
    tally.equal(".gitlab-ci.yml keeps the rules", gitlab_faults(pipeline), [])
    for path in [*sorted(agency.parent.glob("*/.gitlab-ci.yml")), copies.COMPONENT]:
        *_, own = yaml.safe_load_all(path.read_text())
        tally.equal(f"each job of {path.relative_to(copies.PROJECT)} says when it runs", [name for name, job in gitlab_local.jobs(own).items() if not _has_rules(job)], [])
    for what, was, becomes in GITLAB_MUTATIONS:
        tally.check(f"would be seen: {what}", was in pipeline and gitlab_faults(pipeline.replace(was, becomes, 1)))


def own_files():
    project = copies.PROJECT
    return [*sorted((project / ".github" / "workflows").iterdir()), project / "action.yml"]


def named_refs():
    """The files whose commands people and jobs run."""
    project = copies.PROJECT
    texts = [path for folder in ("docs", "examples", "templates") for path in sorted((project / folder).rglob("*")) if path.is_file()]
    return [project / "README.md", project / "README.ms.md", project / "SECURITY.md", *(path for path in texts if path.suffix in {".md", ".yml", ".yaml", ""})]


def zizmor(paths):
    """What it finds; nothing if there is nothing."""
    done = rig.run([tool("zizmor"), "--offline", "--no-progress", "--no-config", "--quiet", "--color=never", *paths], rig.clean_environment())
    return "" if done.returncode == 0 else done.stdout + done.stderr


def actionlint(paths, folder):
    options = ["-no-color", "-shellcheck", tool("shellcheck"), "-pyflakes", ""]
    return rig.run([tool("actionlint"), *options, *paths], rig.clean_environment(), folder)


def _seen(text, folder, name):
    place = folder / ".github" / "workflows" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return bool(faults(text)) or actionlint([place], folder).returncode != 0 or bool(zizmor([place]))


def load(text):
    """A workflow; YAML 1.1 reads its key `on` as true."""
    return {("on" if key is True else key): value for key, value in yaml.safe_load(text).items()}


def common_faults(text, is_forgejo=False):
    """The faults of a workflow of any example."""
    workflow, found = load(text), []
    if workflow.get("permissions") != {} or "secrets." in str(workflow.get("env")):
        found.append("the whole workflow is given permissions or secrets")
    for name, job in workflow["jobs"].items():
        asked, given, steps = job.get("if"), job.get("permissions", {}), job["steps"]
        if given not in READING and (given != {"contents": "write"} or asked != MAIN):
            found.append(f"{name}: its permissions are {given}")
        if "pull-requests" in given and asked != FORKS:
            found.append(f"{name}: no guard against forks")
        if "secrets." in str(steps) and asked not in (FORKS, MAIN) or "secrets." in str(job.get("env")):
            found.append(f"{name}: secrets are within reach of every branch, or of every step")
        if "PORTAL_TOKEN" in str(steps) and not is_forgejo and not job.get("environment", "").startswith("portal"):
            found.append(f"{name}: the portal's token has no environment")
        if not 0 < job.get("timeout-minutes", 0) <= 60:
            found.append(f"{name}: has no near end")
        if [step for step in steps if "setup-arkib" in str(step)] != [{"run": SETS_UP}]:
            found.append(f"{name}: arkib comes from elsewhere, or its setup is given a token")
        if any(step.get("with", {}).get("persist-credentials") is not False for step in steps if "actions/checkout@" in step.get("uses", "")):
            found.append(f"{name}: a checkout keeps its token")
        if "pull_request" not in workflow["on"] and any("ref" not in step.get("with", {}) for step in steps if "actions/checkout@" in step.get("uses", "")):
            found.append(f"{name}: repeated, it would take an old commit")
        found += silent_steps(name, job, workflow)
        for script in (step["run"] for step in steps if step.get("run", SETS_UP) != SETS_UP):
            if "arkib comment" in script and script != COMMENTS or " > " in script and not script.endswith(f' > "{GITHUB_COMMENT}"'):
                found.append(f"{name}: could show a file, or write through a link, that the branch brought: {script}")
            if not COMMAND.fullmatch(script):
                found.append(f"{name}: is not one command of arkib: {script}")
    return found


def silent_steps(name, job, workflow):
    """The runs of a job that cannot tell anybody of a failure."""
    for step in job["steps"]:
        given_to = {*workflow.get("env", {}), *job.get("env", {}), *step.get("env", {})}
        if re.search(r"arkib reconcile (?!.*--pull-request )", step.get("run", "")) and ALERTS - given_to:
            yield f"{name}: cannot tell anybody: {sorted(ALERTS - given_to)}"


def faults(text):
    """The faults of a GitHub workflow of the agency; empty if there are none."""
    workflow = load(text)
    pulls = "pull_request" in workflow["on"]
    found = common_faults(text)
    for key, job in workflow["jobs"].items():
        found += [f"{key}: {fault}" for fault in _job_faults(workflow, job, pulls)]
    return found


def _job_faults(workflow, job, pulls):
    environment, asked, steps = job.get("environment"), job.get("if"), job["steps"]
    if set(job) - JOB_KEYS:
        yield f"has keys that no rule knows: {sorted(job)}"
    allowed = {None: {"contents": "read"}, "portal-read": {"contents": "read"}, "portal": {"contents": "write"}}.get(environment)
    if pulls and environment:
        allowed = {"contents": "read", "pull-requests": "write"}
    if job.get("permissions") != allowed:
        yield f"its permissions are not {allowed}"
    if "secrets." in str(steps) and environment not in ("portal-read", "portal"):
        yield "secrets without an environment are within reach of every branch"
    if environment and asked != (FORKS if pulls else MAIN):
        yield "its tokens are used for forks, or on any branch"
    if environment == "portal" and (pulls or workflow.get("concurrency") != {"group": "arkib-apply", "cancel-in-progress": False}):
        yield "a pull request could apply, or two runs at once, or one be cut short"
    # The newest main: the checkout of an old run, repeated, sets even origin/main back.
    wanted = {"fetch-depth": 0, "persist-credentials": False} | ({"ref": "main"} if environment and not pulls else {})
    if [step.get("with") for step in steps if step.get("uses", "").startswith("actions/checkout@")] != [wanted]:
        yield "the history is cut off, or the checkout keeps a token, or takes another commit"
    for step in steps:
        yield from step_faults(step, environment, pulls)


def step_faults(step, environment, pulls):
    if set(step) - {"if", "env", "run", "uses", "with"}:
        yield f"a step has keys that no rule knows: {sorted(step)}"
    if "secrets." in str({key: value for key, value in step.items() if key != "env"}):
        yield "a secret is given in another way than through the environment"
    if pulls and "secrets." in str(step.get("env")) and "github.token" in str(step.get("env")):
        yield "one step of a pull request holds both the forge's token and the portal's"
    if "run" in step and step["run"] != SETS_UP:
        yield from command_faults(step["run"], environment)
        if re.search(r"arkib (notify|register|comment)", step["run"]) and step.get("if") != "${{ !cancelled() }}":
            yield "who is concerned does not hear of a run that failed"


def command_faults(script, environment, newest=""):
    """The faults of one command; `newest` must be in it where it applies."""
    command = COMMAND.fullmatch(script)
    if not command:
        yield f"is not one command of arkib: {script}"
    elif command["name"] not in MAY[environment]:
        yield f"`arkib {command['name']}` is not for these tokens"
    elif command["name"] == "reconcile" and ("--yes" in script) != (environment == "portal"):
        yield "something is applied where only looking is meant, or the other way round"
    elif (environment == "portal" or command["name"] == "register") and (newest not in script or "--records-branch records " not in script):
        yield "repeated, it would take old requests, or it keeps no record"


def gitlab_faults(text):
    """The faults of the GitLab pipeline."""
    try:
        pipeline = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return [str(error)]
    jobs = gitlab_local.jobs(pipeline)
    found = []
    if pipeline["variables"].get("GIT_DEPTH") != "0":
        found.append("the history is cut off")
    if pipeline["default"].get("before_script") != GITLAB_SETS_UP:
        found.append("arkib comes from elsewhere")
    for name, job in jobs.items():
        known = {"stage", "rules", "script", "artifacts", "environment", "allow_failure", "resource_group", "needs"}
        if set(job) - known:
            found.append(f"{name} has keys that no rule knows: {sorted(job)}")
        found += [f"{name}: {fault}" for fault in _gitlab_job_faults(name, job, pipeline["stages"])]
    return found


def _has_rules(job):
    """Whether each of its rules has a condition that names how a pipeline begins: without one it would run in any."""
    return bool(job.get("rules")) and all("$CI_PIPELINE_SOURCE == " in rule.get("if", "") and set(rule) <= {"if", "changes", "when"} for rule in job["rules"])


def _gitlab_job_faults(name, job, stages):
    if not _has_rules(job):
        yield "has no rule, one without a condition, or one with more"
        return
    asked = [rule["if"] for rule in job["rules"]]
    environment = (job.get("environment") or {}).get("name")
    always = {rule.get("when") for rule in job["rules"]} == {"always"}
    if job.get("stage", "test") not in stages:
        yield "is in no stage"
    on_main = all(condition.startswith(GITLAB_MAIN) for condition in asked)
    if environment == "portal" and (not on_main or job.get("resource_group") != "arkib-apply" or job.get("interruptible")):
        yield "applies elsewhere than on the default branch, or two could at once, or one be cut short"
    if environment == "portal-read" and not on_main and asked != [GITLAB_FORKS]:
        yield "has no guard against forks"
    if environment == "portal-read" and job["environment"].get("action") != "access":
        yield "counts as a deployment"
    if name in ("comment", "notify", "register") and not always:
        yield "who is concerned does not hear of a job that failed"
    if name == "comment" and job.get("resource_group") != "arkib-comment-$CI_MERGE_REQUEST_IID":
        yield "two pipelines of a merge request could write their comments at once"
    if name == "comment" and job["script"] != [f'arkib comment "{GITLAB_COMMENT}"']:
        yield "could show a file that the branch brought, or that another pipeline left"
    if environment == "portal" and ".git/arkib/records" not in job["artifacts"]["paths"]:
        yield "records that cannot be pushed are lost"
    for script in job["script"]:
        yield from command_faults(script, environment, '--ref "refs/remotes/origin/$CI_DEFAULT_BRANCH" ')


PORTAL_TOKEN = 'ARKIB_PORTAL_TOKEN: "${{ secrets.ARKIB_PORTAL_TOKEN }}"'
APPLIES = "arkib reconcile --yes --records-branch records"

MUTATIONS = [
    ("pull_request_target", "check.yml", "  pull_request:", "  pull_request_target:"),
    ("an alert whose mail cannot log in", "apply.yml", "          ARKIB_SMTP_PASSWORD: ${{ secrets.ARKIB_SMTP_PASSWORD }}\n", ""),
    ("a register with the writing token", "apply.yml", "run: arkib notify --yes", "run: arkib register"),
    ("a night that mails from nowhere", "night.yml", "      ARKIB_SMTP_URL: ${{ vars.ARKIB_SMTP_URL }}\n", ""),
    ("a second, dangerous trigger", "check.yml", "  pull_request:", "  issue_comment:\n  pull_request:"),
    ("permissions of the whole workflow", "check.yml", "permissions: {}", "permissions: { contents: read }"),
    ("no permissions said", "night.yml", "permissions: {}\n", ""),
    ("a nightly run that may write contents", "night.yml", "contents: read", "contents: write"),
    ("a pull request that may write contents", "check.yml", "contents: read, ", "contents: write, "),
    ("an apply that may write more", "apply.yml", "contents: write }", "contents: write, actions: write }"),
    ("a job with all permissions", "check.yml", "{ contents: read, pull-requests: write }", "write-all"),
    ("a fork's job that may write comments", "check.yml", "{ contents: read }", "{ contents: read, pull-requests: write }"),
    ("records that are not kept", "apply.yml", "--records-branch records ", ""),
    ("an apply of an old commit", "apply.yml", "ref: main, ", ""),
    ("notices only of good runs", "apply.yml", "      - if: ${{ !cancelled() }} # Also if only some", "      - if: ${{ success() }} # Also if only some"),
    ("a comment only of good runs", "check.yml", "      - if: ${{ !cancelled() }} # Also after", "      - if: ${{ success() }} # Also after"),
    ("notices of what is only proposed", "check.yml", COMMENTS, "arkib notify --yes --output notices"),
    ("no guard against forks", "check.yml", f"    if: {FORKS}\n", ""),
    ("a guard against forks that something undoes", "check.yml", f"if: {FORKS}", f"if: always() || {FORKS}"),
    ("no guard against Dependabot", "check.yml", " && github.event.pull_request.user.login != 'dependabot[bot]'", ""),
    ("no environment", "check.yml", "    environment: portal-read", "    #"),
    ("the writing environment on a pull request", "check.yml", "environment: portal-read", "environment: portal"),
    ("the portal's token in the job for forks", "check.yml", "--format github\n", '--format github\n        env: { T: "${{ secrets.ARKIB_PORTAL_TOKEN }}" }\n'),
    ("the portal's token for a whole job", "apply.yml", "    env:\n", "    env:\n      T: ${{ secrets.ARKIB_PORTAL_TOKEN }}\n"),
    ("the portal's token for a whole workflow", "check.yml", "env:\n", "env:\n  T: ${{ secrets.ARKIB_PORTAL_TOKEN }}\n"),
    ("both tokens in one step of a pull request", "check.yml", PORTAL_TOKEN, PORTAL_TOKEN + ', GITHUB_TOKEN: "${{ github.token }}"'),
    ("a comment that a branch could bring", "check.yml", COMMENTS, "arkib comment comment.md"),
    ("a plan written through a link of a branch", "check.yml", f' > "{GITHUB_COMMENT}"', " > comment.md"),
    ("a comment that another run left", "check.yml", COMMENTS, 'arkib comment ".git/arkib-comment.md"'),
    ("a title within a script", "check.yml", COMMENTS, "echo ${{ github.event.pull_request.title }}"),
    ("an input within a script", "apply.yml", '"$ACCEPT"', '"${{ inputs.accept }}"'),
    ("a second command", "apply.yml", '"$ACCEPT"', '"$ACCEPT"; git push origin records'),
    ("a substitution", "apply.yml", '"$ACCEPT"', '"$(cat digest)"'),
    ("an action by its tag", "night.yml", "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "actions/checkout@v7"),
    ("a checkout that keeps its token", "check.yml", ", persist-credentials: false", ""),
    ("a checkout without history", "check.yml", "fetch-depth: 0, ", ""),
    ("a checkout of what a stranger names", "check.yml", "fetch-depth: 0, ", "fetch-depth: 0, ref: other, "),
    ("no concurrency on apply", "apply.yml", "concurrency: { group: arkib-apply, cancel-in-progress: false }", ""),
    ("an apply that is cut short", "apply.yml", "cancel-in-progress: false", "cancel-in-progress: true"),
    ("an apply of any branch", "apply.yml", f"    if: {MAIN}", "    #"),
    ("a nightly run of any branch", "night.yml", f"    if: {MAIN}", "    #"),
    ("a nightly run that applies", "night.yml", "--dry-run --fail-on drift,unmanaged,blocked,due", "--yes"),
    ("an apply that only looks", "apply.yml", APPLIES, APPLIES.replace("--yes", "--dry-run")),
    ("a failure that is waved through", "check.yml", "      - run: arkib check", "      - continue-on-error: true\n        run: arkib check"),
    ("arkib by its name from a registry", "night.yml", SETS_UP, "cargo install --locked arkib"),
    ("another program from a registry", "check.yml", "arkib check", "pipx run arkib check"),
    ("a setup with a token", "apply.yml", f"- run: {SETS_UP}\n", f"- run: {SETS_UP}\n        env: {{ {PORTAL_TOKEN} }}\n"),
    ("a job without an end", "apply.yml", "    timeout-minutes: 60\n", ""),
    ("a key that does not exist", "night.yml", "timeout-minutes:", "timeout-minuets:"),
    ("a context that does not exist", "night.yml", "github.ref ==", "github.reff =="),
]

GITLAB_MUTATIONS = [
    ("no resource_group", "  resource_group: arkib-apply\n", ""),
    ("an apply that is cut short", "  resource_group:", "  interruptible: true\n  resource_group:"),
    ("an apply of any branch", GITLAB_MAIN + '"web"', '$CI_PIPELINE_SOURCE == "web"'),
    ("an apply with other tokens", "{ name: portal }", "{ name: portal-read, action: access }"),
    ("an apply of an old commit", 'reconcile --yes --ref "refs/remotes/origin/$CI_DEFAULT_BRANCH" ', "reconcile --yes "),
    ("notices of old requests", 'notify --yes --ref "refs/remotes/origin/$CI_DEFAULT_BRANCH" ', "notify --yes "),
    ("records that are not kept", "--records-branch records --report arkib-apply.md", "--report arkib-apply.md"),
    ("records missing from the artifact", ", .git/arkib/records", ""),
    ("a second command", f'arkib comment "{GITLAB_COMMENT}"', f'arkib comment "{GITLAB_COMMENT}" && git push'),
    ("a comment that a branch could bring", f'arkib comment "{GITLAB_COMMENT}"', "arkib comment arkib-comment.md"),
    ("a comment that another pipeline left", f'arkib comment "{GITLAB_COMMENT}"', 'arkib comment ".git/arkib-comment.md"'),
    ("two comments at once", "resource_group: arkib-comment-$CI_MERGE_REQUEST_IID, ", ""),
    ("a register with the writing token", "stage: register, environment: { name: portal-read, action: access }", "stage: register"),
    ("a register of old requests", 'arkib register --ref "refs/remotes/origin/$CI_DEFAULT_BRANCH" ', "arkib register "),
    ("a push in the night", "  allow_failure: false", "  after_script: [git push]"),
    ("a comment only of good plans", "$CI_MERGE_REQUEST_PROJECT_ID, when: always", "$CI_MERGE_REQUEST_PROJECT_ID"),
    ("a plan without a guard against forks", " && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID", ""),
    ("a plan with the writing token", "{ name: portal-read, action: access }", "{ name: portal, action: access }"),
    ("a plan that counts as a deployment", ", action: access", ""),
    ("a check with tokens", "  script: [arkib check", "  environment: { name: portal-read, action: access }\n  script: [arkib check"),
    ("a history that is cut off", '  GIT_DEPTH: "0"', '  OTHER: "0"'),
    ("only instead of rules", '  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]', "  only: [main]\n  rules: []"),
    ("a job without rules", '  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]\n', ""),
    ("a job that is in no stage", "  stage: night", "  stage: dark"),
    ("a setup whose failure puts the work tree on the PATH", 'found=$(sh ci/setup-arkib), "PATH=$found:$PATH"', '"PATH=$(sh ci/setup-arkib):$PATH"'),
    ("arkib by its name from a registry", "found=$(sh ci/setup-arkib)", "cargo install --locked arkib"),
    ("another program from a registry", "arkib check", "pipx run arkib check"),
    ("a rule for everything", '{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE == "schedule" }', '{ if: "" }'),
]
