//! The addresses of a user (RFC 7643 section 4.1.2, `emails`), and the one that is its mailbox. Pure.

use std::borrow::Cow;
use std::mem;

use serde::de::{Error, SeqAccess};

use super::lenient::{Fill, In, Scalar, is};
use crate::domain::mailbox::Mailbox;

/// The addresses of one user.
#[derive(Debug, Default)]
pub(super) struct Emails<'a> {
    primary: Found<'a>,
    any: Found<'a>,
    /// The one that stands in place of a list.
    single: Email<'a>,
}

/// The most addresses of one user that are kept.
const MOST_CLAIMED: usize = 20;

/// How many different addresses were found.
#[derive(Debug, Default)]
enum Found<'a> {
    #[default]
    None,
    One(Cow<'a, str>),
    Several(Vec<Cow<'a, str>>),
}

impl<'a> Found<'a> {
    fn add(&mut self, address: Cow<'a, str>) {
        *self = match mem::take(self) {
            Self::None => Self::One(address),
            Self::One(known) if is(known.trim(), address.trim()) => Self::One(known),
            Self::One(known) => Self::Several(vec![known, address]),
            Self::Several(mut known) => {
                if known.len() < MOST_CLAIMED {
                    known.push(address);
                }
                Self::Several(known)
            }
        };
    }
}

impl<'a> Emails<'a> {
    /// The primary address, or else the only one.
    pub(super) fn mailbox(&self) -> Option<&str> {
        match (&self.primary, &self.any) {
            (Found::One(address), _) | (Found::None, Found::One(address)) => Some(address),
            _ => None,
        }
    }

    /// All of them, where there are several and none of them, or more than one, is the primary one.
    pub(super) fn claimed(&self) -> Vec<Mailbox> {
        match (&self.any, self.mailbox()) {
            (Found::Several(all), None) => all.iter().map(|it| Mailbox::from_portal(it)).collect(),
            _ => Vec::new(),
        }
    }

    /// Takes what was read in place of a list for a list of one.
    pub(super) fn end(&mut self) {
        let single = mem::take(&mut self.single);
        self.add(single);
    }

    fn add(&mut self, email: Email<'a>) {
        let Scalar::Text(address) = email.value else {
            return;
        };
        if address.trim().is_empty() {
            return;
        }
        if email.primary.boolean() == Ok(Some(true)) {
            self.primary.add(address.clone());
        }
        self.any.add(address);
    }
}

#[derive(Debug, Default)]
struct Email<'a> {
    value: Scalar<'a>,
    primary: Scalar<'a>,
}

impl<'de> Fill<'de> for Email<'de> {
    fn place(&mut self, name: &str) -> Option<&mut Scalar<'de>> {
        match () {
            () if is(name, "value") => Some(&mut self.value),
            () if is(name, "primary") => Some(&mut self.primary),
            () => None,
        }
    }
}

/// A list of addresses, as SCIM has it, or a single one.
impl<'de> Fill<'de> for Emails<'de> {
    fn value<E: Error>(&mut self, value: Scalar<'de>) -> Result<(), E> {
        *self = Self::default();
        self.single.value = value;
        Ok(())
    }

    fn element<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        let mut email = Email::default();
        let is_one = list.next_element_seed(In(&mut email))?.is_some();
        self.add(email);
        Ok(is_one)
    }

    fn place(&mut self, name: &str) -> Option<&mut Scalar<'de>> {
        self.single.place(name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lenient::read;
    use super::*;

    fn mailbox(json: &str) -> Option<String> {
        let mut emails = Emails::default();
        read(json.as_bytes(), &mut emails).expect("JSON");
        emails.end();
        emails.mailbox().map(str::to_owned)
    }

    #[test]
    fn the_primary_one_counts_or_the_only_one() {
        for (json, expected) in [
            ("[]", None),
            ("null", None),
            ("7", None),
            (r#""a@x.example""#, Some("a@x.example")),
            (r#"{"value":"a@x.example"}"#, Some("a@x.example")),
            (
                r#"[{"value":"a@x.example","type":"home"}]"#,
                Some("a@x.example"),
            ),
            (
                r#"[{"value":"a@x.example"},{"VALUE":"b@x.example","Primary":"True"}]"#,
                Some("b@x.example"),
            ),
            (r#"[{"value":"a@x.example"},{"value":"b@x.example"}]"#, None),
            (
                r#"[{"value":"a@x.example"},{"value":"A@X.example"}]"#,
                Some("a@x.example"),
            ),
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
