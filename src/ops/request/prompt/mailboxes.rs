//! Asks for mailboxes, a line at a time, with the portal's to pick from.

use super::{About, Desk, Gone, optional};
use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::intake;
use crate::domain::request::intake::Subject;
use crate::domain::request::pasted_list;
use crate::ops::request::roster::Roster;
use crate::output::findings::plural;
use crate::text::{excerpt, visible};

/// The most mailboxes of the portal that are listed to be picked from.
const MOST_LISTED: usize = 20;

/// The mailboxes, a line at a time.
pub(super) fn mailboxes(
    desk: &mut dyn Desk,
    target: Target,
    about: &About<'_>,
) -> Result<Vec<Mailbox>, Gone> {
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
    for mailbox in pasted_list::mailboxes(answer) {
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
