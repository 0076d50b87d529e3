"""What an administrator would use instead (`peers/`), each in an environment of its own. Needs a Python package index."""

import subprocess
import sys
from pathlib import Path

from measure import run

HERE = Path(__file__).resolve().parent


class Peers:
    """The peers, as far as they were asked for."""

    def __init__(self, folder: Path, asked: bool) -> None:
        self.python = self._made(folder / "peers") if asked else None

    def __bool__(self) -> bool:
        return self.python is not None

    def told(self, name: str, *words: object) -> dict:
        """What a peer says of itself, run once: next to arkib they are slow."""
        return run([self.python, HERE / "peers" / f"{name}.py", *words]).told()

    def _made(self, venv: Path) -> Path:
        wanted = HERE / "requirements.txt"
        stamp = venv / "requirements.txt"
        python = venv / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        if not stamp.exists() or stamp.read_text() != wanted.read_text():
            subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "--requirement", wanted], check=True)
            # Last, so that one whose making was cut short is made again.
            stamp.write_text(wanted.read_text())
        return python
