//! Printed notices and their templates.

use std::fs;

use super::{
    POLICY, address, agency, agency_by_email, notify_json, outcomes, read, reason, records,
};
use crate::outputs::DAY;
use crate::session::{status, stderr, stdout};
use crate::smtp_server::Smtp;

#[test]
fn printed_files_name_nobody_and_are_not_overwritten() {
    let requests: [(&str, &str, &[&str]); 3] =
        [("R-1", "letter", &["a", "b"]), ("R-2", "memo", &["c"]), ("R-3", "form", &["d"])];
    let session = agency(POLICY, &requests);
    session.write("out/R-1-enabled-1.html", "an earlier one");
    let arguments = [&["notify", "--yes", "--output", "out"], &DAY[..]].concat();
    let output = session.run(&arguments);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let folder = fs::read_dir(session.path().join("out")).unwrap();
    let mut names: Vec<String> =
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected = [
        "R-1-enabled-1.html",
        "R-1-enabled-2.html",
        "R-1-enabled-3.html",
        "R-2-enabled-1.html",
        "R-3-enabled-1.html",
    ];
    assert_eq!(names, expected);
    let page = |name: &str| fs::read_to_string(session.path().join("out").join(name)).unwrap();
    assert_eq!(page(names[0].as_str()), "an earlier one");
    assert!(page("R-2-enabled-1.html").contains(">MEMO<"));
    assert!(page("R-3-enabled-1.html").contains("Slip Akuan Penerimaan"));
    assert!(page("R-1-enabled-2.html").contains("Content-Security-Policy"));
    let shown = stdout(&output);
    assert!(
        shown.contains("letter  a@agensi.example  R-1  enabled  out/R-1-enabled-2.html"),
        "{shown}"
    );
    assert!(shown.contains("4 ready to print."), "{shown}");
    let (report, _) = read(&session.run(&[&arguments[..], &["--format", "json"]].concat()));
    assert_eq!(outcomes(&report), Vec::<String>::new());
    // The record matches the written files.
    let text: String =
        records(&session).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(text.contains("\"file\":\"R-1-enabled-2.html\""), "{text}");
}

#[test]
fn custom_templates_must_be_committed() {
    let session = agency_by_email(&["a", "b"]);
    let smtp = Smtp::start();
    session.write("requests/templates/email.txt", "Kepada {{ to }}: {{ title }}\n");
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!(exit, 4, "{report:#}");
    assert!(reason(&report).contains("requests/templates/email.txt differs"), "{report:#}");
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "A template"]);
    session.write("requests/templates/email.html", "{{ to }}\n\n{% if %}");
    let (report, exit) = notify_json(&session, &smtp, &["--allow-uncommitted"]);
    assert_eq!(exit, 1, "{report:#}");
    assert!(reason(&report).contains("requests/templates/email.html:3:"), "{report:#}");
    // The error is in the last notice, and still none was sent.
    session
        .write("requests/templates/email.html", "{% if to[:1] == 'b' %}\n{{ nothing }}{% endif %}");
    let (report, _) = notify_json(&session, &smtp, &["--allow-uncommitted"]);
    assert!(reason(&report).contains("requests/templates/email.html:2:"), "{report:#}");
    assert_eq!((smtp.accepted().len(), records(&session).len()), (0, 0));
    // The commit has no such template, and an uncommitted one does not count.
    let (report, exit) = notify_json(&session, &smtp, &["--ref", "main"]);
    assert_eq!((outcomes(&report).len(), exit), (2, 0), "{report:#}");
    assert!(
        smtp.text(&address("a")).contains("Kepada a@agensi.example: Arkib e-mel telah diaktifkan")
    );
}

/// A letter of an agency with this crest in its folder of templates.
fn letter_with_crest(make: impl FnOnce(&std::path::Path)) -> (i32, String, Option<String>) {
    let session = agency(POLICY, &[("R-1", "letter", &["a"])]);
    session.write("requests/templates/nota.txt", "");
    make(&session.path().join("requests/templates/crest.png"));
    session.write(
        "portal.csv",
        "mailbox,state,name,title\na@agensi.example,enabled,Siti binti Ali,Pegawai\n",
    );
    session.git(&["add", "."]);
    session.git(&["commit", "-q", "-m", "Crest"]);
    let output = session.run(&[&["notify", "--yes", "--output", "out"], &DAY[..]].concat());
    let page = fs::read_to_string(session.path().join("out/R-1-enabled-1.html")).ok();
    (status(&output), format!("{}{}", stdout(&output), stderr(&output)), page)
}

#[test]
fn a_crest_is_embedded_and_a_letter_names_the_person() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x5a\0\0\0\x5a";
    let (code, shown, page) = letter_with_crest(|file| fs::write(file, PNG).unwrap());
    assert_eq!(code, 0, "{shown}");
    let page = page.expect("a page");
    assert!(page.contains("src=\"data:image/png;base64,iVBORw0KGgo"), "{page}");
    assert!(
        page.contains(
            "<p>Siti binti Ali</p>\n<p>Pegawai</p>\n<p>Jabatan Contoh</p>\n<p>a@agensi.example</p>"
        ),
        "{page}"
    );
    for (bytes, why) in [
        (
            b"<svg onload=alert(1)>".to_vec(),
            "crest.png cannot be the crest: it is neither a PNG nor a JPEG picture",
        ),
        (PNG[..20].to_vec(), "crest.png cannot be the crest: it is cut off, or damaged"),
        ([PNG, &vec![0; 128 << 10]].concat(), "crest.png is not a regular file of at most 128 KiB"),
    ] {
        let (code, shown, page) = letter_with_crest(|file| fs::write(file, bytes).unwrap());
        assert!(code == 1 && shown.contains(why) && page.is_none(), "{code} {shown}");
    }
}

#[cfg(unix)]
#[test]
fn a_crest_that_is_a_link_is_not_followed() {
    let (code, shown, page) = letter_with_crest(|file| {
        std::os::unix::fs::symlink("/usr/share/pixmaps/debian-logo.png", file).unwrap()
    });
    assert!(code == 1 && page.is_none(), "{shown}");
    assert!(shown.contains("found a symbolic link"), "{shown}");
}
