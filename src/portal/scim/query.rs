//! The queries of list requests, percent-encoded (RFC 7644 section 3.4.2). Pure.

use crate::domain::mailbox_address::Mailbox;
use crate::text::percent_encode;

/// Which page. One of 0 mailboxes is of whatever size the portal gives.
#[derive(Debug, Clone, Copy)]
pub(super) enum PagePosition<'a> {
    /// From this mailbox on, the first being 1.
    Index { start: usize, count: usize },
    /// RFC 9865; the empty cursor is the first page.
    Cursor { cursor: &'a str, count: usize },
}

impl PagePosition<'_> {
    /// The same page, of no more than so many mailboxes.
    pub(super) fn with_max_count(mut self, most: usize) -> Self {
        let (Self::Index { count, .. } | Self::Cursor { count, .. }) = &mut self;
        *count = most.min(*count);
        self
    }
}

/// The query of one page.
pub(super) fn list_query(
    filter: Option<&str>,
    position: PagePosition<'_>,
    attributes: Option<&str>,
) -> String {
    let filter = filter.map(|filter| format!("filter={}", percent_encode(filter)));
    let (begin, count) = match position {
        PagePosition::Index { start, count } => (format!("startIndex={start}"), count),
        PagePosition::Cursor { cursor, count } => {
            (format!("cursor={}", percent_encode(cursor)), count)
        }
    };
    let count = (count > 0).then(|| format!("count={count}"));
    // Commas and colons may stand in a query as they are (RFC 3986 section 3.4), and a mapping has no
    // name that holds anything else.
    let attributes = attributes.map(|names| format!("attributes={names}"));
    let parts: Vec<String> =
        [filter, Some(begin), count, attributes].into_iter().flatten().collect();
    parts.join("&")
}

/// The filter for these mailboxes: `userName eq "…" or …` (RFC 7644 section 3.4.2.2), with the
/// attribute that holds addresses.
pub(super) fn address_filter(address: &str, mailboxes: &[Mailbox]) -> String {
    let terms: Vec<String> =
        mailboxes.iter().map(|mailbox| filter_term(address, mailbox)).collect();
    terms.join(" or ")
}

fn filter_term(address: &str, mailbox: &Mailbox) -> String {
    // A JSON string: what a filter compares with is written as in JSON.
    format!("{address} eq {}", serde_json::Value::from(mailbox.as_str()))
}

/// Cuts mailboxes into runs whose filter, percent-encoded, stays within `most` bytes.
pub(super) fn split_into_batches<'a>(
    address: &str,
    mailboxes: &'a [Mailbox],
    most: usize,
) -> Vec<&'a [Mailbox]> {
    let mut batches = Vec::new();
    let (mut begin, mut length) = (0, 0);
    for (index, mailbox) in mailboxes.iter().enumerate() {
        let more = percent_encode(&filter_term(address, mailbox)).len() + " or ".len() * 3;
        if index > begin && length + more > most {
            batches.push(&mailboxes[begin..index]);
            (begin, length) = (index, 0);
        }
        length += more;
    }
    if begin < mailboxes.len() {
        batches.push(&mailboxes[begin..]);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_compared_values() {
        let tricky =
            [Mailbox::from_portal("a\"b\\c@x.example"), Mailbox::from_portal("d@x.example")];
        assert_eq!(
            address_filter("userName", &tricky),
            r#"userName eq "a\"b\\c@x.example" or userName eq "d@x.example""#
        );
        assert_eq!(percent_encode("a\" é+&"), "a%22%20%C3%A9%2B%26");
    }

    #[test]
    fn batches_keep_order_and_length() {
        let mailboxes: Vec<_> = (0..300)
            .map(|n| Mailbox::from_portal(&format!("siti.aminah.{n}@agensi.example")))
            .collect();
        let batches = split_into_batches("userName", &mailboxes, 3000);
        assert_eq!(batches.concat(), mailboxes);
        assert!(batches.len() > 3);
        assert!(
            batches
                .iter()
                .all(|batch| percent_encode(&address_filter("userName", batch)).len() <= 3000)
        );
        assert_eq!(super::split_into_batches("userName", &mailboxes[..3], 3000).len(), 1);
        assert!(super::split_into_batches("userName", &[], 3000).is_empty());
        assert_eq!(super::split_into_batches("userName", &mailboxes[..2], 1).len(), 2);
    }
}
