//! The policy's section `bulk`: the file of changes for a portal operated by people. Pure.

use schemars::JsonSchema;
use serde::Deserialize;

use super::export_file::LONGEST;
use crate::domain::field_validator::FieldValidator;
use crate::domain::mapping::export_file::{fold_name, is_same_name};
use crate::domain::mapping::upload_file::{
    Delimiter, Encoding, UploadFileFormat, looks_like_formula,
};
use crate::language::Message;
use crate::text::excerpt;
use crate::yaml::YamlPath;
use crate::yaml::strict_scalars::{Optional, Text};

/// The file of changes that a portal operated by people takes (Penukaran Secara Pukal).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawBulk {
    /// The names of the file's columns; the default is Alamat E-mel, Tindakan and Rujukan.
    pub columns: Optional<RawBulkColumns>,
    /// The portal's words for the actions; the default is Aktifkan Arkib and Tamatkan Arkib.
    pub actions: Optional<RawBulkActions>,
    /// The delimiter between the fields: comma (the default), semicolon or tab.
    #[schemars(extend("enum" = ["comma", "semicolon", "tab"]))]
    pub delimiter: Optional<Text>,
    /// The character encoding: utf-8 (the default), utf-8-bom or windows-1252.
    #[schemars(extend("enum" = ["utf-8", "utf-8-bom", "windows-1252"]))]
    pub encoding: Optional<Text>,
}

/// The names of the columns of a file of changes, as in the portal's format.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawBulkColumns {
    /// The mailboxes' addresses.
    #[schemars(required, length(min = 1, max = 100))]
    pub mailbox: Optional<Text>,
    /// The actions.
    #[schemars(required, length(min = 1, max = 100))]
    pub action: Optional<Text>,
    /// The requests; if left out, the file has no such column.
    #[schemars(length(min = 1, max = 100))]
    pub request: Optional<Text>,
}

/// The portal's words for the actions.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawBulkActions {
    /// To enable an archive.
    #[schemars(required, length(min = 1, max = 100))]
    pub enable: Optional<Text>,
    /// To terminate an archive.
    #[schemars(required, length(min = 1, max = 100))]
    pub terminate: Optional<Text>,
}

/// Checks the section `bulk`; without it, the usual format applies.
pub(super) fn check(draft: Option<&RawBulk>, fields: &mut FieldValidator) -> UploadFileFormat {
    let mut bulk = UploadFileFormat::default();
    let Some(draft) = draft else { return bulk };
    let delimiter =
        fields.validate_optional_choice(&draft.delimiter, "bulk.delimiter", &Delimiter::WORDS);
    bulk.delimiter = delimiter.unwrap_or(bulk.delimiter);
    let encoding =
        fields.validate_optional_choice(&draft.encoding, "bulk.encoding", &Encoding::WORDS);
    bulk.encoding = encoding.unwrap_or(bulk.encoding);
    let mut names = NameValidator { encoding: bulk.encoding, fields };
    if let Some(columns) = draft.columns.as_ref() {
        let mailbox = names.required_name(&columns.mailbox, "bulk.columns.mailbox");
        let action = names.required_name(&columns.action, "bulk.columns.action");
        let request = columns.request.as_ref();
        let request = request.and_then(|text| names.validate_name(text, "bulk.columns.request"));
        let named = [("mailbox", &mailbox), ("action", &action), ("request", &request)];
        names.report_duplicates("bulk.columns", &named, |name, other| {
            let message = message!("policy-column-of", name, other);
            ("column-twice", message, message!("policy-other-column-help"))
        });
        bulk.mailbox = mailbox.unwrap_or_default();
        bulk.action = action.unwrap_or_default();
        bulk.request = request;
    }
    if let Some(actions) = draft.actions.as_ref() {
        let enable = names.required_name(&actions.enable, "bulk.actions.enable");
        let terminate = names.required_name(&actions.terminate, "bulk.actions.terminate");
        let named = [("enable", &enable), ("terminate", &terminate)];
        names.report_duplicates("bulk.actions", &named, |name, other| {
            let message = message!("policy-word-twice", name, other);
            let help = message!("policy-one-action-help");
            ("word-twice", message, help)
        });
        bulk.enable = enable.unwrap_or_default();
        bulk.terminate = terminate.unwrap_or_default();
    }
    bulk
}

/// Validates names that are written into the file.
struct NameValidator<'a> {
    encoding: Encoding,
    fields: &'a mut FieldValidator,
}

impl NameValidator<'_> {
    fn required_name(&mut self, text: &Option<Text>, key: &str) -> Option<String> {
        let text = self.fields.required(text, key)?;
        self.validate_name(text, key)
    }

    /// A text that can be written into the file unchanged.
    fn validate_name(&mut self, text: &Text, key: &str) -> Option<String> {
        let name = self.fields.validate_text(text, key, LONGEST)?;
        let problem = if name.trim() != name || name.contains('\n') {
            message!("policy-name-ends")
        } else if looks_like_formula(&name) {
            message!("policy-name-formula")
        } else if !self.encoding.can_encode(&name) {
            message!("policy-name-windows-1252")
        } else {
            return Some(name);
        };
        self.fields.add_issue(
            YamlPath::keys(key),
            "bad-name",
            message!("policy-name", name = excerpt(&name, 40), problem),
            message!("policy-name-help"),
        );
        None
    }

    /// Exports each that is the same as one before it, in the words of `issue_parts`.
    fn report_duplicates(
        &mut self,
        section: &str,
        named: &[(&str, &Option<String>)],
        issue_parts: impl Fn(&str, &str) -> (&'static str, Message, Message),
    ) {
        let is_one = |one: &str, other: &str| {
            one == other || (!fold_name(one).is_empty() && is_same_name(one, other))
        };
        for (index, (key, name)) in named.iter().enumerate() {
            let Some(name) = name else { continue };
            let mut before = named[..index].iter();
            let same =
                before.find(|(_, other)| other.as_ref().is_some_and(|other| is_one(other, name)));
            if let Some((other, _)) = same {
                let (kind, message, help) = issue_parts(&excerpt(name, 40), other);
                let at = YamlPath::keys(&format!("{section}.{key}"));
                self.fields.add_issue(at, kind, message, help);
            }
        }
    }
}
