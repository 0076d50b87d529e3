//! The custom templates and the crest of an agency, in the folder `templates` next to its policy: on disk,
//! or in the commit that was named.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::options::early_failure;
use crate::domain::agency::Agency;
use crate::domain::notice::crest::{CREST_FILES, LARGEST_CREST, embed_crest};
use crate::domain::notice::template::{CustomTemplate, TEMPLATES};
use crate::environment::read_bounded;
use crate::git;
use crate::git::FileMode;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::records_access::agency_subpath;
use crate::printer;
use crate::printer::text;
use crate::system_limits;
use crate::text::{escape, excerpt};
use crate::yaml::schema_walk::did_you_mean;

/// The folder next to an agency's policy.
const FOLDER: &str = "templates";
/// The largest template, in bytes.
const LARGEST: u64 = 1 << 20;

/// The agency's own templates by name, and its crest as a `data:` URI.
pub(super) fn read_templates(
    source: &LoadedRequests,
    agency: &Agency,
) -> Result<(BTreeMap<String, CustomTemplate>, Option<String>), Failure> {
    let mut found = match source.folder_on_disk() {
        Some(folder) => read_from_disk(source, folder, agency)?,
        None => read_committed(source, agency)?,
    };
    let shown = |name: &str| format!("{}/{name}", display_folder(source, agency));
    let crests = CREST_FILES.iter().filter_map(|name| Some((name, found.remove(*name)?)));
    let crests: Vec<(&&str, Vec<u8>)> = crests.collect();
    let crest = match crests.as_slice() {
        [] => None,
        [(name, bytes)] => Some(embed_crest(bytes).map_err(|why| {
            let why = message!("notify-crest", file = escape(&shown(name)), why);
            early_failure(why, message!("notify-crest-help"))
        })?),
        [(first, _), (second, _), ..] => {
            let why = message!("notify-crests", first = escape(&shown(first)), second = **second);
            return Err(early_failure(why, message!("notify-crests-help")));
        }
    };
    let texts = found.into_iter().map(|(name, bytes)| {
        let file = shown(&name);
        let text = String::from_utf8(bytes).map_err(|_| {
            let why = message!("notify-template-not-text", file = escape(&file));
            early_failure(why, message!("notify-template-not-text-help"))
        })?;
        Ok((name, CustomTemplate { file, text }))
    });
    Ok((texts.collect::<Result<_, Failure>>()?, crest))
}

/// A template that differs from the commit: templates must be reviewed like requests.
pub(super) fn find_uncommitted(
    source: &LoadedRequests,
    agency: &Agency,
) -> Result<Option<String>, Failure> {
    let Some(folder) = source.folder_on_disk() else {
        return Ok(None);
    };
    let here = read_from_disk(source, folder, agency)?;
    let there = read_committed(source, agency)?;
    let lines = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let is_same = |name: &str| match is_crest(name) {
        true => here.get(name) == there.get(name),
        false => here.get(name).map(lines) == there.get(name).map(lines),
    };
    let differs = file_names().find(|name| !is_same(name));
    let shown = display_folder(source, agency);
    Ok(differs.map(|name| format!("{}/{name}", escape(&shown))))
}

/// The folder, as shown to the user.
fn display_folder(source: &LoadedRequests, agency: &Agency) -> String {
    format!("{}/{}{FOLDER}", source.shown, agency_subpath(source, agency))
}

fn read_committed(
    source: &LoadedRequests,
    agency: &Agency,
) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let (Some(place), Some(commit)) = (source.repository(), source.commit()) else {
        return Ok(BTreeMap::new());
    };
    let trouble = |error: git::GitError| early_failure(error.to_string(), error.help());
    let folder = format!("{}{FOLDER}/", agency_subpath(source, agency));
    let unusable =
        |name: &str| unusable_failure(&format!("{}/{folder}{name}", source.shown), largest(name));
    let mut names = Vec::new();
    let mut ids = Vec::new();
    for entry in git::list_tree(place, commit).map_err(trouble)? {
        let path = String::from_utf8_lossy(&entry.path).into_owned();
        let name = path.strip_prefix(&folder).unwrap_or_default();
        if !is_template(name) {
            continue;
        }
        if entry.mode != FileMode::File {
            return Err(unusable(name));
        }
        names.push(name.to_owned());
        ids.push(entry.id);
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let sizes = git::blob_sizes(place, &ids).map_err(trouble)?;
    if let Some((name, _)) = names.iter().zip(sizes).find(|(name, size)| *size > largest(name)) {
        return Err(unusable(name));
    }
    let texts = git::read_blobs(place, &ids).map_err(trouble)?;
    Ok(names.into_iter().zip(texts).collect())
}

fn read_from_disk(
    source: &LoadedRequests,
    folder: &Path,
    agency: &Agency,
) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let folder = folder.join(agency_subpath(source, agency)).join(FOLDER);
    let shown = display_folder(source, agency);
    let entries = match fs::symlink_metadata(&folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Ok(about) if !about.is_dir() => return Err(unusable_failure(&shown, LARGEST)),
        _ => fs::read_dir(folder),
    };
    let unreadable = |error: std::io::Error| {
        let help = system_limits::help(&error);
        let why = message!("notify-unread", file = escape(&shown), error = error.to_string());
        early_failure(why, help.unwrap_or_else(|| message!("notify-unread-help")))
    };
    let mut found = BTreeMap::new();
    for entry in entries.map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let file = format!("{shown}/{name}");
        if !is_template(&name) {
            warn_of_unknown(&file, &name);
            continue;
        }
        // A link can show the content of another file.
        if !entry.file_type().map_err(unreadable)?.is_file() {
            return Err(unusable_failure(&file, largest(&name)));
        }
        let size = entry.metadata().map_err(unreadable)?.len();
        if size > largest(&name) {
            return Err(unusable_failure(&file, largest(&name)));
        }
        let bytes = read_bounded(&entry.path(), largest(&name)).map_err(unreadable)?;
        found.insert(name, bytes);
    }
    Ok(found)
}

/// The names that the files in the folder may have.
fn file_names() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|(name, _)| *name).chain(CREST_FILES)
}

fn is_template(name: &str) -> bool {
    file_names().any(|known| known == name)
}

fn is_crest(name: &str) -> bool {
    CREST_FILES.contains(&name)
}

/// The largest file of that name, in bytes.
fn largest(name: &str) -> u64 {
    if is_crest(name) { LARGEST_CREST } else { LARGEST }
}

fn warn_of_unknown(file: &str, name: &str) {
    let names: Vec<&str> = file_names().collect();
    let file = excerpt(file, 200);
    printer::print_message(&match did_you_mean(name, &names) {
        Some(near) => text!("notify-no-template-near", file, near),
        None => text!("notify-no-template", file),
    });
}

fn unusable_failure(file: &str, most: u64) -> Failure {
    let most = most >> 10;
    let why = message!("notify-template-irregular", file = escape(file), most);
    early_failure(why, message!("notify-template-irregular-help"))
}
