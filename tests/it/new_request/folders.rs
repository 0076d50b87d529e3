//! Requests of several agencies, and of a repository in another folder.

use super::{accepted, files, letter, read, refused};
use crate::outputs::{agency, numbered, request};
use crate::session::{InTime as _, Session, status, stderr, stdout};

#[test]
fn each_agency_has_its_own_folder() {
    let session = agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[]);
    let policy = read(&session, "requests/agency.yaml");
    let below = policy.replace("CONTOH", "Kedah (JPN)").replace("agensi.example", "kedah.example");
    session.write("requests/negeri/kedah/agency.yaml", below);
    let run = |mailboxes: &[&str]| letter(&[&["enable"], mailboxes].concat()).join("\t");
    let run = |mailboxes: &[&str]| {
        let text = run(mailboxes);
        session.run(&text.split('\t').collect::<Vec<_>>())
    };
    assert_eq!(status(&run(&["siti@kedah.example"])), 0);
    assert_eq!(status(&run(&["siti@agensi.example"])), 0);
    assert_eq!(
        files(&session),
        [
            "requests/2026/R-2.yaml",
            "requests/R-1.yaml",
            "requests/negeri/kedah/2026/Kedah-JPN-2026-0001.yaml"
        ]
    );
    accepted(&session, &letter(&["withdraw", "Kedah-JPN-2026-0001"]));
    assert!(
        files(&session).contains(&"requests/negeri/kedah/2026/Kedah-JPN-2026-0002.yaml".to_owned())
    );
    let text = refused(&session, &letter(&["enable", "a@kedah.example", "b@agensi.example"]), 1);
    assert!(
        text.contains("`a@kedah.example` belongs to Kedah (JPN) and `b@agensi.example` to CONTOH"),
        "{text}"
    );
    let text = refused(&session, &letter(&["enable", "a@lain.example"]), 1);
    assert!(text.contains("their domains are agensi.example, kedah.example"), "{text}");
    let text = refused(&session, &letter(&["withdraw", "R-99"]), 1);
    assert!(text.contains("no request of these agencies has the id `R-99`"), "{text}");
    // A year's folder that belongs to another agency.
    session.write(
        "requests/2024/agency.yaml",
        policy.replace("CONTOH", "X").replace("agensi.example", "x.example"),
    );
    let text =
        refused(&session, &letter(&["enable", "a@agensi.example", "--received", "2024-05-05"]), 1);
    assert!(
        text.contains("foreign-domain") || text.contains("would belong to another agency"),
        "{text}"
    );
}

#[test]
fn suggested_commands_name_a_repository_elsewhere() {
    let session = agency(&[], &[]);
    let outside = Session::new();
    let folder = session.path().join("requests");
    let folder = folder.to_str().unwrap();
    let output =
        outside.arkib(&letter(&["enable", "siti@agensi.example", "--requests", folder])).in_time();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let add = stdout(&output).lines().find(|line| line.contains(" add ")).unwrap().to_owned();
    assert!(add.starts_with("  git -C "), "{add}");
    assert!(add.ends_with(" add -- 2026/CONTOH-2026-0001.yaml"), "{add}");
    let below = session
        .arkib(&letter(&["enable", "tan@agensi.example", "--requests", "."]))
        .current_dir(folder)
        .in_time();
    let text = stdout(&below);
    assert!(
        text.contains("  git add -- ./2026/CONTOH-2026-0002.yaml\n"),
        "{text}{}",
        stderr(&below)
    );
}
