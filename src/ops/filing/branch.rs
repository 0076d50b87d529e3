//! The branch on which new files are committed alone, and the commands that are left to the clerk.

use super::Filing;
use super::ending::Ending;
use super::shell::Shell;
use crate::exit::Exit;
use crate::git::{GitError, Ground, Place};
use crate::load::Source;
use crate::ops::failure::Failure;

/// The branch for new files.
pub(crate) struct NewBranch {
    name: String,
    /// What it begins from, where arkib is to make it.
    ground: Option<Ground>,
}

impl NewBranch {
    /// Looks whether it can be made for a file (its way from the requests folder) that is to come,
    /// where that is wanted.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn prepare(
        filing: &Filing,
        name: String,
        path: &str,
        source: &Source,
    ) -> Result<Self, Failure> {
        if !filing.branch {
            return Ok(Self { name, ground: None });
        }
        let ground = || -> Result<Ground, GitError> {
            match source.repository() {
                Some(place) => place.ground(&name, path),
                None => Place::of(&filing.requests.requests)?.ground(&name, path),
            }
        };
        match ground() {
            Ok(ground) => Ok(Self {
                ground: Some(ground),
                name,
            }),
            Err(error) => {
                let why = format!("Nothing was written, for no branch can be made: {error}.");
                Err(Failure::failed(why, error.help()))
            }
        }
    }
}

/// Files that were written, and how they are to be committed.
pub(crate) struct Written<'a> {
    pub filing: &'a Filing,
    pub source: &'a Source,
    /// The ways to them from the requests folder.
    pub paths: &'a [String],
    /// The same, as a command that the clerk copies names them.
    pub shown: &'a [String],
    pub message: String,
    /// Whether they are spoken of as one file.
    pub is_one: bool,
}

impl Written<'_> {
    /// Commits them where that was wanted and all went well, and notes what comes next.
    pub(crate) fn commit(&self, branch: NewBranch, ending: &mut Ending) {
        let (files, are, stay) = match self.is_one {
            true => ("file", "it is", "the file stays where it is"),
            false => ("files", "they are", "the files stay where they are"),
        };
        let Some(place) = self.source.repository() else {
            ending.help.get_or_insert_with(|| {
                format!("bring the {files} to where the requests are kept in git; only what is merged there counts")
            });
            return;
        };
        let shell = Shell::at(&self.filing.requests.requests, place);
        let NewBranch { name, ground } = branch;
        ending.next = shell.by_hand(self.shown, &name, &self.message);
        let Some(ground) = ground.filter(|_| ending.exit == Exit::Done) else {
            return;
        };
        match place.commit_alone(&ground, &name, self.paths, &self.message) {
            Ok(commit) => {
                let on = format!(" It is commit {commit} on the branch {name}.");
                ending.reason.push_str(&on);
                ending.next = vec![shell.push(&name)];
                ending.branch = Some(name);
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
