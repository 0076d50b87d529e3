//! The command line of `arkib register`.

use std::path::{Path, PathBuf};

use super::arguments::{PortalArgs, RequestsLocationArgs, localized_parser, parse_commit_name};
use crate::domain::register::Period;
use crate::domain::request::RequestId;
use crate::exit::Exit;
use crate::language::Language;
use crate::ops::notify::parse_request_id;
use crate::ops::register;
use crate::ops::register::Options;
use crate::output::format::RegisterFormat;

/// Writes the register of requests and their outcomes.
///
/// It holds every request from its receipt to its notices, as one web page that needs no network,
/// or as CSV, JSON or Markdown. It contains personal data: only people who may read the requests
/// may read it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this request; the web page, ID.html, is for printing
    #[arg(value_name = "ID", value_parser = localized_parser(parse_request_id))]
    only: Option<RequestId>,
    /// The format of the register [default: by the name of the file, else html]
    #[arg(long, value_enum)]
    format: Option<RegisterFormat>,
    /// The file to write, `-` for standard output
    /// [default: register.html for the web page, else standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only requests received in this period: a year (2026), a month (2026-01), a day (2026-01-31),
    /// or FROM..TO of two of them
    #[arg(long, value_name = "PERIOD", value_parser = Period::parse, conflicts_with = "only")]
    period: Option<Period>,
    /// Do not read the portal; use only the records of runs
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    requests: RequestsLocationArgs,
    /// The folder with the records [default: `records` next to the agency's policy]
    #[arg(long, value_name = "DIR", help_heading = "Records")]
    records: Option<PathBuf>,
    /// Fetch the records from this branch of the remote repository
    #[arg(long, value_name = "NAME", conflicts_with = "records", value_parser = parse_commit_name, help_heading = "Records")]
    records_branch: Option<String>,
    #[command(flatten)]
    portal: PortalArgs,
}

/// Runs the command; the web page begins with this language, or the policy's.
pub fn run(args: Args, language: Option<Language>) -> Exit {
    let by_name = args.output.as_deref().and_then(format_by_name);
    register::run(Options {
        only: args.only,
        format: args.format.or(by_name).unwrap_or(RegisterFormat::Html),
        output: args.output,
        period: args.period,
        offline: args.offline,
        language,
        requests: args.requests.into(),
        records: args.records,
        records_branch: args.records_branch,
        portal: args.portal.into(),
    })
}

/// A file that is named `.csv` is one.
fn format_by_name(file: &Path) -> Option<RegisterFormat> {
    match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "csv" => Some(RegisterFormat::Csv),
        "json" => Some(RegisterFormat::Json),
        "md" => Some(RegisterFormat::Markdown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_says_the_format() {
        for (name, format) in [
            ("2026/DAFTAR.CSV", Some(RegisterFormat::Csv)),
            ("daftar.json", Some(RegisterFormat::Json)),
            ("daftar.md", Some(RegisterFormat::Markdown)),
            ("daftar.html", None),
            ("daftar", None),
            ("-", None),
        ] {
            assert_eq!(format_by_name(Path::new(name)), format, "{name}");
        }
    }
}
