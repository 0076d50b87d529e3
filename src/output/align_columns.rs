//! Aligns rows in columns, with characters of any width, on a screen of any width.

use crate::printer::{width, wrap};

/// The widest column, except the last; a longer cell shifts only its own row.
const WIDEST: usize = 48;
/// How far a cell that does not fit is indented in a line of its own.
const HANG: usize = 4;

/// Aligns the cells of each column except the last, two spaces apart. What does not fit into so many
/// columns, behind `indent`, is in lines of its own below its row, or in its column where there is room
/// for it; these are indented already.
pub(super) fn align<R: AsRef<[String]>>(rows: &[R], indent: usize, columns: usize) -> Vec<String> {
    let most = rows.iter().map(|row| row.as_ref().len()).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.as_ref().get(column));
        cells.map(|cell| width(cell)).max().unwrap_or(0).min(WIDEST.min(columns / 2))
    };
    let widths: Vec<usize> = (0..most).map(widest).collect();
    let line = |row: &R| {
        let cells = row.as_ref();
        let (mut line, mut used, mut shown) = (String::new(), indent, 0);
        for (widest, cell) in widths.iter().zip(cells) {
            let width = width(cell);
            if shown > 0 && width > 0 && used + width > columns {
                if shown + 1 == cells.len() && used <= columns / 3 {
                    let wrapped = wrap(&format!("{}{cell}", " ".repeat(used)), columns, 0);
                    line.push_str(wrapped.trim_start());
                    shown += 1;
                }
                break;
            }
            let gap = widest.saturating_sub(width) + 2;
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', gap));
            used += width + gap;
            shown += 1;
        }
        line.truncate(line.trim_end().len());
        let rest: Vec<&str> =
            cells[shown..].iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        if !rest.is_empty() {
            let rest = format!("{}{}", " ".repeat(indent + HANG), rest.join("  "));
            line.push('\n');
            line.push_str(&wrap(&rest, columns, 0));
        }
        line
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::align;

    fn aligned(columns: usize) -> Vec<String> {
        let rows = [
            ["- terminate", "rosli@agensi.example", "R-1", "the mail is lost"],
            ["! blocked", "li@agensi.example", "R-2", "no such account"],
        ];
        align(&rows.map(|row| row.map(str::to_owned)), 2, columns)
    }

    #[test]
    fn what_does_not_fit_is_below_its_row() {
        let wide = [
            "- terminate  rosli@agensi.example  R-1  the mail is lost",
            "! blocked    li@agensi.example     R-2  no such account",
        ];
        assert_eq!(aligned(usize::MAX), wide);
        assert_eq!(aligned(58), wide);
        let narrower = [
            "- terminate  rosli@agensi.example  R-1\n      the mail is lost",
            "! blocked    li@agensi.example     R-2  no such account",
        ];
        assert_eq!(aligned(57), narrower);
        let narrow = [
            "- terminate  rosli@agensi.example\n      R-1  the mail is lost",
            "! blocked    li@agensi.example\n      R-2  no such account",
        ];
        assert_eq!(aligned(38), narrow);
        let facts = [["wanted".to_owned(), "enabled, and so it is".to_owned()]];
        assert_eq!(align(&facts, 0, 26), ["wanted  enabled, and so it\n        is"]);
    }
}
