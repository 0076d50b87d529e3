//! The token for the branch of the records: the git that talks to the remote gets it, and nobody else.

use crate::git_http::GitServer;
use crate::records::branch::{clone_of_remote, pushed};
use crate::session::{InTime as _, Session, status, stderr, stdout};

const TOKEN: &str = "rahsia-rekod-4711";

/// A clone whose `origin` is served over HTTP, and has the old login of somebody else in three places.
fn clone_over_http() -> (Session, GitServer) {
    let session = clone_of_remote();
    let server = GitServer::start(session.path(), TOKEN);
    let host = format!("http://{}", server.address);
    let url = format!("http://ci:lama-1234567@{}/remote.git", server.address);
    session.git(&["remote", "set-url", "origin", &url]);
    let header = format!("http.{host}/.extraHeader");
    session.git(&["config", &header, "Authorization: Basic bGFtYTpsYW1h"]);
    let helper = format!("credential.{host}.helper");
    session.git(&["config", &helper, "!f() { echo username=ci; echo password=lama-1234567; }; f"]);
    // The more of an address a setting names, the more it counts.
    let header = format!("http.{host}/remote.git.extraHeader");
    session.git(&["config", &header, "Authorization: Basic bGFtYTpsYW1h"]);
    let helper = format!("credential.{host}/remote.git.helper");
    session.git(&["config", &helper, "!f() { echo username=ci; echo password=lama-1234567; }; f"]);
    session.git(&["config", "core.askPass", "echo"]);
    (session, server)
}

fn apply(session: &Session, name: &str, value: &str) -> (i32, String) {
    let arguments = ["reconcile", "--yes", "--records-branch", "records"];
    let arguments = [&arguments[..], &crate::outputs::DAY].concat();
    let output = session.arkib(&arguments).env(name, value).in_time();
    (status(&output), stdout(&output) + &stderr(&output))
}

#[test]
fn the_token_goes_to_the_remote_and_to_nobody_else() {
    let (session, server) = clone_over_http();
    let (done, said) = apply(&session, "ARKIB_RECORDS_TOKEN", TOKEN);
    assert_eq!(done, 0, "{said}");
    assert!(!said.contains(TOKEN), "{said}");
    assert!(pushed(&session).len() > 1, "{:?}", pushed(&session));
    let logins = server.logins();
    assert!(!logins.is_empty());
    assert!(logins.iter().all(|login| *login == format!("x-access-token:{TOKEN}")), "{logins:?}");
    let config = std::fs::read_to_string(session.path().join(".git/config")).unwrap();
    assert!(!config.contains(TOKEN), "{config}");
    // The register finds the records there, too, with the token in a file.
    session.write("token", format!("{TOKEN}\n"));
    let arguments = ["register", "--offline", "--format", "csv", "--records-branch", "records"];
    let mut register = session.arkib(&[&arguments[..], &crate::outputs::DAY].concat());
    let register = register.env("ARKIB_RECORDS_TOKEN_FILE", "token").in_time();
    assert_eq!(status(&register), 0, "{}", stderr(&register));
    assert!(stdout(&register).contains("R-1"), "{}", stdout(&register));
}

#[cfg(unix)]
#[test]
fn no_hook_sees_the_token() {
    use std::os::unix::fs::PermissionsExt as _;
    let (session, _server) = clone_over_http();
    for hook in ["reference-transaction", "pre-push", "post-checkout"] {
        let name = format!(".git/hooks/{hook}");
        let seen = session.path().join("seen-by-hooks");
        session.write(&name, format!("#!/bin/sh\nenv >> '{}'\n", seen.display()));
        let rights = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(session.path().join(&name), rights).unwrap();
    }
    let (done, said) = apply(&session, "ARKIB_RECORDS_TOKEN", TOKEN);
    assert_eq!(done, 0, "{said}");
    let seen = std::fs::read_to_string(session.path().join("seen-by-hooks")).unwrap_or_default();
    assert!(!seen.contains(TOKEN), "{seen}");
}

#[test]
fn without_the_right_token_nothing_is_done() {
    let (session, server) = clone_over_http();
    for (name, value) in [("ARKIB_RECORDS_TOKEN", "salah-1234567"), ("ARKIB_RECORDS_TOKEN", "")] {
        let (failed, said) = apply(&session, name, value);
        assert_eq!(failed, 1, "{said}");
        assert!(
            said.contains("cannot be fetched") && said.contains("ARKIB_RECORDS_TOKEN"),
            "{said}"
        );
        assert!(!said.contains("salah-1234567") && !said.contains("lama-1234567"), "{said}");
    }
    assert!(server.logins().iter().any(|login| login == "x-access-token:salah-1234567"));
    let (failed, said) = apply(&session, "ARKIB_RECORDS_TOKEN", "dua baris");
    assert!(failed == 1 && said.contains("not allowed in a token"), "{said}");
}

#[test]
fn a_remote_without_passwords_gets_no_token() {
    let session = clone_of_remote();
    let (done, said) = apply(&session, "ARKIB_RECORDS_TOKEN", TOKEN);
    assert_eq!(done, 0, "{said}");
    assert!(said.contains("note: ARKIB_RECORDS_TOKEN is not used"), "{said}");
    // Where it fails, the token is no help.
    session.git(&["remote", "set-url", "origin", "gone.git"]);
    for value in [TOKEN, ""] {
        let (failed, said) = apply(&session, "ARKIB_RECORDS_TOKEN", value);
        assert!(failed == 1 && said.contains("make `git fetch` work here; without"), "{said}");
    }
    session.git(&["remote", "set-url", "origin", "http://git.example/remote.git"]);
    let (failed, said) = apply(&session, "ARKIB_RECORDS_TOKEN", TOKEN);
    assert!(failed == 1 && said.contains("plain http"), "{said}");
}

/// As where one pushes by SSH.
#[test]
fn the_address_to_push_to_may_take_no_password() {
    let (session, server) = clone_over_http();
    session.git(&["remote", "set-url", "--push", "origin", "remote.git"]);
    let (done, said) = apply(&session, "ARKIB_RECORDS_TOKEN", TOKEN);
    assert_eq!(done, 0, "{said}");
    assert!(!said.contains("ARKIB_RECORDS_TOKEN"), "{said}");
    assert!(pushed(&session).len() > 1, "{:?}", pushed(&session));
    let logins = server.logins();
    assert!(!logins.is_empty());
    assert!(logins.iter().all(|login| *login == format!("x-access-token:{TOKEN}")), "{logins:?}");
}
