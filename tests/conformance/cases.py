"""The cases that every kind of portal must pass: each has mailboxes and checks. After each, the suite
checks that no mailbox of another case was changed."""

import dataclasses

from portal import ACCOUNTS, STATES, Mailbox

CASES = []


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    mailboxes: tuple
    check: object


def case(name, *mailboxes):
    """Registers a case; its function gets the world and the mailboxes."""

    def register(check):
        CASES.append(Case(name, mailboxes, check))
        return check

    return register


# Observing: arkib reports a mailbox as it was loaded.


def observe(name, mailbox, action, fate):
    """One property of a mailbox, and its effect on a request."""

    @case(f"observe {name}", mailbox)
    def check(world, mailbox):
        request = world.ask(action, mailbox.address)
        status = world.status(request)
        found = {it["mailbox"]: it["portal"] or {} for it in status.output.get("mailboxes", [])}.get(mailbox.address, {})
        kept = world.portal.observed(mailbox.address)
        expected = {"state": kept.state, "account": kept.account, "hold": kept.hold}
        if world.portal.keeps_request:
            expected["request"] = kept.request
        world.equal("it is reported", {field: found.get(field) for field in expected}, expected, status)
        report = world.plan()
        world.equal("what is to be done", report.fate(mailbox.address), fate, report)
        world.equal("with all of its requests", sum(report.summary.values()) - report.summary["unmanaged"], 1, report)


for state, action, fate in (
    ("disabled", "enable", ("enable", "disabled")),
    ("enabling", "terminate", ("in progress", "enabling")),
    ("enabled", "terminate", ("terminate", "enabled")),
    ("terminating", "enable", ("in progress", "terminating")),
    ("terminated", "enable", ("enable", "terminated")),
):
    observe(f"archive {state}", Mailbox(f"keadaan.{state}", state), action, fate)
for account in ACCOUNTS:
    fate = ("enable", "disabled") if account == "active" else ("blocked", "account-not-active")
    observe(f"account {account}", Mailbox(f"akaun.{account}", account=account), "enable", fate)
observe("hold", Mailbox("ditahan", "enabled", hold=True), "terminate", ("blocked", "hold"))
observe("archive there already", Mailbox("sudah.ada", "enabled"), "enable", None)
observe("no archive to terminate", Mailbox("tiada.apa"), "terminate", None)


@case("observe until when an archive is kept", Mailbox("disimpan", "terminated", recoverable_until="2099-03-04T05:06:07Z"))
def kept_until(world, mailbox):
    world.ask("enable", mailbox.address)
    report = world.plan()
    note = report.changes.get(mailbox.address, {}).get("note") or ""
    world.check("the plan says that the old one comes back", "2099-03-04" in note, report.text)


@case("observe a state that nobody knows", Mailbox("entah"))
def unknown_state(world, mailbox):
    world.portal.change(mailbox.address, state="Entah")
    world.ask("enable", mailbox.address)
    report = world.apply()
    world.equal("it is in the way", report.fate(mailbox.address), ("blocked", "unknown-state"), report)
    world.equal("it stays", world.portal.observed(mailbox.address).state, "Entah", report)


@case("two accounts with one address", Mailbox("kembar"))
def twins(world, mailbox):
    world.ask("enable", mailbox.address)
    with world.portal.twin(mailbox.address):
        report = world.apply()
        world.equal("nobody can say which is meant", report.fate(mailbox.address), ("blocked", "ambiguous"), report)
        alone = world.plan("--only", mailbox.address)
        world.equal("nor when they are looked up", alone.fate(mailbox.address), ("blocked", "ambiguous"), alone)
    world.equal("neither was changed", world.portal.observed(mailbox.address).state, "disabled", report)


@case("a dry run only looks", Mailbox("larian.kering"), Mailbox("larian.tamat", "enabled"))
def dry_run(world, enabled, terminated):
    world.ask("enable", enabled.address)
    world.ask("terminate", terminated.address)
    before = world.portal.everything()
    with world.portal.interfering("write", lambda: None) as meanwhile:
        report = world.plan(environment=meanwhile.environment)
    world.equal("there is something to do", len(report.changes), 2, report)
    world.check("and nothing is written", not meanwhile.happened, report.text)
    world.equal("all is as it was", world.portal.everything(), before)


@case("inspection", Mailbox("diperiksa"))
def inspection(world, _):
    report = world.run("portal", "inspect")
    world.equal("it says that arkib can work with the portal", report.status, 0, report)
    counted = sum(report.output["mappings"][0]["states"].values())
    world.equal("by looking at every mailbox", counted, len(world.portal.everything()), report)


# Changing.


@case("enable", Mailbox("dibuka.satu"), Mailbox("dibuka.dua", "terminated"), Mailbox("dibuka.tiga", hold=True))
def enable(world, *mailboxes):
    before = world.portal.everything()
    titles = [world.portal.title(mailbox.address) for mailbox in mailboxes]
    world.ask("enable", *(mailbox.address for mailbox in mailboxes))
    report = world.apply()
    world.ended(report, *mailboxes)
    for mailbox in mailboxes:
        now = world.portal.observed(mailbox.address)
        world.equal(f"{mailbox.name} has an archive", now.state, "enabled", report)
        was = before[mailbox.address][0]
        world.equal(f"{mailbox.name} keeps all else", (now.hold, now.account), (was.hold, was.account))
        if not world.portal.keeps_request:
            world.equal(f"nothing is written in place of a request for {mailbox.name}", now.request, None)
    world.equal("they keep their titles", [world.portal.title(mailbox.address) for mailbox in mailboxes], titles)
    world.nothing_to_do()


@case("terminate", Mailbox("ditamatkan.satu", "enabled"), Mailbox("ditamatkan.dua", "enabled"))
def terminate(world, *mailboxes):
    world.ask("terminate", *(mailbox.address for mailbox in mailboxes))
    report = world.apply()
    world.ended(report, *mailboxes)
    for mailbox in mailboxes:
        world.equal(f"{mailbox.name} has none any more", world.portal.observed(mailbox.address).state, world.gone, report)
    world.nothing_to_do()


@case("there and back", Mailbox("pergi.balik"))
def there_and_back(world, mailbox):
    for action, expected in (("enable", "enabled"), ("terminate", world.gone), ("enable", "enabled")):
        world.ask(action, mailbox.address)
        report = world.apply()
        world.ended(report, mailbox)
        world.equal(f"{action}d", world.portal.observed(mailbox.address).state, expected, report)
    world.nothing_to_do()


@case("the request is kept", Mailbox("rujukan.buka"), Mailbox("rujukan.tamat", "enabled"))
def request_kept(world, enabled, terminated):
    requests = world.ask("enable", enabled.address), world.ask("terminate", terminated.address)
    report = world.apply()
    found = tuple(world.portal.observed(mailbox.address).request for mailbox in (enabled, terminated))
    world.equal("the portal names the requests", found, requests, report)


@case("drift", Mailbox("hanyut"))
def drift(world, mailbox):
    request = world.ask("enable", mailbox.address)
    world.apply()
    world.portal.change(mailbox.address, state=world.gone)
    report = world.plan()
    change = report.changes.get(mailbox.address, {})
    world.equal("it is known for one", (change.get("cause"), change.get("request")), ("drift", request), report)
    report = world.apply()
    world.ended(report, mailbox)
    world.equal("it is repaired", world.portal.observed(mailbox.address).state, "enabled", report)
    world.nothing_to_do()


@case("blocked", Mailbox("halang.tahan", "enabled", hold=True), Mailbox("halang.akaun", account="disabled"),
      Mailbox("halang.tamat", "enabled", account="disabled"), Mailbox("tidak.dihalang"))
def blocked(world, held, disabled, leaving, free):
    world.ask("terminate", held.address, leaving.address)
    world.ask("enable", disabled.address, free.address)
    report = world.apply()
    expected = {held.address: "hold", disabled.address: "account-not-active", leaving.address: "account-not-active"}
    world.equal("what is in the way", report.blocked, expected, report)
    world.ended(report, free)
    for mailbox in (held, disabled, leaving):
        now = world.portal.observed(mailbox.address)
        world.equal(f"{mailbox.name} is as it was", (now.state, now.hold, now.account), (mailbox.state, mailbox.hold, mailbox.account))
    world.equal("and the one beside them is not", world.portal.observed(free.address).state, "enabled")


@case("unknown mailbox", Mailbox("dikenali"))
def unknown(world, known):
    stranger = Mailbox("tiada.akaun")
    gone = Mailbox("tiada.lagi")
    before = set(world.portal.everything())
    world.ask("enable", stranger.address, known.address)
    world.ask("terminate", gone.address)
    report = world.apply()
    unseen = {stranger.address: "no-account", gone.address: "no-account"}
    world.equal("neither account was seen", report.blocked, unseen, report)
    world.ended(report, known)
    world.equal("none was made for it", set(world.portal.everything()), before)
    alone = world.plan("--only", stranger.address)
    world.equal("nor when it is looked up", alone.fate(stranger.address), ("blocked", "no-account"), alone)


@case("one mailbox alone", Mailbox("hanya.ini"), Mailbox("bukan.ini"))
def only(world, chosen, other):
    world.ask("enable", chosen.address, other.address)
    report = world.apply("--only", chosen.address)
    world.ended(report, chosen)
    states = world.portal.observed(chosen.address).state, world.portal.observed(other.address).state
    world.equal("the other waits", states, ("enabled", "disabled"), report)


@case("addresses in any case", Mailbox("Nur.Aini@Agensi.Example"), Mailbox("SITI.HAJAR@AGENSI.EXAMPLE", "enabled"))
def any_case(world, nur, siti):
    found = {mailbox.name for mailbox, _ in world.portal.everything().values()} & {nur.spelt, siti.spelt}
    world.equal("the portal spells them so", found, {nur.spelt, siti.spelt})
    world.ask("enable", nur.address.replace("nur", "NUR"))
    world.ask("terminate", siti.address)
    alone = world.plan("--only", nur.address, "--only", siti.address)
    world.equal("each is found when looked up", (alone.fate(nur.address), alone.fate(siti.address)),
                (("enable", "disabled"), ("terminate", "enabled")), alone)
    report = world.apply()
    world.ended(report, nur, siti)
    world.equal("the portal keeps its spelling", world.portal.observed(nur.address).name, nur.spelt)
    world.equal("one has an archive", world.portal.observed(nur.address).state, "enabled", report)
    world.equal("the other has no archive", world.portal.observed(siti.address).state, world.gone, report)
    world.nothing_to_do()


@case("more than a page")
def paging(world):
    total, page = world.portal.pages()
    world.check("the list has several pages", total > page, f"{total} mailboxes, {page} at once")
    everybody = world.portal.everything()
    # From all pages, including the first and the last.
    named = [address for address, (mailbox, _) in everybody.items() if mailbox.name.startswith("isian.")]
    world.ask("enable", *named)
    report = world.plan()
    expected = {address for address in named if everybody[address][0].state == "disabled"}
    world.equal("everybody is found", set(report.changes), expected, report)
    world.equal("and nobody is missing", report.blocked, {}, report)
    others = {address for address, (mailbox, _) in everybody.items()
              if mailbox.state not in ("disabled", "terminated") and address not in named}
    world.equal("all archives that no request names are observed", set(report.unmanaged), others, report)


@case("unmanaged", Mailbox("tak.diurus", "enabled"), Mailbox("diurus"))
def unmanaged(world, stray, asked):
    world.ask("enable", asked.address)
    before = world.portal.everything()[stray.address]
    report = world.apply()
    world.equal("it is shown", report.unmanaged.get(stray.address), "enabled", report)
    world.equal("and left as it was, to the letter", world.portal.everything()[stray.address], before, report)


# Time, and other actors.


@case("a change takes its time", Mailbox("lambat.buka"), Mailbox("lambat.tamat", "enabled"), Mailbox("lambat.tunggu"))
def slow(world, enabled, terminated, waited):
    world.ask("enable", enabled.address)
    world.ask("terminate", terminated.address)
    report = world.begin()
    world.ended(report, enabled, terminated)
    world.check("it says that the portal still works", all("still working" in (it or "") for it in report.details.values()), report.text)
    states = world.portal.observed(enabled.address).state, world.portal.observed(terminated.address).state
    world.equal("and so it does", states, ("enabling", "terminating"))
    report = world.plan()
    world.equal("a run meanwhile has nothing to do", (report.changes, report.in_progress),
                ({}, {enabled.address: "enabling", terminated.address: "terminating"}), report)
    world.ask("enable", waited.address)
    report = world.apply("--only", waited.address)
    world.ended(report, waited)
    world.equal("with --wait it has ended", (world.portal.observed(waited.address).state, report.details[waited.address]),
                ("enabled", None), report)


@case("what is done is done at once", Mailbox("serta.merta"))
def at_once(world, mailbox):
    world.ask("enable", mailbox.address)
    report = world.begin()
    world.ended(report, mailbox)
    world.equal("nothing more is said of it", report.details[mailbox.address], None, report)
    world.equal("there is nothing to wait for", world.portal.observed(mailbox.address).state, "enabled", report)


@case("people are asked once", Mailbox("serah.buka"), Mailbox("serah.tahan", "enabled"))
def asked_once(world, enabled, held):
    world.ask("enable", enabled.address)
    world.ask("terminate", held.address)
    before = world.portal.everything()
    report = world.begin()
    world.ended(report, enabled, held)
    world.equal("nothing is done yet", world.portal.everything(), before)
    report = world.begin()
    world.equal("they are not asked again", (report.outcomes, set(report.in_progress)), ({}, {enabled.address, held.address}), report)
    world.portal.change(held.address, hold=True)
    world.portal.carry_out()
    now = world.portal.observed(held.address)
    world.equal("a hold that was laid meanwhile is heeded", (now.state, now.hold), ("enabled", True))
    report = world.begin()
    world.equal("and they are not asked against it", report.outcomes, {}, report)
    world.equal("the other is done", (world.portal.observed(enabled.address).state, report.fate(enabled.address)), ("enabled", None), report)


@case("a saved plan that is outdated", Mailbox("rancangan.lama", "enabled"))
def kept_plan(world, mailbox):
    world.ask("terminate", mailbox.address)
    report = world.plan("--plan-out", "plan.json")
    world.check("the plan is kept", (world.folder / "plan.json").exists(), report.text)
    world.portal.change(mailbox.address, hold=True)
    world.portal.carry_out()
    report = world.apply("--plan", "plan.json")
    world.equal("it is refused", report.status, 4, report)
    now = world.portal.observed(mailbox.address)
    world.equal("nothing was changed", (now.state, now.hold), ("enabled", True), report)


def apply_while(world, moment, act):
    """Applies while someone else acts."""
    with world.portal.interfering(moment, act) as meanwhile:
        report = world.apply(environment=meanwhile.environment)
    world.check("somebody did act meanwhile", meanwhile.happened, report.text)
    return report


@case("a hold laid after the plan", Mailbox("tahan.lewat", "enabled"))
def late_hold(world, mailbox):
    world.ask("terminate", mailbox.address)
    report = apply_while(world, "planned", lambda: world.portal.change(mailbox.address, hold=True))
    now = world.portal.observed(mailbox.address)
    world.equal("the archive is not lost", (now.state, now.hold), ("enabled", True), report)
    world.equal("the run says so", (report.outcomes, report.status), ({mailbox.address: "failed"}, 1), report)


@case("an account disabled after the plan", Mailbox("akaun.lewat"), Mailbox("akaun.tetap"))
def late_account(world, leaving, staying):
    world.ask("enable", leaving.address, staying.address)
    report = apply_while(world, "planned", lambda: world.portal.change(leaving.address, account="disabled"))
    now = world.portal.observed(leaving.address)
    world.equal("the change of the account is not lost", (now.state, now.account), ("disabled", "disabled"), report)
    world.equal("the run says so", (report.outcomes.get(leaving.address), report.status), ("failed", 3), report)
    world.equal("the other has its archive", world.portal.observed(staying.address).state, "enabled", report)


@case("another title after the plan", Mailbox("gelaran.lewat"))
def late_title(world, mailbox):
    world.ask("enable", mailbox.address)
    report = apply_while(world, "planned", lambda: world.portal.change(mailbox.address, title="Pegawai Kanan"))
    world.equal("the title is not lost", world.portal.title(mailbox.address), "Pegawai Kanan", report)
    world.ended(report, mailbox)
    world.equal("and there is an archive", world.portal.observed(mailbox.address).state, "enabled", report)


@case("done by somebody after the plan", Mailbox("dibuat.orang"))
def done_meanwhile(world, mailbox):
    world.ask("enable", mailbox.address)
    report = apply_while(world, "planned", lambda: world.portal.change(mailbox.address, state="enabled"))
    world.equal("the run does not boast of it", report.outcomes, {mailbox.address: "already-so"}, report)
    world.equal("there is an archive", world.portal.observed(mailbox.address).state, "enabled", report)
    world.nothing_to_do()


@case("a hold laid at the very write", Mailbox("tahan.serentak", "enabled"))
def hold_at_write(world, mailbox):
    world.ask("terminate", mailbox.address)
    report = apply_while(world, "write", lambda: world.portal.change(mailbox.address, hold=True))
    now = world.portal.observed(mailbox.address)
    world.equal("the archive is not lost", (now.state, now.hold), ("enabled", True), report)
    world.equal("the run says so", (report.outcomes, report.status), ({mailbox.address: "failed"}, 1), report)
