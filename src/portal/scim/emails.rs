//! The addresses of a user (RFC 7643 section 4.1.2, `emails`), and the one that is its mailbox. Pure.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::lenient::{Lenient, Name, Object, Scalar, is, plain_values_are, skip};
use crate::domain::mailbox::Mailbox;

/// The addresses of one user.
#[derive(Debug, Default)]
pub(super) struct Emails<'a> {
    primary: Found<'a>,
    any: Found<'a>,
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
        *self = match std::mem::take(self) {
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

#[derive(Default)]
struct Email<'a> {
    value: Scalar<'a>,
    primary: Scalar<'a>,
}

impl<'de> Object<'de> for Email<'de> {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if is(name, "value") {
            self.value = map.next_value()?;
        } else if is(name, "primary") {
            self.primary = map.next_value()?;
        } else {
            skip(map)?;
        }
        Ok(())
    }
}

/// Reads addresses into place: a list of them, as SCIM has it, or a single one.
pub(super) struct Addresses<'x, 'a>(pub(super) &'x mut Emails<'a>);

impl<'de> DeserializeSeed<'de> for Addresses<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        *self.0 = Emails::default();
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Addresses<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the addresses of a user")
    }
    plain_values_are!(());
    fn visit_borrowed_str<E>(self, address: &'de str) -> Result<(), E> {
        self.0.add(plain(Cow::Borrowed(address)));
        Ok(())
    }
    fn visit_str<E>(self, address: &str) -> Result<(), E> {
        self.0.add(plain(Cow::Owned(address.to_owned())));
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut email = Email::default();
        while let Some(name) = map.next_key::<Name<'de>>()? {
            email.attribute(&name.0, &mut map)?;
        }
        self.0.add(email);
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(Lenient(email)) = seq.next_element::<Lenient<Email<'de>>>()? {
            if let Some(email) = email {
                self.0.add(email);
            }
        }
        Ok(())
    }
}

fn plain(address: Cow<'_, str>) -> Email<'_> {
    Email {
        value: Scalar::Text(address),
        primary: Scalar::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(json: &str) -> Option<String> {
        let mut emails = Emails::default();
        let mut json = serde_json::Deserializer::from_str(json);
        Addresses(&mut emails).deserialize(&mut json).expect("JSON");
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
