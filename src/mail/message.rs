//! The bytes of a message (RFC 5322). Nothing that is put into it can add a header or an address.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox as Named, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::hash::sha256;

/// What a message is made of.
#[derive(Debug, Clone, Copy)]
pub struct EmailMessage<'a> {
    /// The sender's name.
    pub from_name: &'a str,
    /// The sender's address.
    pub from: &'a str,
    /// The recipient's address.
    pub to: &'a str,
    /// What it is about.
    pub subject: &'a str,
    /// The same text without markup, and with.
    pub text: &'a str,
    /// As HTML.
    pub html: &'a str,
    /// Its Message-ID, from [`message_id`].
    pub id: &'a str,
    /// When it is sent.
    pub at: Timestamp,
}

/// The Message-ID of the one message that those words name: always the same, so that a mail system
/// that gets it twice can tell. `domain` is the sender's.
pub fn message_id(words: &[&str], domain: &str) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(&format!("{}:{word},", word.len()));
    }
    format!("<{}@{domain}>", &sha256(text.as_bytes())[..40])
}

/// The message, ready to be sent.
///
/// # Errors
/// Where an address is not one for e-mail, in words.
pub fn encode_message(email: &EmailMessage<'_>) -> Result<Vec<u8>, String> {
    let name = flatten_header_text(email.from_name);
    let from = Named::new(Some(name), parse_address(email.from)?);
    let to = Named::new(None, parse_address(email.to)?);
    let part =
        |kind: ContentType, text: &str| SinglePart::builder().header(kind).body(text.to_owned());
    let both = MultiPart::alternative()
        .boundary(format!("arkib-{}", &sha256(email.id.as_bytes())[..32]))
        .singlepart(part(ContentType::TEXT_PLAIN, email.text))
        .singlepart(part(ContentType::TEXT_HTML, email.html));
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(flatten_header_text(email.subject))
        .date(to_system_time(email.at))
        .message_id(Some(email.id.to_owned()))
        .raw_header(auto_submitted_header())
        .multipart(both)
        .map_err(|error| error.to_string())?;
    Ok(message.formatted())
}

fn to_system_time(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The address as the mail library has it.
///
/// # Errors
/// Where it is none for e-mail, in words.
pub fn parse_address(text: &str) -> Result<Address, String> {
    let parsed = text.parse::<Address>();
    parsed.map_err(|error| format!("the address is not valid for e-mail: {error}"))
}

/// Text on one line: in a header the next line is the next header.
fn flatten_header_text(text: &str) -> String {
    let is_gap = |c: char| c.is_control() || c.is_whitespace();
    let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// `Auto-Submitted: auto-generated` (RFC 3834 section 5), so that nobody's absence is answered.
fn auto_submitted_header() -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    HeaderValue::new(name, "auto-generated".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(to: &str, name: &str, subject: &str, text: &str) -> String {
        let id = message_id(&["CONTOH", "R-1", "enabled", to], "agensi.example");
        let bytes = encode_message(&EmailMessage {
            from_name: name,
            from: "arkib@agensi.example",
            to,
            subject,
            text,
            html: "<p>é</p>",
            id: &id,
            at: "2026-11-23T04:00:00Z".parse().expect("a moment"),
        });
        String::from_utf8(bytes.expect("a message")).expect("plain characters")
    }

    #[test]
    fn message_has_its_headers() {
        let text = message("siti@agensi.example", "Jabatan Contoh", "Arkib", "Tuan/Puan,");
        for part in [
            "From: \"Jabatan Contoh\" <arkib@agensi.example>\r\n",
            "To: siti@agensi.example\r\n",
            "Subject: Arkib\r\n",
            "Date: Mon, 23 Nov 2026 04:00:00 +0000\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
        ] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
        assert!(text.is_ascii() && !text.contains("\r\nX-"), "{text}");
        let again = message("siti@agensi.example", "Jabatan Contoh", "Arkib", "Tuan/Puan,");
        assert_eq!(text, again);
    }

    #[test]
    fn message_id_is_stable_and_unique() {
        let id = |words: &[&str]| message_id(words, "agensi.example");
        assert_eq!(id(&["A", "B"]), id(&["A", "B"]));
        assert_ne!(id(&["A", "B"]), id(&["AB", ""]));
        assert!(id(&["A"]).ends_with("@agensi.example>"));
    }

    #[test]
    fn text_cannot_add_headers() {
        let evil = "x\r\nBcc: lain@jahat.example\r\n\r\nbody\u{85}Bcc: a@b.example";
        let text = message("=cmd|x@agensi.example", evil, evil, evil);
        let head = text.split("\r\n\r\n").next().expect("a head");
        let lines: Vec<&str> = head.split("\r\n").collect();
        assert!(lines.iter().all(|line| !line.starts_with("Bcc")), "{head}");
        assert!(lines.contains(&"To: =cmd|x@agensi.example"), "{head}");
        let name = message("a@b.example", "A\" <lain@jahat.example>, \"B", "é", "t");
        let from = name.lines().find(|line| line.starts_with("From")).expect("a sender");
        assert!(from.ends_with(" <arkib@agensi.example>"), "{from}");
        assert!(from.contains(r#"\""#) || from.contains("=?utf-8?"), "{from}");
    }
}
