//! `arkib man`: the manual page of a command.

use clap_mangen::Man;

use crate::exit::Exit;
use crate::printer;
use crate::printer::text;

/// Prints the manual page of a command, for `man`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command; without it, the page of arkib itself
    command: Vec<String>,
}

/// Runs the command, for a command line.
pub fn run(args: &Args, command: clap::Command) -> Exit {
    let mut command = &command;
    for name in &args.command {
        let Some(found) = command.find_subcommand(name) else {
            printer::print_message(&text!("command-no-such", command = args.command.join(" ")));
            return Exit::Usage;
        };
        command = found;
    }
    let mut page = Vec::new();
    if let Err(error) = Man::new(command.clone()).render(&mut page) {
        printer::print_message(&text!("command-page-unwritten", error = error.to_string()));
        return Exit::Failed;
    }
    printer::print_result(&String::from_utf8_lossy(&page));
    Exit::Done
}
