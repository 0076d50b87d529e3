"""The example's hooks at a person's desk, with plain git and with pre-commit: what they refuse and what they let pass."""

import os
import sys
from pathlib import Path

import rig
import runner
import scratch


def suite(tally, arkib, agency, folder):
    _git(tally, arkib, agency, folder / "git")
    _pre_commit(tally, arkib, agency, folder / "pre-commit")


class Desk:
    """A clone in which commits are made as a person makes them, with arkib on the path or without."""

    def __init__(self, folder, arkib, agency):
        self.repository = scratch.Repository(folder, agency)
        self.clone = self.repository.clone
        self.git = self.repository.git
        self.tools = folder / "tools"
        self.tools.mkdir()
        (self.tools / "arkib").symlink_to(arkib)
        self.home = folder / "home"
        self.home.mkdir()
        self.git("checkout", "--quiet", "-b", "work", "origin/main")

    def env(self, arkib=True, more=()):
        path = [*more, *([self.tools] if arkib else []), *runner.machine_path()]
        return rig.clean_environment(**scratch.IDENTITY, PATH=os.pathsep.join(map(str, path)), HOME=str(self.home))

    def write(self, number, text):
        (self.clone / "requests" / "2026" / f"BMT-2026-{number}.yaml").write_text(text)

    def commit(self, env, *arguments):
        """Whether a commit came of it, and what was said."""
        before = self.git("rev-parse", "HEAD")
        done = rig.run(["git", "commit", "--message=A request", *arguments], env, self.clone)
        made = self.git("rev-parse", "HEAD") != before
        if made != (done.returncode == 0):
            raise RuntimeError(f"git commit gave {done.returncode}, but {made=}")
        return made, done.stdout + done.stderr


def _git(tally, arkib, agency, folder):
    desk = Desk(folder, arkib, agency)
    desk.git("config", "core.hooksPath", "hooks")
    env = desk.env()
    good = scratch.request(10, "enable", ["priya.nair"])
    broken = good.replace("action: enable", "action: enabel")

    desk.write("0010", broken)
    desk.git("add", "--all")
    made, said = desk.commit(env)
    tally.check("a broken request is refused, at its line", not made and "BMT-2026-0010.yaml:3:9" in said and "did you mean" in said, said)
    desk.write("0010", good)
    made, said = desk.commit(env)
    tally.check("fixed in the work tree alone, it is still refused", not made and "unknown-action" in said, said)
    desk.git("add", "--all")
    desk.write("0011", broken)
    made, said = desk.commit(env)
    tally.check("fixed and staged it passes, whatever else lies in the work tree", made, said)
    made, said = desk.commit(env, "requests/2026/BMT-2026-0010.yaml", "--allow-empty")
    tally.check("a commit of one named file passes, too", made, said)
    (desk.clone / "requests/2026/BMT-2026-0011.yaml").unlink()

    desk.git("rm", "--quiet", "requests/2026/BMT-2026-0001.yaml")
    made, said = desk.commit(env)
    tally.check("a merged request cannot be deleted", not made and "record-deleted" in said, said)
    desk.git("reset", "--quiet", "--hard")
    desk.write("0010", good.replace("memo", "letter"))
    made, said = desk.commit(env, "--all")
    tally.check("one of this branch can be edited", made, said)

    desk.git("remote", "remove", "origin")
    desk.write("0012", scratch.request(12, "enable", ["rosli"]))
    desk.git("add", "--all")
    made, said = desk.commit(env)
    tally.check("without origin a good request passes", made, said)
    desk.write("0013", broken.replace("0010", "0013"))
    desk.git("add", "--all")
    made, said = desk.commit(env)
    tally.check("and a broken one is refused", not made and "unknown-action" in said, said)
    made, said = desk.commit(desk.env(arkib=False))
    tally.check("without arkib nothing passes unseen", not made and "arkib is not on the PATH" in said, said)
    made, said = desk.commit(desk.env(arkib=False), "--no-verify")
    tally.check("unless that is asked for", made, said)

    desk.git("checkout", "--quiet", "--orphan", "anew")
    desk.git("rm", "--quiet", "--cached", "requests/2026/BMT-2026-0013.yaml")
    done = rig.run(["git", "commit", "--quiet", "--message=Begin"], env, desk.clone)
    tally.equal("the first commit of a repository passes", done.returncode, 0) or print(done.stderr)


def _pre_commit(tally, arkib, agency, folder):
    desk = Desk(folder, arkib, agency)
    env = desk.env(more=[Path(sys.executable).parent])
    done = rig.run(["pre-commit", "validate-config", ".pre-commit-config.yaml"], env, desk.clone)
    tally.check("pre-commit takes the configuration, without a warning", done.returncode == 0 and not done.stdout + done.stderr, done.stdout + done.stderr)
    done = rig.run(["pre-commit", "install"], env, desk.clone)
    tally.equal("pre-commit installs the hook", done.returncode, 0) or print(done.stdout + done.stderr)

    good = scratch.request(10, "enable", ["priya.nair"])
    desk.write("0010", good.replace("action: enable", "action: enabel"))
    desk.git("add", "--all")
    made, said = desk.commit(env)
    tally.check("a broken request is refused", not made and "unknown-action" in said and "Failed" in said, said)
    desk.write("0010", good)
    desk.git("add", "--all")
    made, said = desk.commit(env)
    tally.check("a good one passes", made and "Passed" in said, said)
    desk.git("rm", "--quiet", "requests/2026/BMT-2026-0001.yaml")
    made, said = desk.commit(env)
    tally.check("a merged request cannot be deleted", not made and "record-deleted" in said, said)
