//! Output for programs and forges: valid in success, failure and refusal; complete or cut at whole
//! rows; data never becomes markup or a command.

use std::fmt::Write as _;

use serde_json::Value;

use crate::comments::{others, terminations};
use crate::schemas::assert_matches;
use crate::session::{InTime as _, Session, status, stderr, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: embedded\nlimits: { terminations: 2, terminations_percent: 100, changes: 9000 }\n";
pub const DAY: [&str; 2] = ["--as-of", "2026-11-23"];

pub fn request(id: &str, action: &str, mailboxes: &[String]) -> String {
    let named: String =
        mailboxes.iter().map(|name| format!("  - {name}@agensi.example\n")).collect();
    format!(
        "version: 1\nid: {id}\naction: {action}\nmailboxes:\n{named}received:\n  date: 2026-01-02\n  channel: memo\n  reference: R\napprovals:\n  - by: pentadbir@agensi.example\n    date: 2026-01-03\n"
    )
}

/// An agency in git whose portal has these mailboxes, with or without archives.
pub fn agency(requests: &[(&str, String)], portal: &[(&str, &str)]) -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", POLICY);
    for (id, text) in requests {
        session.write(&format!("requests/{id}.yaml"), text);
    }
    let mut csv = String::from("mailbox,state\n");
    for (mailbox, state) in portal {
        let _ = writeln!(csv, "{mailbox}@agensi.example,{state}");
    }
    session.write("portal.csv", csv);
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Requests"]);
    session
}

pub fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("mailbox{number:04}")).collect()
}

/// The output of a command, which must be only JSON that matches its schema.
pub fn valid(session: &Session, schema: &str, arguments: &[&str], expected: i32) -> Value {
    let output = session.run(arguments);
    let text = stdout(&output);
    assert_eq!(status(&output), expected, "{arguments:?}: {text}{}", stderr(&output));
    let value: Value = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{arguments:?} is no JSON: {error}: {text}"));
    assert_matches(schema, &value);
    crate::session::agencies(value)
}

#[test]
fn json_is_valid_for_every_result() {
    let names = numbered(4);
    let all = agency(
        &[
            ("R-1", request("R-1", "enable", &names[..1])),
            ("R-2", request("R-2", "terminate", &names[1..4])),
        ],
        &[
            ("mailbox0000", "disabled"),
            ("mailbox0001", "enabled"),
            ("mailbox0002", "enabled"),
            ("mailbox0003", "enabled"),
        ],
    );
    let json = |command: &[&str]| -> Vec<String> {
        let more = ["--format", "json"];
        command.iter().chain(&DAY).chain(&more).map(|name| (*name).to_owned()).collect()
    };
    let run = |schema: &str, command: &[&str], expected: i32| {
        let arguments = json(command);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        valid(&all, schema, &arguments, expected)
    };
    // Refused: over the limit; no terminal; a missing commit; an invalid plan.
    let refused = run("reconcile", &["reconcile", "--dry-run"], 4);
    assert_eq!(refused["plan"]["refusals"][0]["limit"], "terminations");
    run("reconcile", &["reconcile"], 64);
    run("reconcile", &["reconcile", "--dry-run", "--ref", "nowhere"], 1);
    all.write("plan.json", "{}");
    run("reconcile", &["reconcile", "--yes", "--plan", "plan.json"], 4);
    run("reconcile", &["reconcile", "--yes", "--plan", "nowhere.json"], 1);
    // Kept, a pull request, done, stale.
    let digest = refused["plan"]["digest"].as_str().unwrap();
    run("reconcile", &["reconcile", "--dry-run", "--accept", digest, "--plan-out", "plan.json"], 0);
    let kept: Value =
        serde_json::from_slice(&std::fs::read(all.path().join("plan.json")).unwrap()).unwrap();
    assert_matches("plan", &kept);
    let base = run("reconcile", &["reconcile", "--dry-run", "--base", "main", "--drift"], 0);
    assert_eq!(base["pull_request"]["otherwise"]["terminate"], 3);
    let done =
        run("reconcile", &["reconcile", "--yes", "--plan", "plan.json", "--accept", digest], 0);
    assert_eq!(done["outcomes"].as_array().unwrap().len(), 4);
    let stale = run("reconcile", &["reconcile", "--yes", "--plan", "plan.json"], 4);
    assert_eq!(stale["stale"].as_array().unwrap().len(), 4);
    run("status", &["status", "mailbox0001@agensi.example"], 0);
    run("status", &["status", "nobody@agensi.example", "--ref", "nowhere"], 1);
    run("reconcile", &["status"], 0);
    run("waiting", &["status", "--all"], 0);
    run("waiting", &["status", "--all", "--offline"], 0);
    run("check", &["check"], 0);
    run("check", &["check", "--base", "nowhere"], 1);
    // The files fail.
    all.write("requests/R-3.yaml", "version: 1\nid: R-3\n");
    let found = run("check", &["check", "--base", "main"], 1);
    assert_eq!(found["findings"].as_array().unwrap().len(), 2);
    run("reconcile", &["reconcile", "--dry-run"], 1);
    run("status", &["status"], 1);
    run("waiting", &["status", "--all"], 1);
    // The portal fails.
    std::fs::remove_file(all.path().join("requests/R-3.yaml")).unwrap();
    all.write("requests/agency.yaml", POLICY.replace("embedded", "scim"));
    run("reconcile", &["reconcile", "--dry-run"], 1);
}

#[test]
fn a_large_comment_stays_below_the_limit() {
    let names = numbered(5000);
    let portal: Vec<(&str, &str)> = names
        .iter()
        .enumerate()
        .map(|(index, name)| (name.as_str(), if index < 2 { "enabled" } else { "disabled" }))
        .collect();
    let session = agency(
        &[
            ("R-1", request("R-1", "enable", &names[2..])),
            ("R-2", request("R-2", "terminate", &names[..2])),
        ],
        &portal,
    );
    let arguments =
        [&["reconcile", "--dry-run", "--format", "markdown", "--report", "whole.md"], &DAY[..]]
            .concat();
    let output = session.run(&arguments);
    let comment = stdout(&output);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let length = comment.chars().count();
    // Grouped by request it is short enough to read.
    assert!(length < 6_000, "{length} characters");
    assert!(comment.find("[!CAUTION]") < comment.find("To enable"));
    assert_eq!(terminations(&comment), 2);
    // It says how much it left out, and where; the title has the totals.
    assert!(comment.contains("### arkib: 2 to terminate, 4998 to enable"));
    assert!(comment.contains("\n- **4998 mailboxes**<br>`R-1`"));
    let more = format!("\n  - … and {} more\n", 4_998 - others(&comment));
    assert!(comment.contains(&more), "{more}{comment}");
    assert!(
        comment.contains("Not all rows are shown; the full output is in `whole.md`."),
        "{comment}"
    );
    assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
    let whole = std::fs::read_to_string(session.path().join("whole.md")).unwrap();
    assert_eq!(others(&whole), 4_998);
    assert!(!whole.contains("Left out") && !whole.contains("… and"));
}

#[test]
fn data_cannot_inject_markup_or_commands() {
    // Hostile text in an address, a file name, a commit and the portal's data.
    let hostile = "a```b~~~`|#$";
    let mut requests = vec![("R-1", request("R-1", "enable", &[hostile.to_owned()]))];
    requests[0].1 += "reason: \"<script>alert(1)</script> @octocat [x](https://evil.example) #1 a|b `c` ”*\\n\\n/close\"\n";
    let session = agency(&requests, &[("x", "disabled"), ("##y", "enabled")]);
    let reference = "](https://evil.example)<img src=x>@octocat";
    session.git(&["branch", "x@y"]);
    let markdown = |more: &[&str]| {
        let arguments =
            [&["reconcile", "--dry-run", "--format", "markdown"], &DAY[..], more].concat();
        stdout(&session.run(&arguments))
    };
    for text in [
        markdown(&[]),
        markdown(&["--ref", "x@y"]),
        markdown(&["--ref", reference]),
        markdown(&["--plan", "<b>@octocat.json"]),
    ] {
        let outside = text_outside_code(&text);
        for bad in ["<img", "<script", "@", "](", "evil.example", "<!--`", "##[", "|", "\n/", "#1"]
        {
            assert!(!outside.contains(bad), "{bad}: {text}");
        }
        assert!(outside.starts_with("<!-- arkib reconcile -->\n### arkib: "), "{text}");
    }
    // In a job every link is one of arkib's own, to the request and its line.
    let arguments = [&["reconcile", "--dry-run", "--format", "markdown"], &DAY[..]].concat();
    let mut job = session.arkib(&arguments);
    job.env("GITHUB_ACTIONS", "true").env("GITHUB_REPOSITORY", "agensi/arkib");
    let text = stdout(&job.env("GITHUB_SERVER_URL", "https://forge.example").in_time());
    let commit = session.git(&["rev-parse", "HEAD"]);
    let link = format!("](https://forge.example/agensi/arkib/blob/{commit}/requests/R-1.yaml#L5)");
    let links = (text.matches(&link).count(), text_outside_code(&text).matches("](").count());
    assert_eq!(links, (1, 1), "{text}");
    let arguments = [&["reconcile", "--dry-run", "--format", "github"], &DAY[..]].concat();
    let summary = session.path().join("summary.md");
    let output = session.arkib(&arguments).env("GITHUB_STEP_SUMMARY", &summary).in_time();
    let warning = "::warning file=requests/R-1.yaml,line=5,title=no-account::";
    let quoted = commands(&stdout(&output), &[warning]);
    assert!(quoted.contains("! blocked  a```b~~~`|#$@agensi.example"), "{quoted}");
    // A faulty file is shown unchanged.
    session.write(
        "requests/R-2.yaml",
        "version: 1\n::add-mask::x\n##[add-mask]y\n\"%0A::error::\": z\n",
    );
    let output = session.run(&["check", "--format", "github"]);
    let quoted = commands(&stdout(&output), &["::error file=requests/R-2.yaml,line="]);
    assert!(quoted.contains("R-2.yaml"), "{quoted}");
    // The step's summary is the same as a comment, and is appended.
    let once = std::fs::read_to_string(&summary).unwrap();
    assert!(once.starts_with("<!-- arkib reconcile -->"), "{once}");
    std::fs::remove_file(session.path().join("requests/R-2.yaml")).unwrap();
    session.arkib(&arguments).env("GITHUB_STEP_SUMMARY", &summary).in_time();
    assert_eq!(std::fs::read_to_string(&summary).unwrap(), once.repeat(2));
    // A report that cannot be written is a failure, in any format.
    let output = session.arkib(&arguments).env("GITHUB_STEP_SUMMARY", session.path()).in_time();
    assert_eq!(status(&output), 1);
    let report =
        [&["reconcile", "--dry-run", "--format", "json", "--report", "portal.csv/x"], &DAY[..]]
            .concat();
    let output = session.run(&report);
    let said: Value = crate::session::json(&output);
    assert_eq!((status(&output), &said["exit"]["status"]), (1, &Value::from(1)), "{said:#}");
}

/// Checks that these are the only commands, and returns the text in which the runner accepts none.
fn commands(text: &str, expected: &[&str]) -> String {
    assert!(!text.contains("##["), "{text}");
    let (before, rest) = text.split_once("::stop-commands::").unwrap();
    for line in before.lines() {
        assert!(expected.iter().any(|prefix| line.starts_with(prefix)), "{line}");
    }
    assert!(before.lines().count() > 0, "{text}");
    let (token, rest) = rest.split_once('\n').unwrap();
    let (quoted, after) = rest.split_once(&format!("::{token}::\n")).unwrap();
    assert!(after.is_empty(), "{text}");
    quoted.to_owned()
}

/// The text outside code, which ends at the next sequence of as many backticks.
fn text_outside_code(text: &str) -> String {
    let mut outside = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('`') {
        outside.push_str(&rest[..at]);
        let after = rest[at..].trim_start_matches('`');
        let ticks = rest.len() - at - after.len();
        let mut end = 0;
        loop {
            let run = after[end..].find('`').expect("the end of the code") + end;
            let length = after[run..].len() - after[run..].trim_start_matches('`').len();
            end = run + length;
            if length == ticks {
                break;
            }
        }
        assert!(!after[..end].contains('\n'), "code goes on in the next line: {text}");
        rest = &after[end..];
    }
    outside + rest
}
