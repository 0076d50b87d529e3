//! `arkib completions`: a completion script for a shell.

use clap_complete::Shell;

use crate::exit::Exit;
use crate::printer;

/// Prints a completion script for a shell.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Runs the command, for a command line.
pub fn run(args: &Args, mut command: clap::Command) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "arkib", &mut script);
    printer::print_result(&String::from_utf8_lossy(&script));
    Exit::Done
}
