//! Parses single answers from questions and from the command line. An error says what is wrong and
//! what was expected, as a clause without a full stop.

use jiff::civil::Date;

use crate::domain::field_validator::{FieldValidator, suggest_word};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::portable_name::part_fault;
use crate::domain::request::{Channel, RequestId, pasted_list};
use crate::domain::written_date::parse_written_day;
use crate::printer;
use crate::printer::text;
use crate::text::excerpt;
use crate::yaml::Text;

/// Parses a day, as people write it.
pub fn parse_date(text: &str) -> Result<Date, String> {
    parse_written_day(text).ok_or_else(|| text!("filing-bad-day", found = excerpt(text.trim(), 40)))
}

/// Parses a channel, by its word in request files.
pub fn parse_channel(text: &str) -> Result<Channel, String> {
    let word = text.trim();
    let mut channels = Channel::WORDS.into_iter();
    channels.find(|(known, _)| *known == word).map(|(_, channel)| channel).ok_or_else(|| {
        match suggest_word(word, &Channel::ALL.map(Channel::as_str)) {
            Some(near) => text!("filing-other-channel-near", near),
            None => text!("filing-other-channel"),
        }
    })
}

/// Parses the address of an applicant.
pub fn parse_applicant(text: &str) -> Result<Mailbox, String> {
    pasted_list::parse_single_mailbox(text).map_err(|why| printer::render(&why))
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
        Some(issue) if issue.kind == "control-character" => text!("filing-invisible-character"),
        Some(issue) => printer::render(&issue.message),
        None => text!("filing-unreadable"),
    })
}

/// Parses the id of a request.
pub fn parse_id(text: &str) -> Result<RequestId, String> {
    RequestId::parse(text.trim()).ok_or_else(|| text!("filing-bad-id", found = excerpt(text, 80)))
}

/// Parses the id of a new request, which must be a valid file name on every system.
pub fn parse_new_id(text: &str) -> Result<RequestId, String> {
    let id = parse_id(text)?;
    match part_fault(id.as_str()).or_else(|| part_fault(&format!("{id}.yaml"))) {
        Some(why) => Err(text!("filing-unfit-id", id = id.as_str(), why)),
        None => Ok(id),
    }
}
