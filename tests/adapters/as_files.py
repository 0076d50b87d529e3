"""The portal as two scripts, with `portal: files`: export out, change file in."""

import contextlib
import http.server
import os
import threading
import time

from office import ENABLE, TERMINATE, address, fresh

ALL = (*ENABLE, *TERMINATE)
POLICY = "portal: files\n"


def suite(tally, arkib, _, scratch):
    parts = (
        whole_way, undone_since, failure_in_the_middle, portal_away, late_changes, unknown_files, lying_portal, odd_lists,
        key_stays_secret,
    )
    for part in parts:
        with fresh(tally, arkib, scratch / part.__name__, POLICY) as office:
            part(tally, office)


# What an administrator does.


def export(office, name="laporan.csv"):
    return office.script("export.py", name)


def plan(office, *arguments, export="laporan.csv"):
    return office.world.run("reconcile", "--dry-run", "--portal-export", export, *arguments)


def hand_over(office, export="laporan.csv"):
    """The file of changes that arkib hands over; None if it hands over none."""
    before = set(office.folder.rglob("serahan/*/*.csv"))
    arguments = "--yes", "--allow-uncommitted", "--portal-export", export, "--hand-over", "serahan"
    report = office.world.run("reconcile", *arguments)
    new = set(office.folder.rglob("serahan/*/*.csv")) - before
    return report, new.pop() if new else None


def results(done):
    """The result of each row that a run printed, by address."""
    lines = [line for line in done.stdout.splitlines() if "@" in line]
    return {line.split("@")[0].split()[-1] + "@" + line.split("@")[1].split()[0]: line[:10].strip() for line in lines}


def age(path, hours):
    """As if it were older."""
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def handed_over(office):
    export(office)
    _, file = hand_over(office)
    return file


# The parts.


def whole_way(tally, office):
    before, portal = office.portal.everything(), office.portal
    done = export(office)
    tally.equal("the export is written", (done.returncode, done.stderr), (0, ""))
    office.planned("dry run", plan(office))
    age(office.folder / "laporan.csv", hours=48)
    tally.equal("the export itself says when it was taken", plan(office).status, 0)
    office.nothing("dry run", before, 0)

    report, file = hand_over(office)
    tally.equal("arkib hands over", report.outcomes, {address(name): "handed-over" for name in ALL}) or tally.say(report.text)
    office.nothing("handing over", before, 0)
    shown = office.script("change.py", "--dry-run", file)
    tally.equal("a dry run of the file", (shown.returncode, shown.stdout.count("dry run: would")), (0, len(ALL)))
    tally.check("a dry run keeps no results", not results_of(file).exists())
    office.nothing("a dry run of the file", before, 0)

    done = office.script("change.py", file)
    tally.equal("the file is carried out", (done.returncode, results(done)), (0, {address(name): "done" for name in ALL}))
    office.only("carried out", before, *ALL)
    office.once("each change was made once", *ALL)

    after, writes = portal.everything(), portal.writes
    done = office.script("change.py", file)
    tally.equal("the same file again", (done.returncode, results(done)), (0, {address(name): "done" for name in ALL}))
    office.nothing("the same file again", after, writes)
    # A run that was killed while it wrote its last result.
    os.truncate(results_of(file), results_of(file).stat().st_size - 9)
    done = office.script("change.py", file)
    tally.equal("a result that was cut is looked at", (done.returncode, sorted(set(results(done).values()))), (0, ["already so", "done"]))
    office.nothing("a result that was cut", after, writes)
    results_of(file).unlink()
    done = office.script("change.py", file)
    tally.equal("without its results", (done.returncode, set(results(done).values())), (0, {"already so"}))
    office.nothing("without its results", after, writes)

    export(office, "baharu.csv")
    report, file = hand_over(office, export="baharu.csv")
    settled = report.output.get("settled")
    tally.equal("the next export settles it", (report.status, file, settled), (0, None, f"Of what was handed over: {len(ALL)} seen done.")) or tally.say(report.text)
    report = plan(office, "--detailed-exitcode", export="baharu.csv")
    tally.equal("nothing is left to do", (report.status, report.changes), (0, {})) or tally.say(report.text)


def undone_since(tally, office):
    """Somebody undoes a change. To make it again is for arkib to say, in a new file."""
    portal, siti = office.portal, office.portal.id_of(address("siti.aminah"))
    file = handed_over(office)
    age(file, hours=1)
    office.script("change.py", file)
    # The portal's clock has whole seconds.
    time.sleep(1.1)
    portal.change(siti, archive="OFF")
    after, writes = portal.everything(), portal.writes
    done = office.script("change.py", file)
    tally.equal("the same file again", (done.returncode, set(results(done).values())), (0, {"done"}))
    office.nothing("the same file again", after, writes)
    results_of(file).unlink()
    done = office.script("change.py", file)
    tally.equal("without its results", (done.returncode, results(done)[address("siti.aminah")]), (3, "refused")) or tally.say(done.stdout)
    office.nothing("without its results", after, writes)
    age(file, hours=25)
    done = office.script("change.py", file)
    tally.equal("an old file is refused", (done.returncode, "--max-age" in done.stderr), (1, True))
    export(office, "baharu.csv")
    report, file = hand_over(office, export="baharu.csv")
    tally.equal("arkib sees that it was made and undone", report.outcomes, {address("siti.aminah"): "handed-over"}) or tally.say(report.text)
    tally.equal("and the new file is carried out", office.script("change.py", file).returncode, 0)
    tally.equal("in the portal", portal.accounts[siti]["archive"], "ON")


def results_of(file):
    return file.with_name(f"{file.name}.results")


def failure_in_the_middle(tally, office):
    before, portal = office.portal.everything(), office.portal
    file = handed_over(office)
    for fault, unknown in (("breaks before", "nothing came of it"), ("breaks after", "it was made")):
        portal.faults = [None, fault]
        done = office.script("change.py", file)
        found = list(results(done).values())
        tally.equal(f"{fault}: the run stops there", done.returncode, 3) or tally.say(done.stdout + done.stderr)
        tally.equal(f"{fault}: one is unknown ({unknown}), the rest not begun", (found.count("unknown"), found[-1]), (1, "not begun"))
    done = office.script("change.py", file)
    tally.equal("run again, it ends", (done.returncode, set(results(done).values())), (0, {"done", "already so"})) or tally.say(done.stdout)
    office.only("after three runs", before, *ALL)
    office.once("and each change was made once", *ALL)


def portal_away(tally, office):
    before, portal = office.portal.everything(), office.portal
    file = handed_over(office)
    kept = (office.folder / "laporan.csv").read_bytes()
    with portal.away():
        done = export(office)
        tally.equal("away: no export", (done.returncode, "No export was written" in done.stderr), (1, True))
        tally.check("away: the old export stays as it is", (office.folder / "laporan.csv").read_bytes() == kept)
        done = office.script("change.py", file)
        tally.equal("away: nothing is done", (done.returncode, done.stdout, "Nothing was done" in done.stderr), (1, "", True))
    office.nothing("away", before, 0)
    portal.read_fault = "busy"
    tally.equal("busy: no export", export(office).returncode, 1)
    portal.read_fault = None
    done = office.script("change.py", file)
    tally.equal("back: the file is carried out", done.returncode, 0)
    office.only("back", before, *ALL)


def late_changes(tally, office):
    """What happened after the export: the file is about another state."""
    portal = office.portal
    file = handed_over(office)
    age(file, hours=1)
    portal.change(portal.id_of(address("rosli")), hold=True)
    portal.change(portal.id_of(address("tan.mei")), status="SUSPENDED")
    portal.change(portal.id_of(address("siti.aminah")), title="Pegawai Kanan")
    portal.change(portal.id_of(address("lim.weiloon")), login="lim.baharu@agensi.example")
    portal.add("NUR.AINI")
    before = portal.everything()
    done = office.script("change.py", file)
    tally.equal("all five are refused", (done.returncode, set(results(done).values())), (3, {"refused"})) or tally.say(done.stdout)
    for why in ("legal hold", "account is disabled", "after this file was written", "no such account", "several accounts"):
        tally.check(f"refused: {why}", why in done.stdout, done.stdout)
    office.nothing("refused", before, 0)


def unknown_files(tally, office):
    before = office.portal.everything()
    head, row = "Alamat E-mel,Tindakan,Rujukan", "siti.aminah@agensi.example,Aktifkan Arkib,BMT-2026-0001"
    files = {
        "another column": f"E-mel,Tindakan,Rujukan\n{row}\n",
        "another action": f"{head}\n{row}\nrosli@agensi.example,Padam Akaun,BMT-2026-0002\n",
        "an address twice": f"{head}\n{row}\n{row.replace('siti', 'SITI').replace('Aktifkan', 'Tamatkan')}\n",
        "a row that is cut": f"{head}\n{row}\nrosli@agensi.example,Tamatkan",
        "no address": f"{head}\nrosli,Tamatkan Arkib,BMT-2026-0002\n",
        "semicolons": f"{head}\n{row}\n".replace(",", ";"),
        "no rows": f"{head}\n",
        "nothing": "",
        "a workbook": "PK\x03\x04",
    }
    for name, text in files.items():
        path = office.folder / "asing.csv"
        path.write_text(text)
        done = office.script("change.py", path)
        tally.equal(f"{name}: nothing is done", (done.returncode, done.stdout), (1, ""))
        tally.check(f"{name}: it says so", "Nothing was done" in done.stderr and "Traceback" not in done.stderr, done.stderr)
    tally.equal("a file that is not there", office.script("change.py", "tiada.csv").returncode, 1)
    office.nothing("unknown files", before, 0)
    tally.equal("nor was the portal asked", office.portal.requests, [])


def lying_portal(tally, office):
    before, portal = office.portal.everything(), office.portal
    file = handed_over(office)
    portal.faults = ["refuses", "lies"]
    done = office.script("change.py", file)
    found = list(results(done).values())
    tally.equal("a refusal is one row's, a lie stops the run", found, ["refused", "unknown", *["not begun"] * 3]) or tally.say(done.stdout)
    tally.check("and says what is seen", "still shows" in done.stderr and done.returncode == 3, done.stderr)
    office.only("a lie changes nothing", before)
    # A change that takes its time is done when it is seen.
    portal.slow = True
    done = office.script("change.py", file)
    tally.equal("a slow portal is still working", (done.returncode, set(results(done).values())), (0, {"under way"}))
    writes = portal.writes
    done = office.script("change.py", file)
    tally.equal("and is not asked again", (done.returncode, portal.writes), (0, writes))
    portal.finish()
    office.only("in the end", before, *ALL)
    office.once("each change was made once", *ALL)


def odd_lists(tally, office):
    portal = office.portal
    for fault in ("short", "page"):
        portal.read_fault = fault
        done = export(office)
        found = done.returncode, (office.folder / "laporan.csv").exists(), "Traceback" in done.stderr
        tally.equal(f"a list that is {fault}: no export", found, (1, False, False)) or tally.say(done.stderr)
    portal.read_fault = None
    # One account that nobody can read blocks itself, or the export: it never hides.
    portal.change(portal.id_of(address("tan.mei")), archive=None)
    portal.change(portal.id_of(address("lim.weiloon")), status=["ACTIVE"])
    portal.change(portal.id_of(address("rosli")), hold="Y")
    tally.equal("odd words are exported", export(office).returncode, 0)
    report = plan(office)
    found = [report.blocked.get(address(name)) for name in ("tan.mei", "lim.weiloon", "rosli")]
    tally.equal("and blocked", found, ["unknown-state", "account-not-active", "hold"]) or tally.say(report.text)
    portal.change(portal.id_of(address("tan.mei")), login=None)
    (office.folder / "laporan.csv").unlink()
    tally.equal("an account without a login: no export", (export(office).returncode, (office.folder / "laporan.csv").exists()), (1, False))


def key_stays_secret(tally, office):
    key = office.portal.key
    for url in ("http://portal.agensi.example", "ftp://127.0.0.1", "portal"):
        done = office.script("export.py", "x.csv", ADMIN_PORTAL_URL=url)
        tally.equal(f"{url} is refused", (done.returncode, "https://" in done.stderr), (1, True))
    done = office.script("export.py", "x.csv", ADMIN_PORTAL_KEY=f"{key}\r\nX: y")
    tally.check("a key with line ends is refused, unseen", done.returncode == 1 and key not in done.stderr, done.stderr)
    done = office.script("export.py", "x.csv", ADMIN_PORTAL_KEY="salah")
    tally.equal("a wrong key", (done.returncode, "refuses the key" in done.stderr), (1, True))
    (office.folder / "kunci").write_text(f"{key}\n")
    done = office.script("export.py", "x.csv", ADMIN_PORTAL_KEY="", ADMIN_PORTAL_KEY_FILE="kunci")
    tally.equal("a key in a file", done.returncode, 0)
    done = office.script("export.py", "x.csv", ADMIN_PORTAL_KEY_FILE="kunci")
    tally.equal("two keys are refused", done.returncode, 1)
    with redirect(office.portal) as (url, followed):
        done = office.script("export.py", "y.csv", ADMIN_PORTAL_URL=url)
        tally.equal("a redirect is not followed", (done.returncode, followed()), (1, False))


@contextlib.contextmanager
def redirect(portal):
    """A server that sends everybody to the portal, and whether anybody came."""

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302)
            self.send_header("Location", portal.url + self.path)
            self.end_headers()

        def log_message(self, *_):
            pass

    before = len(portal.requests)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", lambda: len(portal.requests) > before
        server.shutdown()
