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
/// those is set. `all` are the short names of all agencies.
///
/// # Errors
/// If one variable could be meant for two agencies.
pub fn names_for_agency(
    agency: &str,
    all: &[String],
    variable: Variable<'_>,
) -> Result<VariableNames, EnvError> {
    let suffix = suffix_of(agency);
    let mut renamed: Vec<_> = general_names().map(|name| (name, own_name(name, &suffix))).collect();
    // `ARKIB_PORTAL_TOKEN_FILE` is not the token of an agency called FILE.
    let is_own = |own: &str| variable(own).is_some() && general_names().all(|name| name != own);
    let set: Vec<&String> = renamed.iter().map(|(_, own)| own).filter(|own| is_own(own)).collect();
    let Some(first) = set.first() else {
        return Ok(VariableNames::default());
    };
    for other in all.iter().filter(|other| *other != agency) {
        let suffix = suffix_of(other);
        let mut names = general_names().map(|name| own_name(name, &suffix));
        if let Some(both) = names.find(|name| set.contains(&name)) {
            return Err(unusable!(
                "{both} could be meant for {agency} and for {other}",
                "give one of the two agencies another short name in its agency.yaml: in the name of a variable all letters are capitals, and all but letters and digits is `_`"
            ));
        }
    }
    if suffix.split('_').next() == Some("FILE") {
        return Err(unusable!(
            "{first} cannot be the variable of an agency: `_FILE` is in the names of variables that name files",
            "give {agency} another short name in its agency.yaml, or remove {first}"
        ));
    }
    renamed.retain(|(name, own)| !shared_names().contains(name) || variable(own).is_some());
    Ok(VariableNames::new(renamed))
}

fn general_names() -> impl Iterator<Item = &'static str> {
    let credentials = [TOKENS, OAUTH, USERS].concat();
    shared_names().into_iter().chain(credentials).chain([TLS.cert, TLS.key])
}

fn own_name(general: &str, suffix: &str) -> String {
    format!("{general}_{suffix}")
}

/// The short name as the end of a variable's name, which has capital letters, digits and `_` only.
fn suffix_of(agency: &str) -> String {
    let letter = |letter: char| match letter.is_ascii_alphanumeric() {
        true => letter.to_ascii_uppercase(),
        false => '_',
    };
    agency.chars().map(letter).collect()
}
