//! Gives prepared notices one after the other, and keeps what became of each.

use super::context::Context;
use super::email::Mailer;
use super::end::{End, Stopped};
use super::print::Tray;
use super::recording::Recording;
use super::render::Prepared;
use crate::exit::Exit;
use crate::output::json;
use crate::output::notify::{NotifySummary, tally};
use crate::progress::Progress;

/// Where notices go.
pub(super) struct Ways<'a> {
    /// The mail server, where a message is due.
    pub mailer: Option<Mailer<'a>>,
    /// The folder, where something is to be printed.
    pub tray: Option<Tray>,
}

/// Gives every notice, and says in `run` what became of each and how it ended.
pub(super) async fn give(
    context: &Context<'_>,
    all: &[Prepared],
    mut ways: Ways<'_>,
    recording: &Recording,
    run: &mut NotifySummary,
) {
    let mut stopped = None;
    {
        let progress = Progress::new("giving notices");
        for (index, (prepared, notice)) in all.iter().zip(&mut run.notices).enumerate() {
            if context.stop.is_asked() || stopped.is_some() {
                break;
            }
            progress.at(index, Some(all.len()));
            let given = one(prepared, &mut ways, recording).await;
            let end = given.map(Some).unwrap_or_else(|mut why| {
                let end = why.end.take().map(|end| *end);
                stopped = Some(why);
                end
            });
            if let Some(end) = end {
                notice.outcome = Some(end.outcome.as_str());
                notice.detail = end.detail;
                notice.file = end.file;
            }
        }
    }
    if let Some(mailer) = ways.mailer {
        mailer.close().await;
    }
    conclude(context, stopped, run);
}

async fn one(
    prepared: &Prepared,
    ways: &mut Ways<'_>,
    recording: &Recording,
) -> Result<End, Stopped> {
    match (&prepared.message_id, &mut ways.mailer, &mut ways.tray) {
        (Some(_), Some(mailer), _) => mailer.give(prepared).await,
        (None, _, Some(tray)) => tray.give(prepared, recording).await,
        // Both ways are opened where they are needed.
        _ => Ok(End::not_begun("there is no way to give it")),
    }
}

/// Says how the run ended.
fn conclude(context: &Context<'_>, stopped: Option<Stopped>, run: &mut NotifySummary) {
    let given = run.count(Some("sent")) + run.count(Some("printed"));
    let open = run.count(Some("unknown"));
    let all = run.notices.len();
    let status = match (given, open) {
        (given, _) if given == all && stopped.is_none() => Exit::Done,
        (0, 0) => Exit::Failed,
        _ => Exit::Partly,
    };
    run.exit = json::exit(status, &format!("{}.", tally(run)));
    let again = "run arkib again; it gives what was put off or not given, and nothing twice";
    match stopped {
        Some(stopped) => {
            run.exit.reason = format!("{} Stopped: {}.", run.exit.reason, stopped.why);
            run.exit.help = Some(stopped.help);
        }
        None if given == all => {}
        None if context.stop.is_asked() => {
            run.exit.status = Exit::Partly;
            run.exit.reason = format!("Interrupted: {}", run.exit.reason);
            run.exit.help = Some(match open {
                0 => again.to_owned(),
                _ => format!(
                    "{again}; what is unknown is never given again by itself: ask the person, or --again ID --to ADDRESS"
                ),
            });
        }
        None if run.count(Some("refused")) + open == 0 => run.exit.help = Some(again.to_owned()),
        None => {
            run.exit.help = Some(
                "find out why, and tell the person another way; or mend it, and give the notice once more: --again ID --to ADDRESS".to_owned(),
            );
        }
    }
}
