"""Flow chart 4.2 where approvals are signed and a termination needs two: by commands alone, merged by squash."""

from agency import ADMINISTRATOR, DOMAIN, POLICY, RECEIVED, agency

ROSLI, HEAD, CHIEF = (f"{name}@{DOMAIN}" for name in ("rosli", "ketua.unit", "ketua.uc"))
ID = f"CONTOH-{RECEIVED[:4]}-0001"
OTHER = f"CONTOH-{RECEIVED[:4]}-0002"

SIGNED = POLICY.replace(
    f"approvers: [{ADMINISTRATOR}]",
    f"approvers: [{ADMINISTRATOR}, {CHIEF}]\napprovals: {{ terminate: 2 }}\nprovenance: signed\nrepository: 0198c1d2-e3f4-7051-8a6b-9c0d1e2f3a4b",
)


def suite(tally, arkib, _, folder):
    with agency(folder, arkib, SIGNED) as office:
        chief = office.clone("Ketua")
        _keys(tally, office, {ADMINISTRATOR: office.administrator, CHIEF: chief})
        _received(tally, office)
        _approved(tally, office, office.administrator, 1)
        _approved(tally, office, chief, 2)
        _moved(tally, office)
        _configured(tally, office)


def _keys(tally, office, people):
    """Each approver has a key, which git knows; the public keys are merged before any approval."""
    lines = []
    for address, clone in people.items():
        key = clone.folder.parent / f"key-{address}"
        clone.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key)
        clone.git("config", "user.email", address)
        clone.git("config", "gpg.format", "ssh")
        clone.git("config", "user.signingkey", key)
        lines.append(f"{address} {key.with_name(key.name + '.pub').read_text().strip()}\n")
    administrator = office.administrator
    (administrator.folder / "requests" / "allowed_signers").write_text("".join(lines))
    administrator.git("add", "--all")
    administrator.git("commit", "--quiet", "--message=Keys")
    administrator.git("push", "--quiet", "origin", "main")
    tally.equal("the keys are in order", administrator.arkib("check").returncode, 0)


def _received(tally, office):
    clerk = office.clerk
    clerk.pull()
    (clerk.folder / "surat.pdf").write_bytes(b"%PDF-1.4 imbasan\n")
    done = clerk.arkib(
        "request", "terminate", ROSLI, "--received", RECEIVED, "--channel", "letter", "--reference", "CONTOH.600-1/2/3 Jld. 2 (16)",
        "--file", "CONTOH.600-1/2/3 Jld. 2 (17)", "--from", HEAD, "--evidence", "surat.pdf", "--branch", "--yes",
    )
    tally.equal("step 1: the clerk files the letter", done.returncode, 0) or print(done.stdout + done.stderr)
    clerk.git("push", "--quiet", "origin", f"request/{ID}")
    clerk.git("switch", "--quiet", f"request/{ID}")
    shown = clerk.arkib("reconcile", "--dry-run", "--base", "origin/main").stdout
    tally.check("the pull request says what it would do", "? terminate" in shown and ROSLI in shown, shown)
    tally.check("and whose approvals it waits for", f"waits for 2 approvals of {ADMINISTRATOR}, {CHIEF}" in shown, shown)
    tally.check("and how to approve", f"arkib approve {ID}" in shown, shown)


def _approved(tally, office, clone, number):
    clone.git("fetch", "--quiet", "origin")
    clone.git("switch", "--quiet", "--force-create", f"request/{ID}", f"origin/request/{ID}")
    done = clone.arkib("approve", ID, "--yes")
    tally.equal(f"step 2: approval {number} of 2", done.returncode, 0) or print(done.stdout + done.stderr)
    again = clone.arkib("approve", ID, "--yes")
    tally.check("which nobody gives twice", again.returncode != 0, again.stdout + again.stderr)
    clone.git("commit", "--quiet", "--all", "--message=Approve")
    clone.git("push", "--quiet", "origin", f"request/{ID}")
    checked = clone.arkib("check", "--base", "origin/main")
    tally.equal("the check agrees", checked.returncode, 0) or print(checked.stdout + checked.stderr)
    shown = clone.arkib("reconcile", "--dry-run", "--base", "origin/main").stdout
    expected = "- terminate" if number == 2 else f"waits for 1 more of {CHIEF}"
    tally.check("the pull request says so", expected in shown, shown)


def _moved(tally, office):
    """An approval that is copied to another request counts for nothing."""
    clerk = office.clerk
    clerk.git("fetch", "--quiet", "origin")
    clerk.git("switch", "--quiet", "--force-create", "copied", f"origin/request/{ID}")
    path = next(clerk.folder.glob(f"requests/*/{ID}.yaml"))
    copy = path.with_name(f"{OTHER}.yaml")
    copy.write_text(path.read_text().replace(ID, OTHER).split("evidence:")[0] + "approvals:" + path.read_text().split("approvals:")[1])
    clerk.git("add", "--all")
    clerk.git("commit", "--quiet", "--message=Copy")
    checked = clerk.arkib("check", "--base", "origin/main")
    tally.equal("copied approvals are refused", checked.returncode, 1) or print(checked.stdout + checked.stderr)


def _configured(tally, office):
    administrator = office.administrator
    office.merge(f"request/{ID}", squash=True)
    done = administrator.arkib("reconcile", "--yes")
    found = (done.returncode, office.state("rosli"))
    tally.equal("step 3: what two approved is done, though the merge squashed their commits", found, (0, "terminated")) or print(done.stdout + done.stderr)
    office.keep()
    result = administrator.arkib("notify", "--yes")
    tally.equal("step 4: the user is notified", result.returncode, 0) or print(result.stdout + result.stderr)
    office.keep()
    ended = [text for name, text in office.printed().items() if "terminated" in name]
    is_right = all(ROSLI in text and "Ruj. Kami : CONTOH.600-1/2/3 Jld. 2 (17)" in text for text in ended)
    tally.check("as is the applicant, by letters with both files", len(ended) == 2 and is_right, ended)
    [row] = administrator.json("register")["register"]["rows"]
    tally.equal("section 6: the register has who approved", [it["by"] for it in row["approvals"]], [ADMINISTRATOR, CHIEF])
    tally.equal("and both files", (row["received"]["reference"], row["received"]["file"]), ("CONTOH.600-1/2/3 Jld. 2 (16)", "CONTOH.600-1/2/3 Jld. 2 (17)"))
    tally.equal("and the signatures verify", administrator.arkib("check").returncode, 0)
