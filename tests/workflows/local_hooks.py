"""The example's local hook, installed as its README says: what it refuses and accepts, and that no branch changes it."""

import os
import shutil

import copies
import rig
import scratch
from tools import tool


def suite(tally, arkib, agency, folder):
    _git(tally, arkib, agency, folder / "git")
    _pre_commit(tally, arkib, agency, folder / "pre-commit")


class Clone:
    """A clone in which a person commits, with or without arkib on the path."""

    def __init__(self, folder, arkib, agency):
        self.repository = scratch.Repository(folder, agency)
        self.folder = self.repository.clone
        self.git = self.repository.git
        self.tools = folder / "tools"
        self.tools.mkdir()
        (self.tools / "arkib").symlink_to(arkib)
        self.home = folder / "home"
        self.home.mkdir()
        self.git("checkout", "--quiet", "-b", "work", "origin/main")

    def env(self, arkib=True, more=()):
        path = [*more, *([self.tools] if arkib else []), *scratch.machine_path()]
        return rig.clean_environment(**scratch.IDENTITY, PATH=os.pathsep.join(map(str, path)), HOME=str(self.home))

    def write(self, number, text):
        (self.folder / "requests" / "2026" / f"BMT-2026-{number}.yaml").write_text(text)

    def commit(self, env, *arguments):
        """Returns whether a commit was made, and the output."""
        before = self.git("rev-parse", "HEAD")
        done = rig.run(["git", "commit", "--message=A request", *arguments], env, self.folder)
        made = self.git("rev-parse", "HEAD") != before
        if made != (done.returncode == 0):
            raise RuntimeError(f"git commit gave {done.returncode}, but {made=}")
        return made, done.stdout + done.stderr


def _git(tally, arkib, agency, folder):
    clone = Clone(folder, arkib, agency)
    shutil.copy(clone.folder / "hooks" / "pre-commit", clone.folder / ".git" / "hooks")
    env = clone.env()
    good = scratch.request(10, "enable", ["priya.nair"])
    broken = good.replace("action: enable", "action: enabel")

    clone.write("0010", broken)
    clone.git("add", "--all")
    made, said = clone.commit(env)
    tally.check("a broken request is refused, at its line", not made and "BMT-2026-0010.yaml:3:9" in said and "did you mean" in said, said)
    clone.write("0010", good)
    made, said = clone.commit(env)
    tally.check("fixed in the work tree alone, it is still refused", not made and "unknown-action" in said, said)
    clone.git("add", "--all")
    clone.write("0011", broken)
    made, said = clone.commit(env)
    tally.check("fixed and staged it passes, whatever else lies in the work tree", made, said)
    made, said = clone.commit(env, "requests/2026/BMT-2026-0010.yaml", "--allow-empty")
    tally.check("a commit of one named file passes, too", made, said)
    (clone.folder / "requests/2026/BMT-2026-0011.yaml").unlink()

    clone.git("rm", "--quiet", "requests/2026/BMT-2026-0001.yaml")
    made, said = clone.commit(env)
    tally.check("a merged request cannot be deleted", not made and "record-deleted" in said, said)
    clone.git("reset", "--quiet", "--hard")
    clone.write("0010", good.replace("memo", "letter"))
    made, said = clone.commit(env, "--all")
    tally.check("one of this branch can be edited", made, said)

    clone.git("checkout", "--quiet", "-b", "evil")
    for name in ("post-checkout", "pre-commit"):
        path = clone.folder / "hooks" / name
        path.write_text(f"#!/bin/sh\ntouch '{folder}/ran'\n")
        path.chmod(0o755)
    clone.git("add", "--all")
    made, said = clone.commit(env)
    clone.git("checkout", "--quiet", "work")
    clone.git("checkout", "--quiet", "evil")
    tally.check("hooks that a branch brings do not run", made and not (folder / "ran").exists(), said)
    clone.git("checkout", "--quiet", "work")

    clone.git("remote", "remove", "origin")
    clone.write("0012", scratch.request(12, "enable", ["rosli"]))
    clone.git("add", "--all")
    made, said = clone.commit(env)
    tally.check("without origin a good request passes", made, said)
    clone.write("0013", broken.replace("0010", "0013"))
    clone.git("add", "--all")
    made, said = clone.commit(env)
    tally.check("and a broken one is refused", not made and "unknown-action" in said, said)
    made, said = clone.commit(clone.env(arkib=False))
    tally.check("without arkib nothing passes unseen", not made and "arkib is not on the PATH" in said, said)
    made, said = clone.commit(clone.env(arkib=False), "--no-verify")
    tally.check("unless that is asked for", made, said)

    clone.git("checkout", "--quiet", "--orphan", "anew")
    clone.git("rm", "--quiet", "--cached", "requests/2026/BMT-2026-0013.yaml")
    done = rig.run(["git", "commit", "--quiet", "--message=Begin"], env, clone.folder)
    tally.equal("the first commit of a repository passes", done.returncode, 0) or print(done.stderr)


def _pre_commit(tally, arkib, agency, folder):
    """The same hook by the program of that name, which takes it from a repository by its commit."""
    clone = Clone(folder, arkib, agency)
    ours = folder / "arkib"
    (ours / "examples" / "agency" / "hooks").mkdir(parents=True)
    for name in (".pre-commit-hooks.yaml", "examples/agency/hooks/pre-commit"):
        shutil.copy(copies.PROJECT / name, ours / name)
    clone.git("init", "--quiet", cwd=ours)
    clone.git("add", "--all", cwd=ours)
    clone.git("commit", "--quiet", "--message=Hooks", cwd=ours)
    commit = clone.git("rev-parse", "HEAD", cwd=ours)
    (clone.folder / ".pre-commit-config.yaml").write_text(f"repos:\n  - repo: file://{ours}\n    rev: {commit}\n    hooks: [{{ id: arkib-check }}]\n")
    env = clone.env() | {"PRE_COMMIT_HOME": str(folder / "cache")}
    done = rig.run([tool("pre-commit"), "install"], env, clone.folder)
    tally.equal("pre-commit installs it", done.returncode, 0) or print(done.stdout + done.stderr)
    good = scratch.request(10, "enable", ["priya.nair"])
    clone.write("0010", good.replace("action: enable", "action: enabel"))
    clone.git("add", "--all")
    made, said = clone.commit(env)
    tally.check("by pre-commit a broken request is refused, at its line", not made and "BMT-2026-0010.yaml:3:9" in said, said)
    clone.write("0010", good)
    clone.git("add", "--all")
    made, said = clone.commit(env)
    tally.check("and a good one passes", made, said)
