"""The programs that the suite installs for itself."""

import os
import sys
from pathlib import Path


def tool(name):
    return Path(sys.executable).with_name(name)


def node_tool(name):
    return Path(os.environ["SUITE_NODE"]) / "node_modules" / ".bin" / name
