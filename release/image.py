"""The container image: Debian's essential packages, and the .deb of arkib with what it depends on. It is written as an
OCI archive without a daemon, because the tools that do this put the time of day into it."""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

SUITE = "trixie"
USER = "10001"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
CONFIG = "application/vnd.oci.image.config.v1+json"
# Documentation and the lists of packages are left out, licences are not.
LEFT_OUT = [
    "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*", "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright", "--dpkgopt=path-include=/usr/share/doc/arkib/*",
]  # fmt: skip


def stamp(epoch):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))


def root_of(deb, epoch, folder):
    """The files of the image as a tar, which mmdebstrap makes the same each time."""
    if not shutil.which("mmdebstrap"):
        raise SystemExit("release/build: the image is made with mmdebstrap: apt-get install mmdebstrap")
    mirror = os.environ.get("ARKIB_DEBIAN_MIRROR", "http://deb.debian.org/debian")
    command = ["mmdebstrap", "--quiet", "--variant=essential", *LEFT_OUT,
        f"--customize-hook=mkdir -p \"$1/home/arkib\"; echo arkib:x:{USER}:{USER}::/home/arkib:/bin/sh >>\"$1/etc/passwd\"; "
        f"echo arkib:x:{USER}: >>\"$1/etc/group\"; chown {USER}:{USER} \"$1/home/arkib\"",
        # What the machine that builds is called, where it looks up names, and its mirror.
        '--customize-hook=rm -rf "${1:?}"/etc/hostname "$1"/etc/resolv.conf "$1"/etc/apt/sources.list*',
        f"--include={deb}", "--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount",
        SUITE, folder / "root.tar", mirror]  # fmt: skip
    subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)})
    return folder / "root.tar"


def write(path, deb, version, epoch):
    blobs = {}

    def blob(content, media):
        digest = hashlib.sha256(content).hexdigest()
        blobs[f"blobs/sha256/{digest}"] = content
        return {"mediaType": media, "digest": f"sha256:{digest}", "size": len(content)}

    with tempfile.TemporaryDirectory() as folder:
        files = root_of(deb, epoch, Path(folder)).read_bytes()
    config = {
        "created": stamp(epoch), "architecture": "amd64", "os": "linux",
        "config": {
            "User": USER, "WorkingDir": "/home/arkib", "Cmd": ["arkib", "--help"],
            "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/home/arkib", "LANG=C.UTF-8"],
            "Labels": {"org.opencontainers.image.title": "arkib", "org.opencontainers.image.version": version, "org.opencontainers.image.licenses": "MIT"},
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(files).hexdigest()}"]},
        "history": [{"created": stamp(epoch), "created_by": "release/build"}],
    }  # fmt: skip
    layer = blob(gzip.compress(files, 6, mtime=0), LAYER)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": blob(json.dumps(config).encode(), CONFIG), "layers": [layer]}
    named = {**blob(json.dumps(manifest).encode(), MANIFEST), "annotations": {"org.opencontainers.image.ref.name": version}}
    blobs["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [named]}).encode()
    blobs["oci-layout"] = b'{"imageLayoutVersion": "1.0.0"}'
    with tarfile.open(path, "w") as tar:
        for name, content in sorted(blobs.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(content), epoch, 0o644
            tar.addfile(entry, io.BytesIO(content))
