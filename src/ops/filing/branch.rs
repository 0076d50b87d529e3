//! The branch on which new files are committed alone, and the commands that are left to the clerk.

use std::path::Path;

use super::Filing;
use super::ending::Ending;
use super::shell::Shell;
use crate::exit::Exit;
use crate::git::{Ground, Place};
use crate::load::Source;
use crate::ops::failure::Failure;

/// So many of several files are named one by one in a command.
const MOST_NAMED: usize = 20;

/// How the files are spoken of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Files {
    /// As the file of a request, whatever lies beside it.
    One,
    /// As files, also where there is but one.
    Many,
}

pub(crate) struct NewBranch<'a> {
    folder: &'a Path,
    name: String,
    /// What it begins from, where arkib is to make it.
    ground: Option<Ground>,
}

impl<'a> NewBranch<'a> {
    /// Looks whether it can be made for a file (its way from the requests folder) that is to come,
    /// where that is wanted.
    pub(crate) fn prepare(
        filing: &'a Filing,
        name: String,
        path: &str,
        source: &Source,
    ) -> Result<Self, Failure> {
        let folder = &filing.requests.requests;
        let look = || match source.repository() {
            Some(place) => place.ground(&name, path),
            None => Place::of(folder)?.ground(&name, path),
        };
        let ground = filing.branch.then(look).transpose().map_err(|error| {
            let why = format!("Nothing was written, for no branch can be made: {error}.");
            Failure::failed(why, error.help())
        })?;
        Ok(Self {
            folder,
            name,
            ground,
        })
    }

    /// Commits the files (their ways from the requests folder) where that was wanted and all went
    /// well, and notes what comes next.
    pub(crate) fn commit(
        self,
        source: &Source,
        paths: &[String],
        message: &str,
        files: Files,
        ending: &mut Ending,
    ) {
        let (noun, are, stay) = match files {
            Files::One => ("file", "it is", "the file stays where it is"),
            Files::Many => ("files", "they are", "the files stay where they are"),
        };
        let Some(place) = source.repository() else {
            ending.help.get_or_insert_with(|| {
                format!("bring the {noun} to where the requests are kept in git; only what is merged there counts")
            });
            return;
        };
        let shell = Shell::at(self.folder, place);
        let named = match files {
            Files::Many if paths.len() > MOST_NAMED => folders(paths),
            _ => paths.to_vec(),
        };
        ending.next = shell.by_hand(&named, &self.name, message);
        let Some(ground) = self.ground.filter(|_| ending.exit == Exit::Done) else {
            return;
        };
        match place.commit_alone(&ground, &self.name, paths, message) {
            Ok(commit) => {
                let on = format!(" It is commit {commit} on the branch {}.", self.name);
                ending.reason.push_str(&on);
                ending.next = vec![shell.push(&self.name)];
                ending.branch = Some(self.name);
            }
            Err(error) => {
                ending.exit = Exit::Failed;
                let but = format!(" But {are} not committed: {error}.");
                ending.reason.push_str(&but);
                ending.help = Some(format!("mend that and go on by hand; {stay}"));
            }
        }
    }
}

fn folders(paths: &[String]) -> Vec<String> {
    let folders = paths.iter().filter_map(|path| path.rsplit_once('/'));
    let mut folders: Vec<String> = folders.map(|(folder, _)| folder.to_owned()).collect();
    folders.dedup();
    folders
}
