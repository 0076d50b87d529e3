//! `arkib portal`: the development portal by itself, for rehearsals, and `arkib portal inspect`,
//! which looks at a real one.

mod inspect;
#[cfg(feature = "embedded")]
mod serve;

use crate::exit::Exit;

/// Runs the development portal by itself, for rehearsals, or looks at a real one.
///
/// Alone it is a complete SCIM 2.0 server on this machine, with the failings of real portals on
/// demand. It stops with Ctrl-C, or by itself with --stop-after.
#[derive(Debug, clap::Args)]
#[cfg_attr(
    feature = "embedded",
    command(args_conflicts_with_subcommands = true, after_help = serve::EXAMPLES)
)]
#[cfg_attr(
    not(feature = "embedded"),
    command(subcommand_required = true, arg_required_else_help = true)
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<PortalCommand>,
    #[cfg(feature = "embedded")]
    #[command(flatten)]
    development: serve::Args,
}

#[derive(Debug, clap::Subcommand)]
enum PortalCommand {
    Inspect(inspect::Args),
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    match args.command {
        Some(PortalCommand::Inspect(args)) => inspect::run(args),
        #[cfg(feature = "embedded")]
        None => serve::run(args.development),
        #[cfg(not(feature = "embedded"))]
        None => Exit::Usage,
    }
}
