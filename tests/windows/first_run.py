"""The first dry run of a new user, in a folder with nothing but the project's example."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FORMATS = ("human", "json", "markdown")


def plans(command, environment):
    """What the program says, for each format: its status, its result and its messages."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(PROJECT / "requests", Path(folder, "requests"))
        shutil.copy(PROJECT / "portal.csv", folder)
        said = {}
        for name in FORMATS:
            arguments = ["reconcile", "--dry-run", "--as-of", "2026-11-23", "--format", name]
            env = {"PATH": os.environ["PATH"], "NO_COLOR": "1", "ARKIB_LANGUAGE": "en", **environment}
            ran = subprocess.run(
                [*command, *arguments], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
            )
            said[name] = [ran.returncode, ran.stdout, ran.stderr]
        return said
