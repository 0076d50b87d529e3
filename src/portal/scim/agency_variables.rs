//! The variables of one agency among several: `ARKIB_PORTAL_TOKEN_CONTOH` in place of
//! `ARKIB_PORTAL_TOKEN`. A token of all agencies is never sent to a portal of one. Pure.

use super::credentials::choice::{OAUTH, TOKENS, USERS};
use super::variables::{TLS, URL};
use crate::environment::{EnvError, Variable, VariableNames, unusable};

/// Where an agency sets none of its own, it has those of all.
fn shared_names() -> [&'static str; 2] {
    [URL, TLS.ca]
}

/// What an agency's variables are called: as everywhere, or with the agency's name, if at least one of
/// those is set. A variable belongs to one name at most (but for the case of letters), so that a run that
/// sees one agency alone takes no other's.
///
/// # Errors
/// If a variable of an agency called FILE is set.
pub fn names_for_agency(agency: &str, variable: Variable<'_>) -> Result<VariableNames, EnvError> {
    let suffix = suffix_of(agency);
    let own_name = |name| (name, format!("{name}_{suffix}"));
    let mut renamed: Vec<_> = general_names().map(own_name).collect();
    // `ARKIB_PORTAL_TOKEN_FILE` is not the token of an agency called FILE.
    let is_own = |own: &str| variable(own).is_some() && general_names().all(|name| name != own);
    let Some((_, first)) = renamed.iter().find(|(_, own)| is_own(own)) else {
        return Ok(VariableNames::default());
    };
    if suffix == "FILE" {
        return Err(unusable!("setting-agency-file", first; agency, first));
    }
    renamed.retain(|(name, own)| !shared_names().contains(name) || variable(own).is_some());
    Ok(VariableNames::new(renamed))
}

fn general_names() -> impl Iterator<Item = &'static str> {
    let credentials = [TOKENS, OAUTH, USERS].concat();
    shared_names().into_iter().chain(credentials).chain([TLS.cert, TLS.key])
}

/// The short name as the end of a variable's name, which has capital letters, digits and `_` only: any
/// other character is its number in Unicode between two `_`. So `_` is there an even number of times, and
/// `TOKEN_FILE_…` is never both a token of `FILE…` and the file of another agency.
fn suffix_of(agency: &str) -> String {
    let part = |letter: char| match letter.is_ascii_alphanumeric() {
        true => letter.to_ascii_uppercase().to_string(),
        false => format!("_{:X}_", u32::from(letter)),
    };
    agency.chars().map(part).collect()
}
