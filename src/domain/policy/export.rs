//! What the policy says of the export of a portal operated by people. Pure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::words;
use super::words::{AccountsDraft, HoldsDraft, StatesDraft};
use crate::domain::fields::Fields;
use crate::domain::mapping::export::{Column, ExportMapping, folded_name};
use crate::text::excerpt;
use crate::yaml::Path;
use crate::yaml::draft::{Optional, Text};

/// The longest name of a column, in characters.
pub(super) const LONGEST: usize = 100;

/// How the export of a portal operated by people is read; the usual Malay and English names of
/// columns, and words in them, are known without this.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExportDraft {
    /// The names of columns that have other names than the usual ones.
    pub columns: Optional<ExportColumnsDraft>,
    /// The words for the states of an archive, in place of the usual ones.
    pub states: Optional<StatesDraft>,
    /// The words for the states of an account, in place of the usual ones.
    pub accounts: Optional<AccountsDraft>,
    /// The words for a legal hold, in place of the usual ones.
    pub holds: Optional<HoldsDraft>,
    /// The agency as the export's column of agencies has it; rows of others are passed over.
    #[schemars(length(min = 1, max = 200))]
    pub agency: Optional<Text>,
}

/// The names of an export's columns. Upper and lower case, blanks and signs are not told apart.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExportColumnsDraft {
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
    /// The agencies, such as Agensi.
    #[schemars(length(min = 1, max = 100))]
    pub agency: Optional<Text>,
}

/// Checks what a policy says of the export; the usual names and words where it says nothing.
pub(super) fn check(draft: Option<&ExportDraft>, fields: &mut Fields) -> ExportMapping {
    let Some(draft) = draft else {
        return ExportMapping::default();
    };
    let states = draft.states.as_ref();
    let accounts = draft.accounts.as_ref();
    let holds = draft.holds.as_ref();
    let agency = draft.agency.as_ref();
    ExportMapping {
        columns: columns(draft.columns.as_ref(), fields),
        states: states.map(|draft| words::states(draft, "export.states", fields)),
        accounts: accounts.map(|draft| words::accounts(draft, "export.accounts", fields)),
        holds: holds.map(|draft| words::holds(draft, "export.holds", fields)),
        agency: agency.and_then(|text| name(text, "export.agency", 200, fields)),
    }
}

fn columns(draft: Option<&ExportColumnsDraft>, fields: &mut Fields) -> BTreeMap<Column, String> {
    let mut columns = BTreeMap::new();
    let Some(draft) = draft else { return columns };
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (column, text) in [
        (Column::Mailbox, &draft.mailbox),
        (Column::State, &draft.state),
        (Column::Account, &draft.account),
        (Column::Hold, &draft.hold),
        (Column::Request, &draft.request),
        (Column::ChangedAt, &draft.changed_at),
        (Column::RecoverableUntil, &draft.recoverable_until),
        (Column::Agency, &draft.agency),
    ] {
        let key = format!("export.columns.{}", column.as_str());
        let text = text.as_ref();
        let Some(name) = text.and_then(|text| name(text, &key, LONGEST, fields)) else {
            continue;
        };
        if let Some(other) = seen.insert(folded_name(&name), column.as_str()) {
            fields.issue(
                Path::keys(&key),
                "column-twice",
                format!("the column `{}` is also that of `{other}`", excerpt(&name, 40)),
                "each column says one thing; upper and lower case, blanks and signs are not told apart",
            );
        }
        columns.insert(column, name);
    }
    columns
}

/// A name of one line with a letter or digit in it, by which it can be found.
fn name(text: &Text, key: &str, most: usize, fields: &mut Fields) -> Option<String> {
    let name = fields.text(text, key, most)?;
    let name = name.trim();
    if name.contains('\n') || folded_name(name).is_empty() {
        let shown = excerpt(name, 40);
        fields.issue(
            Path::keys(key),
            "bad-name",
            format!("found `{shown}`, expected a name of one line with letters or digits"),
            "write the name as it stands in the export",
        );
        return None;
    }
    Some(name.to_owned())
}
