//! The command line of `arkib portal inspect`.

use std::path::PathBuf;

use crate::exit::Exit;
use crate::ops::portal::inspect;
use crate::ops::portal::inspect::Options;
use crate::output::format::Format;

/// Looks at a portal: what it offers, what its users have, and whether the policy's mapping fits.
///
/// Changes nothing. Where the portal is and its token come from the environment, as for every
/// command. All of its users are read. Without a mapping it prints one to fill in.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The words of an attribute are shown with how many users have each, where there are
at most 20; if there are more than 4, only where two users share each on average.
Of other attributes only the number of different values is shown. Names, addresses,
values of more than 40 characters and values with more than 4 digits are never shown.
Still, read the output before you pass it on.

Examples:
  export ARKIB_PORTAL_URL=https://portal.agensi.example/scim/v2
  export ARKIB_PORTAL_TOKEN_FILE=token
  arkib portal inspect                  what it has, and a mapping to fill in
  arkib portal inspect --format json    the same for programs; see `arkib schema inspect`

Exit status: 0 where arkib can work with the portal as it is, 1 otherwise.")]
pub struct Args {
    /// The folder with `agency.yaml`, whose mapping is checked where there is one
    #[arg(
        long,
        value_name = "DIR",
        default_value = "requests",
        env = "ARKIB_REQUESTS"
    )]
    requests: PathBuf,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    inspect::run(&Options {
        requests: args.requests,
        format: args.format,
    })
}
