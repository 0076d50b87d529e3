//! The file `allowed_signers` beside a policy, which assigns SSH keys to addresses (ssh-keygen(1),
//! ALLOWED SIGNERS). Only the simplest form is accepted, so that it means what a reviewer reads: one
//! address, perhaps options, and one key per line. Pure.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, time};

use crate::domain::local_time::to_timestamp_at;
use crate::domain::mailbox_address::Mailbox;
use crate::finding::{Finding, Position};
use crate::language::Message;
use crate::signature::{AllowedSigner, KeyFault, PublicKey};
use crate::text::excerpt;

/// What is wrong with a line: the column, the kind, what was found, and what to do.
type Fault = (usize, &'static str, Message, Message);

/// Adds the keys of the file, and returns all lines that are not in the simplest form.
pub(super) fn read(
    file: &Arc<str>,
    bytes: &[u8],
    signers: &mut Vec<AllowedSigner>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lines: HashMap<String, usize> = HashMap::new();
    for (number, raw) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = String::from_utf8_lossy(raw.strip_suffix(b"\r").unwrap_or(raw));
        let text = line.trim_matches([' ', '\t']);
        // ssh-keygen trims only spaces and tabs. A character that merely looks like one could make a
        // line look like a comment.
        let parsed = match find_non_ascii(&line) {
            Some(column) => {
                let (kind, message, help) = non_ascii_fault();
                Err((column, kind, message, help))
            }
            None if text.is_empty() || text.starts_with('#') => continue,
            None => parse_line(&line),
        };
        let parsed = parsed.and_then(|signer| {
            let Some(first) = lines.get(signer.key.identity()) else { return Ok(signer) };
            let found = message!("signature-key-twice", first);
            Err((1, "key-twice", found, message!("signature-key-twice-help")))
        });
        match parsed {
            Ok(signer) => {
                lines.insert(signer.key.identity().to_owned(), number);
                signers.push(signer);
            }
            Err((column, kind, message, help)) => findings.push(Finding {
                position: Some(Position::at_character(number, column)),
                source_line: Some(line.as_ref().into()),
                ..Finding::whole_file(file, kind, message, help)
            }),
        }
    }
    findings
}

/// Parses `address [options] type key [comment]`.
fn parse_line(line: &str) -> Result<AllowedSigner, Fault> {
    let mut next_column = 1;
    let words = line.split([' ', '\t']).map(|word| {
        let column = next_column;
        next_column += word.len() + 1;
        (column, word)
    });
    let mut words = words.filter(|(_, word)| !word.is_empty());
    let end = line.len() + 1;
    let mut next = || words.next().unwrap_or((end, ""));
    let (column, address) = next();
    let is_plain = !address.contains(['*', '?', '!', ',', '"', '\'']);
    let Some(mailbox) = Mailbox::parse(address).ok().filter(|_| is_plain) else {
        let found = message!("signature-no-address", text = excerpt(address, 80));
        let help = message!("signature-no-address-help");
        return Err((column, "not-an-address", found, help));
    };
    let (mut column, mut word) = next();
    let mut options = Options::default();
    if !is_key_type(word) && !word.is_empty() {
        options =
            parse_options(word).map_err(|(kind, message, help)| (column, kind, message, help))?;
        (column, word) = next();
    }
    let (key_column, key) = next();
    if !is_key_type(word) || key.is_empty() {
        let found = message!("signature-no-key");
        return Err((column, "bad-signer", found, message!("signature-no-key-help")));
    }
    let key = PublicKey::parse(word, key).map_err(|fault| match fault {
        KeyFault::Damaged => {
            let help = message!("signature-whole-key-help");
            (key_column, "bad-signer", fault.message(), help)
        }
        KeyFault::Type(_) | KeyFault::Size(_) => {
            let help = message!("signature-other-key-help");
            (column, "bad-signer", fault.message(), help)
        }
    })?;
    let Options { namespaces, valid_after, valid_before } = options;
    let address = mailbox.as_str().to_owned();
    Ok(AllowedSigner { address, key, namespaces, valid_after, valid_before })
}

#[derive(Default)]
struct Options {
    namespaces: Vec<String>,
    valid_after: Option<Timestamp>,
    valid_before: Option<Timestamp>,
}

fn parse_options(word: &str) -> Result<Options, (&'static str, Message, Message)> {
    let mut options = Options::default();
    // A comma inside quotes is not a separator.
    let mut is_quoted = false;
    for option in word.split(|character| {
        is_quoted ^= character == '"';
        character == ',' && !is_quoted
    }) {
        if option.eq_ignore_ascii_case("cert-authority") {
            let found = message!("signature-cert-authority");
            let help = message!("signature-cert-authority-help");
            return Err(("cert-authority", found, help));
        }
        parse_option(option, &mut options).ok_or_else(|| {
            let shown = excerpt(option, 80);
            let found = message!("signature-bad-option", shown);
            ("bad-signer", found, message!("signature-options-help"))
        })?;
    }
    let is_ordered = options.valid_after.zip(options.valid_before).is_none_or(|(a, b)| a < b);
    let found = message!("signature-key-order");
    let help = message!("signature-key-order-help");
    if is_ordered { Ok(options) } else { Err(("bad-signer", found, help)) }
}

/// Reads one option, which is not there already.
fn parse_option(option: &str, options: &mut Options) -> Option<()> {
    let (name, value) = option.split_once('=')?;
    let value = value.strip_prefix('"')?.strip_suffix('"')?;
    let moment = |known: &mut Option<Timestamp>| match known.replace(parse_moment(value)?) {
        None => Some(()),
        Some(_) => None,
    };
    match &*name.to_ascii_lowercase() {
        "namespaces" if options.namespaces.is_empty() => {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_@.".contains(&byte);
            let is_name = |name: &str| !name.is_empty() && name.bytes().all(is_plain);
            options.namespaces = value.split(',').map(str::to_owned).collect();
            options.namespaces.iter().all(|name| is_name(name)).then_some(())
        }
        "valid-after" => moment(&mut options.valid_after),
        "valid-before" => moment(&mut options.valid_before),
        _ => None,
    }
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`; in UTC with a `Z`, else in the agency's time zone.
fn parse_moment(text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z').unwrap_or(text);
    let is_shaped = matches!(digits.len(), 8 | 12 | 14);
    if !is_shaped || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let two =
        |at: usize| digits.get(at..at + 2).map_or(Some(0), |digits| digits.parse::<i8>().ok());
    let day = Date::new(digits[..4].parse().ok()?, two(4)?, two(6)?).ok()?;
    let (hour, minute, second) = (two(8)?, two(10)?, two(12)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let time = time(hour, minute, second, 0);
    if text.ends_with('Z') {
        return jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(time)).ok();
    }
    Some(to_timestamp_at(day, time))
}

fn is_key_type(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"].iter().any(|prefix| word.starts_with(prefix))
}

/// The first character that may look like another, or hide one, from one. Only blanks and what ASCII
/// prints is what it looks like.
pub(super) fn find_non_ascii(line: &str) -> Option<usize> {
    let odd = line.chars().position(|c| !matches!(c, ' '..='~' | '\t'));
    odd.map(|at| at + 1)
}

/// The finding about such a character: its kind, message and help.
pub(super) fn non_ascii_fault() -> (&'static str, Message, Message) {
    ("not-ascii", message!("signature-odd-character"), message!("signature-odd-character-help"))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";
    const OTHER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";

    fn read_text(text: &str) -> (Vec<String>, Vec<(&'static str, usize, usize)>) {
        let mut signers = Vec::new();
        let found = read(&"requests/allowed_signers".into(), text.as_bytes(), &mut signers);
        let place = |finding: Finding| {
            let at = finding.position.unwrap();
            (finding.kind, at.line, at.column)
        };
        let signers = signers.iter().map(ToString::to_string).collect();
        (signers, found.into_iter().map(place).collect())
    }

    #[test]
    fn accepts_the_plain_form() {
        let text = format!(
            "# who is who\r\n\r\nPentadbir@agensi.example {KEY} laptop\r\n  noraini@agensi.example\tNamespaces=\"file,arkib-approval\",valid-after=\"20260101Z\",valid-before=\"202701011200\" {OTHER}\n"
        );
        let (signers, found) = read_text(&text);
        assert_eq!(found, []);
        assert_eq!(
            signers,
            [
                format!("pentadbir@agensi.example {KEY}"),
                // Without a `Z` a time is the agency's.
                format!(
                    "noraini@agensi.example namespaces=\"file,arkib-approval\",valid-after=\"20260101000000Z\",valid-before=\"20270101040000Z\" {OTHER}"
                ),
            ]
        );
    }

    #[test]
    fn refuses_misleading_lines() {
        let rsa_1024 = include_str!("../../../tests/approvals/fixtures/ssh/rsa1024.pub");
        let p521 = include_str!("../../../tests/approvals/fixtures/ssh/ecdsa521.pub");
        let after = "a@agensi.example ".len() + 1;
        let option = |option: &str| format!("a@agensi.example {option} {KEY}");
        for (text, kind, column) in [
            (format!("\u{a0}#,pentadbir@agensi.example {KEY}"), "not-ascii", 1),
            (format!("\u{b}# {KEY}"), "not-ascii", 1),
            (format!("a@agensi.example {KEY} \u{202e}"), "not-ascii", after + KEY.len() + 1),
            (format!(" *@agensi.example {KEY}"), "not-an-address", 2),
            (format!("a@agensi.example,b@agensi.example {KEY}"), "not-an-address", 1),
            (format!("!a@agensi.example {KEY}"), "not-an-address", 1),
            (format!("\"a@agensi.example\" {KEY}"), "not-an-address", 1),
            (option("cert-authority"), "cert-authority", after),
            (option("namespaces=\"git\",Cert-Authority"), "cert-authority", after),
            (option("namespaces=\"git\",namespaces=\"file\""), "bad-signer", after),
            (option("namespaces=\"*\""), "bad-signer", after),
            (option("namespaces=\"\""), "bad-signer", after),
            (option("namespaces=git"), "bad-signer", after),
            (option("valid-after=\"20261301\""), "bad-signer", after),
            (option("valid-after=\"2026-01-01\""), "bad-signer", after),
            (option("valid-after=\"2026010124\""), "bad-signer", after),
            (option("valid-after=\"202601012460\""), "bad-signer", after),
            (option("valid-after=\"20260102\",valid-before=\"20260101\""), "bad-signer", after),
            (option("no-touch-required"), "bad-signer", after),
            (option(","), "bad-signer", after),
            ("a@agensi.example".to_owned(), "bad-signer", after - 1),
            ("a@agensi.example ssh-ed25519".to_owned(), "bad-signer", after),
            (format!("a@agensi.example {}", &KEY[..KEY.len() - 4]), "bad-signer", after + 12),
            (
                format!("a@agensi.example {}", KEY.replace("ssh-ed", "sk-ed")),
                "bad-signer",
                after + 11,
            ),
            (format!("a@agensi.example {rsa_1024}"), "bad-signer", after),
            (format!("a@agensi.example {p521}"), "bad-signer", after),
        ] {
            assert_eq!(read_text(text.trim_end_matches('\n')).1, [(kind, 1, column)], "{text:?}");
        }
        // One key for two addresses, or twice for one.
        for other in ["a", "b"] {
            let text = format!("a@agensi.example {KEY}\n{other}@agensi.example {KEY} again");
            assert_eq!(read_text(&text).1, [("key-twice", 2, 1)]);
        }
        // Nor as the key of a device, whatever that is for.
        let on_device = |application: &str| {
            let blob = STANDARD.decode(&KEY["ssh-ed25519 ".len()..]).unwrap();
            let name = b"sk-ssh-ed25519@openssh.com";
            let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_be_bytes();
            let blob = [
                &length(name),
                &name[..],
                &blob["....ssh-ed25519".len()..],
                &length(application.as_bytes()),
                application.as_bytes(),
            ];
            format!("sk-ssh-ed25519@openssh.com {}", STANDARD.encode(blob.concat()))
        };
        for (first, second) in
            [(KEY, &*on_device("ssh:")), (&on_device("ssh:"), &on_device("ssh:other"))]
        {
            let text = format!("a@agensi.example {first}\n# b\nb@agensi.example {second}");
            assert_eq!(read_text(&text).1, [("key-twice", 3, 1)]);
        }
    }
}
