//! The commands: what each does as `--help` says it, and the operation that does it. The options of an
//! operation are in [`crate::ops`].

mod arguments;
mod completions;
mod examples;
mod import;
mod portal;
mod request;
mod schema;

use crate::exit::Exit;
use crate::ops::{check, notify, reconcile, records, register, status};

/// Every command.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Checks policy and requests, without a portal.
    ///
    /// Reads every file and shows all problems of all of them, each at its line and column. With --base
    /// it also refuses edits, new names and deletions of requests that are merged already, and judges
    /// by the policy of the base.
    #[command(after_help = examples::CHECK)]
    Check(check::Options),
    /// Shows what differs between requests and portal, and makes it so.
    ///
    /// On a terminal it shows the plan and asks before it changes anything; elsewhere it needs --yes.
    /// What no approved request asks for is never done, and running it again is always safe.
    #[command(after_help = examples::RECONCILE)]
    Reconcile(reconcile::Options),
    /// Tells the story of a mailbox or of a request, or how everything stands.
    #[command(after_help = examples::STATUS)]
    Status(status::Options),
    Request(request::Args),
    Import(import::Args),
    /// Gives the notices that are due: tells each user and applicant how far their request has come.
    ///
    /// A request is answered by the channel it came by: by e-mail, or by a memo, letter or form to print.
    /// Only the notice of the stage that a request is in now is due, and only requests received since
    /// the day in the policy's `notices` count.
    #[command(after_help = examples::NOTIFY)]
    Notify(notify::Options),
    /// Verifies and lists the records of past runs.
    ///
    /// Each run that applies writes a file into the folder `records` beside the agency's policy: who
    /// ran it, on which commit, each change before it was sent, and what became of it.
    #[command(subcommand, after_help = examples::RECORDS)]
    Records(Records),
    /// Writes the register of requests and what became of them.
    ///
    /// Every request from its receipt to the notices about it, as one page that needs no network, or
    /// as CSV, JSON or Markdown. It holds personal data: who may read the requests may read it, and
    /// nobody else.
    #[command(after_help = examples::REGISTER)]
    Register(register::Options),
    Portal(portal::Args),
    Schema(schema::Args),
    Completions(completions::Args),
}

/// What is done with records.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Records {
    /// Checks that no record is missing, changed or reordered
    Verify(records::Options),
    /// Lists the runs, oldest first
    List(records::Options),
}

impl Command {
    /// Runs it; `line` is the whole command line, which completions are made of.
    pub fn run(self, line: clap::Command) -> Exit {
        match self {
            Self::Check(options) => check::run(&options),
            Self::Reconcile(options) => reconcile::run(&options),
            Self::Status(options) => status::run(&options),
            Self::Request(args) => request::run(args),
            Self::Import(args) => import::run(args),
            Self::Notify(options) => notify::run(&options),
            Self::Records(Records::Verify(options)) => records::run(&options, false),
            Self::Records(Records::List(options)) => records::run(&options, true),
            Self::Register(options) => register::run(&options),
            Self::Portal(args) => portal::run(args),
            Self::Schema(args) => schema::run(&args),
            Self::Completions(args) => completions::run(&args, line),
        }
    }
}
