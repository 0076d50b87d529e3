//! Where the requests are, and for which day they are read.

use std::path::PathBuf;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::calendar::{local_day, parse_day};
use crate::domain::places::Places;
use crate::domain::request::files::Files as _;
use crate::git::Place;
use crate::load::folder::Folder;

/// The agency's calendar day when it was first asked for: one for a whole run, also past midnight.
pub fn today() -> Date {
    static TODAY: OnceLock<Date> = OnceLock::new();
    *TODAY.get_or_init(|| local_day(Timestamp::now()))
}

/// Where the requests are, as the command line says.
#[derive(Debug, clap::Args)]
pub struct Location {
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

impl Location {
    /// The day that was asked for, or the real one.
    pub fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(today)
    }

    /// Where the folder is, while nothing is known of its repository.
    pub fn places(&self) -> Places {
        let place = Place::of(&self.requests).ok();
        Places::new(
            &Folder::new(&self.requests).name(),
            place.as_ref().map(|place| place.prefix.as_str()),
        )
    }

    /// The folder, as text.
    pub fn folder(&self) -> String {
        self.requests.display().to_string()
    }
}
