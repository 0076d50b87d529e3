//! The file `allowed_signers` beside a policy, which assigns SSH keys to addresses (ssh-keygen(1),
//! ALLOWED SIGNERS). Only the simplest form is accepted, so that ssh-keygen does what a reviewer reads:
//! one address, perhaps options, and one key per line. Pure.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::mailbox_address::Mailbox;
use crate::finding::{Finding, Position};
use crate::text::excerpt;
use crate::yaml::{MAX_BYTES, too_large_finding};

/// The accepted options. (`cert-authority` would let someone else name the signers.)
const OPTIONS: [&str; 3] = ["namespaces=", "valid-after=", "valid-before="];

/// The lines that name a key.
///
/// # Errors
/// All lines that are not in the simplest form.
pub fn check(file: &Arc<str>, bytes: &[u8]) -> Result<Vec<String>, Vec<Finding>> {
    if bytes.len() > MAX_BYTES {
        return Err(vec![too_large_finding(file)]);
    }
    let mut lines = Vec::new();
    let mut findings = Vec::new();
    let mut keys: HashMap<String, usize> = HashMap::new();
    for (number, raw) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = String::from_utf8_lossy(raw.strip_suffix(b"\r").unwrap_or(raw)).into_owned();
        let mut report = |column, kind, message: &str, help: &str| {
            findings.push(Finding {
                position: Some(Position::at_character(number, column)),
                source_line: Some(line.as_str().into()),
                ..Finding::whole_file(file, kind, message, help)
            });
        };
        // ssh-keygen trims only spaces and tabs. A character that merely looks like one could make a
        // line look like a comment.
        if let Some(at) = line.chars().position(|c| !(matches!(c, ' '..='~' | '\t'))) {
            let found = "found a character that may look like another";
            let help = "use plain Latin letters, also in comments";
            report(at + 1, "not-ascii", found, help);
            continue;
        }
        let text = line.trim_matches([' ', '\t']);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match parse_signer_line(text) {
            Ok(key) => match keys.get(key) {
                None => {
                    keys.insert(key.to_owned(), number);
                    lines.push(text.to_owned());
                }
                Some(first) => {
                    let found = format!("this key is already in line {first}");
                    let help = "give each key to one address; git would use the first";
                    report(1, "key-twice", &found, help);
                }
            },
            Err((kind, message, help)) => report(1, kind, &message, help),
        }
    }
    if findings.is_empty() { Ok(lines) } else { Err(findings) }
}

/// Parses `address [options] type key [comment]` and returns the key.
fn parse_signer_line(text: &str) -> Result<&str, (&'static str, String, &'static str)> {
    let mut words = text.split_ascii_whitespace();
    let address = words.next().unwrap_or_default();
    let is_plain = !address.contains(['*', '?', '!', ',', '"', '\'']);
    if !is_plain || Mailbox::parse(address).is_err() {
        let found = format!("found `{}`, expected one whole address", excerpt(address, 80));
        let help = "write one line for each approver and key: the address as the policy has it, then the key";
        return Err(("not-an-address", found, help));
    }
    let mut next = words.next().unwrap_or_default();
    if !is_key_type(next) {
        // A comma inside quotes is not a separator.
        let mut is_quoted = false;
        let options = next.split(|character| {
            is_quoted ^= character == '"';
            character == ',' && !is_quoted
        });
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_@.,".contains(&byte);
        let is_known = |option: &str| {
            let option = option.to_ascii_lowercase();
            let value = OPTIONS.iter().find_map(|known| option.strip_prefix(known));
            let value = value.map(|value| value.trim_matches('"'));
            value.is_some_and(|value| !value.is_empty() && value.bytes().all(is_plain))
        };
        let mut options = options.filter(|option| !option.is_empty());
        if next.is_empty() || !options.all(is_known) {
            let next = excerpt(next, 80);
            let found = format!("found `{next}`, expected a key such as ssh-ed25519 AAAA…");
            let help = "write the key after the address, exactly as in the .pub file; between them only the options namespaces, valid-after and valid-before are allowed";
            return Err(("bad-signer", found, help));
        }
        next = words.next().unwrap_or_default();
    }
    match (is_key_type(next), words.next()) {
        (true, Some(key)) if key.len() >= 16 => Ok(key),
        _ => Err((
            "bad-signer",
            "found no key, expected one such as ssh-ed25519 AAAA…".to_owned(),
            "copy it from the file that ends in .pub",
        )),
    }
}

fn is_key_type(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"].iter().any(|prefix| word.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI";

    fn kinds(text: &str) -> Vec<&'static str> {
        match check(&"requests/allowed_signers".into(), text.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(found) => found.iter().map(|finding| finding.kind).collect(),
        }
    }

    #[test]
    fn accepts_the_plain_form() {
        let text = format!(
            "# who is who\r\n\r\npentadbir@agensi.example {KEY} laptop\r\n  noraini@agensi.example namespaces=\"file,git\",valid-after=\"20260101Z\" {KEY}X\n"
        );
        assert_eq!(kinds(&text), Vec::<&str>::new());
    }

    #[test]
    fn refuses_misleading_lines() {
        for (text, kind) in [
            (format!("\u{a0}#,pentadbir@agensi.example {KEY}"), "not-ascii"),
            (format!("\u{b}# {KEY}"), "not-ascii"),
            (format!("*@agensi.example {KEY}"), "not-an-address"),
            (format!("a@agensi.example,b@agensi.example {KEY}"), "not-an-address"),
            (format!("!a@agensi.example {KEY}"), "not-an-address"),
            (format!("\"a@agensi.example\" {KEY}"), "not-an-address"),
            (format!("a@agensi.example cert-authority {KEY}"), "bad-signer"),
            ("a@agensi.example".to_owned(), "bad-signer"),
            ("a@agensi.example ssh-ed25519".to_owned(), "bad-signer"),
            (format!("a@agensi.example {KEY}\nb@agensi.example {KEY}"), "key-twice"),
        ] {
            assert_eq!(kinds(&text), [kind], "{text:?}");
        }
    }
}
