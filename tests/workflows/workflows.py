"""Runs the suites over `examples/agency` and `examples/shards`; the last line is `N passed, N failed`."""

import sys
from pathlib import Path

for folder in ("interop", "install"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

import cluster
import github
import gitlab
import guards
import lint
import local_hooks
import rig
import shards
import shards_lint

MODULES = (
    ("What the example says", lint),
    ("What its workflows may do", guards),
    ("Its workflows on GitHub, executed", github),
    ("Its pipeline on GitLab, executed", gitlab),
    ("Its hooks, executed", local_hooks),
    ("What the examples of one run in parts say", shards_lint),
    ("One run in parts on GitLab and GitHub, executed", shards),
    ("One run in parts on Kubernetes, executed", cluster),
)

if __name__ == "__main__":
    sys.exit(rig.suites("workflows", MODULES, Path(__file__).resolve().parents[2] / "examples" / "agency"))
