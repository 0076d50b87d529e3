"""What is in the archives and packages, without running any of it."""

import json
import re
import subprocess
import tarfile
import zipfile

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from systems import ROOT, call

TARGETS = {"x86_64-linux": "x86_64-unknown-linux-gnu", "aarch64-linux": "aarch64-unknown-linux-gnu", "x86_64-windows": "x86_64-pc-windows-gnu"}
SINCE = (2, 28)
# All that Windows itself has; anything else the program would have to bring.
OF_WINDOWS = re.compile(r"(api-ms-win-|kernel32|ntdll|msvcrt|ws2_32|advapi32|userenv|bcrypt|bcryptprimitives|crypt32|secur32|ncrypt|combase|ole32|shell32|oleaut32|ktmw32|user32)", re.IGNORECASE)


def run(tally, release):
    for platform in release.platforms:
        _archive(tally, release, platform)
    _packages(tally, release)
    _image(tally, release.file(".oci.tar"))
    _signature(tally, release)


def _files(release, platform):
    top = f"arkib-{release.version}-{platform}"
    path = release.files / f"{top}.{'zip' if platform.endswith('windows') else 'tar.gz'}"
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = {name: archive.read(name) for name in archive.namelist()}
    else:
        with tarfile.open(path) as archive:
            names = {entry.name: archive.extractfile(entry).read() for entry in archive}
    return {name.removeprefix(f"{top}/"): content for name, content in names.items()}, top


def _archive(tally, release, platform):
    files, top = _files(release, platform)
    tally.check(f"{platform}: one folder", not any(name.startswith(top) for name in files), list(files)[:5])
    program = "arkib.exe" if platform.endswith("windows") else "arkib"
    wanted = {program, "LICENSE", "README.md", "README.ms.md", "sbom.cdx.json", "licences/packages.txt", "licences/rust-standard-library.html"}
    wanted |= {f"completions/{name}" for name in ("arkib.bash", "_arkib", "arkib.fish", "_arkib.ps1")}
    rest = set(files) - wanted
    tally.check(f"{platform}: all files", wanted <= set(files) and all(name.startswith("man/arkib") for name in rest), sorted(set(files) ^ wanted))
    for page in ("arkib", "arkib-reconcile", "arkib-portal-rehearse"):
        tally.check(f"{platform}: a page of {page}", f".TH {page} 1" in files.get(f"man/{page}.1", b"").decode())
    _linked(tally, platform, files[program])
    _parts(tally, platform, files)


def _linked(tally, platform, program):
    """What the program wants of its system."""
    builders = [path for path in (str(ROOT).encode(), b"/root/", b"/home/runner") if path in program]
    tally.check(f"{platform}: no path of the machine that built it", not builders, builders)
    if platform.endswith("linux"):
        needed = max(tuple(map(int, found.split(b"."))) for found in re.findall(rb"GLIBC_([0-9.]+[0-9])\0", program))
        tally.check(f"{platform}: glibc {'.'.join(map(str, needed))} is enough", needed <= SINCE, needed)
    else:
        imported = {name.decode() for name in re.findall(rb"[A-Za-z0-9_-]+\.(?:dll|DLL)(?=\0)", program)}
        foreign = sorted(name for name in imported if not OF_WINDOWS.match(name))
        tally.check(f"{platform}: no library that Windows lacks", imported and not foreign, foreign)


def _parts(tally, platform, files):
    """The SBOM and the licences name all that cargo says is linked."""
    text = files["sbom.cdx.json"].decode()
    tally.equal(f"{platform}: the SBOM keeps to its schema", JsonStrictValidator(SchemaVersion.V1_6).validate_str(text), None)
    command = ["cargo", "tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none", "--target", TARGETS[platform], "--format", "{p}"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    linked = {tuple(line.split()[:2]) for line in printed.splitlines() if line}
    sbom = json.loads(text)
    named = {(part["name"], f"v{part['version']}") for part in [sbom["metadata"]["component"], *sbom["components"]]}
    tally.check(f"{platform}: the SBOM has every package ({len(named)})", linked <= named and len(linked) > 150, sorted(linked - named))
    licences = files["licences/packages.txt"].decode()
    without = [name for name, version in named if f"\n{name} {version[1:]} (" not in licences]
    tally.check(f"{platform}: each has a licence text", not without, without)


def _packages(tally, release):
    deb, rpm = release.file("_amd64.deb"), release.file("-1.x86_64.rpm")
    fields = call(["dpkg-deb", "--field", deb, "Package", "Version", "Architecture", "Depends"]).stdout
    tally.equal("deb: fields", fields, f"Package: arkib\nVersion: {release.version}-1\nArchitecture: amd64\nDepends: git, ca-certificates, libc6 (>= 2.28)\n")
    listed = call(["dpkg-deb", "--contents", deb]).stdout
    # A package of RPM is a cpio archive behind headers.
    names = call(["bash", "-c", 'set -o pipefail; rpm2cpio "$1" | cpio --list --quiet', "-", rpm]).stdout
    for kind, files, zsh in (("deb", listed, "vendor-completions"), ("rpm", names, "site-functions")):
        for path in ("usr/bin/arkib", "usr/share/man/man1/arkib-reconcile.1", "usr/share/bash-completion/completions/arkib",
                     f"usr/share/zsh/{zsh}/_arkib", "usr/share/fish/vendor_completions.d/arkib.fish", "usr/share/doc/arkib/copyright"):  # fmt: skip
            tally.check(f"{kind}: {path}", re.search(rf"\./?{re.escape(path)}$|(^|[ /]){re.escape(path)}$", files, re.MULTILINE), files)
    program = subprocess.run(["bash", "-c", 'rpm2cpio "$1" | cpio --quiet --extract --to-stdout "*usr/bin/arkib"', "-", rpm], capture_output=True).stdout
    tally.check("rpm: the archive's program", program == _files(release, "x86_64-linux")[0]["arkib"])


def _image(tally, path):
    """Nothing in it is of the machine that built it."""
    with tarfile.open(path) as image:
        names = set()
        for blob in image.getmembers():
            if blob.name.startswith("blobs/") and image.extractfile(blob).read(2) == b"\x1f\x8b":
                with tarfile.open(fileobj=image.extractfile(blob)) as layer:
                    names |= {name.removeprefix("./") for name in layer.getnames()}
    own = [name for name in names if name.startswith(("etc/hostname", "etc/resolv.conf", "etc/apt/sources.list"))]
    tally.check(f"image: none of the builder's own ({len(names)} files)", "usr/bin/arkib" in names and not own, own)


def _signature(tally, release):
    sums = call(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=release.files)
    tally.equal("SHA256SUMS is right", (sums.returncode, sums.stdout.count(": OK")), (0, len(list(release.files.iterdir())) - 2))
    signers = release.work / "signers"
    signers.write_text(f"release@arkib.example {(release.work / 'key.pub').read_text()}")
    verify = ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "release@arkib.example", "-n", "arkib-release", "-s", release.files / "SHA256SUMS.sig"]
    with open(release.files / "SHA256SUMS", "rb") as signed:
        found = subprocess.run(verify, stdin=signed, capture_output=True, text=True)
    tally.check("and signed", found.returncode == 0, found.stdout + found.stderr)
    refused = call([ROOT / "release/build", "--output", release.work / "none"], cwd=ROOT)
    tally.check("without a key nothing is built", refused.returncode == 2 and "--unsigned" in refused.stderr, refused.stderr)
    other = release.work / "other/arkib-0.1.0-x86_64-linux.tar.gz"
    other.parent.mkdir(exist_ok=True)
    other.touch()
    refused = call([ROOT / "release/build", "--unsigned", "--output", other.parent], cwd=ROOT)
    tally.check("nor beside other files", refused.returncode == 2 and "has files" in refused.stderr, refused.stderr)
    refused = call([ROOT / "release/sign", "--unsigned", other.parent], cwd=ROOT)
    tally.check("nor is another version signed", refused.returncode == 1 and other.name in refused.stderr, refused.stderr)
