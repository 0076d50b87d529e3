"""A machine without git, and disks that take no files: one line says what is wrong, one what to do."""

import shutil
import tarfile

APPLY = ["reconcile", "--yes", "--as-of", "2026-11-23", "--language", "en"]
DRY_RUN = ["reconcile", "--dry-run", "--as-of", "2026-11-23", "--language", "en"]


def without_git(tally, release, debian):
    """On a Debian as it comes."""
    with tarfile.open(release.file("-x86_64-linux.tar.gz")) as archive:
        archive.extractall(debian.root / "opt", filter="data")
    shutil.copytree(release.agency, debian.root / "without-git")
    arkib = f"/opt/arkib-{release.version}-x86_64-linux/arkib"
    _says(tally, "without git", debian.run(arkib, *APPLY, cwd="/without-git"), "`git` is not on the PATH", "install git")
    shown = debian.run(arkib, *DRY_RUN, cwd="/without-git").stdout.split("\n")[0]
    tally.check("without git a plan says so", "`git` is not on the PATH" in shown, shown)


def full_disks(tally, release, debian):
    """On one with git."""
    arkib = f"/opt/arkib-{release.version}-x86_64-linux/arkib"
    read_only = debian.run(arkib, *APPLY, before='mount --bind -o ro "$1/agency" "$1/agency"')
    _says(tally, "on a read-only disk", read_only, "Read-only file system", "--database FILE")
    # One block stays for the folder, and none for a database.
    fill = 'mount -t tmpfs -o size=1M none "$1/mnt"; cp -a "$1/agency/." "$1/mnt"; dd if=/dev/zero of="$1/mnt/fill" bs=1k 2>/dev/null || true'
    _says(tally, "on a full disk", debian.run(arkib, *APPLY, cwd="/mnt", before=fill), "disk is full", "make room")


def _says(tally, what, found, why, help_text):
    said = found.stdout + found.stderr
    lines = [line for line in said.splitlines() if line.startswith(("Failed", "Refused", "help:"))]
    tally.check(f"{what}: it fails", found.returncode in (1, 4), (found.returncode, said))
    tally.check(f"{what}: why in one line, what to do in one", len(lines) == 2 and why in lines[0] and help_text in lines[1], said)
