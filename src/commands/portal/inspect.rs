//! The command line of `arkib portal inspect`.

use std::path::PathBuf;

use crate::exit::Exit;
use crate::load::find_requests_folder;
use crate::ops::portal::inspect;
use crate::ops::portal::inspect::Options;
use crate::output::format::Format;

/// Shows what a portal supports, the attributes of its users, and whether the mapping fits.
///
/// It changes nothing and reads all users. The URL and the token come from the environment, as for
/// every command. If there is no mapping, it prints one to fill in.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder with `agency.yaml`; its mapping is checked, if it has one
    /// [default: requests, here or in a folder above]
    #[arg(long, value_name = "DIR", env = "ARKIB_REQUESTS")]
    requests: Option<PathBuf>,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    inspect::run(&Options { requests: find_requests_folder(args.requests), format: args.format })
}
