//! What the portal is given, byte for byte.

use jiff::Timestamp;

use super::*;
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::export_file::ExportMapping;
use crate::domain::mapping::upload_file::{Delimiter, Encoding, UploadFileFormat};
use crate::portal::UploadRow;
use crate::portal::files::export;

fn mailboxes() -> Vec<Mailbox> {
    let addresses =
        ["rosli@agensi.example", "o'brien@agensi.example", "siti.aminah@agensi.example"];
    addresses.map(Mailbox::from_portal).into()
}

fn rows(mailboxes: &[Mailbox]) -> Vec<UploadRow<'_>> {
    let actions = [Target::Terminated, Target::Enabled, Target::Enabled];
    let requests = ["BMT-2026-0043", "BMT-2026-0042", "BMT-2026-0042"];
    let each = mailboxes.iter().zip(actions).zip(requests);
    each.map(|((mailbox, action), request)| UploadRow { mailbox, action, request }).collect()
}

#[test]
fn writes_the_bulk_file() {
    let mailboxes = mailboxes();
    let rows = rows(&mailboxes);
    let plain = write_csv(&rows, &UploadFileFormat::default()).expect("a file");
    assert_eq!(plain, include_bytes!("tests/plain.csv"));
    let other = UploadFileFormat {
        mailbox: "Pengguna; alamat".to_owned(),
        action: "Tindakan Pentadbir é".to_owned(),
        request: None,
        enable: "TAMBAH".to_owned(),
        terminate: "BUANG \"ARKIB\"".to_owned(),
        delimiter: Delimiter::Semicolon,
        encoding: Encoding::Windows1252,
    };
    assert_eq!(
        write_csv(&rows, &other).expect("a file"),
        include_bytes!("tests/semicolons-1252.csv")
    );
    let tabs = UploadFileFormat {
        delimiter: Delimiter::Tab,
        encoding: Encoding::Utf8Bom,
        ..UploadFileFormat::default()
    };
    assert_eq!(write_csv(&rows, &tabs).expect("a file"), include_bytes!("tests/tabs-bom.csv"));
}

#[test]
fn workbook_matches_csv_and_is_reproducible() {
    let mailboxes = mailboxes();
    let rows = rows(&mailboxes);
    let mapping = UploadFileFormat::default();
    let at: Timestamp = "2026-11-25T02:30:00Z".parse().expect("a moment");
    let first = write_xlsx(&rows, &mapping, at).expect("a workbook");
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert_eq!(first, write_xlsx(&rows, &mapping, at).expect("a workbook"));
    // The reader of exports finds the rows again, where an export is the portal's answer.
    let columns =
        [(crate::domain::mapping::export_file::ExportField::State, "Tindakan".to_owned())];
    let mapping = ExportMapping { columns: columns.into(), ..ExportMapping::default() };
    let read = export::read(&first, "x", &mapping, &["agensi.example".to_owned()]).expect("rows");
    let back: Vec<String> = read
        .mailboxes
        .iter()
        .map(|mailbox| {
            format!(
                "{} {} {}",
                mailbox.id,
                mailbox.state,
                mailbox.request.as_deref().unwrap_or("none")
            )
        })
        .collect();
    assert_eq!(
        back,
        [
            "rosli@agensi.example Tamatkan Arkib BMT-2026-0043",
            "o'brien@agensi.example Aktifkan Arkib BMT-2026-0042",
            "siti.aminah@agensi.example Aktifkan Arkib BMT-2026-0042",
        ]
    );
}

#[test]
fn refuses_formulas() {
    let mapping = UploadFileFormat::default();
    let old = UploadFileFormat { encoding: Encoding::Windows1252, ..UploadFileFormat::default() };
    let check_safe = |address: &str, request: &str, mapping: &UploadFileFormat| {
        let mailbox = Mailbox::from_portal(address);
        let row = UploadRow { mailbox: &mailbox, action: Target::Enabled, request };
        let safe = row.check_safe(mapping);
        let at = Timestamp::UNIX_EPOCH;
        assert_eq!(write_csv(&[row], mapping).is_ok(), safe.is_ok());
        assert_eq!(write_xlsx(&[row], mapping, at).is_ok(), safe.is_ok());
        safe
    };
    for address in
        ["=cmd@agensi.example", "+60@agensi.example", "-a@agensi.example", "@x", "'=a@x.example"]
    {
        assert_eq!(
            check_safe(address, "R-1", &mapping),
            Err(UnsafeReason::Formula(UploadField::Address)),
            "{address}"
        );
    }
    assert_eq!(
        check_safe("a@x.example", "=1", &mapping),
        Err(UnsafeReason::Formula(UploadField::Request))
    );
    let without = UploadFileFormat { request: None, ..UploadFileFormat::default() };
    assert_eq!(check_safe("a@x.example", "=1", &without), Ok(()));
    assert_eq!(
        check_safe("a\n=1@x.example", "R-1", &mapping),
        Err(UnsafeReason::Control(UploadField::Address))
    );
    assert_eq!(
        check_safe("部@x.example", "R-1", &old),
        Err(UnsafeReason::Character(UploadField::Address))
    );
    assert_eq!(check_safe("部@x.example", "R-1", &mapping), Ok(()));
    let said = UnsafeReason::Formula(UploadField::Address).message();
    assert!(said.contains("by hand"), "{said}");
}
