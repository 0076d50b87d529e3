//! Every file below a folder read and parsed with bare serde, on all cores.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use serde::Deserialize;

/// A request, as far as serde alone can tell.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read to be thrown away")]
struct Bare {
    version: u64,
    id: String,
    action: String,
    mailboxes: Vec<String>,
    received: Received,
    approvals: Vec<Approval>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read to be thrown away")]
struct Received {
    date: String,
    channel: String,
    reference: String,
    from: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read to be thrown away")]
struct Approval {
    by: String,
    date: String,
}

pub fn parse(folder: &Path) -> anyhow::Result<()> {
    let begin = Instant::now();
    let mut files = Vec::new();
    list(folder, &mut files)?;
    let read: Vec<Bare> = files
        .par_iter()
        .map(|file| anyhow::Ok(serde_yaml::from_slice(&fs::read(file)?)?))
        .collect::<anyhow::Result<_>>()?;
    super::told("parse", read.len(), begin.elapsed());
    Ok(())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else if entry.path().extension().is_some_and(|it| it == "yaml")
            && entry.file_name() != "agency.yaml"
        {
            files.push(entry.path());
        }
    }
    Ok(())
}
