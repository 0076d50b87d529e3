"""The release that is tried, an agency's repository, and the systems to install on: a Debian without Rust, and .ci/cross."""

import functools
import http.server
import os
import shutil
import subprocess
import threading
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ARKIB = os.environ["ARKIB_BIN"]
FIRST = ["reconcile", "--dry-run", "--as-of", "2026-11-23"]
SUITE = "trixie"
# What a shell of the systems gets.
CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}


def call(command, **more):
    return subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)


class Release:
    """The files, the folder to work in, and the plan that all must print."""

    def __init__(self, work, platforms):
        self.work, self.files, self.platforms = work, work / "files", platforms
        self.version = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]
        self.agency = work / "agency"
        shutil.rmtree(self.agency, ignore_errors=True)
        shutil.copytree(ROOT / "requests", self.agency / "requests", ignore=shutil.ignore_patterns("records"))
        for name in (".gitignore", "portal.csv"):
            shutil.copy(ROOT / name, self.agency)
        git = ["git", "-C", self.agency, "-c", "user.name=Contoh", "-c", "user.email=contoh@agensi.example"]
        for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Requests"]):
            subprocess.run([*git, *words], check=True)
        self.plan = call([ARKIB, *FIRST], cwd=self.agency).stdout

    def file(self, ending):
        (found,) = self.files.glob(f"*{ending}")
        return found


class Debian:
    """A Debian of its own without Rust and git, unpacked anew; its mounts end with each command."""

    def __init__(self, release):
        self.root, kept = release.work / "debian", release.work / f"{SUITE}.tar"
        if not kept.exists():
            made = kept.with_suffix(".new")
            subprocess.run(["mmdebstrap", "--quiet", "--format=tar", "--variant=apt", SUITE, made, mirror()], check=True)
            made.rename(kept)
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir()
        subprocess.run(["tar", "-xf", kept, "-C", self.root], check=True)
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")
        shutil.copytree(release.agency, self.root / "agency")
        # Packages are fetched once.
        self.cache = release.work / "apt"
        self.cache.mkdir(exist_ok=True)

    def run(self, *command, cwd="/agency", before="true"):
        """A command in it, with a shell command on this machine before it, for which $1 is its root."""
        script = (
            'mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; mount --bind "$2" "$1/var/cache/apt/archives"; '
            f'{before}; exec chroot "$1" env --chdir="$3" "${{@:4}}"'
        )
        parts = ["unshare", "--mount", "--propagation", "private", "bash", "-ec", script, "-", self.root, self.cache, cwd, *command]
        return call(parts, env=CLEAN)


def cross(*command):
    """A command in .ci/cross, where the project is at /src and cannot be written to."""
    return call([ROOT / ".ci/cross", *command], cwd=ROOT)


def mirror():
    return os.environ.get("ARKIB_DEBIAN_MIRROR", "http://deb.debian.org/debian")


class Downloads:
    """The release's files on loopback."""

    def __init__(self, folder):
        handler = functools.partial(type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None}), directory=folder)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_):
        self.server.shutdown()
