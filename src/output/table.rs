//! Rows in columns that line up, whatever characters are in them.

use unicode_width::UnicodeWidthStr as _;

/// No column but the last is made wider than this; a longer cell only shifts its own row.
const WIDEST: usize = 48;

/// Lines up the cells of each column but the last, two spaces apart.
pub(super) fn align<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width()).min(WIDEST);
        }
    }
    rows.iter()
        .map(|row| {
            let mut line = String::new();
            for (index, (width, cell)) in widths.iter().zip(row).enumerate() {
                line.push_str(cell);
                if index + 1 < N {
                    let gap = width.saturating_sub(cell.width()) + 2;
                    line.extend(std::iter::repeat_n(' ', gap));
                }
            }
            line.truncate(line.trim_end().len());
            line
        })
        .collect()
}
