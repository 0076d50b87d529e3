//! What the pages of the book speak of: a clone of the example agency, a portal, keys, files.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use super::root;
use crate::portal::Portal;
use crate::session::{InTime as _, Session, copy, stderr};

/// Where a page's commands run, and what its addresses stand for.
pub struct World {
    pub session: Session,
    places: Vec<(String, String)>,
    /// Ends with the world.
    _portal: Option<Portal>,
}

impl World {
    fn new(session: Session) -> Self {
        Self { session, places: Vec::new(), _portal: None }
    }

    /// A command with the addresses of this world.
    pub fn place(&self, command: &str) -> String {
        let place = |text: String, (from, to): &(String, String)| text.replace(from, to);
        self.places.iter().fold(command.to_owned(), place)
    }

    fn run(&self, program: &str, arguments: &str) {
        let mut command = Command::new(program);
        command.args(arguments.split(' ').map(|word| if word == "''" { "" } else { word }));
        let done = command.current_dir(self.session.path()).in_time();
        assert!(done.status.success(), "{program} {arguments}: {}", stderr(&done));
    }
}

/// A fresh clone of somebody whom git knows: the example agency in a git repository with one commit. It is
/// committed once for all pages, and kept in memory.
pub fn fresh_clone() -> Session {
    static FILES: OnceLock<Vec<KeptFile>> = OnceLock::new();
    let session = Session::new();
    for file in FILES.get_or_init(commit_example) {
        session.write(&file.path, &file.content);
        fs::set_permissions(session.path().join(&file.path), file.permissions.clone()).unwrap();
    }
    session
}

/// A file of the clone, git's own included.
struct KeptFile {
    path: String,
    content: Vec<u8>,
    permissions: fs::Permissions,
}

fn commit_example() -> Vec<KeptFile> {
    let session = Session::new();
    for folder in ["requests", "examples"] {
        fs::create_dir(session.path().join(folder)).unwrap();
        copy(&root().join(folder), &session.path().join(folder));
    }
    for file in [".gitignore", "portal.csv"] {
        session.write(file, fs::read(root().join(file)).unwrap());
    }
    session.git(&["init", "-q", "-b", "main"]);
    for (name, value) in [("user.name", "Kerani"), ("user.email", "kerani@agensi.example")] {
        session.git(&["config", name, value]);
    }
    commit(&session);
    session.git(&["repack", "-q", "-a", "-d"]);
    let mut files = Vec::new();
    crate::architecture::files_below(session.path(), "", &mut files);
    let keep = |file: &PathBuf| KeptFile {
        path: file.strip_prefix(session.path()).unwrap().to_str().unwrap().to_owned(),
        content: fs::read(file).unwrap(),
        permissions: fs::metadata(file).unwrap().permissions(),
    };
    files.iter().map(keep).collect()
}

fn commit(session: &Session) {
    session.git(&["add", "."]);
    session.git(&["commit", "-q", "-m", "Requests"]);
}

pub fn readme() -> World {
    World::new(fresh_clone())
}

pub fn of(page: &str) -> World {
    match page {
        "ADMINISTRATORS.md" => administrators(),
        "AUDITORS.md" => auditors(),
        "APPROVALS.md" => approvals(),
        "FILES.md" => files(),
        "INSTALL.md" => install(),
        "PORTALS.md" => portal(),
        _ => World::new(fresh_clone()),
    }
}

/// A clone with its origin, and a letter that was scanned.
fn administrators() -> World {
    let session = fresh_clone();
    let origin = ".git/origin.git";
    session.git(&["clone", "-q", "--bare", ".", origin]);
    session.git(&["remote", "add", "origin", origin]);
    session.git(&["fetch", "-q"]);
    session.git(&["branch", "-q", "--set-upstream-to=origin/main", "main"]);
    session.write("surat.pdf", "%PDF");
    World::new(session)
}

/// The requests were carried out, and one notice was printed.
fn auditors() -> World {
    let session = fresh_clone();
    let commands = ["reconcile --wait", "notify --only BMT-2026-0042"];
    for command in commands.map(|command| format!("{command} --yes --as-of 2026-11-23")) {
        let done = session.run(&command.split(' ').collect::<Vec<&str>>());
        assert!(done.status.success(), "arkib {command}: {}", stderr(&done));
    }
    World::new(session)
}

/// The example agency with another kind of portal.
fn with_portal(kind: &str) -> Session {
    let session = fresh_clone();
    let policy = session.path().join("requests/agency.yaml");
    let text = fs::read_to_string(&policy).unwrap();
    assert!(text.contains("portal: embedded"), "{text}");
    fs::write(policy, text.replace("portal: embedded", &format!("portal: {kind}"))).unwrap();
    commit(&session);
    session
}

/// The export has the rows of the example's portal, under names that arkib knows.
fn files() -> World {
    let session = with_portal("files");
    let roster = fs::read_to_string(root().join("portal.csv")).unwrap();
    let mut rows = roster.lines().map(|row| row.split(',').take(4).collect::<Vec<&str>>());
    let names = rows.next().unwrap();
    assert_eq!(names, ["mailbox", "name", "account", "state"]);
    let mut export = "Alamat E-mel,Nama,Status Akaun,Status Arkib\n".to_owned();
    for row in rows {
        let account = row[2].replace("requested-to-delete", "Requested to Delete");
        export += &format!("{},{},{account},{}\n", row[0], row[1], row[3]);
    }
    session.write("laporan.csv", export);
    World::new(session)
}

fn portal() -> World {
    let session = with_portal("scim");
    // It writes its token into the file that the page names.
    let portal = Portal::start(&session, &[]);
    let places = vec![("https://portal.agensi.example/scim/v2".to_owned(), portal.url.clone())];
    World { session, places, _portal: Some(portal) }
}

/// The SHA-256 of a file, in hexadecimal.
fn sha256(world: &World, name: &str) -> String {
    use sha2::Digest as _;
    let bytes = fs::read(world.session.path().join(name)).unwrap();
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A release at an address: the archive's program is the one under test.
fn install() -> World {
    let world = World::new(fresh_clone());
    let name = "arkib-0.2.0-x86_64-linux";
    let program = assert_cmd::cargo::cargo_bin!("arkib").display();
    world
        .session
        .write(&format!("release/{name}/arkib"), format!("#!/bin/sh\nexec '{program}' \"$@\"\n"));
    world.run("chmod", &format!("755 release/{name}/arkib"));
    world.run("tar", &format!("-C release -czf release/{name}.tar.gz {name}"));
    let sum = sha256(&world, &format!("release/{name}.tar.gz"));
    world.session.write("release/SHA256SUMS", format!("{sum}  {name}.tar.gz\n"));
    world.run("ssh-keygen", "-q -t ed25519 -N '' -f key");
    let key = fs::read_to_string(world.session.path().join("key.pub")).unwrap();
    world
        .session
        .write("keys", format!("release@arkib.example namespaces=\"arkib-release\" {key}"));
    world.run("ssh-keygen", "-q -Y sign -f key -n arkib-release release/SHA256SUMS");
    // curl reads files, too; ci/setup-arkib takes a folder as it is.
    let folder = world.session.path().join("release").display().to_string();
    let places = [("0.2.0", format!("file://{folder}")), ("{version}", folder)];
    let address = |version: &str| format!("https://muat-turun.agensi.example/arkib/{version}");
    let places = places.map(|(version, place)| (address(version), place)).to_vec();
    World { places, ..world }
}

/// An agency with signed approvals: three pending requests, an approver with an SSH key and a certificate, and an approval to
/// verify without arkib.
fn approvals() -> World {
    let world = World::new(Session::new());
    let session = &world.session;
    let vector = root().join("tests/approvals/vectors/cms-revocations");
    let text = |name: &str| fs::read_to_string(vector.join(name)).unwrap();
    session.write("requests/agency.yaml", text("agency.yaml"));
    session.write("requests/revocations.pem", text("revocations.pem"));
    session.write("portal.csv", fs::read(root().join("portal.csv")).unwrap());
    for (number, mailbox) in [(42, "siti.aminah"), (43, "tan.mei"), (44, "muhammad.syazwan")] {
        let request = format!(
            "version: 1\nid: BMT-2026-00{number}\naction: enable\nmailboxes:\n  - {mailbox}@agensi.example\n\
             received:\n  date: 2026-11-02\n  channel: letter\n  reference: CONTOH.600-1/2/3 ({number})\n"
        );
        session.write(&format!("requests/2026/BMT-2026-00{number}.yaml"), request);
    }
    world.run("ssh-keygen", "-q -t ed25519 -N '' -f key");
    let key = fs::read_to_string(session.path().join("key.pub")).unwrap();
    let address = "pentadbir.uc@agensi.example";
    session.write(
        "requests/allowed_signers",
        format!("{address} namespaces=\"arkib-approval\" {key}"),
    );
    // Keys of this kind are made at once; those of RSA take a good part of a second each.
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -addext";
    world.run("openssl", &format!("{new} keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.pem -subj /CN=Authority"));
    world.run("openssl", &format!(
        "{new} keyUsage=critical,digitalSignature -addext basicConstraints=critical,CA:FALSE \
         -addext subjectAltName=email:{address} -CA ca.pem -CAkey ca.key -keyout own.key -out own.pem -subj /CN=Approver"
    ));
    let own = fs::read_to_string(session.path().join("ca.pem")).unwrap();
    session.write("requests/authorities.pem", text("authorities.pem") + &own);
    session.write("statement.txt", text("statement"));
    session.write("signature.cms", text("signature"));
    world.run("ssh-keygen", "-q -Y sign -f key -n arkib-approval statement.txt");
    world.run("mv", "statement.txt.sig signature.sig");
    session.git(&["init", "-q", "-b", "main"]);
    let key = session.path().join("key");
    for (name, value) in
        [("user.email", address), ("gpg.format", "ssh"), ("user.signingkey", key.to_str().unwrap())]
    {
        session.git(&["config", name, value]);
    }
    commit(session);
    world
}
