//! What holds for any bytes that a portal may answer. `cargo fuzz` runs it on what it invents, the
//! tests on answers of all kinds and on mutations of them; nothing else has it.

use std::collections::HashSet;

use super::compiled_mapping::CompiledMapping;
use super::consistency::ListAccumulator;
use super::http::error_body;
use super::http::error_body::LONGEST_QUOTE;
use super::page::DecodedPage;
use super::user;
use super::{capabilities, page, schemas};
use crate::domain::archive_state::State;
use crate::domain::mapping::scim::{
    AddressAttribute, AttributeName, MAILBOX, MappedAttribute, Mapping, ValueKind,
    boolean_vocabulary,
};
use crate::domain::observed::{MailboxFilter, Observed, ObservedMailbox};
use crate::text::excerpt;

/// The most mailboxes in a list here.
const MOST: usize = 1000;

/// Panics where a promise of the client about answers is broken.
pub fn check_answer_invariants(body: &[u8]) {
    for mapping in [Mapping::default(), unusual_mapping()] {
        let matcher = CompiledMapping::new(&mapping);
        check_one_user(body, &matcher);
        check_list(body, &matcher);
    }
    if let Ok(config) = capabilities::decode(body) {
        let offered = capabilities::parse_capabilities(&config);
        assert_ne!(offered.largest_page, Some(0), "pages of nothing");
        let most = offered.bulk.map_or(1, |bulk| bulk.operations);
        assert_ne!(most, 0, "bulk requests of nothing");
    }
    for schema in schemas::decode(body).into_iter().flat_map(|(_, schemas)| schemas) {
        assert!(!schema.id.is_empty());
        let mut described = schema.attributes.iter();
        assert!(described.all(|attribute| !attribute.name.is_empty()));
    }
    let detail = error_body::parse_error_body(body).detail.unwrap_or_default();
    for words in [detail, String::from_utf8_lossy(body).into_owned()] {
        let shown = excerpt(words.trim(), LONGEST_QUOTE);
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
        // A character that is made visible takes a few.
        assert!(shown.chars().count() <= 10 * LONGEST_QUOTE, "{shown:?}");
    }
}

/// A mapping that is as unlike arkib's own as can be.
fn unusual_mapping() -> Mapping {
    let own = Mapping::default();
    let attribute = |name| AttributeName::parse(name, Some(MAILBOX)).ok();
    Mapping {
        mailbox: AddressAttribute::Emails,
        state: MappedAttribute {
            attribute: AttributeName::core_attribute("active"),
            kind: ValueKind::Boolean,
            words: boolean_vocabulary(State::Enabled, State::Disabled),
        },
        account: None,
        request: attribute("meta.request"),
        changed_at: attribute("meta.changedAt"),
        ..own
    }
}

/// One user alone and the same in a list are the same mailbox; it can be sent back, and is bounded.
fn check_one_user(body: &[u8], matcher: &CompiledMapping) {
    let decoded = match user::decode(body, matcher) {
        Ok(decoded) => decoded,
        Err(why) => return check_error_is_redacted(&why),
    };
    let mailbox = &decoded.mailbox;
    assert!(!mailbox.id.is_empty() && mailbox.id.len() <= 1024);
    let words = [mailbox.request.as_deref(), Some(mailbox.state.as_str())];
    for word in words.into_iter().flatten() {
        assert!(word.chars().count() <= 100, "{word}");
    }
    if let Some(version) = &mailbox.version {
        assert_eq!(user::parse_entity_tag(version).as_ref(), Some(version));
        assert!(!version.contains(['\r', '\n']), "it would end a header");
    }
    let listed = [br#"{"Resources":["#, body, b"]}"].concat();
    // Two levels deeper may be too deep.
    if let Ok(page) = page::decode(&listed, matcher, &MailboxFilter::EVERYTHING) {
        assert_eq!(page.mailboxes, [decoded.mailbox]);
        let counts = decoded.shown.state && !page.mailboxes[0].mailbox.is_empty_name();
        assert_eq!(page.shown.state, counts);
        assert_eq!(page.unreadable_dates, decoded.unreadable_dates);
    }
}

/// Pages, one after the other and as a list: no account twice, and as many as the portal says.
fn check_list(bytes: &[u8], matcher: &CompiledMapping) {
    // No JSON holds this byte.
    let bodies = || {
        bytes
            .split(|byte| *byte == 0xff)
            .map(|body| page::decode(body, matcher, &MailboxFilter::EVERYTHING))
    };
    for why in bodies().filter_map(Result::err) {
        check_error_is_redacted(&why);
    }
    for overlapping in [false, true] {
        let pages: Vec<DecodedPage> = bodies().filter_map(Result::ok).collect();
        let total = pages.first().and_then(|page| page.total);
        let given: usize = pages.iter().map(|page| page.mailboxes.len()).sum();
        let shared = if overlapping { pages.len() } else { 1 };
        let Some(read) = read_pages(pages, overlapping) else {
            continue;
        };
        let ids: HashSet<_> = read.iter().map(|mailbox| &mailbox.id).collect();
        assert_eq!(ids.len(), read.len(), "an account twice, unnoticed");
        assert!(total.is_none_or(|total| total == read.len()));
        assert!(read.len() <= MOST);
        assert!(read.len() <= given && given < read.len() + shared, "one slipped through");
        let observed = Observed::new(read, true);
        let names = observed.mailboxes();
        assert!(names.is_sorted_by(|a, b| a.mailbox < b.mailbox));
    }
}

fn read_pages(pages: Vec<DecodedPage>, overlapping: bool) -> Option<Vec<ObservedMailbox>> {
    let mut pages = pages.into_iter();
    let mut reading = ListAccumulator::start_with_page(pages.next()?, MOST).ok()?;
    for page in pages {
        if overlapping {
            reading.add_overlapping_page(page).ok()?;
        } else {
            reading.add_page(page).ok()?;
        }
    }
    reading.finish().ok().map(|whole| whole.mailboxes)
}

/// What is said of an answer repeats nothing of it.
fn check_error_is_redacted(why: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || " (),'.;".contains(c);
    assert!(why.len() < 100 && why.chars().all(plain), "{why}");
}
