//! Delivers prepared notices one after the other, and keeps the outcome of each.

use super::email::Mailer;
use super::options::NotifyContext;
use super::prepare::RenderedNotice;
use super::print_folder::PrintFolder;
use super::recording::{DeliveryRecorder, DeliveryStop, NoticeInDelivery};
use crate::exit::Exit;
use crate::language::Message;
use crate::output::json;
use crate::output::notify::{NotifyOutput, outcome_counts_line};
use crate::progress::Progress;

/// Delivers every notice, and stores in `run` the outcome of each and how the run ended. The mailer
/// and the print folder are present if they are needed.
pub(super) async fn deliver_all(
    context: &NotifyContext<'_>,
    all: &[RenderedNotice],
    (mut mailer, mut print_folder): (Option<Mailer<'_>>, Option<PrintFolder>),
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
                notice.output.set_deferred("there is no way to deliver it");
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
}

/// Sets how the run ended.
fn set_exit(context: &NotifyContext<'_>, stopped: Option<DeliveryStop>, run: &mut NotifyOutput) {
    let given = run.count_notices_with(Some("sent")) + run.count_notices_with(Some("printed"));
    let open = run.count_notices_with(Some("unknown"));
    let all = run.notices.len();
    let mut status = match (given, open) {
        (given, _) if given == all && stopped.is_none() => Exit::Done,
        (0, 0) => Exit::Failed,
        _ => Exit::Partly,
    };
    let mut reason = format!("{}.", outcome_counts_line(run));
    let again =
        "run arkib again; it sends the notices that were deferred or not sent, and none twice";
    let help = match stopped {
        Some(stopped) => {
            reason = format!("{reason} Stopped: {}.", stopped.why);
            Some(stopped.help)
        }
        None if given == all => None,
        None if context.stop.is_stop_requested() => {
            status = Exit::Partly;
            reason = format!("Interrupted: {reason}");
            Some(match open {
                0 => again.to_owned(),
                _ => format!(
                    "{again}; an unknown notice is not repeated automatically: ask the person, or use --again ID --to ADDRESS"
                ),
            })
        }
        None if run.count_notices_with(Some("refused")) + open == 0 => Some(again.to_owned()),
        None => Some(
            "find out why, and inform the person in another way; or fix the cause, and repeat the notice: --again ID --to ADDRESS".to_owned(),
        ),
    };
    run.exit = json::exit_output(status, &reason).with_help(help.map(Message::verbatim));
}
