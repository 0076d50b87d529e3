"""Certificate authorities by openssl, for the test vectors."""

import subprocess
from pathlib import Path

CONFIG = """\
[ca]
default_ca = own
[own]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
certificate = {folder}/authority.pem
private_key = {folder}/authority.key
default_md = sha256
policy = any
unique_subject = no
crlnumber = {folder}/crlnumber
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[person]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = emailProtection
subjectAltName = {addresses}
authorityKeyIdentifier = keyid
"""


def openssl(*words, stdin=b""):
    done = subprocess.run(["openssl", *map(str, words)], input=stdin, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return done.stdout


class Authority:
    """An authority, and the people it knows."""

    def __init__(self, folder, name="Pihak Berkuasa Contoh", kind="rsa"):
        self.folder = Path(folder)
        self.folder.mkdir()
        (self.folder / "index.txt").touch()
        (self.folder / "serial").write_text("1000")
        (self.folder / "crlnumber").write_text("1000")
        self._key(self.folder / "authority.key", kind)
        self._configure("email:nobody@agensi.example")
        # Valid before and long after the days of the vectors.
        self._issue("authority", name, "20200101000000Z", "20491231235959Z", "authority", "-selfsign")

    @property
    def certificate(self):
        return (self.folder / "authority.pem").read_text()

    def person(self, name, kind="rsa", addresses=("pentadbir.uc@agensi.example",), begins="20250101000000Z", ends="20271231235959Z", key_of=None):
        """Issues a certificate; `key_of` is whose key it is for, if not a new one."""
        if key_of:
            (self.folder / f"{name}.key").write_bytes((self.folder / f"{key_of}.key").read_bytes())
        else:
            self._key(self.folder / f"{name}.key", kind)
        self._configure(", ".join(f"email:{address}" for address in addresses))
        self._issue(name, name, begins, ends, "person")
        return lambda text: self._sign(name, text)

    def revoke(self, name, day=None):
        """A list of revocations, with that certificate in it since a day (YYMMDD)."""
        if name:
            openssl("ca", "-config", self.folder / "config", "-revoke", self.folder / f"{name}.pem")
            index = self.folder / "index.txt"
            lines = [line.split("\t") for line in index.read_text().splitlines()]
            lines = [[kind, ends, f"{day}000000Z" if kind == "R" else when, *rest] for kind, ends, when, *rest in lines]
            index.write_text("".join("\t".join(line) + "\n" for line in lines))
        days = ("-crl_lastupdate", "20261101000000Z", "-crl_nextupdate", "20491231235959Z")
        return openssl("ca", "-config", self.folder / "config", "-gencrl", *days).decode()

    def _key(self, path, kind):
        options = {"rsa": ("RSA", "rsa_keygen_bits:2048"), "ecdsa": ("EC", "ec_paramgen_curve:P-256")}[kind]
        openssl("genpkey", "-quiet", "-algorithm", options[0], "-pkeyopt", options[1], "-out", path)

    def _configure(self, addresses):
        (self.folder / "config").write_text(CONFIG.format(folder=self.folder, addresses=addresses))

    def _issue(self, file, name, begins, ends, section, *more):
        request = self.folder / f"{file}.csr"
        config = ("-config", self.folder / "config")
        openssl("req", "-new", *config, "-key", self.folder / f"{file}.key", "-subj", f"/CN={name}", "-out", request)
        signs = ("-in", request, "-out", self.folder / f"{file}.pem", "-startdate", begins, "-enddate", ends)
        openssl("ca", *config, "-batch", "-notext", "-extensions", section, *signs, *more)

    def _sign(self, name, text):
        own = ("-signer", self.folder / f"{name}.pem", "-inkey", self.folder / f"{name}.key")
        return openssl("cms", "-sign", "-binary", "-md", "sha256", *own, "-outform", "PEM", stdin=text).decode()
