"""A portal that people operate, as `arkib init --kind files` writes its repository: exports on a branch, files of changes as artifacts."""

import datetime

import rig
import scratch
import sites

NAME = f"siti.aminah@{scratch.DOMAIN}"
NEW = ["--kind", "files", "--agency", "CONTOH", "--name", "Jabatan Contoh", "--domain", scratch.DOMAIN, "--approver", f"wong.siewfong@{scratch.DOMAIN}"]


def suite(tally, arkib, agency, folder):
    for make in (OnGithub, OnGitlab, OnForgejo):
        new = folder / make.kind / "new"
        new.parent.mkdir()
        done = rig.run([arkib, "init", new, *NEW, "--forge", make.kind], rig.clean_environment())
        if not tally.equal(f"{make.kind}: arkib init writes it", done.returncode, 0):
            return print(done.stderr)
        (new / "requests" / "2026").mkdir()
        with sites.agency(make, arkib, new, folder / make.kind) as site:
            _operated(lambda what: f"{make.kind}: {what}", tally, site)
            tally.equal(f"{make.kind}: the forge had to refuse nothing", site.forge.refused, [])


def _export(site, number, state):
    """The officer pushes an export of today to its branch."""
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    tree = site.repository.clone.parent / f"export-{number}"
    tree.mkdir()
    site.repository.git("init", "--quiet", "--initial-branch=export", cwd=tree)
    (tree / f"laporan-{today:%Y-%m-%d-%H%M}{number:02}.csv").write_text(f"Alamat E-mel,Status Arkib\n{NAME},{state}\nrosli@{scratch.DOMAIN},Tidak Diaktifkan\n")
    site.repository.git("add", "--all", cwd=tree)
    site.repository.git("commit", "--quiet", "--message=Export", cwd=tree)
    site.repository.git("push", "--quiet", "--force", site.repository.origin, "export", cwd=tree)


def _operated(say, tally, site):
    _export(site, 1, "Tidak Diaktifkan")
    site.repository.push("first", _0001=scratch.request(1, "enable", ["siti.aminah"]))
    run = site.pull(1, "first")
    own = site.forge.of(1, own=True)
    tally.check(say("the first plan is made from the export, and shown in one comment"), len(own) == 1 and "1 to enable" in own[0]["body"], run.output)

    site.repository.merge("first")
    run = site.pushed()
    files = sorted(path for path in run.artifact(site.handed).rglob("*.csv"))
    tally.check(say("after the merge the artifact has the file of changes"), len(files) == 1 and NAME in files[0].read_text(), run.output)
    tally.equal(say("all its jobs pass"), set(run.results.values()), {"success"})
    tally.equal(say("and its record is on the branch, and whole"), (len(site.records.read()), site.records.verify()), (1, 0)) or print(run.output)

    run = site.by_hand()
    handed = list(run.artifact(site.handed).rglob("*.csv"))
    tally.equal(say("with the same export nothing is handed over again"), (handed, site.reconciled(run)), ([], 0)) or print(run.output)

    _export(site, 2, "Diaktifkan")
    run = site.by_hand()
    tally.equal(say("the next export shows it done, and all records are whole"), (site.reconciled(run), site.records.verify()), (0, 0)) or print(run.output)
    run = site.night()
    tally.equal(say("at night all is well, and nobody is told"), (run.results, site.alerts.sent), ({"night": "success"}, [])) or print(run.output)
    _export(site, 3, "Tidak Diaktifkan")
    run = site.night()
    tally.equal(say("after a change by hand one message says so"), (run.results, len(site.alerts.sent)), ({"night": "failure"}, 1)) or print(run.output)


class Operated:
    @staticmethod
    def reconciled(run):
        return next((call.status for job in run.jobs.values() for call in job.calls if call.arguments.startswith("reconcile")), None)


class OnGithub(Operated, sites.GithubSite):
    handed = "hand-over"

    def set_up(self, url):
        self.runner.secrets = {"all": {"ARKIB_ALERT_URL": self.alerts.url}}


class OnForgejo(Operated, sites.ForgejoSite):
    handed, set_up = OnGithub.handed, OnGithub.set_up


class OnGitlab(Operated, sites.GitlabSite):
    handed = "apply/hand-over"

    def set_up(self, url):
        super().set_up(url)
        self.runner.variables = {
            "*": {"ARKIB_COMMENT_TOKEN": sites.COMMENT_TOKEN, "ARKIB_ALERT_URL": self.alerts.url},
            sites.APPLIES: {"ARKIB_RECORDS_TOKEN": sites.RECORDS_TOKEN},
        }
