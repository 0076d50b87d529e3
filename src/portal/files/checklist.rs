//! The page that goes with a file of changes: a checklist for the officer who uploads it, on one
//! sheet of A4. It names every termination, which is the direction that loses something.
//!
//! What policies, requests and file names say reaches the page as text alone; it runs no script and
//! loads nothing (Content Security Policy, level 3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value as Shown, context};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::domain::archive_state::Target;
use crate::domain::local_time;
use crate::language::Language;
use crate::portal::UploadRow;
use crate::text::excerpt;

const TEMPLATE: &str = include_str!("checklist/page.html");
const STYLE: &str = include_str!("checklist/page.css");
/// What the template may cost; its lists are bounded.
const FUEL: u64 = 100_000;
/// The most terminations that are listed.
const TERMINATIONS: usize = 40;
/// The most earlier files that are listed.
const MAX_PREVIOUS: usize = 6;
/// The most files that are not to be uploaded any more that are listed.
const VOID: usize = 6;
/// The first digits of a SHA-256, by which two people compare files.
const DIGITS: usize = 16;
/// The longest text of a kind, in characters.
const LONGEST: usize = 254;

/// What is handed over.
#[derive(Debug, Clone)]
pub struct ChecklistContent<'a> {
    /// The agency's full name.
    pub agency: &'a str,
    /// When the files were made.
    pub made_at: Timestamp,
    /// Who made them.
    pub made_by: &'a str,
    /// The first digits of the plan's digest.
    pub plan: &'a str,
    /// The changes, in the plan's order.
    pub rows: &'a [UploadRow<'a>],
    /// The files that hold them, one in each format, by name, with their SHA-256 in hexadecimal
    /// digits.
    pub files: Vec<(&'a str, &'a str)>,
    /// Files handed over before of which no export shows the effect, the oldest first.
    pub previous: Vec<PreviousHandOver<'a>>,
    /// Files handed over before that are not to be uploaded any more, by name.
    pub void: Vec<&'a str>,
}

/// A file that was handed over before.
#[derive(Debug, Clone, Copy)]
pub struct PreviousHandOver<'a> {
    /// Its name, without the folder.
    pub name: &'a str,
    /// When it was handed over.
    pub at: Timestamp,
    /// How many of its changes that are still open enable.
    pub enable: usize,
    /// How many terminate.
    pub terminate: usize,
}

/// Why a page cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the checklist cannot be made: {0}")]
pub struct ChecklistError(String);

/// The checklist, as one page of HTML. That the template cannot be filled would be arkib's own fault.
pub fn render_checklist(
    handover: &ChecklistContent<'_>,
    language: Language,
) -> Result<String, ChecklistError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    let style = STYLE.replace('\r', "");
    let page = context! {
        language => language.as_str(),
        policy => format!(
            "default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
            STANDARD.encode(Sha256::digest(style.as_bytes()))
        ),
        style => Shown::from_safe_string(style),
        text => Serde(language.texts().section("handover")),
        page => Serde(&template_values(handover, language)),
    };
    environment
        .render_named_str("page.html", TEMPLATE, page)
        .map_err(|error| ChecklistError(error.to_string()))
}

fn template_values(handover: &ChecklistContent<'_>, language: Language) -> Value {
    let rows = handover.rows.iter();
    let terminations: Vec<&UploadRow<'_>> =
        rows.filter(|row| row.action == Target::Terminated).collect();
    json!({
        "agency": sanitize_for_page(handover.agency),
        "made_at": local_date_time(handover.made_at, language),
        "made_by": sanitize_for_page(handover.made_by),
        "plan": sanitize_for_page(handover.plan),
        "rows": handover.rows.len(),
        "enable": handover.rows.len() - terminations.len(),
        "terminate": terminations.len(),
        "files": first_items(&handover.files, usize::MAX, |(name, sha256)| {
            json!({ "name": sanitize_for_page(name), "sha256": sanitize_for_page(&shorten_digest(sha256)) })
        }),
        "terminations": first_items(&terminations, TERMINATIONS, |change| {
            json!({ "mailbox": sanitize_for_page(change.mailbox.as_str()), "request": sanitize_for_page(change.request) })
        }),
        "more_terminations": terminations.len().saturating_sub(TERMINATIONS),
        "previous": first_items(&handover.previous, MAX_PREVIOUS, |file| json!({
            "name": sanitize_for_page(file.name),
            "at": local_date_time(file.at, language),
            "enable": file.enable,
            "terminate": file.terminate,
        })),
        "more_previous": handover.previous.len().saturating_sub(MAX_PREVIOUS),
        "void": first_items(&handover.void, VOID, |name| sanitize_for_page(name).into()),
        "more_void": handover.void.len().saturating_sub(VOID),
    })
}

/// At most so many of a list, as the page shows them.
fn first_items<T>(all: &[T], most: usize, show: impl Fn(&T) -> Value) -> Vec<Value> {
    all.iter().take(most).map(show).collect()
}

fn local_date_time(at: Timestamp, language: Language) -> String {
    let local = local_time::to_local_time(at);
    let day = language.format_long_date(local.date());
    format!("{day}, {:02}:{:02}", local.hour(), local.minute())
}

/// The first digits of a SHA-256, as people compare them.
fn shorten_digest(sha256: &str) -> String {
    let digits: Vec<char> = sha256.chars().take(DIGITS).collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// A text with nothing in it that hides or turns what stands around it.
fn sanitize_for_page(text: &str) -> String {
    excerpt(text.trim(), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mailbox_address::Mailbox;

    fn page(
        count: usize,
        language: Language,
        change: impl Fn(&mut ChecklistContent<'_>),
    ) -> String {
        page_by("BMT-2026-0043", count, language, change)
    }

    fn page_by(
        request: &str,
        count: usize,
        language: Language,
        change: impl Fn(&mut ChecklistContent<'_>),
    ) -> String {
        let mailboxes: Vec<Mailbox> = (0..count + 212)
            .map(|n| {
                Mailbox::from_portal(&format!("nur.syafiqah.binti.abdullah{n}@agensi.example"))
            })
            .collect();
        let row = |(n, mailbox)| UploadRow {
            mailbox,
            action: if n < count { Target::Terminated } else { Target::Enabled },
            request,
        };
        let rows: Vec<UploadRow<'_>> = mailboxes.iter().enumerate().map(row).collect();
        let sha256 = "3f9a1c2e5b6d7788aabbccddeeff00112233445566778899aabbccddeeff0011";
        let mut handover = ChecklistContent {
            agency: "Jabatan Contoh Malaysia",
            made_at: "2026-11-25T02:30:00Z".parse().expect("a moment"),
            made_by: "pentadbir.uc@agensi.example",
            plan: "3f9a1c2e",
            rows: &rows,
            files: vec![("pukal-3f9a1c2e.csv", sha256), ("pukal-3f9a1c2e.xlsx", sha256)],
            previous: vec![PreviousHandOver {
                name: "pukal-0b1c2d3e.csv",
                at: "2026-11-24T01:00:00Z".parse().expect("a moment"),
                enable: 3,
                terminate: 1,
            }],
            void: vec!["pukal-00aa11bb.csv"],
        };
        change(&mut handover);
        render_checklist(&handover, language).expect("a page")
    }

    #[test]
    fn lists_the_checks_in_both_languages() {
        for (language, words) in [
            (
                Language::Malay,
                "pastikan portal menunjukkan 224 rekod: 212 pengaktifan dan 12 penamatan",
            ),
            (Language::English, "the portal shows 224 records: 212 to enable and 12 to terminate"),
        ] {
            let page = page(12, language, |_| {});
            assert!(page.contains(words), "{page}");
            for fact in [
                "Jabatan Contoh Malaysia",
                "25 November 2026, 10:30",
                "3f9a 1c2e 5b6d 7788<",
                "pukal-0b1c2d3e.csv",
                "pukal-00aa11bb.csv",
                "24 November 2026, 09:00",
                "abdullah11@agensi.example",
            ] {
                assert!(page.contains(fact), "{fact} is not in {page}");
            }
            assert!(!page.contains("{n}") && !page.contains("handover."), "{page}");
        }
    }

    #[test]
    fn lists_forty_terminations_and_counts_the_rest() {
        let page = page(43, Language::English, |_| {});
        assert_eq!(page.matches("class=\"mailbox\"").count(), 40);
        assert!(
            page.contains("… and 3 more in the file")
                && page.contains("Terminations in this file (43)")
        );
        let page = crate::portal::files::checklist::tests::page(0, Language::English, |handover| {
            handover.previous.clear();
            handover.files.truncate(1);
        });
        assert!(page.contains("There are no terminations in this file"));
        assert!(page.contains("Choose the file pukal-3f9a1c2e.csv."));
        assert!(!page.contains("Upload these earlier files") && !page.contains("Upload ONE"));
    }

    #[test]
    fn escapes_names() {
        let page = page_by("<img src=x>", 1, Language::Malay, |handover| {
            handover.agency = "<script>alert(1)</script>\u{202e}";
            handover.made_by = "{{ 7 * 7 }}\" onload=\"x";
            handover.files[0].0 = "</style><b>.csv";
        });
        for bad in ["<script", "</style><b>", "<img", "onload=\"", "\u{202e}", ">49<"] {
            assert!(!page.contains(bad), "{bad}");
        }
        assert!(page.contains("default-src &#x27;none&#x27;; style-src"));
    }
}
