//! Whether a text names a person by their address. Pure.

use crate::domain::mailbox::Mailbox;

/// Whether a text holds one of the addresses as a whole, in any case; the `@` may be percent-encoded
/// as in a web address. Where it cannot be told whose address it is, it is taken for theirs.
pub fn mentions(text: &str, people: &[Mailbox]) -> bool {
    let text = text.to_ascii_lowercase();
    people.iter().any(|person| {
        let address = person.as_str();
        whole(&text, address) || text.contains(&address.replacen('@', "%40", 1))
    })
}

fn whole(text: &str, address: &str) -> bool {
    let goes_on = |it: char| it.is_alphanumeric() || "-_".contains(it);
    text.match_indices(address).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + address.len()..]);
        let mut before = before.chars().rev();
        let is_longer_before = match before.next() {
            Some(it) if goes_on(it) || ".+".contains(it) => true,
            // These may stand within an address, and around one as well.
            Some(it) if "!#$%'^`|~".contains(it) => before.next().is_some_and(goes_on),
            _ => false,
        };
        let mut after = after.chars();
        let is_longer_after = match after.next() {
            // A full stop ends a sentence, unless more of a domain follows.
            Some('.') => after.next().is_some_and(goes_on),
            Some(it) => goes_on(it) || it == '@',
            None => false,
        };
        !is_longer_before && !is_longer_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Mailbox> {
        vec![Mailbox::parse("siti.aminah@agensi.example").expect("an address")]
    }

    #[test]
    fn an_address_is_found_whole_and_in_any_case() {
        for text in [
            "siti.aminah@agensi.example",
            "Siti.Aminah@Agensi.Example",
            "user <siti.aminah@agensi.example>, gone",
            "no such user 'siti.aminah@agensi.example'.",
            "ask siti.aminah@agensi.example. Then wait",
            "/Users?filter=userName%20eq%20%22siti.aminah%40agensi.example%22",
        ] {
            assert!(mentions(text, &people()), "{text}");
        }
        for text in [
            "",
            "aminah@agensi.example",
            "xsiti.aminah@agensi.example",
            "nur.siti.aminah@agensi.example",
            "nur-siti.aminah@agensi.example",
            "o'siti.aminah@agensi.example",
            "siti.aminah@agensi.example.my",
            "siti.aminah@agensi.example-two.example",
        ] {
            assert!(!mentions(text, &people()), "{text}");
        }
    }
}
