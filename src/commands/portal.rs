//! `arkib portal`: runs the development portal, for rehearsals; `arkib portal inspect` examines a
//! real one, and `arkib portal rehearse` proves the mapping on a test mailbox.

mod inspect;
mod rehearse;
#[cfg(feature = "embedded")]
mod serve;

use crate::exit::Exit;

/// Runs the development portal, or examines a real one.
///
/// The development portal is a SCIM 2.0 server on this machine. It can imitate the faults of real
/// portals. Ctrl-C stops it, or --stop-after.
#[derive(Debug, clap::Args)]
#[cfg_attr(feature = "embedded", command(args_conflicts_with_subcommands = true))]
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
    Rehearse(rehearse::Args),
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    match args.command {
        Some(PortalCommand::Inspect(args)) => inspect::run(args),
        Some(PortalCommand::Rehearse(args)) => rehearse::run(args),
        #[cfg(feature = "embedded")]
        None => serve::run(args.development),
        #[cfg(not(feature = "embedded"))]
        None => Exit::Usage,
    }
}
