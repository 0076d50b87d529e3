//! Asks the clerk for what a request needs, one thing at a time. Knows neither files nor terminals.

mod mailboxes;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use self::mailboxes::mailboxes;
use crate::domain::agency::Agency;
use crate::domain::observed::Observed;
use crate::domain::request::intake::Intake;
use crate::domain::request::{RequestId, pasted_list};
use crate::ops::filing::agency_of::agency_of;
use crate::ops::filing::answers::{channel, day, id, reason, reference};
use crate::ops::filing::dialogue::{Desk, Gone, optional, required};

/// What questions and answers are about.
pub(super) struct About<'a> {
    pub agencies: &'a [Agency],
    pub roster: Option<&'a Observed>,
    pub today: Date,
}

/// Asks for all that is not known yet.
pub(super) fn ask(desk: &mut dyn Desk, known: &mut Intake, about: &About<'_>) -> Result<(), Gone> {
    desk.say("Ctrl-C ends this at any time; nothing is written before the end.\n");
    match known.target {
        Some(target) if known.mailboxes.is_empty() => {
            known.mailboxes = mailboxes(desk, target, about.agencies, about.roster)?;
        }
        None if known.withdraws.is_none() => known.withdraws = Some(withdraws(desk, about)?),
        _ => {}
    }
    if known.received.is_none() {
        let today = about.today;
        let question = format!("On which day did it arrive? As 2026-11-02, or Enter for {today}: ");
        let past = |text: &str| match day(text)? {
            day if day > today => Err(format!("{day} is yet to come, today is {today}")),
            day => Ok(day),
        };
        known.received = Some(optional(desk, &question, past)?.unwrap_or(today));
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

fn withdraws(desk: &mut dyn Desk, about: &About<'_>) -> Result<RequestId, Gone> {
    let question = "Which request is withdrawn? Its id, such as BMT-2026-0042: ";
    required(desk, question, |text| {
        let id = id(text)?;
        agency_of(&[], Some(&id), about.agencies).map_err(|failure| failure.reason)?;
        let mut requests = about.agencies.iter().flat_map(|agency| &agency.requests);
        match requests.any(|request| request.id == id) {
            true => Ok(id),
            false => Err(format!("no request has the id `{id}`")),
        }
    })
}
