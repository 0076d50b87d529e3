//! What is counted while the whole list of users is read for `arkib portal inspect`: what users have,
//! and what arkib would read of them by each mapping. Pure: knows neither HTTP nor pages to come.

use super::attribute_profile::{AttributeCounts, ValueProfile, attribute_key};
use super::compiled_mapping::CompiledMapping;
use super::confirmed_attributes;
use super::confirmed_attributes::{ConfirmedAttributes, USED_ANYWAY};
use super::mapping_fit::{MappingFit, check_fit};
use super::schemas::PortalSchemas;
use super::{page, user};
use crate::domain::archive_state::{State, Target};
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::vocabulary::fold_case;
use crate::domain::mapping::written_words::{WrittenWord, written_words};
use crate::domain::observed::MailboxFilter;
use crate::domain::portal_inspection::{MappingTrialResult, format_user_count, quote_word};
use crate::text::plural;

/// Said where a user by itself says less than in the list: arkib reads it so before it changes it.
const LESS_ALONE: &str = "state: the portal shows this user's archive in the list, but not when the user is read individually, so the archive would seem to be missing; ask the portal's operator";

/// Said where no user in the list says what one does by itself.
const LESS_LISTED: &str = "state: the portal shows this user's archive when the user is read individually, but nobody's in the list, so every archive would seem to be missing; ask the portal's operator";

/// Said where the list was read without it: users are read with all that they have by themselves.
const ON_REQUEST: &str = "the portal returns an attribute of the mapping only on request; arkib asks for it when it reads mailboxes, but its values are not counted here";

/// Everything that is counted. It starts again when the list does.
#[derive(Debug, Default)]
pub(super) struct InspectCounts {
    pub(super) attribute_profile: AttributeCounts,
    pub(super) trials: Vec<MappingTrial>,
}

/// A mapping, tried on users.
#[derive(Debug)]
pub(super) struct MappingTrial {
    matcher: CompiledMapping,
    fit: MappingFit,
    shown: ConfirmedAttributes,
    tried: MappingTrialResult,
    /// How many addresses belong to users that have several, of which none is the one.
    ambiguous: usize,
}

impl InspectCounts {
    /// Of users, to be read by these mappings.
    pub(super) fn new(mappings: &[Mapping], offered: &PortalSchemas) -> Self {
        let trial = |mapping| MappingTrial {
            matcher: CompiledMapping::new(mapping),
            fit: check_fit(mapping, offered),
            shown: ConfirmedAttributes::default(),
            tried: MappingTrialResult::default(),
            ambiguous: 0,
        };
        Self {
            attribute_profile: AttributeCounts::default(),
            trials: mappings.iter().map(trial).collect(),
        }
    }

    /// Forgets what was counted.
    pub(super) fn restart(&mut self) {
        self.attribute_profile = AttributeCounts::default();
        for trial in &mut self.trials {
            (trial.shown, trial.tried, trial.ambiguous) = Default::default();
        }
    }

    /// Counts the users of a page.
    pub(super) fn count_page(&mut self, body: &[u8]) {
        self.attribute_profile.count_page(body);
        for trial in &mut self.trials {
            trial.count_page(body);
        }
    }
}

impl MappingTrial {
    fn count_page(&mut self, body: &[u8]) {
        let tried = &mut self.tried;
        let page = match page::decode(body, &self.matcher, &MailboxFilter::EVERYTHING) {
            Ok(page) => page,
            Err(why) if tried.problems.is_empty() => {
                return tried.problems.push(format!("users: {why}"));
            }
            Err(_) => return,
        };
        self.shown = self.shown.or(page.shown);
        self.ambiguous += page.claimed.len();
        for user in page.mailboxes {
            if user.mailbox.is_empty_name() {
                tried.without_address += 1;
                continue;
            }
            let state = match &user.state {
                State::Unknown(_) => "unknown",
                known => known.as_str(),
            };
            *tried.states.entry(state.to_owned()).or_default() += 1;
        }
    }

    /// What it makes of all users, with one as it stands in the list and as it is by itself.
    pub(super) fn finish_check(
        self,
        attribute_profile: &AttributeCounts,
        one: Option<(&[u8], &[u8])>,
    ) -> MappingTrialResult {
        let (mapping, mut tried) = (&self.matcher.mapping, self.tried);
        let mailboxes: usize = tried.states.values().sum();
        let confirmed = self.fit.confirmed.or(self.shown);
        let shown = if mailboxes > 0 { confirmed } else { ConfirmedAttributes::default() };
        let unlisted = &self.fit.unlisted;
        let open = confirmed_attributes::unconfirmed_problems(unlisted, shown);
        let is_disproved = |problem: &String| {
            !open.contains(problem) && unlisted.iter().any(|(_, known)| known == problem)
        };
        let (disproved, problems): (Vec<_>, Vec<_>) =
            self.fit.problems.into_iter().partition(is_disproved);
        tried.problems.splice(0..0, problems);
        let used = disproved.iter().map(|problem| format!("{problem}{USED_ANYWAY}"));
        tried.warnings.extend(used);
        if self.fit.on_request {
            tried.warnings.push(ON_REQUEST.to_owned());
        }
        let unknown = confirmed.first_unconfirmed(mapping);
        if let (true, Some(unknown)) = (tried.problems.is_empty() && mailboxes > 0, unknown) {
            let error = confirmed_attributes::unconfirmed_error(&unknown, mailboxes);
            tried.problems.push(error.detail.in_english());
        }
        let says_state =
            |user| user::decode(user, &self.matcher).is_ok_and(|user| user.shown.state);
        if one.is_some_and(|(listed, alone)| says_state(listed) && !says_state(alone)) {
            tried.problems.push(LESS_ALONE.to_owned());
        }
        if !self.shown.state && one.is_some_and(|(_, alone)| says_state(alone)) {
            tried.problems.push(LESS_LISTED.to_owned());
        }
        if mailboxes == 0 && tried.without_address > 0 {
            tried.problems.push(format!(
                "mailbox: none of {} has an address in `{}`",
                plural(tried.without_address, "user", "users"),
                mapping.mailbox
            ));
        }
        for (key, attribute) in mapping.attributes() {
            let counted = attribute_profile.attributes.get(&attribute_key(attribute));
            let warning =
                counted.and_then(|(_, values)| unknown_values_warning(key, mapping, values));
            tried.warnings.extend(warning);
        }
        let is_unsure = mailboxes == 0 || !tried.problems.is_empty();
        let is_seen = |target| Some(is_unsure || self.shown.has_word(target));
        let words = written_words(mapping, [Target::Enabled, Target::Terminated], is_seen);
        let warnings = words.iter().filter_map(WrittenWord::unseen_warning);
        tried.warnings.extend(warnings.map(|warning| format!("state: {}", warning.in_english())));
        if self.ambiguous > 0 {
            tried.warnings.push(format!(
                "mailbox: {} with several addresses and no primary one; requests for them are blocked",
                plural(self.ambiguous, "address belongs to a user", "addresses belong to users")
            ));
        }
        tried
    }
}

/// What is to be said of values that users have and a mapping does not know.
fn unknown_values_warning(key: &str, mapping: &Mapping, values: &ValueProfile) -> Option<String> {
    let (_, known) = mapping.type_and_words(key)?;
    let is_known = |word: &str| known.iter().any(|(known, _)| fold_case(known) == fold_case(word));
    let observed = values.showable_words();
    let unknown = observed.iter().filter(|(word, _)| !is_known(word));
    let mut unknown: Vec<String> = unknown
        .map(|(word, count)| format!("{} ({})", quote_word(word), format_user_count(*count)))
        .collect();
    let shown: usize = observed.iter().map(|(_, count)| count).sum();
    if values.users > shown {
        let others = format_user_count(values.users - shown);
        unknown.push(format!("values that are not shown ({others})"));
    }
    let then = match key {
        "hold" => "counts as on hold",
        _ => "is left alone",
    };
    let unknown = (!unknown.is_empty()).then(|| unknown.join(", "))?;
    Some(format!("{key}: the mapping has no meaning for {unknown}; such a mailbox {then}"))
}
