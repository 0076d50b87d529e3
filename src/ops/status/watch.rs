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
    let mut exit = Exit::Done;
    loop {
        let read = tokio::select! {
            biased;
            () = &mut stopped => return exit,
            read = read() => read,
        };
        let time = to_local_time(Timestamp::now()).strftime("%H:%M:%S").to_string();
        let failed = match (read, &last) {
            (Ok(text), _) => {
                last = Some((text, time.clone()));
                exit = Exit::Done;
                String::new()
            }
            (Err(failure), last) => {
                let failed = ExitOutput::from(failure);
                exit = failed.status;
                let reason = failed.to_text();
                let mut lines = text!("status-watch-failed", time = &time, reason);
                if let Some((_, last)) = last {
                    lines += "\n";
                    lines += &text!("status-watch-last", last);
                }
                lines.lines().map(|line| fit_line(&escape(line), 2)).collect()
            }
        };
        let seen = last.as_ref().map_or("", |(seen, _)| seen);
        let footer = fit_line(&text!("status-watch", time, seconds = pause.as_secs()), 2);
        printer::redraw(&format!("{seen}\n{failed}{footer}"));
        tokio::select! {
            () = &mut stopped => return exit,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
