//! What the fields of a row are taken to say.

use std::collections::BTreeMap;

use super::*;
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mapping::export_file::ExportField;
use crate::domain::mapping::vocabulary::Vocabulary;
use crate::domain::observed::Observed;
use crate::language::Message;

#[test]
fn knows_the_usual_words_in_both_languages() {
    let text = "\
E-mel,Status Akaun,Status Arkib,Tahanan
a@agensi.example,Aktif,YA,Tidak
b@agensi.example,Tidak  Aktif,tiada,
c@agensi.example,Dinyahaktifkan,Tamat,Ya
d@agensi.example,Dipohon Hapus,Enabled,?
e@agensi.example,Permohonan Hapus,Aktif,No
f@agensi.example,Requested to Delete,Tidak Aktif,N
g@agensi.example,Dihapuskan,,Tiada
h@agensi.example,deleted,Terminated,FALSE
i@agensi.example,,Sedang Diproses,Ada
j@agensi.example,Cuti,Sedang Ditamatkan,
";
    let export = export(text);
    let expected = [
        "a@agensi.example enabled active",
        "b@agensi.example disabled disabled",
        "c@agensi.example terminated disabled held",
        "d@agensi.example enabled requested-to-delete held",
        "e@agensi.example enabled requested-to-delete",
        "f@agensi.example disabled requested-to-delete",
        "g@agensi.example left empty deleted",
        "h@agensi.example terminated deleted",
        "i@agensi.example Sedang Diproses left empty held",
        "j@agensi.example terminating Cuti",
    ];
    assert_eq!(shown(&export), expected);
    assert_eq!(export.mailboxes[9].account, AccountState::Unknown("Cuti".into()));
    let remarks = Message::joined(export.remarks.clone(), "\n");
    for words in [
        "column `Status Arkib`: 2 mailboxes have unknown words, and they are not changed: `Sedang Diproses`, `left empty`; set their meaning under `export.states` in agency.yaml (an empty cell is the word '')",
        "column `Status Akaun`: 2 mailboxes",
        "column `Tahanan`: 1 mailbox has unknown words, and they count as held: `?`",
    ] {
        assert!(remarks.contains(words), "{words} is not in {remarks}");
    }
}

#[test]
fn reads_names_and_words_of_the_policy() {
    let text = "\
Pengenalan|Status|Servis|Beku|Jab.
A@agensi.example|Berkhidmat|Hidup|B|Jabatan Contoh
b@agensi.example|Aktif|Ya||jabatan  contoh
c@lain.example|Berkhidmat|Hidup||Jabatan Lain
";
    let text = text.replace('|', ";");
    let columns = [
        (ExportField::Mailbox, "PENGENALAN"),
        (ExportField::State, "Servis"),
        (ExportField::Hold, "beku"),
        (ExportField::Agency, "Jab"),
    ];
    let mapping = ExportMapping {
        columns: BTreeMap::from(columns.map(|(column, name)| (column, name.to_owned()))),
        states: Some(Vocabulary::new([("hidup", State::Enabled), ("Mati", State::Disabled)])),
        accounts: Some(Vocabulary::new([("Berkhidmat", AccountState::Active)])),
        holds: Some(Vocabulary::new([("B", true), ("-", false)])),
        agency: Some("JABATAN CONTOH".to_owned()),
    };
    let export = read(text.as_bytes(), "x", &mapping, &domains()).expect("an export");
    // The usual words are no longer known where the policy says its own.
    assert_eq!(
        shown(&export),
        ["a@agensi.example enabled active held", "b@agensi.example Ya Aktif"]
    );
    // A column that the policy gives another meaning has its usual one no longer.
    let status = ExportMapping {
        columns: BTreeMap::from([(ExportField::State, "Status".to_owned())]),
        ..ExportMapping::default()
    };
    let text = "E-mel;Status\nsiti@agensi.example;Tidak Aktif\n";
    let export = read(text.as_bytes(), "x", &status, &domains()).expect("an export");
    assert_eq!(shown(&export), ["siti@agensi.example disabled active"]);
}

#[test]
fn a_repeated_address_is_ambiguous() {
    let export =
        export("E-mel,Arkib\nA@agensi.example,Ya\na@agensi.example ,Tidak\nb@agensi.example,Ya\n");
    let ids: Vec<&str> = export.mailboxes.iter().map(|mailbox| &*mailbox.id).collect();
    assert_eq!(ids, ["a@agensi.example", "a@agensi.example#2", "b@agensi.example"]);
    assert!(export.remarks[0].contains("1 address is in more than one row"));
    assert_eq!(export.remarks.len(), 1);
    let twice = export.mailboxes[0].mailbox.clone();
    let observed = Observed::new(export.mailboxes, true);
    assert!(observed.is_ambiguous(&twice));
    assert_eq!(observed.mailboxes().len(), 2);
}

#[test]
fn cells_that_say_they_are_text_are_read() {
    let export =
        export("#,E-mel,Arkib\n1,=\"siti@agensi.example\",'Ya\n2,'tan@agensi.example,=\"Tidak\"\n");
    let expected = ["siti@agensi.example enabled active", "tan@agensi.example disabled active"];
    assert_eq!(shown(&export), expected);
}

#[test]
fn reports_unusable_addresses() {
    let text = "E-mel,Arkib\nmailto:a@agensi.example,Ya\ns\u{456}ti@agensi.example,Ya\n";
    let export = export(text);
    let probably: Vec<_> = export.unreadable.iter().map(|(is, row)| (is.as_str(), *row)).collect();
    assert_eq!(probably, [("a@agensi.example", 2), ("siti@agensi.example", 3)]);
    let remarks = export.remarks;
    assert!(
        remarks[0].contains("rows with an address that cannot be used in a request"),
        "{remarks:?}"
    );
}

/// Whether an empty field says that there is no archive is for the policy to say.
#[test]
fn an_empty_state_says_nothing_unless_the_policy_gives_it_a_meaning() {
    let text = "E-mel,Arkib\na@agensi.example,Ya\nb@agensi.example,\nc@agensi.example,  \n";
    let states = |none: &str| Vocabulary::new([("Ya", State::Enabled), (none, State::Disabled)]);
    for (none, expected) in [("Tidak", State::Unknown("left empty".into())), ("", State::Disabled)]
    {
        let mapping = ExportMapping { states: Some(states(none)), ..ExportMapping::default() };
        let export = read(text.as_bytes(), "x", &mapping, &domains()).expect("an export");
        assert_eq!(export.mailboxes[0].state, State::Enabled);
        assert!(export.mailboxes[1..].iter().all(|mailbox| mailbox.state == expected), "{none}");
        assert_eq!(export.remarks.is_empty(), none.is_empty(), "{:?}", export.remarks);
    }
}

#[test]
fn ignores_columns_with_months_first() {
    let text = "E-mel,Arkib,Updated,Kept until\na@agensi.example,Ya,03/04/2026,25/12/2026\nb@agensi.example,Ya,11/25/2026,entah\n";
    let text = format!("Report date: 03/04/2026\n{text}");
    let export = export(&text);
    assert_eq!(export.taken_on, None);
    assert!(export.mailboxes.iter().all(|mailbox| mailbox.changed_at.is_none()));
    assert!(export.mailboxes[0].recoverable_until.is_some());
    let remarks = Message::joined(export.remarks.clone(), "\n");
    assert!(
        remarks.contains("column `Updated`: some dates have the month before the day"),
        "{remarks}"
    );
    assert!(remarks.contains("column `Kept until`: 1 date cannot be read"), "{remarks}");
}

#[test]
fn reads_workbook_numbers_and_errors_as_words() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["E-mel", "Arkib", "Dikemas kini", "Rujukan"]).unwrap();
    sheet.write_string(1, 0, "a@agensi.example").unwrap();
    sheet.write_number(1, 1, 1.0).unwrap();
    sheet.write_number(1, 2, 46351.4375).unwrap();
    sheet.write_number(1, 3, 42).unwrap();
    sheet.write_string(2, 0, "b@agensi.example").unwrap();
    let wrong = rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!");
    sheet.write_formula(2, 1, wrong).unwrap();
    let export = taken(&book.save_to_buffer().unwrap()).expect("an export");
    let expected =
        ["a@agensi.example 1 active 42 2026-11-25T02:30:00Z", "b@agensi.example #DIV/0! active"];
    assert_eq!(shown(&export), expected);
}
