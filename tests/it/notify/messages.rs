//! The content of messages, and how they are sent.

use std::fs;

use super::{POLICY, address, agency, agency_by_email, notify, notify_json, read, reason, records};
use crate::session::{InTime as _, stderr, stdout};
use crate::smtp_server::{ServerOptions, Smtp};
use crate::tls::BOTH;
use crate::tls_server::{Authority, Server};

#[test]
fn data_cannot_inject_headers_commands_or_markup() {
    let policy = POLICY.replace(
        "name: Jabatan Contoh",
        "name: \"Jabatan\\nBcc: lain@jahat.example\\n\\n.\\nRCPT TO:<lain@jahat.example> <b>\"",
    );
    let session = agency(&policy, &[("R-1", "email", &["=cmd|x"])]);
    let smtp = Smtp::start();
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!(exit, 0, "{report:#}");
    let rcpt: Vec<String> =
        smtp.lines().into_iter().filter(|line| line.starts_with("RCPT")).collect();
    assert_eq!(rcpt, ["RCPT TO:<=cmd|x@agensi.example>"]);
    let text = smtp.text("=cmd|x@agensi.example");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert!(body.contains("&lt;b&gt;"), "{body}");
    for header in
        ["Auto-Submitted: auto-generated", "MIME-Version: 1.0", "To: =cmd|x@agensi.example"]
    {
        assert!(head.contains(header), "{head}");
    }
    assert!(!head.contains("\nX-"), "{head}");
}

#[test]
fn each_recipient_gets_one_stable_message() {
    let session = agency_by_email(&["siti", "rosli"]);
    let id = |smtp: &Smtp, name: &str| {
        let text = smtp.text(&address(name));
        let line = text.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
        assert!(!text.contains(&address(if name == "siti" { "rosli" } else { "siti" })), "{text}");
        line
    };
    let (one, two) = (Smtp::start(), Smtp::start());
    notify_json(&session, &one, &[]);
    assert_ne!(id(&one, "siti"), id(&one, "rosli"));
    notify_json(&session, &two, &["--again", "R-1"]);
    assert_eq!(id(&one, "siti"), id(&two, "siti"));
    assert!(one.text(&address("siti")).contains("Subject: Arkib e-mel telah diaktifkan (R-1)"));
    let english = Smtp::start();
    notify_json(&session, &english, &["--again", "R-1", "--language", "en"]);
    assert!(english.text(&address("siti")).contains("Subject: E-mail archive enabled (R-1)"));
}

#[test]
fn mail_requires_encryption_and_hides_the_password() {
    let session = agency_by_email(&["a"]);
    let (good, other) = (Authority::new("CA Contoh"), Authority::new("CA Lain"));
    session.write("good.pem", good.pem());
    session.write("other.pem", other.pem());
    session.write("password", "rahsia-4711-mel\n");
    let identity = good.for_names(&["localhost"]);
    let server = Server { shows: &identity, asks_for_clients_of: None, versions: BOTH };
    let config = Some(server.config());
    let run = |smtp: &Smtp, scheme: &str, ca: &str| {
        let url = format!("{scheme}://localhost:{}", smtp.address.port());
        let mut command = notify(&session, smtp, &["--yes"]);
        command
            .env("ARKIB_SMTP_URL", url)
            .env("ARKIB_SMTP_CA", ca)
            .env("ARKIB_SMTP_USER", "arkib")
            .env("ARKIB_SMTP_PASSWORD_FILE", "password")
            .env("ARKIB_LOG", "trace");
        let output = command.in_time();
        let (report, exit) = read(&output);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        for secret in ["rahsia-4711", "cmFoc2lh", "AGFya2liAHJhaHNpYS00NzExLW1lbA"] {
            assert!(!said.contains(secret), "{said}");
        }
        assert!(!stderr(&output).contains("a@agensi.example"), "{}", stderr(&output));
        assert_eq!(exit == 0, smtp.accepted().len() == 1, "{report:#}");
        (exit, reason(&report).to_owned(), smtp.lines())
    };
    let auth = Some("235 2.7.0 welcome");
    let starttls = |injected, auth| {
        Smtp::with(ServerOptions {
            starttls: config.clone(),
            injected,
            auth,
            ..ServerOptions::default()
        })
    };
    // With a wrong certificate, without STARTTLS, with injected text.
    let (exit, why, lines) = run(&starttls(None, auth), "smtp", "other.pem");
    assert!(exit == 1 && why.contains("certificate"), "{why}");
    assert!(!lines.iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
    let (exit, why, lines) =
        run(&Smtp::with(ServerOptions { auth, ..ServerOptions::default() }), "smtp", "good.pem");
    assert!(exit == 1 && why.contains("STARTTLS"), "{why}");
    assert!(!lines.iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
    let injected = "\r\n250-mel.jahat.example\r\n250 AUTH PLAIN";
    let (exit, why, lines) = run(&starttls(Some(injected), auth), "smtp", "good.pem");
    assert!(exit == 1, "{why}");
    assert!(!lines.iter().any(|line| line.starts_with("AUTH")), "{lines:?}");
    // A refused login that echoes the credentials.
    let echo = Some("535 5.7.8 no rahsia-4711-mel");
    let (exit, why, _) = run(&starttls(None, echo), "smtp", "good.pem");
    assert!(exit == 1 && why.contains("535 5.7.8 no"), "{why}");
    // After all of that the notice is still due.
    let smtps = Smtp::with(ServerOptions { tls: config.clone(), auth, ..ServerOptions::default() });
    let (exit, why, _) = run(&smtps, "smtps", "other.pem");
    assert!(exit == 1 && why.contains("certificate"), "{why}");
    let (exit, why, lines) = run(&starttls(None, auth), "smtp", "good.pem");
    assert_eq!(exit, 0, "{why}");
    assert!(lines.iter().any(|line| line.starts_with("AUTH PLAIN")), "{lines:?}");
    let written: String =
        records(&session).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(written.contains("2.0.0 taken") && !written.contains("rahsia"), "{written}");
    let again = notify(&session, &smtps, &["--yes", "--again", "R-1"])
        .env("ARKIB_SMTP_URL", format!("smtps://localhost:{}", smtps.address.port()))
        .env("ARKIB_SMTP_CA", "good.pem")
        .in_time();
    assert_eq!(read(&again).1, 0, "{}", stdout(&again));
}
