//! `arkib notify` as an officer and CI use it: each person is notified once, for any behaviour of
//! the mail server and even if the run is killed.

mod dry_run;
mod killed_runs;
mod messages;
mod printed;
mod smtp_answers;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::outputs::DAY;
use crate::session::{InTime as _, Session, status};
use crate::smtp_server::Smtp;

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: embedded\nnotices:\n  since: 2026-11-01\n  from: arkib@agensi.example\n";

/// A request whose archives are enabled already, so that a notice is due for each user.
fn request(id: &str, channel: &str, mailboxes: &[&str]) -> String {
    let named: String =
        mailboxes.iter().map(|name| format!("  - {name}@agensi.example\n")).collect();
    format!(
        "version: 1\nid: {id}\naction: enable\nmailboxes:\n{named}received:\n  date: 2026-11-02\n  channel: {channel}\n  reference: R\napprovals:\n  - by: pentadbir@agensi.example\n    date: 2026-11-03\n"
    )
}

fn agency(policy: &str, requests: &[(&str, &str, &[&str])]) -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", policy);
    let mut csv = String::from("mailbox,state\n");
    for (id, channel, mailboxes) in requests {
        session.write(&format!("requests/{id}.yaml"), request(id, channel, mailboxes));
        mailboxes.iter().for_each(|name| csv.push_str(&format!("{name}@agensi.example,enabled\n")));
    }
    session.write("portal.csv", csv);
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Requests"]);
    session
}

fn agency_by_email(mailboxes: &[&str]) -> Session {
    agency(POLICY, &[("R-1", "email", mailboxes)])
}

fn notify(session: &Session, smtp: &Smtp, more: &[&str]) -> Command {
    let mut command = session.arkib(&["notify", "--format", "json"]);
    command.args(DAY).args(more).env("ARKIB_SMTP_URL", smtp.url());
    command
}

fn notify_json(session: &Session, smtp: &Smtp, more: &[&str]) -> (Value, i32) {
    let output = notify(session, smtp, &[&["--yes"], more].concat()).in_time();
    read(&output)
}

fn read(output: &Output) -> (Value, i32) {
    (crate::session::json(output), status(output))
}

/// As `a sent`.
fn outcomes(report: &Value) -> Vec<String> {
    let notices = report["notices"].as_array().unwrap();
    let each = notices.iter().map(|notice| {
        let to = notice["to"].as_str().unwrap();
        let outcome = notice["outcome"].as_str().unwrap_or("-");
        format!("{} {outcome}", to.split('@').next().unwrap())
    });
    each.collect()
}

fn unconfirmed(report: &Value) -> Vec<String> {
    let unconfirmed = report["unconfirmed"].as_array().unwrap();
    let each = unconfirmed.iter().map(|notice| {
        let to = notice["to"].as_str().unwrap();
        format!("{} {}", to.split('@').next().unwrap(), notice["outcome"].as_str().unwrap())
    });
    each.collect()
}

fn address(name: &str) -> String {
    format!("{name}@agensi.example")
}

fn records(session: &Session) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(session.path().join("requests/records")) else {
        return Vec::new();
    };
    folder.map(|entry| entry.unwrap().path()).collect()
}

fn reason(report: &Value) -> &str {
    report["exit"]["reason"].as_str().unwrap()
}
