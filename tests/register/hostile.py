"""Hostile data: markup, code and links in texts; several agencies; no JavaScript."""

import json

from harness import arkib, count, shown

POLICY = """version: 1
agency: {short}
name: {name}
domains: [{domain}]
approvers: [pentadbir@{domain}]
portal: embedded
"""
EVIL = "</script><script>window.hacked=1;alert(1)</script><img src=x onerror=alert(2)><!-- {{7*7}} ${7*7} {n}"


def request(ident, domain, mailbox, reason):
    return f"""version: 1
id: {ident}
action: enable
mailboxes: ["{mailbox}@{domain}"]
received: {{date: 2026-11-02, channel: memo, reference: {json.dumps(EVIL)}}}
approvals: [{{by: "pentadbir@{domain}", date: 2026-11-03}}]
reason: {json.dumps(reason)}
"""


def agencies(folder):
    """Two agencies; the same id in both."""
    requests = folder / "requests"
    for home, short, name, domain in [("a", "<b>A", "<script>alert(1)</script>", "a.example"), ("b", "B&amp;", "Jabatan \\\"B\\\" 'x' -->", "b.example")]:
        (requests / home).mkdir(parents=True)
        (requests / home / "agency.yaml").write_text(POLICY.format(short=json.dumps(short), name=f'"{name}"', domain=domain))
        (requests / home / "R-1.yaml").write_text(request("R-1", domain, "=cmd|x", EVIL))
        (requests / home / "R-2.yaml").write_text(request("R-2", domain, "{{x}}`${y}", "satu\ndua\nتجربة עברית"))
    (folder / "portal.csv").write_text(f"mailbox,state\n=cmd|x@a.example,disabled\n=cmd|y@a.example,enabled\n{{{{7*7}}}}`$@b.example,enabled\n")


def run(tally, browser, scratch):
    folder = scratch / "hostile"
    folder.mkdir()
    agencies(folder)
    arkib(folder, "register", "--language", "en")
    url = (folder / "register.html").as_uri()
    page = browser.open(url)
    tally.same("both agencies are on the page", (count(page), page.inner_text("#agency-name")), (4, "2 agencies"))
    tally.check("the agency has a column", page.is_visible("th.c-agency"))
    for number in range(4):
        page.locator("#rows .opener").nth(number).click()
        made = page.evaluate("() => [document.scripts.length, document.querySelectorAll('img, iframe, object, b, form:not(#filters)').length, typeof window.hacked]")
        tally.same(f"hostile data makes no element: row {number + 1}", made, [2, 0, "undefined"])
        tally.check(f"and is shown as it is: row {number + 1}", "<script>window.hacked=1" in page.inner_text(".more-row"))
    tally.check("an archive that nobody asked for is listed", '=cmd|y@a.example' in page.inner_text("#portal"))
    page.select_option("#agency", "<b>A")
    tally.same("an agency can be chosen", (count(page), page.inner_text("#agency-name")), (2, "<script>alert(1)</script>"))
    tally.check("its column goes then", not page.is_visible("th.c-agency"))
    other = browser.open(page.url)
    tally.same("and linked", (count(other), shown(other)), (2, shown(page)))
    browser.clean(tally, "hostile data")

    arkib(folder, "register", "--offline", "-o", "offline.html", "--period", "2025")
    page = browser.open((folder / "offline.html").as_uri(), ready="#none")
    tally.check("the page says that the portal was not asked", "Portal tidak dirujuk" in page.inner_text("#remarks"))
    tally.check("and which period it covers", "01 Jan 2025 hingga 31 Dis 2025" in page.inner_text("#meta"), page.inner_text("#meta"))
    tally.same("an empty register is one", (count(page), page.is_visible("#none"), page.is_visible("#portal")), (0, True, False))

    page = browser.open(url, script=False, ready=None)
    tally.check("without JavaScript it says what to do", "arkib register --format csv" in page.inner_text("noscript"))
    documents(tally, browser, folder)


def documents(tally, browser, folder):
    """Requests name no documents yet; adds some to the page."""
    text = (folder / "register.html").read_text()
    before, rest = text.split('<script type="application/json" id="data">')
    data, after = rest.split("</script>", 1)
    data = json.loads(data)
    ways = ["./requests/a/surat%20%281%29.pdf", "../x/%C3%A9.pdf", "javascript:alert(4)", "//evil.example/x", "./../javascript:alert(5)", "https://evil.example", "data:text/html,x"]
    data["agencies"][0]["rows"][0]["evidence"] = [{"file": f"<i>{it}", "href": it, "sha256": "0" * 64, "size": 1234} for it in ways]
    (folder / "documents.html").write_text(before + '<script type="application/json" id="data">' + json.dumps(data).replace("<", "\\u003c") + "</script>" + after)
    page = browser.open((folder / "documents.html").as_uri() + "#sort=id")
    page.locator("#rows .opener").first.click()
    links = page.eval_on_selector_all(".documents a", "all => all.map(it => it.getAttribute('href'))")
    tally.same("documents are linked where the way to them is one of this site", links, ways[:2])
    tally.same("and named in any case", page.locator(".documents li").count(), len(ways))
    browser.clean(tally, "documents")
