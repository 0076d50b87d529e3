"""What ci/setup-arkib sets up: from a folder and from an address, in several shells, on GitHub and elsewhere."""

import shutil
import sys
from pathlib import Path

import archives
import rig
from job import PROGRAM, SHELLS, VERSION, Job


def suite(tally, arkib, agency, folder):
    archive = archives.add(folder / "files", VERSION, PROGRAM)
    with archives.serve(folder / "files") as files, archives.serve(folder / "files") as store:
        for shell in SHELLS:
            job = Job(folder / shell, agency, shell)
            job.run(files.url, "--pin", VERSION)
            for what, download in (("a folder", folder / "files"), ("an address", files.url), ("one with a slash", files.url + "/")):
                _starts(lambda text: f"{shell}, from {what}: {text}", tally, job, download)
        _redirected(tally, Job(folder / "redirected", agency, "dash"), files, store, archive)
        _versions(tally, Job(folder / "versions", agency, "dash"), folder / "files", folder)
        _line_ends(tally, Job(folder / "line-ends", agency, "dash"), folder / "files")
    _windows(tally, Job(folder / "windows", agency, "dash"), folder / "of-windows")
    _github(tally, Job(folder / "github", agency, "bash"), folder / "files")
    _real(tally, Job(folder / "real", agency, "dash"), arkib, folder / "of-arkib")


def _starts(say, tally, job, download, **more):
    status, printed, said = job.run(download, ARKIB_RECORDS_TOKEN="token-that-pushes", **more)
    tally.equal(say("it passes, and says nothing else than the folder"), (status, said), (0, ""))
    # What is there is looked for below the job's own folder: a path that was printed is compared, never followed.
    made = next(job.temp.iterdir(), job.temp / "nothing")
    name = f"arkib-{VERSION}-{archives.HERE}"
    given = (made / name / "arkib.ran").read_text() if (made / name / "arkib.ran").exists() else "it did not run"
    tally.check(say("the program sees no token of the job"), "TOKEN" not in given and "PATH=" in given, given)
    tally.equal(say("a new one"), printed, f"{made / name}\n")
    tally.equal(say("which is its owner's alone"), made.exists() and made.stat().st_mode & 0o777, 0o700)
    tally.equal(say("and holds the program, which was tried, and nothing else"), job.left(), sorted([made.name, name, "arkib", "arkib.ran"]))
    job.clear()


def _redirected(tally, job, files, store, archive):
    """As GitLab's registry does: the file is at another server, which must not see the header."""
    job.run(files.url, "--pin", VERSION)
    files.header = ("JOB-TOKEN", "token-of-the-job")
    files.answers[archive] = (302, {"Location": f"/moved/{archive}"}, b"")
    # Brackets have a meaning of their own to curl, and a configuration can make it follow by itself, with the header.
    signed = f"{archive}?by={{a,b}}&part=[1-3]"
    files.answers[f"moved/{archive}"] = (307, {"Location": f"{store.url}/{signed}"}, b"")
    store.answers[signed] = (200, {}, (store.folder / archive).read_bytes())
    (job.folder / ".curlrc").write_text("location\n")
    store.asked.clear()
    files.headers.clear()
    store.headers.clear()
    _starts(lambda text: f"redirected, with a header: {text}", tally, job, files.url, ARKIB_DOWNLOAD_HEADER="JOB-TOKEN: token-of-the-job")
    tally.equal("its own server gets the header, each time", [asked.get("JOB-TOKEN") for asked in files.headers], ["token-of-the-job"] * 2)
    tally.equal("the other one is asked once", store.asked, [signed])
    tally.equal("and does not get it", [asked.get("JOB-TOKEN") for asked in store.headers], [None])
    files.header, files.answers, store.answers = None, {}, {}


def _versions(tally, job, files, folder):
    """One address for all versions, as a registry of packages has them."""
    shutil.copytree(files, folder / "all" / "arkib" / VERSION)
    status, printed, said = job.run(folder / "all" / "arkib" / "{version}", "--pin", VERSION)
    tally.equal("a version in the address: it is pinned", (status, said), (0, ""))
    _starts(lambda text: f"a version in the address: {text}", tally, job, folder / "all" / "arkib" / "{version}")
    shutil.copytree(files, folder / "all" / "@agensi")
    _starts(lambda text: f"a folder with @: {text}", tally, job, folder / "all" / "@agensi")


def _line_ends(tally, job, files):
    job.run(files, "--pin", VERSION)
    job.pin.write_text(job.pin.read_text().replace("\n", "\r\n"), newline="")
    _starts(lambda text: f"line ends of Windows in .arkib-version: {text}", tally, job, files)


def _windows(tally, job, files):
    """As far as another system can show it: the names that Git Bash gives, and the archive of Windows."""
    archives.add(files, VERSION, PROGRAM, "x86_64-windows")
    job.command("uname", 'case $1 in -s) echo MINGW64_NT-10.0-26100 ;; *) echo x86_64 ;; esac\n')
    # The work of unzip, which keeps no modes; Windows needs none.
    job.command("unzip", f'"{sys.executable}" -m zipfile -e "$2" . && PATH=/usr/bin:/bin && chmod 755 */arkib.exe\n')
    job.command("cygpath", 'case $1 in -w) printf "D:%s\\n" "$2" ;; *) printf "%s\\n" "${2#D:}" ;; esac\n')
    job.run(files, "--pin", VERSION, TMPDIR=f"D:{job.temp}")
    status, printed, said = job.run(files, TMPDIR=f"D:{job.temp}")
    tally.check("on Windows: it passes, and prints a path of Git Bash", (status, said) == (0, "") and printed.startswith(f"{job.temp}/"), printed + said)
    tally.check("with arkib.exe in it", "arkib.exe" in job.left(), job.left())
    path = job.folder / "path"
    status, printed, said = job.run(files, RUNNER_TEMP=f"D:{job.temp}", GITHUB_PATH=str(path))
    tally.check("on GitHub there: a path of Windows is on the PATH", status == 0 and path.read_text().startswith(f"D:{job.temp}/"), said)


def _github(tally, job, files):
    job.run(files, "--pin", VERSION)
    path = job.folder / "path"
    path.write_text("/before\n")
    runner = job.folder / "runner"
    runner.mkdir()
    status, printed, said = job.run(files, GITHUB_PATH=str(path), RUNNER_TEMP=str(runner))
    tally.equal("on GitHub: it passes and prints nothing", (status, printed, said), (0, "", ""))
    lines = path.read_text().splitlines()
    tally.check("its folder is added to the PATH", len(lines) == 2 and lines[0] == "/before" and (Path(lines[1]) / "arkib").is_file(), lines)
    tally.check("below the folder that GitHub empties", lines[-1].startswith(f"{runner}/"), lines)


def _real(tally, job, arkib, files):
    version = rig.run([arkib, "--version"], rig.clean_environment()).stdout.split()[-1]
    archives.add(files, version, arkib.read_bytes())
    job.run(files, "--pin", version)
    status, printed, said = job.run(files)
    tally.equal("the real arkib: it passes", (status, said), (0, ""))
    done = rig.run([Path(printed.strip()) / "arkib", "--version"], rig.clean_environment())
    tally.equal("and runs from there", done.stdout, f"arkib {version}\n")
