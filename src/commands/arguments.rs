//! The folder of new requests, which two commands name.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::domain::calendar::parse_day;
use crate::load::Location;

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
