"""How `ci/setup-arkib --pin` writes .arkib-version, with and without signers."""

import archives
import rig
from job import PROGRAM, SHELLS, VERSION, Job

SIGNER = "keluaran@agensi.example"


def suite(tally, arkib, agency, folder):
    files = folder / "files"
    for system in ("x86_64-linux", "aarch64-linux", "x86_64-windows", "aarch64-macos"):
        archives.add(files, VERSION, PROGRAM, system)
    # A release has more than archives, and an address may have more than one release.
    with open(files / "SHA256SUMS", "a") as sums:
        sums.write(f"{'1' * 64}  arkib_{VERSION}_amd64.deb\n{'2' * 64}  arkib-9.9.9-x86_64-linux.tar.gz\nnot a line of it\n")
    for name in ("key", "other"):
        rig.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], rig.clean_environment())
    for name in ("key", "other"):
        (folder / f"signers-{name}").write_text(f'{SIGNER} namespaces="arkib-release" {(folder / f"{name}.pub").read_text()}')
    _sign(files / "SHA256SUMS", folder / "key")
    for shell in SHELLS:
        _pin(lambda what: f"{shell}: {what}", tally, Job(folder / shell, agency, shell, more=["ssh-keygen"]), files, folder)


def _sign(file, key, namespace="arkib-release"):
    file.with_name(f"{file.name}.sig").unlink(missing_ok=True)
    rig.run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", namespace, file], rig.clean_environment())


def _pin(say, tally, job, files, folder):
    signers = str(folder / "signers-key")
    status, printed, said = job.run(files, "--pin", VERSION)
    tally.equal(say("it passes, and says what comes next"), (status, said, "for a pull request to review" in printed), (0, "", True))
    text = job.pin.read_text()
    known = [line for line in (files / "SHA256SUMS").read_text().splitlines() if line.endswith((".tar.gz", ".zip")) and f"arkib-{VERSION}-" in line]
    tally.equal(say("the version comes first, then a line for each archive"), text.splitlines(), [VERSION, *known])
    checked = rig.run(["sha256sum", "--check", job.pin], rig.clean_environment(), files)
    tally.equal(say("sha256sum --check understands them"), (checked.returncode, checked.stdout.count(": OK")), (0, 4))

    def stops(what, *words, download=files, arguments):
        status, printed, said = job.run(download, *arguments)
        told = said.count("\n") == 1 and all(word in said for word in words)
        tally.check(say(f"{what}: it stops, and says so in one line"), (status, printed, told) == (1, "", True), f"{status} {printed}{said}")
        tally.equal(say(f"{what}: .arkib-version is as it was, and nothing is left"), (job.pin.read_text(), job.left()), (text, []))

    stops("a version that is not there", "lists no archive of arkib 1.0.0", arguments=["--pin", "1.0.0"])
    stops("a version that is a path", "is no version", arguments=["--pin", "../x"])
    stops("an empty version", "is no version", arguments=["--pin", ""])
    stops("an empty name of the file of signers", "--signers names no file", arguments=["--pin", VERSION, "--signers", ""])
    twice = folder / "twice"
    twice.mkdir(exist_ok=True)
    (twice / "SHA256SUMS").write_text(f"{(files / 'SHA256SUMS').read_text()}{'3' * 64} *arkib-{VERSION}-x86_64-linux.tar.gz\n")
    stops("two lines of an archive", f"has two lines of arkib-{VERSION}-x86_64-linux.tar.gz", download=twice, arguments=["--pin", VERSION])
    binary = folder / "binary"
    binary.mkdir(exist_ok=True)
    (binary / "SHA256SUMS").write_text((files / "SHA256SUMS").read_text().replace("  ", " *"))
    status, printed, said = job.run(binary, "--pin", VERSION)
    tally.equal(say("sums made with `sha256sum --binary`: the same is pinned"), (status, said, job.pin.read_text()), (0, "", text))
    (folder / "empty").mkdir(exist_ok=True)
    stops("no SHA256SUMS", "there is no SHA256SUMS", download=folder / "empty", arguments=["--pin", VERSION])
    status, printed, said = job.run(files, "--pin", VERSION, "--signers", signers)
    tally.equal(say("signed by one of the signers: it passes"), (status, said, job.pin.read_text()), (0, "", text))
    stops("signed by somebody else", "none of", "signers-other", arguments=["--pin", VERSION, "--signers", str(folder / "signers-other")])
    stops("no such file of signers", "there is no file", arguments=["--pin", VERSION, "--signers", "/no/such/file"])
    changed = folder / "changed"
    changed.mkdir(exist_ok=True)
    for name in ("SHA256SUMS", "SHA256SUMS.sig"):
        (changed / name).write_text((files / name).read_text())
    (changed / "SHA256SUMS").write_text((files / "SHA256SUMS").read_text().replace("9.9.9", "9.9.8"))
    stops("changed after it was signed", f"is not what {SIGNER} signed", download=changed, arguments=["--pin", VERSION, "--signers", signers])
    (changed / "SHA256SUMS").write_text((files / "SHA256SUMS").read_text())
    _sign(changed / "SHA256SUMS", folder / "key", "file")
    stops("signed for another purpose", f"is not what {SIGNER} signed", download=changed, arguments=["--pin", VERSION, "--signers", signers])
    (changed / "SHA256SUMS.sig").unlink()
    stops("not signed", "there is no SHA256SUMS.sig", download=changed, arguments=["--pin", VERSION, "--signers", signers])
    (job.bin / "ssh-keygen").unlink()
    stops("a machine without ssh-keygen", "ssh-keygen is not on the PATH", arguments=["--pin", VERSION, "--signers", signers])
    job.pin.unlink()
    job.pin.symlink_to("/no/such/folder/file")
    status, printed, said = job.run(files, "--pin", VERSION)
    tally.check(say("a repository that cannot be written: it stops, and says so in one line"), (status, printed, said.count("\n")) == (1, "", 1) and "cannot write" in said, said)
