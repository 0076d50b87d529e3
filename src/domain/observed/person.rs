//! The person behind a mailbox, as the portal names them: the address of a letter. Pure.

use std::fmt;

use crate::domain::mailbox_address::Mailbox;
use crate::text::{is_unsafe, one_line};

/// The longest name, post or office, in characters.
const LONGEST: usize = 120;

/// The person behind a mailbox; personal data, so its debug output shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The full name.
    pub name: Option<Box<str>>,
    /// The post (Jawatan).
    pub post: Option<Box<str>>,
    /// The office (Bahagian).
    pub office: Option<Box<str>>,
}

impl Person {
    /// What a portal says of the person behind a mailbox; `None` if that is nothing. The first of `names`
    /// that is one counts: many portals repeat the address in place of a name.
    pub fn new(mailbox: &Mailbox, names: &[&str], post: &str, office: &str) -> Option<Box<Self>> {
        let local = mailbox.as_str().split('@').next().unwrap_or_default();
        let is_name = |name: &str| !name.contains('@') && !name.eq_ignore_ascii_case(local);
        let mut names = names.iter().filter_map(|name| clean(name));
        let name = names.find(|name| is_name(name));
        let person = Self { name, post: clean(post), office: clean(office) };
        let is_anything = person.name.is_some() || person.post.is_some() || person.office.is_some();
        is_anything.then(|| Box::new(person))
    }
}

/// A text of one line that a letter can hold.
fn clean(text: &str) -> Option<Box<str>> {
    let shown: String = one_line(text).chars().filter(|c| !is_unsafe(*c)).take(LONGEST).collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.into())
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_no_name() {
        let siti = Mailbox::from_portal("siti@agensi.example");
        let name = |names: &[&str]| {
            Person::new(&siti, names, "", "").and_then(|person| person.name).map(String::from)
        };
        assert_eq!(
            name(&["siti", "SITI@agensi.example", " Siti  binti\nAli "]).as_deref(),
            Some("Siti binti Ali")
        );
        assert_eq!(name(&["Siti", "", "\u{202e}\u{7}"]), None);
        assert_eq!(name(&["a\u{1b}[31m\u{202e}b"]).as_deref(), Some("a[31mb"));
        assert_eq!(
            name(&["é".repeat(500).as_str()]).map(|name| name.chars().count()),
            Some(LONGEST)
        );
        assert!(!format!("{:?}", Person::new(&siti, &["Ali"], "", "")).contains("Ali"));
    }
}
