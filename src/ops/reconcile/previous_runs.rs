//! What earlier runs wrote down: what they left open, what became of it, and what people were asked to do.

use std::collections::HashSet;
use std::path::PathBuf;

use jiff::Timestamp;

use super::Context;
use super::hand_over;
use crate::apply::Outcome;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Recorded;
use crate::domain::outcome::OutcomeKind;
use crate::domain::plan::Plan;
use crate::domain::policy::PortalKind;
use crate::domain::record::chain::Run;
use crate::domain::record::chain::verify;
use crate::domain::record::entry;
use crate::domain::record::entry::{Event, Settled};
use crate::domain::record::history::last_done;
use crate::domain::record::open::{Open, open, settle, settled};
use crate::domain::record::words::Settlement;
use crate::journal::folder;
use crate::ops::records::folder_of;
use crate::output::findings::plural;
use crate::portal;
use crate::portal::{PortalRead, Scope};
use crate::printer;
use crate::yaml::has_errors;

/// What is known of earlier runs.
pub(super) struct Earlier {
    pub(super) folder: PathBuf,
    pub(super) runs: Vec<Run>,
    /// What they left open.
    pub open: Vec<Open>,
}

/// The records of earlier runs, and their folder.
///
/// # Errors
/// Why nothing may be changed now, and what to do.
fn read(context: &Context<'_>, agency: &Agency) -> Result<(PathBuf, Vec<Run>), (String, String)> {
    let options = context.options;
    let (folder, shown) = folder_of(
        &options.requests,
        options.records.as_deref(),
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
/// As for [`known`].
pub(super) fn recorded(
    context: &Context<'_>,
    agency: &Agency,
) -> Result<Vec<Recorded>, (String, String)> {
    let options = context.options;
    // A commit of a bare repository has no folder beside it; then nothing is known of runs.
    if options.records.is_none() && !options.requests.requests.is_dir() {
        return Ok(Vec::new());
    }
    let (_, runs) = read(context, agency)?;
    Ok(last_done(&runs, agency.policy.portal.is_rehearsal()))
}

/// Reads the records of earlier runs.
///
/// # Errors
/// Why nothing may be changed now, and what to do.
pub(super) fn known(context: &Context<'_>, agency: &Agency) -> Result<Earlier, (String, String)> {
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
    // What is of another shard is that one's to settle.
    let holds = |address: &str| {
        context
            .options
            .shard
            .is_none_or(|it| it.holds_address(address))
    };
    let own = || earlier.open.iter().filter(|it| holds(&it.intent.mailbox));
    let mut mailboxes: Vec<Mailbox> = own()
        .filter_map(|open| Mailbox::parse(&open.intent.mailbox).ok())
        .collect();
    mailboxes.sort_unstable();
    mailboxes.dedup();
    if mailboxes.is_empty() {
        return Vec::new();
    }
    let scope = Scope::These(&mailboxes);
    let observed = tokio::select! {
        biased;
        () = context.stop.asked() => return Vec::new(),
        observed = portal::observe(reader, &scope, &|_, _| {}) => observed,
    };
    match observed {
        Ok(observed) => {
            let keeps = reader.holds_requests();
            own()
                .filter_map(|open| {
                    settle(open, &observed, keeps).or_else(|| given_up(context, open, plan))
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
    (hand_over::is_given_up(context, open) && !is_anew).then(|| {
        let why = "given up by who ran arkib with --hand-over-again";
        settled(open, Settlement::NotApplied, why.to_owned())
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
            settled(open, Settlement::Unknown, why.to_owned())
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
        (Settlement::Applied, "made"),
        (Settlement::AlreadySo, "found so"),
        (Settlement::NotApplied, "not made"),
        (Settlement::Unknown, "unclear"),
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

impl Earlier {
    /// The names of the files that were ever handed over.
    pub(super) fn handed_over_files(&self) -> HashSet<String> {
        let lines = self.runs.iter().flat_map(|run| &run.lines);
        lines
            .filter_map(|(_, line)| match &line.event {
                Event::Outcome(outcome) if outcome.outcome == OutcomeKind::HandedOver => {
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
