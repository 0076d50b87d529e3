//! Parses single answers from questions and from the command line. An error says what is wrong and
//! what was expected, as a clause without a full stop.

use jiff::civil::Date;

use crate::domain::field_validator::{FieldValidator, OTHER_WORDS};
use crate::domain::local_time::parse_day;
use crate::domain::request::portable_name::part_fault;
use crate::domain::request::{Channel, RequestId};
use crate::language::Message;
use crate::printer;
use crate::text::excerpt;
use crate::yaml::Text;

/// Parses a day.
pub fn parse_date(text: &str) -> Result<Date, String> {
    let text = text.trim();
    let mean = |expected: Message| {
        let expected = printer::render(&expected);
        format!("found `{}`, expected {expected}, for instance 2026-11-02", excerpt(text, 40))
    };
    parse_day(text).map_err(mean)
}

/// Parses a channel: its word, its Malay name, its number, or the beginning of one of these.
pub fn parse_channel(text: &str) -> Result<Channel, String> {
    let text = text.trim().to_lowercase();
    let is_other = |word: &str| {
        OTHER_WORDS.iter().any(|(other, meant)| *meant == word && other.starts_with(&text))
    };
    let mut channels = (1..).zip(Channel::WORDS);
    let found = channels.find(|(number, (word, _))| {
        number.to_string() == text || word.starts_with(&text) || is_other(word)
    });
    found
        .map(|(_, (_, channel))| channel)
        .ok_or_else(|| "expected email, memo, letter or form, or a number from 1 to 4".to_owned())
}

/// Parses the reference of a document.
pub fn parse_reference(text: &str) -> Result<String, String> {
    parse_free_text(text, 200)
}

/// Parses a reason.
pub fn parse_reason(text: &str) -> Result<String, String> {
    parse_free_text(text, 2000)
}

/// Trims a text, and replaces CRLF with LF and tabs with spaces.
fn parse_free_text(text: &str, most: usize) -> Result<String, String> {
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    let mut fields = FieldValidator::default();
    let read = fields.validate_text(&Text(text.trim().to_owned()), "text", most);
    read.ok_or_else(|| match fields.issues.pop() {
        Some(issue) if issue.kind == "control-character" => {
            "it contains an invisible character, for example from an arrow key; type it again"
                .to_owned()
        }
        Some(issue) => printer::render(&issue.message),
        None => "it cannot be read".to_owned(),
    })
}

/// Parses the id of a request.
pub fn parse_id(text: &str) -> Result<RequestId, String> {
    RequestId::parse(text.trim()).ok_or_else(|| {
        format!(
            "found `{}`, expected an id such as BMT-2026-0042: up to 64 letters, digits, `.`, `_` or `-`",
            excerpt(text, 80)
        )
    })
}

/// Parses the id of a new request, which must be a valid file name on every system.
pub fn parse_new_id(text: &str) -> Result<RequestId, String> {
    let id = parse_id(text)?;
    match part_fault(id.as_str()).or_else(|| part_fault(&format!("{id}.yaml"))) {
        Some(why) => Err(format!("`{id}` {}; choose another id", printer::render(&why))),
        None => Ok(id),
    }
}
