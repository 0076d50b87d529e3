//! The command line of `arkib portal` alone: the development portal.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;

use crate::commands::arguments::{LONGEST_WAIT, localized_parser, number};
use crate::domain::local_time::parse_day;
use crate::exit::Exit;
use crate::ops::portal::serve;
use crate::ops::portal::serve::Options;
use crate::printer::text;

/// The development portal's options.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// The loopback address to listen on, such as 127.0.0.1:8643; port 0 for any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8643", value_parser = parse_address)]
    listen: SocketAddr,
    /// CSV file with the mailboxes that it starts with
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_ROSTER")]
    roster: Option<PathBuf>,
    /// Its database; without one, everything is lost when it stops
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// File with its token; created if it does not exist
    #[arg(
        long,
        value_name = "FILE",
        default_value = ".arkib/portal.token",
        help_heading = "Server"
    )]
    token_file: PathBuf,
    /// Write its URL to this file when it is ready
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    url_file: Option<PathBuf>,
    /// Use this day as today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = localized_parser(parse_day), help_heading = "Server")]
    as_of: Option<Date>,
    /// Delay each answer
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0, value_parser = number(0..=1000 * LONGEST_WAIT), help_heading = "Faults")]
    latency: u64,
    /// Answer 429 to more requests per second than this
    #[arg(long, value_name = "N", value_parser = number(NonZeroU32::MIN..=NonZeroU32::MAX), help_heading = "Faults")]
    rate_limit: Option<NonZeroU32>,
    /// Do not support If-Match, as some portals, and advertise that
    #[arg(long, help_heading = "Faults")]
    no_if_match: bool,
    /// Do not support bulk requests, as some portals, and advertise that
    #[arg(long, help_heading = "Faults")]
    no_bulk: bool,
    /// Answer this share of requests with 500 or 503, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = parse_share, allow_negative_numbers = true, help_heading = "Faults")]
    fault_rate: f64,
    /// Work this long on each change, and on changes that the roster has started; with 0, the latter
    /// take eight seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = number(0..=LONGEST_WAIT), help_heading = "Faults")]
    provisioning_delay: u64,
    /// Stop after this time
    #[arg(long, value_name = "SECONDS", value_parser = number(0..=LONGEST_WAIT))]
    stop_after: Option<u64>,
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| text!("command-loopback-address"))
}

fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share @ 0.0..=1.0) => Ok(share),
        _ => Err(text!("command-share")),
    }
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    let mut options = Options::new(args.token_file);
    options.roster = args.roster;
    options.database = args.database;
    options.url_file = args.url_file;
    options.as_of = args.as_of;
    options.stop_after = args.stop_after.map(Duration::from_secs);
    let portal = &mut options.portal;
    portal.listen = args.listen;
    portal.latency = Duration::from_millis(args.latency);
    portal.rate_limit = args.rate_limit;
    portal.if_match = !args.no_if_match;
    if args.no_bulk {
        portal.max_operations = 0;
    }
    portal.fault_rate = args.fault_rate;
    portal.provisioning_delay = Duration::from_secs(args.provisioning_delay);
    serve::run(options)
}
