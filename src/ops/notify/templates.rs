//! The templates that an agency has of its own, in the folder `templates` beside its policy: from the
//! folder, or from the commit that was named.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::domain::notice::template::{Own, TEMPLATES};
use crate::environment::read_bounded;
use crate::git;
use crate::git::Mode;
use crate::load::Source;
use crate::printer;
use crate::text::{excerpt, visible};
use crate::yaml::shape::did_you_mean;

/// The folder, beside an agency's policy.
const FOLDER: &str = "templates";
/// The largest template, in bytes; a coat of arms fits in as `data:`.
const LARGEST: u64 = 1 << 20;

/// Why they cannot be used, and what to do.
pub(super) type Trouble = (String, String);

/// The agency's own templates by their names, and what each holds. `below` is the way from the
/// requests folder to the agency's.
pub(super) fn read(
    source: &Source,
    folder: &Path,
    below: &str,
    is_commit: bool,
) -> Result<BTreeMap<String, Own>, Trouble> {
    let found = if is_commit {
        committed(source, below)?
    } else {
        on_disk(&folder.join(below).join(FOLDER), &source.shown, below)?
    };
    let texts = found.into_iter().map(|(name, bytes)| {
        let file = format!("{}/{below}{FOLDER}/{name}", source.shown);
        let text = String::from_utf8(bytes).map_err(|_| {
            let why = format!("{} is not UTF-8", visible(&file));
            (why, "save the template as UTF-8".to_owned())
        })?;
        Ok((name, Own { file, text }))
    });
    texts.collect()
}

/// Why they may not be used: what is sent must have been reviewed as the requests were.
pub(super) fn why_uncommitted(
    source: &Source,
    folder: &Path,
    below: &str,
) -> Result<Option<Trouble>, Trouble> {
    let here = on_disk(&folder.join(below).join(FOLDER), &source.shown, below)?;
    let there = committed(source, below)?;
    let lines = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let is_same = |name: &str| here.get(name).map(lines) == there.get(name).map(lines);
    let differs = TEMPLATES.iter().find(|(name, _)| !is_same(name));
    Ok(differs.map(|(name, _)| {
        (
            format!(
                "the template {}/{below}{FOLDER}/{name} differs from the commit",
                visible(&source.shown)
            ),
            "commit the templates first; --allow-uncommitted is for rehearsals".to_owned(),
        )
    }))
}

fn committed(source: &Source, below: &str) -> Result<BTreeMap<String, Vec<u8>>, Trouble> {
    let (Some(place), Some(commit)) = (source.repository(), source.commit()) else {
        return Ok(BTreeMap::new());
    };
    let trouble = |error: git::GitError| (error.to_string(), error.help().to_owned());
    let folder = format!("{below}{FOLDER}/");
    let mut found = Vec::new();
    for entry in git::tree(place, commit).map_err(trouble)? {
        let path = String::from_utf8_lossy(&entry.path).into_owned();
        let name = path.strip_prefix(&folder).unwrap_or_default();
        if !is_template(name) {
            continue;
        }
        if entry.mode != Mode::File || entry.size > LARGEST {
            return Err(unusable(&format!("{}/{path}", source.shown)));
        }
        found.push((name.to_owned(), entry.id));
    }
    let ids: Vec<&str> = found.iter().map(|(_, id)| id.as_str()).collect();
    let texts = git::blobs(place, &ids).map_err(trouble)?;
    let names = found.iter().map(|(name, _)| name.clone());
    Ok(names.zip(texts).collect())
}

fn on_disk(folder: &Path, shown: &str, below: &str) -> Result<BTreeMap<String, Vec<u8>>, Trouble> {
    let shown = format!("{shown}/{below}{FOLDER}");
    let entries = match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Ok(about) if !about.is_dir() => return Err(unusable(&shown)),
        _ => fs::read_dir(folder),
    };
    let unreadable = |error: std::io::Error| {
        let why = format!("{} cannot be read: {error}", visible(&shown));
        (why, "mend the permissions".to_owned())
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
        // A link could show another file's content.
        if !entry.file_type().map_err(unreadable)?.is_file() {
            return Err(unusable(&file));
        }
        let bytes = read_bounded(&entry.path(), LARGEST).map_err(unreadable)?;
        found.insert(name, bytes);
    }
    Ok(found)
}

fn is_template(name: &str) -> bool {
    TEMPLATES.iter().any(|(known, _)| *known == name)
}

fn warn_of_unknown(file: &str, name: &str) {
    let names = TEMPLATES.map(|(name, _)| name);
    let near = did_you_mean(name, &names);
    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    printer::say(&format!(
        "note: {} is no template that arkib knows{near}",
        excerpt(file, 200)
    ));
}

fn unusable(file: &str) -> Trouble {
    (
        format!("{} is no regular file of at most a megabyte", visible(file)),
        "put the template itself into the folder".to_owned(),
    )
}
