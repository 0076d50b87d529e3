//! Asks a person for what a request needs, one thing at a time. Knows neither files nor terminals:
//! who asks is passed in, so that a test can answer.

use jiff::civil::Date;

use super::roster::Roster;
use crate::calendar::parse_day;
use crate::desired::Target;
use crate::mailbox::Mailbox;
use crate::report::findings::plural;
use crate::request::fields::Fields;
use crate::request::intake::{self, Subject};
use crate::request::reader::Agency;
use crate::request::{Channel, RequestId, pasted};
use crate::visible::{excerpt, visible};
use crate::yaml::Text;

/// The most mailboxes of the portal that are listed to be picked from.
const MOST_LISTED: usize = 20;

/// A person to ask.
pub(super) trait Desk {
    /// Asks a question and gives the line that answers it; `None` where there will be no more answers.
    fn ask(&mut self, question: &str) -> Option<String>;
    /// Says something that needs no answer.
    fn say(&mut self, text: &str);
}

/// The person has gone, with Ctrl-D or the end of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gone;

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
        known.from = optional(desk, question, pasted::one)?;
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
fn required<T>(
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

/// Reads a day.
///
/// # Errors
/// What was expected.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let text = text.trim();
    let mean = |expected| {
        format!(
            "found `{}`, expected {expected}, for instance 2026-11-02",
            excerpt(text, 40)
        )
    };
    parse_day(text).map_err(mean)
}

fn past_day(text: &str, today: Date) -> Result<Date, String> {
    let day = day(text)?;
    if day > today {
        return Err(format!("{day} is yet to come, today is {today}"));
    }
    Ok(day)
}

/// Reads a channel: its word, its Malay name, its number, or how any of these begins.
fn channel(text: &str) -> Result<Channel, String> {
    const NAMES: [(&str, Channel); 11] = [
        ("1", Channel::Email),
        ("email", Channel::Email),
        ("e-mail", Channel::Email),
        ("e-mel", Channel::Email),
        ("2", Channel::Memo),
        ("memo", Channel::Memo),
        ("3", Channel::Letter),
        ("letter", Channel::Letter),
        ("surat", Channel::Letter),
        ("4", Channel::Form),
        ("form", Channel::Form),
    ];
    let text = text.trim().to_lowercase();
    let found = NAMES.iter().chain(&[("borang", Channel::Form)]);
    found
        .clone()
        .find(|(name, _)| name.starts_with(&text))
        .map(|(_, channel)| *channel)
        .ok_or_else(|| {
            "email, memo, letter or form is expected, or a number from 1 to 4".to_owned()
        })
}

/// Reads the reference of a document.
///
/// # Errors
/// As `check` would say.
pub(super) fn reference(text: &str) -> Result<String, String> {
    free_text(text, 200)
}

/// Reads a reason.
///
/// # Errors
/// As `check` would say.
pub(super) fn reason(text: &str) -> Result<String, String> {
    free_text(text, 2000)
}

/// A text without blanks around, with plain line ends, and with blanks for tabs.
fn free_text(text: &str, most: usize) -> Result<String, String> {
    let text = text
        .replace("\r\n", "\n")
        .replace('\t', " ")
        .trim()
        .to_owned();
    let mut fields = Fields::default();
    let read = fields.text(&Text(text), "text", most);
    read.ok_or_else(|| match fields.issues.pop() {
        Some(issue) if issue.kind == "control-character" => {
            "it holds a character that cannot be seen; keys such as arrows leave them: type it anew"
                .to_owned()
        }
        Some(issue) => issue.message,
        None => "it cannot be read".to_owned(),
    })
}

/// Reads the id of a request.
///
/// # Errors
/// What was expected.
pub(super) fn id(text: &str) -> Result<RequestId, String> {
    RequestId::parse(text.trim()).ok_or_else(|| {
        format!(
            "found `{}`, expected an id such as BMT-2026-0042: up to 64 letters, digits, `.`, `_` or `-`",
            excerpt(text, 80)
        )
    })
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

/// The mailboxes, a line at a time.
fn mailboxes(desk: &mut dyn Desk, target: Target, about: &About<'_>) -> Result<Vec<Mailbox>, Gone> {
    let find = match about.roster {
        Some(_) => ", or a part of it to look it up in the portal",
        None => "",
    };
    desk.say(&format!(
        "Which archives to {}? One mailbox a line, such as siti.aminah@{}{find}.\nAn empty line ends the list.",
        target.verb(),
        about.agencies.iter().flat_map(|it| &it.policy.domains).next().map_or("agensi.example", String::as_str),
    ));
    let mut chosen: Vec<Mailbox> = Vec::new();
    loop {
        let question = format!("  {}: ", chosen.len() + 1);
        let answer = desk.ask(&question).ok_or(Gone)?;
        let answer = answer.trim();
        if answer.is_empty() {
            if !chosen.is_empty() {
                desk.say(&format!(
                    "{}.\n",
                    plural(chosen.len(), "mailbox", "mailboxes")
                ));
                return Ok(chosen);
            }
            desk.say("  At least one mailbox is needed.");
            continue;
        }
        let named = match about.roster {
            Some(roster) if !answer.contains('@') => pick(desk, roster, answer)?,
            _ => read_line(desk, answer),
        };
        for mailbox in named {
            add(desk, mailbox, &mut chosen, target, about);
        }
    }
}

/// The mailboxes of a line; what is none of it is said.
fn read_line(desk: &mut dyn Desk, answer: &str) -> Vec<Mailbox> {
    let mut read = Vec::new();
    for mailbox in pasted::mailboxes(answer) {
        match mailbox {
            Ok(mailbox) => read.push(mailbox),
            Err(none) => desk.say(&format!("  Not taken: {}.", visible(&none.why))),
        }
    }
    read
}

/// The mailboxes of the portal that hold a part of an address, as far as they are picked.
fn pick(desk: &mut dyn Desk, roster: &Roster, part: &str) -> Result<Vec<Mailbox>, Gone> {
    let found = roster.find(part);
    if found.is_empty() {
        desk.say(&format!(
            "  The portal has no mailbox with `{}` in its address; type the whole address to name it all the same.",
            excerpt(part, 80)
        ));
        return Ok(Vec::new());
    }
    let listed = &found[..found.len().min(MOST_LISTED)];
    for (number, seen) in (1..).zip(listed) {
        let hold = if seen.hold { ", legal hold" } else { "" };
        let shown = format!(
            "  {number:>4}  {}  archive {}, account {}{hold}",
            seen.mailbox,
            seen.state,
            seen.account.as_str()
        );
        desk.say(&visible(&shown));
    }
    if found.len() > listed.len() {
        let more = found.len() - listed.len();
        desk.say(&format!(
            "        and {more} more; give a longer part to see them"
        ));
    }
    let question = "  Which? Numbers such as 1 3, or Enter for none: ";
    let read = |text: &str| {
        let words = text.split(|it: char| it == ',' || it.is_whitespace());
        let numbers = words.filter(|word| !word.is_empty()).map(|word| {
            let number = word.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
            number
                .and_then(|number| listed.get(number))
                .map(|seen| seen.mailbox.clone())
                .ok_or_else(|| {
                    format!(
                        "`{}` is no number from 1 to {}",
                        excerpt(word, 20),
                        listed.len()
                    )
                })
        });
        numbers.collect::<Result<Vec<Mailbox>, String>>()
    };
    Ok(optional(desk, question, read)?.unwrap_or_default())
}

/// Adds a mailbox that the agencies own, once, and says what the portal says against it.
fn add(
    desk: &mut dyn Desk,
    mailbox: Mailbox,
    chosen: &mut Vec<Mailbox>,
    target: Target,
    about: &About<'_>,
) {
    if chosen.contains(&mailbox) {
        return desk.say(&format!("  {mailbox} is in the list already."));
    }
    let mut all = chosen.clone();
    all.push(mailbox.clone());
    let belongs = match intake::agency_of(&Subject::Change(target, all), about.agencies) {
        Ok(agency) if agency.policy.owns(&mailbox) => Ok(()),
        Ok(agency) => Err(format!(
            "`{mailbox}` is not of this agency, whose domains are {}",
            agency.policy.domains.join(", ")
        )),
        Err((why, _)) => Err(why),
    };
    if let Err(why) = belongs {
        return desk.say(&format!("  Not taken: {}.", visible(&why)));
    }
    let observed = about.roster.map(Roster::observed);
    match observed.and_then(|it| intake::obstacle(&mailbox, target, it)) {
        Some((_, why)) => desk.say(&visible(&format!("  + {mailbox}  (mind: {why})"))),
        None => desk.say(&format!("  + {mailbox}")),
    }
    chosen.push(mailbox);
}

#[cfg(test)]
mod tests;
