//! Ctrl-C and other signals to end the program: after the first one, nothing new starts, and changes in
//! progress end within some seconds. CI sends one signal, and soon another one of another kind, which
//! means the same; who presses Ctrl-C twice does not want to wait for answers. In each case the outcomes
//! and the end of the record are written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

use super::failure::Failure;
use crate::apply::Stop;
use crate::exit;
use crate::printer;
use crate::printer::text;
use crate::system_limits;

/// After so long the program ends even if the outcomes could not be written: CI soon kills it.
const LONGEST: Duration = Duration::from_millis(4800);

/// Whether a person is asked, so that no change is in progress.
static IS_ASKING: AtomicBool = AtomicBool::new(false);

/// Listens to signals for the rest of the run. `stop_git` ends a git that only reads.
pub(super) fn listen_for_signals(runtime: &Runtime, stop_git: fn()) -> Arc<Stop> {
    let stop = Arc::new(Stop::default());
    let asked = Arc::clone(&stop);
    let _in_runtime = runtime.enter();
    // From here on, no signal ends the program by itself.
    let mut signals = receive_signals();
    runtime.spawn(async move {
        let Some(first) = signals.recv().await else { return };
        asked.request_stop();
        stop_git();
        let is_terminal = printer::shows_progress();
        // At a question nothing is in progress, and the end says it.
        if !IS_ASKING.load(Ordering::Relaxed) {
            // The terminal has just shown `^C`.
            let (gap, place) = if is_terminal { ("\n", "terminal") } else { ("", "job") };
            say(format!("{gap}{}", text!("run-interrupted-by", signal = first, place)));
        }
        let longest = tokio::time::sleep(LONGEST);
        tokio::pin!(longest);
        loop {
            tokio::select! {
                () = &mut longest => {
                    say(text!("run-ended-unwritten"));
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    exit::abort();
                }
                Some(next) = signals.recv() => if is_terminal && next == first {
                    asked.request_immediate_stop();
                }
            }
        }
    });
    stop
}

/// Prints from a thread of its own: nobody may be reading, and the program must end all the same.
fn say(text: String) {
    let _ = std::thread::Builder::new().spawn(move || printer::print_message(&text));
}

/// Does some work, unless the run is interrupted first.
///
/// # Errors
/// Those of the work; and if the run is interrupted.
pub(super) async fn unless_interrupted<T>(
    stop: Option<&Stop>,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Some(stop) = stop else { return work.await };
    tokio::select! {
        biased;
        () = stop.wait_until_stop_requested() => Err(Failure::interrupted()),
        // What failed after a stop failed because of it.
        done = work => match done {
            Err(_) if stop.is_stop_requested() => Err(Failure::interrupted()),
            done => done,
        },
    }
}

/// What some work gave, unless the run was interrupted meanwhile.
///
/// # Errors
/// As for [`unless_interrupted`].
pub(super) fn unless_stopped<T>(stop: &Stop, done: Result<T, Failure>) -> Result<T, Failure> {
    if stop.is_stop_requested() { Err(Failure::interrupted()) } else { done }
}

/// Asks the person at the terminal something. If the run is interrupted, the thread with the question ends
/// with the program.
///
/// # Errors
/// If the run is interrupted.
pub(super) async fn ask_unless_interrupted<T: Send + 'static>(
    stop: &Stop,
    ask: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    // Before the question can be seen.
    IS_ASKING.store(true, Ordering::Relaxed);
    let (answer, answered) = oneshot::channel();
    std::thread::Builder::new().spawn(move || answer.send(ask())).map_err(|error| {
        let why = message!("run-cannot-ask", error = error.to_string());
        Failure::failed(why, system_limits::help(&error).unwrap_or_default())
    })?;
    let answered = async { answered.await.map_err(|_| Failure::interrupted()) };
    let answer = unless_interrupted(Some(stop), answered).await.inspect_err(|_| {
        // The cursor stands behind the question.
        if printer::shows_progress() {
            printer::print_message("");
        }
    })?;
    IS_ASKING.store(false, Ordering::Relaxed);
    Ok(answer)
}

/// Waits for Ctrl-C, or for another signal to end the program.
pub(super) async fn wait_for_signal() {
    receive_signals().recv().await;
}

/// Sends on the names of the signals that ask the program to end.
fn receive_signals() -> mpsc::UnboundedReceiver<&'static str> {
    let (sender, receiver) = mpsc::unbounded_channel();
    macro_rules! forward {
        ($name:literal, $signal:expr) => {
            if let Ok(mut signal) = $signal {
                let sender = sender.clone();
                tokio::spawn(async move {
                    while signal.recv().await.is_some() && sender.send($name).is_ok() {}
                });
            }
        };
    }
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        forward!("SIGINT", signal(SignalKind::interrupt()));
        forward!("SIGTERM", signal(SignalKind::terminate()));
        if !is_hangup_ignored() {
            forward!("SIGHUP", signal(SignalKind::hangup()));
        }
    }
    #[cfg(windows)]
    {
        use tokio::signal::windows;
        forward!("Ctrl-C", windows::ctrl_c());
        forward!("Ctrl-Break", windows::ctrl_break());
        forward!("CTRL_CLOSE_EVENT", windows::ctrl_close());
        forward!("CTRL_LOGOFF_EVENT", windows::ctrl_logoff());
        forward!("CTRL_SHUTDOWN_EVENT", windows::ctrl_shutdown());
    }
    receiver
}

/// Whether a hangup is to be ignored: with `nohup` a program goes on when its terminal is closed. Only
/// Linux says so.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut masks = status.lines().filter_map(|line| line.strip_prefix("SigIgn:"));
    let mask = masks.next().and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The lowest bit is SIGHUP.
    mask.is_some_and(|mask| mask & 1 == 1)
}
