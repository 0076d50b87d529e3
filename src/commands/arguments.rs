//! Options that several commands share, and how their values are parsed.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::domain::local_time::parse_day;
use crate::domain::plan::Digest;
use crate::language::{Language, Message};
use crate::load::{RequestsLocation, find_requests_folder};
use crate::ops::base::Base;
use crate::ops::exit_status::FailOn;
use crate::ops::filing::FilingOptions;
use crate::ops::init::{Forge, Kind};
use crate::ops::portal_session::PortalFileOptions;
use crate::output::format::{DialogueFormat, Format, RegisterFormat, ReportFormat};
use crate::output::report_writer::OutputOptions;
use crate::printer;
use crate::printer::text;

/// The longest time that may be waited: a week, in seconds.
pub const LONGEST_WAIT: u64 = 7 * 24 * 60 * 60;

/// A parser for clap, with messages in the language of the screen.
pub fn localized_parser<T>(
    parse: fn(&str) -> Result<T, Message>,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| parse(text).map_err(|why| printer::render(&why))
}

/// Where the requests are.
#[derive(Debug, clap::Args)]
pub struct RequestsLocationArgs {
    /// The folder with the requests and their `agency.yaml` [default: requests, here or in a folder above]
    #[arg(long, value_name = "DIR", env = "ARKIB_REQUESTS")]
    pub requests: Option<PathBuf>,
    /// Read the folder from this commit, branch or tag; the work tree is not touched
    #[arg(long = "ref", value_name = "REF", value_parser = parse_commit_name, help_heading = "Requests")]
    pub reference: Option<String>,
    /// Use this day as today; a real portal is changed only as of the real day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = localized_parser(parse_day), help_heading = "Requests")]
    pub as_of: Option<Date>,
}

impl From<RequestsLocationArgs> for RequestsLocation {
    fn from(args: RequestsLocationArgs) -> Self {
        let requests = find_requests_folder(args.requests);
        Self { requests, reference: args.reference, as_of: args.as_of }
    }
}

/// Where and how new files are written.
#[derive(Debug, clap::Args)]
pub struct FilingArgs {
    /// The folder with the requests and their `agency.yaml` [default: requests, here or in a folder above]
    #[arg(long, value_name = "DIR", env = "ARKIB_REQUESTS", help_heading = "Requests")]
    requests: Option<PathBuf>,
    /// Use this day as today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = localized_parser(parse_day), help_heading = "Requests")]
    as_of: Option<Date>,
    /// Write without asking first
    #[arg(long)]
    yes: bool,
    /// Show what would be written, but do not write it
    #[arg(long)]
    dry_run: bool,
    /// Also commit only these files on a new branch [default: the command/ID]
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, help_heading = "Branch")]
    branch: Option<Option<String>>,
    /// Also push that branch; with --branch or without
    #[arg(long, help_heading = "Branch")]
    push: bool,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = DialogueFormat::Human)]
    format: DialogueFormat,
}

impl From<FilingArgs> for FilingOptions {
    fn from(args: FilingArgs) -> Self {
        Self {
            requests: RequestsLocation {
                requests: find_requests_folder(args.requests),
                reference: None,
                as_of: args.as_of,
            },
            yes: args.yes,
            dry_run: args.dry_run,
            branch: args.branch.is_some() || args.push,
            push: args.push,
            branch_name: args.branch.flatten(),
            format: args.format,
        }
    }
}

/// The options of the portal that are not only environment variables: the files of the embedded
/// portal, and the export of a portal that people operate.
#[derive(Debug, Clone, clap::Args)]
pub struct PortalArgs {
    /// CSV file with the mailboxes that the embedded portal starts with
    /// [default: portal.csv next to the requests folder]
    #[cfg(feature = "embedded")]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_ROSTER", help_heading = "Portal")]
    pub roster: Option<PathBuf>,
    /// The embedded portal's database [default: .arkib/portal.db next to the requests folder]
    #[cfg(feature = "embedded")]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_DATABASE", help_heading = "Portal")]
    pub database: Option<PathBuf>,
    /// With portal: files, the portal's export (CSV or XLSX), or a folder, of which the newest export
    /// counts; with several agencies, repeat it as AGENCY=FILE
    #[arg(
        long = "portal-export",
        hide_env_values = true,
        value_name = "FILE",
        env = "ARKIB_PORTAL_EXPORT",
        help_heading = "Portal"
    )]
    pub portal_export: Vec<String>,
    /// With portal: files, the maximum age of the export, such as 90m or 24h
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = parse_age, help_heading = "Portal")]
    pub max_export_age: SignedDuration,
}

impl From<PortalArgs> for PortalFileOptions {
    fn from(args: PortalArgs) -> Self {
        Self {
            #[cfg(feature = "embedded")]
            roster: args.roster,
            #[cfg(feature = "embedded")]
            database: args.database,
            portal_export: args.portal_export,
            max_export_age: args.max_export_age,
        }
    }
}

/// The format of the result, and the file for a copy.
#[derive(Debug, clap::Args)]
pub struct OutputArgs {
    /// The format of the result
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Also write the full result as Markdown to this file
    #[arg(long, value_name = "FILE", value_parser = parse_markdown_path, help_heading = "Files")]
    pub report: Option<PathBuf>,
}

impl From<OutputArgs> for OutputOptions {
    fn from(args: OutputArgs) -> Self {
        Self { format: args.format, report: args.report }
    }
}

/// The values of an enum on the command line: each word with its help.
macro_rules! possible_values {
    ($values:ty: $($value:ident $word:literal $help:literal),+) => {
        impl ValueEnum for $values {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Self::$value),+]
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(match self {
                    $(Self::$value => PossibleValue::new($word).help($help)),+
                })
            }
        }
    };
}

possible_values!(Format:
    Human "human" "For people",
    Json "json" "For programs; `arkib schema` describes it",
    Markdown "markdown" "For a comment or a page");
possible_values!(ReportFormat:
    Human "human" "For people",
    Json "json" "For programs; `arkib schema` describes it",
    Markdown "markdown" "For a comment on a pull request; whole rows are left out if it is too long",
    Github "github" "For a GitHub Actions job: annotations, the text, and the job summary",
    Gitlab "gitlab" "For GitLab: a code quality report",
    Sarif "sarif" "For code scanning and editors: SARIF 2.1.0");
possible_values!(DialogueFormat:
    Human "human" "For people",
    Json "json" "For programs; `arkib schema` describes it");
possible_values!(RegisterFormat:
    Html "html" "A web page in one file",
    Csv "csv" "For spreadsheets",
    Json "json" "For programs; `arkib schema register` describes it",
    Markdown "markdown" "For a comment");
possible_values!(Kind:
    Agency "agency" "By arkib, in a portal with SCIM 2.0",
    Files "files" "By an officer, who uploads a file that arkib writes",
    Shards "shards" "As agency, on eight machines, for very many mailboxes",
    Trial "trial" "In the development portal, to try arkib");
possible_values!(FailOn:
    Drift "drift" "Changes that were made before, and are no longer so in the portal",
    Unmanaged "unmanaged" "Archives that no request names",
    Blocked "blocked" "Mailboxes whose change cannot be made",
    Due "due" "All other changes",
    Pending "pending" "Requests that wait for approval");
possible_values!(Forge:
    Github "github" "GitHub Actions",
    Gitlab "gitlab" "GitLab CI",
    Forgejo "forgejo" "Forgejo or Gitea Actions");
possible_values!(Language:
    Malay "ms" "Malay",
    English "en" "English");

/// Parses the name of a commit. git would read a leading dash as an option.
///
/// # Errors
/// What was expected.
pub fn parse_commit_name(text: &str) -> Result<String, String> {
    match text.is_empty() || text.starts_with('-') {
        true => Err(text!("command-commit")),
        false => Ok(text.to_owned()),
    }
}

/// Parses a whole number of a range.
pub fn number<T: FromStr + PartialOrd + ToString>(
    range: RangeInclusive<T>,
) -> impl Fn(&str) -> Result<T, String> + Clone
where
    RangeInclusive<T>: Clone,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let (least, most) = (range.start().to_string(), range.end().to_string());
        number.ok_or_else(|| text!("command-number", least, most))
    }
}

/// What the requests are compared with, by the options --base and --pull-request.
pub fn parse_base(base: Option<String>, is_of_pull_request: bool) -> Option<Base> {
    base.map(Base::Commit).or(is_of_pull_request.then_some(Base::PullRequest))
}

/// Refuses the name of a table: the export of the portal must not be overwritten by mistake.
fn parse_markdown_path(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    let extension = file.extension().unwrap_or_default().to_ascii_lowercase();
    if extension == "csv" || extension == "xlsx" || extension == "xls" {
        return Err(text!("command-report-is-table"));
    }
    Ok(file)
}

/// Parses a time span such as 90m or 24h.
pub fn parse_age(text: &str) -> Result<jiff::SignedDuration, String> {
    let duration: jiff::SignedDuration = text.parse().map_err(|_| text!("command-age"))?;
    if duration.is_positive() { Ok(duration) } else { Err(text!("command-age-zero")) }
}

/// Parses the digest of a plan, or its first digits.
///
/// # Errors
/// What was expected.
pub fn parse_plan_digest(text: &str) -> Result<Option<String>, String> {
    parse_digest(text, |least| text!("command-plan-digest", least))
}

/// Parses the digest of notices, or its first digits.
///
/// # Errors
/// What was expected.
pub fn parse_notices_digest(text: &str) -> Result<Option<String>, String> {
    parse_digest(text, |least| text!("command-notices-digest", least))
}

/// Nothing of an empty text, as CI gives an input that nobody filled in.
fn parse_digest(text: &str, expected: fn(String) -> String) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match is_hex && (Digest::SHORTEST..=64).contains(&text.len()) {
        true => Ok(Some(text.to_ascii_lowercase())),
        false => Err(expected(Digest::SHORTEST.to_string())),
    }
}
