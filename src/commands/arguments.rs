//! Options that several commands share, and how their words are read.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::domain::calendar::parse_day;
use crate::domain::plan::Digest;
use crate::domain::policy::Language;
use crate::load::Location;
use crate::ops::session::PortalOptions;
use crate::output::format::{DialogueFormat, Format, RegisterFormat, ReviewFormat};
use crate::output::writer::Destination;

/// Where the requests are.
#[derive(Debug, clap::Args)]
pub struct Requests {
    /// The folder with the requests and their `agency.yaml`
    #[arg(
        long,
        value_name = "DIR",
        default_value = "requests",
        env = "ARKIB_REQUESTS"
    )]
    pub requests: PathBuf,
    /// Read the folder as this commit, branch or tag has it; the work tree is not touched
    #[arg(long = "ref", value_name = "REF", value_parser = reference)]
    pub reference: Option<String>,
    /// Take this day for today; a real portal is only changed as of the real one
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    pub as_of: Option<Date>,
}

impl From<Requests> for Location {
    fn from(args: Requests) -> Self {
        Self {
            requests: args.requests,
            reference: args.reference,
            as_of: args.as_of,
        }
    }
}

/// The folder that new files go into.
#[derive(Debug, clap::Args)]
pub struct Folder {
    /// The folder with the requests and their `agency.yaml`
    #[arg(
        long,
        value_name = "DIR",
        default_value = "requests",
        env = "ARKIB_REQUESTS"
    )]
    pub requests: PathBuf,
    /// Take this day for today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    pub as_of: Option<Date>,
}

impl From<Folder> for Location {
    fn from(args: Folder) -> Self {
        Self {
            requests: args.requests,
            reference: None,
            as_of: args.as_of,
        }
    }
}

/// Which portal, as far as the environment does not say: the embedded one's files, and the export of
/// one that people operate.
#[derive(Debug, Clone, clap::Args)]
pub struct PortalArgs {
    /// The embedded portal's mailboxes when it is first started, as CSV
    /// [default: portal.csv beside the requests folder]
    #[cfg(feature = "embedded")]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_ROSTER")]
    pub roster: Option<PathBuf>,
    /// The embedded portal's database [default: .arkib/portal.db beside the requests folder]
    #[cfg(feature = "embedded")]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_DATABASE")]
    pub database: Option<PathBuf>,
    /// With portal: files, the portal's export (CSV or XLSX); AGENCY=FILE, several times, for several
    #[arg(
        long = "portal-export",
        hide_env_values = true,
        value_name = "FILE",
        env = "ARKIB_PORTAL_EXPORT"
    )]
    pub portal_export: Vec<String>,
    /// With portal: files, the oldest export to take, such as 90m or 24h
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = age)]
    pub max_export_age: SignedDuration,
}

impl From<PortalArgs> for PortalOptions {
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

/// How the result is written, and where else.
#[derive(Debug, clap::Args)]
pub struct Output {
    /// How the result is written
    #[arg(long, value_enum, default_value_t = ReviewFormat::Human)]
    pub format: ReviewFormat,
    /// Also write the whole result, uncut, as Markdown to this file
    #[arg(long, value_name = "FILE", value_parser = no_table)]
    pub report: Option<PathBuf>,
}

impl From<Output> for Destination {
    fn from(args: Output) -> Self {
        Self {
            format: args.format,
            report: args.report,
        }
    }
}

/// How the values of an enum are said: each word with its help.
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
possible_values!(ReviewFormat:
    Human "human" "For people",
    Json "json" "For programs; `arkib schema` describes it",
    Markdown "markdown" "For a comment on a pull request; cut at whole rows where it would be too long for one",
    Github "github" "For a job of GitHub Actions: annotations at the lines, the text, and the step's summary",
    Gitlab "gitlab" "For GitLab: a code quality report");
possible_values!(DialogueFormat:
    Human "human" "For people",
    Json "json" "For programs; `arkib schema` describes it");
possible_values!(RegisterFormat:
    Html "html" "A page for people, in one file",
    Csv "csv" "For spreadsheets",
    Json "json" "For programs; `arkib schema register` describes it",
    Markdown "markdown" "For a comment");
possible_values!(Language:
    Malay "ms" "Malay",
    English "en" "English");

/// Reads the name of a commit. What begins with a dash git would take for an option.
///
/// # Errors
/// What was expected.
pub fn reference(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.starts_with('-') {
        Err("expected a commit, a branch or a tag")
    } else {
        Ok(text.to_owned())
    }
}

/// The export of a portal that people operate must not be written over by mistake.
fn no_table(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    let extension = file.extension().map(|it| it.to_ascii_lowercase());
    if extension.is_some_and(|it| it == "csv" || it == "xlsx" || it == "xls") {
        return Err("this would be written, as Markdown; the portal's own export is named with --portal-export".to_owned());
    }
    Ok(file)
}

/// A span of time as people write it, such as 90m or 24h.
pub fn age(text: &str) -> Result<jiff::SignedDuration, String> {
    let duration: jiff::SignedDuration = text
        .parse()
        .map_err(|_| "expected a time such as 90m or 24h".to_owned())?;
    if duration.is_positive() {
        Ok(duration)
    } else {
        Err("expected more than no time".to_owned())
    }
}

/// Reads the digest of a plan, or its beginning.
///
/// # Errors
/// What was expected.
pub fn plan_digest(text: &str) -> Result<String, String> {
    digest(text).ok_or_else(|| {
        let least = Digest::SHORTEST;
        format!("a plan's digest has {least} to 64 hexadecimal digits; the refused plan shows it")
    })
}

/// Reads the digest of notices, or its beginning.
///
/// # Errors
/// What was expected.
pub fn notices_digest(text: &str) -> Result<String, String> {
    digest(text).ok_or_else(|| {
        let least = Digest::SHORTEST;
        format!("a digest has {least} to 64 hexadecimal digits; the refused run shows it")
    })
}

fn digest(text: &str) -> Option<String> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_digest = is_hex && (Digest::SHORTEST..=64).contains(&text.len());
    is_digest.then(|| text.to_ascii_lowercase())
}
