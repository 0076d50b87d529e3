//! An alert as JSON for programs. Values are as they were read; `text` is safe to show.

use schemars::JsonSchema;
use serde::Serialize;

use super::{AlertRun, AlertText, MOST_LINES};
use crate::domain::alert::{
    Alert, DriftedMailbox, EndingKind, EndingSoon, FailedRun, UnmanagedArchive, Waiting,
    WaitingCause,
};

/// The most characters of a value.
const LONGEST_TEXT: usize = 1_000;

/// What `ARKIB_ALERT_URL` gets with `ARKIB_ALERT_FORMAT=json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib alert")]
pub struct AlertOutput {
    /// `arkib.alert/1`.
    format: &'static str,
    /// How much there is of each kind, in words.
    title: String,
    /// The whole message as plain text, in which nothing is a mention or a link but the page of the job.
    text: String,
    run: RunOutput,
    /// Runs that failed, for an agency or before the first.
    failed: Items<FailedOutput>,
    /// Mailboxes that are no longer as their requests made them.
    drift: Items<DriftOutput>,
    /// Archives that no request names; only of a dry run.
    unmanaged: Items<UnmanagedOutput>,
    /// What waits for more than 7 days, the longest first; only of a dry run.
    waiting: Items<WaitingOutput>,
    /// Keys, certificates and lists that end within 30 days, the soonest first; only of a dry run.
    ending: Items<EndingOutput>,
}

/// The first items of a kind.
#[derive(Debug, Serialize, JsonSchema)]
struct Items<T> {
    /// How many there are.
    count: usize,
    /// At most ten of them.
    items: Vec<T>,
}

impl<T> Items<T> {
    fn new<I>(all: &[I], output: fn(&I) -> T) -> Self {
        Self { count: all.len(), items: all.iter().take(MOST_LINES).map(output).collect() }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct RunOutput {
    dry_run: bool,
    /// Where the requests were read: a commit, or a folder.
    requests: String,
    /// The page of the CI job.
    job: Option<String>,
    /// When it ended (RFC 3339).
    ended: String,
    /// The exit status of the program.
    status: u8,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FailedOutput {
    /// Null if the run failed before the first agency.
    agency: Option<String>,
    status: u8,
    reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DriftOutput {
    agency: String,
    mailbox: String,
    from: String,
    to: &'static str,
    request: String,
    /// When it was last changed, as the portal tells (RFC 3339).
    changed_at: Option<String>,
    /// The request that the portal names for that.
    changed_by: Option<String>,
    /// What became of the change that puts it right; null in a dry run.
    outcome: Option<&'static str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct UnmanagedOutput {
    agency: String,
    mailbox: String,
    state: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct WaitingOutput {
    agency: String,
    request: String,
    /// How many approvals a pending request lacks.
    missing_approvals: Option<usize>,
    /// The mailbox that is blocked although its request is approved.
    blocked: Option<String>,
    /// Why it is blocked.
    reason: Option<String>,
    since: String,
    days: i32,
}

#[derive(Debug, Serialize, JsonSchema)]
struct EndingOutput {
    agency: String,
    kind: EndingKind,
    /// The approver's address, or the authority's name.
    name: String,
    /// The last moment (RFC 3339).
    at: String,
    /// In how many days; negative if it is over.
    days: i32,
}

impl AlertOutput {
    /// Builds the output.
    pub fn new(alert: &Alert, run: &AlertRun, text: &AlertText) -> Self {
        let Alert { failed, drift, unmanaged, waiting, ending } = alert;
        Self {
            format: "arkib.alert/1",
            title: text.title.clone(),
            text: text.to_plain_text(),
            run: RunOutput {
                dry_run: run.is_dry_run,
                requests: run.requests.clone(),
                job: text.job.clone(),
                ended: run.ended.to_string(),
                status: run.status,
            },
            failed: Items::new(failed, failed_output),
            drift: Items::new(drift, drift_output),
            unmanaged: Items::new(unmanaged, unmanaged_output),
            waiting: Items::new(waiting, waiting_output),
            ending: Items::new(ending, ending_output),
        }
    }
}

fn failed_output(failed: &FailedRun) -> FailedOutput {
    let FailedRun { agency, status, reason } = failed;
    FailedOutput { agency: agency.clone(), status: *status, reason: bounded(reason) }
}

/// A text of any length, cut where it is longer than any that somebody reads.
fn bounded(text: impl ToString) -> String {
    let text = text.to_string();
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn drift_output(drift: &DriftedMailbox) -> DriftOutput {
    DriftOutput {
        agency: drift.agency.clone(),
        mailbox: bounded(&drift.mailbox),
        from: bounded(&drift.from),
        to: drift.to.state_word(),
        request: drift.request.to_string(),
        changed_at: drift.last_change.at.map(|at| at.to_string()),
        changed_by: drift.last_change.request.as_deref().map(bounded),
        outcome: drift.outcome.map(|outcome| outcome.as_str()),
    }
}

fn unmanaged_output(archive: &UnmanagedArchive) -> UnmanagedOutput {
    UnmanagedOutput {
        agency: archive.agency.clone(),
        mailbox: bounded(&archive.mailbox),
        state: bounded(&archive.state),
    }
}

fn waiting_output(waiting: &Waiting) -> WaitingOutput {
    let (missing_approvals, blocked, reason) = match &waiting.cause {
        WaitingCause::Approvals(missing) => (Some(*missing), None, None),
        WaitingCause::Blocked(mailbox, why) => {
            (None, Some(mailbox.to_string()), Some(bounded(why)))
        }
    };
    WaitingOutput {
        agency: waiting.agency.clone(),
        request: waiting.request.to_string(),
        missing_approvals,
        blocked,
        reason,
        since: waiting.since.to_string(),
        days: waiting.days,
    }
}

fn ending_output(soon: &EndingSoon) -> EndingOutput {
    EndingOutput {
        agency: soon.agency.clone(),
        kind: soon.ending.kind,
        name: soon.ending.name.clone(),
        at: soon.ending.at.to_string(),
        days: soon.days,
    }
}
