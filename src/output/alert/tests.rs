//! What each shape makes of values that lie, and how much of a message is shown.

use serde_json::Value;

use super::*;
use crate::domain::archive_state::{State, Target};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::LastChange;
use crate::domain::request::RequestId;

/// A value that is everything at once: controls, turned text, marks, mentions and links of all shapes.
const HOSTILE: &str = "x\u{1b}[31m\r\n\u{202e}``` <!channel> <@U1> <http://jahat.example|Log in> @channel .@all [a](https://jahat.example) //jahat.example **b** </pre><a href='http://jahat.example'>";

fn run() -> AlertRun {
    AlertRun {
        is_dry_run: true,
        requests: "4f2c9e1 (main)".into(),
        job: Some("https://forge.example/contoh/jobs/7".into()),
        ended: "2026-11-10T20:00:00Z".parse().expect("a moment"),
        status: 2,
    }
}

fn hostile() -> Alert {
    let agency = HOSTILE.to_owned();
    let mailbox = Mailbox::from_portal(HOSTILE);
    let request = RequestId::parse("R-1").expect("an id");
    Alert {
        failed: vec![FailedRun { agency: Some(agency.clone()), status: 1, reason: HOSTILE.into() }],
        drift: vec![DriftedMailbox {
            agency: agency.clone(),
            mailbox: mailbox.clone(),
            from: State::Unknown(HOSTILE.into()),
            to: Target::Enabled,
            request: request.clone(),
            last_change: LastChange { at: None, request: Some(HOSTILE.into()) },
            outcome: None,
        }],
        unmanaged: vec![UnmanagedArchive {
            agency: agency.clone(),
            mailbox: mailbox.clone(),
            state: State::Unknown(HOSTILE.into()),
        }],
        waiting: vec![Waiting {
            agency,
            request,
            cause: WaitingCause::Blocked(mailbox, HOSTILE.into()),
            since: jiff::civil::date(2026, 11, 1),
            days: 9,
        }],
        ending: Vec::new(),
    }
}

/// All texts in a value of JSON, but the address of the job.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|value| texts(value, found)),
        Value::Object(all) => {
            all.iter().filter(|(key, _)| *key != "url").for_each(|(_, value)| texts(value, found));
        }
        _ => {}
    }
}

#[test]
fn a_value_that_lies_is_plain_text_in_every_shape() {
    for format in AlertFormat::ALL {
        let body = format.render(&hostile(), &run());
        assert!(body.trim_end().chars().all(|c| c == '\n' || !crate::text::is_unsafe(c)));
        let value: Value = serde_json::from_str(&body).expect("JSON");
        let mut found = Vec::new();
        match format {
            // Values are as they were read; what is to be shown is this.
            AlertFormat::Json => texts(&value["text"], &mut found),
            _ => texts(&value, &mut found),
        }
        let text = found.join("\n").replace("https://forge.example/contoh/jobs/7", "");
        let text = text.replace("http://adaptivecards.io/schemas/adaptive-card.json", "");
        for bad in ["<", ">", "://", "//", "@channel", "@all", "@U1", "\u{1b}", "\r", "\u{202e}"] {
            assert!(!text.contains(bad), "{format:?} has {bad:?}: {text}");
        }
        // The code blocks are arkib's own, a pair for each section.
        let fences = if format == AlertFormat::Mattermost { 8 } else { 0 };
        assert_eq!(text.matches("```").count(), fences, "{format:?}: {text}");
    }
}

#[test]
fn an_address_stays_readable() {
    assert_eq!(
        harmless("siti.aminah@agensi.example is enabled", 300),
        "siti.aminah@agensi.example is enabled"
    );
    assert_eq!(
        harmless("no route to http://portal.example/scim", 300),
        "no route to http: / /portal.example/scim"
    );
}

#[test]
fn ten_lines_of_a_kind_and_all_within_what_chats_take() {
    let mut alert = hostile();
    alert.failed[0].reason = "€".repeat(100_000);
    let unmanaged = alert.unmanaged[0].clone();
    alert.unmanaged = vec![unmanaged; 14];
    alert.failed = vec![alert.failed[0].clone(); 500];
    alert.drift = vec![alert.drift[0].clone(); 500];
    alert.waiting = vec![alert.waiting[0].clone(); 500];
    let text = AlertText::new(&alert, &run());
    assert_eq!(text.title, "arkib: 500 failed, 500 drift, 14 unmanaged, 500 waiting");
    let counts: Vec<_> = text.sections.iter().map(|section| section.lines.len()).collect();
    assert_eq!(counts, [11; 4]);
    assert_eq!(text.sections[2].lines[10], "and 4 more");
    for format in AlertFormat::ALL {
        let size = format.render(&alert, &run()).len();
        let most = if format == AlertFormat::Json { 150_000 } else { 16_000 };
        assert!(size <= most, "{format:?} is {size}");
    }
}

#[test]
fn only_a_plain_address_is_the_page_of_a_job() {
    for (job, is_shown) in [
        ("https://forge.example/a/-/jobs/7", true),
        ("javascript:alert(1)", false),
        ("https://forge.example/ <!channel>", false),
        ("https://forge.example/)[x](https://jahat.example", false),
    ] {
        let run = AlertRun { job: Some(job.into()), ..run() };
        let text = AlertText::new(&hostile(), &run);
        assert_eq!(text.job.is_some(), is_shown, "{job}");
    }
}
