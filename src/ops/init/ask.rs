//! Asks for what the command line lacks: five questions at most. Knows neither files nor terminals.

#[cfg(test)]
mod tests;

use super::kind::Kind;
use super::options::{Draft, Options};
use super::policy::{check_policy, policy_text};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::pasted_list;
use crate::language::Message;
use crate::ops::failure::Failure;
use crate::ops::filing::missing_values_failure;
use crate::ops::filing::prompter::{Prompter, Unanswered, ask_optional, ask_required, beginning};
use crate::printer;
use crate::printer::text;
use crate::text::one_line;

/// Takes what the command line says.
///
/// # Errors
/// Names what is missing. (The kind has a default.)
pub(super) fn take_complete(draft: Draft) -> Result<Options, Failure> {
    let missing = [
        (draft.agency.is_none(), message!("init-missing-agency")),
        (draft.name.is_none(), message!("init-missing-name")),
        (draft.domains.is_empty(), message!("init-missing-domain")),
        (draft.approvers.is_empty(), message!("init-missing-approver")),
    ];
    let missing: Vec<Message> =
        missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| what).collect();
    match (draft.agency, draft.name) {
        (Some(agency), Some(name)) if missing.is_empty() => Ok(Options {
            folder: draft.folder,
            agency,
            name,
            domains: draft.domains,
            approvers: draft.approvers,
            language: draft.language,
            kind: draft.kind.unwrap_or(Kind::Agency),
            forge: draft.forge,
        }),
        _ => Err(missing_values_failure(&missing)),
    }
}

/// Asks for each missing value. An answer is valid where a policy with it has no problems.
pub(super) fn ask_missing(
    dialogue: &mut dyn Prompter,
    mut draft: Draft,
) -> Result<Draft, Unanswered> {
    let is_whole = draft.agency.is_some() && draft.name.is_some();
    if is_whole && !draft.domains.is_empty() && !draft.approvers.is_empty() {
        return Ok(draft);
    }
    dialogue.say(&beginning());
    if draft.agency.is_none() {
        let question = text!("init-ask-agency");
        let read = |text: &str| {
            check(Options { agency: text.to_owned(), ..Options::sample() }).map(|to| to.agency)
        };
        draft.agency = Some(ask_required(dialogue, &*question, read)?);
    }
    if draft.name.is_none() {
        let question = text!("init-ask-name");
        let read = |text: &str| {
            check(Options { name: one_line(text), ..Options::sample() }).map(|to| to.name)
        };
        draft.name = Some(ask_required(dialogue, &*question, read)?);
    }
    if draft.domains.is_empty() {
        let question = text!("init-ask-domains");
        let read = |text: &str| {
            let words = text.split(|letter: char| letter == ',' || letter.is_whitespace());
            let domains: Vec<String> =
                words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
            check(Options { domains, ..Options::sample() }).map(|to| to.domains)
        };
        draft.domains = ask_required(dialogue, &*question, read)?;
    }
    if draft.approvers.is_empty() {
        let domain = draft.domains.first().map_or("agensi.example", String::as_str);
        let question = text!("init-ask-approvers", domain);
        let read = |text: &str| {
            let approvers = pasted_list::parse_mailboxes(text);
            let approvers: Vec<Mailbox> = approvers
                .into_iter()
                .collect::<Result<_, _>>()
                .map_err(|why: Message| printer::render(&why))?;
            check(Options { approvers, ..Options::sample() }).map(|to| to.approvers)
        };
        draft.approvers = ask_required(dialogue, &*question, read)?;
    }
    if draft.kind.is_none() {
        dialogue.say(&text!("init-kinds"));
        draft.kind = ask_optional(dialogue, &*text!("init-ask-kind"), parse_kind)?;
    }
    Ok(draft)
}

/// Checks one value of a policy, beside others that are valid.
fn check(options: Options) -> Result<Options, String> {
    let checked = policy_text(&options).and_then(|text| check_policy(&text));
    match checked {
        Ok(()) => Ok(options),
        Err(failure) => Err(match failure.findings.into_iter().next() {
            Some(finding) => printer::render(&finding.message),
            None => printer::render(&failure.reason),
        }),
    }
}

/// Parses a kind: its word, its number, or the beginning of the word.
fn parse_kind(text: &str) -> Result<Kind, String> {
    let text = text.to_lowercase();
    let is_meant = |(number, kind): &(usize, Kind)| {
        kind.as_str().starts_with(&text) || text == number.to_string()
    };
    let found = (1..).zip(Kind::ALL).find(is_meant);
    found.map(|(_, kind)| kind).ok_or_else(|| text!("init-unknown-kind"))
}
