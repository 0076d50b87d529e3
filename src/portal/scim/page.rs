//! One ListResponse as bytes to mailboxes (RFC 7644 section 3.4.2, RFC 9865 section 2). Pure: knows
//! neither HTTP nor the page before.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::lenient::{Fill, Lenient, Object, Scalar, is, skip};
use super::matcher::Matcher;
use super::user::{Lacks, Mark, Read, User, json_trouble, mark};
use super::vouched::Vouched;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{ObservedMailbox, Sieve};

/// A page of mailboxes.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// How many the portal says there are in all.
    pub(super) total: Option<usize>,
    /// Every user of the page, in its order.
    pub(super) marks: Vec<Mark>,
    /// Of these the mailboxes that the sieve keeps.
    pub(super) mailboxes: Vec<ObservedMailbox>,
    /// How many of them have an address.
    pub(super) with_address: usize,
    /// Whether the first of them has one.
    pub(super) first_has_address: bool,
    /// Where the next page is, with cursor paging.
    pub(super) next_cursor: Option<String>,
    /// Of what they say something; of the state only one that has an address.
    pub(super) shown: Vouched,
    /// Addresses of users that have several, of which none is the one.
    pub(super) claimed: Vec<Mailbox>,
    /// How many dates in it nobody can read.
    pub(super) unreadable_dates: usize,
}

/// Reads a page. The error says what is wrong and repeats nothing of the answer.
pub(super) fn decode(body: &[u8], matcher: &Matcher, sieve: &Sieve) -> Result<Page, String> {
    let json = &mut serde_json::Deserializer::from_slice(body);
    let answer = Fill(Answer {
        in_turn: InTurn { matcher, sieve },
        total: Scalar::Absent,
        next_cursor: Scalar::Absent,
        resources: None,
    });
    let answer = answer.deserialize(&mut *json);
    let Lenient(answer) = answer
        .and_then(|answer| json.end().map(|()| answer))
        .map_err(|error| json_trouble(&error))?;
    let answer = answer.ok_or("it is no SCIM list")?;
    let Some(resources) = answer.resources else {
        // RFC 7644 section 3.4.2: `Resources` may be absent where there are none.
        return match answer.total.count() {
            Some(total) => Ok(Page {
                total: Some(total),
                ..Page::default()
            }),
            None => Err("it has neither totalResults nor Resources, so it is no SCIM list".into()),
        };
    };
    if let Some((index, Lacks(what))) = resources.lacking {
        return Err(format!("mailbox {} of the page has no {what}", index + 1));
    }
    let mut page = resources.page;
    page.total = answer.total.count();
    page.next_cursor = answer.next_cursor.text().map(str::to_owned);
    Ok(page)
}

struct Answer<'m, 'a> {
    in_turn: InTurn<'m>,
    total: Scalar<'a>,
    next_cursor: Scalar<'a>,
    resources: Option<Resources>,
}

impl<'de> Object<'de> for Answer<'_, 'de> {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if is(name, "Resources") {
            self.resources = map.next_value_seed(self.in_turn)?;
        } else if is(name, "totalResults") {
            self.total = map.next_value()?;
        } else if is(name, "nextCursor") {
            self.next_cursor = map.next_value()?;
        } else {
            skip(map)?;
        }
        Ok(())
    }
}

/// The users, turned into mailboxes one by one, so that no page is held twice.
#[derive(Default)]
struct Resources {
    page: Page,
    lacking: Option<(usize, Lacks)>,
}

#[derive(Clone, Copy)]
struct InTurn<'m> {
    matcher: &'m Matcher,
    sieve: &'m Sieve,
}

impl<'de> DeserializeSeed<'de> for InTurn<'_> {
    type Value = Option<Resources>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for InTurn<'_> {
    type Value = Option<Resources>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of users")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut resources = Resources::default();
        let mut index = 0;
        while let Some(Lenient(user)) = seq.next_element_seed(Fill(User::new(self.matcher)))? {
            let read = |user: User<'_, '_>| user.read(self.sieve);
            match user.ok_or(Lacks("id")).and_then(read) {
                Ok(read) => resources.page.add(read),
                Err(lacks) => {
                    resources.lacking = Some((index, lacks));
                    while seq.next_element::<IgnoredAny>()?.is_some() {}
                    break;
                }
            }
            index += 1;
        }
        Ok(Some(resources))
    }
}

impl Page {
    /// Forgets the first user, which the page before ended with.
    pub(super) fn forget_first(&mut self) {
        let first = self.marks.remove(0);
        let is_kept = |it: &ObservedMailbox| mark(&it.id) == first;
        if self.mailboxes.first().is_some_and(is_kept) {
            self.mailboxes.remove(0);
        }
        self.with_address -= usize::from(self.first_has_address);
    }

    fn add(&mut self, read: Read) {
        self.first_has_address |= self.marks.is_empty() && read.has_address;
        self.with_address += usize::from(read.has_address);
        self.shown = self.shown.or(Vouched {
            state: read.has_address && read.said.shown.state,
            ..read.said.shown
        });
        self.claimed.extend(read.said.claimed);
        self.unreadable_dates += read.said.unreadable_dates;
        self.marks.push(read.mark);
        self.mailboxes.extend(read.mailbox);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::scim::Mapping;

    fn decode(body: &[u8]) -> Result<Page, String> {
        super::decode(body, &Matcher::new(&Mapping::default()), &Sieve::EVERYTHING)
    }

    #[test]
    fn an_empty_list_may_leave_resources_out() {
        let page = decode(br#"{"totalResults":0}"#).expect("a page");
        assert_eq!((page.total, page.mailboxes.len()), (Some(0), 0));
    }

    #[test]
    fn names_in_any_case_and_numbers_as_strings() {
        let page = decode(
            br#"{"TOTALRESULTS":"1","resources":[{"id":"1","username":"a@x.example"}],"nextcursor":"c"}"#,
        )
        .expect("a page");
        assert_eq!((page.total, page.mailboxes.len()), (Some(1), 1));
        assert_eq!(page.next_cursor.as_deref(), Some("c"));
    }

    #[test]
    fn what_is_no_list_is_refused_without_repeating_it() {
        for (body, says) in [
            (r#"{"hello":"siti"}"#, "neither totalResults"),
            (r#"[]"#, "no SCIM list"),
            (
                r#"{"totalResults":1,"Resources":[{"userName":"siti"}]}"#,
                "mailbox 1 of the page has no id",
            ),
            (
                r#"{"totalResults":1,"Resources":["siti"]}"#,
                "mailbox 1 of the page has no id",
            ),
            (
                r#"{"totalResults":1,"Resources":[{"id":"1","#,
                "ends in the middle",
            ),
            (r#"{"totalResults":1,"Resources":"siti"}"#, "not JSON"),
        ] {
            let error = decode(body.as_bytes()).expect_err(body);
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("siti"), "{error}");
        }
    }
}
