//! Records a run (procedure section 6): opens its file, says what earlier runs left open, and
//! writes each change down before it is sent and when it has ended.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;

use super::Context;
use super::lease::Lease;
use super::people;
use super::whose::{job, who};
use crate::apply::{Outcome, Witness};
use crate::commands::records::folder_of;
use crate::mailbox::Mailbox;
use crate::observed::Recorded;
use crate::plan::{Change, Plan, of_policy};
use crate::policy::PortalKind;
use crate::portal::files::Seen;
use crate::portal::{self, PortalRead};
use crate::printer;
use crate::progress::Progress;
use crate::records::chain::{heads, verify};
use crate::records::entry::{self, Begun, Ended, Event, Intent, Settled};
use crate::records::history::last_done;
use crate::records::journal::Journal;
use crate::records::open::{Open, open, settle, settled};
use crate::records::{chain::Run, folder};
use crate::report::Reconciled;
use crate::report::findings::plural;
use crate::request::reader::Agency;
use crate::yaml::has_errors;

/// The record of one agency's run, under way.
pub(super) struct Recording<'a> {
    journal: Journal,
    /// Without which nothing may begin, where there is one.
    lease: Option<&'a Lease>,
    progress: Progress,
    ended: AtomicUsize,
    total: usize,
    /// Why something could not be written, where that was so.
    trouble: Mutex<Option<String>>,
}

/// What is known of earlier runs.
pub(super) struct Earlier {
    folder: PathBuf,
    runs: Vec<Run>,
    /// What they left open.
    pub open: Vec<Open>,
}

/// The records of earlier runs, and their folder.
///
/// # Errors
/// Why nothing may be changed now, and what to do.
fn read(context: &Context<'_>, agency: &Agency) -> Result<(PathBuf, Vec<Run>), (String, String)> {
    let args = context.args;
    let (folder, shown) = folder_of(
        &args.requests,
        args.records.as_deref(),
        context.source,
        agency,
    )?;
    let runs = folder::read(&folder, &shown).map_err(|error| {
        let why = format!("the records in {shown} cannot be read: {error}");
        (
            why,
            "mend that first; nothing is changed unrecorded".to_owned(),
        )
    })?;
    Ok((folder, runs))
}

/// Which request was last carried out on each mailbox, as the records say: of a portal that cannot.
///
/// # Errors
/// As for [`earlier`].
pub(super) fn recorded(
    context: &Context<'_>,
    agency: &Agency,
) -> Result<Vec<Recorded>, (String, String)> {
    let args = context.args;
    // A commit of a bare repository has no folder beside it; then nothing is known of runs.
    if args.records.is_none() && !args.requests.requests.is_dir() {
        return Ok(Vec::new());
    }
    let (_, runs) = read(context, agency)?;
    Ok(last_done(&runs, agency.policy.portal.is_rehearsal()))
}

/// Reads the records of earlier runs.
///
/// # Errors
/// Why nothing may be changed now, and what to do.
pub(super) fn earlier(context: &Context<'_>, agency: &Agency) -> Result<Earlier, (String, String)> {
    let (folder, runs) = read(context, agency)?;
    let found = verify(&runs);
    if has_errors(&found) && agency.policy.portal == PortalKind::Files {
        // Nothing else knows what people were asked to do.
        return Err((
            format!(
                "{} in the records of earlier runs, by which alone it is known what was handed over",
                plural(found.len(), "problem", "problems")
            ),
            "`arkib records verify` shows them; bring the records back as git has them".to_owned(),
        ));
    }
    if has_errors(&found) {
        // A chain that is broken goes on all the same: to stop here would let whoever broke it
        // stop every change. It is said each time until it is mended.
        printer::say(&format!(
            "note: {} in the records of earlier runs; `arkib records verify` shows them",
            plural(found.len(), "problem", "problems")
        ));
    }
    let mut open = open(&runs);
    // What was to be done in a rehearsal another portal knows nothing of, nor the other way round.
    open.retain(|it| it.is_rehearsal == agency.policy.portal.is_rehearsal());
    Ok(Earlier { folder, runs, open })
}

/// What the portal says of what earlier runs left open. Where it cannot be asked, that is left for
/// the next run.
pub(super) async fn look_back(
    context: &Context<'_>,
    reader: &impl PortalRead,
    earlier: &Earlier,
    plan: &Plan,
) -> Vec<Settled> {
    let mut mailboxes: Vec<Mailbox> = earlier
        .open
        .iter()
        .filter_map(|open| Mailbox::parse(&open.intent.mailbox).ok())
        .collect();
    mailboxes.sort_unstable();
    mailboxes.dedup();
    if mailboxes.is_empty() {
        return Vec::new();
    }
    let observed = tokio::select! {
        biased;
        () = context.stop.asked() => return Vec::new(),
        observed = portal::observe(reader, &mailboxes, &|_, _| {}) => observed,
    };
    match observed {
        Ok(observed) => {
            let each = earlier.open.iter();
            let holds = reader.holds_requests();
            each.filter_map(|open| {
                settle(open, &observed, holds).or_else(|| given_up(context, open, plan))
            })
            .collect()
        }
        Err(error) => {
            printer::say(&format!(
                "note: what earlier runs left open stays so: {error}"
            ));
            Vec::new()
        }
    }
}

/// What was handed over and will not be done any more, on the word of whoever runs arkib; what is
/// handed over anew is replaced later.
fn given_up(context: &Context<'_>, open: &Open, plan: &Plan) -> Option<Settled> {
    let is_anew = plan
        .changes
        .iter()
        .any(|change| change.mailbox.as_str() == open.intent.mailbox);
    (people::is_given_up(context, open) && !is_anew).then(|| {
        let why = "given up by who ran arkib with --hand-over-again";
        settled(open, "not-applied", why.to_owned())
    })
}

/// Of what was handed over before and is in the new file nobody will know whether the old one did it.
pub(super) fn replaced(earlier: &Earlier, plan: &Plan, outcomes: &[Outcome]) -> Vec<Settled> {
    let anew: HashSet<&str> = plan
        .changes
        .iter()
        .zip(outcomes)
        .filter(|(_, outcome)| matches!(outcome, Outcome::HandedOver { .. }))
        .map(|(change, _)| change.mailbox.as_str())
        .collect();
    let handed_over = earlier.open.iter().filter(|it| it.is_handed_over);
    handed_over
        .filter(|open| anew.contains(open.intent.mailbox.as_str()))
        .map(|open| {
            let why = "no report showed it, and a new file asks for the mailbox's change";
            settled(open, "unknown", why.to_owned())
        })
        .collect()
}

/// Says what became of what earlier runs left open.
pub(super) fn tell(earlier: &Earlier, settled: &[Settled]) -> Option<String> {
    let by_people: HashSet<&str> = earlier
        .open
        .iter()
        .filter(|open| open.is_handed_over)
        .map(|open| open.hash.as_str())
        .collect();
    let (handed_over, others): (Vec<&Settled>, Vec<&Settled>) = settled
        .iter()
        .partition(|it| by_people.contains(it.intent.as_str()));
    let mut told = Vec::new();
    if !by_people.is_empty() {
        let mut parts = counted(&handed_over);
        let open = by_people.len() - handed_over.len();
        if open > 0 {
            parts.push(format!("{open} not done as far as the report shows"));
        }
        told.push(format!("Of what was handed over: {}.", parts.join(", ")));
    }
    if !others.is_empty() {
        let all = plural(others.len(), "change", "changes");
        told.push(format!(
            "An earlier run did not come to its end and left {all} open: {}.",
            counted(&others).join(", ")
        ));
    }
    (!told.is_empty()).then(|| told.join(" "))
}

/// "2 made, 1 unclear".
fn counted(settled: &[&Settled]) -> Vec<String> {
    [
        ("applied", "made"),
        ("already-so", "found so"),
        ("not-applied", "not made"),
        ("unknown", "unclear"),
    ]
    .into_iter()
    .map(|(word, said)| {
        let of_word = settled.iter().filter(|it| it.outcome == word);
        (of_word.count(), said)
    })
    .filter(|(count, _)| *count > 0)
    .map(|(count, said)| format!("{count} {said}"))
    .collect()
}

/// What is begun.
#[derive(Clone, Copy)]
pub(super) struct Begin<'a> {
    pub plan: &'a Plan,
    /// Whether limits that it exceeds were let pass.
    pub accepted: bool,
    /// The report that it was made of, where people operate the portal.
    pub report: Option<&'a Seen>,
}

impl Earlier {
    /// The names of the files that were ever handed over.
    pub(super) fn handed_over_files(&self) -> HashSet<String> {
        let lines = self.runs.iter().flat_map(|run| &run.lines);
        lines
            .filter_map(|(_, line)| match &line.event {
                Event::Outcome(outcome) if outcome.outcome == "handed-over" => {
                    let file = outcome.detail.as_deref()?;
                    file.split(" (").next().map(str::to_owned)
                }
                _ => None,
            })
            .collect()
    }

    /// The newest report that a run was made of.
    pub(super) fn newest_report(&self) -> Option<&entry::Report> {
        let begun = self.runs.iter().filter_map(Run::begun);
        let reports = begun.filter_map(|begun| begun.report.as_ref());
        reports.max_by_key(|report| report.taken.parse::<Timestamp>().ok())
    }
}

impl<'a> Recording<'a> {
    /// Opens the record of a run.
    ///
    /// # Errors
    /// Why it cannot be written, and what to do.
    pub(super) fn begin(
        context: &Context<'_>,
        agency: &Agency,
        what: &Begin<'_>,
        earlier: &Earlier,
        lease: Option<&'a Lease>,
    ) -> Result<Self, (String, String)> {
        let Begin {
            plan,
            accepted,
            report,
        } = *what;
        let now = Timestamp::now();
        let name = format!(
            "{}-{}-{:x}",
            now.strftime("%Y%m%dT%H%M%S%3fZ"),
            plan.digest.short(),
            std::process::id()
        );
        let begun = Event::Begun(Begun {
            format: entry::FORMAT.to_owned(),
            arkib: env!("CARGO_PKG_VERSION").to_owned(),
            agency: agency.policy.agency.clone(),
            by: who(),
            job: job(),
            portal: agency.policy.portal.as_str().to_owned(),
            report: report.map(|seen| entry::Report {
                name: seen.name.clone(),
                sha256: seen.sha256.clone(),
                taken: seen.taken.to_string(),
            }),
            commit: context.source.clean_commit().map(str::to_owned),
            accepted,
            policy: of_policy(&agency.policy).to_string(),
            plan: plan.digest.to_string(),
            as_of: plan.as_of.to_string(),
            changes: plan.changes.len(),
        });
        let heads = heads(&earlier.runs);
        let journal = Journal::begin(&earlier.folder, &name, heads, begun, Timestamp::now)
            .map_err(|error| {
                let folder = earlier.folder.display();
                let why = format!("the run cannot be recorded in {folder}: {error}");
                (
                    why,
                    "nothing is changed unrecorded; name another folder with --records DIR"
                        .to_owned(),
                )
            })?;
        Ok(Self {
            journal,
            lease,
            progress: Progress::new("applying changes"),
            ended: AtomicUsize::new(0),
            total: plan.changes.len(),
            trouble: Mutex::new(None),
        })
    }

    /// Writes down what became of what earlier runs left open.
    pub(super) async fn settled(&self, settled: &[Settled]) {
        for one in settled {
            self.write(Event::Settled(one.clone())).await;
        }
    }

    /// Ends the record with how the run ended; a record that is not whole is said.
    pub(super) async fn end(self, run: &mut Reconciled) {
        self.write(Event::Ended(Ended {
            status: run.exit.status(),
            reason: run.reason.clone(),
        }))
        .await;
        run.record = Some(self.journal.file().to_string_lossy().replace('\\', "/"));
        let trouble = self
            .trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.journal.close();
        if let Some(trouble) = trouble {
            run.exit = run.exit.and(crate::exit::Exit::Partly);
            run.reason = format!("{} The record is not whole: {trouble}.", run.reason);
        }
    }

    async fn write(&self, event: Event) -> bool {
        match self.journal.write(for_everyone(event)).await {
            Ok(()) => true,
            Err(error) => {
                let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
                trouble.get_or_insert_with(|| error.to_string());
                false
            }
        }
    }
}

/// An event without the token, which a portal may name wherever it names anything.
fn for_everyone(mut event: Event) -> Event {
    let texts = match &mut event {
        Event::Intent(intent) => vec![&mut intent.from, &mut intent.id],
        Event::Outcome(outcome) => outcome.detail.iter_mut().collect(),
        Event::Settled(settled) => vec![&mut settled.detail],
        Event::Ended(ended) => vec![&mut ended.reason],
        // The others say nothing that a portal said.
        _ => Vec::new(),
    };
    for text in texts {
        *text = printer::without_secrets(text).into_owned();
    }
    event
}

impl Witness for Recording<'_> {
    async fn begun(&self, change: &Change) -> Result<(), String> {
        if let Some(lease) = self.lease {
            lease.may_begin()?;
        }
        let intent = Event::Intent(Intent {
            mailbox: change.mailbox.to_string(),
            action: change.target.verb().to_owned(),
            request: change.request.id.to_string(),
            from: change.from.to_string(),
            id: change.id.to_string(),
        });
        if self.write(intent).await {
            return Ok(());
        }
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let trouble = trouble.as_deref().unwrap_or_default();
        Err(format!(
            "it cannot be recorded, so it is not done: {trouble}"
        ))
    }

    async fn ran_out(&self) -> String {
        match self.lease {
            Some(lease) => lease.ran_out().await,
            None => std::future::pending().await,
        }
    }

    async fn ended(&self, change: &Change, outcome: &Outcome) {
        self.write(Event::Outcome(entry::Outcome {
            mailbox: change.mailbox.to_string(),
            request: change.request.id.to_string(),
            outcome: outcome.as_str().to_owned(),
            detail: outcome.detail().map(str::to_owned),
        }))
        .await;
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        self.progress.at(ended, Some(self.total));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    #[test]
    fn no_record_holds_a_token_whatever_the_portal_says() {
        let token = "rahsia-3b1f0c7a-rekod";
        printer::never_print(&SecretString::from(token));
        let said = format!("it names {token}");
        let intent = Intent {
            mailbox: "a@agensi.example".into(),
            action: "enable".into(),
            request: "R-1".into(),
            from: token.into(),
            id: token.into(),
        };
        let outcome = entry::Outcome {
            mailbox: "a@agensi.example".into(),
            request: "R-1".into(),
            outcome: "unknown".into(),
            detail: Some(said.clone()),
        };
        let settled = Settled {
            mailbox: "a@agensi.example".into(),
            request: "R-1".into(),
            intent: "0".into(),
            outcome: "unknown".into(),
            detail: said.clone(),
        };
        let ended = Ended {
            status: 0,
            reason: said,
        };
        for event in [
            Event::Intent(intent),
            Event::Outcome(outcome),
            Event::Settled(settled),
            Event::Ended(ended),
        ] {
            let shown = format!("{:?}", for_everyone(event));
            assert!(
                !shown.contains(token) && shown.contains("[token]"),
                "{shown}"
            );
        }
    }
}
