//! A mailbox address, the key by which requests and the portal are compared. Pure.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rayon::slice::ParallelSliceMut as _;

use crate::language::Message;
use crate::text::is_unsafe;

/// The longest address, in bytes (RFC 5321 section 4.5.3.1.3, less the angle brackets).
pub const MAX_ADDRESS: usize = 254;
/// The longest part before the `@`, in bytes (RFC 5321 section 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// A mailbox address in lower case; cheap to clone.
///
/// SCIM compares `userName` without regard to case (RFC 7643 section 4.1.1), and so does arkib.
#[derive(Clone)]
pub struct Mailbox(Arc<str>);

// Most comparisons are of an address with itself, which is stored once. Comparing the pointers first
// avoids reading the letters.
impl PartialEq for Mailbox {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Eq for Mailbox {}

impl Hash for Mailbox {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialOrd for Mailbox {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Mailbox {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return Ordering::Equal;
        }
        self.0.cmp(&other.0)
    }
}

impl Mailbox {
    /// Reads an address as a request or a policy may name it: `local@domain`, both plain ASCII
    /// (a dot-atom of RFC 5322 section 3.2.3 and a host name), in any case.
    ///
    /// # Errors
    /// Which part is wrong, as the end of a sentence "… is not a mailbox address: ".
    pub fn parse(text: &str) -> Result<Self, Message> {
        if !text.is_ascii()
            && let Some(odd) = text.chars().find(|character| !character.is_ascii())
        {
            let why = message!("field-address-letter", code = format!("{:04X}", odd as u32));
            return Err(why);
        }
        let (local, domain) = text.rsplit_once('@').ok_or_else(|| message!("field-address-at"))?;
        if text.len() > MAX_ADDRESS || local.len() > MAX_LOCAL {
            return Err(message!("field-address-long"));
        }
        if !is_dot_atom(local) {
            return Err(message!("field-address-local", signs = ".!#$%&'*+/=?^_`{|}~-"));
        }
        if !is_domain(domain) {
            return Err(message!("field-address-domain"));
        }
        Ok(Self::from_folded_text(text))
    }

    /// Takes any name that the portal gives an account. It may not be an address; no request can name
    /// such a mailbox, so it is never changed.
    pub fn from_portal(name: &str) -> Self {
        Self::from_folded_text(name.trim())
    }

    /// The mailboxes that a name which is no address probably means, such as `SMTP:siti@agensi.example`
    /// or one with an invisible character.
    pub fn guess_mailboxes(name: &str) -> Vec<Self> {
        let visible: String = name.chars().filter_map(fold_lookalike).collect();
        let parse_parts = |text: &str| -> Vec<Self> {
            let parts = text.split(|character: char| " \"'<>()[],;:?\\".contains(character));
            parts.filter_map(|part| Self::parse(part.trim_matches('.')).ok()).collect()
        };
        let found = parse_parts(&visible);
        if found.is_empty() { parse_parts(&visible.replace(' ', "")) } else { found }
    }

    fn from_folded_text(text: &str) -> Self {
        let has_capitals = |found, byte: u8| found | byte.is_ascii_uppercase();
        if text.bytes().fold(false, has_capitals) {
            Self(text.to_ascii_lowercase().into())
        } else {
            Self(text.into())
        }
    }

    /// Whether this is the empty name of an account that has no mailbox.
    pub fn is_empty_name(&self) -> bool {
        self.0.is_empty()
    }

    /// The address, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first sixteen bytes as a number in the same order, so that most comparisons do not read
    /// the address itself.
    fn prefix_as_number(&self) -> u128 {
        let bytes = self.0.as_bytes();
        let mut first = [0; 16];
        let length = bytes.len().min(first.len());
        first[..length].copy_from_slice(&bytes[..length]);
        u128::from_be_bytes(first)
    }

    /// The part after the last `@`; empty if there is none.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Sorts by mailbox, then by `then`; the sort is stable. For half a million items there is no room
/// for a copy or a buffer, so only their positions are sorted separately.
pub fn sort_by_mailbox<T: Sync>(
    items: &mut [T],
    mailbox: impl Fn(&T) -> &Mailbox + Sync,
    then: impl Fn(&T, &T) -> Ordering + Sync,
) {
    let mut order: Vec<(u128, usize)> = items
        .iter()
        .enumerate()
        .map(|(place, item)| (mailbox(item).prefix_as_number(), place))
        .collect();
    order.par_sort_unstable_by(|one, other| {
        let (a, b) = (&items[one.1], &items[other.1]);
        let beginnings = one.0.cmp(&other.0);
        beginnings
            .then_with(|| mailbox(a).cmp(mailbox(b)))
            .then_with(|| then(a, b))
            .then_with(|| one.1.cmp(&other.1))
    });
    let mut place = vec![0; order.len()];
    for (to, (_, from)) in order.into_iter().enumerate() {
        place[from] = to;
    }
    for index in 0..items.len() {
        while place[index] != index {
            let to = place[index];
            items.swap(index, to);
            place.swap(index, to);
        }
    }
}

/// Allows looking up a text among mailboxes.
impl Borrow<str> for Mailbox {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A dot-atom of RFC 5322 section 3.2.3: atoms joined by single dots.
fn is_dot_atom(text: &str) -> bool {
    let has_empty_atom = || {
        text.as_bytes().windows(2).any(|two| two == b"..")
            || text.starts_with('.')
            || text.ends_with('.')
    };
    let mut bytes = text.bytes();
    !text.is_empty() && bytes.all(|byte| byte == b'.' || is_atext(byte)) && !has_empty_atom()
}

/// Whether a byte is allowed in an atom (RFC 5322 section 3.2.3, `atext`).
fn is_atext(byte: u8) -> bool {
    matches!(byte,
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z'
        | b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
}

/// Letters of other scripts that look like Latin ones, and those.
const LOOKALIKES: (&str, &str) = ("аеорсхуіјѕԁһӏԛԝкмтвαορνικυτı", "aeopcxyijsdhlqwkmtbaopvikuti");

/// The plain letter that a character looks like; `None` if it does not show.
fn fold_lookalike(character: char) -> Option<char> {
    let lower = character.to_lowercase().next().unwrap_or(character);
    let mut lookalikes = LOOKALIKES.0.chars().zip(LOOKALIKES.1.chars());
    match character {
        _ if character.is_whitespace() => Some(' '),
        // Full width.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        _ if is_unsafe(character) || matches!(character, '\u{200c}' | '\u{200d}') => None,
        _ => Some(
            lookalikes.find(|(other, _)| *other == lower).map_or(character, |(_, latin)| latin),
        ),
    }
}

/// A host name of at least two labels (RFC 1123 section 2.1).
pub(crate) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let mut bytes = label.bytes();
        let is_plain = bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len())
            && is_plain
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

shown_values!(&Mailbox);

/// Personal data: debug output shows only the domain, so that no log holds an address by accident.
impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailbox(…@{})", self.domain().escape_debug())
    }
}

impl serde::Serialize for Mailbox {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The most mailboxes that a sentence names.
const MOST_NAMED: usize = 3;

/// The names of mailboxes, and how many more there are.
pub fn name_mailboxes<'a>(mailboxes: impl ExactSizeIterator<Item = &'a Mailbox>) -> Message {
    let more = mailboxes.len().saturating_sub(MOST_NAMED);
    let names: Vec<&str> = mailboxes.take(MOST_NAMED).map(Mailbox::as_str).collect();
    let names = names.join(", ");
    match more {
        0 => Message::verbatim(names),
        count => message!("request-first-and-more", first = names, count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_ignore_case() {
        assert_eq!(
            Mailbox::parse("Siti.Aminah@Agensi.Example"),
            Mailbox::parse("siti.aminah@agensi.example")
        );
    }

    #[test]
    fn refuses_what_is_not_an_address() {
        for text in [
            "",
            "siti",
            "@agensi.example",
            "siti@",
            "siti@agensi",
            "si..ti@agensi.example",
            ".siti@agensi.example",
            "si ti@agensi.example",
            "siti@-agensi.example",
            "siti@agensi..example",
            "siti@agensi.example\u{202e}",
            "=cmd|x\"@agensi.example",
        ] {
            assert!(Mailbox::parse(text).is_err(), "{text:?} was taken");
        }
        assert!(Mailbox::parse(&format!("{}@agensi.example", "a".repeat(65))).is_err());
    }

    #[test]
    fn an_unreadable_address_probably_means_a_mailbox() {
        for name in [
            "siti@agensi.example\u{200b}",
            "\u{feff}siti\u{ad}@agensi.example",
            "SMTP:Siti@agensi.example",
            "mailto:siti@agensi.example?subject=x",
            "Siti Aminah <siti@agensi.example>",
            "siti@agensi .example",
            "siti@agensi.example.",
            "s\u{456}t\u{456}@agensi.ex\u{430}mple",
            "\u{ff53}iti\u{ff20}agensi.example",
            "=HYPERLINK(\"mailto:siti@agensi.example\")",
        ] {
            assert!(Mailbox::parse(name).is_err(), "{name:?}");
            assert_eq!(
                Mailbox::guess_mailboxes(name),
                [Mailbox::from_portal("siti@agensi.example")]
            );
        }
        assert_eq!(Mailbox::guess_mailboxes("siti@a.example; tan@a.example").len(), 2);
        assert!(Mailbox::guess_mailboxes("siti").is_empty());
    }

    #[test]
    fn debug_output_hides_the_address() {
        let mailbox = Mailbox::parse("siti.aminah@agensi.example").expect("an address");
        assert_eq!(format!("{mailbox:?}"), "Mailbox(…@agensi.example)");
    }
}
