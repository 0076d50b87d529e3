//! The rows of a plan in a comment: what ends archives first, then the rest by what it is; in each, the
//! mailboxes of one request together, with who approved it and why.

use super::fit_to_limit::{MarkdownRow, Rank, RowGroup, RowNoun};
use super::safe_text;
use super::safe_text::{code, prose};
use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::language::Message;
use crate::output::grouped_plan::InCommon;
use crate::output::groups::{COMMENT, EVERYTHING, Group, SMALL};
use crate::output::plan_rows::{RowKind, TextRow};
use crate::output::row_lines::GroupNoun;
use crate::output::{grouped_plan, phrases, row_lines};
use crate::printer;
use crate::printer::text;

/// Rows of one kind, and how they stand in the comment.
pub(super) struct Section<'a> {
    pub(super) places: &'a RepositoryPathResolver,
    /// How much of it is shown.
    pub(super) amount: DetailLevel,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DetailLevel {
    /// Everything.
    Whole,
    /// The first rows of what is not terminated.
    First,
    /// As little of each termination as names it, so that more of them have room.
    Names,
}

/// What rows of a kind have in common.
struct SectionStyle {
    rank: Rank,
    /// The bold line above them.
    title: Message,
    /// The word that their title says already.
    word: Option<Message>,
    called: GroupNoun,
}

fn section_style(kind: RowKind, count: usize) -> SectionStyle {
    let (rank, title, word) = match kind {
        RowKind::Terminate => (
            Rank::Termination,
            message!("comment-to-terminate", count),
            Some(Message::from_word("terminate")),
        ),
        RowKind::Outstanding => (
            Rank::Important,
            message!("comment-to-terminate-anyway", count),
            Some(Message::from_word("terminate")),
        ),
        RowKind::Prevented => (Rank::Important, message!("comment-prevented", count), None),
        RowKind::Enable => {
            (Rank::Change, message!("comment-to-enable", count), Some(Message::from_word("enable")))
        }
        RowKind::Blocked => {
            (Rank::Change, message!("comment-blocked", count), Some(message!("plan-blocked")))
        }
        RowKind::Quiet => (Rank::Quiet, message!("comment-left-alone", count), None),
    };
    let called = match kind {
        RowKind::Enable => GroupNoun::RequestsToEnable,
        RowKind::Terminate | RowKind::Outstanding => GroupNoun::Requests,
        RowKind::Prevented | RowKind::Blocked | RowKind::Quiet => GroupNoun::Reasons,
    };
    SectionStyle { rank, title, word, called }
}

impl Section<'_> {
    /// The rows of each kind, what ends archives first; things that are left alone or wait are folded.
    pub(super) fn of_rows(&self, rows: &[TextRow]) -> Vec<RowGroup> {
        let kinds = [
            RowKind::Terminate,
            RowKind::Outstanding,
            RowKind::Prevented,
            RowKind::Enable,
            RowKind::Blocked,
            RowKind::Quiet,
        ];
        let of_kind = |kind| {
            let rows = rows.iter().filter(|row| row.kind == kind);
            self.of_kind(kind, rows.cloned().collect())
        };
        kinds.into_iter().filter_map(of_kind).collect()
    }

    fn of_kind(&self, kind: RowKind, rows: Vec<TextRow>) -> Option<RowGroup> {
        let is_blocked = |row: &TextRow| row.cells[0].starts_with('!');
        let is_later = |row: &&TextRow| kind == RowKind::Terminate && is_blocked(row);
        let blocked: usize = rows.iter().filter(is_later).map(|row| row.count).sum();
        let count = rows.iter().map(|row| row.count).sum::<usize>() - blocked;
        let mut style = section_style(kind, count);
        if kind == RowKind::Terminate && (count == 0 || self.amount == DetailLevel::Names) {
            style.title = message!("plan-to-terminate", count);
        }
        if blocked > 0 {
            style.title.push(message!("comment-terminated-once-unblocked", count = blocked));
        }
        // Of very many agencies even this would take the place of terminations.
        if kind == RowKind::Terminate && self.amount == DetailLevel::Names && rows.len() > 1 {
            style.title.push(message!("plan-only-names"));
        }
        let rows = self.rows(kind, rows, &style);
        let title = printer::render(&style.title);
        match kind {
            RowKind::Terminate => {
                let open = format!("[!CAUTION]\n**{title}**\n\n");
                RowGroup::new_list(&open, rows, RowNoun::Change).map(RowGroup::quoted)
            }
            RowKind::Quiet => {
                let open = format!("<details><summary>{title}</summary>\n\n");
                let part = RowGroup::new_list(&open, rows, RowNoun::OtherRow);
                part.map(|part| RowGroup { close: part.close + "</details>\n\n", ..part })
            }
            _ => RowGroup::new_list(&format!("**{title}**\n\n"), rows, RowNoun::Change),
        }
    }

    fn rows(&self, kind: RowKind, rows: Vec<TextRow>, style: &SectionStyle) -> Vec<MarkdownRow> {
        let is_cut =
            self.amount != DetailLevel::Whole && kind != RowKind::Terminate && rows.len() > SMALL;
        let limit = if is_cut { COMMENT } else { EVERYTHING };
        let shown = grouped_plan::group_rows(rows, limit);
        let groups = shown.groups.iter().flat_map(|group| self.group(group, style));
        let singles = shown.singles.iter().map(|row| {
            let mailbox = Some(format!("**{}**", code(&row.cells[1])));
            let mailbox = mailbox.filter(|_| !row.cells[1].is_empty()).unwrap_or_default();
            let text = format!(
                "- {}",
                join([mailbox, self.remark_and_request(row, style, true, true)], "<br>")
            );
            MarkdownRow::new(style.rank, text).with_count(row.count)
        });
        let more = row_lines::hidden_count_lines(&shown, style.called, kind).into_iter();
        let more = more.map(|line| {
            let text = format!("- {}", prose(&line.cells.concat()));
            MarkdownRow::new(style.rank, text).with_count(line.count)
        });
        groups.chain(singles).chain(more).collect()
    }

    /// What the mailboxes of a group have in common, and below it each with what it has not.
    fn group(&self, group: &Group<InCommon, TextRow>, style: &SectionStyle) -> Vec<MarkdownRow> {
        let Some(first) = group.items.first() else { return Vec::new() };
        let is_one_remark = group.key.remarks.len() == 1;
        let is_one_request = group.key.is_one_request;
        let mailboxes = format!("**{}**", text!("plan-mailboxes", count = group.count));
        let common = self.remark_and_request(first, style, is_one_remark, is_one_request);
        let mut head = format!("- {}\n", join([mailboxes, common], "<br>"));
        let mut rows: Vec<MarkdownRow> = Vec::new();
        for row in &group.items {
            let own = self.remark_and_request(row, style, !is_one_remark, !is_one_request);
            let text = format!("{head}  - {}", join([code(&row.cells[1]), own], "<br>"));
            // What they have in common is shown if any of them is.
            head.clear();
            rows.push(MarkdownRow::new(style.rank, text).with_count(row.count));
        }
        let more = group.hidden_count();
        if more > 0 {
            let text = format!("  - {}", prose(&text!("plan-more", count = more)));
            rows.push(MarkdownRow::new(style.rank, text).with_count(more));
        }
        rows
    }

    /// The remark of a row, its request, or both: below each other where there is something to decide.
    fn remark_and_request(
        &self,
        row: &TextRow,
        style: &SectionStyle,
        has_about: bool,
        has_request: bool,
    ) -> String {
        let about = if has_about { self.remark_cell(row, style) } else { String::new() };
        let request = if has_request { self.request(row) } else { String::new() };
        join([about, request], if grouped_plan::is_change(row) { "<br>" } else { " · " })
    }

    /// The word of a row, unless its section says it, and its remark.
    fn remark_cell(&self, row: &TextRow, style: &SectionStyle) -> String {
        let [word, _, _, remark] = &row.cells;
        let word = word.split_once(' ').map_or("", |(_, word)| word);
        let is_said = style.word.as_ref().is_some_and(|said| printer::render(said) == word);
        match (is_said, remark.is_empty()) {
            (true, _) => prose(remark),
            (false, true) => prose(word),
            (false, false) => format!("{}: {}", prose(word), prose(remark)),
        }
    }

    /// The request of a row, who approved it, and why it was made.
    fn request(&self, row: &TextRow) -> String {
        let source = row.source.as_ref().filter(|_| self.amount != DetailLevel::Names);
        let Some(source) = source else {
            let id = Some(&row.cells[2]).filter(|id| !id.is_empty());
            return id.map_or(String::new(), |id| code(id));
        };
        let request = &source.request;
        let link = safe_text::request(self.places, request.id.as_str(), &request.file, source.line);
        let said = [phrases::approved_by(request), phrases::reason(request)].into_iter().flatten();
        // What changes nothing needs no decision.
        let said = said.filter(|_| grouped_plan::is_change(row));
        let said = said.map(|message| prose(&printer::render(&message)));
        std::iter::once(link).chain(said).collect::<Vec<_>>().join("; ")
    }
}

/// Two parts, of which one may be empty. (Parts below each other are in one line of Markdown, because what a
/// line end means differs from forge to forge.)
fn join(parts: [String; 2], between: &str) -> String {
    let parts = parts.iter().filter(|part| !part.is_empty()).map(String::as_str);
    parts.collect::<Vec<_>>().join(between)
}
