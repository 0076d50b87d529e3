//! Whether an export is the agency's own: an administrator of two agencies, or a mailed file, can
//! bring that of another.

use std::collections::HashMap;

use super::error::{foreign_export_error, malformed_error};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::export_file::is_same_name;
use crate::portal::PortalError;
use crate::text::excerpt;

/// The most domains that are counted one by one.
const MOST: usize = 10_000;

/// Counts whose mailboxes an export has, to refuse one of another agency.
#[derive(Default)]
pub(super) struct OwnershipCheck<'a> {
    agency: Option<&'a str>,
    domains: &'a [String],
    own: usize,
    other: usize,
    /// Rows of other agencies, by the column that says so.
    of_others: usize,
    by_domain: HashMap<String, usize>,
}

impl<'a> OwnershipCheck<'a> {
    pub(super) fn new(agency: Option<&'a str>, domains: &'a [String]) -> Self {
        Self { agency, domains, ..Self::default() }
    }

    /// Whether a row is taken; each is counted.
    pub(super) fn accept_row(&mut self, mailbox: &Mailbox, agency: Option<&str>) -> bool {
        if let Some(own) = self.agency
            && !is_same_name(own, agency.unwrap_or_default())
        {
            self.of_others += 1;
            return false;
        }
        let domain = mailbox.domain();
        if self.domains.iter().any(|own| own == domain) {
            self.own += 1;
        } else {
            self.other += 1;
            if let Some(count) = self.by_domain.get_mut(domain) {
                *count += 1;
            } else if self.by_domain.len() < MOST {
                self.by_domain.insert(domain.to_owned(), 1);
            }
        }
        true
    }

    /// How many rows there were, those of others too.
    pub(super) fn row_count(&self) -> usize {
        self.own + self.other + self.of_others
    }

    /// Refuses what is another agency's, or nobody's.
    pub(super) fn check_mostly_own(&self) -> Result<(), PortalError> {
        let rows = self.own + self.other;
        if rows == 0 && self.of_others > 0 {
            return Err(foreign_export_error(
                message!(
                    "export-no-own-row",
                    agency = excerpt(self.agency.unwrap_or_default(), 80),
                    count = self.of_others
                ),
                message!("export-own-agency-help"),
            ));
        }
        if rows == 0 {
            return Err(malformed_error(message!("export-empty"), message!("export-empty-help")));
        }
        if self.agency.is_none() && self.own * 2 < rows {
            let each = self.by_domain.iter();
            let most = each.max_by_key(|(domain, count)| (**count, *domain));
            let own = self.own;
            return Err(foreign_export_error(
                match most {
                    Some((domain, _)) => {
                        message!("export-mostly-of", own, rows, domain = excerpt(domain, 80))
                    }
                    None => message!("export-few-own", own, rows),
                },
                message!("export-own-domains-help"),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_other_agencies_are_counted_and_not_taken() {
        let domains = ["agensi.example".to_owned()];
        let mut check = OwnershipCheck::new(Some("CONTOH"), &domains);
        let taken = [
            ("a@agensi.example", Some("contoh")),
            ("b@agensi.example", Some("LAIN")),
            ("c@lain.example", Some("CONTOH")),
            ("d@agensi.example", None),
        ]
        .map(|(mailbox, agency)| check.accept_row(&Mailbox::from_portal(mailbox), agency));
        assert_eq!(taken, [true, false, true, false]);
        assert_eq!(check.row_count(), 4);
    }
}
