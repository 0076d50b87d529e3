//! Both flow charts of the procedure, in Malay by commands alone on a terminal of 80 columns and 24 rows:
//! from the letter to the answer and the records. The screens are held against files.

use std::sync::LazyLock;

use super::screens::{Clerk, MALAY, hold};
use crate::outputs::agency;
use crate::session::Session;
use crate::terminal::rendered;

const MORE_OF_THE_POLICY: &str =
    "language: ms\nnotices:\n  since: 2026-11-01\n  from: arkib@agensi.example\n";

/// An office, and what its officers saw.
struct Office {
    session: Session,
    screens: String,
    too_wide: Vec<String>,
}

/// The screens up to the run that changes the archive, and those after it.
struct Screens {
    until_done: String,
    afterwards: String,
    too_wide: Vec<String>,
}

impl Office {
    fn new(state: &str) -> Self {
        let session = agency(&[], &[("siti.aminah", state), ("tan.mei.ling", "enabled")]);
        let policy = session.path().join("requests/agency.yaml");
        let policy = std::fs::read_to_string(policy).unwrap() + MORE_OF_THE_POLICY;
        session.write("requests/agency.yaml", policy);
        session.git(&["commit", "-q", "-a", "-m", "Policy"]);
        session.git(&["remote", "add", "origin", "git@gitlab.agensi.example:rekod/arkib.git"]);
        session.write("surat.pdf", "surat");
        Self { session, screens: String::new(), too_wide: Vec::new() }
    }

    /// Files the letter, answering each question.
    fn file_the_letter(&mut self, action: &str, reason: &str) {
        let arguments = ["request", action, "--branch"];
        let mut clerk = Clerk::new(&self.session, &MALAY, &arguments);
        let words = &MALAY;
        clerk.answer("1: ", "siti.aminah@agensi.example");
        clerk.answer("2: ", "");
        clerk.answer(words.received, "20 November 2026");
        clerk.answer(words.channel, "surat");
        clerk.answer(words.reference, "CONTOH.600-1/2/3 (12)");
        clerk.answer(words.applicant, "");
        clerk.answer(words.name, "Ketua Unit Rekod");
        clerk.answer(words.file, "CONTOH.600-1/2/3 Jld. 2 (17)");
        clerk.answer(words.effective, "");
        clerk.answer(words.reason, reason);
        clerk.answer(words.document, "surat.pdf");
        clerk.answer("2: ", "");
        clerk.look("arkib request: permohonan lengkap", words.write_help);
        clerk.keys("ya\n");
        let (screens, status) = clerk.end();
        assert_eq!(status, Some(0), "{screens}");
        self.screens += &(screens + "\n");
    }

    /// Runs a command; each question gets its answer.
    fn run(&mut self, arguments: &[&str], answers: &[(&str, &str)]) {
        let clerk = Clerk::new(&self.session, &MALAY, arguments);
        for (question, answer) in answers {
            clerk.answer(question, answer);
        }
        let (status, output) = clerk.terminal.wait();
        assert_eq!(status.code(), Some(0), "{arguments:?}: {output}");
        // A bar is drawn over again and again in one line.
        for line in anstream::adapter::strip_str(&output).to_string().split(['\n', '\r']) {
            // A command or an address is copied whole.
            let is_copied = ["  git ", "  https://"].iter().any(|copied| line.starts_with(copied));
            if line.trim_end().chars().count() > 80 && !is_copied {
                self.too_wide.push(line.to_owned());
            }
        }
        let screen = rendered(&without_digests(&output));
        self.screens += &format!("==== arkib {}\n{screen}\n", arguments.join(" "));
    }

    /// The whole procedure.
    fn carry_out(mut self, action: &str, reason: &str) -> Screens {
        let id = "CONTOH-2026-0001";
        self.file_the_letter(action, reason);
        self.session.git(&["switch", "-q", &format!("request/{id}")]);
        self.run(&["check", "--base", "main"], &[]);
        let yes = ("(ya atau tidak)", "ya");
        self.run(&["approve", id, "--as", "pentadbir@agensi.example"], &[yes]);
        self.session.git(&["commit", "-q", "-a", "-m", "Kelulusan"]);
        self.run(&["reconcile", "--dry-run", "--base", "main"], &[]);
        self.session.git(&["switch", "-q", "main"]);
        self.session.git(&["merge", "-q", "--no-edit", &format!("request/{id}")]);
        self.run(&["status"], &[]);
        self.run(&["reconcile"], &[yes]);
        self.session.git(&["add", "requests"]);
        self.session.git(&["commit", "-q", "-m", "Rekod"]);
        self.run(&["status", id], &[]);
        let until_done = std::mem::take(&mut self.screens);
        let too_wide = std::mem::take(&mut self.too_wide);
        self.run(&["notify", "--output", "notis"], &[yes]);
        self.run(&["records", "verify"], &[]);
        self.run(&["register", "--output", "daftar.html"], &[]);
        Screens { until_done, afterwards: self.screens, too_wide }
    }
}

/// Without the names of commits, plans and records, and without the version: each run has other ones.
fn without_digests(output: &str) -> String {
    let mask = |word: &str| match word.rsplit_once('/') {
        Some((folder, name)) if name.ends_with(".jsonl") => format!("{folder}/x.jsonl"),
        _ => {
            let is_hex = |letter: char| letter.is_ascii_hexdigit() && !letter.is_uppercase();
            let hex = word.trim_matches(|letter| !is_hex(letter));
            let is_digest = hex.len() >= 7 && hex.chars().all(is_hex);
            if is_digest { word.replace(hex, &"x".repeat(hex.len())) } else { word.to_owned() }
        }
    };
    let masked =
        output.split(' ').map(|words| words.split('\r').map(mask).collect::<Vec<_>>().join("\r"));
    masked.collect::<Vec<_>>().join(" ").replace(env!("CARGO_PKG_VERSION"), "x.y.z")
}

/// What one office saw, for all tests.
fn enable() -> &'static Screens {
    static SCREENS: LazyLock<Screens> =
        LazyLock::new(|| Office::new("disabled").carry_out("enable", "Peti mel penuh."));
    &SCREENS
}

fn terminate() -> &'static Screens {
    static SCREENS: LazyLock<Screens> =
        LazyLock::new(|| Office::new("enabled").carry_out("terminate", "Bersara."));
    &SCREENS
}

#[test]
fn screens_of_enabling_by_the_procedure() {
    let screens = enable();
    hold(&MALAY, "procedure-enable", &screens.until_done);
    assert!(screens.too_wide.is_empty(), "{:#?}", screens.too_wide);
}

#[test]
fn screens_of_terminating_by_the_procedure() {
    let screens = terminate();
    hold(&MALAY, "procedure-terminate", &screens.until_done);
    assert!(screens.too_wide.is_empty(), "{:#?}", screens.too_wide);
}

#[test]
fn screens_of_telling_and_of_the_records() {
    hold(&MALAY, "procedure-enabled", &enable().afterwards);
    hold(&MALAY, "procedure-terminated", &terminate().afterwards);
}
