"""Runs the suites over the examples' pipelines; the last line is `N passed, N failed`."""

import os
import sys
import tempfile
from pathlib import Path

for folder in ("interop", "install"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

import cases
import cluster
import guards
import lint
import local_hooks
import operated
import rig
import several
import shards
import shards_lint
import sites
import templates

# The long ones first: two run side by side.
MODULES = (
    ("Merges and nights on GitLab, run by gitlab-ci-local", cases.module(sites.GitlabSite, cases.RUNS)),
    ("Merges and nights on GitHub, run by act", cases.module(sites.GithubSite, cases.RUNS)),
    ("Merge requests on GitLab, run by gitlab-ci-local", cases.module(sites.GitlabSite, cases.PULLS)),
    ("Pull requests on GitHub, run by act", cases.module(sites.GithubSite, cases.PULLS)),
    ("Both on Forgejo, run by act", cases.module(sites.ForgejoSite, cases.FORGEJO)),
    ("One run in shards on GitLab and GitHub, run by both", shards),
    ("One run in shards on Kubernetes, executed", cluster),
    ("Several agencies, run by both", several),
    ("A portal that people operate, run by both", operated),
    ("The action, the component, and a new repository, run by both", templates),
    ("The hooks, executed", local_hooks),
    ("What the example says", lint),
    ("What its pipelines may do", guards),
    ("What the examples of one run in shards say", shards_lint),
)


def run():
    """The exit status. A job leaves its temporary files, such as the arkib that it fetched, to the runner: here they are removed at the end."""
    with tempfile.TemporaryDirectory(prefix="arkib-jobs-") as place:
        os.environ["TMPDIR"] = os.environ["RUNNER_TEMP"] = tempfile.tempdir = place
        return rig.suites("workflows", MODULES, Path(__file__).resolve().parents[2] / "examples" / "agency", at_once=2)


if __name__ == "__main__":
    sys.exit(run())
