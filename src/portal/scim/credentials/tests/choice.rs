//! Exactly one way in, and what its variables may hold.

use super::World;
use crate::portal::ErrorKind;
use crate::portal::scim::credentials::AuthMethod;
use crate::portal::scim::credentials::redaction::Secrets;

const URL: (&str, &str) = ("ARKIB_PORTAL_OAUTH_URL", "https://log.masuk.example/token?v=2");
const ID: (&str, &str) = ("ARKIB_PORTAL_OAUTH_CLIENT_ID", "arkib");
const SECRET: (&str, &str) = ("ARKIB_PORTAL_OAUTH_CLIENT_SECRET", "rahsia klien 1");
const USER: (&str, &str) = ("ARKIB_PORTAL_USER", "pentadbir");
const PASSWORD: (&str, &str) = ("ARKIB_PORTAL_PASSWORD", "kata laluan");
const TOKEN: (&str, &str) = ("ARKIB_PORTAL_TOKEN", "rahsia-token");

#[test]
fn reads_each_authentication_method() {
    for (set, shows) in [
        (&[TOKEN][..], "token given [hidden]"),
        (&[USER, PASSWORD], "password given [hidden]"),
        (&[URL, ID, SECRET], "log.masuk.example"),
        (&[URL, ID, SECRET, ("ARKIB_PORTAL_OAUTH_SCOPE", "scim  arkib")], "OAuth"),
        (&[URL, ID, SECRET, ("ARKIB_PORTAL_OAUTH_AUTH", "post")], "OAuth"),
        (&[("ARKIB_PORTAL_OAUTH_URL", "http://localhost:1/t"), ID, SECRET], "localhost:1"),
    ] {
        let method = World::new(set).method().expect(shows);
        let shown = format!("{method:?}");
        assert!(shown.contains(shows), "{shown}");
        assert!(!shown.contains("rahsia") && !shown.contains("kata"), "{shown}");
    }
}

#[test]
fn refuses_other_combinations_by_variable_name() {
    let none: &[(&str, &str)] = &[];
    for (set, says) in [
        (none, "neither ARKIB_PORTAL_TOKEN, ARKIB_PORTAL_TOKEN_FILE"),
        (
            &[TOKEN, URL, ID, SECRET],
            "ARKIB_PORTAL_TOKEN, ARKIB_PORTAL_OAUTH_URL, ARKIB_PORTAL_OAUTH_CLIENT_ID, ARKIB_PORTAL_OAUTH_CLIENT_SECRET",
        ),
        (
            &[("ARKIB_PORTAL_TOKEN", ""), USER, PASSWORD],
            "ARKIB_PORTAL_TOKEN (empty), ARKIB_PORTAL_USER, ARKIB_PORTAL_PASSWORD",
        ),
        (&[("ARKIB_PORTAL_OAUTH_SCOPE", "a"), TOKEN], "only one"),
        (&[ID, SECRET], "ARKIB_PORTAL_OAUTH_URL is not set"),
        (&[URL, SECRET], "ARKIB_PORTAL_OAUTH_CLIENT_ID is not set"),
        (&[URL, ID], "neither ARKIB_PORTAL_OAUTH_CLIENT_SECRET nor"),
        (
            &[URL, ID, SECRET, ("ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE", "x")],
            "both ARKIB_PORTAL_OAUTH_CLIENT_SECRET and",
        ),
        (&[URL, ID, ("ARKIB_PORTAL_OAUTH_CLIENT_SECRET", "")], "the client secret is empty"),
        (&[URL, ID, ("ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE", " ")], "CLIENT_SECRET_FILE is empty"),
        (
            &[URL, ID, ("ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE", "/tiada")],
            "CLIENT_SECRET_FILE names cannot be read",
        ),
        (
            &[URL, ID, ("ARKIB_PORTAL_OAUTH_CLIENT_SECRET", "rahsia\n\n")],
            "the client secret contains a line break",
        ),
        (&[URL, ("ARKIB_PORTAL_OAUTH_CLIENT_ID", " "), SECRET], "CLIENT_ID is empty"),
        (&[URL, ID, SECRET, ("ARKIB_PORTAL_OAUTH_SCOPE", "")], "SCOPE is empty"),
        (
            &[URL, ID, SECRET, ("ARKIB_PORTAL_OAUTH_SCOPE", "\"scim\"")],
            "SCOPE contains a character",
        ),
        (&[URL, ID, SECRET, ("ARKIB_PORTAL_OAUTH_AUTH", "jwt")], "neither basic nor post"),
        (
            &[("ARKIB_PORTAL_OAUTH_URL", "http://log.masuk.example/"), ID, SECRET],
            "plain http, which would show the client secret",
        ),
        (
            &[("ARKIB_PORTAL_OAUTH_URL", "https://arkib:rahsia@x.example/"), ID, SECRET],
            "a user name or password in it",
        ),
        (&[("ARKIB_PORTAL_OAUTH_URL", "https://x.example/#rahsia"), ID, SECRET], "has a # part"),
        (&[USER], "neither ARKIB_PORTAL_PASSWORD nor"),
        (&[PASSWORD], "ARKIB_PORTAL_USER is not set"),
        (&[USER, ("ARKIB_PORTAL_PASSWORD", "")], "the password is empty"),
        (
            &[("ARKIB_PORTAL_USER", "pentadbir:rahsia"), PASSWORD],
            "ARKIB_PORTAL_USER contains a colon",
        ),
        (
            &[("ARKIB_PORTAL_USER", "pentad\u{1b}bir"), PASSWORD],
            "ARKIB_PORTAL_USER contains a line break, a control",
        ),
        (
            &[USER, ("ARKIB_PORTAL_PASSWORD", "rahsia\trahsia")],
            "the password contains a line break, a control",
        ),
    ] {
        let error = World::new(set).method().expect_err(says);
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.detail.contains(says), "{error}");
        assert!(!error.help.is_empty(), "{error}");
        let shown = format!("{error:?}");
        assert!(!shown.contains("rahsia") && !shown.contains("kata"), "{shown}");
    }
    let error =
        World::new(&[("ARKIB_PORTAL_TOKEN", ""), USER, PASSWORD]).method().expect_err("two");
    assert!(error.help.contains("an unset CI secret"), "{}", error.help);
}

#[test]
fn hides_every_form_of_a_secret() {
    let world = World::new(&[USER, ("ARKIB_PORTAL_PASSWORD", "kata \"laluan\" é\n")]);
    let method = world.method().expect("a way");
    for form in [
        "kata \"laluan\" é",
        "kata+%22laluan%22+%C3%A9",
        "kata%20%22laluan%22%20%C3%A9",
        "kata \\\"laluan\\\" é",
        // pentadbir:kata "laluan" é
        "cGVudGFkYmlyOmthdGEgImxhbHVhbiIgw6k=",
    ] {
        assert!(world.hides(form), "{form}: {:?}", world.hidden);
        let said = secrets(&method).redact(&format!("it says {form}."));
        assert_eq!(said, "it says [token].");
    }
}

fn secrets(method: &AuthMethod) -> &Secrets {
    match method {
        AuthMethod::StaticCredential(stored) => &stored.secrets,
        AuthMethod::OAuth(endpoint) => &endpoint.secrets,
    }
}
