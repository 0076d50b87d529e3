//! The text of the comment: its marker, the file, and the commit and job that it is of, cut to what the
//! forge takes. What is in the file is data, of which nothing may act. Pure.

mod open_blocks;
#[cfg(test)]
mod tests;

use self::open_blocks::OpenBlocks;
use super::ci_run::{Forge, PullRequestRun};
use crate::text::escape;

/// How the comment begins, so that a later run finds it.
pub const MARKER: &str = "<!-- arkib reconcile -->";

/// For a job that made no file.
const NO_PLAN: &str = "### arkib: no plan\n\nThe job failed before it could make one.\n";

/// Stands at the top of what was cut, where nobody overlooks it.
const CUT: &str = "**Only the beginning is shown, because the forge takes no longer comment: do not decide by it. The job has the whole text.**\n\n";

/// The comment for a run, from the text that `reconcile --format markdown` printed.
pub fn comment_text(text: &str, run: &PullRequestRun) -> String {
    const LINE_ENDS: [char; 2] = ['\r', '\n'];
    let text = text.trim_end().trim_start_matches(LINE_ENDS);
    let marked = text.strip_prefix(MARKER);
    // The first line may go on behind the marker, as that of a plan that does not hold all terminations.
    let goes_on = marked.is_some_and(|rest| rest.starts_with(' '));
    let text = marked.unwrap_or(text).trim_start_matches(LINE_ENDS);
    let text = if text.trim().is_empty() { NO_PLAN } else { text };
    let text = match run.forge {
        Forge::Gitlab => disarm_quick_actions(text),
        Forge::Github | Forge::Forgejo => text.to_owned(),
    };
    let end = footer(run);
    // Two line ends are added.
    let around = length(MARKER) + length(CUT) + length(&end) + 2;
    let (text, is_cut) = whole_lines(&text, longest(run.forge).saturating_sub(around));
    let between = if goes_on && !is_cut { "" } else { "\n" };
    let cut = if is_cut { CUT } else { "" };
    format!("{MARKER}{between}{cut}{text}\n{end}")
}

/// The most that a comment may hold, in UTF-16 units, of which no text has fewer than characters. (GitHub
/// says 65,536 characters and GitLab 1,000,000. What Forgejo takes depends on its database.)
fn longest(forge: Forge) -> usize {
    match forge {
        Forge::Github | Forge::Forgejo => 65_536,
        Forge::Gitlab => 1_000_000,
    }
}

fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// GitLab carries out a line such as `/merge`, in the name of who comments, unless it sees that the line
/// is quoted, about which it errs. A space of any other kind than its own before it is enough.
fn disarm_quick_actions(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| match line.trim_start().starts_with('/') {
        true => format!("\u{200a}{line}"),
        false => line.to_owned(),
    });
    lines.collect()
}

fn footer(run: &PullRequestRun) -> String {
    let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
    let job = run.job.as_deref().filter(is_web);
    let by = job.map_or(String::new(), |url| format!(", by [this job]({})", link_target(url)));
    format!("For commit {}{by}.\n", escape(&run.head))
}

/// A URL that ends where Markdown thinks that it ends.
fn link_target(url: &str) -> String {
    let is_plain = |character: char| {
        character.is_ascii_graphic() && !matches!(character, '(' | ')' | '<' | '>' | '\\' | '"')
    };
    let each = url.chars().map(|character| match is_plain(character) {
        true => character.to_string(),
        false => url::form_urlencoded::byte_serialize(character.to_string().as_bytes()).collect(),
    });
    each.collect()
}

/// The lines that are no longer than this together with what closes their blocks, and whether they are
/// not all. Each ends with a line feed.
fn whole_lines(text: &str, most: usize) -> (String, bool) {
    let (mut open, mut kept, mut used) = (OpenBlocks::default(), String::new(), 0);
    for line in text.lines() {
        let mut after = open.clone();
        after.read(line);
        used += length(line) + 1;
        if used + length(&after.closing()) > most {
            return (kept + &open.closing(), true);
        }
        open = after;
        kept.push_str(line);
        kept.push('\n');
    }
    (kept + &open.closing(), false)
}
