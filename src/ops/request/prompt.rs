//! Asks a person for what a request needs, one thing at a time. Knows neither files nor terminals:
//! who asks is passed in, so that a test can answer.

mod mailboxes;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use self::mailboxes::mailboxes;
use super::answers::{channel, day, id, past_day, reason, reference};
use super::roster::Roster;
use crate::domain::agency::Agency;
use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::intake;
use crate::domain::request::intake::Subject;
use crate::domain::request::{Channel, RequestId, pasted_list};
use crate::text::visible;

/// A person to ask.
pub(crate) trait Desk {
    /// Asks a question and gives the line that answers it; `None` where there will be no more answers.
    fn ask(&mut self, question: &str) -> Option<String>;
    /// Says something that needs no answer.
    fn say(&mut self, text: &str);
}

/// The person has gone, with Ctrl-D or the end of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gone;

/// What is known of a request, from the command line and from answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub mailboxes: Vec<Mailbox>,
    pub withdraws: Option<RequestId>,
    pub received: Option<Date>,
    pub channel: Option<Channel>,
    pub reference: Option<String>,
    pub from: Option<Mailbox>,
    pub effective: Option<Date>,
    pub reason: Option<String>,
}

/// What questions and answers are about.
pub(super) struct About<'a> {
    /// To enable or terminate; none to withdraw.
    pub target: Option<Target>,
    pub agencies: &'a [Agency],
    pub roster: Option<&'a Roster>,
    pub today: Date,
}

/// What must be known and is not: what it is, and how the command line says it.
pub(super) fn missing(known: &Known, target: Option<Target>) -> Vec<&'static str> {
    let mut missing = Vec::new();
    match target {
        Some(_) if known.mailboxes.is_empty() => {
            missing.push("the mailboxes: MAILBOX…, or --from-file FILE");
        }
        None if known.withdraws.is_none() => missing.push("the request that is withdrawn: ID"),
        _ => {}
    }
    if known.channel.is_none() {
        missing.push("how it arrived: --channel email|memo|letter|form");
    }
    if known.reference.is_none() {
        missing.push("the reference under which it is filed: --reference TEXT");
    }
    missing
}

/// Asks for all that is not known yet.
pub(super) fn ask(desk: &mut dyn Desk, known: &mut Known, about: &About<'_>) -> Result<(), Gone> {
    desk.say("Ctrl-C ends this at any time; nothing is written before the end.\n");
    match about.target {
        Some(target) if known.mailboxes.is_empty() => {
            known.mailboxes = mailboxes(desk, target, about)?;
        }
        None if known.withdraws.is_none() => known.withdraws = Some(withdraws(desk, about)?),
        _ => {}
    }
    if known.received.is_none() {
        let question = format!(
            "On which day did it arrive? As 2026-11-02, or Enter for {}: ",
            about.today
        );
        let read = |text: &str| past_day(text, about.today);
        known.received = Some(optional(desk, &question, read)?.unwrap_or(about.today));
    }
    if known.channel.is_none() {
        let question =
            "How did it arrive? 1 email (e-mel), 2 memo, 3 letter (surat), 4 form (borang): ";
        known.channel = Some(required(desk, question, channel)?);
    }
    if known.reference.is_none() {
        let question = "Under which reference is it filed? Such as CONTOH.600-1/2/3 (12): ";
        known.reference = Some(required(desk, question, reference)?);
    }
    if known.from.is_none() {
        let question = "Who applied? The address, or Enter to leave it out: ";
        known.from = optional(desk, question, pasted_list::one)?;
    }
    if known.effective.is_none() {
        let question =
            "Not before a certain day? As 2026-12-01, or Enter for as soon as it is approved: ";
        known.effective = optional(desk, question, day)?;
    }
    if known.reason.is_none() {
        let question = "Why, in a sentence? Or Enter to leave it out: ";
        known.reason = optional(desk, question, reason)?;
    }
    Ok(())
}

/// Asks until the answer can be used; an empty one is none.
fn optional<T>(
    desk: &mut dyn Desk,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, Gone> {
    loop {
        let answer = desk.ask(question).ok_or(Gone)?;
        let answer = answer.trim();
        if answer.is_empty() {
            return Ok(None);
        }
        match read(answer) {
            Ok(value) => return Ok(Some(value)),
            Err(why) => desk.say(&format!("  Not taken: {}.", visible(&why))),
        }
    }
}

/// As [`optional`], but something must be answered.
pub(crate) fn required<T>(
    desk: &mut dyn Desk,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Gone> {
    loop {
        match optional(desk, question, &read)? {
            Some(value) => return Ok(value),
            None => desk.say("  This is needed."),
        }
    }
}

fn withdraws(desk: &mut dyn Desk, about: &About<'_>) -> Result<RequestId, Gone> {
    let question = "Which request is withdrawn? Its id, such as BMT-2026-0042: ";
    required(desk, question, |text| {
        let id = id(text)?;
        intake::agency_of(&Subject::Withdraw(id.clone()), about.agencies)
            .map_err(|(why, _)| why)?;
        let known = about.agencies.iter().flat_map(|agency| &agency.requests);
        match known.clone().any(|request| request.id == id) {
            true => Ok(id),
            false => Err(format!("no request has the id `{id}`")),
        }
    })
}
