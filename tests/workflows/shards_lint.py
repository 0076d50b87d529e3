"""Static checks of the shard examples: actionlint, shellcheck, the published schemas, and more rules."""

import copy
import re

import guards
import kubernetes_validate
import lint
import pipeline
import rig
import runner
import yaml

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
    _github(tally, agency, shards)
    _kubernetes(tally, arkib, shards, folder)
    text = (shards / "README.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    tally.equal("the links of README.md lead somewhere", [link for link in links if not (shards / link).exists()], [])


def _shellcheck(tally, name, text, folder):
    path = folder / "script.sh"
    path.write_text("#!/bin/sh\n" + text)
    done = rig.run([lint.tool("shellcheck"), "--norc", path], rig.clean_environment())
    return tally.check(f"shellcheck passes on {name}", done.returncode == 0, done.stdout + done.stderr)


def _gitlab(tally, agency, shards, folder):
    path = shards / "gitlab-ci.yml"
    found = yaml.safe_load(path.read_text())
    done = lint.fits([path], "--builtin-schema", "vendor.gitlab-ci")
    tally.check("gitlab-ci.yml fits the published schema", done.returncode == 0, done.stdout + done.stderr)
    for name, job in pipeline.jobs(found).items():
        _shellcheck(tally, f"gitlab-ci.yml: {name}", pipeline.script(found, job), folder)
    tally.equal("gitlab-ci.yml keeps the rules", gitlab_faults(found), [])
    for what, change in GITLAB_MUTATIONS:
        mutant = copy.deepcopy(found)
        change(mutant)
        tally.check(f"would be seen: {what}", gitlab_faults(mutant))

    # README.md has the job that starts it and replaces the agency's `apply`.
    [block] = re.findall(r"```yaml\n(.*?)```", (shards / "README.md").read_text(), re.DOTALL)
    whole = yaml.safe_load((agency / ".gitlab-ci.yml").read_text())
    starts = yaml.safe_load(block)["apply"]
    tally.equal("what starts it has the rules of the agency's apply", starts["rules"], whole["apply"]["rules"])
    tally.equal("and lets one run begin at a time", (starts["resource_group"], starts["trigger"]["strategy"]), ("arkib-apply", "depend"))
    joined = folder / "joined.yml"
    joined.write_text(yaml.safe_dump(whole | {"apply": starts}))
    done = lint.fits([joined], "--builtin-schema", "vendor.gitlab-ci")
    tally.check("the agency's pipeline with it fits the published schema", done.returncode == 0, done.stdout + done.stderr)


def gitlab_faults(found):
    apply, file = found["apply"], found["file"]
    faults = []
    if str(apply.get("parallel")) != found["variables"]["ARKIB_PARTS"]:
        faults.append("the parts are not as many as are looked for")
    scripts = {name: pipeline.script(found, job) for name, job in pipeline.jobs(found).items()}
    if "resource_group" in apply:
        faults.append("one part runs at a time")
    if found["plan"].get("environment") != {"name": "portal-read", "action": "access"}:
        faults.append("the plan is made with more than the reading token")
    if [name for name, text in scripts.items() if guards.PUSHES.search(text)] != ["file"]:
        faults.append("records are pushed by another job than the one that files them")
    if file.get("when") != "always" or apply["artifacts"].get("when") != "always" or not apply.get("after_script"):
        faults.append("the records of a part that failed are lost")
    for name in ("apply", "file"):
        calls = re.findall(r"(?<![\w-])arkib (?:reconcile|records)", scripts[name])
        if len(calls) != scripts[name].count("-u ARKIB_RECORDS_TOKEN arkib "):
            faults.append(f"{name}: arkib is given the token that can push")
    if not all(rule["if"].startswith("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && ") for rule in found["workflow"]["rules"]):
        faults.append("it runs on any branch")
    if found["default"].get("before_script") != guards.GITLAB_SETS_UP or guards.INSTALLS.search(str(found)):
        faults.append("arkib comes from elsewhere")
    return faults


GITLAB_MUTATIONS = [
    ("fewer parts than are looked for", lambda tree: tree["apply"].update(parallel=4)),
    ("parts one at a time", lambda tree: tree["apply"].update(resource_group="arkib-apply")),
    ("a plan with the writing token", lambda tree: tree["plan"].update(environment={"name": "portal"})),
    ("a part that pushes", lambda tree: tree["apply"]["script"].append("git push --quiet origin records")),
    ("records of good runs alone", lambda tree: tree["file"].pop("when")),
    ("artifacts of good parts alone", lambda tree: tree["apply"]["artifacts"].pop("when")),
    ("arkib with the token that can push", lambda tree: tree["file"]["script"].append("arkib records verify")),
    ("arkib by its name from a registry", lambda tree: tree["default"].update(before_script=["cargo install --locked arkib"])),
    ("a run of any branch", lambda tree: tree["workflow"]["rules"].append({"if": "$CI_COMMIT_TAG"})),
]


def _github(tally, agency, shards):
    path = shards / "github.yml"
    options = ["-no-color", "-shellcheck", lint.tool("shellcheck"), "-pyflakes", ""]
    done = rig.run([lint.tool("actionlint"), *options, path], rig.clean_environment())
    tally.check("actionlint passes on github.yml", done.returncode == 0, done.stdout + done.stderr)
    found = runner.load(path)
    tally.equal("github.yml keeps the rules", github_faults(found), [])
    for what, change in GITHUB_MUTATIONS:
        mutant = copy.deepcopy(found)
        change(mutant["jobs"] if what != "no concurrency" else mutant)
        tally.check(f"would be seen: {what}", github_faults(mutant))
    pin = re.compile(r"uses: (\S+)@(\S+ # v\d+\.\d+\.\d+)$", re.MULTILINE)
    pins = pin.findall(path.read_text())
    tally.equal("every action is named by its commit and says its version", len(pins), path.read_text().count("uses:"))
    theirs = dict(pin.findall((agency / ".github" / "workflows" / "apply.yml").read_text()))
    tally.equal("the same as the agency's", {action: at for action, at in pins if action in theirs}, theirs)


def github_faults(found):
    faults = []
    if found.get("concurrency") != {"group": "arkib-apply", "cancel-in-progress": False} or found.get("permissions") != {}:
        faults.append("two runs could apply at once, or a job be given more than it says")
    wanted = {
        "plan": ("portal-read", {"contents": "read"}, guards.MAIN),
        "apply": ("portal", {"contents": "read"}, guards.MAIN),
        "file": (None, {"contents": "write"}, "${{ always() && needs.apply.result != 'skipped' && " + guards.MAIN + " }}"),
    }
    for name, job in found["jobs"].items():
        if (job.get("environment"), job.get("permissions"), job.get("if")) != wanted[name]:
            faults.append(f"{name} has other tokens or conditions than it needs")
        if not 0 < job.get("timeout-minutes", 0) <= 60:
            faults.append(f"{name} has no near end")
        faults += [f"{name}: {fault}" for fault in guards.setup_faults(job["steps"])]
        for step in job["steps"]:
            faults += [f"{name}: {fault}" for fault in guards.step_faults(step, job.get("environment"))]
            pushes = bool(guards.PUSHES.search(step.get("run", "")))
            if pushes != ("github.token" in str(step)) or (pushes and (name != "file" or "arkib " in step["run"])):
                faults.append(f"{name}: what can push is elsewhere than where it pushes")
    apply, file = found["jobs"]["apply"], found["jobs"]["file"]
    parts = apply["strategy"]["matrix"]["part"]
    totals = [step["env"]["PARTS"] for step in file["steps"] if "PARTS" in step.get("env", {})]
    if parts != list(range(1, len(parts) + 1)) or totals != [len(parts)]:
        faults.append("the parts are not counted through")
    if apply["strategy"].get("fail-fast") is not False:
        faults.append("a part that fails ends the others")
    if [step.get("if") for step in apply["steps"] if "Hand" in step["name"] or "Take out" in step["name"]] != ["${{ always() }}"] * 2:
        faults.append("the record of a part that failed is lost")
    return faults


GITHUB_MUTATIONS = [
    ("no concurrency", lambda tree: tree.pop("concurrency")),
    ("a part that ends the others", lambda tree: tree["apply"]["strategy"].pop("fail-fast")),
    ("a part that is left out", lambda tree: tree["apply"]["strategy"]["matrix"]["part"].remove(5)),
    ("a part that may push", lambda tree: tree["apply"].update(permissions={"contents": "write"})),
    ("a plan with the writing token", lambda tree: tree["plan"].update(environment="portal")),
    ("a filing with the portal's token", lambda tree: tree["file"].update(environment="portal")),
    ("a filing of good runs alone", lambda tree: tree["file"].pop("if")),
    ("records of good parts alone", lambda tree: tree["apply"]["steps"][-1].pop("if")),
    ("arkib by its name from a registry", lambda tree: tree["apply"]["steps"][1].update(run="cargo install --locked arkib")),
    ("an action by its tag", lambda tree: tree["apply"]["steps"][2].update(uses="actions/download-artifact@v8")),
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
    pinned = f"--tag arkib:{version} " in image and 'RUN found=$(sh ci/setup-arkib) && cp "$found/arkib" ' in image and not guards.INSTALLS.search(image)
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
