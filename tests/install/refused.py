"""What ci/setup-arkib refuses: each in one line that says what to do, with nothing run and nothing left behind."""

import shutil

import archives
from job import PROGRAM, SHELLS, VERSION, Job

PAGE = b"<!DOCTYPE html>\n<html><title>Log masuk</title></html>\n"
# What the loader says, and the versions that a program names.
TOO_NEW = b"""#!/bin/sh
echo "arkib: /lib/x86_64-linux-gnu/libc.so.6: version 'GLIBC_2.100' not found (required by arkib)" >&2
exit 1
# GLIBC_2.2.5 GLIBC_2.100 GLIBC_2.99
"""
# A program whose loader is not there, as on a system with another C library.
NO_LOADER = b"#!/no/such/loader\n# GLIBC_2.34\n"
BROKEN = b"#!/bin/sh\necho one\necho two >&2\nexit 1\n"


def suite(tally, arkib, agency, folder):
    for shell in SHELLS:
        here = folder / shell
        archives.add(here / "files", VERSION, PROGRAM)
        with archives.serve(here / "files") as files:
            site = Site(tally, agency, here, shell, files)
            _settings(site)
            _downloads(site)
            _machines(site)
            _programs(site)


class Site:
    """Jobs that share the pinned version and the server."""

    def __init__(self, tally, agency, folder, shell, files):
        self.tally, self.agency, self.folder, self.shell, self.files = tally, agency, folder, shell, files
        self.archive = f"arkib-{VERSION}-{archives.HERE}.tar.gz"
        self.jobs = 0
        self.pinned = self.pin(files.folder)

    def job(self, **more):
        self.jobs += 1
        return Job(self.folder / f"job-{self.jobs}", self.agency, self.shell, **more)

    def pin(self, files):
        job = self.job()
        job.run(files, "--pin", VERSION)
        return job.pin.read_text()

    def stops(self, what, *words, job=None, pinned=None, status=1, arguments=(), download="", **more):
        job = job or self.job()
        if not job.pin.exists():
            job.pin.write_text(pinned or self.pinned)
        found, printed, said = job.run(self.files.url if download == "" else download, *arguments, **more)
        one_line = said.count("\n") == 1 and said.startswith(("ci/setup-arkib: ", "usage: "))
        lacks = [word for word in words if word not in said]
        seen = f"status {found}, printed {printed!r}, said {said!r}, without {lacks}"
        self.tally.check(f"{self.shell}, {what}: it stops, and says so in one line", (found, printed, one_line, lacks) == (status, "", True, []), seen)
        self.tally.equal(f"{self.shell}, {what}: nothing is left, and nothing was run", job.left(), [])


def _settings(site):
    stops, folder = site.stops, site.files.folder
    stops("no ARKIB_DOWNLOAD", "ARKIB_DOWNLOAD is not set", "an address", download=None)
    stops("a folder that is not there", "no folder", download="/no/such/folder")
    stops("http to another machine", "https://", download="http://files.agensi.example/arkib")
    stops("a password in the address", "ARKIB_DOWNLOAD_HEADER", download="https://siti:rahsia@files.agensi.example")
    stops("a password before a query", "ARKIB_DOWNLOAD_HEADER", download="https://siti:rahsia@files.agensi.example?a/b")
    # Nothing listens at the discard port.
    stops("@ in the path of an address, which is no password", "no answer", download="http://127.0.0.1:9/@agensi")
    for what, above in (("relative", "temp"), ("with a colon", "{}/a:b"), ("with a line break", "{}/a\nb")):
        job = site.job()
        above = above.format(job.folder)
        (job.folder / above).mkdir(exist_ok=True)
        stops(f"a folder for temporary files, {what}", "TMPDIR (on GitHub RUNNER_TEMP)", "absolute path", job=job, TMPDIR=above)
        site.tally.equal(f"{site.shell}, {what}: nothing is in it", list((job.folder / above).iterdir()), [])
    stops("another kind of address", "neither", download="ftp://files.agensi.example")
    stops("a version without SHA-256", "no SHA-256 of", f"ci/setup-arkib --pin {VERSION}", pinned=f"{VERSION}\n")
    stops("a version that is a path", "is no version", "0.2.0", pinned="../9.8.7\n")
    stops("an empty .arkib-version", "is no version", pinned="\n")
    other = site.pinned.splitlines()[1]
    stops("two lines of an archive", "has two lines of", site.archive, pinned=f"{site.pinned}{'0' * 64}  {site.archive}\n")
    stops("the same line twice", "has two lines of", site.archive, pinned=f"{site.pinned}{other}\n")
    job = site.job()
    job.pin.symlink_to("/no/such/file")
    found, printed, said = job.run(folder)
    site.tally.check(f"{site.shell}, no .arkib-version: it says how to write it", found == 1 and "--pin VERSION" in said and said.count("\n") == 1, said)
    stops("another option", "usage:", arguments=["--help"], status=64)


def _downloads(site):
    stops, files, archive = site.stops, site.files, site.archive

    def answers(what, status, headers, body, *words, **more):
        files.answers[archive] = (status, headers, body)
        stops(what, *words, **more)
        files.answers.clear()

    answers("other bytes", 200, {}, (files.folder / archive).read_bytes() + b"!", archive, "other bytes", "nothing of it was run")
    answers("a web page", 200, {}, PAGE, "a web page", "ARKIB_DOWNLOAD_HEADER")
    answers("a login page elsewhere", 302, {"Location": "/login"}, b"", "(404)")
    answers("a redirect that never ends", 302, {"Location": f"/{archive}"}, b"", "answered 302")
    answers("no permission", 403, {}, b"", "(403)", "ARKIB_DOWNLOAD_HEADER")
    answers("no such file", 404, {}, b"", archive, "(404)", "check ARKIB_DOWNLOAD")
    answers("a server that fails", 501, {}, b"", "answered 501")
    answers("more than a release has, as the server says", 200, {"Content-Length": "100000001"}, None, "cannot write", "100 MB")
    answers("more than a release has, unsaid", 200, {}, None, "cannot write", "100 MB")
    # curl by itself would wait for half a minute, three times.
    job = site.job()
    job.command("curl", 'exec real-curl "$@" --max-time 1 --retry 0\n')
    job.add("real-curl", "curl")
    answers("a server that does not answer", None, {}, b"", "no answer", "check ARKIB_DOWNLOAD", job=job)
    files.header = ("JOB-TOKEN", "token-of-the-job")
    stops("a header that is missing", "(401)", "ARKIB_DOWNLOAD_HEADER")
    stops("a wrong header", "(401)", ARKIB_DOWNLOAD_HEADER="JOB-TOKEN: another")
    files.header = None
    # Nothing listens at the discard port.
    stops("no network", "no answer", "HTTPS_PROXY", download="http://127.0.0.1:9")
    stops("an empty folder", "there is no", archive, download=site.job().temp)
    other = site.folder / "other"
    archives.add(other, VERSION, PROGRAM + b"#\n")
    stops("a folder with other bytes", "other bytes", download=other)


def _machines(site):
    stops, job = site.stops, site.job
    for tool, reason in (("git", "arkib needs it"), ("curl", "fetched with it")):
        stops(f"a machine without {tool}", f"{tool} is not on the PATH", reason, job=job(without=[tool]))
    other = job()
    other.command("uname", 'case $1 in -s) echo SunOS ;; *) echo sun4v ;; esac\n')
    stops("another system", "SunOS on sun4v", "Linux (x86_64, aarch64)", job=other)
    blocked = job()
    (blocked.folder / "file").write_text("")
    stops("a disk that is read-only", "cannot write in", "read-only", job=blocked, TMPDIR=str(blocked.folder / "file" / "below"))
    stops("a disk that is full, from an address", "cannot write", "full", most_bytes=100)
    stops("a disk that is full, from a folder", "cannot write", "full", most_bytes=100, download=site.files.folder)
    big = site.folder / "big"
    archives.add(big, VERSION, PROGRAM + b"#" * 500_000)
    stops("a disk that fills up", "cannot unpack", "full", most_bytes=100_000, download=big, pinned=site.pin(big))


def _programs(site):
    def holds(what, program, *words, job=None):
        files = site.folder / what.replace(" ", "-")
        archives.add(files, VERSION, program)
        site.stops(what, *words, download=files, pinned=site.pin(files), job=job)

    old = site.job()
    old.command("getconf", "echo glibc 2.17\n")
    holds("an old glibc", TOO_NEW, f"arkib {VERSION} needs glibc 2.100 or newer", "this system has glibc 2.17", job=old)
    other = site.job()
    other.command("getconf", "exit 1\n")
    holds("another C library", NO_LOADER, "needs glibc 2.34 or newer", "no glibc", job=other)
    holds("a program that does not start", BROKEN, "does not start here: two")
    holds("an archive of another version", PROGRAM.replace(VERSION.encode(), b"9.9.9"), "arkib 9.9.9", "pin the version that you mean")
