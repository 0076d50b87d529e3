//! Groups many rows by what they have in common; the first of each group are shown, the others counted.
//! The only module that limits how much is shown; JSON always has everything. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::domain::policy::diff::PolicyLine;
use crate::language::Value;
use crate::printer::text;

/// Up to this many rows everything is shown: two or three screens, which a person still reads
/// completely.
pub(super) const SMALL: usize = 60;
/// The most rows of things that are left alone or wait.
pub(super) const NAMED: usize = 20;
/// The most different remarks of a group; there are rarely more than two.
pub(super) const REMARKS: usize = 3;

/// The limits for one kind of row.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowLimit {
    /// The most groups.
    groups: usize,
    /// The most rows of all groups together; and the most single rows.
    rows: usize,
    /// The rows that each group has at least.
    least: usize,
}

/// On a screen or in a CI log, two screens; terminations are never limited.
pub(super) const SCREEN: RowLimit = RowLimit::new(12, 30, 2);
/// In a comment: fits several times with addresses of usual length; `markdown` enforces the limit of the
/// comment itself.
pub(super) const COMMENT: RowLimit = RowLimit::new(20, 60, 2);
/// In the file with the full output.
pub(super) const EVERYTHING: RowLimit = RowLimit::new(usize::MAX, usize::MAX, 1);
/// Requests whose changes all succeeded; each has one line with their number.
pub(super) const TOTALS: RowLimit = RowLimit::new(20, 10, 1);
/// The most problems of files that are shown, six or seven lines each; but at least one of each kind.
pub(super) const PROBLEMS: usize = 20;
/// The most timelines of mailboxes, about ten lines each.
pub(super) const MOST_TIMELINES: usize = 20;

impl RowLimit {
    const fn new(groups: usize, rows: usize, least: usize) -> Self {
        Self { groups, rows, least }
    }
}

/// Rows that have something in common.
#[derive(Debug)]
pub(super) struct Group<K, T> {
    /// What they have in common.
    pub(super) key: K,
    /// How many there are.
    pub(super) count: usize,
    /// Whether it comes before larger groups, because it contains something rare.
    pub(super) is_rare: bool,
    /// All rows, or the first ones.
    pub(super) items: Vec<T>,
}

impl<K, T> Group<K, T> {
    /// The number of rows that are not shown.
    pub(super) fn hidden_count(&self) -> usize {
        self.count - self.items.len()
    }
}

/// What is shown.
#[derive(Debug)]
pub(super) struct ShownGroups<K, T> {
    /// Groups of several rows, rare ones first, then the largest.
    pub(super) groups: Vec<Group<K, T>>,
    /// The number of groups that are not shown, and of their rows.
    pub(super) more_groups: (usize, usize),
    /// Rows that have nothing in common with others.
    pub(super) singles: Vec<T>,
    /// The number of such rows that are not shown.
    pub(super) more_singles: usize,
}

/// Groups rows by their key; rows keep their order, and groups are sorted by key.
pub(super) fn group_by<K: Ord, T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Vec<Group<K, T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for item in items {
        groups.entry(key(&item)).or_default().push(item);
    }
    let group =
        |(key, items): (K, Vec<T>)| Group { key, count: items.len(), is_rare: false, items };
    groups.into_iter().map(group).collect()
}

/// Groups rows and keeps the first ones within the limit.
pub(super) fn group_within_limit<K: Ord, T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
    limit: RowLimit,
) -> ShownGroups<K, T> {
    let (groups, singles) = split_singles(group_by(items, key));
    cut_to_limit(groups, singles, limit)
}

/// Splits groups into those of several rows and single rows.
pub(super) fn split_singles<K, T>(groups: Vec<Group<K, T>>) -> (Vec<Group<K, T>>, Vec<T>) {
    let (groups, singles): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.count > 1);
    let singles = singles.into_iter().flat_map(|group| group.items);
    (groups, singles.collect())
}

/// Keeps the first groups and rows within the limit.
pub(super) fn cut_to_limit<K, T>(
    mut groups: Vec<Group<K, T>>,
    mut singles: Vec<T>,
    limit: RowLimit,
) -> ShownGroups<K, T> {
    let more_singles = singles.len().saturating_sub(limit.rows);
    singles.truncate(limit.rows);
    // Rare groups must be visible; then the largest, so that as few rows as possible are hidden.
    groups.sort_by_key(|group| Reverse((group.is_rare, group.count)));
    let others = groups.split_off(groups.len().min(limit.groups));
    let each = limit.least.max(limit.rows / groups.len().max(1));
    for group in &mut groups {
        group.items.truncate(each);
    }
    ShownGroups {
        groups,
        more_groups: (others.len(), others.iter().map(|group| group.count).sum()),
        singles,
        more_singles,
    }
}

/// The frequency of each key, the most frequent first.
pub(super) fn count_by_key<K: Ord>(keys: impl IntoIterator<Item = K>) -> Vec<(K, usize)> {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    let mut counted: Vec<(K, usize)> = counts.into_iter().collect();
    counted.sort_by_key(|(_, count)| Reverse(*count));
    counted
}

/// Sorts rows so that rare ones come first and are not left out. Also returns their remarks with the
/// number of rows, the most frequent first.
pub(super) fn sort_rare_first<K: Ord, T>(
    mut items: Vec<T>,
    remark: impl Fn(&T) -> K,
) -> (Vec<T>, Vec<(K, usize)>) {
    let counted = count_by_key(items.iter().map(&remark));
    let counts: BTreeMap<&K, usize> = counted.iter().map(|(key, count)| (key, *count)).collect();
    // Stable: equally rare rows keep their order.
    items.sort_by_cached_key(|item| counts.get(&remark(item)).copied());
    (items, counted)
}

/// The first items, and the number of the others.
pub(super) fn split_first<T>(items: &[T], most: usize) -> (&[T], usize) {
    let (shown, others) = items.split_at(items.len().min(most));
    (shown, others.len())
}

/// The first lines about a policy, and the number of the others; those about terminations are all kept.
pub(super) fn split_policy_lines(lines: &[PolicyLine], most: usize) -> (&[PolicyLine], usize) {
    let last = lines.iter().rposition(PolicyLine::is_termination);
    let ends = last.map_or(0, |last| last + 1);
    split_first(lines, ends.max(most))
}

/// The text in place of rows that are left out.
pub(super) fn and_more_text(what: impl Into<Value>) -> String {
    text!("plan-and-more", what = what.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RowLimit = RowLimit::new(2, 6, 2);

    fn sizes(sizes: &[usize]) -> ShownGroups<usize, usize> {
        let items =
            sizes.iter().enumerate().flat_map(|(key, size)| std::iter::repeat_n(key, *size));
        group_within_limit(items, |key| *key, ROOM)
    }

    #[test]
    fn everything_is_shown_or_counted() {
        for given in
            [&[][..], &[1], &[7], &[6], &[1; 6], &[1; 7], &[3, 3], &[4, 4], &[2, 9, 1, 5, 1]]
        {
            let shown = sizes(given);
            let groups: usize = shown.groups.iter().map(|group| group.count).sum();
            let all = groups + shown.more_groups.1 + shown.singles.len() + shown.more_singles;
            assert_eq!(all, given.iter().sum::<usize>(), "{given:?}");
            assert!(shown.groups.iter().all(|group| !group.items.is_empty()));
        }
    }

    #[test]
    fn shows_the_largest_groups() {
        let shown = sizes(&[3, 9, 5, 2]);
        let of = |group: &Group<usize, usize>| (group.key, group.items.len(), group.hidden_count());
        let groups: Vec<_> = shown.groups.iter().map(of).collect();
        assert_eq!(groups, [(1, 3, 6), (2, 3, 2)]);
        assert_eq!(shown.more_groups, (2, 5));
    }

    #[test]
    fn does_not_cut_an_exact_fit() {
        assert_eq!(sizes(&[6]).groups[0].hidden_count(), 0);
        assert_eq!(sizes(&[7]).groups[0].hidden_count(), 1);
        assert_eq!(sizes(&[1; 6]).more_singles, 0);
        assert_eq!(sizes(&[1; 7]).more_singles, 1);
    }

    #[test]
    fn puts_rare_rows_first() {
        let (order, counts) =
            sort_rare_first(vec!["a", "b", "odd", "c"], |word| word.len().to_string());
        assert_eq!(order, ["odd", "a", "b", "c"]);
        assert_eq!(counts, [("1".to_owned(), 3), ("3".to_owned(), 1)]);
    }
}
