"""Flow chart 4.2: a termination by memo, of which one part is blocked; and one that is withdrawn in time."""

from agency import RECEIVED, ADMINISTRATOR, DOMAIN, TODAY, agency, ago

ROSLI, KAMARUL, LIM, HEAD = (f"{name}@{DOMAIN}" for name in ("rosli", "kamarul", "lim.weiloon", "ketua.unit"))
FIRST, SECOND, THIRD = (f"CONTOH-{RECEIVED[:4]}-{number:04}" for number in (1, 2, 3))


def suite(tally, arkib, _, folder):
    with agency(folder, arkib) as office:
        _terminated(tally, office)
        _withdrawn(tally, office)


def _file(tally, office, number, *arguments):
    """The clerk files a request on a branch; the administrator merges it."""
    clerk = office.clerk
    clerk.pull()
    done = clerk.arkib("request", *arguments, "--approved-by", ADMINISTRATOR, "--approved", ago(0), "--branch", "--yes")
    tally.equal(f"{number} is filed", done.returncode, 0) or print(done.stdout + done.stderr)
    checked = clerk.arkib("check", "--base", "origin/main")
    tally.equal("and passes the check", checked.returncode, 0) or print(checked.stdout)
    clerk.git("push", "--quiet", "origin", f"request/{number}")
    office.merge(f"request/{number}")


def _terminated(tally, office):
    _file(
        tally, office, FIRST, "terminate", ROSLI, KAMARUL, "--received", RECEIVED, "--channel", "memo",
        "--reference", "Memo Unit Sumber Manusia (7)", "--from", HEAD, "--reason", "Bersara pada bulan ini.",
    )
    administrator = office.administrator
    shown = administrator.arkib("reconcile", "--dry-run")
    tally.check("the dry run says until when it can be had back, and what is blocked", "keeps the archive until" in shown.stdout and "legal hold" in shown.stdout, shown.stdout)
    done = administrator.arkib("reconcile", "--yes")
    tally.equal("one is terminated, the one on hold is not", (done.returncode, office.state("rosli"), office.state("kamarul")), (0, "terminated", "enabled")) or print(done.stdout)
    result = administrator.arkib("notify", "--yes")
    tally.equal("both outcomes are notified", result.returncode, 0) or print(result.stdout + result.stderr)
    office.keep()
    memos = office.printed()
    blocked = [text for name, text in memos.items() if "blocked" in name]
    ended = [text for name, text in memos.items() if "terminated" in name]
    tally.check("to the user, with the day until which it can be had back", len(ended) == 1 and ROSLI in ended[0] and str(TODAY.year) in ended[0] and KAMARUL not in ended[0], memos)
    neutral = "tidak dapat dilaksanakan buat masa ini"
    is_neutral = len(blocked) == 1 and HEAD in blocked[0] and KAMARUL in blocked[0] and neutral in blocked[0]
    tally.check("to the applicant, without a word of the legal hold", is_neutral and "undang-undang" not in blocked[0], memos)
    waits = administrator.json("status", "--all")
    found = [(row["request"], row["waits_for"]) for row in waits["waiting"]]
    tally.equal("status tells what waits for the administrator", found, [(FIRST, "administrator")])


def _withdrawn(tally, office):
    _file(
        tally, office, SECOND, "terminate", LIM, "--received", RECEIVED, "--channel", "form", "--reference", "Borang 3/2026",
        "--from", LIM, "--effective", str(TODAY.replace(year=TODAY.year + 1, day=1)),
    )
    administrator = office.administrator
    administrator.arkib("notify", "--yes")
    _file(tally, office, THIRD, "withdraw", SECOND, "--received", RECEIVED, "--channel", "form", "--reference", "Borang 4/2026")
    done = administrator.arkib("reconcile", "--yes")
    tally.equal("what was withdrawn is not done", (done.returncode, office.state("lim.weiloon")), (0, "enabled")) or print(done.stdout)
    result = administrator.arkib("notify", "--yes")
    tally.equal("the withdrawal is notified", result.returncode, 0) or print(result.stdout + result.stderr)
    office.keep()
    forms = sorted(name for name in office.printed() if "approved" in name or "withdrawn" in name)
    tally.equal("on forms, one each", [("approved" in name, "withdrawn" in name) for name in forms], [(True, False), (False, True)])
    rows = {row["id"]: row["stage"] for row in administrator.json("register")["register"]["rows"]}
    tally.equal("the register tells the three apart", rows, {FIRST: "blocked", SECOND: "withdrawn", THIRD: "done"})
    tally.equal("and the records are whole", administrator.arkib("records", "verify").returncode, 0)
