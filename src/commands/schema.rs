//! `arkib schema`: the JSON Schema of what arkib reads and writes.

use clap::ValueEnum;
use schemars::{JsonSchema, schema_for};

use crate::domain::plan::saved::PlanFile;
use crate::domain::policy::raw::RawPolicy;
use crate::domain::record::entry::RecordLine;
use crate::domain::request::raw::RawRequest;
use crate::exit::Exit;
use crate::ops::approve::ApproveOutput;
use crate::ops::import::ImportOutput;
use crate::ops::request::RequestOutput;
use crate::output::alert::AlertOutput;
use crate::output::inspect::InspectOutput;
use crate::output::json;
use crate::output::json::{AgenciesOutput, CheckOutput, ReconcileOutput};
use crate::output::notify::NotifyOutput;
use crate::output::open_requests::OpenRequestsOutput;
use crate::output::records::RecordsOutput;
use crate::output::register::RegisterOutput;
use crate::output::rehearse::RehearseOutput;
use crate::output::status::StatusOutput;
use crate::printer;

/// Prints the JSON Schema of a format, for editors and CI.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The format
    #[arg(value_enum)]
    format: SchemaFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaFormat {
    /// A request file
    Request,
    /// The policy, agency.yaml
    Policy,
    /// The output of `arkib reconcile --format json`, the plan in it
    Reconcile,
    /// The file of `arkib reconcile --plan-out`
    Plan,
    /// A line of a run's record
    Record,
    /// The output of `arkib records --format json`
    Records,
    /// The output of `arkib check --format json`
    Check,
    /// The output of `arkib status --format json`
    Status,
    /// The output of `arkib status --all --format json`
    Waiting,
    /// The output of `arkib request --format json`
    NewRequest,
    /// The output of `arkib approve --format json`
    Approve,
    /// The output of `arkib import --format json`
    Import,
    /// The output of `arkib register --format json`
    Register,
    /// The output of `arkib notify --format json`
    Notify,
    /// The output of `arkib portal inspect --format json`
    Inspect,
    /// The output of `arkib portal rehearse --format json`
    Rehearse,
    /// What ARKIB_ALERT_URL gets
    Alert,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let text = match args.format {
        SchemaFormat::Request => schema_text::<RawRequest>(),
        SchemaFormat::Policy => schema_text::<RawPolicy>(),
        SchemaFormat::Reconcile => schema_text::<AgenciesOutput<'_, ReconcileOutput>>(),
        SchemaFormat::Record => schema_text::<RecordLine>(),
        SchemaFormat::Records => schema_text::<RecordsOutput>(),
        SchemaFormat::Plan => schema_text::<PlanFile>(),
        SchemaFormat::Check => schema_text::<CheckOutput>(),
        SchemaFormat::NewRequest => schema_text::<RequestOutput>(),
        SchemaFormat::Approve => schema_text::<ApproveOutput>(),
        SchemaFormat::Import => schema_text::<ImportOutput>(),
        SchemaFormat::Register => schema_text::<AgenciesOutput<'_, RegisterOutput>>(),
        SchemaFormat::Status => schema_text::<AgenciesOutput<'_, StatusOutput>>(),
        SchemaFormat::Waiting => schema_text::<AgenciesOutput<'_, OpenRequestsOutput>>(),
        SchemaFormat::Inspect => schema_text::<InspectOutput>(),
        SchemaFormat::Rehearse => schema_text::<RehearseOutput>(),
        SchemaFormat::Alert => schema_text::<AlertOutput>(),
        SchemaFormat::Notify => schema_text::<AgenciesOutput<'_, NotifyOutput>>(),
    };
    printer::print_result(&text);
    Exit::Done
}

fn schema_text<T: JsonSchema>() -> String {
    json::render(&schema_for!(T))
}
