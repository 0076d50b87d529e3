"""Every vector: arkib and the verifier in Python give its verdict, and both make its statements."""

import json
import shutil
from pathlib import Path

import rig
import verify

VECTORS = Path(__file__).resolve().parent / "vectors"


def suite(tally, arkib, about, folder):
    env = rig.clean_environment()
    for vector in sorted(VECTORS.iterdir()):
        verdict = (vector / "verdict").read_text().split(":")[0].strip()
        policy, file = vector / "agency.yaml", _request(vector)
        found = verify.faults(policy, file)
        tally.equal(f"{vector.name}: {verdict} by the verifier in Python", "refused" if found else "verified", verdict)
        # Its folder of requests, without what the vector says of it.
        copy = folder / vector.name
        shutil.copytree(vector, copy, ignore=shutil.ignore_patterns("statement*", "signature*", "verdict"))
        done = rig.run([arkib, "check", "--strict", "--requests", copy, "--format", "json"], env)
        kinds = [finding["kind"] for finding in json.loads(done.stdout)["findings"]]
        tally.check(f"{vector.name}: {verdict} by arkib", _agrees(verdict, done.returncode, kinds), done.stdout)
        _compare_statements(tally, arkib, vector, copy, env)


def _request(vector):
    """The request with approvals."""
    [file] = [file for file in vector.glob("BMT-*.yaml") if "approvals" in verify.read(file)]
    return file


def _agrees(verdict, status, kinds):
    if verdict == "verified":
        return (status, kinds) == (0, [])
    # One vector has no key at all, which is a warning of its own.
    return status == 1 and "not-signed" in kinds and set(kinds) <= {"not-signed", "nobody-can-sign"}


def _compare_statements(tally, arkib, vector, copy, env):
    """What the approvers of a copy without approvals would sign."""
    file = _request(copy)
    policy, request = verify.read(copy / "agency.yaml"), verify.read(file)
    file.write_text(file.read_text(encoding="utf-8").split("approvals:\n")[0], encoding="utf-8")
    for number, approval in enumerate(request["approvals"], 1):
        end = "" if number == 1 else f"-{number}"
        expected = (vector / f"statement{end}").read_text(encoding="utf-8")
        own = verify.statement(policy, request, approval["by"], approval["date"]).decode()
        tally.equal(f"{vector.name}: statement {number} by the verifier in Python", own, expected)
        options = ("--as", approval["by"], "--date", approval["date"])
        done = rig.run([arkib, "approve", "--requests", copy, "--print", request["id"], *options], env)
        tally.equal(f"{vector.name}: statement {number} by arkib", done.stdout, expected)
