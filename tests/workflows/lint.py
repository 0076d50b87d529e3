"""Static checks of the example's files: actionlint, shellcheck, schemas, owners, versions and links."""

import json
import re

import copies
import gitlab_local
import guards
import rig
import yaml
from tools import tool

UC, ICT = "@jabatan-contoh/uc-admins", "@jabatan-contoh/ict-security"


def suite(tally, arkib, agency, folder):
    env = rig.clean_environment()
    done = rig.run([arkib, "check", "--requests", agency / "requests"], env)
    tally.check("arkib check passes on its requests", done.returncode == 0 and done.stdout.startswith("3 requests"), done.stdout + done.stderr)
    version = rig.run([arkib, "--version"], env).stdout.split()[-1]
    tally.equal(".arkib-version is this arkib's", (agency / ".arkib-version").read_text(), f"{version}\n")
    _actionlint(tally, agency, folder)
    _shellcheck(tally, agency)
    _forges(tally, agency, folder)
    _schemas(tally, arkib, agency, env)
    _valid(tally, agency, folder)
    _owners(tally, agency)
    _readme(tally, agency)


def _actionlint(tally, agency, folder):
    said = rig.run([tool("actionlint"), "-version"], rig.clean_environment()).stdout.splitlines()
    print(f"        actionlint is {' '.join(said[:2])}", flush=True)
    # What they call is in their own repository.
    paths = sorted(path for path in agency.parent.glob("*/.[fg]*/workflows/*.yml") if "shards" not in path.parts)
    # And that of arkib itself.
    paths.append(copies.PROJECT / ".github" / "workflows" / "release.yml")
    done = guards.actionlint(paths, folder)
    tally.check("actionlint passes", done.returncode == 0 and len(paths) > 10, done.stdout + done.stderr)


def _shellcheck(tally, agency):
    for name in ("hooks/pre-commit", "ci/setup-arkib"):
        done = rig.run([tool("shellcheck"), "--norc", agency / name], rig.clean_environment())
        tally.check(f"shellcheck passes on {name}", done.returncode == 0, done.stdout + done.stderr)
        tally.equal(f"{name} can be run", (agency / name).stat().st_mode & 0o111, 0o111)


def fits(paths, *schema):
    return rig.run([tool("check-jsonschema"), *schema, *paths], rig.clean_environment())


def _forges(tally, agency, folder):
    """Against the schemas that GitLab and GitHub publish."""
    pipeline_file = agency / ".gitlab-ci.yml"
    pipelines = sorted(agency.parent.glob("*/.gitlab-ci.yml"))
    given = [("gitlab-ci", path) for path in pipelines + [_whole(path, folder) for path in pipelines]]
    for schema, path in [*given, ("dependabot", agency / ".github" / "dependabot.yml")]:
        done = fits([path], "--builtin-schema", f"vendor.{schema}")
        tally.check(f"{path.name} fits the published schema", done.returncode == 0, done.stdout + done.stderr)
    broken = folder / "gitlab-ci.yml"
    broken.write_text(_whole(pipeline_file, folder).read_text().replace("resource_group:", "resource_grup:"))
    tally.equal("which sees a key that does not exist", fits([broken], "--builtin-schema", "vendor.gitlab-ci").returncode, 1)


def _whole(path, folder):
    """A pipeline whose jobs have what they extend: the schema passes over a key in a template."""
    pipeline = yaml.safe_load(path.read_text())
    jobs = gitlab_local.jobs(pipeline)
    whole = folder / f"whole-{path.parent.name}{path.name}"
    whole.write_text(yaml.safe_dump({**{key: value for key, value in pipeline.items() if key in gitlab_local.KEYS}, **jobs}))
    return whole


def _valid(tally, agency, folder):
    """The schemas accept the example's files, and refuse a misspelt one."""
    requests = sorted((agency / "requests").glob("*/*.yaml"))
    for schema, paths, key in (("request", requests, "action:"), ("agency", [agency / "requests" / "agency.yaml"], "approvers:")):
        given = ("--schemafile", agency / "schemas" / f"{schema}.schema.json")
        done = fits(paths, *given)
        tally.check(f"{schema}.schema.json takes the example's {len(paths)}", paths and done.returncode == 0, done.stdout + done.stderr)
        broken = folder / f"{schema}.yaml"
        broken.write_text(paths[0].read_text().replace(key, key.replace("r", "rr").replace("c", "cc")))
        tally.equal("and not a misspelt one", fits([broken], *given).returncode, 1)


def _schemas(tally, arkib, agency, env):
    kinds = {"request": agency / "schemas" / "request.schema.json", "policy": agency / "schemas" / "agency.schema.json"}
    for kind, path in kinds.items():
        done = rig.run([arkib, "schema", kind], env)
        tally.check(f"{path.name} is what arkib says", done.stdout and done.stdout == path.read_text(), "write it anew")
    settings = json.loads((agency / ".vscode" / "settings.json").read_text())["yaml.schemas"]
    for path in sorted((agency / "requests").rglob("*.yaml")):
        name = path.relative_to(agency).as_posix()
        expected = kinds["policy" if path.name == "agency.yaml" else "request"]
        line = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())
        tally.equal(f"{name} names its schema", line and (path.parent / line[1]).resolve(), expected.resolve())
        chosen = [(agency / schema).resolve() for schema, pattern in settings.items() if re.fullmatch(_editor_glob(pattern), name)]
        tally.equal(f"and Visual Studio Code takes that one for {name}", chosen, [expected.resolve()])


def _editor_glob(pattern):
    """A pattern as yaml-language-server reads it (picomatch), as far as it is used here."""
    parts = {"**/": "(?:[^/]+/)*", "!(agency)": r"(?!agency\.)[^/]*"}
    return "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|!\(agency\))", pattern))


def _owners(tally, agency):
    rules = []
    for line in (agency / "CODEOWNERS").read_text().splitlines():
        if line and not line.startswith("#"):
            pattern, *owners = line.split()
            rules.append((pattern, owners))

    def owners(path):
        found = [owners for pattern, owners in rules if _owns(pattern, path)]
        return found[-1] if found else []

    for path, expected in {
        "requests/2026/BMT-2026-0001.yaml": UC,
        "requests/agency.yaml": ICT,
        "requests/cawangan/agency.yaml": ICT,
        "requests/cawangan/2026/CWG-2026-0001.yaml": UC,
        "requests/allowed_signers": ICT,
        "requests/authorities.pem": ICT,
        "requests/revocations.pem": ICT,
        ".github/workflows/apply.yml": ICT,
        ".forgejo/workflows/apply.yml": ICT,
        ".gitlab-ci.yml": ICT,
        ".arkib-version": ICT,
        "ci/setup-arkib": ICT,
        "CODEOWNERS": ICT,
        "hooks/pre-commit": ICT,
    }.items():
        tally.equal(f"{path} is reviewed by {expected}", owners(path), [expected])


def _owns(pattern, path):
    if pattern == "*":
        return True
    parts = {"**/": "(?:.+/)?"}
    inner = "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/)", pattern.removeprefix("/")))
    return bool(re.fullmatch(inner + (".*" if pattern.endswith("/") else ""), path))


def _readme(tally, agency):
    text = (agency / "README.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    tally.equal("the links of README.md lead somewhere", [link for link in links if not (agency / link).exists()], [])
    first = [cell for cell in re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)]
    named = [name for cell in first for name in re.findall(r"`([^`]*[./][^`]*)`", cell)]
    tally.equal("and the files that its first table names are there", [name for name in named if not (agency / name).exists()], [])
    for name in ("ARKIB_PORTAL_URL", "ARKIB_PORTAL_TOKEN", "ARKIB_COMMENT_TOKEN", "ARKIB_RECORDS_TOKEN", "ARKIB_ACCEPT", "portal-read"):
        tally.check(f"README.md tells how to set {name}", f"`{name}`" in text)
