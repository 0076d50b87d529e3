//! Approvals that real keys sign, through ssh-keygen: in a file, with a passphrase, and in an agent.

use std::fs;
use std::path::PathBuf;
#[cfg(unix)]
use std::process::Stdio;
use std::process::{Command, Output};

use crate::session::{InTime as _, Session, status, stderr, stdout};
#[cfg(unix)]
use crate::terminal::Terminal;

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [uc@agensi.example, ketua@agensi.example]\nportal: embedded\nlimits: { terminations: 9, terminations_percent: 100, changes: 9 }\nprovenance: signed\nrepository: 0198c1f2-contoh-arkib\napprovals: { terminate: 2 }\n";
const REQUEST: &str = "version: 1\nid: R-1\naction: terminate\nmailboxes:\n  - siti@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: memo\n  reference: R\n";
const DAY: &str = "--as-of=2026-11-23";

/// A request that two approvers must sign; the agency knows only the key of `uc`, who is git's user.
struct Agency(Session);

impl Agency {
    fn new(passphrase: &str) -> Self {
        let agency = Self(Session::new());
        let public = agency.make_key("uc", passphrase);
        agency.make_key("ketua", "");
        let agency_files = [
            ("requests/agency.yaml", POLICY.to_owned()),
            ("requests/R-1.yaml", REQUEST.to_owned()),
            ("requests/allowed_signers", format!("uc@agensi.example {public}\n")),
            ("portal.csv", "mailbox,state\nsiti@agensi.example,enabled\n".to_owned()),
        ];
        for (name, text) in agency_files {
            agency.0.write(name, text);
        }
        let key = agency.key("uc").display().to_string();
        agency.0.git(&["init", "-q", "-b", "main"]);
        for (name, value) in
            [("user.email", "uc@agensi.example"), ("gpg.format", "ssh"), ("user.signingkey", &*key)]
        {
            agency.0.git(&["config", name, value]);
        }
        agency
    }

    fn key(&self, name: &str) -> PathBuf {
        self.0.path().join(format!("{name}.key"))
    }

    /// Makes a key and returns its public half.
    fn make_key(&self, name: &str, passphrase: &str) -> String {
        let mut command = Command::new("ssh-keygen");
        let made = command
            .args(["-q", "-t", "ed25519", "-C", "", "-N", passphrase, "-f"])
            .arg(self.key(name))
            .in_time();
        assert!(made.status.success(), "these tests need ssh-keygen: {}", stderr(&made));
        fs::read_to_string(self.key(name).with_extension("key.pub")).unwrap().trim().to_owned()
    }

    fn approve(&self, arguments: &[&str]) -> Output {
        self.0.arkib(&[&["approve", "R-1", DAY], arguments].concat()).in_time()
    }

    fn request(&self) -> String {
        fs::read_to_string(self.0.path().join("requests/R-1.yaml")).unwrap()
    }

    /// How many approvals the request has, if the signatures of all of them count.
    fn verified(&self) -> Option<usize> {
        let checked = self.0.run(&["check", DAY]);
        let request = self.request();
        (status(&checked) == 0).then(|| request.matches("-----BEGIN").count())
    }
}

fn accepted(output: &Output, words: &[&str]) {
    let said = format!("{}{}", stdout(output), stderr(output));
    assert_eq!(status(output), 0, "{said}");
    words.iter().for_each(|word| assert!(said.contains(word), "{word}: {said}"));
}

fn refused(output: &Output, words: &[&str]) -> String {
    let said = format!("{}{}", stdout(output), stderr(output));
    assert_eq!(status(output), 1, "{said}");
    words.iter().for_each(|word| assert!(said.contains(word), "{word}: {said}"));
    said
}

#[test]
fn whoever_git_knows_as_somebody_else_is_told_so() {
    let agency = Agency::new("");
    let says = |who: &str| stderr(&agency.approve(&["--as", who, "--dry-run"]));
    let other = "git knows you as uc@agensi.example; the approval will name ketua@agensi.example";
    assert!(says("ketua@agensi.example").contains(other), "{}", says("ketua@agensi.example"));
    assert!(!says("uc@agensi.example").contains("git knows you as"));
}

#[test]
fn an_approval_is_not_committed_with_other_changes_of_its_request() {
    let agency = Agency::new("");
    agency.0.git(&["config", "user.name", "Uc"]);
    agency.0.git(&["add", "requests"]);
    agency.0.git(&["commit", "-q", "-m", "R-1"]);
    agency.0.write("requests/R-1.yaml", REQUEST.replace("siti", "rosli"));
    let words = ["requests/R-1.yaml has changes that are not committed", "Nothing was written"];
    refused(&agency.approve(&["--yes", "--branch"]), &words);
    assert!(!agency.request().contains("approvals"), "{}", agency.request());
    agency.0.git(&["commit", "-q", "-a", "-m", "Of somebody else"]);
    accepted(&agency.approve(&["--yes", "--branch"]), &["approve/R-1"]);
}

#[test]
fn keys_in_files_sign_approvals_until_there_are_enough() {
    let agency = Agency::new("");
    accepted(&agency.approve(&["--yes"]), &["waits for 1 more of ketua@agensi.example"]);
    assert_eq!(agency.verified(), Some(1));
    let before = agency.request();
    // A key that the agency does not know; the line to add is shown.
    let ketua = ["--yes", "--as", "ketua@agensi.example", "--key"];
    let key = agency.key("ketua").display().to_string();
    let ketua = [&ketua[..], &[&*key]].concat();
    let said =
        refused(&agency.approve(&ketua), &["is not in allowed_signers", "Nothing was written"]);
    let line =
        said.split("beside the policy: ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
    assert!(
        line.starts_with("ketua@agensi.example namespaces=\"arkib-approval\" ssh-ed25519 AAAA")
    );
    assert_eq!(agency.request(), before);
    // The key of somebody else.
    let other = ["--yes", "--as", "ketua@agensi.example"];
    refused(&agency.approve(&other), &["it is of uc@agensi.example"]);
    refused(
        &agency.approve(&[&other[..], &["--key", "no.key"]].concat()),
        &["there is no key no.key"],
    );
    assert_eq!(agency.request(), before);

    let signers = fs::read_to_string(agency.0.path().join("requests/allowed_signers")).unwrap();
    agency.0.write("requests/allowed_signers", format!("{signers}{line}\n"));
    accepted(&agency.approve(&ketua), &["it has all its approvals"]);
    assert_eq!(agency.verified(), Some(2));
    // The request that they signed cannot be another one.
    agency.0.write("requests/R-1.yaml", agency.request().replace("siti@", "tan@"));
    assert_eq!(agency.verified(), None);
}

#[test]
fn a_signature_of_another_program_is_taken_if_it_is_of_this_statement() {
    let agency = Agency::new("");
    let printed = agency.approve(&["--print"]);
    accepted(&printed, &["repository: 0198c1f2-contoh-arkib", "mailbox: siti@agensi.example"]);
    let file = agency.0.path().join("penyata");
    fs::write(&file, &printed.stdout).unwrap();
    let mut command = Command::new("ssh-keygen");
    let signed = command
        .args(["-Y", "sign", "-n", "arkib-approval", "-f"])
        .args([agency.key("uc"), file])
        .in_time();
    assert!(signed.status.success(), "{}", stderr(&signed));
    let other_day = ["--yes", "--signature", "penyata.sig", "--date", "2026-11-20"];
    refused(
        &agency.approve(&other_day),
        &["arkib approve --print R-1 --as uc@agensi.example --date 2026-11-20"],
    );
    assert_eq!(agency.request(), REQUEST);
    let signature = fs::read_to_string(agency.0.path().join("penyata.sig")).unwrap();
    // As an editor of Windows may save it.
    agency.0.write("penyata.sig", signature.replace('\n', "\r\n"));
    accepted(&agency.approve(&["--yes", "--signature", "penyata.sig"]), &["waits for 1 more"]);
    assert_eq!(agency.verified(), Some(1));
    assert!(!agency.request().contains('\r'));
}

/// An agent that ends with its test.
#[cfg(unix)]
struct Agent(std::process::Child);

#[cfg(unix)]
impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(unix)]
#[test]
fn a_key_in_an_agent_signs_approvals() {
    let agency = Agency::new("");
    let socket = agency.0.path().join("agent");
    let mut command = Command::new("ssh-agent");
    command.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null());
    let _agent = Agent(command.spawn().unwrap());
    let start = std::time::Instant::now();
    while !socket.exists() {
        assert!(start.elapsed().as_secs() < 60, "ssh-agent does not start");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let with_agent = |arguments: &[&str]| {
        let mut command = agency.0.arkib(&[&["approve", "R-1", DAY, "--yes"], arguments].concat());
        command.env("SSH_AUTH_SOCK", &socket).in_time()
    };
    let public = fs::read_to_string(agency.key("uc").with_extension("key.pub")).unwrap();
    agency.0.git(&["config", "user.signingkey", &format!("key::{}", public.trim())]);
    refused(&with_agent(&[]), &["ssh-agent does not hold the key", "ssh-add"]);
    refused(&agency.approve(&["--yes"]), &["ssh-agent does not run"]);
    let mut command = Command::new("ssh-add");
    let added = command.arg("-q").arg(agency.key("uc")).env("SSH_AUTH_SOCK", &socket).in_time();
    assert!(added.status.success(), "{}", stderr(&added));
    fs::remove_file(agency.key("uc")).unwrap();
    accepted(&with_agent(&[]), &["waits for 1 more of ketua@agensi.example"]);
    assert_eq!(agency.verified(), Some(1));
}

#[cfg(unix)]
#[test]
fn ssh_keygen_gets_only_what_it_needs() {
    use std::os::unix::fs::PermissionsExt as _;

    let agency = Agency::new("");
    // In place of ssh-keygen a program that says what it was given.
    agency.0.write(
        "bin/ssh-keygen",
        "#!/bin/sh\n/usr/bin/env >env.txt\ncat >stdin.txt\necho 'no key' >&2\nexit 1\n",
    );
    let program = agency.0.path().join("bin/ssh-keygen");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let mut path = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect::<Vec<_>>();
    path.insert(0, agency.0.path().join("bin"));
    let output = agency
        .0
        .arkib(&["approve", "R-1", DAY, "--yes"])
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("ARKIB_PORTAL_TOKEN", "rahsia-4711")
        .env("AWS_SECRET_ACCESS_KEY", "rahsia-4712")
        .env("DISPLAY", ":0")
        .env("SSH_AUTH_SOCK", "agent")
        .in_time();
    refused(&output, &["ssh-keygen could not sign with the key (no key)"]);
    let given = fs::read_to_string(agency.0.path().join("env.txt")).unwrap();
    assert!(given.contains("SSH_AUTH_SOCK=agent"), "{given}");
    assert!(!given.contains("rahsia") && !given.contains("DISPLAY"), "{given}");
    let signed = fs::read_to_string(agency.0.path().join("stdin.txt")).unwrap();
    assert!(signed.starts_with("arkib-approval/1\nagency: CONTOH\n"), "{signed}");
    assert_eq!(agency.request(), REQUEST);
}

#[cfg(unix)]
#[test]
fn an_approver_sees_the_request_answers_and_types_the_passphrase() {
    let agency = Agency::new("kata laluan");
    let run = || {
        let mut command = agency.0.arkib(&["approve", "R-1", DAY]);
        // A desktop without a program that asks for passphrases.
        command.env("DISPLAY", ":0");
        Terminal::run(command)
    };
    let question = "Approve R-1 as uc@agensi.example, dated 2026-11-23? (yes or no):";
    let terminal = run();
    terminal.expect("R-1: terminate 1 archive");
    terminal.expect("- terminate  siti@agensi.example");
    terminal.answer(question, "yes please");
    terminal.expect("Please answer yes or no.");
    terminal.answer(question, "t");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(1), "{screen}");
    assert!(screen.contains("Not confirmed: nothing was written."), "{screen}");
    assert_eq!(agency.request(), REQUEST);

    let terminal = run();
    terminal.answer(question, "yes");
    terminal.expect("Signing with ");
    terminal.answer("passphrase", "salah");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(1), "{screen}");
    assert!(screen.contains("the passphrase of the key is wrong"), "{screen}");
    assert_eq!(agency.request(), REQUEST);

    let terminal = run();
    terminal.answer(question, "Ya");
    terminal.answer("passphrase", "kata laluan");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert_eq!(agency.verified(), Some(1));
}
