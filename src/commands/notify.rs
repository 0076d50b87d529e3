//! The command line of `arkib notify`.

use crate::exit::Exit;
use crate::ops::notify;
use crate::ops::notify::Options;

/// Gives the notices that are due: tells each user and applicant how far their request has come.
///
/// A request is answered by the channel it came by: by e-mail, or by a memo, letter or form to print.
/// Only the notice of the stage that a request is in now is due, and only requests received since
/// the day in the policy's `notices` count.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib notify --dry-run                  who would be told what, and by which channel
  arkib notify --dry-run --show           with the whole text of each notice
  arkib notify                            show it, ask, give the notices
  arkib notify --yes --output notices     in CI; what is to be printed goes into this folder
  arkib notify --only BMT-2026-0042       about this request alone
  arkib notify --again BMT-2026-0042 --to siti@agensi.example   give one once more

What is guaranteed: nobody is given the same notice twice by itself. Each is recorded, and synced,
before the mail server has its text or its file is made; a run that is killed in between leaves it
`unknown`, which is told and never given again without --again. This holds as long as the records
of earlier runs are there: keep the folder `records` (in CI, commit it after each run). On one machine
runs over the same records take turns. Runs on two machines do not know of each other: let CI run
one at a time, and let each begin with the records of the one before.

A mail server is found through the environment, and only where a message is due:
  ARKIB_SMTP_URL            smtps://host (TLS), or smtp://host:587 (STARTTLS, which must be offered);
                            without TLS only on this machine, such as smtp://127.0.0.1:2525
  ARKIB_SMTP_USER           the name to log in with, where the server wants one, and
  ARKIB_SMTP_PASSWORD_FILE  a file with its password; or ARKIB_SMTP_PASSWORD, the password itself
  ARKIB_SMTP_CA             PEM file of the authorities to trust, in place of the system's

Templates in the folder `templates` beside the policy replace arkib's own: email.txt, email.html,
memo.html, letter.html, form.html, print.css. docs/NOTICES.md says what they are given.")]
pub struct Args {
    #[command(flatten)]
    options: Options,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    notify::run(&args.options)
}
