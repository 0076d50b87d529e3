//! Whole runs with each kind of credential; tokens expire, rotate and are refused.

use std::fs;
use std::process::{Command, Output};

use rustls::version::TLS12;
use tokio::runtime::Runtime;

use crate::auth_proxy::{AuthProxy, Rules};
use crate::outputs::{agency, numbered, request};
use crate::portal::Portal;
use crate::session::{InTime as _, Session, status, stderr, stdout};
use crate::tls::BOTH;
use crate::tls_server::{Authority, ListeningServer, Server};

const SECRET: &str = "rahsia-klien-9d2f";
/// The older version of TLS.
const TLS_1_2_ONLY: &[&rustls::SupportedProtocolVersion] = &[&TLS12];
const APPLY: &[&str] = &["reconcile", "--yes"];

/// An agency with so many mailboxes to enable, and its portal with these options.
fn session_and_portal(count: usize, options: &[&str]) -> (Session, Portal) {
    let names = numbered(count);
    let rows: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "disabled")).collect();
    let session = agency(&[("R-1", request("R-1", "enable", &names))], &rows);
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    let portal = Portal::start(&session, options);
    (session, portal)
}

/// A mistake in the environment, and the expected message.
type Case<'a> = (&'a dyn Fn(&mut Command), &'a str);

fn rules() -> Rules {
    Rules { client: format!("arkib:{SECRET}"), ..Rules::default() }
}

/// The program with a client's name and secret.
fn arkib(session: &Session, auth: &AuthProxy, arguments: &[&str]) -> Command {
    let mut command = session.arkib(arguments);
    command
        .env("ARKIB_PORTAL_URL", auth.portal_url())
        .env("ARKIB_PORTAL_OAUTH_URL", auth.token_url())
        .env("ARKIB_PORTAL_OAUTH_CLIENT_ID", "arkib")
        .env("ARKIB_PORTAL_OAUTH_CLIENT_SECRET", SECRET);
    command
}

/// Returns all output and written files; checks that no secret is in them.
fn assert_hides(session: &Session, output: &Output, secrets: &[&str]) -> String {
    let mut files = Vec::new();
    for extension in ["jsonl", "json", "yaml", "md"] {
        crate::architecture::files_below(session.path(), extension, &mut files);
    }
    let mut all = format!("{}{}", stdout(output), stderr(output));
    for file in files {
        all += &fs::read_to_string(file).unwrap();
    }
    for secret in secrets {
        assert!(!all.contains(secret), "{secret} was shown");
    }
    all
}

#[test]
fn an_expired_token_is_replaced_during_a_run() {
    // One bulk request at a time, so that the run takes some seconds.
    let (session, portal) = session_and_portal(60, &["--no-bulk", "--latency", "50"]);
    let auth = AuthProxy::start_before(&portal, Rules { life: Some(2), ..rules() });
    let arguments = &["reconcile", "--yes", "--concurrency", "1"];
    let output = arkib(&session, &auth, arguments).in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(auth.tokens_issued() >= 2, "only one token");
    assert_eq!(portal.audit().len(), 60);
}

#[test]
fn a_refused_token_is_replaced_during_a_run() {
    let (session, portal) = session_and_portal(40, &["--no-bulk"]);
    let auth = AuthProxy::start_before(&portal, Rules { uses: Some(25), ..rules() });
    let output = arkib(&session, &auth, APPLY).in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(auth.tokens_issued() >= 2, "only one token");
    // Not one for each request in progress.
    assert!(auth.tokens_issued() <= 1 + auth.accepted_requests() / 8, "{}", auth.tokens_issued());
    assert!(auth.refused_requests() >= 1);
    assert_eq!(portal.audit().len(), 40);
}

#[test]
fn a_rotated_token_file_is_read_again() {
    let (session, portal) = session_and_portal(40, &["--no-bulk"]);
    let file = session.path().join("portal.token");
    fs::write(&file, "rahsia-lama-1d22\n").unwrap();
    let rotated = file.clone();
    let auth = AuthProxy::start_before(
        &portal,
        Rules {
            also: vec!["Bearer rahsia-lama-1d22".into()],
            on_request: Some(Box::new(move |before, rules| {
                if before == 20 {
                    fs::write(&rotated, "rahsia-baharu-77e0\n").unwrap();
                    rules.also = vec!["Bearer rahsia-baharu-77e0".into()];
                }
            })),
            ..rules()
        },
    );
    let output = session
        .arkib(APPLY)
        .env("ARKIB_PORTAL_URL", auth.portal_url())
        .env("ARKIB_PORTAL_TOKEN_FILE", "portal.token")
        .env("ARKIB_LOG", "trace")
        .in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(auth.refused_requests() >= 1, "nothing was refused");
    assert_eq!(portal.audit().len(), 40);
    assert_hides(&session, &output, &["rahsia-lama-1d22", "rahsia-baharu-77e0"]);
}

#[test]
fn a_rotated_client_secret_is_read_again() {
    let (session, portal) = session_and_portal(40, &["--no-bulk"]);
    let file = session.path().join("klien");
    fs::write(&file, SECRET).unwrap();
    let auth = AuthProxy::start_before(
        &portal,
        Rules {
            uses: Some(25),
            on_request: Some(Box::new(move |before, rules| {
                if before == 20 {
                    fs::write(&file, "rahsia-klien-baharu").unwrap();
                    rules.client = "arkib:rahsia-klien-baharu".into();
                }
            })),
            ..rules()
        },
    );
    let output = arkib(&session, &auth, APPLY)
        .env_remove("ARKIB_PORTAL_OAUTH_CLIENT_SECRET")
        .env("ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE", "klien")
        .in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_eq!(auth.token_requests(), auth.tokens_issued(), "a question was refused");
    assert!(auth.tokens_issued() >= 2);
    assert_eq!(portal.audit().len(), 40);
}

#[test]
fn a_revoked_client_ends_the_run_at_once() {
    let (session, portal) = session_and_portal(200, &["--no-bulk"]);
    let auth = AuthProxy::start_before(
        &portal,
        Rules {
            uses: Some(60),
            on_request: Some(Box::new(|before, rules| {
                if before == 20 {
                    rules.client = "nobody:at all".into();
                }
            })),
            ..rules()
        },
    );
    let output = arkib(&session, &auth, APPLY).in_time();
    assert_eq!(status(&output), 3, "{}{}", stdout(&output), stderr(&output));
    let said = assert_hides(&session, &output, &[SECRET]);
    assert!(said.contains("(invalid_client)"), "{said}");
    // Requests in progress share one token request, and no later one asks.
    assert!(auth.token_requests() <= 4, "{} questions", auth.token_requests());
    assert!(auth.refused_requests() <= 16, "{} were refused", auth.refused_requests());
    let done = portal.audit().len();
    assert!((1..100).contains(&done), "{done} were done");
}

#[test]
fn user_and_password_are_accepted() {
    let (session, portal) = session_and_portal(3, &[]);
    let auth = AuthProxy::start_before(
        &portal,
        Rules {
            // pentadbir:kata laluan é
            also: vec!["Basic cGVudGFkYmlyOmthdGEgbGFsdWFuIMOp".into()],
            ..rules()
        },
    );
    let output = session
        .arkib(APPLY)
        .env("ARKIB_PORTAL_URL", auth.portal_url())
        .env("ARKIB_PORTAL_USER", "pentadbir")
        .env("ARKIB_PORTAL_PASSWORD", "kata laluan é")
        .env("ARKIB_LOG", "trace")
        .in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_eq!(portal.audit().len(), 3);
    assert_hides(&session, &output, &["kata laluan", "cGVudGFkYmlyOmthdGEgbGFsdWFuIMOp"]);
}

#[test]
fn a_wrong_credential_is_reported_once_without_changes() {
    let (session, portal) = session_and_portal(3, &[]);
    let auth = AuthProxy::start_before(&portal, rules());
    let wrong = "rahsia-yang-salah";
    let oauth = |command: &mut Command| {
        command.env("ARKIB_PORTAL_OAUTH_CLIENT_SECRET", wrong);
    };
    let token = |command: &mut Command| {
        for name in ["URL", "CLIENT_ID", "CLIENT_SECRET"] {
            command.env_remove(format!("ARKIB_PORTAL_OAUTH_{name}"));
        }
        command.env("ARKIB_PORTAL_TOKEN", wrong);
    };
    let password = |command: &mut Command| {
        token(command);
        command
            .env_remove("ARKIB_PORTAL_TOKEN")
            .env("ARKIB_PORTAL_USER", "pentadbir")
            .env("ARKIB_PORTAL_PASSWORD", wrong);
    };
    let both = |command: &mut Command| {
        command.env("ARKIB_PORTAL_TOKEN", wrong);
    };
    let cases: [Case<'_>; 4] = [
        (&oauth, "(invalid_client)"),
        (&token, "does not accept the token (401)"),
        (&password, "does not accept the user's name and password (401)"),
        (&both, "more than one kind of credentials is set"),
    ];
    for (set, says) in cases {
        let mut command = arkib(&session, &auth, APPLY);
        set(&mut command);
        let output = command.env("ARKIB_LOG", "debug").in_time();
        assert_eq!(status(&output), 1, "{says}");
        let said = assert_hides(&session, &output, &[wrong, "cmFoc2lhLXlhbmctc2FsYWg"]);
        assert!(said.contains(says), "{said}");
        let mut command = arkib(&session, &auth, APPLY);
        set(&mut command);
        let output = command.in_time();
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(said.matches(says).count(), 1, "{said}");
    }
    assert_eq!(auth.tokens_issued(), 0);
    assert_eq!(auth.accepted_requests(), 0);
    assert_eq!(portal.audit(), [""; 0]);
}

#[test]
fn the_token_endpoint_uses_the_portals_connection_settings() {
    let (session, portal) = session_and_portal(3, &[]);
    let auth = AuthProxy::start_before(&portal, rules());
    let authority = Authority::new("CA Contoh");
    let client = authority.for_names(&["arkib.agensi.example"]);
    let shows = &authority.for_names(&["portal.agensi.example", "log.masuk.example"]);
    let servers = Runtime::new().unwrap();
    let proxy = |versions: &'static [_]| {
        let server = Server { shows, asks_for_clients_of: Some(&authority), versions };
        let server = servers.block_on(ListeningServer::tls(&server, auth.address));
        servers.block_on(ListeningServer::proxy(server.address))
    };
    session.write("ca.pem", authority.pem());
    session.write("arkib.crt", &client.certificate_pem);
    session.write("arkib.key", &client.key_pem);
    let run = |proxy: &ListeningServer, without: &[&str]| {
        let mut command = arkib(&session, &auth, APPLY);
        command
            .env("ARKIB_PORTAL_URL", "https://portal.agensi.example/scim/v2")
            .env("ARKIB_PORTAL_OAUTH_URL", "https://log.masuk.example/token")
            .env("ARKIB_PORTAL_CA", "ca.pem")
            .env("ARKIB_PORTAL_CERT", "arkib.crt")
            .env("ARKIB_PORTAL_KEY", "arkib.key")
            .env("HTTPS_PROXY", format!("http://kerani:katalaluan@{}", proxy.address))
            .env("ARKIB_LOG", "trace");
        for name in without {
            command.env_remove(name);
        }
        command.in_time()
    };
    for (without, says) in [
        (
            &["ARKIB_PORTAL_CA"][..],
            "the token endpoint is not from an authority that arkib trusts (unknown issuer)",
        ),
        (
            &["ARKIB_PORTAL_CERT", "ARKIB_PORTAL_KEY"],
            "the token endpoint requires a client certificate, and arkib sent none",
        ),
    ] {
        // Before TLS 1.3 the server's alert comes before anything is sent, and is certainly
        // received.
        let output = run(&proxy(TLS_1_2_ONLY), without);
        assert_eq!(status(&output), 1);
        let said = stderr(&output);
        assert!(said.contains("no access token from log.masuk.example"), "{said}");
        assert!(said.contains(says), "{said}");
    }
    assert_eq!((auth.token_requests(), auth.accepted_requests()), (0, 0));
    let proxy = proxy(BOTH);
    let output = run(&proxy, &[]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert_eq!(auth.tokens_issued(), 1);
    assert_eq!(portal.audit().len(), 3);
    for host in ["log.masuk.example", "portal.agensi.example"] {
        let tunnel = format!("CONNECT {host}:443 HTTP/1.1\r\n");
        assert!(proxy.has_received(&tunnel), "{host}");
    }
    assert!(proxy.has_received("Basic a2VyYW5pOmthdGFsYWx1YW4=\r\n"));
    // arkib:rahsia-klien-9d2f
    let pair = "YXJraWI6cmFoc2lhLWtsaWVuLTlkMmY=";
    let token = &auth.tokens()[0];
    let said = assert_hides(
        &session,
        &output,
        &[SECRET, pair, token, "katalaluan", "a2VyYW5pOmthdGFsYWx1YW4"],
    );
    for words in ["h2::", "hyper_util::", "arkib.record/1"] {
        assert!(said.contains(words), "{words} was not said");
    }
    for secret in [SECRET, pair, token] {
        assert!(!proxy.has_received(secret), "the proxy saw {secret}");
    }
}
