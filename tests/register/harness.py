"""A scratch folder with agencies, the browser, and the count of checks."""

import functools
import http.server
import json
import os
import subprocess
import threading
from pathlib import Path

ARKIB = os.environ["ARKIB_BIN"]
AXE = Path(os.environ["ARKIB_AXE"]).read_text()
SHOTS = Path(os.environ["ARKIB_SCREENSHOTS"])
AS_OF = "2026-11-23"


class Tally:
    """Counts checks and prints each as it is made."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, ok, detail=""):
        self.passed += bool(ok)
        self.failed += not ok
        print(f"{'ok  ' if ok else 'FAIL'} {name}" + ("" if ok else f": {detail}"), flush=True)

    def part(self, name, does, *arguments):
        """Runs a part of the suite; an exception is a failure, and the next part begins."""
        try:
            return does(self, *arguments)
        except Exception as error:  # Whatever it is, it must be counted.
            self.check(name, False, f"{type(error).__name__}: {str(error).splitlines()[0]}")
            return None

    def same(self, name, found, expected):
        self.check(name, found == expected, f"found {found!r}, expected {expected!r}")


def arkib(folder, *arguments, expected=0):
    """Runs arkib without this machine's environment, and returns its output."""
    environment = {"PATH": os.environ["PATH"], "NO_COLOR": "1", "ARKIB_LANGUAGE": "en", "GIT_CEILING_DIRECTORIES": str(Path(folder).parent)}
    done = subprocess.run([ARKIB, *arguments, "--as-of", AS_OF], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode != expected:
        raise RuntimeError(f"arkib {arguments} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def register(folder, *arguments):
    """The register of one agency as JSON, with which the page is compared."""
    return json.loads(arkib(folder, "register", "--format", "json", *arguments))["agencies"][0]["register"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    """Serves a folder on loopback, like a static site."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


class Browser:
    """The browser, and its problems: errors, dialogs, and requests for anything except a page."""

    def __init__(self, playwright):
        self.chromium = playwright.chromium.launch(executable_path=os.environ["ARKIB_CHROMIUM"], args=["--no-sandbox"])
        self.trouble = []
        self.pages = set()

    def open(self, url, width=1400, height=1000, scheme="light", script=True, ready="#rows tr"):
        context = self.chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=script)
        page = context.new_page()
        self.pages.add(url.split("#")[0])
        page.on("console", lambda it: self.trouble.append(f"console {it.type}: {it.text}"))
        page.on("pageerror", lambda it: self.trouble.append(f"error: {it}"))
        page.on("request", lambda it: it.url.split("#")[0] in self.pages or self.trouble.append(f"asked for {it.url}"))

        def dialog(it):
            self.trouble.append(f"dialog: {it.message}")
            it.dismiss()

        page.on("dialog", dialog)
        page.goto(url)
        if ready:
            page.wait_for_selector(ready)
        return page

    def clean(self, tally, name):
        tally.same(f"{name}: no error, no dialog, nothing asked of any network", self.trouble, [])
        self.trouble = []


def shown(page):
    """The ids on the page, in order."""
    return page.eval_on_selector_all("#rows .opener", "all => all.map(it => it.textContent)")


def count(page):
    """The number of requests that the page reports."""
    return int(page.inner_text("#count").split()[0].replace(",", ""))
