//! The policy's section `export`: how the export of a portal operated by people is read. Pure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::vocabulary;
use super::vocabulary::{RawAccountWords, RawHoldWords, RawStateWords};
use crate::domain::field_validator::FieldValidator;
use crate::domain::mapping::export_file::{ExportField, ExportMapping, fold_name};
use crate::text::excerpt;
use crate::yaml::YamlPath;
use crate::yaml::strict_scalars::{Optional, Text};

/// The longest name of a column, in characters.
pub(super) const LONGEST: usize = 100;

/// How the export of a portal operated by people is read; the usual Malay and English names and
/// words are built in.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawExport {
    /// The names of columns that do not have a usual name.
    pub columns: Optional<RawExportColumns>,
    /// The words for the states of an archive, instead of the usual ones.
    pub states: Optional<RawStateWords>,
    /// The words for the states of an account, instead of the usual ones.
    pub accounts: Optional<RawAccountWords>,
    /// The words for a legal hold, instead of the usual ones.
    pub holds: Optional<RawHoldWords>,
    /// The agency as written in the export's agency column; rows of other agencies are ignored.
    #[schemars(length(min = 1, max = 200))]
    pub agency: Optional<Text>,
}

/// The names of an export's columns. Case, blanks and punctuation make no difference.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawExportColumns {
    /// The mailboxes' addresses, such as Alamat E-mel.
    #[schemars(length(min = 1, max = 100))]
    pub mailbox: Optional<Text>,
    /// The states of the archives, such as Arkib.
    #[schemars(length(min = 1, max = 100))]
    pub state: Optional<Text>,
    /// The states of the accounts, such as Status.
    #[schemars(length(min = 1, max = 100))]
    pub account: Optional<Text>,
    /// The legal holds, such as Tahanan.
    #[schemars(length(min = 1, max = 100))]
    pub hold: Optional<Text>,
    /// The requests that changed them, such as Rujukan.
    #[schemars(length(min = 1, max = 100))]
    pub request: Optional<Text>,
    /// When they were last changed, such as Dikemas kini.
    #[schemars(length(min = 1, max = 100))]
    pub changed_at: Optional<Text>,
    /// Until when terminated archives are kept, such as Disimpan hingga.
    #[schemars(length(min = 1, max = 100))]
    pub recoverable_until: Optional<Text>,
    /// When the accounts were created, such as Tarikh Cipta.
    #[schemars(length(min = 1, max = 100))]
    pub created: Optional<Text>,
    /// The keys of the accounts in the portal, which never go to another account. Not the numbers of rows.
    #[schemars(length(min = 1, max = 100))]
    pub id: Optional<Text>,
    /// The names of the persons, for the address of a letter, such as Nama Penuh.
    #[schemars(length(min = 1, max = 100))]
    pub name: Optional<Text>,
    /// Their posts, such as Jawatan.
    #[schemars(length(min = 1, max = 100))]
    pub post: Optional<Text>,
    /// Their offices, such as Bahagian.
    #[schemars(length(min = 1, max = 100))]
    pub office: Optional<Text>,
    /// The agencies, such as Agensi.
    #[schemars(length(min = 1, max = 100))]
    pub agency: Optional<Text>,
}

/// Checks the section `export`; without it, the usual names and words apply.
pub(super) fn check(draft: Option<&RawExport>, fields: &mut FieldValidator) -> ExportMapping {
    let Some(draft) = draft else {
        return ExportMapping::default();
    };
    let states = draft.states.as_ref();
    let accounts = draft.accounts.as_ref();
    let holds = draft.holds.as_ref();
    let agency = draft.agency.as_ref();
    ExportMapping {
        columns: validate_columns(draft.columns.as_ref(), fields),
        states: states.map(|draft| vocabulary::validate_states(draft, "export.states", fields)),
        accounts: accounts
            .map(|draft| vocabulary::validate_accounts(draft, "export.accounts", fields)),
        holds: holds.map(|draft| vocabulary::validate_holds(draft, "export.holds", fields)),
        agency: agency.and_then(|text| validate_column_name(text, "export.agency", 200, fields)),
    }
}

fn validate_columns(
    draft: Option<&RawExportColumns>,
    fields: &mut FieldValidator,
) -> BTreeMap<ExportField, String> {
    let mut columns = BTreeMap::new();
    let Some(draft) = draft else { return columns };
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (column, text) in [
        (ExportField::Mailbox, &draft.mailbox),
        (ExportField::State, &draft.state),
        (ExportField::Account, &draft.account),
        (ExportField::Hold, &draft.hold),
        (ExportField::Request, &draft.request),
        (ExportField::ChangedAt, &draft.changed_at),
        (ExportField::RecoverableUntil, &draft.recoverable_until),
        (ExportField::Created, &draft.created),
        (ExportField::Id, &draft.id),
        (ExportField::Name, &draft.name),
        (ExportField::Post, &draft.post),
        (ExportField::Office, &draft.office),
        (ExportField::Agency, &draft.agency),
    ] {
        let key = format!("export.columns.{}", column.as_str());
        let text = text.as_ref();
        let Some(name) = text.and_then(|text| validate_column_name(text, &key, LONGEST, fields))
        else {
            continue;
        };
        if let Some(other) = seen.insert(fold_name(&name), column.as_str()) {
            let (at, name) = (YamlPath::keys(&key), excerpt(&name, 40));
            let message = message!("policy-column-of", name, other);
            let help = message!("policy-column-one-meaning-help");
            fields.add_issue(at, "column-twice", message, help);
        }
        columns.insert(column, name);
    }
    columns
}

/// A name of one line that contains a letter or digit.
fn validate_column_name(
    text: &Text,
    key: &str,
    most: usize,
    fields: &mut FieldValidator,
) -> Option<String> {
    let name = fields.validate_text(text, key, most)?;
    let name = name.trim();
    if name.contains('\n') || fold_name(name).is_empty() {
        let shown = excerpt(name, 40);
        fields.add_issue(
            YamlPath::keys(key),
            "bad-name",
            message!("policy-column-name", shown),
            message!("policy-column-name-help"),
        );
        return None;
    }
    Some(name.to_owned())
}
