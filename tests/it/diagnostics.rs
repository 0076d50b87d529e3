//! ARKIB_LOG: parts and levels, only on standard error.

use crate::session::{InTime as _, Session, status, stderr};

#[test]
fn an_unknown_level_is_reported_and_ignored() {
    let session = Session::new();
    let run = |log: &str| {
        let mut command = session.arkib(&["schema", "request"]);
        command.env("ARKIB_LOG", log).in_time()
    };
    let plain = run("debug");
    assert_eq!((status(&plain), stderr(&plain)), (0, String::new()));
    assert_eq!(run("arkib=trace,hyper=info"), plain);
    let wrong = run("arkib=loud");
    assert_eq!((status(&wrong), &wrong.stdout), (0, &plain.stdout));
    let said = stderr(&wrong);
    assert!(said.starts_with("ARKIB_LOG is ignored ("), "{said}");
}
