//! Whole runs through each way in, before a portal whose tokens end, rotate and are refused.

use std::fs;
use std::process::{Command, Output};

use rustls::version::TLS12;
use tokio::runtime::Runtime;

use crate::gate::{Gate, Rules};
use crate::outputs::{agency, numbered, request};
use crate::portal::Portal;
use crate::session::{InTime as _, Session, status, stderr, stdout};
use crate::tls::BOTH;
use crate::tls_server::{Authority, Listening, Server};

const SECRET: &str = "rahsia-klien-9d2f";
/// The older version of TLS.
const OLD: &[&rustls::SupportedProtocolVersion] = &[&TLS12];
const APPLY: &[&str] = &["reconcile", "--yes"];

/// An agency with so many mailboxes to enable, and its portal with these options.
fn scene(count: usize, options: &[&str]) -> (Session, Portal) {
    let names = numbered(count);
    let rows: Vec<(&str, &str)> = names.iter().map(|it| (it.as_str(), "disabled")).collect();
    let session = agency(&[("R-1", request("R-1", "enable", &names))], &rows);
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    let portal = Portal::start(&session, options);
    (session, portal)
}

/// What is wrong with a command, and what is said of it.
type Case<'a> = (&'a dyn Fn(&mut Command), &'a str);

fn rules() -> Rules {
    Rules {
        client: format!("arkib:{SECRET}"),
        ..Rules::default()
    }
}

/// The program with a client's name and secret.
fn arkib(session: &Session, gate: &Gate, arguments: &[&str]) -> Command {
    let mut command = session.arkib(arguments);
    command
        .env("ARKIB_PORTAL_URL", gate.portal_url())
        .env("ARKIB_PORTAL_OAUTH_URL", gate.token_url())
        .env("ARKIB_PORTAL_OAUTH_CLIENT_ID", "arkib")
        .env("ARKIB_PORTAL_OAUTH_CLIENT_SECRET", SECRET);
    command
}

/// Everything that was said and written; none of it shows a secret.
fn shows_nothing(session: &Session, output: &Output, secrets: &[&str]) -> String {
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
fn a_token_that_ends_in_the_middle_of_a_run_is_replaced() {
    // One bulk request a time, so that the run takes some seconds.
    let (session, portal) = scene(60, &["--no-bulk", "--latency", "50"]);
    let gate = Gate::before(
        &portal,
        Rules {
            life: Some(2),
            ..rules()
        },
    );
    let arguments = &["reconcile", "--yes", "--concurrency", "1"];
    let output = arkib(&session, &gate, arguments).in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(gate.given() >= 2, "only one token");
    assert_eq!(portal.audit().len(), 60);
}

#[test]
fn a_token_that_is_refused_in_the_middle_of_a_run_is_replaced_as_well() {
    let (session, portal) = scene(40, &["--no-bulk"]);
    let gate = Gate::before(
        &portal,
        Rules {
            uses: Some(25),
            ..rules()
        },
    );
    let output = arkib(&session, &gate, APPLY).in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(gate.given() >= 2, "only one token");
    // Not one for each of those under way.
    assert!(gate.given() <= 1 + gate.passed() / 8, "{}", gate.given());
    assert!(gate.refused() >= 1);
    assert_eq!(portal.audit().len(), 40);
}

#[test]
fn a_token_file_that_rotates_in_the_middle_of_a_run_is_read_again() {
    let (session, portal) = scene(40, &["--no-bulk"]);
    let file = session.path().join("portal.token");
    fs::write(&file, "rahsia-lama-1d22\n").unwrap();
    let rotated = file.clone();
    let gate = Gate::before(
        &portal,
        Rules {
            also: vec!["Bearer rahsia-lama-1d22".into()],
            at: Some(Box::new(move |before, rules| {
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
        .env("ARKIB_PORTAL_URL", gate.portal_url())
        .env("ARKIB_PORTAL_TOKEN_FILE", "portal.token")
        .env("ARKIB_LOG", "trace")
        .in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(gate.refused() >= 1, "nothing was refused");
    assert_eq!(portal.audit().len(), 40);
    shows_nothing(
        &session,
        &output,
        &["rahsia-lama-1d22", "rahsia-baharu-77e0"],
    );
}

#[test]
fn a_client_secret_that_rotates_is_read_again_for_the_next_token() {
    let (session, portal) = scene(40, &["--no-bulk"]);
    let file = session.path().join("klien");
    fs::write(&file, SECRET).unwrap();
    let gate = Gate::before(
        &portal,
        Rules {
            uses: Some(25),
            at: Some(Box::new(move |before, rules| {
                if before == 20 {
                    fs::write(&file, "rahsia-klien-baharu").unwrap();
                    rules.client = "arkib:rahsia-klien-baharu".into();
                }
            })),
            ..rules()
        },
    );
    let output = arkib(&session, &gate, APPLY)
        .env_remove("ARKIB_PORTAL_OAUTH_CLIENT_SECRET")
        .env("ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE", "klien")
        .in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_eq!(gate.asked(), gate.given(), "a question was refused");
    assert!(gate.given() >= 2);
    assert_eq!(portal.audit().len(), 40);
}

#[test]
fn a_client_that_is_thrown_out_in_the_middle_of_a_run_ends_it_at_once() {
    let (session, portal) = scene(200, &["--no-bulk"]);
    let gate = Gate::before(
        &portal,
        Rules {
            uses: Some(60),
            at: Some(Box::new(|before, rules| {
                if before == 20 {
                    rules.client = "nobody:at all".into();
                }
            })),
            ..rules()
        },
    );
    let output = arkib(&session, &gate, APPLY).in_time();
    assert_eq!(status(&output), 3, "{}{}", stdout(&output), stderr(&output));
    let said = shows_nothing(&session, &output, &[SECRET]);
    assert!(said.contains("(invalid_client)"), "{said}");
    // Those under way ask together, and nobody after them.
    assert!(gate.asked() <= 4, "{} questions", gate.asked());
    assert!(gate.refused() <= 16, "{} were refused", gate.refused());
    let done = portal.audit().len();
    assert!((1..100).contains(&done), "{done} were done");
    // Who is let in again goes on where that ended.
    let again = portal.run(&session, APPLY);
    assert_eq!(status(&again), 0, "{}", stdout(&again));
    assert_eq!(portal.audit().len(), 200);
}

#[test]
fn a_user_and_a_password_let_in_as_well() {
    let (session, portal) = scene(3, &[]);
    let gate = Gate::before(
        &portal,
        Rules {
            // pentadbir:kata laluan é
            also: vec!["Basic cGVudGFkYmlyOmthdGEgbGFsdWFuIMOp".into()],
            ..rules()
        },
    );
    let output = session
        .arkib(APPLY)
        .env("ARKIB_PORTAL_URL", gate.portal_url())
        .env("ARKIB_PORTAL_USER", "pentadbir")
        .env("ARKIB_PORTAL_PASSWORD", "kata laluan é")
        .env("ARKIB_LOG", "trace")
        .in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_eq!(portal.audit().len(), 3);
    shows_nothing(
        &session,
        &output,
        &["kata laluan", "cGVudGFkYmlyOmthdGEgbGFsdWFuIMOp"],
    );
}

#[test]
fn what_is_wrong_is_said_once_and_nothing_is_changed() {
    let (session, portal) = scene(3, &[]);
    let gate = Gate::before(&portal, rules());
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
        (
            &password,
            "does not accept the user's name and password (401)",
        ),
        (&both, "more than one way in"),
    ];
    for (set, says) in cases {
        let mut command = arkib(&session, &gate, APPLY);
        set(&mut command);
        let output = command.env("ARKIB_LOG", "debug").in_time();
        assert_eq!(status(&output), 1, "{says}");
        let said = shows_nothing(&session, &output, &[wrong, "cmFoc2lhLXlhbmctc2FsYWg"]);
        assert!(said.contains(says), "{said}");
        let mut command = arkib(&session, &gate, APPLY);
        set(&mut command);
        let output = command.in_time();
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(said.matches(says).count(), 1, "{said}");
    }
    assert_eq!(gate.given(), 0);
    assert_eq!(gate.passed(), 0);
    assert_eq!(portal.audit(), [""; 0]);
}

#[test]
fn the_token_endpoint_is_reached_as_the_portal_is_and_nothing_shows_a_secret() {
    let (session, portal) = scene(3, &[]);
    let gate = Gate::before(&portal, rules());
    let authority = Authority::new("CA Contoh");
    let client = authority.for_names(&["arkib.agensi.example"]);
    let shows = &authority.for_names(&["portal.agensi.example", "log.masuk.example"]);
    let servers = Runtime::new().unwrap();
    let proxy = |versions: &'static [_]| {
        let server = Server {
            shows,
            asks_for_clients_of: Some(&authority),
            versions,
        };
        let server = servers.block_on(Listening::tls(&server, gate.address));
        servers.block_on(Listening::proxy(server.address))
    };
    session.write("ca.pem", authority.pem());
    session.write("arkib.crt", &client.certificate_pem);
    session.write("arkib.key", &client.key_pem);
    let run = |proxy: &Listening, without: &[&str]| {
        let mut command = arkib(&session, &gate, APPLY);
        command
            .env("ARKIB_PORTAL_URL", "https://portal.agensi.example/scim/v2")
            .env("ARKIB_PORTAL_OAUTH_URL", "https://log.masuk.example/token")
            .env("ARKIB_PORTAL_CA", "ca.pem")
            .env("ARKIB_PORTAL_CERT", "arkib.crt")
            .env("ARKIB_PORTAL_KEY", "arkib.key")
            .env(
                "HTTPS_PROXY",
                format!("http://kerani:katalaluan@{}", proxy.address),
            )
            .env("ARKIB_LOG", "trace");
        for name in without {
            command.env_remove(name);
        }
        command.in_time()
    };
    for (without, says) in [
        (
            &["ARKIB_PORTAL_CA"][..],
            "the token endpoint (unknown issuer)",
        ),
        (
            &["ARKIB_PORTAL_CERT", "ARKIB_PORTAL_KEY"],
            "the token endpoint asks who arkib is",
        ),
    ] {
        // Before TLS 1.3 the words of the server come before anything is sent, and are surely heard.
        let output = run(&proxy(OLD), without);
        assert_eq!(status(&output), 1);
        let said = stdout(&output);
        assert!(
            said.contains("no access token from log.masuk.example"),
            "{said}"
        );
        assert!(said.contains(says), "{said}");
    }
    assert_eq!((gate.asked(), gate.passed()), (0, 0));
    let proxy = proxy(BOTH);
    let output = run(&proxy, &[]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert_eq!(gate.given(), 1);
    assert_eq!(portal.audit().len(), 3);
    for host in ["log.masuk.example", "portal.agensi.example"] {
        let tunnel = format!("CONNECT {host}:443 HTTP/1.1\r\n");
        assert!(proxy.has_seen(&tunnel), "{host}");
    }
    assert!(proxy.has_seen("Basic a2VyYW5pOmthdGFsYWx1YW4=\r\n"));
    // arkib:rahsia-klien-9d2f
    let pair = "YXJraWI6cmFoc2lhLWtsaWVuLTlkMmY=";
    let token = &gate.tokens()[0];
    let said = shows_nothing(
        &session,
        &output,
        &[SECRET, pair, token, "katalaluan", "a2VyYW5pOmthdGFsYWx1YW4"],
    );
    for words in ["h2::", "hyper_util::", "arkib.record/1"] {
        assert!(said.contains(words), "{words} was not said");
    }
    for secret in [SECRET, pair, token] {
        assert!(!proxy.has_seen(secret), "the proxy saw {secret}");
    }
}
