"""Flow chart 4.1: a request arrives, is approved, configured, notified and filed; and a second one by e-mail."""

import csv
import json

from agency import RECEIVED, ADMINISTRATOR, DOMAIN, agency, ago, text_of

SITI, TAN, ODD = f"siti.aminah@{DOMAIN}", f"tan.mei@{DOMAIN}", f"=cmd|x@{DOMAIN}"
LETTER = f"CONTOH-{RECEIVED[:4]}-0001"
MAIL = f"CONTOH-{RECEIVED[:4]}-0002"


def suite(tally, arkib, _, folder):
    with agency(folder, arkib) as office:
        _received(tally, office)
        _approved(tally, office)
        _configured(tally, office)
        _by_mail(tally, office)
        _filed(tally, office)


def _received(tally, office):
    clerk = office.clerk
    scan = clerk.folder / "surat.pdf"
    scan.write_bytes(b"%PDF-1.4 imbasan\n")
    done = clerk.arkib(
        "request", "enable", SITI, "--received", RECEIVED, "--channel", "letter", "--reference", "CONTOH.600-1/2/3 Jld. 2 (16)",
        "--from", SITI, "--reason", "Peti mel melebihi kuota.", "--evidence", "surat.pdf", "--branch", "--yes",
    )
    tally.equal("step 1: the clerk files the letter", done.returncode, 0) or print(done.stdout + done.stderr)
    branch = clerk.git("branch", "--show-current") or f"request/{LETTER}"
    tally.equal("on a branch of its own", branch, f"request/{LETTER}")
    checked = clerk.arkib("check", "--base", "origin/main")
    tally.equal("what was written passes the check", checked.returncode, 0) or print(checked.stdout + checked.stderr)
    clerk.git("push", "--quiet", "origin", branch)
    shown = clerk.arkib("reconcile", "--dry-run", "--base", "origin/main")
    tally.check("the pull request shows that it waits for approval", LETTER in shown.stdout and "waits for approval" in shown.stdout, shown.stdout)
    office.merge(branch)
    result = office.administrator.arkib("notify", "--yes")
    tally.equal("the receipt is acknowledged", result.returncode, 0) or print(result.stdout + result.stderr)
    office.keep()
    letters = office.printed()
    tally.check("on paper, as the request came", len(letters) == 1 and all(SITI in text for text in letters.values()), letters)
    tally.equal("and nothing was done", office.state("siti.aminah"), "disabled")


def _approved(tally, office):
    administrator = office.administrator
    administrator.pull()
    administrator.git("switch", "--quiet", "--create", "approve")
    given = administrator.arkib("approve", LETTER, "--as", ADMINISTRATOR, "--date", ago(2), "--yes")
    tally.equal("one command approves", given.returncode, 0) or print(given.stdout + given.stderr)
    administrator.git("commit", "--quiet", "--all", "--message=Approve")
    administrator.git("push", "--quiet", "origin", "approve")
    checked = administrator.arkib("check", "--base", "origin/main")
    tally.equal("step 2: the administrator approves; the check agrees", checked.returncode, 0) or print(checked.stdout)
    shown = administrator.arkib("reconcile", "--dry-run", "--base", "origin/main")
    tally.check("the pull request shows what it will do", "+ enable" in shown.stdout and SITI in shown.stdout, shown.stdout)
    office.merge("approve")
    result = administrator.arkib("notify", "--yes")
    tally.equal("the approval is notified", result.returncode, 0) or print(result.stdout + result.stderr)
    office.keep()
    tally.equal("in a second letter", len(office.printed()), 2)


def _configured(tally, office):
    administrator = office.administrator
    done = administrator.arkib("reconcile", "--yes")
    tally.equal("step 3: what was approved is configured", (done.returncode, office.state("siti.aminah")), (0, "enabled")) or print(done.stdout)
    office.keep()
    result = administrator.arkib("notify", "--yes")
    tally.equal("step 4: the user is notified", result.returncode, 0) or print(result.stdout + result.stderr)
    office.keep()
    letters = office.printed()
    last = next((text for name, text in letters.items() if "enabled" in name), "")
    tally.check("with the steps of step 5", f"https://muat-turun.{DOMAIN}/arkib-outlook" in last, letters)
    tally.check("in Malay, with both references", "Pengarkiban E-mel" in last and LETTER in last and "Jld. 2 (16)" in last, last)
    again = administrator.arkib("notify", "--yes")
    tally.equal("nobody is notified twice", (again.returncode, len(office.printed())), (0, 3)) or print(again.stdout)


def _by_mail(tally, office):
    clerk = office.clerk
    clerk.pull()
    done = clerk.arkib(
        "request", "enable", f"Tan Mei Ling <{TAN.upper()}>", ODD, "--received", RECEIVED, "--channel", "email",
        "--reference", "E-mel bertarikh semalam", "--approved-by", ADMINISTRATOR, "--approved", ago(0), "--branch", "--yes",
    )
    tally.equal("a second request, for two, by e-mail", done.returncode, 0) or print(done.stdout + done.stderr)
    clerk.git("push", "--quiet", "origin", f"request/{MAIL}")
    office.merge(f"request/{MAIL}")
    administrator = office.administrator
    tally.equal("is configured", administrator.arkib("reconcile", "--yes").returncode, 0)
    result = administrator.arkib("notify", "--yes")
    tally.equal("and notified", result.returncode, 0) or print(result.stdout + result.stderr)
    office.keep()
    mails = office.mail()
    counts = {to: len(messages) for to, messages in mails.items()}
    tally.equal("each gets one message", counts, {TAN: 1, ODD: 1})
    if TAN in mails:
        message = mails[TAN][0]
        text = message.get_body(("plain",)).get_content()
        page = message.get_body(("html",)).get_content()
        tally.check("that names nobody else", "cmd" not in message.as_string(), message.as_string())
        tally.check("with the steps for Outlook, as text and as a page", all("arkib-outlook" in it for it in (text, text_of(page), page)), text)
        tally.check("and says that a program wrote it", message["Auto-Submitted"] == "auto-generated", message.items())


def _filed(tally, office):
    administrator = office.administrator
    administrator.pull()
    result = administrator.json("register")
    rows = {row["id"]: row for row in result["register"]["rows"]}
    tally.equal("section 6: the register has both", sorted(rows), [LETTER, MAIL])
    kinds = [notice["kind"] for notice in rows[LETTER]["notices"]]
    tally.equal("the life of the first, from receipt to notice", (rows[LETTER]["stage"], kinds), ("done", ["received", "approved", "enabled"]))
    tally.equal("with its letter", [it["file"].endswith(f"{LETTER}-1.pdf") and bool(it["href"]) for it in rows[LETTER]["evidence"]], [True])
    page = administrator.folder.parent / "register.html"
    made = administrator.arkib("register", "--output", page)
    tally.check("as one page", made.returncode == 0 and LETTER in page.read_text(), made.stderr)
    table = administrator.folder.parent / "register.csv"
    administrator.arkib("register", "--format", "csv", "--output", table)
    with open(table, encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    tally.check("as a table in which no cell is a formula", cells and not any(cell.startswith("=") for cell in cells), cells)
    verified = administrator.arkib("records", "verify")
    tally.equal("and the records are whole", verified.returncode, 0) or print(verified.stdout)
    timeline = administrator.json("status", SITI)
    notices = timeline["mailboxes"][0]["requests"][0]["notices"]
    tally.equal("status tells the same", [it["kind"] for it in notices], ["received", "approved", "enabled"]) or print(json.dumps(timeline, indent=1))
