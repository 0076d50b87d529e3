//! `arkib status --watch`: the same again and again on a terminal, until Ctrl-C.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::local_time::to_local_time;
use crate::exit::Exit;
use crate::ops::failure::Failure;
use crate::ops::interrupt::wait_for_signal;
use crate::output::json::ExitOutput;
use crate::printer;
use crate::printer::{fit_line, text};
use crate::text::escape;

/// Draws until Ctrl-C. What fails meanwhile is said below what was seen last, with the time of both.
pub(super) async fn watch(
    pause: Duration,
    read: impl AsyncFn() -> Result<String, Failure>,
) -> Exit {
    let stopped = wait_for_signal();
    tokio::pin!(stopped);
    let mut last: Option<(String, String)> = None;
    loop {
        let read = tokio::select! {
            biased;
            () = &mut stopped => return Exit::Done,
            read = read() => read,
        };
        let time = to_local_time(Timestamp::now()).strftime("%H:%M:%S").to_string();
        let failed = match (read, &last) {
            (Ok(text), _) => {
                last = Some((text, time.clone()));
                String::new()
            }
            (Err(failure), last) => {
                let reason = escape(&ExitOutput::from(failure).to_text()).into_owned();
                let said = match last {
                    Some((_, last)) => text!("status-watch-failed", time = &time, reason, last),
                    None => text!("status-watch-never", time = &time, reason),
                };
                fit_line(&said, 2)
            }
        };
        let seen = last.as_ref().map_or("", |(seen, _)| seen);
        let footer = fit_line(&text!("status-watch", time, seconds = pause.as_secs()), 2);
        printer::redraw(&format!("{seen}\n{failed}{footer}"));
        tokio::select! {
            () = &mut stopped => return Exit::Done,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
