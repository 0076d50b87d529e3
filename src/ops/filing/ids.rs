//! The ids that an agency has in use, and its next one.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::domain::agency::Agency;
use crate::domain::policy;
use crate::domain::request::{RequestId, next_id};
use crate::load::Source;

/// What is in use in an agency.
pub(super) struct UsedIds {
    /// The agency's short name.
    pub agency: String,
    /// The way to its folder from the requests folder, with a slash at its end where there is one.
    pub folder: String,
    /// Its ids, those of files that cannot be read included; and the day of receipt where it is known.
    ids: Vec<(String, Option<Date>)>,
}

impl UsedIds {
    pub(super) fn of(source: &Source, agency: &Agency) -> Self {
        let file = source.path(&agency.policy.file);
        let folder = file.strip_suffix(policy::FILE_NAME).unwrap_or_default();
        let paths = || source.loaded.files.keys();
        let others: Vec<&str> = paths()
            .filter_map(|path| path.strip_suffix(policy::FILE_NAME))
            .filter(|other| other.len() > folder.len() && other.starts_with(folder))
            .collect();
        let is_own = |path: &&String| {
            path.starts_with(folder) && !others.iter().any(|other| path.starts_with(other))
        };
        let names = paths()
            .filter(is_own)
            .filter_map(|path| path.rsplit('/').next());
        let requests = names.filter(|name| *name != policy::FILE_NAME);
        let ids = requests.filter_map(|name| name.strip_suffix(".yaml"));
        let read = agency.requests.iter();
        let days: HashMap<&str, Date> = read
            .map(|request| (request.id.as_str(), request.received.date))
            .collect();
        Self {
            agency: agency.policy.agency.clone(),
            folder: folder.to_owned(),
            ids: ids
                .map(|id| (id.to_owned(), days.get(id).copied()))
                .collect(),
        }
    }

    /// The id after the agency's newest.
    pub(super) fn next(&self, year: i16) -> RequestId {
        next_id::next(&self.ids, &self.agency, year)
    }

    /// Takes an id; false where it is in use.
    pub(super) fn take(&mut self, id: &RequestId, received: Date) -> bool {
        let mut used = self.ids.iter();
        let is_free = !used.any(|(used, _)| used.eq_ignore_ascii_case(id.as_str()));
        self.ids.push((id.to_string(), Some(received)));
        is_free
    }
}
