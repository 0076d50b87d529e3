"""Runs the git of this machine for the git.exe under Wine (git.c), on loopback, as long as the suite runs."""

import os
import re
import socketserver
import struct
import subprocess
import threading

DRIVE_C = os.environ.get("WINEPREFIX", "/wine") + "/drive_c"
# A path of Windows inside an argument or a value. Z: is the root of this machine.
WINDOWS_PATH = re.compile(r"(?:\\\\\?\\)?\b([CZcz]):([\\/][^;\n]*)?")


def to_unix(text):
    def path(found):
        drive = DRIVE_C if found[1] in "Cc" else ""
        return (drive + (found[2] or "/").replace("\\", "/")) or "/"

    return WINDOWS_PATH.sub(path, text)


def to_windows(output):
    return output.replace(DRIVE_C.encode(), b"C:")


class Request(socketserver.StreamRequestHandler):
    def text(self):
        found = bytearray()
        while (byte := self.rfile.read(1)) not in (b"\0", b""):
            found += byte
        return found.decode()

    def handle(self):
        folder = to_unix(self.text())
        arguments = [to_unix(self.text()) for _ in range(int(self.text()))]
        # What git is to find of its user, the tests say themselves.
        variables = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
        while text := self.text():
            name, _, value = text.partition("=")
            is_list = name in ("GIT_CEILING_DIRECTORIES", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
            variables[name] = to_unix(value).replace(";", ":") if is_list else to_unix(value)
        ran = subprocess.run(
            ["git", *arguments], cwd=folder, env=variables, input=self.rfile.read(), capture_output=True
        )
        # Windows knows no signals; git for Windows ends with 128 and more, too.
        status = ran.returncode if ran.returncode >= 0 else 128 - ran.returncode
        # Contents stay as they are.
        names_places = any(word.startswith(("--show-", "--git-")) for word in arguments) and "rev-parse" in arguments
        output = to_windows(ran.stdout) if names_places else ran.stdout
        errors = to_windows(ran.stderr)
        self.wfile.write(struct.pack(">II", status, len(output)) + output)
        self.wfile.write(struct.pack(">I", len(errors)) + errors)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def start(folder):
    """Serves, and writes the port where git.exe in that folder looks for it."""
    server = Server(("127.0.0.1", 0), Request)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(f"{folder}/git.port", "w", encoding="ascii") as file:
        file.write(str(server.server_address[1]))
