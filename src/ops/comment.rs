//! `arkib comment`: one comment on the pull request of a CI job, kept up to date.

use std::io;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::credential_access;
use crate::environment::{VariableNames, read_bounded, variable};
use crate::exit::Exit;
use crate::forge::api::PullRequestApi;
use crate::forge::ci_run::PullRequestRun;
use crate::forge::comment_text::comment_text;
use crate::forge::comments::{CommentOutcome, write_comment};
use crate::forge::error::ForgeError;
use crate::forge::settings::{ForgeSettings, no_token};
use crate::printer;
use crate::printer::text;
use crate::private_files::open_unlinked;
use crate::text::{escape, excerpt, shown_path};

/// How much of a file is read, in bytes: more than any forge takes.
const LONGEST: u64 = 8 << 20;
/// The largest event of a job, in bytes.
const LARGEST_EVENT: u64 = 32 << 20;
/// How much of a forge's own words is shown, in characters.
const LONGEST_QUOTE: usize = 200;

/// The options of the command.
#[derive(Debug)]
pub struct Options {
    /// The text of the comment.
    pub file: PathBuf,
    /// Show what would be written, and where; ask the forge nothing
    pub dry_run: bool,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let read_event = |path: &Path| read_bounded(path, LARGEST_EVENT);
    let run = match PullRequestRun::from_environment(&variable, &read_event) {
        Ok(run) => run,
        Err(error) => return end(Exit::Usage, "", &error),
    };
    let text = match read_text(&options.file) {
        Ok(text) => comment_text(&text, &run),
        Err(error) => return end(Exit::Failed, &text!("comment-none"), &error),
    };
    if options.dry_run {
        let place = describe(&run);
        printer::print_note(&text!("comment-dry-run", place));
        printer::print_result(&text);
        return Exit::Done;
    }
    match write(&run, &text) {
        Ok(exit) => exit,
        Err(error) if run.is_from_fork && error.is_refusal => {
            let help = message!("comment-fork-has-no-token");
            end(Exit::Done, &text!("comment-none-note"), &ForgeError { help, ..error })
        }
        Err(error) => end(Exit::Failed, &text!("comment-none"), &error),
    }
}

fn write(run: &PullRequestRun, text: &str) -> Result<Exit, ForgeError> {
    let access = credential_access(VariableNames::default());
    let settings = ForgeSettings::from_environment(run, &variable, &access)?;
    let Some(settings) = settings else {
        return Err(no_token(run.forge));
    };
    // What goes to a forge is not printed.
    let text = printer::without_secrets(text);
    let quote = |words: &str| excerpt(printer::without_secrets(words).trim(), LONGEST_QUOTE);
    let runtime =
        super::new_runtime().map_err(|why| ForgeError::new(why, message!("comment-run-again")))?;
    let outcome = runtime.block_on(async {
        let api = PullRequestApi::new(run, settings, &quote)?;
        write_comment(&api, &run.head, &text).await
    })?;
    match outcome {
        CommentOutcome::Written(url) => {
            let url = url.map_or_else(|| describe(run), |url| excerpt(&url, 2_000));
            printer::print_result(&format!("{url}\n"));
        }
        CommentOutcome::Outdated(newest) => {
            let (newest, head) = (excerpt(&newest, 64), escape(&run.head));
            printer::print_message(&text!("comment-outdated", newest, head));
        }
    }
    Ok(Exit::Done)
}

/// The text of the file, which may be no link; nothing where there is none, because the job failed before it
/// could write one.
fn read_text(file: &Path) -> Result<String, ForgeError> {
    let mut bytes = Vec::new();
    let read = open_unlinked(file).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes));
    match read {
        // What older PowerShells write by `>` is UTF-16, and says so at its beginning.
        Ok(_) => Ok(encoding_rs::UTF_8.decode(&bytes).0.into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => {
            let file = shown_path(file);
            let why = message!("comment-unreadable", file, error = error.to_string());
            Err(ForgeError::new(why, message!("comment-unreadable-help")))
        }
    }
}

/// "pull request 7 of agensi/arkib (GitHub)".
fn describe(run: &PullRequestRun) -> String {
    let project = excerpt(&run.project, 200);
    let number = run.number.to_string();
    text!("comment-place", number, project, forge = run.forge.name())
}

/// Ends with one line, because a log shows little of a step.
fn end(exit: Exit, result: &str, error: &ForgeError) -> Exit {
    let gap = if result.is_empty() { "" } else { ": " };
    let (why, help) = (printer::render(&error.why), printer::render(&error.help));
    printer::print_message(&format!("{result}{gap}{why}; {help}"));
    exit
}
