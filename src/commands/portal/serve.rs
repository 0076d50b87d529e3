//! The command line of `arkib portal` alone: the development portal.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::domain::calendar::parse_day;
use crate::exit::Exit;
use crate::ops::portal::serve;
use crate::ops::portal::serve::Options;

/// For `--help`.
pub(crate) const EXAMPLES: &str = "\
Examples:
  arkib portal --roster portal.csv
  arkib portal --roster portal.csv --latency 200 --rate-limit 50 --fault-rate 0.05
  arkib portal --roster portal.csv --provisioning-delay 30

Then, in another terminal, with `portal: scim` in the policy:
  export ARKIB_PORTAL_URL=…  ARKIB_PORTAL_TOKEN_FILE=…     (the portal prints both)
  arkib reconcile --dry-run

A portal that is not arkib's own:
  arkib portal inspect                                     (see its --help)";

/// The development portal's options.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// Where to listen: an address of this machine's loopback such as 127.0.0.1:8643; port 0 for any
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8643")]
    listen: SocketAddr,
    /// Its mailboxes when it is first started, as CSV
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_ROSTER")]
    roster: Option<PathBuf>,
    /// Its database; without one it forgets everything when it stops
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// A file for its token; made where it does not exist
    #[arg(long, value_name = "FILE", default_value = ".arkib/portal.token")]
    token_file: PathBuf,
    /// Write its URL to this file once it listens
    #[arg(long, value_name = "FILE")]
    url_file: Option<PathBuf>,
    /// Take this day for today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Date>,
    /// Answer so much later
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency: u64,
    /// Answer 429 beyond so many requests a second
    #[arg(long, value_name = "N")]
    rate_limit: Option<NonZeroU32>,
    /// Pay no heed to If-Match, as some portals do, and say so
    #[arg(long)]
    no_if_match: bool,
    /// Take no bulk requests, as some portals do, and say so
    #[arg(long)]
    no_bulk: bool,
    /// Answer this share of requests with 500 or 503, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share, allow_negative_numbers = true)]
    fault_rate: f64,
    /// Begins the row of faults; the same seed gives the same row
    #[arg(long, value_name = "N", default_value_t = 1)]
    fault_seed: u64,
    /// Work so long on each change before it is done, and on what the roster has begun; with 0 the
    /// latter takes eight seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    provisioning_delay: u64,
    /// Stop by itself after so long
    #[arg(long, value_name = "SECONDS")]
    stop_after: Option<u64>,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share @ 0.0..=1.0) => Ok(share),
        _ => Err("expected a number from 0 to 1, such as 0.05".to_owned()),
    }
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    serve::run(&Options {
        listen: args.listen,
        roster: args.roster,
        database: args.database,
        token_file: args.token_file,
        url_file: args.url_file,
        as_of: args.as_of,
        latency: args.latency,
        rate_limit: args.rate_limit,
        no_if_match: args.no_if_match,
        no_bulk: args.no_bulk,
        fault_rate: args.fault_rate,
        fault_seed: args.fault_seed,
        provisioning_delay: args.provisioning_delay,
        stop_after: args.stop_after,
    })
}
