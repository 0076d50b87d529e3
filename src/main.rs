//! The `arkib` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    arkib::cli::main()
}
