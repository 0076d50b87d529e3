//! The policy's section `notices` (procedure step 4). Pure.

use jiff::civil::Date;

use super::raw::{RawAddIn, RawNotices};
use crate::domain::field_validator::FieldValidator;
use crate::domain::mailbox_address::Mailbox;
use crate::text::excerpt;
use crate::yaml::{Boolean, Text, WholeNumber, YamlPath};

/// The default of the most notices in one run.
const LIMIT: u64 = 200;

/// How an agency gives notices to its users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notices {
    /// No notices are given about requests received before this day.
    pub since: Date,
    /// The sender's address.
    pub from: Mailbox,
    /// The lines below the agency's name.
    pub letterhead: Vec<String>,
    /// Who signs: name and position, one per line.
    pub signatory: Vec<String>,
    /// The mottos above the signature; `None`: the usual one.
    pub mottos: Option<Vec<String>>,
    /// Who gets a copy (s.k.), one per line.
    pub copies: Vec<String>,
    /// Whether users and applicants are told of a legal hold, which can be part of an investigation.
    pub tell_holds: bool,
    /// Where users can ask.
    pub contact: Option<String>,
    /// The archive's add-on for Outlook.
    pub addin: Option<AddIn>,
    /// The most notices in one run before a person must accept them.
    pub limit: u64,
}

/// The archive's add-on for Outlook (procedure 4.1 step 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddIn {
    /// Where to download it.
    pub link: String,
    /// Where its guide is.
    pub guide: Option<String>,
}

/// Checks the section `notices`; `None` if it is missing or has an issue.
pub(super) fn check(draft: Option<&RawNotices>, fields: &mut FieldValidator) -> Option<Notices> {
    let draft = draft?;
    fields.required(&draft.since, "notices.since");
    let since = fields.validate_date(&draft.since, "notices.since");
    let from = fields
        .required(&draft.from, "notices.from")
        .and_then(|text| fields.validate_mailbox(text, || YamlPath::keys("notices.from")));
    let letterhead = validate_lines(draft.letterhead.as_deref(), "notices.letterhead", 8, fields);
    let signatory = validate_lines(draft.signatory.as_deref(), "notices.signatory", 4, fields);
    let mottos = draft.mottos.as_deref();
    let mottos = mottos.map(|texts| validate_lines(Some(texts), "notices.mottos", 4, fields));
    let copies = validate_lines(draft.copies.as_deref(), "notices.copies", 10, fields);
    let contact = draft.contact.as_ref();
    let contact = contact.and_then(|text| validate_line(text, "notices.contact", fields));
    let addin = validate_addin(draft.addin.as_ref(), fields);
    Some(Notices {
        since: since?,
        from: from?,
        letterhead,
        signatory,
        mottos,
        copies,
        tell_holds: draft.tell_holds.is_some_and(|Boolean(tells)| tells),
        contact,
        addin,
        limit: draft.limit.map_or(LIMIT, |WholeNumber(limit)| limit),
    })
}

fn validate_lines(
    texts: Option<&[Text]>,
    key: &str,
    most: usize,
    fields: &mut FieldValidator,
) -> Vec<String> {
    let texts = texts.unwrap_or_default();
    if texts.len() > most {
        fields.add_issue(
            YamlPath::keys(key),
            "too-many-lines",
            message!("policy-lines", count = texts.len(), most),
            message!("policy-lines-help"),
        );
    }
    let each = texts.iter().take(most);
    each.filter_map(|text| validate_line(text, key, fields)).collect()
}

/// Text of a single line.
fn validate_line(text: &Text, key: &str, fields: &mut FieldValidator) -> Option<String> {
    let line = fields.validate_text(text, key, 200)?;
    if line.trim_end().contains('\n') {
        fields.add_issue(
            YamlPath::keys(key),
            "more-than-a-line",
            message!("policy-line-break"),
            message!("policy-line-break-help"),
        );
        return None;
    }
    Some(line.trim_end().to_owned())
}

fn validate_addin(draft: Option<&RawAddIn>, fields: &mut FieldValidator) -> Option<AddIn> {
    let draft = draft?;
    let link = fields
        .required(&draft.link, "notices.addin.link")
        .and_then(|text| validate_https_url(text, "notices.addin.link", fields));
    let guide = draft.guide.as_ref();
    let guide = guide.and_then(|text| validate_https_url(text, "notices.addin.guide", fields));
    Some(AddIn { link: link?, guide })
}

/// A plain https address without credentials.
fn validate_https_url(text: &Text, key: &str, fields: &mut FieldValidator) -> Option<String> {
    let Text(address) = text;
    let is_plain = |url: url::Url| {
        url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
    };
    let good = url::Url::parse(address).is_ok_and(is_plain)
        && address.len() <= 500
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    if !good {
        let shown = excerpt(address, 80);
        fields.add_issue(
            YamlPath::keys(key),
            "not-a-web-address",
            message!("policy-link", shown),
            message!("policy-link-help"),
        );
    }
    good.then(|| address.clone())
}
