//! The screens of the dialogue on a terminal of 80 columns and 24 rows, in both languages, held against files.
//! `ARKIB_BLESS=1 cargo test --test it screens` writes them.

use std::path::Path;

use super::{files, read};
use crate::outputs::{DAY, agency, numbered, request};
use crate::session::Session;
use crate::terminal::{Terminal, rendered};

/// A session of the clerk: each screen with a title.
pub(super) struct Clerk {
    pub(super) terminal: Terminal,
    screens: String,
}

/// What the tests wait for, which is another in each language.
pub(super) struct Words {
    language: &'static str,
    pub(super) received: &'static str,
    pub(super) channel: &'static str,
    pub(super) reference: &'static str,
    pub(super) applicant: &'static str,
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) effective: &'static str,
    pub(super) reason: &'static str,
    pub(super) document: &'static str,
    choose: &'static str,
    pub(super) write_help: &'static str,
    yes_or_no: &'static str,
    stopped: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    received: "arrive? (23/11/2026)",
    channel: "How did it arrive?",
    reference: "[for example CONTOH",
    applicant: "Who applied",
    name: "The applicant's name",
    file: "own file (Ruj",
    effective: "as soon as it is approved]",
    reason: "Why, in a sentence?",
    document: "Scanned document",
    choose: "[↑ ↓ and Enter",
    write_help: "[no: change an answer",
    yes_or_no: "Please answer yes or no.",
    stopped: "Stopped: nothing was written.",
};

pub(super) const MALAY: Words = Words {
    language: "ms",
    received: "diterima? (23/11/2026)",
    channel: "Bagaimanakah permohonan diterima?",
    reference: "[contoh CONTOH",
    applicant: "Siapakah pemohon",
    name: "Nama pemohon",
    file: "Fail agensi (Ruj",
    effective: "sebaik sahaja diluluskan]",
    reason: "Apakah sebabnya",
    document: "Dokumen imbasan",
    choose: "[↑ ↓ dan Enter",
    write_help: "[tidak: ubah jawapan",
    yes_or_no: "Sila jawab ya atau tidak.",
    stopped: "Dihentikan: tiada apa-apa ditulis.",
};

impl Clerk {
    pub(super) fn new(session: &Session, words: &Words, arguments: &[&str]) -> Self {
        let language = ["--language", words.language];
        let mut command = session.arkib(&[arguments, &DAY, &language].concat());
        command.env("TERM", "xterm");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Puan")
                .env(format!("GIT_{role}_EMAIL"), "puan@agensi.example")
                .env(format!("GIT_{role}_DATE"), "2026-11-23T12:00:00+08:00");
        }
        Self { terminal: Terminal::run_usual(command), screens: String::new() }
    }

    /// Keeps the screen once that text is shown.
    pub(super) fn look(&mut self, title: &str, expected: &str) {
        let screen = self.terminal.view(expected);
        self.screens += &format!("==== {title}\n{screen}\n");
    }

    pub(super) fn keys(&self, keys: &str) {
        self.terminal.type_text(keys);
    }

    /// Answers the question that is shown next.
    pub(super) fn answer(&self, question: &str, answer: &str) {
        self.terminal.answer(question, answer);
    }

    /// Keeps the last screen; returns all, and the exit status.
    pub(super) fn end(self) -> (String, Option<i32>) {
        let (status, output) = self.terminal.wait();
        (self.screens + "==== end\n" + &rendered(&output), status.code())
    }
}

/// Holds screens against their file.
pub(super) fn hold(words: &Words, name: &str, screens: &str) {
    let file = format!("tests/it/new_request/screens/{name}.{}.txt", words.language);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("ARKIB_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, screens).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(expected, screens, "{} has other screens:\n{screens}", file.display());
    if words.language == "ms" {
        assert_malay(screens);
    }
}

/// No word of the English dialogue is left in the Malay one.
fn assert_malay(screens: &str) {
    const ENGLISH_WORDS: &str = "an and are as at by for from how is it nothing not of on or out stop that the this \
        to type was which who why will with write written yes mailbox mailboxes file note day";
    let is_text = |line: &&str| !line.starts_with("====") && !line.trim_start().starts_with("git ");
    for line in screens.lines().filter(is_text) {
        let words = line.split(|letter: char| !letter.is_alphanumeric());
        let mut english = words.filter(|word| {
            ENGLISH_WORDS.split_whitespace().any(|english| english == word.to_lowercase())
        });
        assert_eq!(english.next(), None, "{line}");
    }
}

fn session() -> Session {
    let portal = [
        ("siti.aminah", "disabled"),
        ("siti.hajar", "enabled"),
        ("tan.mei.ling", "disabled"),
        ("rosli", "enabled"),
    ];
    let session = agency(&[("R-7", request("R-7", "enable", &numbered(1)))], &portal);
    session.git(&["remote", "add", "origin", "git@gitlab.agensi.example:rekod/arkib.git"]);
    session.write("surat.pdf", "surat");
    session
}

#[test]
fn screens_of_a_letter_to_enable() {
    for words in [&ENGLISH, &MALAY] {
        let session = session();
        let mut clerk = Clerk::new(&session, words, &["request", "enable", "--branch"]);
        clerk.look("the first question", "1: ");
        clerk.keys("siti");
        clerk.look("suggestions", "1: siti ");
        clerk.keys("\u{1b}[B\n");
        clerk.answer("2: ", "hajar");
        clerk.look("a mailbox that is enabled already", "3: ");
        clerk.keys("tan.mei.ling@agensi.example; x@lain.example\n");
        clerk.look("one of two is foreign", "4: ");
        clerk.keys("-2\n");
        clerk.look("taken out", "3: ");
        clerk.keys("\n");
        clerk.answer(words.received, "31 November 2026");
        clerk.look("no such day", "! ");
        clerk.keys(&"\u{7f}".repeat("31 November 2026".len()));
        clerk.keys("20 November 2026\n");
        clerk.look("the channel", words.choose);
        clerk.keys("3\n");
        clerk.answer(words.reference, "CONTOH.600-1/2/3 (12)");
        clerk.terminal.expect(words.applicant);
        // Back to the reference, and on.
        clerk.keys("\u{1b}");
        clerk.look("back", words.reference);
        clerk.keys("\n");
        clerk.answer(words.applicant, "siti.aminah@agensi.example");
        clerk.answer(words.name, "Puan Siti Aminah");
        clerk.answer(words.file, "");
        clerk.answer(words.effective, "");
        clerk.answer(words.reason, "");
        clerk.answer(words.document, "surat.pdf");
        clerk.answer("2: ", "");
        clerk.look("the whole request", words.write_help);
        clerk.keys("baik\n");
        clerk.look("neither yes nor no", words.yes_or_no);
        clerk.keys("\u{7f}\u{7f}\u{7f}\u{7f}t\n");
        clerk.look("what to change", words.choose);
        clerk.keys("\u{1b}[A\u{1b}[A\u{1b}[A\u{1b}[A\n");
        clerk.answer(words.reason, "Peti mel penuh.");
        clerk.look("the changed request", words.write_help);
        clerk.keys("ya\n");
        let (screens, status) = clerk.end();
        assert_eq!(status, Some(0), "{screens}");
        hold(words, "enable", &screens);
        let written = read(&session, "requests/2026/R-8.yaml");
        let expected = "mailboxes:\n  - siti.aminah@agensi.example\n  - tan.mei.ling@agensi.example\nreceived:\n  date: 2026-11-20\n  channel: letter\n  reference: CONTOH.600-1/2/3 (12)\n  from: siti.aminah@agensi.example\n  name: Puan Siti Aminah\nevidence:\n  - file: R-8-1.pdf\n";
        assert!(written.contains(expected), "{written}");
        assert!(written.ends_with("reason: Peti mel penuh.\n"), "{written}");
        // The second letter of the day does not wait for the first.
        let mut clerk = Clerk::new(&session, words, &["request", "terminate", "--branch"]);
        clerk.answer("1: ", "rosli");
        clerk.answer("2: ", "");
        clerk.answer(words.received, "");
        clerk.answer(words.channel, "memo");
        clerk.answer(words.reference, "M 1");
        for question in [words.applicant, words.name, words.file, words.effective, words.reason] {
            clerk.answer(question, "");
        }
        clerk.answer(words.document, "");
        clerk.look("the second letter", words.write_help);
        clerk.keys("y\n");
        let (screens, status) = clerk.end();
        assert_eq!(status, Some(0), "{screens}");
        hold(words, "terminate", &screens);
        let branches = ["log", "--format=%s", "main..request/R-9"];
        assert_eq!(session.git(&branches), "Request R-9: terminate 1 archive");
    }
}

#[test]
fn screens_of_a_withdrawal_that_is_stopped() {
    for words in [&ENGLISH, &MALAY] {
        let session = session();
        let before = files(&session);
        let mut clerk = Clerk::new(&session, words, &["request", "withdraw"]);
        clerk.look("which request", words.choose);
        clerk.keys("\n");
        clerk.answer(words.received, "");
        clerk.answer(words.channel, "surat");
        clerk.look("the reference", words.reference);
        clerk.keys("\u{3}");
        let (screens, status) = clerk.end();
        assert_eq!(status, Some(1), "{screens}");
        assert!(screens.contains(words.stopped), "{screens}");
        hold(words, "withdraw", &screens);
        assert_eq!(files(&session), before);
    }
}
