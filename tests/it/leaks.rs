//! A whole run over HTTPS never shows the portal's token and the keys.

use std::net::SocketAddr;

use tokio::runtime::Runtime;

use crate::portal::Portal;
use crate::session::{InTime as _, Session, status, stderr, stdout};
use crate::tls::BOTH;
use crate::tls_server::{Authority, ListeningServer, Server};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: scim\n";
const REQUEST: &str = "version: 1\nid: R-1\naction: enable\nmailboxes: [siti.aminah@agensi.example]\nreceived:\n  date: 2026-01-02\n  channel: memo\n  reference: R 1\napprovals:\n  - by: pentadbir@agensi.example\n    date: 2026-01-03\n";

fn agency() -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", POLICY);
    session.write("requests/R-1.yaml", REQUEST);
    session.write("portal.csv", "mailbox,state\nsiti.aminah@agensi.example,disabled\n");
    session
}

fn address(portal: &Portal) -> SocketAddr {
    let rest = portal.url.strip_prefix("http://").unwrap();
    rest.split_once('/').unwrap().0.parse().unwrap()
}

/// Everything below a folder, as one text.
fn read_all_files(session: &Session, folder: &str) -> String {
    let mut files = Vec::new();
    for extension in ["jsonl", "json", "yaml", "md"] {
        crate::architecture::files_below(&session.path().join(folder), extension, &mut files);
    }
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn no_log_level_shows_a_token_key_or_login() {
    let session = agency();
    let portal = Portal::start(&session, &[]);
    let authority = Authority::new("CA Contoh");
    let client = authority.for_names(&["arkib.agensi.example"]);
    let server = Server {
        shows: &authority.for_names(&["portal.agensi.example"]),
        asks_for_clients_of: Some(&authority),
        versions: BOTH,
    };
    let servers = Runtime::new().unwrap();
    let server = servers.block_on(ListeningServer::tls(&server, address(&portal)));
    let proxy = servers.block_on(ListeningServer::proxy(server.address));
    session.write("ca.pem", authority.pem());
    session.write("arkib.pem", format!("{}{}", client.certificate_pem, client.key_pem));
    let run = |arguments: &[&str]| {
        let output = session
            .arkib(arguments)
            .env("ARKIB_PORTAL_URL", "https://portal.agensi.example/scim/v2")
            .env("ARKIB_PORTAL_TOKEN", &portal.token)
            .env("ARKIB_PORTAL_CA", "ca.pem")
            .env("ARKIB_PORTAL_CERT", "arkib.pem")
            .env("HTTPS_PROXY", format!("http://kerani:katalaluan@{}", proxy.address))
            .env("ARKIB_LOG", "trace")
            .in_time();
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        format!("{}{}", stdout(&output), stderr(&output))
    };
    let mut said =
        run(&["reconcile", "--dry-run", "--plan-out", "plan.json", "--allow-uncommitted"]);
    said += &run(&["reconcile", "--yes", "--allow-uncommitted"]);
    said += &run(&["status", "--format", "json"]);
    said += &run(&["records", "list"]);
    // The secrets were really used: the portal got them, over HTTP/2.
    assert_eq!(portal.audit().len(), 1);
    assert!(server.has_received("PRI * HTTP/2.0"), "not over HTTP/2");
    assert!(proxy.has_received("Basic a2VyYW5pOmthdGFsYWx1YW4=\r\n"));
    for library in ["h2::", "hyper_util::"] {
        assert!(said.contains(library), "{library} logged nothing");
    }
    let written =
        read_all_files(&session, "requests/records") + &read_all_files(&session, "plan.json");
    assert!(written.contains("arkib.record/1") && written.contains("arkib.plan/1"));
    let key = client.key_pem.lines().nth(1).unwrap();
    for secret in [portal.token.as_str(), "katalaluan", "a2VyYW5pOmthdGFsYWx1YW4", key] {
        assert!(!said.contains(secret), "{secret} was said");
        assert!(!written.contains(secret), "{secret} was written");
    }
}

/// A test can replace the system's authorities if they are a file.
#[cfg(target_os = "linux")]
#[test]
fn a_named_authority_replaces_the_systems() {
    let session = agency();
    let portal = Portal::start(&session, &[]);
    let (system, own) = (Authority::new("CA Sistem"), Authority::new("CA Contoh"));
    let server = Server {
        shows: &system.for_names(&["localhost"]),
        asks_for_clients_of: None,
        versions: BOTH,
    };
    let servers = Runtime::new().unwrap();
    let server = servers.block_on(ListeningServer::tls(&server, address(&portal)));
    session.write("system.pem", system.pem());
    session.write("own.pem", own.pem());
    let url = format!("https://localhost:{}/scim/v2", server.address.port());
    for (named, expected) in [(None, 0), (Some("system.pem"), 0), (Some("own.pem"), 1)] {
        let mut command = session.arkib(&["reconcile", "--dry-run"]);
        command
            .env("ARKIB_PORTAL_URL", &url)
            .env("ARKIB_PORTAL_TOKEN", &portal.token)
            .env("SSL_CERT_FILE", "system.pem");
        if let Some(file) = named {
            command.env("ARKIB_PORTAL_CA", file);
        }
        let output = command.in_time();
        assert_eq!(status(&output), expected, "{named:?}: {}", stderr(&output));
    }
}
