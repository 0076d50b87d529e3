//! The command line of `arkib portal inspect`.

use std::path::PathBuf;

use crate::exit::Exit;
use crate::ops::portal::inspect;
use crate::ops::portal::inspect::Options;
use crate::output::format::Format;

/// Looks at a portal and writes the mapping by which arkib works with it. Changes nothing.
///
/// Where it is and its token come from the environment, as for every command. Of its users one or
/// two pages are read; names and addresses of persons are not shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  export ARKIB_PORTAL_URL=https://portal.agensi.example/scim/v2 ARKIB_PORTAL_TOKEN_FILE=token
  arkib portal inspect                      what it has, and a `mapping` to paste into agency.yaml
  arkib portal inspect --format json        the same for programs; `arkib schema inspect` describes it

Exit status: 0 where arkib can work with what it found, 1 otherwise.")]
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
