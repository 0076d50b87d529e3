"""Makes the test vectors anew: python3 make_vectors.py, with ssh-keygen and openssl. The private keys are thrown away.

Each folder of vectors/ has a policy, a request, the statement and the signature of each approval, the keys, and the verdict:
`verified`, or `refused` and why.
"""

import hashlib
import shutil
import subprocess
import tempfile
import textwrap
from pathlib import Path

import verify
import yaml
from authority import Authority

VECTORS = Path(__file__).resolve().parent / "vectors"
PENTADBIR, KETUA = "pentadbir.uc@agensi.example", "ketua.unit@agensi.example"
DAY = "2026-11-03"

POLICY = """\
version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [agensi.example]
repository: 0198c1f2-7a30-7c52-9f6e-2b1d8c4a5e90
approvers:
  - pentadbir.uc@agensi.example
  - ketua.unit@agensi.example
portal: embedded
provenance: signed
approvals: { enable: 1, terminate: 2, withdraw: 1 }
"""

ENABLE = """\
version: 1
id: BMT-2026-0042
action: enable
mailboxes:
  - siti.aminah@agensi.example
received:
  date: 2026-11-02
  channel: letter
  reference: CONTOH.600-1/2/3 (12)
"""

TERMINATE = ENABLE.replace("action: enable", "action: terminate").replace("0042", "0043")

DOCUMENTS = {"surat.txt": "Sila aktifkan arkib.\n", "lampiran.txt": "Senarai peti mel.\n"}


def _document(name, text):
    digest = hashlib.sha256(text.encode()).hexdigest().upper()
    return f"  - file: {name}\n    sha256: {digest}\n    size: {len(text)}\n"


DOCUMENTED = ENABLE + "evidence:\n" + "".join(_document(*item) for item in DOCUMENTS.items())

WITHDRAW = ENABLE.replace("action: enable", "action: withdraw").replace(
    "mailboxes:\n  - siti.aminah@agensi.example", "withdraws: BMT-2026-0017"
)


class Keys:
    """SSH keys, and the lines that allow them."""

    def __init__(self, scratch):
        self.scratch, self.allowed = Path(scratch), ""

    def make(self, owner=PENTADBIR, kind="ed25519", bits=None, options="", namespace=verify.NAMESPACE, known=True):
        """Makes a key; returns what signs with it."""
        path = self.scratch / f"key-{len(list(self.scratch.iterdir()))}"
        _run("ssh-keygen", "-q", "-t", kind, *(["-b", bits] if bits else []), "-N", "", "-C", "", "-f", path)
        if known:
            key = " ".join(path.with_suffix(".pub").read_text().split()[:2])
            self.allowed += f'{owner} namespaces="{verify.NAMESPACE}"{options} {key}\n'

        def sign(text):
            (self.scratch / "text").write_bytes(text)
            (self.scratch / "text.sig").unlink(missing_ok=True)
            _run("ssh-keygen", "-q", "-Y", "sign", "-f", path, "-n", namespace, self.scratch / "text")
            return (self.scratch / "text.sig").read_text()

        return sign


def _run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def statement(request, approver=PENTADBIR, date=DAY, policy=POLICY):
    both = (yaml.load(text, yaml.BaseLoader) for text in (policy, request))
    return verify.statement(*both, approver, date)


def vector(name, request, approvals, verdict="verified", **keys):
    """Writes a folder; `approvals` are (approver, date, signature or None)."""
    folder = VECTORS / name
    folder.mkdir(parents=True)
    files = {"agency.yaml": POLICY, "verdict": f"{verdict}\n", **keys}
    written = f"{request}approvals:\n"
    for number, (approver, date, signature) in enumerate(approvals, 1):
        end = "" if number == 1 else f"-{number}"
        files[f"statement{end}"] = statement(request, approver, date).decode()
        written += f"  - by: {approver}\n    date: {date}\n"
        if signature is not None:
            files[f"signature{end}"] = signature
            written += "    signature: |\n" + textwrap.indent(signature, " " * 6)
    files[f"{yaml.load(request, yaml.BaseLoader)['id']}.yaml"] = written
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")


def ssh_vectors(scratch):
    def one(name, request, verdict="verified", signed=None, date=DAY, cut=None, files={}, **key):
        """One approval; `signed` is the statement that was signed in its place."""
        keys = Keys(tempfile.mkdtemp(dir=scratch))
        signature = keys.make(**key)(signed or statement(request, date=date))
        vector(name, request, [(PENTADBIR, date, signature[:cut])], verdict, allowed_signers=keys.allowed, **files)

    three = ENABLE.replace("aminah@agensi.example", "aminah@agensi.example\n  - Tan.Mei@agensi.example\n  - a.b@agensi.example")
    one("ssh-ed25519", three)
    one("ssh-ecdsa", ENABLE, kind="ecdsa")
    one("ssh-ecdsa-384", ENABLE, kind="ecdsa", bits=384)
    one("ssh-rsa", ENABLE, kind="rsa", bits=3072)
    one("unicode-reason", f"{ENABLE}reason: Peti mel “penuh” – 满了, பெட்டி நிரம்பியது\n")
    one("multi-line-reason", f"{ENABLE}reason: |\n  Peti mel melebihi kuota.\n\n  Lihat C:\\surat\\baru.\n")
    one("effective", f"{ENABLE}effective: 2026-11-10\n")
    one("documents", DOCUMENTED, files=DOCUMENTS)
    filed = ENABLE + "  from: Siti.Aminah@agensi.example\n  file: CONTOH.600-1/2/3 Jld. 2 (16)\n"
    one("receipt", filed.replace("siti.aminah", "rosli"))
    one("withdrawal", WITHDRAW, files={"BMT-2026-0017.yaml": ENABLE.replace("0042", "0017")})
    one("retired-key", ENABLE, options=',valid-before="20261201Z"')

    one("other-namespace", ENABLE, "refused: signed for files, not for approvals", namespace="file")
    one("key-expired", ENABLE, "refused: the key was valid until the first of November", options=',valid-before="20261101Z"')
    one("key-not-yet-valid", ENABLE, "refused: the key is valid from the tenth of November", options=',valid-after="20261110Z"')
    one("unknown-key", ENABLE, "refused: no line has the key", known=False)
    one("key-of-another", ENABLE, "refused: the key is that of another approver", owner=KETUA)
    one("truncated", ENABLE, "refused: the signature ends too early", cut=150)
    one("edited-reason", f"{ENABLE}reason: Dipinda.\n", "refused: the reason was added later", signed=statement(ENABLE))
    one("edited-mailbox", three, "refused: two mailboxes were added later", signed=statement(ENABLE))
    one("edited-action", TERMINATE.replace("0043", "0042"), "refused: it was approved to enable", signed=statement(ENABLE))
    one("replayed-request", ENABLE.replace("0042", "0044"), "refused: the approval of BMT-2026-0042", signed=statement(ENABLE))
    one("replayed-day", ENABLE, "refused: approved on another day", date="2026-11-04", signed=statement(ENABLE))
    elsewhere = POLICY.replace("0198c1f2-7a30", "0198c1f2-7a31")
    one("replayed-repository", ENABLE, "refused: approved in another repository", signed=statement(ENABLE, policy=elsewhere))
    agency = POLICY.replace("agency: CONTOH", "agency: LAIN")
    one("replayed-elsewhere", ENABLE, "refused: approved for another agency", signed=statement(ENABLE, policy=agency))
    line_end = f'{ENABLE}reason: "Tiada.\\neffective: 2026-11-10"\n'
    one("line-end-in-reason", line_end, "refused: a line end in a value begins no line", signed=statement(line_end).replace(b"\\n", b"\n"))

    keys = Keys(tempfile.mkdtemp(dir=scratch))
    signers = [(by, day, keys.make(by)) for by, day in ((PENTADBIR, DAY), (KETUA, "2026-11-05"))]
    signed = [(by, day, sign(statement(TERMINATE, by, day))) for by, day, sign in signers]
    vector("two-approvals", TERMINATE, signed, allowed_signers=keys.allowed)
    vector("no-signature", TERMINATE, [signed[0], (*signed[1][:2], None)], "refused: one of two is not signed", allowed_signers=keys.allowed)
    vector(
        *("signature-of-the-other", TERMINATE, [signed[0], (*signed[1][:2], signed[0][2])]),
        *("refused: the second has the signature of the first",),
        allowed_signers=keys.allowed,
    )


def cms_vectors(scratch):
    own, foreign = Authority(scratch / "own"), Authority(scratch / "foreign", "Pihak Berkuasa Lain")
    text = statement(ENABLE)
    clean = own.revoke(None)

    def one(name, sign, verdict="verified", revoked=None, signed=text):
        keys = {"authorities.pem": own.certificate, **({"revocations.pem": revoked} if revoked else {})}
        vector(name, ENABLE, [(PENTADBIR, DAY, sign(signed))], verdict, **keys)

    one("cms-rsa", own.person("rsa"))
    one("cms-ecdsa", own.person("ecdsa", "ecdsa"))
    one("cms-revocations", own.person("kept"), revoked=clean)
    one("cms-expired-since", own.person("since", ends="20261104000000Z"))
    one("cms-edited", own.person("edited"), "refused: another statement was signed", signed=text + b"\n")
    one("cms-expired", own.person("expired", ends="20261102000000Z"), "refused: the certificate had expired")
    one("cms-not-yet-valid", own.person("future", begins="20261110000000Z"), "refused: the certificate was not valid yet")
    one("cms-two-addresses", own.person("two", addresses=(PENTADBIR, KETUA)), "refused: the certificate has two addresses")
    one("cms-of-another", own.person("other", addresses=(KETUA,)), "refused: the certificate is of another approver")
    one("cms-foreign", foreign.person("foreign"), "refused: the certificate is of another authority")
    one("cms-revoked", own.person("revoked"), "refused: the certificate was revoked", revoked=own.revoke("revoked", "261101"))
    signers = [(PENTADBIR, DAY, own.person("same")), (KETUA, DAY, own.person("again", addresses=(KETUA,), key_of="same"))]
    signed = [(by, day, sign(statement(TERMINATE, by, day))) for by, day, sign in signers]
    vector("cms-same-key", TERMINATE, signed, "refused: both have the same key", **{"authorities.pem": own.certificate})


if __name__ == "__main__":
    shutil.rmtree(VECTORS, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        ssh_vectors(Path(scratch))
        cms_vectors(Path(scratch))
