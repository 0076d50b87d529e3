"""The adapters need nothing but Python, and only `portal.py` knows the portal."""

import ast
import sys

from office import ADAPTERS


def suite(tally, *_):
    files = sorted(ADAPTERS.glob("*.py"))
    tally.equal("the adapters", [file.name for file in files], ["change.py", "export.py", "portal.py", "scim_server.py"])
    for file in files:
        modules = set()
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                modules |= {name.name.split(".")[0] for name in node.names}
            if isinstance(node, ast.ImportFrom):
                modules.add(node.module.split(".")[0])
        tally.equal(f"{file.name}: the standard library is enough", modules - set(sys.stdlib_module_names) - {"portal"}, set())
        if file.name != "portal.py":
            tally.check(f"{file.name} does not know the portal's interface", "/api/" not in file.read_text() and "urllib.request" not in file.read_text())
