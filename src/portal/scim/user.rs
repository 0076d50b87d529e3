//! One SCIM User, as bytes, read by a mapping to an [`ObservedMailbox`] (RFC 7643 sections 3.1,
//! 3.3 and 4.1). Pure: knows no HTTP and no pages. Where the portal is unclear, the reading is the
//! one that makes arkib do less.

#[cfg(test)]
mod tests;
mod values;

use serde::de::{Error, MapAccess};
use sha2::{Digest as _, Sha256};

use self::values::{
    MappedValues, bounded_word, is_on_hold, read_account, read_date, read_person, read_state,
    written_words,
};
use super::compiled_mapping::{AttributeNameIndex, CompiledMapping, IndexEntry, MailboxField};
use super::confirmed_attributes::ConfirmedAttributes;
use super::lenient_json;
use super::lenient_json::{FillSeed, ReadFromJson, ShallowValue, is_same_name, skip_value};
use crate::domain::archive_state::State;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::AddressAttribute;
use crate::domain::observed::{MailboxFilter, ObservedMailbox};

/// A user as read, and what was odd about it.
#[derive(Debug, PartialEq)]
pub(super) struct ListedUser {
    /// Its mailbox, where it is one that is kept.
    pub(super) mailbox: Option<ObservedMailbox>,
    /// Its address, where it is not kept.
    pub(super) other_address: Option<Box<str>>,
    pub(super) id_hash: IdHash,
    /// Whether it has an address at all.
    pub(super) has_address: bool,
    /// Of which attributes it said anything.
    pub(super) shown: ConfirmedAttributes,
    /// Where there are several addresses and nobody can say which is meant: all of them.
    pub(super) claimed: Vec<Mailbox>,
    /// Addresses that the account has beside its own, each with its own.
    pub(super) aliases: Vec<(Mailbox, Mailbox)>,
    /// How many of its dates nobody can read.
    pub(super) unreadable_dates: usize,
}

/// A mailbox as read by itself.
#[derive(Debug, PartialEq)]
pub(super) struct DecodedMailbox {
    pub(super) mailbox: ObservedMailbox,
    pub(super) shown: ConfirmedAttributes,
    pub(super) unreadable_dates: usize,
}

/// Tells users apart without holding their ids: the beginning of an id's SHA-256.
pub(super) type IdHash = [u8; 16];

/// The mark of the user with that id.
pub(super) fn id_hash(id: &str) -> IdHash {
    let digest = Sha256::digest(id);
    let mut id_hash = IdHash::default();
    id_hash.copy_from_slice(&digest[..size_of::<IdHash>()]);
    id_hash
}

/// The longest id, name or version, in bytes.
const LONGEST_NAME: usize = 1024;

/// Says that there are dates that nobody can read.
pub(super) fn warn_of_unreadable_dates(unreadable: usize) {
    if unreadable > 0 {
        tracing::warn!(
            dates = unreadable,
            "the portal sends invalid dates (RFC 7643 section 2.3.5); arkib ignores them"
        );
    }
}

impl DecodedMailbox {
    /// The mailbox as the answer to a change shows it. A body that does not name the state tells nothing
    /// of what became of it.
    pub(super) fn mailbox_after_change(self) -> Option<ObservedMailbox> {
        self.shown.state.then_some(self.mailbox)
    }

    /// The mailbox; of a user that said nothing of the archive without a word on its state.
    pub(super) fn into_reported_mailbox(self) -> ObservedMailbox {
        let mut mailbox = self.mailbox;
        if !self.shown.state {
            mailbox.state = State::not_reported();
        }
        mailbox
    }
}

/// A user as it stands in the answer; borrows from it.
pub(super) struct RawUser<'m, 'a> {
    matcher: &'m CompiledMapping,
    is_object: bool,
    values: MappedValues<'a>,
}

impl<'m> RawUser<'m, '_> {
    /// A user of which nothing is known yet.
    pub(super) fn new(matcher: &'m CompiledMapping) -> Self {
        Self { matcher, is_object: false, values: MappedValues::default() }
    }
}

impl<'de> ReadFromJson<'de> for RawUser<'_, 'de> {
    fn begin_value<E: Error>(&mut self, value: ShallowValue<'de>) -> Result<(), E> {
        self.is_object = value == ShallowValue::Object;
        Ok(())
    }

    fn read_attribute<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        of: &mut A,
    ) -> Result<(), A::Error> {
        let (names, values) = (self.matcher.index_of_user(), &mut self.values);
        UserObjectReader { names, values }.read_attribute(name, of)
    }
}

/// An object in a user in which values may stand.
struct UserObjectReader<'m, 'x, 'a> {
    names: AttributeNameIndex<'m>,
    values: &'x mut MappedValues<'a>,
}

impl<'de> ReadFromJson<'de> for UserObjectReader<'_, '_, 'de> {
    fn read_attribute<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        of: &mut A,
    ) -> Result<(), A::Error> {
        let values = &mut *self.values;
        match self.names.look_up_name(name) {
            None => skip_value(of),
            Some(IndexEntry::Value(MailboxField::Emails)) => {
                of.next_value_seed(FillSeed(&mut values.emails))?;
                values.emails.add_single_email();
                Ok(())
            }
            Some(IndexEntry::Value(MailboxField::Schemas)) => {
                of.next_value_seed(FillSeed(&mut values.schemas))
            }
            Some(IndexEntry::Value(meaning)) => {
                of.next_value_seed(FillSeed(&mut values.of[meaning as usize]))
            }
            Some(IndexEntry::Object(names)) => {
                of.next_value_seed(FillSeed(&mut UserObjectReader { names, values }))
            }
        }
    }
}

impl RawUser<'_, '_> {
    /// The mailbox that this user is, if the filter keeps it; one without an address where it is a
    /// user without a mailbox, or no user at all.
    ///
    /// # Errors
    /// What it lacks: without `id` or `userName` nobody can say which mailbox it is.
    pub(super) fn read_mailbox(
        self,
        mailbox_filter: &MailboxFilter,
    ) -> Result<ListedUser, &'static str> {
        let id = self.values.get(MailboxField::Id).as_id().ok_or("id")?;
        let address = self.mailbox_address()?;
        if id.len().max(address.len()) > LONGEST_NAME {
            return Err("id and userName of a sensible length");
        }
        let mapping = &self.matcher.mapping;
        let value = |meaning| self.values.get(meaning);
        let says = |meaning| *value(meaning) != ShallowValue::Absent;
        let mut unreadable_dates = 0;
        let state = read_state(&self.values, mapping);
        let mailbox = mailbox_filter.keep(address, &state).map(|kept| {
            let mut observed = ObservedMailbox {
                mailbox: kept.mailbox,
                id: (&*id).into(),
                version: None,
                state,
                account: read_account(&self.values, mapping),
                hold: is_on_hold(&self.values, mapping),
                request: None,
                changed_at: None,
                modified_at: None,
                recoverable_until: None,
                created: None,
                person: None,
            };
            let mut date = |meaning| read_date(value(meaning), &mut unreadable_dates);
            observed.created = date(MailboxField::Created);
            observed.person = read_person(&self.values, &observed.mailbox);
            if kept.is_met {
                return observed;
            }
            let request = value(MailboxField::Request).as_word().ok().flatten();
            observed.version = value(MailboxField::Version).as_text().and_then(parse_entity_tag);
            observed.request = request.map(|request| bounded_word(&request));
            observed.changed_at = date(MailboxField::ChangedAt);
            observed.modified_at = date(MailboxField::ModifiedAt);
            observed.recoverable_until = date(MailboxField::RecoverableUntil);
            observed
        });
        let is_other = mailbox.is_none() && !address.trim().is_empty();
        Ok(ListedUser {
            mailbox,
            other_address: is_other.then(|| address.trim().into()),
            id_hash: id_hash(&id),
            has_address: !address.trim().is_empty(),
            shown: ConfirmedAttributes {
                state: says(MailboxField::State),
                hold: says(MailboxField::Hold),
                account: says(MailboxField::Account),
                request: says(MailboxField::Request),
                changed_at: says(MailboxField::ChangedAt) || says(MailboxField::ModifiedAt),
                recoverable_until: says(MailboxField::RecoverableUntil),
                words: written_words(&self.values, self.matcher),
            },
            claimed: self.values.emails.ambiguous_addresses(),
            aliases: self.values.emails.aliases(mailbox_filter),
            unreadable_dates,
        })
    }

    /// Its address; empty where there is none.
    fn mailbox_address(&self) -> Result<&str, &'static str> {
        let said = self.values.get(MailboxField::Mailbox).as_text();
        let said = said.filter(|name| !name.trim().is_empty());
        match &self.matcher.mapping.mailbox {
            AddressAttribute::Emails => Ok(self.values.emails.mailbox().unwrap_or_default()),
            _ if said.is_some_and(is_domain_account) => Ok(""),
            AddressAttribute::UserName => match said {
                Some(name) => Ok(name),
                None if self.is_other_resource_type() => Ok(""),
                None => Err("userName"),
            },
            // An account for a program, or a room: not everybody has a mailbox.
            AddressAttribute::Other(_) => Ok(said.unwrap_or_default()),
        }
    }

    /// Whether this says of itself that it is not a user: some portals list groups among them. One that names
    /// no schema is taken for what it was asked for as.
    fn is_other_resource_type(&self) -> bool {
        let kind = self.values.get(MailboxField::ResourceType).as_text();
        let schemas = &self.values.schemas;
        schemas.any && !schemas.user || kind.is_some_and(|kind| !is_same_name(kind, "User"))
    }
}

/// Whether this names an account of a domain or a user store, `DOMAIN\user` or `DOMAIN/user`: the
/// address of nobody, also where the user's own name is one.
fn is_domain_account(name: &str) -> bool {
    name.split('@').next().is_some_and(|account| account.contains(['\\', '/']))
}

/// A version that is a single entity-tag (RFC 9110 section 8.8.3). Anything else, sent back as
/// If-Match, could match what it should not.
pub(super) fn parse_entity_tag(text: &str) -> Option<Box<str>> {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let inside = opaque.strip_prefix('"')?.strip_suffix('"')?;
    let plain = inside.chars().all(|c| c != '"' && !c.is_control() && c != ' ');
    (plain && text.len() <= LONGEST_NAME).then(|| text.into())
}

/// Reads an answer that is one user. The error says what is wrong and repeats nothing of the answer.
pub(super) fn decode(body: &[u8], matcher: &CompiledMapping) -> Result<DecodedMailbox, String> {
    let mut user = RawUser::new(matcher);
    lenient_json::read_json(body, &mut user)?;
    if !user.is_object {
        return Err("it is not a user".into());
    }
    let lacks = |what| format!("the mailbox has no {what}");
    let read = user.read_mailbox(&MailboxFilter::EVERYTHING).map_err(lacks)?;
    Ok(DecodedMailbox {
        mailbox: read.mailbox.ok_or_else(|| lacks("userName"))?,
        shown: read.shown,
        unreadable_dates: read.unreadable_dates,
    })
}
