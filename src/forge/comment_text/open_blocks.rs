//! What of Markdown is open at the end of a line, and would take in all that stands below. Pure.

#[derive(Debug, Clone, Default)]
pub(super) struct OpenBlocks {
    /// The fence of a code block.
    fence: Option<String>,
    /// How many `<details>`.
    details: usize,
}

impl OpenBlocks {
    pub fn read(&mut self, line: &str) {
        match (&self.fence, fence_in(line)) {
            (None, Some((fence, _))) => self.fence = Some(fence),
            (Some(open), Some((fence, true))) if fence.starts_with(open.as_str()) => {
                self.fence = None;
            }
            (Some(_), _) => {}
            (None, None) => {
                let line = without_code(line).to_ascii_lowercase();
                let count = |tag| line.matches(tag).count();
                self.details =
                    (self.details + count("<details")).saturating_sub(count("</details"));
            }
        }
    }

    /// The lines that close it.
    pub fn closing(&self) -> String {
        let fence = self.fence.iter().map(|fence| format!("{fence}\n"));
        let details = (0..self.details).map(|_| "\n</details>\n".to_owned());
        fence.chain(details).collect()
    }
}

/// A line without the code in it (CommonMark 0.31 section 6.1), which begins and ends with as many
/// backticks. A line of HTML has none.
fn without_code(line: &str) -> String {
    let (mut text, mut rest) = (String::new(), line);
    if line.trim_start().starts_with('<') {
        return line.to_owned();
    }
    while let Some(at) = rest.find('`') {
        let is_escaped =
            rest[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        let after = rest[at..].trim_start_matches('`');
        let count = rest.len() - at - after.len();
        // An escaped one is none; those behind it may be.
        let end = match is_escaped {
            true => Some(at + 1),
            false => code_length(after, count).map(|length| at + count + length),
        };
        text.push_str(&rest[..at]);
        rest = &rest[end.unwrap_or(at + count)..];
    }
    text + rest
}

/// How long the code is that began with so many backticks, together with those that end it.
fn code_length(text: &str, count: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find('`') {
        let after = text[from + at..].trim_start_matches('`');
        let end = text.len() - after.len();
        if end - (from + at) == count {
            return Some(end);
        }
        from = end;
    }
    None
}

/// The fence at the beginning of a line (CommonMark 0.31 section 4.5), and whether it stands alone.
fn fence_in(line: &str) -> Option<(String, bool)> {
    let text = line.trim_start_matches(' ');
    let sign = text.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let rest = text.trim_start_matches(sign);
    let count = text.len() - rest.len();
    let is_near = line.len() - text.len() <= 3;
    let is_fence = is_near && count >= 3 && !(sign == '`' && rest.contains('`'));
    is_fence.then(|| (text[..count].to_owned(), rest.trim().is_empty()))
}
