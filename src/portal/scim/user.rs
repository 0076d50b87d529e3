//! One SCIM User with arkib's extension, as bytes, to an [`ObservedMailbox`] (RFC 7643 sections 3.1,
//! 3.3 and 4.1). Pure: knows no HTTP and no pages. Where the portal is unclear, the reading is the
//! one that makes arkib do less.

use jiff::Timestamp;
use serde::de::MapAccess;

use super::lenient::{Lenient, Object, Scalar, is, skip};
use super::wire;
use crate::mailbox::Mailbox;
use crate::observed::{Account, ObservedMailbox, State};

/// What is asked for where the portal takes `attributes` (RFC 7644 section 3.9).
pub(super) const ATTRIBUTES: &[&str] = &[
    "userName",
    "active",
    "meta.version",
    "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox:state",
    "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox:request",
    "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox:changedAt",
    "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox:recoverableUntil",
    "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox:hold",
    "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox:account",
];

/// The longest word or request id that is kept of what the portal says.
const LONGEST_WORD: usize = 100;

/// A mailbox as read, and what was odd about it.
#[derive(Debug, PartialEq)]
pub(super) struct Decoded {
    pub(super) mailbox: ObservedMailbox,
    /// Whether the portal said anything of the archive at all.
    pub(super) has_extension: bool,
    /// Whether it said what state the archive is in.
    pub(super) has_state: bool,
    /// How many of its dates nobody can read.
    pub(super) unreadable_dates: usize,
}

/// The longest id, name or version, in bytes.
const LONGEST_NAME: usize = 1024;

/// What every user must have and this one has not; completes "a mailbox has no …".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lacks(pub(super) &'static str);

/// A user as it stands in the answer; borrows from it.
#[derive(Default)]
pub(super) struct User<'a> {
    id: Scalar<'a>,
    user_name: Scalar<'a>,
    active: Scalar<'a>,
    version: Scalar<'a>,
    extension: Option<Extension<'a>>,
}

#[derive(Default)]
struct Extension<'a> {
    state: Scalar<'a>,
    request: Scalar<'a>,
    changed_at: Scalar<'a>,
    recoverable_until: Scalar<'a>,
    hold: Scalar<'a>,
    account: Scalar<'a>,
}

#[derive(Default)]
struct Meta<'a> {
    version: Scalar<'a>,
}

impl<'de> Object<'de> for User<'de> {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if is(name, "id") {
            self.id = map.next_value()?;
        } else if is(name, "userName") {
            self.user_name = map.next_value()?;
        } else if is(name, "active") {
            self.active = map.next_value()?;
        } else if is(name, "meta") {
            if let Lenient(Some(Meta { version })) = map.next_value()? {
                self.version = version;
            }
        } else if is(name, wire::MAILBOX) {
            let Lenient(extension) = map.next_value()?;
            self.extension = extension;
        } else {
            skip(map)?;
        }
        Ok(())
    }
}

impl<'de> Object<'de> for Meta<'de> {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if is(name, "version") {
            self.version = map.next_value()?;
            return Ok(());
        }
        skip(map)
    }
}

impl<'de> Object<'de> for Extension<'de> {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let place = if is(name, "state") {
            &mut self.state
        } else if is(name, "request") {
            &mut self.request
        } else if is(name, "changedAt") {
            &mut self.changed_at
        } else if is(name, "recoverableUntil") {
            &mut self.recoverable_until
        } else if is(name, "hold") {
            &mut self.hold
        } else if is(name, "account") {
            &mut self.account
        } else {
            return skip(map);
        };
        *place = map.next_value()?;
        Ok(())
    }
}

impl User<'_> {
    /// The mailbox that this user is.
    ///
    /// # Errors
    /// Without `id` or `userName` nobody can say which mailbox it is.
    pub(super) fn decode(self) -> Result<Decoded, Lacks> {
        let id = self.id.text().ok_or(Lacks("id"))?;
        let user_name = self.user_name.text().ok_or(Lacks("userName"))?;
        if id.len().max(user_name.len()) > LONGEST_NAME {
            return Err(Lacks("id and userName of a sensible length"));
        }
        let has_extension = self.extension.is_some();
        let has_state =
            matches!(&self.extension, Some(extension) if extension.state != Scalar::Absent);
        let extension = self.extension.unwrap_or_default();
        let (changed_at, odd_changed) = date(&extension.changed_at);
        let (recoverable_until, odd_recoverable) = date(&extension.recoverable_until);
        let mailbox = ObservedMailbox {
            mailbox: Mailbox::from_portal(user_name),
            id: id.into(),
            version: self.version.text().and_then(entity_tag),
            state: state(&extension.state),
            account: account(&extension.account, &self.active),
            // A hold that nobody can read is a hold.
            hold: extension.hold.boolean().unwrap_or(Some(true)) == Some(true),
            request: extension.request.text().map(word),
            changed_at,
            recoverable_until,
        };
        Ok(Decoded {
            mailbox,
            has_extension,
            has_state,
            unreadable_dates: usize::from(odd_changed) + usize::from(odd_recoverable),
        })
    }
}

/// A version that is a single entity-tag (RFC 9110 section 8.8.3). Anything else, sent back as
/// If-Match, could match what it should not.
pub(super) fn entity_tag(text: &str) -> Option<Box<str>> {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let inside = opaque.strip_prefix('"')?.strip_suffix('"')?;
    let plain = inside
        .chars()
        .all(|c| c != '"' && !c.is_control() && c != ' ');
    (plain && text.len() <= LONGEST_NAME).then(|| text.into())
}

fn state(value: &Scalar<'_>) -> State {
    match value {
        Scalar::Absent => State::Disabled,
        Scalar::Text(text) if text.is_empty() => State::Disabled,
        Scalar::Text(text) => match State::from_portal(text) {
            State::Unknown(text) => State::Unknown(word(&text)),
            known => known,
        },
        _ => State::Unknown("(not a word)".into()),
    }
}

fn account(value: &Scalar<'_>, active: &Scalar<'_>) -> Account {
    match value {
        Scalar::Text(text) if !text.is_empty() => match Account::from_portal(text) {
            Account::Unknown(text) => Account::Unknown(word(&text)),
            known => known,
        },
        Scalar::Absent | Scalar::Text(_) => match active.boolean() {
            Ok(None | Some(true)) => Account::Active,
            Ok(Some(false)) => Account::Disabled,
            Err(()) => Account::Unknown("(active is not true or false)".into()),
        },
        _ => Account::Unknown("(not a word)".into()),
    }
}

/// The date, and whether there was one that cannot be read.
fn date(value: &Scalar<'_>) -> (Option<Timestamp>, bool) {
    match value {
        Scalar::Absent => (None, false),
        Scalar::Text(text) if text.is_empty() => (None, false),
        Scalar::Text(text) => match text.parse() {
            Ok(date) => (Some(date), false),
            Err(_) => (None, true),
        },
        _ => (None, true),
    }
}

/// The portal's word, bounded; whoever shows it makes it visible.
fn word(text: &str) -> Box<str> {
    match text.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => text[..end].into(),
        None => text.into(),
    }
}

/// Why an answer with one user is not one.
#[derive(Debug, PartialEq)]
pub(super) enum NotAUser {
    /// Not JSON, or cut off.
    Json(String),
    /// JSON, but no object.
    NoObject,
    /// A user that lacks something.
    Lacks(Lacks),
}

/// Reads an answer that is one user.
pub(super) fn decode(body: &[u8]) -> Result<Decoded, NotAUser> {
    let Lenient(user): Lenient<User<'_>> =
        serde_json::from_slice(body).map_err(|error| NotAUser::Json(json_trouble(&error)))?;
    user.ok_or(NotAUser::NoObject)?
        .decode()
        .map_err(NotAUser::Lacks)
}

/// What is wrong with JSON, without repeating any of it: it may be personal data.
pub(super) fn json_trouble(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the JSON ends in the middle".into();
    }
    format!(
        "it is not JSON (line {}, column {})",
        error.line(),
        error.column()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> ObservedMailbox {
        decode(json.as_bytes()).expect("a user").mailbox
    }

    #[test]
    fn names_and_urns_are_taken_in_any_case() {
        let mailbox = read(
            r#"{"ID":"1","UserName":"Siti@Agensi.Example","META":{"Version":"W/\"7\"","location":"/Users/1"},
                "URN:IETF:params:scim:schemas:extension:ARKIB:2.0:mailbox":{"STATE":"Enabled","Request":"BMT-1","HOLD":"True",
                "ChangedAt":"2026-11-10T00:00:00Z","somethingElse":[{"a":1}]},"emails":[{"value":"x"}]}"#,
        );
        assert_eq!(mailbox.mailbox.as_str(), "siti@agensi.example");
        assert_eq!(mailbox.version.as_deref(), Some("W/\"7\""));
        assert_eq!(mailbox.state, State::Enabled);
        assert_eq!(mailbox.request.as_deref(), Some("BMT-1"));
        assert!(mailbox.hold);
        assert!(mailbox.changed_at.is_some());
    }

    #[test]
    fn without_the_extension_there_is_no_archive_and_active_counts() {
        let mailbox = read(r#"{"id":"1","userName":"a@x.example"}"#);
        assert_eq!(mailbox.state, State::Disabled);
        assert_eq!(mailbox.account, Account::Active);
        assert!(!mailbox.hold);
        for off in ["false", "\"False\""] {
            let json = format!(r#"{{"id":"1","userName":"a@x.example","active":{off}}}"#);
            assert_eq!(read(&json).account, Account::Disabled);
        }
    }

    #[test]
    fn what_is_unclear_makes_arkib_do_less() {
        let mailbox = read(
            r#"{"id":"1","userName":"a@x.example","active":3,"urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox":
                {"state":"on\u001b[2Jhold","hold":"perhaps","changedAt":"yesterday"}}"#,
        );
        assert_eq!(mailbox.state, State::Unknown("on\u{1b}[2Jhold".into()));
        assert!(matches!(mailbox.account, Account::Unknown(_)));
        assert!(mailbox.hold);
        assert_eq!(mailbox.changed_at, None);
    }

    #[test]
    fn the_extensions_account_goes_before_active() {
        let mailbox = read(
            r#"{"id":"1","userName":"a@x.example","active":true,"urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox":
                {"account":"requested-to-delete","hold":false}}"#,
        );
        assert_eq!(mailbox.account, Account::RequestedToDelete);
        assert!(!mailbox.hold);
    }

    #[test]
    fn a_user_that_cannot_be_told_is_an_error() {
        for (json, expected) in [
            (
                r#"{"userName":"a@x.example"}"#,
                NotAUser::Lacks(Lacks("id")),
            ),
            (
                r#"{"id":"1","userName":null}"#,
                NotAUser::Lacks(Lacks("userName")),
            ),
            (r#"[1]"#, NotAUser::NoObject),
            (
                r#"{"id":"1","userName":"a@x"#,
                NotAUser::Json("the JSON ends in the middle".into()),
            ),
        ] {
            assert_eq!(decode(json.as_bytes()), Err(expected));
        }
    }
}
