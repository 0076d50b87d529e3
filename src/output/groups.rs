//! Many rows as few: put together by what they have in common, the first of each shown, the others
//! counted. The one place that knows how much is shown of what is large; JSON always has it all.
//! Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Display;

/// Up to so many rows everything is shown as it is: two or three screens, which a person still
/// reads from end to end.
pub(super) const SMALL: usize = 60;
/// How many rows are named of what is left alone or waits.
pub(super) const NAMED: usize = 20;
/// How many different remarks are told of a group; there are rarely more than two.
pub(super) const REMARKS: usize = 3;

/// How much is shown of one kind of row.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowLimit {
    /// The most groups.
    groups: usize,
    /// The rows that they share; and the most rows that stand alone.
    rows: usize,
    /// A group has so many rows, however many groups share.
    least: usize,
}

/// On a screen or in a CI log: what is dangerous may take five screens, all else about two.
pub(super) const SCREEN: RowLimits = RowLimits {
    terminations: RowLimit::new(20, 60, 3),
    others: RowLimit::new(12, 30, 2),
};
/// In a comment: what an address of usual length fits into it several times over; the bound of
/// the comment itself is kept by `sheet`, whatever the lengths.
pub(super) const COMMENT: RowLimits = RowLimits {
    terminations: RowLimit::new(40, 200, 4),
    others: RowLimit::new(20, 60, 2),
};
/// Requests all of whose changes were simply made, of which a line each tells the number.
pub(super) const TOTALS: RowLimit = RowLimit::new(20, 10, 1);
/// How many problems of files are shown, each of which takes six or seven lines with its snippet;
/// but at least one of each kind.
pub(super) const PROBLEMS: usize = 20;
/// How many mailboxes are told of one by one, each of which takes about ten lines.
pub(super) const MOST_TIMELINES: usize = 20;

/// How much is shown of what.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowLimits {
    /// What would be, or was, terminated: the direction that cannot always be taken back.
    pub(super) terminations: RowLimit,
    /// Everything else.
    pub(super) others: RowLimit,
}

impl RowLimit {
    const fn new(groups: usize, rows: usize, least: usize) -> Self {
        Self {
            groups,
            rows,
            least,
        }
    }
}

/// Rows that have something in common.
#[derive(Debug)]
pub(super) struct Group<K, T> {
    /// What they have in common.
    pub(super) key: K,
    /// How many there are.
    pub(super) count: usize,
    /// Whether it comes before larger ones, because something about it is rare.
    pub(super) is_rare: bool,
    /// They, or the first of them.
    pub(super) items: Vec<T>,
}

impl<K, T> Group<K, T> {
    /// How many of them are not shown.
    pub(super) fn more(&self) -> usize {
        self.count - self.items.len()
    }
}

/// What is shown.
#[derive(Debug)]
pub(super) struct Shown<K, T> {
    /// Groups of several rows, what is rare first, then the largest.
    pub(super) groups: Vec<Group<K, T>>,
    /// How many such groups are not shown, and how many rows they have.
    pub(super) more_groups: (usize, usize),
    /// Rows that share what they have with no other.
    pub(super) singles: Vec<T>,
    /// How many such rows are not shown.
    pub(super) more_singles: usize,
}

/// Puts rows together; they keep their order, and groups come by their key.
pub(super) fn group_by<K: Ord, T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Vec<Group<K, T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for item in items {
        groups.entry(key(&item)).or_default().push(item);
    }
    let group = |(key, items): (K, Vec<T>)| Group {
        key,
        count: items.len(),
        is_rare: false,
        items,
    };
    groups.into_iter().map(group).collect()
}

/// The first of rows that are put together, as far as there is room.
pub(super) fn shown<K: Ord, T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
    limit: RowLimit,
) -> Shown<K, T> {
    let (groups, singles) = split_singles(group_by(items, key));
    cut(groups, singles, limit)
}

/// Groups of several rows, and the rows that share what they have with no other.
pub(super) fn split_singles<K, T>(groups: Vec<Group<K, T>>) -> (Vec<Group<K, T>>, Vec<T>) {
    let (groups, singles): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.count > 1);
    let singles = singles.into_iter().flat_map(|group| group.items);
    (groups, singles.collect())
}

/// The first of everything, as far as there is room.
pub(super) fn cut<K, T>(
    mut groups: Vec<Group<K, T>>,
    mut singles: Vec<T>,
    limit: RowLimit,
) -> Shown<K, T> {
    let more_singles = singles.len().saturating_sub(limit.rows);
    singles.truncate(limit.rows);
    // What is rare must not hide; then the largest: what is not shown is as little as can be.
    groups.sort_by_key(|group| Reverse((group.is_rare, group.count)));
    let others = groups.split_off(groups.len().min(limit.groups));
    let each = limit.least.max(limit.rows / groups.len().max(1));
    for group in &mut groups {
        group.items.truncate(each);
    }
    Shown {
        groups,
        more_groups: (others.len(), others.iter().map(|group| group.count).sum()),
        singles,
        more_singles,
    }
}

/// How often each key comes, the commonest first.
pub(super) fn counted<K: Ord>(keys: impl IntoIterator<Item = K>) -> Vec<(K, usize)> {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    let mut counted: Vec<(K, usize)> = counts.into_iter().collect();
    counted.sort_by_key(|(_, count)| Reverse(*count));
    counted
}

/// The rows in which what is rare comes first, so that it is not among those left out. And their
/// remarks with how many rows have each, the commonest first.
pub(super) fn rare_first<K: Ord, T>(
    mut items: Vec<T>,
    remark: impl Fn(&T) -> K,
) -> (Vec<T>, Vec<(K, usize)>) {
    let counted = counted(items.iter().map(&remark));
    let counts: BTreeMap<&K, usize> = counted.iter().map(|(key, count)| (key, *count)).collect();
    // Stable: among those that are as rare, the order stays.
    items.sort_by_cached_key(|item| counts.get(&remark(item)).copied());
    (items, counted)
}

/// The first items, and how many there are more.
pub(super) fn first<T>(items: &[T], most: usize) -> (&[T], usize) {
    let (shown, others) = items.split_at(items.len().min(most));
    (shown, others.len())
}

/// What stands in place of what is left out and no group counts.
pub(super) fn and_more(what: impl Display) -> String {
    format!("… and {what} more; --format json has them all")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RowLimit = RowLimit::new(2, 6, 2);

    fn sizes(sizes: &[usize]) -> Shown<usize, usize> {
        let items = sizes
            .iter()
            .enumerate()
            .flat_map(|(key, size)| std::iter::repeat_n(key, *size));
        shown(items, |key| *key, ROOM)
    }

    #[test]
    fn everything_is_shown_or_counted() {
        for given in [
            &[][..],
            &[1],
            &[7],
            &[6],
            &[1; 6],
            &[1; 7],
            &[3, 3],
            &[4, 4],
            &[2, 9, 1, 5, 1],
        ] {
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
        let of = |group: &Group<usize, usize>| (group.key, group.items.len(), group.more());
        let groups: Vec<_> = shown.groups.iter().map(of).collect();
        assert_eq!(groups, [(1, 3, 6), (2, 3, 2)]);
        assert_eq!(shown.more_groups, (2, 5));
    }

    #[test]
    fn does_not_cut_an_exact_fit() {
        assert_eq!(sizes(&[6]).groups[0].more(), 0);
        assert_eq!(sizes(&[7]).groups[0].more(), 1);
        assert_eq!(sizes(&[1; 6]).more_singles, 0);
        assert_eq!(sizes(&[1; 7]).more_singles, 1);
    }

    #[test]
    fn puts_rare_rows_first() {
        let (order, counts) = rare_first(vec!["a", "b", "odd", "c"], |word| word.len().to_string());
        assert_eq!(order, ["odd", "a", "b", "c"]);
        assert_eq!(counts, [("1".to_owned(), 3), ("3".to_owned(), 1)]);
    }
}
