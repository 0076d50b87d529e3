//! A request that personal data were taken out of: on whose word, and whether an edit of a merged
//! request takes out nothing else. Pure.

use super::Redaction;
use super::draft::RedactionDraft;
use super::fields::Fields;
use crate::yaml::Path;

/// Reads the block of a draft; what is wrong goes to the fields' issues.
pub(super) fn read(draft: Option<&RedactionDraft>, fields: &mut Fields) -> Option<Redaction> {
    let draft = draft?;
    fields.required(&draft.date, "redacted.date");
    let date = fields.date(&draft.date, "redacted.date");
    let by = fields
        .required(&draft.by, "redacted.by")
        .and_then(|text| fields.mailbox(text, Path::keys("redacted.by")));
    let reason = fields
        .required(&draft.reason, "redacted.reason")
        .and_then(|text| fields.text(text, "redacted.reason", 2000));
    Some(Redaction {
        date: date?,
        by: by?,
        reason: reason?,
    })
}
