//! `arkib man`: the manual page of a command.

use clap_mangen::Man;

use crate::exit::Exit;
use crate::printer;

/// Prints the manual page of a command, for `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib man | man -l -
  arkib man portal rehearse > arkib-portal-rehearse.1")]
pub struct Args {
    /// The command; without it, the page of arkib itself
    command: Vec<String>,
}

/// Runs the command, for a command line.
pub fn run(args: &Args, command: clap::Command) -> Exit {
    // `arkib help` would be a page of its own, and one below each command.
    let mut root = command.disable_help_subcommand(true);
    root.build();
    let mut command = &root;
    for name in &args.command {
        let Some(found) = command.find_subcommand(name) else {
            printer::print_message(&format!(
                "Failed: arkib has no command `{}`",
                args.command.join(" ")
            ));
            printer::print_message("help: `arkib --help` lists the commands");
            return Exit::Usage;
        };
        command = found;
    }
    let mut page = Vec::new();
    if let Err(error) = Man::new(command.clone()).render(&mut page) {
        printer::print_message(&format!("Failed: the page cannot be written: {error}"));
        return Exit::Failed;
    }
    printer::print_result(&String::from_utf8_lossy(&page));
    Exit::Done
}
