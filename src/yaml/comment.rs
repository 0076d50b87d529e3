//! Where the comment of a line begins (YAML 1.2 section 6.6). Pure.

/// The byte at which a line's comment begins, the blank before `#` included; a `#` within quotes, or
/// with no blank before it, begins none. Lines of a text that goes on over several lines look like
/// any other here.
pub(crate) fn comment(line: &str) -> Option<usize> {
    let mut quote = None;
    // What was last seen but for blanks, and whether a blank was.
    let (mut last, mut after_blank) = (None, true);
    let mut characters = line.char_indices().peekable();
    while let Some((at, it)) = characters.next() {
        match quote {
            Some('"') if it == '\\' => drop(characters.next()),
            Some('\'') if it == '\'' && characters.peek().is_some_and(|next| next.1 == '\'') => {
                characters.next();
            }
            Some(open) if it == open => quote = None,
            Some(_) => {}
            // A value begins here; within one a quote is a letter.
            None if matches!(it, '"' | '\'') && last.is_none_or(|last| ":-,[{".contains(last)) => {
                quote = Some(it);
            }
            None if it == '#' && after_blank => {
                let before = line[..at].chars().next_back();
                return Some(at - before.map_or(0, char::len_utf8));
            }
            None => {}
        }
        after_blank = it.is_whitespace();
        if !after_blank {
            last = Some(it);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sharp_within_a_value_begins_no_comment() {
        let split = |line: &'static str| comment(line).map(|at| (&line[..at], &line[at..]));
        assert_eq!(split("a: b # c"), Some(("a: b", " # c")));
        assert_eq!(split("# c"), Some(("", "# c")));
        assert_eq!(split("a: 'R #1 # x'"), None);
        assert_eq!(
            split("a: \"R \\\" # x\" # c"),
            Some(("a: \"R \\\" # x\"", " # c"))
        );
        assert_eq!(
            split("a: 'it''s # x' # c"),
            Some(("a: 'it''s # x'", " # c"))
        );
        assert_eq!(split("a: it's # c"), Some(("a: it's", " # c")));
        assert_eq!(split("a: b#c"), None);
        assert_eq!(
            split("a: [\"x # y\", z]  # c"),
            Some(("a: [\"x # y\", z] ", " # c"))
        );
    }
}
