"""A job of an agency's repository on a machine that has only the commands that ci/setup-arkib may need."""

import resource
import shutil
import signal
import subprocess

import rig

COMMANDS = (
    "awk", "cp", "curl", "cut", "dirname", "env", "getconf", "git", "grep", "gzip", "head", "mktemp", "rm", "sed", "sha256sum",
    "sort", "tail", "tar", "tr", "uname", "wc",
)
SHELLS = ("dash", "bash")
VERSION = "9.8.7"
# Names itself like arkib, and leaves what it was given if it is run.
PROGRAM = f'#!/bin/sh\nexport -p > "$0.ran"\necho arkib {VERSION}\n'.encode()


class Job:
    def __init__(self, folder, agency, shell, without=(), more=()):
        self.folder, self.shell = folder, shutil.which(shell)
        self.work, self.temp, self.bin = folder / "work", folder / "temp", folder / "bin"
        for made in (self.work / "ci", self.temp, self.bin):
            made.mkdir(parents=True)
        shutil.copy(agency / "ci" / "setup-arkib", self.work / "ci")
        self.pin = self.work / ".arkib-version"
        for name in {*COMMANDS, *more} - set(without):
            self.add(name, name)

    def add(self, name, program):
        (self.bin / name).symlink_to(shutil.which(program))

    def command(self, name, text):
        """A command in place of the machine's own."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)

    def run(self, download, *arguments, most_bytes=None, **more):
        """Returns its status, what it printed, and what it said."""
        env = {"PATH": str(self.bin), "TMPDIR": str(self.temp), "HOME": str(self.folder), "NO_PROXY": "127.0.0.1"}
        env |= {"ARKIB_DOWNLOAD": str(download)} if download is not None else {}

        def limit():
            if most_bytes is not None:
                # A write beyond it fails, as on a full disk.
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

        done = subprocess.run(
            [self.shell, self.work / "ci" / "setup-arkib", *arguments],
            env=env | more,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=rig.COMMAND_TIMEOUT_S,
            preexec_fn=limit,
        )
        return done.returncode, done.stdout, done.stderr

    def left(self):
        return sorted(path.name for path in self.temp.rglob("*"))

    def clear(self):
        """Empties the folder for temporary files, which is this job's own."""
        for path in self.temp.iterdir():
            shutil.rmtree(path)
