//! Rows in columns that line up, whatever characters are in them.

use unicode_width::UnicodeWidthStr as _;

/// No column but the last is made wider than this; a longer cell only shifts its own row.
const WIDEST: usize = 48;

/// Lines up the cells of each column but the last, two spaces apart.
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
