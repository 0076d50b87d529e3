//! `arkib check`: validates policy and requests, offline (procedure step 2).

use super::load::Requests;
use crate::cli::Format;
use crate::exit::Exit;
use crate::printer;
use crate::report::findings::{self, count, plural};
use crate::report::json::{self, CheckOutput};
use crate::yaml::has_errors;

/// Checks policy and requests, without a portal.
///
/// Reads every file and shows all problems of all of them, each at its line and column.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib check                            check the folder requests/
  arkib check --requests examples/broken see what each kind of mistake looks like
  arkib check --format json              for a program")]
pub struct Args {
    #[command(flatten)]
    requests: Requests,
    /// Fail on warnings, too
    #[arg(long)]
    strict: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let loaded = args.requests.read();
    let found = &loaded.findings;
    let failed = has_errors(found) || (args.strict && !found.is_empty());
    let exit = if failed { Exit::Failed } else { Exit::Done };
    let read = plural(loaded.request_files, "request", "requests");
    let reason = if found.is_empty() {
        format!("{read} checked, no problems")
    } else {
        format!("{read} checked, {}", count(found))
    };
    match args.format {
        Format::Human if found.is_empty() => printer::result(&format!("{reason}\n")),
        Format::Human => printer::result(&format!("{}{reason}\n", findings::human(found))),
        Format::Json => {
            let agencies = loaded.agencies.iter();
            let names = agencies
                .map(|agency| agency.policy.agency.clone())
                .collect();
            let output = CheckOutput::of(loaded.request_files, names, found, exit, &reason);
            printer::result(&json::render(&output));
        }
    }
    exit
}
