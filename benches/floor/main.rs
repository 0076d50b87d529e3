//! What the machine itself costs: the same files, pages and writes as arkib's, by programs that do
//! nothing else with them. `benches/run` sets arkib's figures beside these.
//!
//! Each prints one line of JSON; `seconds` is of the work that is named, not of what prepares it.

mod http;
mod parse;
mod serve;

use std::time::Duration;

use serde_json::json;

use http::Manner;

/// Says what a floor was.
fn told(what: &str, count: usize, took: Duration) {
    let line = json!({"what": what, "count": count, "seconds": took.as_secs_f64()});
    // Its output is its purpose.
    let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes());
}

fn main() -> anyhow::Result<()> {
    let all: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = all.iter().map(String::as_str).collect();
    match arguments[..] {
        ["parse", folder] => parse::parse(folder.as_ref()),
        ["fetch", url, token] => http::fetch(url, token),
        ["write", url, token, due] => http::write(url, token, due.as_ref(), Manner::Alone),
        ["look", url, token, due] => http::write(url, token, due.as_ref(), Manner::Looking),
        ["bulk", url, token, due] => http::write(url, token, due.as_ref(), Manner::BulkSender),
        ["serve", roster, url_file] => serve::serve(roster.as_ref(), url_file.as_ref()),
        ["generate", total, named, due, url_file] => {
            serve::generate([total, named, due], url_file.as_ref())
        }
        // As `cargo bench` runs it: `benches/run` gives it something to do.
        [] => Ok(()),
        _ => anyhow::bail!(
            "parse DIR | fetch URL TOKEN | write|look|bulk URL TOKEN DUE | serve ROSTER URL_FILE | generate MAILBOXES NAMED DUE URL_FILE"
        ),
    }
}
