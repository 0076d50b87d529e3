"""Pipelines that are other pipelines but for what must differ; `python3 copies.py` writes them anew: those for Forgejo are GitHub's,
GitLab's component is the pipeline of the example with inputs, and that of an agency with shards is the example's with another job `apply`."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLES = PROJECT / "examples"
COMPONENT, PIPELINE = PROJECT / "templates" / "arkib.yml", EXAMPLES / "agency" / ".gitlab-ci.yml"

# GitHub's text, and Forgejo's. It has no environments: a secret is for every branch, so each token has a name of its own.
FORGEJO = [
    ("actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0", "forgejo/upload-artifact@16871d9e8cfcf27ff31822cac382bbb5450f1e1e # v4.3.1"),
    ("    environment: portal-read # Its token", "    # Its token"),
    ("    environment: portal-read\n", ""),
    ("    environment: portal # Only main may use it.\n", ""),
    (
        "    environment: portal # Its token can write; only main may use it.\n",
        "    # Its token can write, and any branch could use it: set it only where all who can push are administrators.\n",
    ),
]
# Of several agencies: where every job can have every secret, a token for each protects nothing. Of shards: before version 15 it makes one
# job of a workflow that is called.
NOT_ON_FORGEJO = ("several", "shards")
# Only the first step in a job that applies writes.
WRITES = ("${{ secrets.ARKIB_PORTAL_TOKEN", "${{ secrets.ARKIB_PORTAL_WRITE_TOKEN")

# The example's text, and the component's.
INPUTS = [
    ("ARKIB_DOWNLOAD: https://muat-turun.agensi.example/arkib/{version}", "ARKIB_DOWNLOAD: $[[ inputs.download ]]"),
]
SPEC = """\
spec: # The example's pipeline as a component, for a repository that `arkib init` wrote. Name it by its commit.
  inputs:
    download: { description: "Where your copies of arkib's archives are; {version} in it becomes the version" }
---
"""


def _with(text, changes):
    for was, becomes in changes:
        text = text.replace(was, becomes)
    return text


def copies():
    """Each file, and what it must be."""
    for path in sorted(path for path in EXAMPLES.glob("*/.github/workflows/*.yml") if path.parts[-4] not in NOT_ON_FORGEJO):
        text = path.read_text()
        yield path.parents[2] / ".forgejo" / "workflows" / path.name, _with(text if "environment: portal #" not in text else text.replace(*WRITES, 1), FORGEJO)
    shards, pipeline = EXAMPLES / "shards", PIPELINE.read_text()
    apply = next(line for line in pipeline.splitlines(keepends=True) if line.startswith("apply:"))
    trigger = (shards / "README.md").read_text().split("```yaml\n")[1].split("```")[0]
    yield shards / ".gitlab-ci.yml", pipeline.replace(apply, trigger)
    yield COMPONENT, SPEC + _with(PIPELINE.read_text(), INPUTS)


if __name__ == "__main__":
    for path, text in copies():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
