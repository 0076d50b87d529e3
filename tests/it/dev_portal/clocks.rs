//! A run on a wrong day: by the portal's clock, a record or a commit.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};

use super::{APPLY, POLICY, agency, json};
use crate::portal::Portal;
use crate::session::{Session, status, stderr};

/// The address of a proxy before a portal: the clock of what answers shows another year.
fn other_year(portal: &Portal) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (target, path) = portal.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let (target, url) = (target.to_owned(), format!("http://{address}/{path}"));
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let portal = TcpStream::connect(&target).unwrap();
            for (mut from, mut to) in [
                (client.try_clone().unwrap(), portal.try_clone().unwrap()),
                (portal.try_clone().unwrap(), client.try_clone().unwrap()),
            ] {
                std::thread::spawn(move || {
                    let mut bytes = [0; 1 << 16];
                    while let Ok(count @ 1..) = from.read(&mut bytes) {
                        let read = &mut bytes[..count];
                        if let Some(at) = read.windows(6).position(|part| part == b"date: ") {
                            read[at + 6..at + 35].copy_from_slice(b"Mon, 24 Nov 2025 12:00:00 GMT");
                        }
                        if to.write_all(read).is_err() {
                            break;
                        }
                    }
                    let _ = to.shutdown(Shutdown::Both);
                });
            }
        }
    });
    url
}

/// The reason for which a run is refused.
fn refusal(session: &Session, portal: &Portal) -> String {
    let output = portal.run(session, APPLY);
    assert_eq!(status(&output), 4, "{}", stderr(&output));
    assert!(portal.audit().is_empty());
    json(&output)["exit"]["reason"].as_str().unwrap().to_owned()
}

fn record_of_another_agency() -> String {
    let session = agency(1);
    let portal = Portal::start(&session, &[]);
    assert_eq!(status(&portal.run(&session, APPLY)), 0);
    let mut records = session.path().join("requests/records").read_dir().unwrap();
    let record = records.find(|record| record.as_ref().unwrap().path().extension().is_some());
    std::fs::read_to_string(record.unwrap().unwrap().path()).unwrap()
}

#[test]
fn a_run_on_a_wrong_day_is_refused() {
    let session = agency(2);
    let mut portal = Portal::start(&session, &[]);
    let url = portal.url.clone();
    portal.url = other_year(&portal);
    let output = portal.run(&session, APPLY);
    assert_eq!(status(&output), 4, "{}", stderr(&output));
    let reason = json(&output)["exit"]["reason"].to_string();
    assert!(reason.contains("but by that of the portal 2025-11-24 20:00"), "{reason}");
    let output = portal.run(&session, &["reconcile", "--dry-run"]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("warning: by the clock of this machine"));
    portal.url = url;
    assert!(portal.audit().is_empty());

    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "."]);
    let mut commit = session.git_command(&["commit", "-q", "-m", "x"]);
    assert!(commit.env("GIT_COMMITTER_DATE", "2090-01-01T00:00:00Z").status().unwrap().success());
    let reason = refusal(&session, &portal);
    assert!(reason.contains("was made at 2090-01-01 08:00"), "{reason}");
    session.git(&["commit", "-q", "--amend", "-m", "x"]);

    let name = "20900101T000000000Z-4f2c-1.jsonl";
    session.write(&format!("requests/records/{name}"), record_of_another_agency());
    let reason = refusal(&session, &portal);
    assert!(
        reason.contains(&format!("the record {name} was begun at 2090-01-01 08:00")),
        "{reason}"
    );
    let notices = "notices: { since: 2026-01-01, from: arkib@agensi.example }\n";
    session.write("requests/agency.yaml", format!("{POLICY}{notices}"));
    let notify = ["notify", "--yes", "--allow-uncommitted", "--format", "json"];
    let output = portal.run(&session, &notify);
    assert_eq!(status(&output), 4, "{}", stderr(&output));
    assert!(json(&output)["exit"]["reason"].to_string().contains(name));
}
