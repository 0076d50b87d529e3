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
use crate::text::one_line;

/// Takes what the command line says.
///
/// # Errors
/// Names what is missing. (The kind has a default.)
pub(super) fn take_complete(draft: Draft) -> Result<Options, Failure> {
    let missing = [
        (draft.agency.is_none(), "the agency's short name: --agency CODE"),
        (draft.name.is_none(), "its name, as letters have it: --name TEXT"),
        (draft.domains.is_empty(), "a domain of its mailboxes: --domain DOMAIN"),
        (draft.approvers.is_empty(), "who may approve: --approver ADDRESS"),
    ];
    let missing: Vec<&str> =
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
        let question = "What is the agency's short name? For example CONTOH: ";
        let read = |text: &str| {
            check(Options { agency: text.to_owned(), ..Options::sample() }).map(|to| to.agency)
        };
        draft.agency = Some(ask_required(dialogue, question, read)?);
    }
    if draft.name.is_none() {
        let question = "What is its full name? For example Jabatan Contoh Malaysia: ";
        let read = |text: &str| {
            check(Options { name: one_line(text), ..Options::sample() }).map(|to| to.name)
        };
        draft.name = Some(ask_required(dialogue, question, read)?);
    }
    if draft.domains.is_empty() {
        let question = "Which domains do its mailboxes have? For example agensi.example: ";
        let read = |text: &str| {
            let words = text.split(|letter: char| letter == ',' || letter.is_whitespace());
            let domains: Vec<String> =
                words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
            check(Options { domains, ..Options::sample() }).map(|to| to.domains)
        };
        draft.domains = ask_required(dialogue, question, read)?;
    }
    if draft.approvers.is_empty() {
        let example = draft.domains.first().map_or("agensi.example", String::as_str);
        let question = format!("Who may approve? Addresses, such as ketua.unit@{example}: ");
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
        dialogue.say(
            "How are archives changed?\n  \
             1 agency  by arkib, in a portal with SCIM 2.0\n  \
             2 files   by an officer, who uploads a file that arkib writes\n  \
             3 shards  as 1, on eight machines, for very many mailboxes\n  \
             4 trial   in the development portal, to try arkib",
        );
        draft.kind =
            ask_optional(dialogue, "Which? A number or a word, or Enter for 1: ", parse_kind)?;
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
    found.map(|(_, kind)| kind).ok_or_else(|| {
        "expected agency, files, shards or trial, or a number from 1 to 4".to_owned()
    })
}
