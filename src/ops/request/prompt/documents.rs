//! Asks where the scanned documents of a request are, one path at a time.

use std::path::PathBuf;

use super::context::{Answers, PromptContext};
use super::mailboxes::{index_of_number, unquoted};
use crate::domain::request::evidence::MAX_EVIDENCE;
use crate::domain::request::new_request::ReceivedDocument;
use crate::ops::filing::prompter::{Prompter, Question, Unanswered};
use crate::printer::text;

/// What an answer says.
enum Entry {
    Done,
    Remove(usize),
    Add(PathBuf, ReceivedDocument),
}

/// Asks until there is no other.
pub(super) fn ask_documents(
    dialogue: &mut dyn Prompter,
    answers: &mut Answers,
    about: &PromptContext<'_>,
) -> Result<(), Unanswered> {
    let Answers { intake, evidence } = answers;
    for (number, file) in (1..).zip(&*evidence) {
        dialogue.say(&format!("  {number:>4}  {}", file.display()));
    }
    loop {
        let count = evidence.len();
        if count == MAX_EVIDENCE {
            return Ok(());
        }
        let suggest = |typed: &str| about.files.complete(typed.trim());
        let question = Question {
            text: text!("request-ask-document", number = count + 1),
            help: match count {
                0 => text!("request-ask-document-help"),
                _ => text!("request-ask-other-document-help"),
            },
            suggest: Some(&suggest),
            ..Question::default()
        };
        let known = evidence.clone();
        let check = |answer: &str| parse_entry(answer, &known, about).map(drop);
        let answer = dialogue.ask(&question, &check)?;
        match parse_entry(&answer, &known, about) {
            Ok(Entry::Done) => return Ok(()),
            Ok(Entry::Remove(index)) => {
                let file = evidence.remove(index);
                intake.documents.remove(index);
                dialogue.say(&text!("request-removed", mailbox = file.to_string_lossy()));
            }
            Ok(Entry::Add(file, document)) => {
                evidence.push(file);
                intake.documents.push(document);
            }
            Err(why) => dialogue.say(&why),
        }
    }
}

fn parse_entry(
    answer: &str,
    known: &[PathBuf],
    about: &PromptContext<'_>,
) -> Result<Entry, String> {
    let answer = answer.trim();
    if answer.is_empty() {
        return Ok(Entry::Done);
    }
    if let Some(number) = answer.strip_prefix('-').and_then(|number| number.parse().ok()) {
        return index_of_number(number, known.len()).map(Entry::Remove);
    }
    let file = PathBuf::from(unquoted(answer));
    let document = about.files.read_received_document(&file)?;
    Ok(Entry::Add(file, document))
}
