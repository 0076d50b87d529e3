//! Aligns rows in columns, with characters of any width.

use unicode_width::UnicodeWidthStr as _;

/// The widest column, except the last; a longer cell shifts only its own row.
const WIDEST: usize = 48;

/// Aligns the cells of each column except the last, two spaces apart.
pub(super) fn align<'a, const N: usize>(
    rows: impl IntoIterator<Item = &'a [String; N]> + Clone,
) -> Vec<String> {
    let mut widths = [0; N];
    for row in rows.clone() {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width()).min(WIDEST);
        }
    }
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            let gap = width.saturating_sub(cell.width()) + 2;
            line.extend(std::iter::repeat_n(' ', gap));
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.into_iter().map(line).collect()
}
