use std::sync::Arc;

use crate::domain::archive_state::State;
use crate::domain::mapping::export_file::{ExportField, ExportMapping};
use crate::domain::mapping::upload_file::{Delimiter, Encoding, UploadFileFormat};
use crate::domain::plan::policy_digest;
use crate::domain::policy::diff::{describe_changes, describe_new_policy};
use crate::domain::policy::raw::RawPolicy;
use crate::domain::policy::{Policy, check};
use crate::language::Message;
use crate::yaml::YamlText;

const POLICY: &str = "\
version: 1
agency: CONTOH
name: Jabatan Contoh
domains: [agensi.example]
approvers: [a@agensi.example]
portal: embedded
";

fn policy(more: &str) -> Result<Policy, Vec<String>> {
    let text = format!("{POLICY}{more}");
    let file: Arc<str> = "agency.yaml".into();
    let source = YamlText::new(&file, text.as_bytes()).expect("good");
    let draft = source.parse_draft::<RawPolicy>().expect("a draft");
    check(&draft, &file).map_err(|issues| {
        let each = issues.iter();
        each.map(|issue| format!("{} {}", issue.kind, issue.message)).collect()
    })
}

fn new_policy(policy: &Policy) -> Message {
    Message::joined(describe_new_policy(policy).iter().map(|line| line.text().clone()), "\n")
}

const WHOLE: &str = "\
export:
  columns: { mailbox: Pengenalan, changed_at: Masa }
  states: { enabled: [Hidup], disabled: [Mati, Tiada] }
  agency: JABATAN CONTOH
bulk:
  columns: { mailbox: Alamat, action: Buat }
  actions: { enable: TAMBAH, terminate: BUANG }
  delimiter: tab
  encoding: windows-1252
";

#[test]
fn reads_export_and_bulk_sections() {
    let plain = policy("").expect("a policy");
    assert_eq!(plain.export, ExportMapping::default());
    assert_eq!(plain.bulk, UploadFileFormat::default());
    let whole = policy(WHOLE).expect("a policy");
    assert_eq!(whole.export.columns[&ExportField::ChangedAt], "Masa");
    assert_eq!(whole.export.states().meaning_of("MATI"), Some(&State::Disabled));
    assert_eq!(whole.export.states().meaning_of("Tidak"), None);
    assert_eq!(whole.export.agency.as_deref(), Some("JABATAN CONTOH"));
    assert_eq!(whole.bulk.header().collect::<Vec<_>>(), ["Alamat", "Buat"]);
    assert_eq!(whole.bulk.delimiter, Delimiter::Tab);
    assert_eq!(whole.bulk.encoding, Encoding::Windows1252);
}

#[test]
fn changed_words_are_shown_and_change_the_digest() {
    let plain = policy("").expect("a policy");
    let whole = policy(WHOLE).expect("a policy");
    let message = describe_changes(&plain, &whole);
    for words in [
        "export.columns.mailbox: from its usual names to Pengenalan",
        "export.states: adds `Tiada` for disabled",
        "export.states: removes the usual words",
        "export.agency: from any agency to JABATAN CONTOH",
        "bulk.columns.request: from Rujukan to no column",
        "bulk.actions.terminate: from Tamatkan Arkib to BUANG",
        "bulk.delimiter: from comma to tab",
        "bulk.encoding: from utf-8 to windows-1252",
    ] {
        assert!(message.iter().any(|line| *line.text() == words), "{words} is not in {message:#?}");
    }
    assert!(describe_changes(&whole, &whole).is_empty());
    // A new policy shows them, too: words decide what an export means.
    let new = new_policy(&whole);
    assert!(new.contains("export.states: adds `Hidup` for enabled"), "{new}");
    assert!(new.contains("bulk.actions.terminate: from Tamatkan Arkib to BUANG"), "{new}");
    assert!(!new_policy(&plain).contains("bulk."));
    let mut digests = vec![policy_digest(&plain)];
    for (from, to) in [
        ("", ""),
        ("Masa", "Waktu"),
        ("Mati, Tiada", "Mati"),
        ("JABATAN CONTOH", "JABATAN LAIN"),
        ("enable: TAMBAH, terminate: BUANG", "enable: BUANG, terminate: TAMBAH"),
        ("action: Buat }", "action: Buat, request: Ruj }"),
        ("delimiter: tab", "delimiter: comma"),
        ("windows-1252", "utf-8"),
    ] {
        let digest = policy_digest(&policy(&WHOLE.replace(from, to)).expect("a policy"));
        assert!(!digests.contains(&digest), "{from} and {to} have one digest");
        digests.push(digest);
    }
    // Writing the default is the same as leaving it out.
    let same = "bulk: { delimiter: comma }\n";
    let same = policy_digest(&policy(same).expect("a policy"));
    assert_eq!(same, digests[0]);
}

#[test]
fn mistakes_in_export_and_bulk_are_reported() {
    for (text, words) in [
        (
            "export: { columns: { mailbox: E-mel, hold: 'e mel' } }",
            "column-twice the column `e mel` is also that of `mailbox`",
        ),
        ("export: { columns: { mailbox: '--' } }", "bad-name"),
        ("export: { agency: '' }", "no-value"),
        ("export: { states: { enabled: [Ada] } }", "missing-words"),
        ("bulk: { columns: { mailbox: E-mel } }", "missing-key the key `action` is missing"),
        ("bulk: { columns: { mailbox: E-mel, action: e-mel } }", "column-twice"),
        ("bulk: { columns: { mailbox: '=E-mel', action: A } }", "begins like a formula"),
        ("bulk: { columns: { mailbox: ' E-mel', action: A } }", "begins or ends with a space"),
        (
            "bulk: { actions: { enable: Ya, terminate: ya } }",
            "word-twice `ya` is here and under `enable`",
        ),
        ("bulk: { actions: { enable: Ya } }", "missing-key the key `terminate` is missing"),
        ("bulk: { delimiter: pipe }", "unknown-word found `pipe`, expected comma, semicolon, tab"),
        (
            "bulk: { encoding: windows-1252, actions: { enable: 部, terminate: T } }",
            "windows-1252 does not have",
        ),
    ] {
        let message = policy(&format!("{text}\n")).expect_err(text).join("\n");
        assert!(message.contains(words), "{words} is not in {message}");
    }
}
