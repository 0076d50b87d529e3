//! One ListResponse as bytes to mailboxes (RFC 7644 section 3.4.2, RFC 9865 section 2). Pure: knows
//! neither HTTP nor the page before.

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess};

use super::compiled_mapping::CompiledMapping;
use super::confirmed_attributes::ConfirmedAttributes;
use super::lenient_json;
use super::lenient_json::{FillSeed, ReadFromJson, ShallowValue, is_same_name, skip_value};
use super::user::{IdHash, ListedUser, RawUser, id_hash};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::Mapping;
use crate::domain::observed::{MailboxFilter, ObservedMailbox};

/// A page of mailboxes.
#[derive(Debug, Default)]
pub(super) struct DecodedPage {
    /// How many the portal says there are in all.
    pub(super) total: Option<usize>,
    /// Every user of the page, in its order.
    pub(super) marks: Vec<IdHash>,
    /// Of these the mailboxes that the filter keeps.
    pub(super) mailboxes: Vec<ObservedMailbox>,
    /// The addresses of the others, each followed by a line end.
    pub(super) other_addresses: String,
    /// How many of them have an address.
    pub(super) with_address: usize,
    /// Whether the first of them has one.
    pub(super) first_has_address: bool,
    /// Where the next page is, with cursor paging.
    pub(super) next_cursor: Option<String>,
    /// Of what they say something; of the state only one that has an address.
    pub(super) shown: ConfirmedAttributes,
    /// Addresses of users that have several, of which none is the one.
    pub(super) claimed: Vec<Mailbox>,
    /// Addresses that accounts have beside their own, each with the account's own.
    pub(super) aliases: Vec<(Mailbox, Mailbox)>,
    /// How many dates in it nobody can read.
    pub(super) unreadable_dates: usize,
}

/// The mailboxes of a page, as every reading of a list decodes it; `benches/count` counts it.
///
/// # Errors
/// As of reading a list.
pub fn read_page(
    body: &[u8],
    mapping: &Mapping,
    filter: &MailboxFilter,
) -> Result<Vec<ObservedMailbox>, String> {
    Ok(decode(body, &CompiledMapping::new(mapping), filter)?.mailboxes)
}

/// Reads a page. The error says what is wrong and repeats nothing of the answer.
pub(super) fn decode(
    body: &[u8],
    matcher: &CompiledMapping,
    mailbox_filter: &MailboxFilter,
) -> Result<DecodedPage, String> {
    let mut answer = ListResponse {
        is_object: false,
        total: ShallowValue::Absent,
        next_cursor: ShallowValue::Absent,
        resources: ResourcesDecoder {
            matcher,
            mailbox_filter,
            are_there: false,
            page: DecodedPage::default(),
            lacking: None,
        },
    };
    lenient_json::read_json(body, &mut answer)?;
    if !answer.is_object {
        return Err("it is not a SCIM list".into());
    }
    let resources = answer.resources;
    if let Some((index, what)) = resources.lacking {
        return Err(format!("mailbox {} of the page has no {what}", index + 1));
    }
    let total = answer.total.as_count();
    // RFC 7644 section 3.4.2: `Resources` may be absent where there are none.
    if total.is_none() && !resources.are_there {
        return Err("it has neither totalResults nor Resources, so it is not a SCIM list".into());
    }
    let next_cursor = answer.next_cursor.as_text().filter(|_| resources.are_there);
    Ok(DecodedPage { total, next_cursor: next_cursor.map(str::to_owned), ..resources.page })
}

struct ListResponse<'m, 'a> {
    is_object: bool,
    total: ShallowValue<'a>,
    next_cursor: ShallowValue<'a>,
    resources: ResourcesDecoder<'m>,
}

impl<'de> ReadFromJson<'de> for ListResponse<'_, 'de> {
    fn begin_value<E: Error>(&mut self, value: ShallowValue<'de>) -> Result<(), E> {
        self.is_object = value == ShallowValue::Object;
        Ok(())
    }

    fn read_attribute<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        of: &mut A,
    ) -> Result<(), A::Error> {
        if is_same_name(name, "Resources") {
            of.next_value_seed(FillSeed(&mut self.resources))
        } else if is_same_name(name, "totalResults") {
            of.next_value_seed(FillSeed(&mut self.total))
        } else if is_same_name(name, "nextCursor") {
            of.next_value_seed(FillSeed(&mut self.next_cursor))
        } else {
            skip_value(of)
        }
    }
}

/// The users, turned into mailboxes one by one, so that no page is held twice.
struct ResourcesDecoder<'m> {
    matcher: &'m CompiledMapping,
    mailbox_filter: &'m MailboxFilter,
    are_there: bool,
    page: DecodedPage,
    /// Which of them lacks what; the others behind it are passed over.
    lacking: Option<(usize, &'static str)>,
}

impl<'de> ReadFromJson<'de> for ResourcesDecoder<'_> {
    fn begin_value<E: Error>(&mut self, value: ShallowValue<'de>) -> Result<(), E> {
        (self.page, self.lacking) = Default::default();
        self.are_there = value == ShallowValue::List;
        match value {
            ShallowValue::Absent | ShallowValue::List => Ok(()),
            _ => Err(E::custom("not a list of users")),
        }
    }

    fn read_next_element<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        if self.lacking.is_some() {
            return Ok(list.next_element::<IgnoredAny>()?.is_some());
        }
        let mut user = RawUser::new(self.matcher);
        if list.next_element_seed(FillSeed(&mut user))?.is_none() {
            return Ok(false);
        }
        match user.read_mailbox(self.mailbox_filter) {
            Ok(read) => self.page.add_user(read),
            Err(lacks) => self.lacking = Some((self.page.marks.len(), lacks)),
        }
        Ok(true)
    }
}

impl DecodedPage {
    /// Forgets the first user, which the page before ended with.
    pub(super) fn drop_first_user(&mut self) {
        let first = self.marks.remove(0);
        let is_kept = |mailbox: &ObservedMailbox| id_hash(&mailbox.id) == first;
        if self.mailboxes.first().is_some_and(is_kept) {
            self.mailboxes.remove(0);
        }
        self.with_address -= usize::from(self.first_has_address);
    }

    fn add_user(&mut self, read: ListedUser) {
        self.first_has_address |= self.marks.is_empty() && read.has_address;
        self.with_address += usize::from(read.has_address);
        self.shown = self
            .shown
            .or(ConfirmedAttributes { state: read.has_address && read.shown.state, ..read.shown });
        self.claimed.extend(read.claimed);
        self.aliases.extend(read.aliases);
        self.unreadable_dates += read.unreadable_dates;
        if let Some(address) = read.other_address {
            self.other_addresses.push_str(&address);
            self.other_addresses.push('\n');
        }
        self.marks.push(read.id_hash);
        self.mailboxes.extend(read.mailbox);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::scim::Mapping;

    fn decode(body: &[u8]) -> Result<DecodedPage, String> {
        super::decode(body, &CompiledMapping::new(&Mapping::default()), &MailboxFilter::EVERYTHING)
    }

    #[test]
    fn accepts_an_empty_list_without_resources() {
        let page = decode(br#"{"totalResults":0}"#).expect("a page");
        assert_eq!((page.total, page.mailboxes.len()), (Some(0), 0));
    }

    #[test]
    fn reads_any_case_and_numbers_as_strings() {
        let page = decode(
            br#"{"TOTALRESULTS":"1","resources":[{"id":"1","username":"a@x.example"}],"nextcursor":"c"}"#,
        )
        .expect("a page");
        assert_eq!((page.total, page.mailboxes.len()), (Some(1), 1));
        assert_eq!(page.next_cursor.as_deref(), Some("c"));
    }

    #[test]
    fn refuses_other_bodies_without_quoting_them() {
        for (body, says) in [
            (r#"{"hello":"siti"}"#, "neither totalResults"),
            (r#"[]"#, "not a SCIM list"),
            (
                r#"{"totalResults":1,"Resources":[{"userName":"siti"}]}"#,
                "mailbox 1 of the page has no id",
            ),
            (r#"{"totalResults":1,"Resources":["siti"]}"#, "mailbox 1 of the page has no id"),
            (r#"{"totalResults":1,"Resources":[{"id":"1","#, "is incomplete"),
            (r#"{"totalResults":1,"Resources":"siti"}"#, "not JSON"),
        ] {
            let error = decode(body.as_bytes()).expect_err(body);
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("siti"), "{error}");
        }
    }
}
