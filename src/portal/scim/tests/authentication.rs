//! Credentials that are refused or renewed while requests go on: each is sent once more at most, and
//! what had no token was not sent at all.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::domain::mapping::scim::Mapping;
use crate::environment::CredentialAccess;
use crate::portal::scim::testing::{Fake, Reply, Request, full, list, quick, user};
use crate::portal::scim::{ConnectionConfig, connect, connect_to_write, names_for_agency};
use crate::portal::{ErrorKind, PortalChange, PortalError, PortalReader, PortalWriter, Target};

const FILE: &str = "/tiada/token";

type File = Arc<Mutex<Vec<u8>>>;

/// The endpoint of the agency SATU by these variables, and the one file that there is.
fn endpoint(variables: &[(&str, &str)], file: &File) -> ConnectionConfig {
    let own = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    let variables: HashMap<String, String> = variables.iter().map(own).collect();
    let file = Arc::clone(file);
    let variable = |name: &str| variables.get(name).cloned();
    let access = CredentialAccess {
        names: names_for_agency("SATU", &variable).expect("names"),
        read_file: Arc::new(move |path: &Path| match path.to_str() {
            Some(FILE) => Ok(file.lock().unwrap().clone()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }),
        hide: Arc::new(|_| {}),
    };
    ConnectionConfig::from_environment(&variable, &access).expect("an endpoint")
}

fn with_token_file(portal: &Fake, file: &File) -> ConnectionConfig {
    let (url, variables) = (portal.url(), "ARKIB_PORTAL_TOKEN_FILE");
    endpoint(&[("ARKIB_PORTAL_URL", &url), (variables, FILE)], file)
}

fn with_oauth(portal: &Fake, tokens: &Fake) -> ConnectionConfig {
    let variables = [
        ("ARKIB_PORTAL_URL", portal.url()),
        ("ARKIB_PORTAL_OAUTH_URL", tokens.url()),
        ("ARKIB_PORTAL_OAUTH_CLIENT_ID", "arkib".to_owned()),
        ("ARKIB_PORTAL_OAUTH_CLIENT_SECRET", "rahsia-klien".to_owned()),
    ];
    let variables: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
    endpoint(&variables, &File::default())
}

/// Gives `rahsia-1`, `rahsia-2` and so on, while there are any.
fn tokens(most: usize) -> Fake {
    let given = AtomicUsize::new(0);
    Fake::bare(move |_| match given.fetch_add(1, SeqCst) + 1 {
        number if number <= most => {
            let token = format!("rahsia-{number}");
            let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600});
            Reply::json(200, &body).with("content-type", "application/json")
        }
        _ => {
            let body = json!({"error": "invalid_client"});
            Reply::json(401, &body).with("content-type", "application/json")
        }
    })
}

/// A portal that takes the tokens that `takes` says; it answers a list, and a write.
fn portal(takes: impl Fn(&str) -> bool + Send + Sync + 'static) -> Fake {
    let inner = |request: &Request| {
        if request.path.ends_with("/ServiceProviderConfig") {
            Reply::json(200, &full())
        } else if request.path.ends_with("/Schemas") {
            let id = crate::domain::mapping::scim_urns::MAILBOX;
            Reply::json(200, &json!({"totalResults": 1, "Resources": [{"id": id}]}))
        } else if request.is_list() {
            Reply::json(200, &list(1, &[user(1)]))
        } else {
            Reply::status(204)
        }
    };
    Fake::bare(move |request| {
        let shown = request.headers["authorization"].clone();
        if takes(shown.trim_start_matches("Bearer ")) {
            inner(request)
        } else {
            Reply::error(401, "", &format!("no {shown} here"))
        }
    })
}

fn change() -> PortalChange {
    PortalChange {
        id: "1".into(),
        version: None,
        target: Target::Enabled,
        request: "R-1".into(),
        in_other_form: false,
    }
}

async fn read(endpoint: &ConnectionConfig) -> Result<usize, PortalError> {
    let reader = connect(endpoint, &quick(), &Mapping::default()).await?;
    let observed = reader.read_all(&Default::default(), &|_, _| {}).await?;
    Ok(observed.mailboxes().len())
}

#[tokio::test]
async fn resends_with_a_rotated_token() {
    let file = File::new(Mutex::new(b"rahsia-lama\n".to_vec()));
    let valid = Arc::new(Mutex::new("rahsia-lama"));
    let takes = Arc::clone(&valid);
    let portal = portal(move |shown| shown == *takes.lock().unwrap());
    let endpoint = with_token_file(&portal, &file);
    let writer = connect_to_write(&endpoint, &quick(), &Mapping::default()).await.unwrap();
    *valid.lock().unwrap() = "rahsia-baharu";
    *file.lock().unwrap() = b"rahsia-baharu\n".to_vec();
    writer.write(&change()).await.expect("done");
    let asked = portal.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|request| request.method == "PATCH"));
    assert_eq!(asked[0].body, asked[1].body);
    // From now on it is the one that is shown.
    writer.write(&change()).await.expect("done");
    assert_eq!(portal.asked().len(), 3);
}

#[tokio::test]
async fn a_repeated_401_is_final() {
    let file = File::new(Mutex::new(b"rahsia-satu".to_vec()));
    let portal = portal(|_| false);
    // The same token is not shown twice.
    let endpoint = with_token_file(&portal, &file);
    let error = read(&endpoint).await.expect_err("refused");
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert!(error.detail.contains("no Bearer [token] here"), "{error}");
    assert!(error.help.contains("ARKIB_PORTAL_TOKEN_FILE"), "{}", error.help);
    assert_eq!(portal.seen().len(), 1);
    // Another is, once.
    *file.lock().unwrap() = b"rahsia-dua".to_vec();
    assert!(read(&endpoint).await.is_err());
    assert_eq!(portal.seen().len(), 3);
}

#[tokio::test]
async fn a_token_that_ends_in_a_run_is_named_as_the_agency_has_it() {
    let file = File::new(Mutex::new(b"rahsia-satu".to_vec()));
    let left = AtomicUsize::new(2);
    let portal =
        portal(move |_| left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok());
    let url = portal.url();
    let own = ("ARKIB_PORTAL_TOKEN_FILE_SATU", FILE);
    let endpoint = endpoint(&[("ARKIB_PORTAL_URL", &url), own], &file);
    // The first two requests are those of connecting.
    let error = read(&endpoint).await.expect_err("refused");
    assert_eq!((error.kind, portal.seen().len()), (ErrorKind::Unauthorized, 3));
    assert!(error.help.contains("ARKIB_PORTAL_TOKEN_FILE_SATU names"), "{}", error.help);
}

#[tokio::test]
async fn a_request_gets_another_token_once_however_often_it_is_refused() {
    let file = File::new(Mutex::new(b"rahsia-0".to_vec()));
    let rotating = Arc::clone(&file);
    let portal = Fake::new(full(), move |_, before| match before {
        1 => Reply::status(503).with("retry-after", "0"),
        _ => {
            *rotating.lock().unwrap() = format!("rahsia-{}", before + 1).into_bytes();
            Reply::status(401)
        }
    });
    let error = read(&with_token_file(&portal, &file)).await;
    assert_eq!(error.expect_err("refused").kind, ErrorKind::Unauthorized);
    // Refused, sent with another token, not taken, and refused again: the last word.
    assert_eq!(portal.asked().len(), 3);
}

#[tokio::test]
async fn reader_and_writer_share_a_token() {
    let tokens = tokens(9);
    let valid = Arc::new(Mutex::new("rahsia-1"));
    let takes = Arc::clone(&valid);
    let portal = portal(move |shown| shown == *takes.lock().unwrap());
    let endpoint = with_oauth(&portal, &tokens);
    let writer = connect_to_write(&endpoint, &quick(), &Mapping::default()).await.unwrap();
    assert_eq!(read(&endpoint).await, Ok(1));
    assert_eq!(tokens.seen().len(), 1);
    *valid.lock().unwrap() = "rahsia-2";
    let change = change();
    let all = (0..16).map(|_| writer.write(&change));
    let all = futures_util::future::join_all(all).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(tokens.seen().len(), 2);
}

#[tokio::test]
async fn many_401s_ask_for_one_token() {
    let tokens = tokens(99);
    let portal = portal(|_| false);
    let endpoint = with_oauth(&portal, &tokens);
    for round in 1..5 {
        let error = read(&endpoint).await.expect_err("refused");
        assert_eq!(error.kind, ErrorKind::Unauthorized);
        let host = tokens.address();
        let says = format!("does not accept the token issued by {host} (401)");
        assert!(error.detail.contains(&says), "{error}");
        assert!(!format!("{error:?}").contains("rahsia"), "{error:?}");
        assert_eq!((portal.seen().len(), tokens.seen().len()), (1 + round, 2));
    }
}

#[tokio::test]
async fn sends_nothing_without_a_token() {
    let tokens = tokens(1);
    let portal = portal(|shown| shown == "rahsia-1");
    let endpoint = with_oauth(&portal, &tokens);
    let writer = connect_to_write(&endpoint, &quick(), &Mapping::default()).await.unwrap();
    let other = self::portal(|_| false);
    let refused = with_oauth(&other, &tokens);
    let error = read(&refused).await.expect_err("no token");
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert_eq!(error.doing, "asking the portal what it can do");
    let host = format!("no access token from {}", tokens.address());
    assert!(error.detail.contains(&host), "{error}");
    assert!(!error.may_have_happened());
    assert!(other.seen().is_empty());
    writer.write(&change()).await.expect("it has its own");
}

#[tokio::test]
async fn reads_and_writes_with_a_password() {
    let portal = portal(|shown| shown == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let mut variables = [
        ("ARKIB_PORTAL_URL", portal.url()),
        ("ARKIB_PORTAL_USER", "Aladdin".to_owned()),
        ("ARKIB_PORTAL_PASSWORD", "open sesame".to_owned()),
    ];
    for (password, works) in [("open sesame", true), ("tutup", false)] {
        variables[2].1 = password.to_owned();
        let set: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let read = read(&endpoint(&set, &File::default())).await;
        assert_eq!(read.is_ok(), works, "{read:?}");
        if let Err(error) = read {
            assert_eq!(error.kind, ErrorKind::Unauthorized);
            assert!(error.detail.contains("user's name and password (401)"), "{error}");
            assert!(error.detail.contains("no Basic [token] here"), "{error}");
        }
    }
}
