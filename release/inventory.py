"""What a program is made of: the licence texts of everything in it, and a list of it (an SBOM in CycloneDX 1.6)."""

import json
import re
import subprocess
import time
import tomllib
import uuid
from pathlib import Path

TEXT = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
# For packages under this licence that bring no text of it: it names no holder, so it is the same for all.
APACHE = Path(__file__).parent / "Apache-2.0.txt"
# For packages whose repository has a text of their licence that the package itself lacks, by their names.
OF_REPOSITORIES = Path(__file__).parent / "licences"
SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"


def parts(root, target):
    """The packages that are linked into the program, in order; and of each those that it uses."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout)
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    uses, found = {}, [metadata["resolve"]["root"]]
    while found:
        this = found.pop()
        if this not in uses:
            linked = [use["pkg"] for use in nodes[this]["deps"] if any(kind["kind"] is None for kind in use["dep_kinds"])]
            uses[this] = linked
            found.extend(linked)
    packages = [package for package in metadata["packages"] if package["id"] in uses]
    return sorted(packages, key=lambda package: (package["name"], package["version"])), uses, metadata["resolve"]["root"]


def texts_of(package):
    """A package without the text of its licence cannot be released."""
    folder = Path(package["manifest_path"]).parent
    files = sorted(path for path in folder.iterdir() if TEXT.match(path.name) and path.is_file())
    if package["source"]:
        # What is bundled in a package brings its own.
        files += sorted(path for path in folder.glob("*/**/*") if TEXT.match(path.name) and path.suffix not in (".rs", ".h") and path.is_file())
    texts = [path.read_text(encoding="utf-8", errors="replace").strip() for path in files]
    kept = OF_REPOSITORIES / f"{package['name']}.txt"
    if not any(texts) and kept.is_file():
        return [kept.read_text(encoding="utf-8").strip()]
    if not any(texts) and "Apache-2.0" in package["license"]:
        return [APACHE.read_text(encoding="utf-8").strip()]
    if not any(texts):
        raise SystemExit(f"release/inventory: {package['name']} {package['version']} brings no licence text: add it, or do without the package")
    return texts


def licences(packages, runtimes):
    """One text with every licence once, below the names of those that have it."""
    owners = {}
    for package in packages:
        for text in texts_of(package):
            owners.setdefault(text, []).append(f"{package['name']} {package['version']} ({package['license']})")
    for name, path in runtimes:
        owners.setdefault(path.read_text(encoding="utf-8", errors="replace").strip(), []).append(name)
    chapters = (f"{'=' * 100}\n{chr(10).join(dict.fromkeys(names))}\n{'-' * 100}\n{text}\n" for text, names in owners.items())
    return "The program holds these parts, each with its licence.\n\n" + "\n".join(chapters)


def sbom(packages, uses, root, sums, epoch):
    def component(package):
        name, version = package["name"], package["version"]
        described = {
            "type": "application" if package["id"] == root else "library",
            "bom-ref": f"pkg:cargo/{name}@{version}",
            "name": name,
            "version": version,
            "licenses": [{"expression": package["license"].replace("/", " OR ")}],
            "purl": f"pkg:cargo/{name}@{version}",
        }
        if checksum := sums.get((name, version)):
            described["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        return described

    components = {package["id"]: component(package) for package in packages}
    reference = lambda package: components[package]["bom-ref"]
    document = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)), "component": components[root]},
        "components": [described for package, described in components.items() if package != root],
        "dependencies": [
            {"ref": reference(package["id"]), "dependsOn": sorted({reference(use) for use in uses[package["id"]]})} for package in packages
        ],
    }
    # A name that follows from the content.
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document))}"
    return document


def describe(root, target, epoch, runtimes):
    """The files about what is in the program, by their places in the archive; `runtimes` are texts of what no package brings."""
    packages, uses, program = parts(root, target)
    lock = tomllib.loads((root / "Cargo.lock").read_text())
    sums = {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return {
        "licences/packages.txt": licences(packages, runtimes).encode(),
        "licences/rust-standard-library.html": (Path(sysroot) / "share/doc/rust/COPYRIGHT-library.html").read_bytes(),
        "sbom.cdx.json": (json.dumps(sbom(packages, uses, program, sums, epoch), indent=1) + "\n").encode(),
    }


if __name__ == "__main__":
    # Whether a release could be made, asked before anything is built.
    TARGETS = ("x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu", "aarch64-apple-darwin")
    for target in TARGETS:
        packages, _, _ = parts(Path(__file__).parent.parent, target)
        licences(packages, [])
        print(f"{target}: {len(packages)} packages, each with its licence")
