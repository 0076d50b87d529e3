"""What other repositories take from this one, by the engines: the action, GitLab's component, and what `arkib init` writes."""

import shutil

import copies
import fake_forges
import rig
import scratch
import sites

ACTION = f"jabatan-contoh/arkib@{'a' * 40}"
WITH_ACTION = f"""\
on: pull_request
permissions: {{}}
jobs:
  check:
    runs-on: ubuntu-24.04
    permissions: {{ contents: read }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: {{ fetch-depth: 0, persist-credentials: false }}
      - uses: {ACTION}
        with: {{ download: "DOWNLOAD" }}
      - run: arkib check --pull-request
"""
WITH_COMPONENT = """\
include:
  - local: arkib.yml
    inputs: { download: "DOWNLOAD" }
"""
NEW = ["--agency", "CONTOH", "--name", "Jabatan Contoh", "--domain", scratch.DOMAIN, "--approver", f"wong.siewfong@{scratch.DOMAIN}"]


def suite(tally, arkib, agency, folder):
    with sites.agency(sites.GithubSite, arkib, agency, folder / "action") as site:
        _action(tally, site, folder / "arkib")
    with sites.agency(sites.GitlabSite, arkib, agency, folder / "component") as site:
        _component(tally, site)
    for kind, make in (
        ("agency", sites.GithubSite),
        ("agency", sites.GitlabSite),
        ("agency", sites.ForgejoSite),
        ("shards", sites.GithubSite),
        ("shards", sites.GitlabSite),
        ("trial", sites.GithubSite),
        ("trial", sites.GitlabSite),
    ):
        _new(tally, kind, make, arkib, folder / f"new-{kind}-{make.kind}")


def _action(tally, site, copy):
    (copy / "examples" / "agency" / "ci").mkdir(parents=True)
    for name in ("action.yml", "examples/agency/ci/setup-arkib"):
        shutil.copy(copies.PROJECT / name, copy / name)
    site.runner.actions["arkib"] = copy
    text = WITH_ACTION.replace("DOWNLOAD", site.release.url)
    run = _proposed(site, text, ".github/workflows/check.yml")
    tally.equal("the action brings the pinned arkib, for the steps after it", run.results, {"check": "success"}) or print(run.output)
    with site.release.other_bytes():
        run = site.pull(1, "proposed")
    tally.check("and refuses other bytes", run.results == {"check": "failure"} and "has other bytes" in run.output, run.output)
    run = _proposed(site, text.replace(" }\n      - run", ", pin: other }\n      - run"), ".github/workflows/check.yml")
    tally.check("it takes the file that it is told to", run.results == {"check": "failure"} and "there is no other" in run.output, run.output)


def _component(tally, site):
    site.runner.environment = {"ARKIB_DOWNLOAD": None}
    site.repository.write("component", "arkib.yml", copies.COMPONENT.read_text())
    site.repository.merge("component")
    run = _proposed(site, WITH_COMPONENT.replace("DOWNLOAD", site.release.url), ".gitlab-ci.yml", _0010=scratch.request(10, "enable", ["priya.nair"]))
    tally.equal("the component is the whole pipeline", run.results, {"check": "success", "plan": "success", "comment": "success"}) or print(run.output)
    tally.equal("with its one comment", len(site.forge.of(1, own=True)), 1)


def _proposed(site, text, path, **files):
    """The run of a pull request that brings a pipeline."""
    if files:
        site.repository.push("proposed", **files)
    site.repository.write("proposed", path, text)
    return site.pull(1, "proposed")


def _new(tally, kind, make, arkib, folder):
    """A new repository: its first pull request and its first run, without an edit."""
    new = folder / "new"
    done = rig.run([arkib, "init", new, *NEW, "--kind", kind, "--forge", make.kind], rig.clean_environment())
    if not tally.equal(f"arkib init writes a repository of the kind {kind} for {make.kind}", done.returncode, 0):
        return print(done.stderr)
    (new / "requests" / "2026").mkdir()
    # The portal of a trial ends with its job.
    name = "siti.aminah" if kind == "trial" else "priya.nair"
    with sites.agency(make, arkib, new, folder) as site:
        site.repository.push("first", _0001=scratch.request(1, "enable", [name]))
        run = site.pull(1, "first")
        body = "".join(comment["body"] for comment in site.forge.of(1, own=True))
        tally.check("its first plan is made and shown", set(run.results.values()) == {"success"} and fake_forges.MARKER in body and name in body, run.output)
        site.repository.merge("first")
        run = site.pushed()
        carried_out = "1 applied" in run.artifact(site.outcome).read_text() if kind == "trial" else site.portal.state(name)[0] == "enabled"
        tally.equal("its first request is carried out", (set(run.results.values()), carried_out), ({"success"}, True)) or print(run.output)
        tally.equal("its records are on the branch, and whole", (len(site.records.read()), site.records.verify()), (1, 0))
        tally.equal("nothing was refused", site.forge.refused + site.portal.refused, [])
