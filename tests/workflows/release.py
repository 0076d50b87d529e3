"""An agency's own copies of a release of arkib, which its jobs fetch as `.arkib-version` pins them. Its program notes
every call: what it was given, what it ended with, and what is then in the summary."""

import contextlib
import shlex
from dataclasses import dataclass, field

import archives
import rig

# arkib runs beside the shell, so that a test can stop it by its own number. `dies` has what a call must have to end before it begins.
PROGRAM = """\
#!/bin/sh
call=$(mktemp {folder}/calls/XXXXXXXXXX)
env | grep -E '^(ARKIB_[A-Z_]*|GITHUB_TOKEN|GITHUB_JOB|CI_JOB_NAME)=.' >"$call.env"
printf '%s\\n' "$*" >"$call.did"
status=0
if printf '%s\\n' "$*" | grep -q -f {folder}/dies; then
    echo $$ >"$call.pid"
    status=137
else
    {arkib} "$@" <&0 &
    echo $! >"$call.pid"
    wait $! || status=$?
fi
echo "$status" >>"$call.did"
if [ "${{GITHUB_STEP_SUMMARY:-}}" ] && [ -e "$GITHUB_STEP_SUMMARY" ]; then cp "$GITHUB_STEP_SUMMARY" "$call.summary"; fi
exit "$status"
"""


@dataclass
class Call:
    """One call of arkib: its arguments, its status, and the variables that it was given."""

    job: str
    arguments: str
    status: int
    environment: dict = field(repr=False)
    summary: str = field(repr=False)


class Release:
    """The archive of the arkib under test, at an address on loopback."""

    def __init__(self, files, folder, version, archive):
        self.files, self.folder, self.version, self.archive = files, folder, version, archive
        self.url = files.url

    def pin(self, clone):
        """Pins it in a clone, as the agency's README says."""
        env = rig.clean_environment(ARKIB_DOWNLOAD=self.url)
        done = rig.run(["sh", clone / "ci" / "setup-arkib", "--pin", self.version], env, clone)
        if done.returncode:
            raise RuntimeError(f"nothing was pinned:\n{done.stderr}")
        self.files.asked.clear()

    def calls(self):
        """The calls since this was last asked, in their order, without those of the setup."""
        found = []
        for path in sorted(self.folder.glob("calls/*.did"), key=lambda path: path.with_suffix(".pid").stat().st_mtime_ns):
            arguments, *status = path.read_text().splitlines()
            environment = dict(line.split("=", 1) for line in path.with_suffix(".env").read_text().splitlines())
            summary = path.with_suffix(".summary")
            job = environment.pop("GITHUB_JOB", None) or environment.pop("CI_JOB_NAME", "")
            found.append(Call(job, arguments, int(status[0]) if status else None, environment, summary.read_text() if summary.exists() else ""))
        self.forget()
        return [call for call in found if call.arguments != "--version"]

    def forget(self):
        for path in (self.folder / "calls").iterdir():
            path.unlink()

    def running(self, command):
        """The process of the one call of this command that has not ended."""
        for path in self.folder.glob("calls/*.did"):
            lines = path.read_text().splitlines()
            if len(lines) == 1 and lines[0].startswith(command):
                return int(path.with_suffix(".pid").read_text())
        return None

    def dies(self, words):
        """From here on a call with these words ends before it begins; none if there are no words."""
        (self.folder / "dies").write_text(f"{words}\n" if words else "")

    def missing(self):
        """A context in which the archive is not there."""
        return self._answer(404, b"")

    def other_bytes(self):
        """A context in which the archive is another one."""
        return self._answer(200, b"other")

    @contextlib.contextmanager
    def _answer(self, status, body):
        self.files.answers[self.archive] = (status, {}, body)
        try:
            yield
        finally:
            self.files.answers.clear()


@contextlib.contextmanager
def release(arkib, folder):
    (folder / "calls").mkdir(parents=True)
    (folder / "dies").touch()
    program = PROGRAM.format(arkib=shlex.quote(str(arkib)), folder=shlex.quote(str(folder)))
    version = rig.run([arkib, "--version"], rig.clean_environment()).stdout.split()[-1]
    archive = archives.add(folder / "files", version, program.encode())
    with archives.serve(folder / "files") as files:
        yield Release(files, folder, version, archive)
