"""Archives of arkib as releases have them, around any program, and a server of them on loopback."""

import contextlib
import hashlib
import io
import platform
import tarfile
import zipfile

import loopback

_MACHINES = {"x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
LONG_MB = 220
HERE = f"{_MACHINES[platform.machine()]}-{'macos' if platform.system() == 'Darwin' else 'linux'}"


def add(folder, version, program, system=HERE):
    """Writes the archive of a program (its bytes), and adds it to SHA256SUMS; returns its name."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"arkib-{version}-{system}"
    if system.endswith("windows"):
        path = folder / f"{name}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{name}/arkib.exe", program)
    else:
        path = folder / f"{name}.tar.gz"
        with tarfile.open(path, "w:gz", compresslevel=1) as archive:
            entry = tarfile.TarInfo(f"{name}/arkib")
            entry.size, entry.mode = len(program), 0o755
            archive.addfile(entry, io.BytesIO(program))
    with open(folder / "SHA256SUMS", "a") as sums:
        sums.write(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    return path.name


class Files:
    """Serves the files of a folder. `header` must then be sent, `answers` (status, headers, body) come in place of a file;
    a body of None is long, and its length is not said."""

    def __init__(self, folder):
        self.folder, self.url = folder, None
        self.header, self.answers = None, {}
        # Names asked for, and the headers of each request.
        self.asked, self.headers = [], []

    def answer(self, path, headers):
        self.asked.append(path)
        self.headers.append(dict(headers))
        if self.header and headers.get(self.header[0]) != self.header[1]:
            return 401, {}, b""
        if path in self.answers:
            return self.answers[path]
        file = self.folder / path
        return (200, {}, file.read_bytes()) if file.is_file() else (404, {}, b"")


@contextlib.contextmanager
def serve(folder):
    """The files of a folder at an address on loopback, until the block ends."""
    files = Files(folder)

    class Handler(loopback.Handler):
        # A body without a length ends with the connection.
        protocol_version = "HTTP/1.0"

        def do_GET(self):
            status, headers, body = files.answer(self.path.lstrip("/"), self.headers)
            if status is None:
                # No answer, as long as the client waits.
                return self.rfile.read(1)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if body is not None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # A client that sets no limit comes to an end, too.
                for part in [body] if body is not None else [bytes(1_000_000)] * LONG_MB:
                    self.wfile.write(part)

    with loopback.serve(Handler) as files.url:
        yield files
