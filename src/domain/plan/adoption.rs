//! Which archives that no request names can be asked for after the fact, and how they fall into
//! files that an administrator can judge. Pure.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::diff::is_unmanaged;
use crate::domain::archive::{Account, State};
use crate::domain::calendar::local_day;
use crate::domain::desired::Desired;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::domain::policy::{Language, Policy};
use crate::text::excerpt;

/// The most characters of the portal's own word for a request that are repeated.
const MOST_OF_A_WORD: usize = 80;

/// A year and its month.
pub type Month = (i16, i8);

/// So many archives of some months in a row are still one file; most portals have changed a few in
/// every month of many years.
const FEW: usize = 25;

/// What archives have in common, so that they are judged together. The order is that of the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The portal names a request, of an older system, that several of them share.
    Request(String),
    /// They were changed last in this month, of the agency's calendar, or from one month to another.
    Month(Month, Month),
    /// Nothing is known of when they were made.
    Undated,
    /// Their accounts are not in use, so that somebody should ask whether they are to stay.
    Inactive,
    /// An approver's own, which another approver has to approve.
    Approver(Mailbox),
}

impl Group {
    /// Its word in outputs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Month(..) => "month",
            Self::Undated => "undated",
            Self::Inactive => "inactive",
            Self::Approver(_) => "approver",
        }
    }

    /// Which of its kind it is, where there are several.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Request(word) => Some(excerpt(word, MOST_OF_A_WORD)),
            Self::Month(first, last) if first == last => Some(written(*first)),
            Self::Month(first, last) => Some(format!("{}/{}", written(*first), written(*last))),
            Self::Approver(mailbox) => Some(mailbox.to_string()),
            Self::Undated | Self::Inactive => None,
        }
    }

    /// Why the request is made, as its file and the register say it.
    pub fn reason(&self, language: Language) -> String {
        let texts = language.texts();
        let why = texts.word("import", "reason");
        let which = texts.word("import", self.as_str());
        let value = self.value().unwrap_or_default();
        format!("{why} {}", which.replace("{value}", &value))
    }
}

/// A month as ISO 8601 writes it; two with a `/` between are the time from one to the other.
fn written((year, month): Month) -> String {
    format!("{year:04}-{month:02}")
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value().unwrap_or_default();
        match self {
            Self::Request(_) => write!(f, "request {value} in the portal"),
            Self::Month(..) => write!(f, "changed last in {value}"),
            Self::Undated => f.write_str("the portal does not say since when"),
            Self::Inactive => f.write_str("the account is not in use"),
            Self::Approver(_) => f.write_str("an approver's own"),
        }
    }
}

/// The archives of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// What they have in common.
    pub group: Group,
    /// Sorted.
    pub mailboxes: Vec<Mailbox>,
}

/// Why an archive is not asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The portal is removing it, or reports a state that arkib does not know.
    State(State),
    /// More than one account carries the address.
    Ambiguous,
    /// The name is no address that a request can hold.
    NotAnAddress,
    /// It was named, and the portal has no such account.
    NoAccount,
    /// It was named, and has no archive.
    NoArchive(State),
    /// It was named, and a request names it already.
    Named,
}

impl Why {
    /// Its stable name in outputs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::State(State::Terminating) => "terminating",
            Self::State(_) => "unknown-state",
            Self::Ambiguous => "ambiguous",
            Self::NotAnAddress => "not-an-address",
            Self::NoAccount => "no-account",
            Self::NoArchive(_) => "no-archive",
            Self::Named => "named",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(State::Terminating) => f.write_str("the portal is terminating its archive"),
            Self::State(state) => write!(
                f,
                "the portal reports a state that arkib does not know: {}",
                excerpt(state.as_str(), MOST_OF_A_WORD)
            ),
            Self::Ambiguous => f.write_str("more than one account in the portal has this address"),
            Self::NotAnAddress => f.write_str("no request can hold such an address"),
            Self::NoAccount => f.write_str("the portal has no such account"),
            Self::NoArchive(state) => write!(f, "it has no archive: {state}"),
            Self::Named => f.write_str("a request names it already"),
        }
    }
}

/// What becomes of the archives that no request names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adoption {
    /// By group, then by mailbox.
    pub lots: Vec<Lot>,
    /// Those that are left as they are, by mailbox.
    pub left: Vec<(Mailbox, Why)>,
}

/// Sorts the agency's archives that no request names into lots of at most so many. `only` are the
/// mailboxes that were named, of which each is accounted for; none where all are meant.
pub fn adopt(
    observed: &Observed,
    desired: &Desired,
    policy: &Policy,
    only: &[Mailbox],
    most: usize,
) -> Adoption {
    let mut adoption = Adoption {
        lots: Vec::new(),
        left: left_of(only, observed, desired, policy),
    };
    let mut taken: Vec<&ObservedMailbox> = Vec::new();
    let is_meant = |it: &Mailbox| only.is_empty() || only.contains(it);
    for seen in observed.mailboxes() {
        if !is_unmanaged(seen, desired, policy) || !is_meant(&seen.mailbox) {
            continue;
        }
        match why_not(seen, observed) {
            Some(why) => adoption.left.push((seen.mailbox.clone(), why)),
            None => taken.push(seen),
        }
    }
    adoption.left.sort_by(|a, b| a.0.cmp(&b.0));
    adoption.lots = lots(&taken, policy, most);
    adoption
}

fn why_not(seen: &ObservedMailbox, observed: &Observed) -> Option<Why> {
    if observed.is_ambiguous(&seen.mailbox) {
        return Some(Why::Ambiguous);
    }
    if Mailbox::parse(seen.mailbox.as_str()).is_err() {
        return Some(Why::NotAnAddress);
    }
    let is_there = matches!(seen.state, State::Enabled | State::Enabling);
    (!is_there).then(|| Why::State(seen.state.clone()))
}

/// Of the mailboxes that were named, those that are no such archives.
fn left_of(
    only: &[Mailbox],
    observed: &Observed,
    desired: &Desired,
    policy: &Policy,
) -> Vec<(Mailbox, Why)> {
    let own = only.iter().filter(|it| policy.owns(it));
    let mut left: Vec<(Mailbox, Why)> = own
        .filter_map(|mailbox| {
            let why = match observed.get(mailbox) {
                _ if desired.named.binary_search(mailbox).is_ok() => Why::Named,
                None => Why::NoAccount,
                Some(seen) if !is_unmanaged(seen, desired, policy) => {
                    Why::NoArchive(seen.state.clone())
                }
                Some(_) => return None,
            };
            Some((mailbox.clone(), why))
        })
        .collect();
    left.sort_by(|a, b| a.0.cmp(&b.0));
    left.dedup();
    left
}

fn lots(taken: &[&ObservedMailbox], policy: &Policy, most: usize) -> Vec<Lot> {
    let mut shared: HashMap<&str, usize> = HashMap::new();
    for word in taken.iter().filter_map(|seen| word_of(seen)) {
        *shared.entry(word).or_default() += 1;
    }
    let mut groups: BTreeMap<Group, Vec<Mailbox>> = BTreeMap::new();
    for seen in taken {
        let group = group(seen, policy, &shared);
        groups.entry(group).or_default().push(seen.mailbox.clone());
    }
    together(groups, most.min(FEW))
        .into_iter()
        .flat_map(|(group, mailboxes)| {
            let lot = |part: &[Mailbox]| Lot {
                group: group.clone(),
                mailboxes: part.to_vec(),
            };
            mailboxes.chunks(most.max(1)).map(lot).collect::<Vec<_>>()
        })
        .collect()
}

/// The same groups in order, with months in a row put together where they are few.
fn together(groups: BTreeMap<Group, Vec<Mailbox>>, few: usize) -> Vec<(Group, Vec<Mailbox>)> {
    let mut all: Vec<(Group, Vec<Mailbox>)> = Vec::new();
    for (group, mut mailboxes) in groups {
        if let (Group::Month(_, month), Some((Group::Month(_, last), before))) =
            (&group, all.last_mut())
            && before.len() + mailboxes.len() <= few
        {
            *last = *month;
            before.append(&mut mailboxes);
            before.sort_unstable();
        } else {
            all.push((group, mailboxes));
        }
    }
    all
}

/// The portal's own word for the request that an archive rests on.
fn word_of(seen: &ObservedMailbox) -> Option<&str> {
    let word = seen.request.as_deref().map(str::trim);
    word.filter(|word| !word.is_empty())
}

fn group(seen: &ObservedMailbox, policy: &Policy, shared: &HashMap<&str, usize>) -> Group {
    if policy.approvers.contains(&seen.mailbox) {
        return Group::Approver(seen.mailbox.clone());
    }
    if seen.account != Account::Active {
        return Group::Inactive;
    }
    // A request of one mailbox would make a file of one, and a portal may know thousands of them.
    if let Some(word) = word_of(seen).filter(|word| shared.get(word).is_some_and(|it| *it > 1)) {
        return Group::Request(word.to_owned());
    }
    match seen.changed_at.map(local_day) {
        Some(day) => {
            let month = (day.year(), day.month());
            Group::Month(month, month)
        }
        None => Group::Undated,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::approval::Doubts;
    use crate::domain::desired::fold;
    use crate::domain::observed::entry;
    use crate::domain::request::sample;

    fn seen(name: &str, request: Option<&str>, changed: Option<&str>) -> ObservedMailbox {
        ObservedMailbox {
            request: request.map(Into::into),
            changed_at: changed.map(|it| it.parse().expect("a moment")),
            ..entry(&format!("{name}@agensi.example"), name, State::Enabled)
        }
    }

    /// The lots of what was seen, and what is left, as short lines.
    fn told(read: Vec<ObservedMailbox>, only: &[&str], most: usize) -> (Vec<String>, Vec<String>) {
        let policy = sample::policy("A", "");
        let named = sample::request(
            "R-1",
            "date: 2026-01-02, channel: memo, reference: R",
            "action: enable\nmailboxes: [named@agensi.example]",
        );
        let desired = fold(&[named], date(2026, 11, 23), &Doubts::new());
        let only: Vec<Mailbox> = only
            .iter()
            .map(|it| Mailbox::from_portal(&format!("{it}@agensi.example")))
            .collect();
        let found = adopt(&Observed::new(read, true), &desired, &policy, &only, most);
        let short = |it: &Mailbox| it.as_str().replace("@agensi.example", "");
        let lots = found.lots.iter().map(|lot| {
            let names: Vec<String> = lot.mailboxes.iter().map(short).collect();
            format!("{}: {}", lot.group, names.join(" "))
        });
        let left = found.left.iter();
        let left = left.map(|(it, why)| format!("{} {}", short(it), why.code()));
        (lots.collect(), left.collect())
    }

    #[test]
    fn archives_are_grouped_by_request_then_by_month() {
        let read = vec![
            seen("d", None, None),
            seen("c", Some(" OLD-7 "), Some("2025-03-31T16:00:00Z")),
            seen("a", Some("OLD-7"), None),
            seen("e", Some("OLD-8"), Some("2025-03-31T15:59:59Z")),
            seen("b", Some(" "), Some("2025-03-31T16:00:00Z")),
            seen("uc", Some("OLD-7"), None),
            ObservedMailbox {
                account: Account::Disabled,
                ..seen("f", Some("OLD-7"), None)
            },
            seen("named", None, None),
        ];
        let (lots, left) = told(read, &[], 200);
        assert_eq!(
            lots,
            [
                "request OLD-7 in the portal: a c",
                // One that is alone goes by its month, of the agency's calendar; a few go together.
                "changed last in 2025-03/2025-04: b e",
                "the portal does not say since when: d",
                "the account is not in use: f",
                "an approver's own: uc",
            ]
        );
        assert!(left.is_empty(), "{left:?}");
    }

    #[test]
    fn what_cannot_be_asked_for_is_told() {
        let with = |name: &str, state: State| ObservedMailbox {
            state,
            ..seen(name, None, None)
        };
        let mut read = vec![
            with("a", State::Enabling),
            with("b", State::Terminating),
            with("c", State::Unknown("x".into())),
            with("d", State::Disabled),
            with("e", State::Terminated),
            seen("f", None, None),
            seen("g g", None, None),
        ];
        read.push(ObservedMailbox {
            id: "other".into(),
            ..seen("f", None, None)
        });
        let (lots, left) = told(read.clone(), &[], 200);
        assert_eq!(lots, ["the portal does not say since when: a"]);
        let all = [
            "b terminating",
            "c unknown-state",
            "f ambiguous",
            "g g not-an-address",
        ];
        assert_eq!(left, all);
        // Of those that are named each is accounted for.
        let (lots, left) = told(read, &["named", "d", "nobody", "a", "b"], 200);
        assert_eq!(lots, ["the portal does not say since when: a"]);
        let named = [
            "b terminating",
            "d no-archive",
            "named named",
            "nobody no-account",
        ];
        assert_eq!(left, named);
    }

    #[test]
    fn no_lot_is_larger_than_asked_and_order_does_not_matter() {
        let name = |number: usize| format!("m{number:03}");
        let read: Vec<_> = (0..450)
            .map(|it| seen(&name(it * 7 % 450), None, None))
            .collect();
        let (lots, _) = told(read, &[], 200);
        let sizes: Vec<usize> = lots.iter().map(|it| it.matches(" m").count()).collect();
        assert_eq!(sizes, [200, 200, 50]);
        assert!(lots[2].ends_with(" m448 m449"));
    }

    #[test]
    fn months_in_a_row_go_together_while_they_are_few() {
        let read = (0..60).map(|number| {
            let month = match number {
                0..20 => "2024-12",
                20..25 => "2025-01",
                25 => "2025-03",
                _ => "2025-04",
            };
            seen(
                &format!("m{number:02}"),
                None,
                Some(&format!("{month}-05T00:00:00Z")),
            )
        });
        let (lots, _) = told(read.collect(), &[], 200);
        let names: Vec<&str> = lots.iter().filter_map(|it| it.split(':').next()).collect();
        assert_eq!(
            names,
            [
                "changed last in 2024-12/2025-01",
                "changed last in 2025-03",
                "changed last in 2025-04",
            ]
        );
    }

    #[test]
    fn a_reason_says_which_group_whatever_the_portal_calls_it() {
        let hostile = Group::Request(format!("\u{202e}{{value}}\n{}", "x".repeat(5_000)));
        for language in Language::ALL {
            let reason = hostile.reason(language);
            assert!(reason.contains("⟨U+202E⟩{value}␊xx"), "{reason}");
            assert!(reason.chars().count() < 500);
            for group in [
                Group::Month((2025, 4), (2025, 5)),
                Group::Undated,
                Group::Inactive,
                Group::Approver(Mailbox::from_portal("uc@agensi.example")),
            ] {
                assert!(!group.reason(language).contains(['{', '}']), "{group:?}");
            }
        }
    }
}
