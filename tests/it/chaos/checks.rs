//! Checks runs against the portal's audit trail. It uses no output of arkib: approvals come from
//! `approved`, changes from the trail.

use std::collections::BTreeMap;

use arkib::apply::Outcome;
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::observed::Observed;
use arkib::domain::plan::Change;
use serde_json::Value;

use super::agency::Agency;
use super::approved::Approved;
use super::observations::is_met;
use super::other_actors::MARK;

/// A line of the audit trail.
#[derive(Debug, Clone)]
pub struct Entry {
    pub mailbox: String,
    from: String,
    pub to: String,
    pub request: String,
    by_client: bool,
    detail: String,
}

impl Entry {
    pub fn read(entry: &Value) -> Self {
        let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
        Self {
            mailbox: text("mailbox"),
            from: text("from_state"),
            to: text("to_state"),
            request: text("request"),
            by_client: entry["actor"] == "client",
            detail: text("detail"),
        }
    }

    /// Whether a client set another state; when the portal finishes it later, that is not another
    /// change.
    fn is_change(&self) -> bool {
        self.by_client && self.from != self.to
    }
}

/// The state of a mailbox according to the trail so far.
struct Current {
    state: String,
    held: bool,
    active: bool,
}

/// Checks that every change of arkib was approved and allowed when it was made, and that the final
/// state is as approved. `runs` has, for each day, where its runs begin in the trail, and what was
/// approved.
pub fn check_trail(
    agency: &Agency,
    trail: &[Entry],
    runs: &[(usize, Approved)],
) -> Result<(), String> {
    let starts = agency.starts.iter().map(|start| {
        let current = Current {
            state: start.state.to_owned(),
            held: start.held,
            active: start.account == "active",
        };
        (start.mailbox.clone(), current)
    });
    let mut mailboxes: BTreeMap<String, Current> = starts.collect();
    for (place, entry) in trail.iter().enumerate() {
        let current = mailboxes.get_mut(&entry.mailbox).ok_or("a new mailbox")?;
        if entry.is_change() && entry.request != MARK {
            let run = runs.iter().rev().find(|(begins, _)| *begins <= place);
            let (_, approved) = run.ok_or("a change before the first run")?;
            allowed(agency, approved, entry, current)
                .map_err(|why| format!("{} became {}: {why}", entry.mailbox, entry.to))?;
        }
        current.state.clone_from(&entry.to);
        current.held |= entry.detail.contains("hold: true");
        current.active &= !entry.detail.contains("account: active to");
    }
    let approved = &runs.last().ok_or("no run")?.1;
    for (mailbox, (state, _)) in approved {
        if let Some(current) = mailboxes.get(mailbox)
            && !is_met(state, &current.state)
            && !may_be_left(agency, mailbox, state, current)
        {
            return Err(format!("{mailbox} is {} and not {state}", current.state));
        }
    }
    Ok(())
}

/// Checks a change of arkib.
fn allowed(
    agency: &Agency,
    approved: &Approved,
    entry: &Entry,
    current: &Current,
) -> Result<(), String> {
    let Some((state, request)) = approved.get(&entry.mailbox) else {
        return Err(format!("nothing is approved, and it names {}", entry.request));
    };
    if !is_met(state, &entry.to) || *request != entry.request {
        return Err(format!("{request} wants it {state}, and it names {}", entry.request));
    }
    if *state == "terminated" && agency.protected.contains(&entry.mailbox) {
        return Err("it is protected".to_owned());
    }
    // A portal without If-Match accepts a write that crosses a hold; the interceptor checks that
    // arkib sends none after it was shown the hold.
    if agency.request_faults.if_match && *state == "terminated" && current.held {
        return Err("it was on hold".to_owned());
    }
    if agency.request_faults.if_match && !current.active {
        return Err("its account was not active".to_owned());
    }
    Ok(())
}

/// Whether arkib may leave this state.
fn may_be_left(agency: &Agency, mailbox: &str, state: &str, current: &Current) -> bool {
    let terminate = state == "terminated";
    let settles = matches!(current.state.as_str(), "enabling" | "terminating");
    let spared = terminate && (current.held || agency.protected.contains(mailbox));
    spared || settles || !current.active
}

/// Checks that a plan was correctly refused because most enabled archives are no longer enabled:
/// `gone` of the `wanted`.
pub fn check_archives_gone(
    agency: &Agency,
    approved: &Approved,
    trail: &[Entry],
    (gone, wanted): (u64, u64),
) -> Result<(), String> {
    let starts = agency.starts.iter();
    let mut states: BTreeMap<&str, &str> =
        starts.map(|start| (start.mailbox.as_str(), start.state)).collect();
    states.extend(trail.iter().map(|entry| (entry.mailbox.as_str(), entry.to.as_str())));
    let enabled = || approved.iter().filter(|(_, (state, _))| *state == "enabled");
    let is_gone = |mailbox: &str| matches!(states.get(mailbox), Some(&("disabled" | "terminated")));
    let (truly_wanted, at_most) = (
        enabled().count() as u64,
        enabled().filter(|(mailbox, _)| is_gone(mailbox)).count() as u64,
    );
    if wanted == truly_wanted && gone <= at_most && gone * 2 > wanted {
        return Ok(());
    }
    Err(format!(
        "refused for {gone} of {wanted} archives gone, and of {truly_wanted} at most {at_most} are"
    ))
}

/// The audit trail at the end of a run.
pub struct Trail<'a> {
    /// From the beginning.
    pub all: &'a [Entry],
    /// Where the run begins.
    pub begins: usize,
}

/// Checks that the reported outcome of a change is true. `claimed_falsely`: the portal reported
/// this change as made, but did not make it.
pub fn check_outcome(
    agency: &Agency,
    (change, outcome): (&Change, &Outcome),
    trail: &Trail<'_>,
    claimed_falsely: bool,
) -> Result<(), String> {
    let (mailbox, target) = (change.mailbox.as_str(), change.target.state_word());
    let met =
        |entry: &&Entry| entry.mailbox == mailbox && entry.is_change() && is_met(target, &entry.to);
    let ours = |entry: &&Entry| entry.request == change.request.id.as_str();
    let during = &trail.all[trail.begins..];
    let made = during.iter().filter(met).filter(ours).count();
    let made_ever = trail.all.iter().filter(met).filter(ours).count();
    let by_anyone = trail.all.iter().filter(met).count();
    // A portal with stale answers may show an old state.
    let mut starts = agency.starts.iter();
    let start = starts.find(|start| start.mailbox == mailbox);
    let was_so = by_anyone > 0 || start.is_some_and(|start| is_met(target, start.state));
    let taken_back = during
        .iter()
        .filter(|entry| entry.mailbox == mailbox && entry.is_change() && !met(entry))
        .count();
    // A portal without If-Match accepts two changes at the same moment.
    let both = !agency.request_faults.if_match && by_anyone > 0;
    let is_so = match outcome {
        // If the plan was made from a list older than the previous run, and the portal reports that
        // run's change as made now, it looks like this one's.
        Outcome::Applied { .. } => made > 0 || both || claimed_falsely && made_ever > 0,
        Outcome::AlreadySo { detail, .. } if detail.in_english().contains("by this run") => was_so,
        Outcome::AlreadySo { .. } => made == 0 && was_so,
        Outcome::Unknown { .. } => true,
        Outcome::Failed { .. } | Outcome::Skipped { .. } => made == 0,
        // This portal accepts writes; nothing is handed over.
        Outcome::HandedOver { .. } => false,
    };
    // More than once only if someone undid it in between.
    if is_so && made <= 1 + taken_back {
        return Ok(());
    }
    let timeline: Vec<&Entry> = trail.all.iter().filter(|entry| entry.mailbox == mailbox).collect();
    Err(format!(
        "{mailbox} was made {target} {made} times by this run and {by_anyone} times in all, taken back {taken_back} times, and is reported as {outcome:?}\n{} in the trail before it, and {timeline:#?}",
        trail.begins
    ))
}

/// Checks that every requested mailbox was observed: a mailbox that is missing from a list would
/// count as deleted, but none is ever deleted.
pub fn check_all_observed(
    agency: &Agency,
    asked: impl Fn(&str) -> bool,
    observed: &Observed,
) -> Result<(), String> {
    let there = agency.starts.iter().map(|start| start.mailbox.as_str());
    let missing: Vec<&str> = there
        .filter(|mailbox| asked(mailbox))
        .filter(|mailbox| observed.find_mailbox(&Mailbox::from_portal(mailbox)).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("a list was trusted that lacks {missing:?}, which are in the portal"))
}
