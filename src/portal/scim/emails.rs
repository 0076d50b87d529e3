//! The addresses of a user (RFC 7643 section 4.1.2, `emails`), and the one that is its mailbox. Pure.

use std::borrow::Cow;
use std::mem;

use serde::de::{Error, SeqAccess};

use super::lenient_json::{FillSeed, ReadFromJson, ShallowValue, is_same_name};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::MailboxFilter;

/// The most addresses of one user that are kept.
const MOST_CLAIMED: usize = 20;

/// The addresses of one user.
#[derive(Debug, Default)]
pub(super) struct Emails<'a> {
    /// Each with whether it is called the primary one.
    all: Vec<(Cow<'a, str>, bool)>,
    /// The one that stands in place of a list.
    single: Email<'a>,
}

impl<'a> Emails<'a> {
    /// The primary address, or else the only one.
    pub(super) fn mailbox(&self) -> Option<&str> {
        let mut primary = self.all.iter().filter(|(_, is_primary)| *is_primary);
        match (primary.next(), &*self.all) {
            (Some((first, _)), _) => {
                let is_only = primary.all(|(other, _)| is_same_address(first, other));
                is_only.then_some(first)
            }
            (None, [(only, _)]) => Some(only),
            _ => None,
        }
    }

    /// All of them, where there are several and none of them, or more than one, is the primary one.
    pub(super) fn ambiguous_addresses(&self) -> Vec<Mailbox> {
        if self.all.len() < 2 || self.mailbox().is_some() {
            return Vec::new();
        }
        let all = self.all.iter().take(MOST_CLAIMED);
        all.map(|(address, _)| Mailbox::from_portal(address)).collect()
    }

    /// The addresses beside the one that is its mailbox, each with it, as far as the filter names them.
    pub(super) fn aliases(&self, mailbox_filter: &MailboxFilter) -> Vec<(Mailbox, Mailbox)> {
        let Some(own) = self.mailbox().filter(|_| self.all.len() > 1) else {
            return Vec::new();
        };
        let others = self.all.iter().filter(|(address, _)| !is_same_address(address, own));
        let named = others.filter_map(|(address, _)| mailbox_filter.named_mailbox(address));
        named.map(|alias| (alias, Mailbox::from_portal(own))).collect()
    }

    /// Takes what was read in place of a list for a list of one.
    pub(super) fn add_single_email(&mut self) {
        let single = mem::take(&mut self.single);
        self.add_email(single);
    }

    fn add_email(&mut self, email: Email<'a>) {
        let ShallowValue::Text(address) = email.value else {
            return;
        };
        if address.trim().is_empty() {
            return;
        }
        let is_primary = email.primary.as_bool() == Ok(Some(true));
        match &mut *self.all {
            [(known, was_primary)] if is_same_address(known, &address) => {
                *was_primary |= is_primary
            }
            _ => self.all.push((address, is_primary)),
        }
    }
}

fn is_same_address(one: &str, other: &str) -> bool {
    is_same_name(one.trim(), other.trim())
}

#[derive(Debug, Default)]
struct Email<'a> {
    value: ShallowValue<'a>,
    primary: ShallowValue<'a>,
}

impl<'de> ReadFromJson<'de> for Email<'de> {
    fn scalar_slot(&mut self, name: &str) -> Option<&mut ShallowValue<'de>> {
        match () {
            () if is_same_name(name, "value") => Some(&mut self.value),
            () if is_same_name(name, "primary") => Some(&mut self.primary),
            () => None,
        }
    }
}

/// A list of addresses, as SCIM has it, or a single one.
impl<'de> ReadFromJson<'de> for Emails<'de> {
    fn begin_value<E: Error>(&mut self, value: ShallowValue<'de>) -> Result<(), E> {
        *self = Self::default();
        self.single.value = value;
        Ok(())
    }

    fn read_next_element<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        let mut email = Email::default();
        let is_one = list.next_element_seed(FillSeed(&mut email))?.is_some();
        self.add_email(email);
        Ok(is_one)
    }

    fn scalar_slot(&mut self, name: &str) -> Option<&mut ShallowValue<'de>> {
        self.single.scalar_slot(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::scim::lenient_json::read_json;

    fn mailbox(json: &str) -> Option<String> {
        let mut emails = Emails::default();
        read_json(json.as_bytes(), &mut emails).expect("JSON");
        emails.add_single_email();
        emails.mailbox().map(str::to_owned)
    }

    #[test]
    fn takes_the_primary_or_only_address() {
        for (json, expected) in [
            ("[]", None),
            ("null", None),
            ("7", None),
            (r#""a@x.example""#, Some("a@x.example")),
            (r#"{"value":"a@x.example"}"#, Some("a@x.example")),
            (r#"[{"value":"a@x.example","type":"home"}]"#, Some("a@x.example")),
            (
                r#"[{"value":"a@x.example"},{"VALUE":"b@x.example","Primary":"True"}]"#,
                Some("b@x.example"),
            ),
            (r#"[{"value":"a@x.example"},{"value":"b@x.example"}]"#, None),
            (r#"[{"value":"a@x.example"},{"value":"A@X.example"}]"#, Some("a@x.example")),
            (
                r#"[{"value":"a@x.example","primary":true},{"value":"b@x.example","primary":true}]"#,
                None,
            ),
            (
                r#"[{"value":"a@x.example"},{"value":" "},{"value":null},{"value":3},[1]]"#,
                Some("a@x.example"),
            ),
        ] {
            assert_eq!(mailbox(json).as_deref(), expected, "{json}");
        }
    }
}
