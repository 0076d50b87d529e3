//! Asks the clerk for the values of a request, one at a time; mailboxes can be picked from those in the
//! portal. Knows neither files nor terminals.

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::domain::agency::Agency;
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::request::intake::{Intake, warnings};
use crate::domain::request::{RequestId, pasted_list};
use crate::ops::filing::candidate::find_owning_agency;
use crate::ops::filing::parse_answers::{
    parse_channel, parse_date, parse_id, parse_reason, parse_reference,
};
use crate::ops::filing::prompter::{
    BEGINNING, InputEnded, Prompter, ask_optional, ask_required, show_rejection,
};
use crate::printer;
use crate::text::{escape, excerpt, plural};

/// The most mailboxes of the portal that are listed to pick from.
const MOST_LISTED: usize = 20;

/// What the questions depend on.
pub(super) struct PromptContext<'a> {
    pub agencies: &'a [Agency],
    pub roster: Option<&'a Observed>,
    pub today: Date,
}

/// Asks for all missing values.
pub(super) fn ask_missing_values(
    dialogue: &mut dyn Prompter,
    known: &mut Intake,
    about: &PromptContext<'_>,
) -> Result<(), InputEnded> {
    dialogue.say(BEGINNING);
    match known.target {
        Some(target) if known.mailboxes.is_empty() => {
            known.mailboxes = ask_mailboxes(dialogue, target, about.agencies, about.roster)?;
        }
        None if known.withdraws.is_none() => {
            known.withdraws = Some(ask_withdrawn_id(dialogue, about)?)
        }
        _ => {}
    }
    if known.received.is_none() {
        let today = about.today;
        let question =
            format!("On which day did it arrive? For example 2026-11-02, or Enter for {today}: ");
        let past = |text: &str| match parse_date(text)? {
            day if day > today => Err(format!("{day} is in the future, today is {today}")),
            day => Ok(day),
        };
        known.received = Some(ask_optional(dialogue, &question, past)?.unwrap_or(today));
    }
    if known.channel.is_none() {
        let question =
            "How did it arrive? 1 email (e-mel), 2 memo, 3 letter (surat), 4 form (borang): ";
        known.channel = Some(ask_required(dialogue, question, parse_channel)?);
    }
    if known.reference.is_none() {
        let question = "What is its file reference? For example CONTOH.600-1/2/3 (12): ";
        known.reference = Some(ask_required(dialogue, question, parse_reference)?);
    }
    if known.from.is_none() {
        let question = "Who applied? An address, or Enter to leave it out: ";
        known.from = ask_optional(dialogue, question, |text| {
            pasted_list::parse_single_mailbox(text).map_err(|why| printer::render(&why))
        })?;
    }
    if known.effective.is_none() {
        let question =
            "From which day on? For example 2026-12-01, or Enter for as soon as it is approved: ";
        known.effective = ask_optional(dialogue, question, parse_date)?;
    }
    if known.reason.is_none() {
        let question = "Why? One sentence, or Enter to leave it out: ";
        known.reason = ask_optional(dialogue, question, parse_reason)?;
    }
    Ok(())
}

fn ask_withdrawn_id(
    dialogue: &mut dyn Prompter,
    about: &PromptContext<'_>,
) -> Result<RequestId, InputEnded> {
    let question = "Which request is withdrawn? Its id, for example BMT-2026-0042: ";
    ask_required(dialogue, question, |text| {
        let id = parse_id(text)?;
        find_owning_agency(&[], Some(&id), about.agencies)
            .map_err(|failure| printer::render(&failure.reason))?;
        let mut requests = about.agencies.iter().flat_map(|agency| &agency.requests);
        match requests.any(|request| request.id == id) {
            true => Ok(id),
            false => Err(format!("no request has the id `{id}`")),
        }
    })
}

/// Asks for the mailboxes, one line at a time.
fn ask_mailboxes(
    dialogue: &mut dyn Prompter,
    target: Target,
    agencies: &[Agency],
    roster: Option<&Observed>,
) -> Result<Vec<Mailbox>, InputEnded> {
    let or_part = match roster {
        Some(_) => ", or part of it to search the portal",
        None => "",
    };
    let mut domains = agencies.iter().flat_map(|agency| &agency.policy.domains);
    dialogue.say(&format!(
        "Which archives should arkib {}? One mailbox per line, for example siti.aminah@{}{or_part}.\nAn empty line ends the list.",
        target.verb(),
        domains.next().map_or("agensi.example", String::as_str),
    ));
    let mut chosen: Vec<Mailbox> = Vec::new();
    loop {
        let question = format!("  {}: ", chosen.len() + 1);
        let answer = dialogue.ask(&question).ok_or(InputEnded)?;
        let answer = answer.trim();
        if answer.is_empty() && chosen.is_empty() {
            dialogue.say("  At least one mailbox is required.");
            continue;
        }
        if answer.is_empty() {
            let count = plural(chosen.len(), "mailbox", "mailboxes");
            dialogue.say(&format!("{count}.\n"));
            return Ok(chosen);
        }
        let named = match roster {
            Some(roster) if !answer.contains('@') => pick_from_portal(dialogue, roster, answer)?,
            _ => {
                let read = pasted_list::parse_mailboxes(answer).into_iter();
                let taken = read.filter_map(|mailbox| {
                    mailbox.map_err(|why| show_rejection(dialogue, &printer::render(&why))).ok()
                });
                taken.collect()
            }
        };
        for mailbox in named {
            if chosen.contains(&mailbox) {
                dialogue.say(&format!("  {mailbox} is already in the list."));
            } else if let Err(why) = check_same_agency(&mailbox, &chosen, agencies) {
                show_rejection(dialogue, &why);
            } else {
                let against =
                    roster.and_then(|roster| warnings::find_obstacle(&mailbox, target, roster));
                let mind = against.map(|(_, why)| format!("  (note: {})", printer::render(&why)));
                dialogue.say(&escape(&format!("  + {mailbox}{}", mind.unwrap_or_default())));
                chosen.push(mailbox);
            }
        }
    }
}

/// Lists the mailboxes of the portal that contain a text, and returns those that are picked.
fn pick_from_portal(
    dialogue: &mut dyn Prompter,
    roster: &Observed,
    part: &str,
) -> Result<Vec<Mailbox>, InputEnded> {
    let lower = part.to_lowercase();
    let accounts = roster.mailboxes().iter();
    let found: Vec<_> =
        accounts.filter(|account| account.mailbox.as_str().contains(&lower)).collect();
    if found.is_empty() {
        dialogue.say(&format!(
            "  The portal has no mailbox with `{}` in its address; type a full address to use it.",
            excerpt(part, 80)
        ));
        return Ok(Vec::new());
    }
    let listed = &found[..found.len().min(MOST_LISTED)];
    for (number, account) in (1..).zip(listed) {
        let hold = if account.hold { ", legal hold" } else { "" };
        let shown = format!(
            "  {number:>4}  {}  archive {}, account {}{hold}",
            account.mailbox,
            account.state,
            account.account.as_str()
        );
        dialogue.say(&escape(&shown));
    }
    if found.len() > listed.len() {
        let more = found.len() - listed.len();
        dialogue.say(&format!("        and {more} more; type a longer part to see them"));
    }
    let question = "  Which? Numbers, for example 1 3, or Enter for none: ";
    let one = |word: &str| {
        let number = word.parse::<usize>().ok();
        let account = number.and_then(|number| listed.get(number.checked_sub(1)?));
        account.map(|account| account.mailbox.clone()).ok_or_else(|| {
            let word = excerpt(word, 20);
            format!("`{word}` is not a number from 1 to {}", listed.len())
        })
    };
    let read = |text: &str| {
        let words = text.split(|character: char| character == ',' || character.is_whitespace());
        let words = words.filter(|word| !word.is_empty());
        words.map(one).collect::<Result<Vec<Mailbox>, String>>()
    };
    Ok(ask_optional(dialogue, question, read)?.unwrap_or_default())
}

/// Checks that one agency owns this mailbox and all chosen ones.
fn check_same_agency(
    mailbox: &Mailbox,
    chosen: &[Mailbox],
    agencies: &[Agency],
) -> Result<(), String> {
    let all = [chosen, std::slice::from_ref(mailbox)].concat();
    let agency = find_owning_agency(&all, None, agencies);
    let policy = &agency.map_err(|failure| printer::render(&failure.reason))?.policy;
    if policy.owns_domain_of(mailbox) {
        return Ok(());
    }
    let domains = policy.domains.join(", ");
    Err(format!("`{mailbox}` does not belong to this agency; its domains are {domains}"))
}
