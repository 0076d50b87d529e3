//! Asks for the mailboxes of a request: whole addresses, parts of them to search for, lists to paste, list
//! files; and one that was a mistake is taken out again.

use std::path::{Path, PathBuf};

use super::context::PromptContext;
use super::suggestions::{find_accounts, suggest_accounts};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::new_request::{NewRequest, warnings};
use crate::domain::request::pasted_list;
use crate::ops::filing::candidate::find_owning_agency;
use crate::ops::filing::prompter::{Prompter, Question, Unanswered};
use crate::printer;
use crate::printer::text;
use crate::text::{escape, excerpt};

/// The most added mailboxes that are listed.
const MOST_LISTED: usize = 12;

/// What an answer says.
#[derive(Debug, PartialEq, Eq)]
enum MailboxAnswer {
    /// The list is complete.
    Done,
    /// The mailbox at this index is a mistake.
    Remove(usize),
    /// These mailboxes, and what is wrong with others.
    Add(Vec<Mailbox>, Vec<String>),
}

/// Asks until the list is complete.
pub(super) fn ask_mailboxes(
    dialogue: &mut dyn Prompter,
    intake: &mut NewRequest,
    about: &PromptContext<'_>,
) -> Result<(), Unanswered> {
    let target = intake.target.unwrap_or(Target::Enabled);
    dialogue.say(&match target {
        Target::Enabled => text!("request-ask-enable"),
        Target::Terminated => text!("request-ask-terminate"),
    });
    let chosen = &mut intake.mailboxes;
    say_list(dialogue, chosen, 0);
    loop {
        let known = chosen.clone();
        let suggest = |typed: &str| suggest(typed, &known, about);
        let question = Question {
            text: text!("request-ask-mailbox", number = chosen.len() + 1),
            help: match known.is_empty() {
                true => text!("request-ask-mailbox-help"),
                false => text!("request-ask-more-help"),
            },
            suggest: Some(&suggest),
            ..Question::default()
        };
        let check = |answer: &str| parse_entry(answer, &known, about).map(drop);
        let answer = dialogue.ask(&question, &check)?;
        match parse_entry(&answer, &known, about) {
            Ok(MailboxAnswer::Done) => return Ok(()),
            Ok(MailboxAnswer::Remove(index)) => {
                let mailbox = chosen.remove(index);
                dialogue.say(&text!("request-removed", mailbox = mailbox.as_str()));
                say_list(dialogue, chosen, 0);
            }
            Ok(MailboxAnswer::Add(added, wrong)) => {
                let before = chosen.len();
                chosen.extend(added);
                say_added(dialogue, (&answer, chosen, before), (target, about));
                wrong.iter().for_each(|why| dialogue.say(&format!("! {}", escape(why))));
            }
            Err(why) => dialogue.say(&why),
        }
    }
}

fn suggest(typed: &str, chosen: &[Mailbox], about: &PromptContext<'_>) -> Vec<String> {
    if let Some(part) = typed.strip_prefix('-') {
        let part = part.trim().to_lowercase();
        let meant = chosen.iter().filter(|mailbox| mailbox.as_str().contains(&part));
        return meant.map(|mailbox| format!("-{mailbox}")).collect();
    }
    match list_file(typed) {
        Some(_) => Vec::new(),
        None => suggest_accounts(typed, about.roster),
    }
}

/// The name of a list file, which no address ends like. A terminal into which a file is dragged quotes it.
fn list_file(answer: &str) -> Option<PathBuf> {
    let path = unquoted(answer);
    let extension = Path::new(path).extension()?.to_string_lossy().to_ascii_lowercase();
    let is_list = matches!(&*extension, "csv" | "txt" | "xls" | "xlsx" | "xlsm" | "ods");
    (is_list && !path.contains('@')).then(|| path.into())
}

pub(super) fn unquoted(path: &str) -> &str {
    let path = path.trim();
    let within = |quote| path.strip_prefix(quote)?.strip_suffix(quote);
    within('\'').or_else(|| within('"')).unwrap_or(path)
}

fn parse_entry(
    answer: &str,
    chosen: &[Mailbox],
    about: &PromptContext<'_>,
) -> Result<MailboxAnswer, String> {
    let answer = answer.trim();
    if answer.is_empty() {
        return match chosen.is_empty() {
            true => Err(text!("request-no-mailbox")),
            false => Ok(MailboxAnswer::Done),
        };
    }
    if let Some(which) = answer.strip_prefix('-') {
        return parse_removal(which.trim(), chosen).map(MailboxAnswer::Remove);
    }
    let read: Vec<Result<Mailbox, String>> = if let Some(file) = list_file(answer) {
        about.files.read_list(&file)?.into_iter().map(Ok).collect()
    } else if answer.contains('@') {
        let read = pasted_list::parse_mailboxes(answer).into_iter();
        read.map(|read| read.map_err(|why| printer::render(&why))).collect()
    } else {
        vec![Ok(parse_part(answer, about)?)]
    };
    let mut added: Vec<Mailbox> = Vec::new();
    let mut wrong = Vec::new();
    for read in read {
        match read.and_then(|mailbox| check_new(mailbox, (chosen, &added), about)) {
            Ok(mailbox) => added.push(mailbox),
            Err(why) => wrong.push(why),
        }
    }
    match added.is_empty() {
        true => Err(wrong.into_iter().next().unwrap_or_else(|| text!("request-no-mailbox"))),
        false => Ok(MailboxAnswer::Add(added, wrong)),
    }
}

/// The index of what stands in a list under that number, from 1.
pub(super) fn index_of_number(number: usize, count: usize) -> Result<usize, String> {
    let index = number.checked_sub(1).filter(|index| *index < count);
    index.ok_or_else(|| text!("request-no-such-number", number, count))
}

/// The index of the mailbox that is to be taken out: by its number, or by its address or a part of it.
fn parse_removal(which: &str, chosen: &[Mailbox]) -> Result<usize, String> {
    if let Ok(number) = which.parse() {
        return index_of_number(number, chosen.len());
    }
    let which = which.to_lowercase();
    let named = |mailbox: &Mailbox| !which.is_empty() && mailbox.as_str().contains(&which);
    let mut found = chosen.iter().enumerate().filter(|(_, mailbox)| named(mailbox));
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Ok(index),
        _ => match chosen.iter().position(|mailbox| mailbox.as_str() == which) {
            Some(index) => Ok(index),
            None => Err(text!("request-which-removed", count = chosen.len())),
        },
    }
}

/// The only account whose address has that part.
fn parse_part(part: &str, about: &PromptContext<'_>) -> Result<Mailbox, String> {
    let found = match about.roster {
        Some(roster) => find_accounts(part, roster),
        None => return Err(text!("request-not-an-address", found = excerpt(part, 40))),
    };
    match found.as_slice() {
        [only] => Ok(only.mailbox.clone()),
        [] => Err(text!("request-nobody-like", part = excerpt(part, 40))),
        several => Err(text!("request-several-like", count = several.len())),
    }
}

/// A mailbox that is not in the list yet and belongs to the same agency.
fn check_new(
    mailbox: Mailbox,
    (chosen, added): (&[Mailbox], &[Mailbox]),
    about: &PromptContext<'_>,
) -> Result<Mailbox, String> {
    if chosen.contains(&mailbox) || added.contains(&mailbox) {
        return Err(text!("request-already-listed", mailbox = mailbox.as_str()));
    }
    let all: Vec<Mailbox> = chosen.first().into_iter().chain([&mailbox]).cloned().collect();
    let agency = find_owning_agency(&all, None, about.agencies)
        .map_err(|failure| printer::render(&failure.reason))?;
    if agency.policy.owns_domain_of(&mailbox) {
        return Ok(mailbox);
    }
    let domains = agency.policy.domains.join(", ");
    Err(text!("request-foreign", mailbox = mailbox.as_str(), domains))
}

/// Lists the chosen mailboxes from one on, with their numbers.
fn say_list(dialogue: &mut dyn Prompter, chosen: &[Mailbox], from: usize) {
    for (number, mailbox) in (1..).zip(chosen).skip(from).take(MOST_LISTED) {
        dialogue.say(&format!("  {number:>4}  {mailbox}"));
    }
    let more = chosen.len().saturating_sub(from + MOST_LISTED);
    if more > 0 {
        dialogue.say(&format!("        {}", text!("request-and-more", count = more)));
    }
}

/// Lists what was added where the answer itself does not show it, and what is against each.
fn say_added(
    dialogue: &mut dyn Prompter,
    (answer, chosen, before): (&str, &[Mailbox], usize),
    (target, about): (Target, &PromptContext<'_>),
) {
    let added = &chosen[before..];
    if added.len() > 1 || !answer.contains('@') {
        say_list(dialogue, chosen, before);
    }
    let Some(roster) = about.roster else { return };
    let mut addresses = None;
    let obstacles = added.iter().filter_map(|mailbox| {
        let (_, why) = warnings::find_obstacle(mailbox, target, (roster, &mut addresses))?;
        Some((mailbox, why))
    });
    for (mailbox, why) in obstacles.take(MOST_LISTED) {
        let note = text!("request-note-on", mailbox = mailbox.as_str(), why);
        dialogue.say(&format!("! {}", escape(&note)));
    }
}
