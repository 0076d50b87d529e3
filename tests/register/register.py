"""The register's page in a real browser, compared with `arkib register --format json`."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import agency
import hostile
from harness import AXE, SHOTS, Browser, Tally, arkib, count, register, serve, shown
from playwright.sync_api import sync_playwright

COUNT = 5000
FILTERED = "#stage=withdrawn"


def newest(rows):
    return [it["id"] for it in sorted(rows, key=lambda it: (it["received"]["date"], it["id"]), reverse=True)]


def text_of(row):
    parts = [row["id"], row["withdraws"], row["withdrawn_by"], row["received"]["reference"], row["received"]["from"],
             *(it["by"] for it in row["approvals"]), row["reason"], *(it["mailbox"] for it in row["mailboxes"])]
    return "\n".join(it for it in parts if it).lower()


def settle(page):
    """Waits until the page has processed the input."""
    page.wait_for_timeout(250)


def filters(tally, page, rows):
    tally.same("every request is counted", count(page), COUNT)
    tally.same("a page has a hundred rows, newest first", shown(page), newest(rows)[:100])
    for words in ["siti aminah", "BSR-2026-04", "besar.100-3 kuota", "PENTADBIR.DUA@AGENSI.EXAMPLE bersara", "nothing like it"]:
        page.fill("#q", words)
        settle(page)
        found = [it for it in rows if all(word in text_of(it) for word in words.lower().split())]
        tally.same(f"search for {words!r}", (count(page), shown(page)), (len(found), newest(found)[:100]))
    tally.check("where nothing matches the page says so", page.is_visible("#none"))
    page.fill("#q", "")
    settle(page)
    fields = [
        ("stage", "done", lambda it: it["stage"] == "done"),
        ("stage", "blocked", lambda it: it["stage"] == "blocked"),
        ("stage", "open", lambda it: it["waits_for"]),
        ("action", "terminate", lambda it: it["action"] == "terminate"),
        ("channel", "letter", lambda it: it["received"]["channel"] == "letter"),
        ("by", agency.APPROVERS[1], lambda it: any(by["by"] == agency.APPROVERS[1] for by in it["approvals"])),
        ("from", "2026-03-05", lambda it: it["received"]["date"] >= "2026-03-05"),
        ("to", "2023-01-31", lambda it: it["received"]["date"] <= "2023-01-31"),
    ]
    for name, value, has in fields:
        choose(page, name, value)
        found = [it for it in rows if has(it)]
        tally.check(f"filter {name}={value} is worth testing", 0 < len(found) < COUNT, len(found))
        tally.same(f"filter {name}={value}", (count(page), shown(page)), (len(found), newest(found)[:100]))
        choose(page, name, "")
    choose(page, "action", "enable")
    choose(page, "channel", "memo")
    page.click("[data-stage=done]")
    found = [it for it in rows if it["action"] == "enable" and it["received"]["channel"] == "memo" and it["stage"] == "done"]
    tally.same("filters hold together", count(page), len(found))
    numbers = {it.get_attribute("data-stage"): int(it.locator(".number").inner_text().replace(",", "")) for it in page.locator("#stages button").all()}
    others = [it for it in rows if it["action"] == "enable" and it["received"]["channel"] == "memo"]
    tally.same("each status is counted under the other filters", [numbers[it] for it in ["", "done", "superseded", "open"]],
               [len(others), len(found), sum(it["stage"] == "superseded" for it in others), sum(bool(it["waits_for"]) for it in others)])
    page.click(".clear")
    tally.same("clearing shows everything again", (count(page), page.input_value("#action")), (COUNT, ""))


def choose(page, name, value):
    if name in ("from", "to"):
        page.fill(f"#{name}", value)
    else:
        page.select_option(f"#{name}", value)


def sorting(tally, page, rows):
    stages = ["pending", "blocked", "waiting", "in-progress", "scheduled", "done", "superseded", "withdrawn"]
    keys = {
        "id": lambda it: it["id"],
        "stage": lambda it: stages.index(it["stage"]),
        "done": lambda it: it["done_on"],
        "length": lambda it: it["age_days"] if it["days_to_done"] is None else it["days_to_done"],
    }
    for name, key in keys.items():
        for turn, word in [(False, "ascending"), (True, "descending")]:
            page.click(f"[data-sort={name}]")
            known = [it for it in rows if key(it) is not None]
            known.sort(key=lambda it: (key(it), it["received"]["date"], it["id"]), reverse=turn)
            expected = [it["id"] for it in known][:100]
            tally.same(f"sorted by {name}, {word}", (shown(page), page.get_attribute(f".c-{name}", "aria-sort")), (expected, word))
    page.click("[data-sort=received]")
    page.click("[data-sort=received]")


def languages(tally, page):
    texts = lambda: (page.get_attribute("html", "lang"), page.inner_text("h1"), page.title(), page.inner_text("#rows .badge >> nth=0")[2:])
    malay = texts()
    tally.same("the page opens in the policy's language", malay[:3], ("ms", "Daftar Permohonan Pengarkiban E-mel", "Daftar Permohonan Pengarkiban E-mel"))
    page.click("[data-language=en]")
    english = texts()
    tally.same("and switches to English", english[:3], ("en", "Register of e-mail archiving requests", "Register of e-mail archiving requests"))
    tally.check("all of it", malay[3] != english[3] and "of 5,000 requests" in page.inner_text("#count"), english)
    left = page.evaluate("() => document.body.innerText.match(/register\\.[a-z-]+|undefined|\\[object|NaN|\\{\\w+\\}/g)")
    tally.same("no word is missing", left, None)
    page.click("[data-language=ms]")
    left = page.evaluate("() => document.body.innerText.match(/register\\.[a-z-]+|undefined|\\[object|NaN|\\{\\w+\\}/g)")
    tally.same("in either language", left, None)


def links(tally, browser, page, url, rows):
    page.select_option("#stage", "done")
    page.click("[data-sort=id]")
    page.click("[data-key=next]")
    page.click("#rows tr:nth-child(3) .opener")
    page.click("[data-language=en]")
    before = (count(page), shown(page), page.inner_text(".more-row"), page.inner_text("#pages .at"))
    other = browser.open(page.url)
    after = (count(other), shown(other), other.inner_text(".more-row"), other.inner_text("#pages .at"))
    tally.same("a link shows the same view to another", after, before)
    other.close()
    page.click(".clear")
    page.select_option("#channel", "memo")
    page.go_back()
    tally.same("Back takes a filter back", (page.input_value("#channel"), count(page)), ("", COUNT))
    page.go_forward()
    tally.same("and Forward brings it again", page.input_value("#channel"), "memo")
    page.click(".clear")
    page.type("#q", "siti")
    settle(page)
    page.type("#q", " kuota")
    settle(page)
    page.go_back()
    tally.same("typing is one step", (page.input_value("#q"), count(page)), ("", COUNT))
    bad = browser.open(url + "#stage=<img src=x>&page=99999&sort=__proto__&from=x&open=%00&lang=xx&by=constructor&agency=toString")
    tally.same("what an address should not say is left out", (count(bad), bad.get_attribute("html", "lang"), bad.inner_text("#pages .at")), (COUNT, "ms", "Halaman 50 daripada 50"))
    bad.close()
    last = newest(rows)[-1]
    other = browser.open(f"{url}#open={last}")
    tally.same("a link to a request leads to its page", (other.is_visible(".more-row"), shown(other)[-1]), (True, last))
    other.close()


def keyboard(tally, browser, url):
    page = browser.open(url)
    active = lambda: page.evaluate("() => document.activeElement.id || document.activeElement.dataset.language || document.activeElement.className")
    press = lambda key, times=1: [page.keyboard.press(key) for _ in range(times)]
    press("Tab")
    tally.same("the first stop skips to the requests", active(), "skip")
    press("Enter")
    tally.same("and does", active(), "requests")
    page = browser.open(url)
    stops = []
    for _ in range(40):
        press("Tab")
        stops.append(active())
        if stops[-1] == "q":
            page.keyboard.type("siti")
            settle(page)
        if stops[-1] == "stage":
            press("ArrowDown", 7)
        if stops[-1] == "opener":
            break
    order = [it for it in stops if it in ("skip", "ms", "en", "q", "stage", "action", "channel", "by", "from", "to", "clear", "opener")]
    once = list(dict.fromkeys(order))
    tally.same("Tab goes through everything in the order it is read", once, ["skip", "ms", "en", "q", "stage", "action", "channel", "by", "from", "to", "clear", "opener"])
    tally.same("what was typed and chosen holds", (page.input_value("#q"), page.input_value("#stage")), ("siti", "done"))
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    tally.same("the focus is seen", outline, "solid")
    press("Enter")
    tally.check("Enter opens a request", page.is_visible(".more-row .life") and page.get_attribute("#rows .opener", "aria-expanded") == "true")
    tally.same("the focus stays", active(), "opener")
    press("Space")
    tally.same("Space closes it", page.locator(".more-row").count(), 0)
    tally.same("screen readers announce the count", page.get_attribute("#count", "aria-live"), "polite")
    page.close()


def paper(tally, browser, url, rows, folder):
    page = browser.open(url + "#stage=withdrawn&lang=ms")
    file = folder / "print.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    expected = {it["id"] for it in rows if it["stage"] == "withdrawn"}
    printed = {word for word in text.split() if word.startswith("BSR-")}
    tally.check("more than a page of the screen is printed", len(expected) > 100, len(expected))
    tally.same("every request that matches is printed", expected - printed, set())
    firsts = [line.split()[0] for line in text.splitlines() if line.strip().startswith("BSR-")]
    tally.same("and no other", sorted(set(firsts)), sorted(expected))
    for words in ["Jabatan Rekaan Besar", "Kedudukan pada 23 Nov 2026", "data peribadi", "Dijana pada", "Tapisan – Status: Ditarik balik"]:
        tally.check(f"on paper stands {words!r}", words in text)
    for words in ["Kosongkan tapisan", "Halaman 1 daripada", "English", "Papar sebagai jadual"]:
        tally.check(f"on paper there is no {words!r}", words not in text)
    tally.check("each sheet repeats the heads", text.count("Diluluskan") >= text.count("\f") - 1, text.count("Diluluskan"))
    tally.same("the screen has its pages again", len(shown(page)), 100)
    subprocess.run(["pdftoppm", "-png", "-r", "70", "-l", "2", str(file), str(SHOTS / "print")], check=True)
    page.close()


def axe(tally, browser, url, names):
    for scheme in ["light", "dark"]:
        for width in [1400, 390]:
            for language in ["ms", "en"]:
                for opened in ["", names[0], names[1]]:
                    page = browser.open(f"{url}#q=BSR-2026-048&lang={language}&open={opened}", width=width, scheme=scheme)
                    page.evaluate(AXE)
                    page.evaluate("() => document.querySelector('.chart details').open = true")
                    found = page.evaluate("async () => (await axe.run()).violations.map(it => [it.id, it.nodes.slice(0, 3).map(node => node.html)])")
                    tally.same(f"axe finds nothing: {scheme}, {width} wide, {language}, {'open' if opened else 'closed'}", found, [])
                    sideways = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
                    tally.check(f"nothing sticks out at {width}", sideways <= 0, sideways)
                    page.close()
    for width in [320, 700, 840, 960, 1200]:
        page = browser.open(f"{url}#open={names[0]}&stage=open", width=width)
        sideways = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        tally.check(f"nothing sticks out at {width}", sideways <= 0, sideways)
        page.close()


def shots(_tally, browser, url, opened):
    for scheme in ["light", "dark"]:
        for name, width, height in [("wide", 1400, 1000), ("narrow", 390, 844)]:
            page = browser.open(url + f"#open={opened}", width=width, height=height, scheme=scheme)
            page.screenshot(path=str(SHOTS / f"{scheme}-{name}.png"))
            page.evaluate("() => document.querySelector('[aria-expanded=true]').scrollIntoView({block: 'center'})")
            page.screenshot(path=str(SHOTS / f"{scheme}-{name}-open.png"))
            page.close()


def large(_tally, browser, source, folder):
    """Fifty thousand: the same page with its data ten times over."""
    before, rest = source.read_text().split('<script type="application/json" id="data">')
    data, after = rest.split("</script>", 1)
    data = json.loads(data)
    rows = data["agencies"][0]["rows"]
    data["agencies"][0]["rows"] = [{**it, "id": f"{it['id']}-{copy}"} for copy in range(10) for it in rows]
    many = folder / "many.html"
    many.write_text(before + '<script type="application/json" id="data">' + json.dumps(data).replace("<", "\\u003c") + "</script>" + after)
    began = time.monotonic()
    page = browser.open(many.as_uri())
    first = time.monotonic() - began
    began = time.monotonic()
    page.fill("#q", "siti kuota")
    page.wait_for_function("() => !document.getElementById('count').textContent.startsWith('50')")
    print(f"     50,000 requests, {many.stat().st_size / 1e6:.1f} MB: first rows after {first:.2f} s, a search takes {time.monotonic() - began:.2f} s")
    page.close()


def main(tally, browser, scratch):
    big = scratch / "big"
    agency.write(big, COUNT)
    began = time.monotonic()
    arkib(big, "register")
    made = time.monotonic() - began
    page_file = big / "register.html"
    rows = register(big)["rows"]
    tally.same("the agency is as large as it should be", len(rows), COUNT)
    again = page_file.read_bytes()
    SHOTS.mkdir(parents=True, exist_ok=True)
    for url in [page_file.as_uri(), serve(big) + "/register.html"]:
        print(f"--- {url.split(':')[0]}")
        began = time.monotonic()
        page = browser.open(url)
        print(f"     {COUNT} requests, {len(again) / 1e6:.1f} MB, made in {made:.1f} s: first rows after {time.monotonic() - began:.2f} s")
        tally.part("filters", filters, page, rows)
        tally.part("sorting", sorting, page, rows)
        tally.part("languages", languages, page)
        tally.part("links", links, browser, page, url, rows)
        page.close()
        browser.clean(tally, url.split(":")[0])
    url = page_file.as_uri()
    tally.part("keyboard", keyboard, browser, url)
    tally.part("paper", paper, browser, url, rows, scratch)
    recent = [it for it in rows if "BSR-2026-048" in it["id"]]
    bulky = max(recent, key=lambda it: len(it["mailboxes"]))["id"]
    noticed = next(it["id"] for it in recent if it["notices"])
    tally.part("axe", axe, browser, url, [noticed, bulky])
    tally.part("screenshots", shots, browser, url, noticed)
    browser.clean(tally, "keyboard, paper and axe")
    tally.part("hostile data", hostile.run, browser, scratch)
    tally.part("50,000", large, browser, page_file, scratch)
    browser.clean(tally, "50,000")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = Browser(playwright)
        tally.part("the suite", main, browser, Path(scratch))
        browser.chromium.close()
    print(f"{tally.passed} passed, {tally.failed} failed")
    sys.exit(1 if tally.failed else 0)
