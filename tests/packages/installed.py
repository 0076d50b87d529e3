"""The deb, the archive, the image and the exe, each on a system without Rust: two commands to a plan, timed."""

import shutil
import subprocess
import time

from systems import FIRST, ROOT, Downloads, call, cross

FIND = 'for name; do command -v "$name" || true; done'
FETCH = "/usr/lib/apt/apt-helper -qq download-file"


def run(tally, release, debian):
    with Downloads(release.files) as address:
        _debian(tally, release, debian, address)
        _image(tally, release, address)
        if "aarch64-linux" in release.platforms:
            _aarch64(tally, release)
        _windows(tally, release, address)


def _same(tally, release, what, found, took):
    tally.check(f"{what}: the plan", found.stdout == release.plan and found.returncode == 0, found.stdout + found.stderr)
    _time(what, took)


def _time(what, took):
    """From nothing to a plan, with a download from loopback: shown, as a busy machine takes longer."""
    print(f"        {what}: two commands took {took:.1f} s", flush=True)


def _debian(tally, release, debian, address):
    none = debian.run("sh", "-c", FIND, "-", "cargo", "rustc", "cc", "git", "arkib")
    tally.equal("Debian: no Rust, no compiler, no git", none.stdout, "")
    began = time.monotonic()
    name = release.file("_amd64.deb").name
    install = debian.run("sh", "-c", f"{FETCH} {address}/{name} /tmp/{name} && apt-get -qq update && apt-get -qq --yes install /tmp/{name}", cwd="/tmp")
    tally.check("deb: installed", install.returncode == 0, install.stdout + install.stderr)
    ready = time.monotonic()
    found = debian.run("arkib", *FIRST)
    ended = time.monotonic()
    _same(tally, release, "deb", found, ended - began)
    print(f"        deb: README's first command took {ended - ready:.2f} s", flush=True)
    for file in ("/usr/share/man/man1/arkib-reconcile.1", "/usr/share/bash-completion/completions/arkib"):
        tally.equal(f"deb: {file}", debian.run("test", "-s", file).returncode, 0)
    tally.check("deb: removed", debian.run("apt-get", "-qq", "--yes", "remove", "arkib").returncode == 0 and debian.run("sh", "-c", "command -v arkib").stdout == "")
    began = time.monotonic()
    top = f"arkib-{release.version}-x86_64-linux"
    unpacked = debian.run("sh", "-c", f"{FETCH} {address}/{top}.tar.gz /opt/a.tar.gz && tar -xzf /opt/a.tar.gz -C /opt")
    tally.check("archive: unpacked", unpacked.returncode == 0, unpacked.stderr)
    found = debian.run(f"/opt/{top}/arkib", *FIRST)
    _same(tally, release, "archive", found, time.monotonic() - began)


def _image(tally, release, address):
    store = release.work / "buildah"
    buildah = ["buildah", "--storage-driver", "vfs", "--root", store / "root", "--runroot", store / "run"]
    mine = release.work / "agency-of-image"
    shutil.rmtree(mine, ignore_errors=True)
    shutil.copytree(release.agency, mine)
    subprocess.run(["chown", "-R", "10001:10001", mine], check=True)

    def inside(*command):
        return call([*buildah, "run", "--isolation", "chroot", "--volume", f"{mine}:/agency", "--workingdir", "/agency", container, "--", *command])

    began = time.monotonic()
    name = release.file(".oci.tar").name
    shutil.rmtree(store, ignore_errors=True)
    store.mkdir(parents=True)
    got = call(["sh", "-c", f"curl -sf -o {store}/{name} {address}/{name}"])
    container = call([*buildah, "from", f"oci-archive:{store}/{name}"]).stdout.strip()
    tally.check("image: loaded", got.returncode == 0 and container, got.stderr)
    found = inside("arkib", *FIRST)
    _same(tally, release, "image", found, time.monotonic() - began)
    tally.equal("image: its user", inside("id", "-u").stdout, "10001\n")
    tally.check("image: that user cannot change the program", inside("sh", "-c", ": >>/usr/bin/arkib").returncode != 0)
    tools = inside("sh", "-c", FIND, "-", "sh", "git", "apt", "cc", "curl", "python3")
    tally.equal("image: a shell and git, and no other program to fetch or build with", tools.stdout, "/usr/bin/sh\n/usr/bin/git\n")
    tally.equal("image: authorities", inside("test", "-s", "/etc/ssl/certs/ca-certificates.crt").returncode, 0)
    call([*buildah, "rm", "--all"])
    shutil.rmtree(store, ignore_errors=True)


def _aarch64(tally, release):
    """Its program runs in .ci/cross under an emulator."""
    found = _elsewhere(release, "aarch64-linux", "tar -xzf", ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"], "arkib")
    tally.check("aarch64: the plan", found.stdout == release.plan and found.returncode == 0, found.stdout + found.stderr)


def _windows(tally, release, address):
    began = time.monotonic()
    found = _elsewhere(release, "x86_64-windows", "python3 -m zipfile -e", ["wine"], "arkib.exe")
    ended = time.monotonic()
    # No git is there, so that it cannot name the commit.
    lines = release.plan.split("\n")
    plan = found.stdout.split("\n")
    tally.check("exe: names its version", plan[0].startswith(f"arkib {release.version} "), plan[0] + found.stderr)
    tally.equal("exe: the plan", plan[1:], lines[1:])
    _time("exe", ended - began)


def _elsewhere(release, platform, unpack, runner, program):
    """Unpacks an archive in .ci/cross and runs its program there."""
    top = f"arkib-{release.version}-{platform}"
    files, agency = (f"/src/{path.relative_to(ROOT)}" for path in (release.files, release.agency))
    archive = f"{files}/{top}.{'zip' if platform.endswith('windows') else 'tar.gz'}"
    into = "-C" if unpack.startswith("tar") else ""
    script = f"rm -rf /tmp/packages; mkdir /tmp/packages; cp -a {agency} /tmp/packages/agency; {unpack} {archive} {into} /tmp/packages; cd /tmp/packages/agency"
    return cross("bash", "-ec", f'{script}; exec "$@"', "-", *runner, f"/tmp/packages/{top}/{program}", *FIRST)
