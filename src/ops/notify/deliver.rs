//! Gives prepared notices one after the other, and keeps what became of each.

use super::Context;
use super::email::Mailer;
use super::print::Tray;
use super::recording::Recording;
use super::render::{Content, Prepared};
use crate::domain::record::words::DeliveryOutcome;
use crate::exit::Exit;
use crate::output::notify::{Notified, tally};
use crate::progress::Progress;

/// How one notice ended.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// What is to be said of it.
    pub detail: Option<String>,
    /// The file that was made.
    pub file: Option<String>,
}

impl End {
    /// It was not sent, and no record says that it was about to be.
    pub(super) fn not_begun(why: &str) -> Self {
        Self {
            outcome: DeliveryOutcome::Deferred,
            detail: Some(why.to_owned()),
            file: None,
        }
    }
}

/// Why no other notice is to be given.
pub(super) struct Stopped {
    /// Why.
    pub why: String,
    /// What to do.
    pub help: String,
    /// How the notice ended at which that showed, where it was begun.
    pub end: Option<Box<End>>,
}

impl Stopped {
    /// What cannot be recorded is not done.
    pub(super) fn unrecorded(why: String) -> Self {
        Self {
            why,
            help: "see that the folder of the records can be written, and run arkib again"
                .to_owned(),
            end: None,
        }
    }

    /// With how the last notice ended.
    pub(super) fn after(mut self, end: End) -> Self {
        self.end = Some(Box::new(end));
        self
    }
}

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
    run: &mut Notified,
) {
    let mut stopped = None;
    {
        let progress = Progress::new("giving notices");
        for (index, prepared) in all.iter().enumerate() {
            if context.stop.is_asked() {
                break;
            }
            progress.at(index, Some(all.len()));
            let end = match one(context, prepared, &mut ways, recording).await {
                Ok(end) => Some(end),
                Err(mut why) => {
                    let end = why.end.take().map(|end| *end);
                    stopped = Some(why);
                    end
                }
            };
            if let (Some(end), Some(notice)) = (end, run.notices.get_mut(index)) {
                notice.outcome = Some(end.outcome.as_str());
                notice.detail = end.detail;
                notice.file = end.file;
            }
            if stopped.is_some() {
                break;
            }
        }
    }
    if let Some(mailer) = ways.mailer {
        mailer.close().await;
    }
    conclude(context, stopped, run);
}

async fn one(
    context: &Context<'_>,
    prepared: &Prepared,
    ways: &mut Ways<'_>,
    recording: &Recording,
) -> Result<End, Stopped> {
    match (&prepared.content, &mut ways.mailer, &mut ways.tray) {
        (Content::Email { bytes, .. }, Some(mailer), _) => {
            mailer.give(prepared, bytes, recording, &context.stop).await
        }
        (Content::Page(html), _, Some(tray)) => tray.give(prepared, html, recording).await,
        // Both ways are opened where they are needed.
        _ => Ok(End::not_begun("there is no way to give it")),
    }
}

/// Says how the run ended.
fn conclude(context: &Context<'_>, stopped: Option<Stopped>, run: &mut Notified) {
    let given = run.count("sent") + run.count("printed");
    let open = run.count("unknown");
    let all = run.notices.len();
    run.exit = match (given, open) {
        (given, _) if given == all && stopped.is_none() => Exit::Done,
        (0, 0) => Exit::Failed,
        _ => Exit::Partly,
    };
    run.reason = format!("{}.", tally(run));
    let again = "run arkib again; it gives what was put off or not given, and nothing twice";
    match stopped {
        Some(stopped) => {
            run.reason = format!("{} Stopped: {}.", run.reason, stopped.why);
            run.help = Some(stopped.help);
        }
        None if context.stop.is_asked() && given < all => {
            run.exit = Exit::Partly;
            run.reason = format!("Interrupted: {}", run.reason);
            run.help = Some(match open {
                0 => again.to_owned(),
                _ => format!(
                    "{again}; what is unknown is never given again by itself: ask the person, or --again ID --to ADDRESS"
                ),
            });
        }
        None if run.count("refused") + open == 0 && given < all => {
            run.help = Some(again.to_owned());
        }
        None if given < all => {
            run.help = Some(
                "find out why, and tell the person another way; or mend it, and give the notice once more: --again ID --to ADDRESS".to_owned(),
            );
        }
        None => {}
    }
}
