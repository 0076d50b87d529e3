"""The workflows for Forgejo are those for GitHub but for what must differ; `python3 forgejo.py` writes them anew."""

from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

# GitHub's text, and Forgejo's. It has no environments: a secret is for every branch, so each token has a name of its own.
OTHERWISE = [
    ("actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0", "forgejo/upload-artifact@16871d9e8cfcf27ff31822cac382bbb5450f1e1e # v4.3.1"),
    ("    environment: portal-read # Its token can only read: anyone who can push a branch can use it.\n", "    # Its token can only read: anyone who can push a branch can use it.\n"),
    ("    environment: portal-read\n", ""),
    (
        "    environment: portal # Its token can write; only main may use it.\n",
        "    # Its token can write, and any branch could use it: set it only where all who can push are administrators.\n",
    ),
]
WRITES = ("${{ secrets.ARKIB_PORTAL_TOKEN }}", "${{ secrets.ARKIB_PORTAL_WRITE_TOKEN }}")


def workflows():
    """Each of Forgejo's workflows, and what it must be."""
    for path in sorted(EXAMPLES.glob("*/.github/workflows/*.yml")):
        text = path.read_text()
        for github, forgejo in OTHERWISE + ([WRITES] if "environment: portal #" in text else []):
            text = text.replace(github, forgejo)
        yield path.parents[2] / ".forgejo" / "workflows" / path.name, text


if __name__ == "__main__":
    for path, text in workflows():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
