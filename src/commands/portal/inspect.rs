//! The command line of `arkib portal inspect`.

use crate::exit::Exit;
use crate::ops::portal::inspect;
use crate::ops::portal::inspect::Options;

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
    #[command(flatten)]
    options: Options,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    inspect::run(&args.options)
}
