//! Delivers prepared notices one after the other, and keeps the outcome of each.

use super::email::Mailer;
use super::options::NotifyContext;
use super::prepare::RenderedNotice;
use super::print_folder::PrintFolder;
use super::recording::{DeliveryRecorder, NoticeInDelivery};
use crate::exit::Exit;
use crate::ops::failure::Failure;
use crate::output::json;
use crate::output::notify::{NotifyOutput, outcome_counts};
use crate::progress::Progress;

/// Delivers every notice, and stores in `run` the outcome of each and how the run ended. The mailer (or
/// why there is none) and the print folder are present if they are needed.
pub(super) async fn deliver_all(
    context: &NotifyContext<'_>,
    all: &[RenderedNotice],
    (mut mailer, no_mailer, mut print_folder): (
        Option<Mailer<'_>>,
        Option<Failure>,
        Option<PrintFolder>,
    ),
    recording: &DeliveryRecorder,
    run: &mut NotifyOutput,
) {
    let mut stopped = None;
    let progress = Progress::new(&message!("run-notices"));
    for (index, (prepared, output)) in all.iter().zip(&mut run.notices).enumerate() {
        if context.stop.is_stop_requested() || stopped.is_some() {
            break;
        }
        progress.update(index, Some(all.len()));
        let mut notice = NoticeInDelivery { prepared, output };
        let given = match (&prepared.message_id, &mut mailer, &mut print_folder) {
            (Some(_), Some(mailer), _) => mailer.send_notice(&mut notice).await,
            (None, _, Some(print_folder)) => {
                print_folder.print_notice(&mut notice, recording).await
            }
            _ => {
                notice.output.set_deferred(message!("notify-no-way"));
                Ok(())
            }
        };
        stopped = given.err();
    }
    drop(progress);
    if let Some(mailer) = mailer {
        mailer.close().await;
    }
    set_exit(context, stopped, run);
    if let Some(Failure { reason, help, .. }) = no_mailer {
        run.exit.reason.push(&reason);
        run.exit.help = help.or(run.exit.help.take());
    }
}

/// Sets how the run ended.
fn set_exit(context: &NotifyContext<'_>, stopped: Option<Failure>, run: &mut NotifyOutput) {
    let given = run.count_notices_with(Some("sent")) + run.count_notices_with(Some("printed"));
    let open = run.count_notices_with(Some("unknown"));
    let all = run.notices.len();
    let mut status = match (given, open) {
        (given, _) if given == all && stopped.is_none() => Exit::Done,
        (0, 0) => Exit::Failed,
        _ => Exit::Partly,
    };
    let counts = outcome_counts(run);
    let mut reason = message!("notify-outcomes", counts = &counts);
    let again = || Some(message!("notify-again-help"));
    let help = match stopped {
        Some(stopped) => {
            reason = message!("notify-stopped", counts, why = stopped.reason);
            stopped.help
        }
        None if given == all => None,
        None if context.stop.is_stop_requested() => {
            status = Exit::Partly;
            reason = message!("notify-interrupted", counts);
            if open == 0 { again() } else { Some(message!("notify-again-unknown-help")) }
        }
        None if run.count_notices_with(Some("refused")) + open == 0 => again(),
        None => Some(message!("notify-refused-help")),
    };
    run.exit = json::exit_output(status, reason).with_help(help);
}
