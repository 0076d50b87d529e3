"""An agency with staff, a repository, a portal and a mail server, as the procedure's flow charts need them."""

import contextlib
import datetime
import email
import email.policy
import re
import sys

import rig

DOMAIN = "agensi.example"
ADMINISTRATOR = f"pentadbir.uc@{DOMAIN}"
# The agency's time zone, independent of the machine's.
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()

POLICY = f"""\
version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [{DOMAIN}]
approvers: [{ADMINISTRATOR}]
portal: scim
language: ms
recoverable_days: 30
# The suite makes the accounts, after the days of the requests.
portal_since: 2099-12-31
limits: {{ terminations: 10, terminations_percent: 100, changes: 500 }}
notices:
  since: {TODAY - datetime.timedelta(days=60)}
  from: {ADMINISTRATOR}
  letterhead:
    - Aras 3, Blok B, Kompleks Contoh
    - 62000 Putrajaya
  signatory: [Noraini binti Kassim, Pentadbir UC Agensi]
  contact: Unit E-mel, 03-0000 0000
  addin:
    link: https://muat-turun.{DOMAIN}/arkib-outlook
    guide: https://muat-turun.{DOMAIN}/panduan
"""

ROSTER = f"""\
mailbox,name,account,state,request,changed_at,recoverable_until,hold
siti.aminah@{DOMAIN},Siti Aminah,active,disabled,,,,false
tan.mei@{DOMAIN},Tan Mei Ling,active,disabled,,,,false
=cmd|x@{DOMAIN},Baris Ganjil,active,disabled,,,,false
rosli@{DOMAIN},Rosli,active,enabled,,2026-01-06T02:00:00Z,,false
kamarul@{DOMAIN},Kamarul Ariffin,active,enabled,,2026-01-06T02:00:00Z,,true
lim.weiloon@{DOMAIN},Lim Wei Loon,active,enabled,,2026-01-06T02:00:00Z,,false
"""


def ago(days):
    return str(TODAY - datetime.timedelta(days=days))


# When the letters came; their ids carry its year.
RECEIVED = ago(4)


class Clone:
    """A person's clone of the repository."""

    def __init__(self, folder, name, agency):
        self.folder, self.agency = folder, agency
        self.env = rig.clean_environment(
            GIT_CONFIG_GLOBAL="/dev/null",
            GIT_CONFIG_SYSTEM="/dev/null",
            **rig.git_identity(name, f"{name.lower()}@{DOMAIN}"),
        )

    def git(self, *arguments):
        return self.run("git", *arguments)

    def run(self, *command):
        done = rig.run(command, self.env, self.folder)
        if done.returncode:
            raise RuntimeError(f"{command} gave {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def arkib(self, *arguments, **env):
        """Runs arkib here, with the portal and the mail server in its environment."""
        return rig.run([self.agency.binary, *arguments], {**self.env, **self.agency.env, **env}, self.folder)

    def json(self, *arguments):
        done = self.arkib(*arguments, "--format", "json")
        try:
            return rig.of_agency(done.stdout)
        except ValueError as error:
            raise RuntimeError(f"{arguments} gave {done.returncode}:\n{done.stdout}{done.stderr}") from error

    def pull(self):
        self.git("switch", "--quiet", "main")
        self.git("pull", "--quiet", "--ff-only", "origin", "main")


class Agency:
    """Everything that an agency has."""

    def __init__(self, folder, binary, policy):
        self.folder, self.binary, self.env = folder, binary, {}
        self.mails = folder / "mail"
        origin = folder / "origin.git"
        rig.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", origin], rig.clean_environment())
        self.origin = origin
        self.clerk = self.clone("Kerani")
        self.administrator = self.clone("Noraini")
        requests = self.administrator.folder / "requests"
        requests.mkdir()
        (requests / "agency.yaml").write_text(policy)
        self.administrator.git("add", "--all")
        self.administrator.git("commit", "--quiet", "--message=Begin")
        self.administrator.git("push", "--quiet", "origin", "HEAD:main")
        self.clerk.git("fetch", "--quiet", "origin")
        self.clerk.git("switch", "--quiet", "--create", "main", "origin/main")

    def clone(self, name):
        place = self.folder / name
        clone = Clone(place, name, self)
        rig.run(["git", "clone", "--quiet", self.origin, place], clone.env)
        return clone

    def merge(self, branch, squash=False):
        """What a forge does when the administrator merges a pull request."""
        clone = self.administrator
        clone.pull()
        clone.git("fetch", "--quiet", "origin")
        if squash:
            clone.git("merge", "--quiet", "--squash", f"origin/{branch}")
            clone.git("commit", "--quiet", f"--message=Squash {branch}")
        else:
            clone.git("merge", "--quiet", "--no-ff", f"--message=Merge {branch}", f"origin/{branch}")
        clone.git("push", "--quiet", "origin", "main")

    def keep(self):
        """Commits the records and the printed notices, like the example job."""
        clone = self.administrator
        clone.git("add", "--all", "requests/records")
        clone.git("commit", "--quiet", "--message=Records")
        clone.git("push", "--quiet", "origin", "main")

    def state(self, name):
        """The state of a mailbox in the portal, read without arkib."""
        user = rig.list_users(self.env["ARKIB_PORTAL_URL"], self.env["ARKIB_PORTAL_TOKEN"])[f"{name}@{DOMAIN}"]
        return user.get("urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox", {}).get("state")

    def mail(self):
        """The messages that the mail server received, by recipient."""
        found = {}
        for path in sorted((self.mails / "new").glob("*")) if self.mails.exists() else []:
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found.setdefault(message["X-RcptTo"], []).append(message)
        return found

    def printed(self):
        """The texts of the printed notices, by the name of the file."""
        folder = self.administrator.folder / "notices"
        return {path.name: text_of(path.read_text()) for path in sorted(folder.glob("*.html"))}


def text_of(page):
    """The text of a page."""
    body = re.sub(r"(?s)<(style|script).*?</\1>", " ", page)
    words = re.sub(r"<[^>]*>", " ", body)
    for name, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x2f;", "/"), ("&#x27;", "'"), ("&amp;", "&")):
        words = words.replace(name, character)
    return " ".join(words.split())


@contextlib.contextmanager
def agency(folder, binary, policy=POLICY):
    """An agency with its servers on loopback; they end with the `with` block."""
    found = Agency(folder, binary, policy)
    (folder / "roster.csv").write_text(ROSTER)
    address, token = folder / "portal.url", folder / "portal.token"
    portal = [
        binary, "portal", "--listen", "127.0.0.1:0", "--roster", folder / "roster.csv",
        "--token-file", token, "--url-file", address, "--stop-after", str(rig.SERVER_LIFETIME_S),
    ]
    port = rig.free_port()
    sink = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", found.mails]
    with rig.Server(portal, folder / "portal.log", rig.clean_environment()) as server, rig.Server(sink, folder / "mail.log") as mail:
        server.wait_until(lambda: address.exists() and rig.answers(address.read_text().strip(), token.read_text().strip()))
        mail.wait_until(lambda: rig.listens(port))
        found.env = {
            "ARKIB_PORTAL_URL": address.read_text().strip(),
            "ARKIB_PORTAL_TOKEN": token.read_text().strip(),
            "ARKIB_SMTP_URL": f"smtp://127.0.0.1:{port}",
        }
        yield found
