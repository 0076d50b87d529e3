"""An agency's own copies of a release of arkib, which its jobs fetch as `.arkib-version` pins them."""

import contextlib
import shlex

import archives
import rig


class Release:
    """The archive of the arkib under test, at an address on loopback."""

    def __init__(self, files, program, version, archive):
        self.files, self.url, self.version, self.archive = files, files.url, version, archive
        # What the archive's program runs.
        self.program = program

    def pin(self, clone):
        """Pins it in a clone, as the agency's README says."""
        env = rig.clean_environment(ARKIB_DOWNLOAD=self.url)
        done = rig.run(["sh", clone / "ci" / "setup-arkib", "--pin", self.version], env, clone)
        if done.returncode:
            raise RuntimeError(f"nothing was pinned:\n{done.stderr}")
        self.files.asked.clear()

    @contextlib.contextmanager
    def missing(self):
        """A context in which the archive is not there."""
        self.files.answers[self.archive] = (404, {}, b"")
        try:
            yield
        finally:
            self.files.answers.clear()

    @contextlib.contextmanager
    def cut_short(self):
        """A context in which a script is killed as soon as arkib has applied."""
        arkib = self.program.resolve()
        cut = self.program.with_name("cut-short")
        applies = 'case " $* " in *" reconcile "*) kill -KILL "$PPID" ;; esac'
        cut.write_text(f'#!/bin/sh\n{shlex.quote(str(arkib))} "$@"\nstatus=$?\n{applies}\nexit "$status"\n')
        cut.chmod(0o755)
        self._run(cut)
        try:
            yield
        finally:
            self._run(arkib)

    def _run(self, program):
        self.program.unlink()
        self.program.symlink_to(program)


@contextlib.contextmanager
def release(arkib, folder):
    program = folder / "arkib"
    folder.mkdir(parents=True)
    program.symlink_to(arkib)
    version = rig.run([arkib, "--version"], rig.clean_environment()).stdout.split()[-1]
    archive = archives.add(folder / "files", version, f'#!/bin/sh\nexec {shlex.quote(str(program))} "$@"\n'.encode())
    with archives.serve(folder / "files") as files:
        yield Release(files, program, version, archive)
