//! A request that personal data were taken out of: on whose word, and whether an edit of a merged
//! request takes out nothing else. Pure.

use std::sync::Arc;

use super::Redaction;
use super::draft::{RedactionDraft, RequestDraft};
use crate::domain::fields::Fields;
use crate::text::excerpt;
use crate::yaml::{Path, Source, Text, comment};

/// Reads the block of a draft; what is wrong goes to the fields' issues.
pub(super) fn read(draft: Option<&RedactionDraft>, fields: &mut Fields) -> Option<Redaction> {
    let draft = draft?;
    fields.required(&draft.date, "redacted.date");
    let date = fields.date(&draft.date, "redacted.date");
    let by = fields
        .required(&draft.by, "redacted.by")
        .and_then(|text| fields.mailbox(text, || Path::keys("redacted.by")));
    let reason = fields
        .required(&draft.reason, "redacted.reason")
        .and_then(|text| fields.text(text, "redacted.reason", 2000));
    Some(Redaction {
        date: date?,
        by: by?,
        reason: reason?,
    })
}

/// What an edit of a merged request takes out, where it says that it takes something out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TakenOut {
    /// The addresses that were mailboxes of the request and are so no longer, as they were written.
    pub mailboxes: Vec<String>,
    /// The applicant, where the request names none any more.
    pub applicant: Option<String>,
    /// Whether the reason is gone.
    pub has_lost_reason: bool,
    /// How many documents are gone.
    pub documents: usize,
    /// On whose word, and why, as it is written.
    pub decided: (String, String),
    /// What else the edit does, which it may not: the key at which it shows, and in words.
    pub beyond: Vec<(&'static str, &'static str)>,
    /// The first line of the new text that was not there before.
    pub added_line: Option<usize>,
    /// Whether nothing at all was taken out.
    pub is_empty: bool,
}

impl TakenOut {
    /// The addresses of those who are taken out.
    pub fn people(&self) -> impl Iterator<Item = &String> {
        self.mailboxes.iter().chain(&self.applicant)
    }

    /// In words, for whoever reviews it.
    pub fn told(&self) -> String {
        let mut parts = Vec::new();
        match self.mailboxes.len() {
            0 => {}
            1 => parts.push("1 mailbox".to_owned()),
            some => parts.push(format!("{some} mailboxes")),
        }
        if self.applicant.is_some() {
            parts.push("the applicant".to_owned());
        }
        if self.has_lost_reason {
            parts.push("the reason".to_owned());
        }
        match self.documents {
            0 => {}
            1 => parts.push("1 document".to_owned()),
            some => parts.push(format!("{some} documents")),
        }
        if parts.is_empty() {
            parts.push("a comment".to_owned());
        }
        let (by, reason) = &self.decided;
        format!(
            "{} taken out of the merged request, on the word of {by}: {}",
            parts.join(", "),
            excerpt(reason, 200)
        )
    }
}

/// Judges an edit; `None` where the new text has no `redacted` that the old one had not, so that
/// it is no redaction.
pub fn judge(
    before: (&str, &RequestDraft),
    after: (&Source<'_>, &RequestDraft),
) -> Option<TakenOut> {
    let ((text, was), (source, is)) = (before, after);
    let redacted = is.redacted.as_ref()?;
    let plain = |text: &Option<Text>| {
        text.as_ref()
            .map_or_else(String::new, |Text(it)| it.clone())
    };
    let applicant = |of: &RequestDraft| of.received.as_ref().and_then(|it| it.from.clone());
    let documents = |of: &RequestDraft| of.evidence.as_ref().map_or(0, Vec::len);
    let mut taken = TakenOut {
        mailboxes: mailboxes(was, is),
        applicant: applicant(was)
            .filter(|_| applicant(is).is_none())
            .map(|Text(address)| address),
        has_lost_reason: was.reason.is_some() && is.reason.is_none(),
        documents: documents(was).saturating_sub(documents(is)),
        decided: (plain(&redacted.by), plain(&redacted.reason)),
        ..TakenOut::default()
    };
    let is_themselves = taken
        .people()
        .any(|person| person.eq_ignore_ascii_case(&taken.decided.0));
    let mut beyond = |differs: bool, key, words| {
        if differs {
            taken.beyond.push((key, words));
        }
    };
    beyond(
        is_themselves,
        "redacted",
        "whoever is taken out decided it themselves; let another approver decide",
    );
    let before = was.redacted.as_ref();
    // Days in this notation sort as texts.
    let day = |it: &RedactionDraft| it.date.as_ref().map(|Text(day)| day.clone());
    let is_older = before.is_some_and(|before| day(before) > day(redacted));
    beyond(
        is_older,
        "redacted",
        "the redaction is older than the one that was there",
    );
    let is_part = is_part_of(is.mailboxes.as_deref(), was.mailboxes.as_deref());
    let is_kept = is.mailboxes.is_some() == was.mailboxes.is_some();
    beyond(
        !is_part || !is_kept,
        "mailboxes",
        "mailboxes are added, moved or changed",
    );
    let received = |of: &RequestDraft, key| {
        let received = of.received.as_ref();
        received.map(|it| match key {
            "date" => it.date.clone(),
            "channel" => it.channel.clone(),
            "reference" => it.reference.clone(),
            _ => it.from.clone(),
        })
    };
    let is_same = |key| received(is, key) == received(was, key);
    let is_received = ["date", "channel", "reference"].into_iter().all(is_same);
    beyond(
        !is_received,
        "received",
        "how the request arrived is changed",
    );
    let from = received(is, "from").flatten();
    beyond(
        from.is_some() && !is_same("from"),
        "received",
        "the applicant is changed",
    );
    beyond(
        is.reason.is_some() && is.reason != was.reason,
        "reason",
        "the reason is changed",
    );
    let is_part = is_part_of(is.evidence.as_deref(), was.evidence.as_deref());
    beyond(
        !is_part,
        "evidence",
        "documents are added, moved or changed",
    );
    beyond(
        is.version != was.version,
        "version",
        "the version is changed",
    );
    beyond(is.id != was.id, "id", "the id is changed");
    beyond(is.action != was.action, "action", "the action is changed");
    beyond(
        is.withdraws != was.withdraws,
        "withdraws",
        "what is withdrawn is changed",
    );
    beyond(
        is.approval != was.approval,
        "approval",
        "the approval is changed",
    );
    beyond(
        is.effective != was.effective,
        "effective",
        "the day of effect is changed",
    );
    let (added, lost) = compare(text, source);
    taken.added_line = added;
    taken.is_empty = !lost;
    Some(taken)
}

/// The addresses that were there and are so no longer.
fn mailboxes(was: &RequestDraft, is: &RequestDraft) -> Vec<String> {
    let left = is.mailboxes.as_deref().unwrap_or_default();
    let all = was.mailboxes.iter().flatten();
    all.filter(|text| !left.contains(text))
        .map(|Text(address)| address.clone())
        .collect()
}

/// Whether all of a list stands in another, in the same order.
fn is_part_of<T: PartialEq>(part: Option<&[T]>, whole: Option<&[T]>) -> bool {
    let mut rest = whole.unwrap_or_default().iter();
    let mut part = part.unwrap_or_default().iter();
    part.all(|one| rest.any(|other| other == one))
}

/// The first line of the new text that does not come from the old one, and whether anything of the
/// old one is gone. The block `redacted` itself does not count.
fn compare(before: &str, after: &Source<'_>) -> (Option<usize>, bool) {
    let file: Arc<str> = "".into();
    let block = |source: &Source<'_>| source.lines_of("redacted").unwrap_or(0..0);
    let old = Source::new(&file, before.as_bytes());
    let old_block = old.as_ref().map_or(0..0, block);
    let block = block(after);
    let is_said = |line: &str| !line.trim().is_empty();
    let mut rest = (1..)
        .zip(before.lines())
        .filter(|(number, line)| is_said(line) && !old_block.contains(number))
        .map(|(_, line)| line.trim_end());
    let mut lost = false;
    for (number, line) in (1..).zip(after.text().lines()) {
        if !is_said(line) || block.contains(&number) {
            continue;
        }
        let line = line.trim_end();
        loop {
            match rest.next() {
                None => return (Some(number), lost),
                Some(other) if line == other => break,
                Some(other) => {
                    lost = true;
                    if is_rest_of(line, other) {
                        break;
                    }
                }
            }
        }
    }
    (None, lost || rest.next().is_some())
}

/// Whether a line is what is left of another: without its comment, without some values of a list or
/// mapping in brackets, or with `[]` where a list was below.
fn is_rest_of(line: &str, of: &str) -> bool {
    let comment = |text: &str| comment(text).unwrap_or(text.len());
    let (said, remark) = of.split_at(comment(of));
    let (left, kept) = line.split_at(comment(line));
    if of.trim_start().starts_with('#') || (!kept.is_empty() && kept != remark) {
        return false;
    }
    let words = |text: &str| -> Vec<String> {
        let is_between = |it: char| it.is_whitespace() || ",[]{}".contains(it);
        let words = text.split(is_between).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    is_part_of(Some(&words(left)), Some(&words(said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "version: 1\nid: R-1\naction: enable\n# asked for by Ali\nmailboxes:\n  - ali@agensi.example    # on leave\n  - abu@agensi.example\nreceived:\n  date: 2026-01-02\n  channel: memo\n  reference: R\n  from: ali@agensi.example\nreason: Ali pergi\nevidence:\n  - file: a.pdf\n    sha256: aa\n    size: 1\n";
    const BLOCK: &str =
        "redacted:\n  date: 2034-01-05\n  by: p@agensi.example\n  reason: Tempoh tamat.\n";

    fn judged(before: &str, after: &str) -> Option<TakenOut> {
        let file: Arc<str> = "R-1.yaml".into();
        let old = Source::new(&file, before.as_bytes()).expect("good");
        let new = Source::new(&file, after.as_bytes()).expect("good");
        let (was, is) = (old.draft().expect("a draft"), new.draft().expect("a draft"));
        judge((before, &was), (&new, &is))
    }

    fn is_good(taken: &TakenOut) -> bool {
        taken.beyond.is_empty() && taken.added_line.is_none() && !taken.is_empty
    }

    #[test]
    fn what_may_go_may_go() {
        let ali = "  - ali@agensi.example    # on leave\n";
        let cut = |what: &[&str]| {
            let mut text = BEFORE.to_owned();
            what.iter().for_each(|it| {
                assert!(text.contains(it), "{it}");
                text = text.replace(it, "");
            });
            text + BLOCK
        };
        for what in [
            &[ali][..],
            &["    # on leave"],
            &["# asked for by Ali\n"],
            &["  from: ali@agensi.example\n"],
            &["reason: Ali pergi\n"],
            &["evidence:\n  - file: a.pdf\n    sha256: aa\n    size: 1\n"],
            &[ali, "  from: ali@agensi.example\n", "reason: Ali pergi\n"],
        ] {
            let taken = judged(BEFORE, &cut(what)).expect("a redaction");
            assert!(is_good(&taken), "{what:?}: {taken:?}");
        }
        let none = cut(&[ali, "  - abu@agensi.example\n"]).replace("mailboxes:", "mailboxes: []");
        let taken = judged(BEFORE, &none).expect("a redaction");
        assert!(is_good(&taken), "{taken:?}");
        assert_eq!(
            taken.mailboxes,
            ["ali@agensi.example", "abu@agensi.example"]
        );
        // Again, on the same day or later.
        let once = cut(&[ali]);
        let twice = once
            .replace("reason: Ali pergi\n", "")
            .replace("01-05", "01-06");
        assert!(is_good(&judged(&once, &twice).expect("a redaction")));
        // Lists in brackets.
        let list = "mailboxes: [ali@agensi.example, abu@agensi.example]  # both\n";
        let flow = BEFORE.replace(
            &BEFORE[BEFORE.find("mailboxes").unwrap()..BEFORE.find("received").unwrap()],
            list,
        );
        let left = flow.replace("ali@agensi.example, ", "") + BLOCK;
        assert!(is_good(&judged(&flow, &left).expect("a redaction")));
    }

    #[test]
    fn nothing_else_may() {
        let with = |from: &str, to: &str| {
            assert!(BEFORE.contains(from), "{from}");
            BEFORE
                .replace("  - abu@agensi.example\n", "")
                .replace(from, to)
                + BLOCK
        };
        for (from, to) in [
            ("id: R-1", "id: R-2"),
            ("action: enable", "action: terminate"),
            ("ali@agensi.example    #", "abu@agensi.example    #"),
            ("date: 2026-01-02", "date: 2026-01-03"),
            ("memo", "form"),
            ("reference: R", "reference: S"),
            ("from: ali", "from: abu"),
            ("Ali pergi", "Ali"),
            ("sha256: aa", "sha256: ab"),
            ("# asked for by Ali", "# asked for by Abu"),
            ("# on leave", "# gone"),
            (
                "action: enable\n",
                "action: enable\neffective: 2026-05-05\n",
            ),
            ("action: enable\n", "action: enable\n# seen\n"),
            ("mailboxes:\n", "mailboxes:\n  - abu@agensi.example\n"),
        ] {
            let taken = judged(BEFORE, &with(from, to)).expect("a redaction");
            assert!(!is_good(&taken), "{from} → {to}");
        }
        let nothing = format!("{BEFORE}{BLOCK}");
        assert!(!is_good(&judged(BEFORE, &nothing).expect("a redaction")));
        let older = nothing
            .replace("2034", "2033")
            .replace("reason: Ali pergi\n", "");
        assert!(!is_good(&judged(&nothing, &older).expect("a redaction")));
        assert_eq!(judged(BEFORE, BEFORE), None);
    }
}
