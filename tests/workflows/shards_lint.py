"""Static checks of the shard examples: actionlint, shellcheck, the published schemas, and more rules."""

import copy
import re

import gitlab_local
import guards
import kubernetes_validate
import lint
import rig
import yaml
from tools import tool

# The oldest version with all stable features, and the newest with schemas.
VERSIONS = ("1.33", "1.37")


def jobs(folder):
    """The Job that each CronJob makes, by the CronJob's name."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            if document["kind"] == "CronJob":
                name = document["metadata"]["name"]
                found[name] = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, **document["spec"]["jobTemplate"]}
    return found


def suite(tally, arkib, agency, folder):
    shards = agency.parent / "shards"
    _gitlab(tally, agency, shards, folder)
    _github(tally, agency, shards, folder)
    _kubernetes(tally, arkib, shards, folder)
    text = (shards / "README.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    tally.equal("the links of README.md lead somewhere", [link for link in links if not (shards / link).exists()], [])


def _shellcheck(tally, name, text, folder):
    path = folder / "script.sh"
    path.write_text("#!/bin/sh\n" + text)
    done = rig.run([tool("shellcheck"), "--norc", path], rig.clean_environment())
    return tally.check(f"shellcheck passes on {name}", done.returncode == 0, done.stdout + done.stderr)


def _gitlab(tally, agency, shards, folder):
    path = shards / ".gitlab" / "shards.yml"
    text = path.read_text()
    done = lint.fits([path], "--builtin-schema", "vendor.gitlab-ci")
    tally.check("shards.yml fits the published schema", done.returncode == 0, done.stdout + done.stderr)
    tally.equal("GitLab's shards.yml keeps the rules", gitlab_faults(text), [])
    for what, was, becomes in GITLAB_MUTATIONS:
        tally.check(f"would be seen: {what}", was in text and gitlab_faults(text.replace(was, becomes, 1)))

    # README.md shows the job that starts it and replaces the agency's `apply`; copies.py puts it into the whole pipeline.
    theirs = gitlab_local.jobs(yaml.safe_load((agency / ".gitlab-ci.yml").read_text()))["apply"]
    starts = gitlab_local.jobs(yaml.safe_load((shards / ".gitlab-ci.yml").read_text()))["apply"]
    tally.equal("what starts it has the rules of the agency's apply", starts["rules"], theirs["rules"])
    tally.equal("and lets one run begin at a time", (starts["resource_group"], starts["trigger"]["strategy"]), ("arkib-apply", "depend"))


def gitlab_faults(text):
    found = yaml.safe_load(text)
    plan, apply, verify = (found[name] for name in ("plan", "apply", "verify"))
    faults = []
    if "resource_group" in apply:
        faults.append("one shard runs at a time")
    if plan.get("environment") != {"name": "portal-read", "action": "access"} or "environment" in verify:
        faults.append("a job that only reads is given what writes")
    if verify.get("when") != "always" or apply["artifacts"].get("when") != "always" or ".git/arkib/records" not in apply["artifacts"]["paths"]:
        faults.append("the records of a shard that failed are lost, or nobody sees it")
    if [rule["if"] for rule in found["workflow"]["rules"]] != [guards.GITLAB_MAIN + '"parent_pipeline"']:
        faults.append("it runs on any branch")
    if found["default"].get("before_script") != guards.GITLAB_SETS_UP:
        faults.append("arkib comes from elsewhere")
    return faults + list(script_faults({"plan": plan["script"], "apply": apply["script"], "verify": verify["script"]}))


def script_faults(scripts):
    """The faults in what the jobs do: single commands without a substitution, on the newest requests."""
    for name, script in scripts.items():
        for command in script:
            if not re.match(MAY[name], command) or re.search(r"[;|&`]|\$\(", command):
                yield f"{name} does more than it may: {command}"
            if " reconcile " in command and not re.search(r' --ref (HEAD|"refs/remotes/origin/\$CI_DEFAULT_BRANCH") ', command):
                yield f"{name} takes other requests than the newest: {command}"


# What each job calls; arkib itself pushes the records of a shard.
MAY = {
    "plan": r"arkib reconcile --dry-run |sh ci/setup-arkib$",
    "apply": r"arkib reconcile --yes .*--shard .*--records-branch records |sh ci/setup-arkib$",
    "shard": r"arkib reconcile --yes .*--shard .*--records-branch records |sh ci/setup-arkib$",
    "verify": r"arkib records (list|verify) --records-branch records$|arkib notify --yes --records-branch records |sh ci/setup-arkib$",
}

GITLAB_MUTATIONS = [
    ("shards one at a time", "  parallel: 8\n", "  parallel: 8\n  resource_group: arkib-apply\n"),
    ("a plan with the writing token", "{ name: portal-read, action: access }", "{ name: portal }"),
    ("a shard that pushes by itself", "    - arkib reconcile --yes", "    - git push --quiet origin records\n    - arkib reconcile --yes"),
    ("a second command in one", "--report arkib-part.md", "--report arkib-part.md; git push"),
    ("a shard without a record", " --records-branch records", ""),
    ("a look at good runs alone", "  when: always\n", ""),
    ("artifacts of good shards alone", "when: always, paths: [arkib-part.md", "paths: [arkib-part.md"),
    ("arkib by its name from a registry", "found=$(sh ci/setup-arkib)", "cargo install --locked arkib"),
    ("a run of any branch", "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && ", ""),
]


def _github(tally, agency, shards, folder):
    texts = {path.name: path.read_text() for path in sorted((shards / ".github" / "workflows").iterdir())}
    done = _github_lint(texts, folder)
    tally.check("actionlint passes on them, and on how they call each other", done.returncode == 0, done.stdout + done.stderr)
    tally.equal("GitHub's workflows keep the rules", github_faults(texts), [])
    for what, name, was, becomes in GITHUB_MUTATIONS:
        changed = texts | {name: texts[name].replace(was, becomes, 1)}
        tally.check(f"would be seen: {what}", was in texts[name] and (github_faults(changed) or _github_lint(changed, folder).returncode))
    pin = re.compile(r"uses: (\S+)@(\S+ # v\d+\.\d+\.\d+)$", re.MULTILINE)
    whole = "".join(texts.values())
    pins = pin.findall(whole)
    tally.equal("every action is named by its commit and says its version", len(pins), whole.count("uses: ") - whole.count("uses: ./"))
    theirs = dict(pin.findall((agency / ".github" / "workflows" / "apply.yml").read_text()))
    tally.equal("the same as the agency's", {action: at for action, at in pins if action in theirs}, theirs)


def _github_lint(texts, folder):
    """As a repository: actionlint reads the workflows that one calls."""
    place = folder / "repository" / ".github" / "workflows"
    place.mkdir(parents=True, exist_ok=True)
    (folder / "repository" / ".git").mkdir(exist_ok=True)
    for name, text in texts.items():
        (place / name).write_text(text)
    return guards.actionlint([place / name for name in texts], folder / "repository")


def github_faults(texts):
    """The faults of the three workflows: `apply`, and the two that it calls."""
    found, faults = {name: guards.load(text) for name, text in texts.items()}, []
    whole = found["apply.yml"]
    if whole.get("concurrency") != {"group": "arkib-apply", "cancel-in-progress": False}:
        faults.append("two runs could apply at once")
    jobs = {}
    for name, workflow in found.items():
        if workflow.get("permissions") != {} or "secrets." in str(workflow.get("env")):
            faults.append(f"{name}: its jobs are given more than they say")
        if name != "apply.yml" and list(workflow["on"]) != ["workflow_call"]:
            faults.append(f"{name} could be started by itself")
        jobs |= workflow["jobs"]
    for name, calls, after in (("shards", "shards.yml", None), ("notify", "notify.yml", "${{ !cancelled() && needs.shards.result != 'skipped' }}")):
        job = jobs.pop(name)
        # Only names of secrets: their values are those of the environment.
        named = {secret: f"${{{{ secrets.{secret} }}}}" for secret in found[calls]["on"]["workflow_call"]["secrets"]}
        wanted = {"uses": f"./.github/workflows/{calls}", "permissions": {"contents": "write"}, "secrets": named, "needs": {"shards": "plan", "notify": "shards"}[name]}
        if job != (wanted | {"if": after} if after else wanted):
            faults.append(f"{name} calls something else, or gives it more")
    wanted = {
        "plan": ("portal-read", {"contents": "read"}, guards.MAIN),
        "shard": ("portal", {"contents": "write"}, guards.MAIN),
        "verify": ("portal", {"contents": "write"}, guards.MAIN),
    }
    for name, job in jobs.items():
        if (job.get("environment"), job.get("permissions"), job.get("if")) != wanted.get(name):
            faults.append(f"{name} has other tokens or conditions than it needs")
        if not 0 < job.get("timeout-minutes", 0) <= 60:
            faults.append(f"{name} has no near end")
        if "secrets." in str(job.get("env")):
            faults.append(f"{name}: all steps are given secrets")
        faults += guards.silent_steps(name, job, {})
        for step in job["steps"]:
            if step.get("run") == guards.SETS_UP and step != {"run": guards.SETS_UP}:
                faults.append(f"{name}: the setup is given a token")
            if step.get("uses", "").startswith("actions/checkout@") and step.get("with") != {"ref": "main", "fetch-depth": 0, "persist-credentials": False}:
                faults.append(f"{name}: the checkout keeps a token, or takes another commit")
    shard = jobs["shard"]
    if shard["env"]["SHARD"] != f"${{{{ matrix.part }}}}/{len(shard['strategy']['matrix']['part'])}":
        faults.append("the shards are not as many as the jobs")
    if shard["strategy"].get("fail-fast") is not False:
        faults.append("a shard that fails stops the others")
    return faults + list(script_faults({name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}))


GITHUB_MUTATIONS = [
    ("no concurrency", "apply.yml", "concurrency: { group: arkib-apply", "concurrency: { group: other"),
    ("a plan with the writing token", "apply.yml", "environment: portal-read", "environment: portal"),
    ("a plan that may push", "apply.yml", "permissions: { contents: read }", "permissions: { contents: write }"),
    ("every secret for what is called", "apply.yml", 'secrets: { ARKIB_PORTAL_TOKEN: "${{ secrets.ARKIB_PORTAL_TOKEN }}", ARKIB_SMTP', "secrets: inherit #"),
    ("notices only of good shards", "apply.yml", "!cancelled() && needs.shards.result != 'skipped'", "success()"),
    ("a secret that nobody declares", "shards.yml", "ARKIB_ALERT_URL: { required: false }, ", ""),
    ("shards that anybody starts", "shards.yml", "  workflow_call:", "  workflow_dispatch:\n  workflow_call:"),
    ("a shard of any branch", "shards.yml", f"    if: {guards.MAIN}\n", ""),
    ("fewer jobs than shards", "shards.yml", "7, 8]", "7]"),
    ("a shard that stops the others", "shards.yml", "fail-fast: false, ", ""),
    ("a job without an end", "notify.yml", "    timeout-minutes: 60\n", ""),
    ("an old commit", "apply.yml", "ref: main, ", ""),
    ("a shard that pushes by itself", "shards.yml", "      - run: sh ci/setup-arkib\n", "      - run: sh ci/setup-arkib\n      - run: git push origin records\n"),
    ("a shard without a record", "shards.yml", " --records-branch records --format", " --format"),
    ("a shard that tells nobody", "shards.yml", "          ARKIB_ALERT_URL: ${{ secrets.ARKIB_ALERT_URL }}\n", ""),
    ("a plan that tells nobody", "apply.yml", 'ARKIB_ALERT_URL: "${{ secrets.ARKIB_ALERT_URL }}", ARKIB_ALERT_FORMAT', "ARKIB_ALERT_FORMAT"),
    ("a plan that mails from nowhere", "apply.yml", 'ARKIB_SMTP_URL: "${{ vars.ARKIB_SMTP_URL }}", ', ""),
    ("a setup with a token", "notify.yml", "      - run: sh ci/setup-arkib\n", "      - run: sh ci/setup-arkib\n        env: { T: x }\n"),
    ("arkib by its name from a registry", "apply.yml", "sh ci/setup-arkib", "cargo install arkib"),
]


def _kubernetes(tally, arkib, shards, folder):
    manifests = [(path.name, document) for path in sorted((shards / "kubernetes").glob("*.yaml")) for document in yaml.safe_load_all(path.read_text())]
    documents = manifests + [("its Job", job) for job in jobs(shards / "kubernetes").values()]
    for version in VERSIONS:
        for name, document in documents:
            what = f"{name}: {document['kind']} {document['metadata']['name']}"
            tally.equal(f"{what} fits Kubernetes {version}", _misfit(document, version), None)
    found = jobs(shards / "kubernetes")
    for what, change in MISFITS:
        mutant = copy.deepcopy(found["arkib-parts"])
        change(mutant["spec"])
        tally.check(f"the schema sees {what}", _misfit(mutant, VERSIONS[-1]))
    crons = {document["metadata"]["name"]: document for _, document in manifests if document["kind"] == "CronJob"}
    tally.equal("there are these CronJobs", sorted(crons), ["arkib-file", "arkib-parts", "arkib-plan"])
    for name, cron in crons.items():
        tally.equal(f"{name} keeps the rules", kubernetes_faults(cron), [])
        for container in _containers(_pod(cron)):
            tally.equal(f"{name} runs {container['name']} in a shell that stops at a failure", container["command"], ["sh", "-euc"])
            # With -e and -u, as at run time.
            _shellcheck(tally, f"{name}: {container['name']}", "set -eu\n" + container["args"][0], folder)
    for what, change in KUBERNETES_MUTATIONS:
        mutant = copy.deepcopy(crons["arkib-parts"])
        change(mutant["spec"], _pod(mutant))
        tally.check(f"would be seen: {what}", kubernetes_faults(mutant))
    version = rig.run([arkib, "--version"], rig.clean_environment()).stdout.split()[-1]
    image = (shards / "kubernetes" / "Containerfile").read_text()
    pinned = f"--tag arkib:{version} " in image and 'RUN found=$(sh ci/setup-arkib) && cp "$found/arkib" ' in image and "cargo" not in image
    tally.check("the Containerfile takes the pinned arkib, and runs as the manifests do", pinned and "USER 10001:10001" in image)
    used = {container["image"] for cron in crons.values() for container in _containers(_pod(cron))}
    tally.equal("the manifests name its image", used, {f"arkib:{version}"})
    claims = {document["metadata"]["name"] for _, document in manifests if document["kind"] == "PersistentVolumeClaim"}
    asked = {volume["persistentVolumeClaim"]["claimName"] for cron in crons.values() for volume in _pod(cron)["volumes"] if "persistentVolumeClaim" in volume}
    tally.equal("the volume that they share is asked for", asked, claims)
    text = (shards / "README.md").read_text()
    secrets = {volume["secret"]["secretName"] for cron in crons.values() for volume in _pod(cron)["volumes"] if "secret" in volume}
    tally.equal("README.md says how each Secret is made", [name for name in sorted(secrets) if f"secret generic {name} " not in text], [])


def _misfit(document, version):
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return error.message
    return None


def _pod(cron):
    return cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def _containers(pod):
    return [*pod.get("initContainers", []), *pod["containers"]]


def kubernetes_faults(cron):
    faults, spec = [], cron["spec"]
    job, pod = spec["jobTemplate"]["spec"], _pod(cron)
    if spec.get("concurrencyPolicy") != "Forbid" or not spec.get("startingDeadlineSeconds"):
        faults.append("two runs could go on at once")
    if not job.get("activeDeadlineSeconds") or pod.get("restartPolicy") != "Never":
        faults.append("it has no end")
    if job.get("completionMode") == "Indexed":
        parts = [entry["value"] for container in pod["containers"] for entry in container["env"] if entry["name"] == "PARTS"]
        if parts != [str(job["completions"])] or job["parallelism"] != job["completions"]:
            faults.append("the parts are not as many as the pods")
    own = pod.get("securityContext", {})
    if own.get("runAsNonRoot") is not True or own.get("runAsUser") != 10001 or pod.get("automountServiceAccountToken") is not False:
        faults.append("it runs as root, or with the cluster's token")
    for container in _containers(pod):
        name, held = container["name"], container.get("securityContext", {})
        if held.get("readOnlyRootFilesystem") is not True or held.get("allowPrivilegeEscalation") is not False or held.get("capabilities") != {"drop": ["ALL"]}:
            faults.append(f"{name} may do more than it needs")
        if set(container.get("resources", {}).get("limits", {})) != {"cpu", "memory"}:
            faults.append(f"{name} has no limits")
        if "envFrom" in container or any("secretKeyRef" in entry.get("valueFrom", {}) for entry in container["env"]):
            faults.append(f"{name} is given a secret as a variable")
        secret = {volume["name"] for volume in pod["volumes"] if "secret" in volume}
        mounted = [mount for mount in container["volumeMounts"] if mount["name"] in secret]
        if len(mounted) != 1 or not all(mount.get("readOnly") for mount in mounted):
            faults.append(f"{name} holds other secrets than the one it needs")
    return faults


MISFITS = [
    ("a key that does not exist", lambda spec: spec.update(completionModes="Indexed")),
    ("a number that is a text", lambda spec: spec.update(completions="eight")),
    ("a container without a name", lambda spec: spec["template"]["spec"]["containers"][0].pop("name")),
    ("a misspelt key of a pod", lambda spec: spec["template"]["spec"].update(restartPolicie="Never")),
]

KUBERNETES_MUTATIONS = [
    ("two runs at once", lambda spec, pod: spec.update(concurrencyPolicy="Allow")),
    ("no deadline", lambda spec, pod: spec["jobTemplate"]["spec"].pop("activeDeadlineSeconds")),
    ("fewer pods than parts", lambda spec, pod: spec["jobTemplate"]["spec"].update(completions=4)),
    ("root", lambda spec, pod: pod["securityContext"].update(runAsUser=0)),
    ("the cluster's token", lambda spec, pod: pod.pop("automountServiceAccountToken")),
    ("a root file system that can be written", lambda spec, pod: pod["containers"][0]["securityContext"].pop("readOnlyRootFilesystem")),
    ("no limits", lambda spec, pod: pod["initContainers"][0].pop("resources")),
    ("a secret as a variable", lambda spec, pod: pod["containers"][0]["env"].append({"name": "T", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}})),
    ("a second secret", lambda spec, pod: pod["containers"][0]["volumeMounts"].append({"name": "git-read", "mountPath": "/git", "readOnly": True})),
]
