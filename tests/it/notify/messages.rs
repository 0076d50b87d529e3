//! What a message holds, and the way it takes.

use std::fs;

use super::{POLICY, agency, at, by_mail, give, notify, read, reason, records};
use crate::session::{InTime as _, stderr, stdout};
use crate::smtp_server::{Manner, Smtp};
use crate::tls::BOTH;
use crate::tls_server::{Authority, Server};

#[test]
fn nothing_in_the_data_becomes_a_header_a_command_or_markup() {
    let policy = POLICY.replace(
        "name: Jabatan Contoh",
        "name: \"Jabatan\\nBcc: lain@jahat.example\\n\\n.\\nRCPT TO:<lain@jahat.example> <b>\"",
    );
    let session = agency(&policy, &[("R-1", "email", &["=cmd|x"])]);
    let smtp = Smtp::start();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(exit, 0, "{report:#}");
    let rcpt: Vec<String> = smtp
        .lines()
        .into_iter()
        .filter(|it| it.starts_with("RCPT"))
        .collect();
    assert_eq!(rcpt, ["RCPT TO:<=cmd|x@agensi.example>"]);
    let text = smtp.text("=cmd|x@agensi.example");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert!(body.contains("&lt;b&gt;"), "{body}");
    for header in [
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "To: =cmd|x@agensi.example",
    ] {
        assert!(head.contains(header), "{head}");
    }
    assert!(!head.contains("\nX-"), "{head}");
}

#[test]
fn each_person_has_a_message_of_their_own_that_is_always_the_same_one() {
    let session = by_mail(&["siti", "rosli"]);
    let id = |smtp: &Smtp, name: &str| {
        let text = smtp.text(&at(name));
        let line = text
            .lines()
            .find(|line| line.starts_with("Message-ID"))
            .unwrap()
            .to_owned();
        assert!(
            !text.contains(&at(if name == "siti" { "rosli" } else { "siti" })),
            "{text}"
        );
        line
    };
    let (one, two) = (Smtp::start(), Smtp::start());
    give(&session, &one, &[]);
    assert_ne!(id(&one, "siti"), id(&one, "rosli"));
    give(&session, &two, &["--again", "R-1"]);
    assert_eq!(id(&one, "siti"), id(&two, "siti"));
    assert!(
        one.text(&at("siti"))
            .contains("Subject: Arkib e-mel telah diaktifkan (R-1)")
    );
    let english = Smtp::start();
    give(&session, &english, &["--again", "R-1", "--language", "en"]);
    assert!(
        english
            .text(&at("siti"))
            .contains("Subject: E-mail archive enabled (R-1)")
    );
}

#[test]
fn the_way_is_encrypted_or_nothing_is_sent_and_the_password_is_shown_nowhere() {
    let session = by_mail(&["a"]);
    let (good, other) = (Authority::new("CA Contoh"), Authority::new("CA Lain"));
    session.write("good.pem", good.pem());
    session.write("other.pem", other.pem());
    session.write("password", "rahsia-4711-mel\n");
    let identity = good.for_names(&["localhost"]);
    let server = Server {
        shows: &identity,
        asks_for_clients_of: None,
        versions: BOTH,
    };
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
        assert!(
            !stderr(&output).contains("a@agensi.example"),
            "{}",
            stderr(&output)
        );
        assert_eq!(exit == 0, smtp.taken().len() == 1, "{report:#}");
        (exit, reason(&report).to_owned(), smtp.lines())
    };
    let auth = Some("235 2.7.0 welcome");
    let starttls = |injected, auth| {
        Smtp::with(Manner {
            starttls: config.clone(),
            injected,
            auth,
            ..Manner::default()
        })
    };
    // Without the certificate of who it should be, without STARTTLS, with words put in by another.
    let (exit, why, lines) = run(&starttls(None, auth), "smtp", "other.pem");
    assert!(exit == 1 && why.contains("certificate"), "{why}");
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))
    );
    let (exit, why, lines) = run(
        &Smtp::with(Manner {
            auth,
            ..Manner::default()
        }),
        "smtp",
        "good.pem",
    );
    assert!(exit == 1 && why.contains("STARTTLS"), "{why}");
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))
    );
    let injected = "\r\n250-mel.jahat.example\r\n250 AUTH PLAIN";
    let (exit, why, lines) = run(&starttls(Some(injected), auth), "smtp", "good.pem");
    assert!(exit == 1, "{why}");
    assert!(
        !lines.iter().any(|line| line.starts_with("AUTH")),
        "{lines:?}"
    );
    // A login that is refused, echoing what it was given.
    let echo = Some("535 5.7.8 no rahsia-4711-mel");
    let (exit, why, _) = run(&starttls(None, echo), "smtp", "good.pem");
    assert!(exit == 1 && why.contains("535 5.7.8 no"), "{why}");
    // Nothing of that used the notice up.
    let smtps = Smtp::with(Manner {
        tls: config.clone(),
        auth,
        ..Manner::default()
    });
    let (exit, why, _) = run(&smtps, "smtps", "other.pem");
    assert!(exit == 1 && why.contains("certificate"), "{why}");
    let (exit, why, lines) = run(&starttls(None, auth), "smtp", "good.pem");
    assert_eq!(exit, 0, "{why}");
    assert!(
        lines.iter().any(|line| line.starts_with("AUTH PLAIN")),
        "{lines:?}"
    );
    let written: String = records(&session)
        .iter()
        .map(|it| fs::read_to_string(it).unwrap())
        .collect();
    assert!(
        written.contains("2.0.0 taken") && !written.contains("rahsia"),
        "{written}"
    );
    let again = notify(&session, &smtps, &["--yes", "--again", "R-1"])
        .env(
            "ARKIB_SMTP_URL",
            format!("smtps://localhost:{}", smtps.address.port()),
        )
        .env("ARKIB_SMTP_CA", "good.pem")
        .in_time();
    assert_eq!(read(&again).1, 0, "{}", stdout(&again));
}
