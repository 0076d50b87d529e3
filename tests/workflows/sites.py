"""An agency on a forge: its repository, its portal, and the engine that runs its pipelines. All forges are asked the same."""

import contextlib
import json

import act
import fake_forges
import gitlab_local
import loopback
import scratch
from release import release

RECORDS_TOKEN, COMMENT_TOKEN = "token-that-pushes", "token-that-comments"
READS, APPLIES = "portal-read", "portal"


class Alerts:
    """What the address in ARKIB_ALERT_URL was sent."""

    def __init__(self):
        self.sent, self.url = [], None

    @contextlib.contextmanager
    def serve(self):
        alerts = self

        class Handler(loopback.Handler):
            def do_POST(self):
                alerts.sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

        with loopback.serve(Handler) as url:
            self.url = f"{url}/hook"
            yield self


class Site:
    """What the suites ask of each forge is below."""

    kind = None
    # The commit of the first request that was merged.
    first_merge = None
    # The commands after an apply that are given the reading token, where the forge has one for them.
    reading = ()
    # What is made after an apply, and not at night.
    after = ()

    def __init__(self, folder, arkib, portal, repository, forge, ours, alerts):
        self.portal, self.repository, self.forge, self.release, self.alerts = portal, repository, forge, ours, alerts
        self.records = scratch.Records(repository, arkib)
        self.runner = self.engine(folder / "engine", forge, repository, ours)
        self.set_up(portal.url)

    def pull(self, number, branch, **more):
        """A pull request's run."""
        return self.runner.end(self.begin_pull(number, branch, **more))[0]


class GithubSite(Site):
    kind, engine = "github", act.Runner
    folder = ".github/workflows"
    environments = {READS: READS, APPLIES: APPLIES}

    def set_up(self, url):
        reads, applies = (self.environments[name] for name in (READS, APPLIES))
        self.runner.variables = {name: {"ARKIB_PORTAL_URL": url} for name in (reads, applies)}
        self.runner.secrets = {reads: {"ARKIB_PORTAL_TOKEN": self.portal.READ, "ARKIB_ALERT_URL": self.alerts.url}}
        self.runner.secrets.setdefault(applies, {})[self.writing] = self.portal.WRITE

    writing = "ARKIB_PORTAL_TOKEN"

    def begin_pull(self, number, branch, fork=False, author="noraini", head=None):
        """With the merge commit that the forge makes for it. `head` is what it says is the newest commit."""
        commit = self.repository.head(branch)
        self.forge.heads[number] = head or commit
        merge = self.repository.merged(branch)
        self.repository.git("push", "--quiet", "--force", "origin", f"{merge}:refs/pull/{number}/merge")
        name = "orang-luar/permohonan-arkib" if fork else fake_forges.REPOSITORY
        pull = {"number": number, "head": {"sha": commit, "ref": branch, "repo": {"full_name": name}}, "base": {"ref": "main"}, "user": {"login": author}}
        payload = {"number": number, "pull_request": pull}
        return self.runner.begin(f"{self.folder}/check.yml", "pull_request", merge, payload, trusted=not fork)

    def begin_push(self, commit=None):
        return self.runner.begin(f"{self.folder}/apply.yml", "push", commit or self.repository.head(), {})

    def pushed(self, commit=None):
        return self.runner.end(self.begin_push(commit))[0]

    def by_hand(self, branch="main", accept="", agency=""):
        inputs = {"accept": accept, **({"agency": agency} if agency else {})}
        return self.runner.run(f"{self.folder}/apply.yml", "workflow_dispatch", self.repository.head(branch), {"inputs": inputs}, ref=f"refs/heads/{branch}")

    def night(self, branch="main"):
        event = "schedule" if branch == "main" else "workflow_dispatch"
        return self.runner.run(f"{self.folder}/night.yml", event, self.repository.head(branch), {}, ref=f"refs/heads/{branch}")

    pipeline, plan_file, night_file = f"{folder}/check.yml", "plan/plan.md", "night/night.md"
    outcome, register, kept_records = "apply/apply.md", "night/register.html", "apply/.git/arkib/records/records"

    def tokens_of_pull(self):
        """What the calls of check, plan and comment may hold."""
        return [set(), {"ARKIB_PORTAL_TOKEN"}, {"GITHUB_TOKEN"}]


class ForgejoSite(GithubSite):
    kind, folder = "forgejo", ".forgejo/workflows"
    pipeline = f"{folder}/check.yml"
    # It has no environments.
    environments = {READS: "all", APPLIES: "all"}
    writing = "ARKIB_PORTAL_WRITE_TOKEN"
    reading = ("notify",)


class GitlabSite(Site):
    kind, engine = "gitlab", gitlab_local.Runner
    reading = after = ("register",)

    def set_up(self, url):
        self.forge.tokens |= {COMMENT_TOKEN: {"read", "comment"}, RECORDS_TOKEN: {"read", "push"}}
        self.runner.variables = {
            "*": {"ARKIB_PORTAL_URL": url},
            READS: {"ARKIB_PORTAL_TOKEN": self.portal.READ, "ARKIB_COMMENT_TOKEN": COMMENT_TOKEN, "ARKIB_ALERT_URL": self.alerts.url},
            APPLIES: {"ARKIB_PORTAL_TOKEN": self.portal.WRITE, "ARKIB_RECORDS_TOKEN": RECORDS_TOKEN},
        }

    def begin_pull(self, number, branch, fork=False, head=None, **variables):
        commit = self.repository.head(branch)
        self.forge.heads[number] = head or commit
        variables = {
            "CI_MERGE_REQUEST_IID": str(number),
            "CI_MERGE_REQUEST_PROJECT_ID": fake_forges.PROJECT,
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "77" if fork else fake_forges.PROJECT,
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.repository.git("merge-base", "origin/main", f"origin/{branch}"),
            **({"CI_PROJECT_ID": "77"} if fork else {}),
            **variables,
        }
        return self._begin("merge_request_event", commit, variables, not fork)

    def _begin(self, source, commit, variables, trusted=True, branch="main"):
        return self.runner.begin(".gitlab-ci.yml", source, commit, variables, trusted, branch)

    def begin_push(self, commit=None):
        return self._begin("push", commit or self.repository.head(), {})

    def pushed(self, commit=None):
        return self.runner.end(self.begin_push(commit))[0]

    def by_hand(self, branch="main", accept="", agency=""):
        given = {"ARKIB_ACCEPT": accept, "ARKIB_ACCEPT_AGENCY": agency}
        return self.runner.end(self._begin("web", self.repository.head(branch), {name: value for name, value in given.items() if value}, branch=branch))[0]

    def night(self, branch="main"):
        return self.runner.end(self._begin("schedule", self.repository.head(branch), {}, branch=branch))[0]

    pipeline, plan_file, night_file = ".gitlab-ci.yml", "plan/arkib-plan.md", "night/arkib-plan.md"
    outcome, register, kept_records = "apply/arkib-apply.md", "register/arkib-register.html", "apply/.git/arkib/records/records"

    def tokens_of_pull(self):
        """Those of an environment are for each of its jobs."""
        return [set(), *[{"ARKIB_PORTAL_TOKEN", "ARKIB_COMMENT_TOKEN"}] * 2]


@contextlib.contextmanager
def agency(make, arkib, example, folder, roster=scratch.ROSTER):
    with release(arkib, folder / "release") as ours, scratch.portal(arkib, folder / "portal", roster) as portal, Alerts().serve() as alerts:
        repository = scratch.Repository(folder / "repository", example, ours)
        with fake_forges.Forge(make.kind, repository.origin, {}).serve() as forge:
            yield make(folder, arkib, portal, repository, forge, ours, alerts)
