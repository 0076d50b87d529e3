//! The command line: the commands, and how the program starts and ends.

mod help;
mod language_choice;
#[cfg(test)]
mod operation_tests;

use std::io;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, RwLock};

use anstream::ColorChoice;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use help::HelpTexts;
use language_choice::{choose, find_option};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::commands::{
    approve, check, comment, completions, import, init, man, notify, portal, reconcile, records,
    register, request, schema, status,
};
use crate::exit::Exit;
use crate::language::Language;
use crate::printer;
use crate::printer::text;
use crate::private_files;
use crate::system_limits;
use crate::text::{escape, shown_path};

/// Keeps archive mailboxes in the state that approved requests ask for.
///
/// Requests are YAML files in the folder `requests/`. `arkib check` reads them, `arkib reconcile
/// --dry-run` shows the differences to the portal, and `arkib reconcile` enables and terminates
/// archives until both agree. arkib never does anything that no approved request asks for.
#[derive(Debug, Parser)]
#[command(name = "arkib", bin_name = "arkib", version, max_term_width = 80)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: GlobalOptions,
}

/// The options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
struct GlobalOptions {
    /// Run as if arkib were started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true, display_order = 1000)]
    directory: Option<PathBuf>,
    /// The language of what people read [default: ARKIB_LANGUAGE, else the policy's, else the system's; of notices and register the policy's]
    #[arg(long, global = true, value_enum, display_order = 1000)]
    language: Option<Language>,
    /// When to use colours [default: on a terminal, unless NO_COLOR is set; with FORCE_COLOR always]
    #[arg(long, global = true, value_enum, value_name = "WHEN", display_order = 1000)]
    color: Option<clap::ColorChoice>,
    /// Show no progress, no notes and no next steps, only results, warnings and errors
    #[arg(short, long, global = true, display_order = 1000, conflicts_with = "verbose")]
    quiet: bool,
    /// Say on standard error what is sent again or renewed, and why, as with ARKIB_LOG=debug
    #[arg(short, long, global = true, display_order = 1000)]
    verbose: bool,
}

/// The help of each command is in its file.
#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Reconcile(reconcile::Args),
    Comment(comment::Args),
    Status(status::Args),
    Request(request::Args),
    Approve(approve::Args),
    Import(import::Args),
    Init(init::Args),
    Notify(notify::Args),
    Records(records::Args),
    Register(register::Args),
    Portal(portal::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Reads the command line and runs the command.
pub fn main() -> ExitCode {
    // What is wrong with ARKIB_LANGUAGE is said when the command line is known to be right.
    let variable = |name: &str| std::env::var(name).ok();
    let _ = choose(find_option(std::env::args_os()), &variable);
    printer::measure_columns(std::env::var("COLUMNS").ok().as_deref());
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return show_clap_message(error).into(),
    };
    choose_color(cli.global.color);
    printer::set_quiet(cli.global.quiet);
    let language = choose(cli.global.language, &variable);
    if let Err(why) = language.and_then(|()| change_directory(&cli.global)) {
        printer::print_message(&why);
        return Exit::Usage.into();
    }
    start_log(cli.global.verbose);
    if let Err(error) = prepare_system() {
        let help = system_limits::help(&error);
        let help = help.unwrap_or_else(|| message!("command-no-start-help"));
        printer::print_message(&text!("command-no-start", error = error.to_string()));
        printer::print_message(&text!("run-help", help));
        return Exit::Failed.into();
    }
    let exit = cli.run();
    if let Some(place) = private_files::not_private() {
        printer::print_message(&text!("command-not-private", place));
    }
    if matches!(exit, Exit::Done | Exit::Pending) && printer::has_write_failed() {
        return Exit::Failed.into();
    }
    exit.into()
}

/// Colours as the option says, else as FORCE_COLOR does; otherwise a terminal and NO_COLOR decide.
fn choose_color(when: Option<clap::ColorChoice>) {
    let is_forced = || {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        is_set("FORCE_COLOR") && !is_set("NO_COLOR")
    };
    match when {
        Some(clap::ColorChoice::Always) => ColorChoice::Always.write_global(),
        Some(clap::ColorChoice::Never) => ColorChoice::Never.write_global(),
        None if is_forced() => ColorChoice::Always.write_global(),
        Some(clap::ColorChoice::Auto) | None => {}
    }
}

/// Goes to the folder that the option names.
///
/// # Errors
/// Why that is not possible.
fn change_directory(options: &GlobalOptions) -> Result<(), String> {
    let Some(folder) = &options.directory else { return Ok(()) };
    std::env::set_current_dir(folder).map_err(|error| {
        let folder = escape(&shown_path(folder)).into_owned();
        text!("run-no-such-directory", folder, error = error.to_string())
    })
}

/// Tries what would be a panic later.
fn prepare_system() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // tokio panics if it gets no files for its signals.
        (0..4).map(|_| UnixStream::pair()).collect::<io::Result<Vec<_>>>()?;
        // A limit of the size of files (`ulimit -f`) makes a write fail, like a full disk, instead of
        // ending the program in the middle of a record, if its signal has a handler; tokio's stays.
        const SIGXFSZ: i32 = 25;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let _in_runtime = runtime.enter();
        drop(signal(SignalKind::from_raw(SIGXFSZ))?);
    }
    // Neither do rayon and tokio take it if they get no threads: as many are tried, all at once.
    let count = 2 * std::thread::available_parallelism().map_or(2, usize::from) + 4;
    let hold = Arc::new(RwLock::new(()));
    let held = hold.write();
    let start = |_| {
        let hold = Arc::clone(&hold);
        std::thread::Builder::new().spawn(move || drop(hold.read()))
    };
    let threads = (0..count).map(start).collect::<io::Result<Vec<_>>>();
    drop(held);
    threads?.into_iter().for_each(|thread| drop(thread.join()));
    Ok(())
}

impl Cli {
    fn run(self) -> Exit {
        let language = self.global.language;
        let texts = HelpTexts(printer::language());
        match self.command {
            Command::Check(args) => check::run(args),
            Command::Reconcile(args) => reconcile::run(args),
            Command::Comment(args) => comment::run(args),
            Command::Status(args) => status::run(args),
            Command::Request(args) => request::run(args),
            Command::Approve(args) => approve::run(args),
            Command::Import(args) => import::run(args),
            Command::Init(args) => init::run(args, language),
            Command::Notify(args) => notify::run(args, language),
            Command::Records(args) => records::run(args),
            Command::Register(args) => register::run(args, language),
            Command::Portal(args) => portal::run(args),
            Command::Schema(args) => schema::run(&args),
            Command::Completions(args) => completions::run(&args, texts.localize(Self::command())),
            Command::Man(args) => man::run(&args, texts.localize(Self::command())),
        }
    }
}

/// Help and version are results; all other messages of clap are usage errors. Each is made again with the
/// help in the language of the screen.
fn show_clap_message(error: clap::Error) -> Exit {
    let again = HelpTexts(printer::language())
        .localize(Cli::command())
        .try_get_matches_from(std::env::args_os());
    let error = again.err().unwrap_or(error);
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if error.use_stderr() && !is_help {
        printer::print_message(&help::render_error(&error));
        return Exit::Usage;
    }
    let text = HelpTexts(printer::language()).replace_frames(&error.render().ansi().to_string());
    if is_help {
        printer::print_message(text.trim_end());
        return Exit::Usage;
    }
    printer::print_result(&text);
    if printer::has_write_failed() { Exit::Failed } else { Exit::Done }
}

/// Diagnostics go to standard error, and only if ARKIB_LOG is set or the option asks for them.
fn start_log(is_verbose: bool) {
    let filter = std::env::var("ARKIB_LOG").ok();
    let Some(filter) = filter.or_else(|| is_verbose.then(|| "arkib=debug".to_owned())) else {
        return;
    };
    match filter.parse::<Targets>() {
        Ok(targets) => tracing_subscriber::registry()
            .with(targets)
            .with(
                tracing_subscriber::fmt::layer()
                    .with_writer(printer::log_writer)
                    .with_ansi(printer::shows_progress()),
            )
            .init(),
        Err(error) => {
            printer::print_message(&text!("command-log-ignored", error = error.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    /// Every user of a machine can see arguments, and they stay in shell histories and CI logs.
    #[test]
    fn no_option_takes_a_secret() {
        let mut commands = vec![Cli::command()];
        let mut count = 0;
        while let Some(command) = commands.pop() {
            commands.extend(command.get_subcommands().cloned());
            for argument in command.get_arguments() {
                count += 1;
                let name = argument.get_long().unwrap_or(argument.get_id().as_str());
                // A path, in which the secret is.
                let names = argument.get_value_names().unwrap_or_default();
                let is_file = matches!(names, [name] if *name == "FILE");
                for secret in ["token", "password", "secret", "key", "credential", "login"] {
                    assert!(is_file || !name.contains(secret), "--{name}");
                }
                // The help shows the values of variables unless they are hidden.
                if argument.is_hide_env_values_set() {
                    continue;
                }
                let variable = argument.get_env().unwrap_or_default().to_string_lossy();
                assert!(!variable.starts_with("ARKIB_PORTAL"), "{variable}");
                assert!(!variable.starts_with("ARKIB_SMTP"), "{variable}");
            }
        }
        assert!(count > 30, "only {count}");
    }
}
