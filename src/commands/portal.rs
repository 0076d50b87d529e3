//! `arkib portal`: the development portal by itself, for rehearsals, and `arkib portal inspect`,
//! which looks at a real one.

use super::examples;
use crate::exit::Exit;
use crate::ops::portal::inspect;
#[cfg(feature = "embedded")]
use crate::ops::portal::serve;

/// Runs the development portal by itself, for rehearsals, or looks at a real one.
///
/// Alone it is a complete SCIM 2.0 server on this machine, with the failings of real portals on
/// demand. It stops with Ctrl-C, or by itself with --stop-after.
#[derive(Debug, clap::Args)]
#[cfg_attr(
    feature = "embedded",
    command(args_conflicts_with_subcommands = true, after_help = examples::PORTAL)
)]
#[cfg_attr(
    not(feature = "embedded"),
    command(subcommand_required = true, arg_required_else_help = true)
)]
pub struct Args {
    #[command(subcommand)]
    look: Option<Look>,
    #[cfg(feature = "embedded")]
    #[command(flatten)]
    development: serve::Options,
}

#[derive(Debug, clap::Subcommand)]
enum Look {
    /// Looks at a portal: what it offers, what its users have, and whether the policy's mapping fits.
    ///
    /// Changes nothing. Where the portal is and its token come from the environment, as for every
    /// command. All of its users are read. Without a mapping it prints one to fill in.
    #[command(after_help = examples::INSPECT)]
    Inspect(inspect::Options),
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    match args.look {
        Some(Look::Inspect(options)) => inspect::run(&options),
        #[cfg(feature = "embedded")]
        None => serve::run(&args.development),
        #[cfg(not(feature = "embedded"))]
        None => Exit::Usage,
    }
}
