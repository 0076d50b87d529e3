"""Verifies the approvals of a request by docs/en/APPROVALS.md alone, without arkib: python3 verify.py agency.yaml REQUEST.yaml

Builds each statement from the YAML, and asks ssh-keygen or openssl about its signature. Standard library and PyYAML.
"""

import datetime
import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

NAMESPACE = "arkib-approval"
ZONE = datetime.timezone(datetime.timedelta(hours=8))


def read(path):
    """Every scalar as the text that the file has."""
    return yaml.load(Path(path).read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)


def statement(policy, request, approver, date):
    """The bytes that an approver signs."""
    received = request["received"]
    lines = [
        ("agency", policy["agency"]),
        ("repository", policy.get("repository")),
        ("id", request["id"]),
        ("action", request["action"]),
        *(("mailbox", mailbox) for mailbox in sorted(name.lower() for name in request.get("mailboxes", []))),
        ("withdraws", request.get("withdraws")),
        ("received.date", received["date"]),
        ("received.channel", received["channel"]),
        ("received.reference", received["reference"]),
        ("received.from", received["from"].lower() if "from" in received else None),
        ("received.name", received.get("name")),
        ("received.file", received.get("file")),
        ("effective", request.get("effective")),
        ("reason", request.get("reason")),
        *(("document", digest) for digest in sorted(document["sha256"].lower() for document in request.get("evidence", []))),
        ("approver", approver.lower()),
        ("date", date),
    ]
    return "".join(["arkib-approval/1\n", *(f"{name}: {escape(text)}\n" for name, text in lines if text is not None)]).encode()


def escape(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def last_second(date):
    """The moment at which a key or certificate is judged: the last second of the approval's day."""
    return datetime.datetime.combine(datetime.date.fromisoformat(date), datetime.time(23, 59, 59), ZONE)


class Refused(Exception):
    pass


def run(*command, stdin=b""):
    done = subprocess.run([str(word) for word in command], input=stdin, capture_output=True, env={"PATH": "/usr/bin:/bin", "TZ": "Etc/GMT-8"})
    if done.returncode:
        raise Refused((done.stdout + done.stderr).decode(errors="replace").strip())
    return done.stdout.decode()


def by_ssh(keys, signature, text, approver, at, scratch):
    """The fingerprint of the key that signed."""
    (scratch / "signature").write_text(signature)
    moment = at.astimezone(datetime.timezone.utc).strftime("%Y%m%d%H%M%SZ")
    said = run(
        *("ssh-keygen", "-Y", "verify", "-f", keys / "allowed_signers", "-I", approver, "-n", NAMESPACE),
        *("-s", scratch / "signature", "-O", f"verify-time={moment}"),
        stdin=text,
    )
    return re.search(r"SHA256:\S+", said)[0]


def by_cms(keys, signature, text, approver, at, scratch):
    """The digest of the public key that signed."""
    for name, content in (("signature", signature.encode()), ("statement", text)):
        (scratch / name).write_bytes(content)
    authorities, revocations = keys / "authorities.pem", keys / "revocations.pem"
    trusted = [file.read_text() for file in (authorities, revocations) if file.exists()]
    (scratch / "trusted").write_text("\n".join(trusted))
    run(
        *("openssl", "cms", "-verify", "-binary", "-inform", "PEM", "-in", scratch / "signature", "-content", scratch / "statement"),
        *("-CAfile", scratch / "trusted", "-no-CApath", "-no-CAstore", "-attime", int(at.timestamp())),
        *(("-crl_check_all",) if len(trusted) == 2 else ()),
        *("-signer", scratch / "signer", "-out", scratch / "content"),
    )
    addresses = {address.lower() for address in run("openssl", "x509", "-in", scratch / "signer", "-noout", "-email").split()}
    if addresses != {approver}:
        raise Refused(f"the certificate is of {addresses}")
    return hashlib.sha256(run("openssl", "x509", "-in", scratch / "signer", "-noout", "-pubkey").encode()).hexdigest()


def faults(policy_file, request_file):
    """Why the approvals of a request are not verified; nothing where all are."""
    policy, request, keys = read(policy_file), read(request_file), Path(policy_file).parent
    found, used = [], {}
    for approval in request.get("approvals", []):
        approver, date = approval["by"].lower(), approval["date"]
        text = statement(policy, request, approver, date)
        try:
            if "signature" not in approval:
                raise Refused("it has no signature")
            verifier = by_ssh if "SSH SIGNATURE" in approval["signature"] else by_cms
            with tempfile.TemporaryDirectory() as scratch:
                key = verifier(keys, approval["signature"], text, approver, last_second(date), Path(scratch))
            if used.setdefault(key, approver) != approver:
                raise Refused(f"it has the key of {used[key]}")
        except Refused as why:
            found.append(f"the approval of {approver}: {why}")
    return found


if __name__ == "__main__":
    wrong = faults(sys.argv[1], sys.argv[2])
    print("\n".join(wrong) or "verified")
    sys.exit(bool(wrong))
