//! A portal that people operate: what was handed over to them before, and how more is.

use std::path::PathBuf;

use jiff::Timestamp;

use super::Context;
use super::recording::{self, Earlier};
use crate::commands::connect::beside;
use crate::commands::halt::Halt;
use crate::commands::records::folder_of;
use crate::exit::Exit;
use crate::observed::Observed;
use crate::plan::Plan;
use crate::policy::{Policy, PortalKind};
use crate::portal::PortalHandOver;
use crate::portal::files::{Row, Seen};
use crate::records::open::handed_over;
use crate::records::turn::Turn;
use crate::request::reader::Agency;

/// Where what is handed over is put, beside the requests folder.
const FOLDER: &str = ".arkib/hand-over";

/// The run's turn: two at once from the same records would each hand everything over. `None` where
/// nothing is handed over.
///
/// # Errors
/// Where another run on this machine has it.
pub(super) fn turn(context: &Context<'_>, agency: &Agency) -> Result<Option<Turn>, Halt> {
    let args = context.args;
    if args.dry_run || agency.policy.portal != PortalKind::Files {
        return Ok(None);
    }
    let refuse = |(why, help): (String, String)| {
        let why = format!("Refused: {why}. Nothing was changed.");
        Halt::Because(Exit::Refused, why, help)
    };
    let (folder, shown) = folder_of(
        &args.requests,
        args.records.as_deref(),
        context.source,
        agency,
    )
    .map_err(refuse)?;
    match Turn::take(&folder) {
        Ok(Some(turn)) => Ok(Some(turn)),
        Ok(None) => Err(refuse((
            "another run on this machine is at work on the same records".to_owned(),
            "run arkib again when that one has ended".to_owned(),
        ))),
        Err(error) => Err(refuse((
            format!("the records in {shown} cannot be locked: {error}"),
            "mend their permissions; two runs at once must not hand over the same".to_owned(),
        ))),
    }
}

/// What the portal has, with what people were asked to do and may still do.
///
/// # Errors
/// Where the records cannot be read, or the report is older than one that was used before.
pub(super) fn add_handed_over(
    context: &Context<'_>,
    agency: &Agency,
    seen: Option<&Seen>,
    observed: Observed,
) -> Result<Observed, Halt> {
    let Some(seen) = seen else {
        return Ok(observed);
    };
    let earlier = recording::earlier(context, agency)
        .map_err(|(why, help)| Halt::Because(Exit::Refused, format!("Refused: {why}."), help))?;
    check_order(seen, &earlier)?;
    if context.args.hand_over_again {
        return Ok(observed);
    }
    Ok(observed.with_handed_over(handed_over(&earlier.open)))
}

/// What happened between two reports would be undone by the older one.
fn check_order(seen: &Seen, earlier: &Earlier) -> Result<(), Halt> {
    let Some(newest) = earlier.newest_report() else {
        return Ok(());
    };
    let taken: Option<Timestamp> = newest.taken.parse().ok();
    if taken.is_none_or(|taken| taken <= seen.taken) {
        return Ok(());
    }
    Err(Halt::Because(
        Exit::Refused,
        format!(
            "Refused: the report {} is of {}, and an earlier run was made of a newer one, {} of {}. Nothing was changed.",
            seen.name, seen.taken, newest.name, newest.taken
        ),
        "download a new report from the portal".to_owned(),
    ))
}

/// Hands changes over: a folder with the file to upload, and what the person who uploads it needs
/// to know.
pub(super) struct People<'a> {
    policy: &'a Policy,
    plan: &'a Plan,
    earlier: &'a Earlier,
    /// Where what is handed over is put.
    folder: PathBuf,
    /// Its name.
    name: String,
}

impl<'a> People<'a> {
    pub(super) fn new(
        context: &Context<'_>,
        agency: &'a Agency,
        plan: &'a Plan,
        earlier: &'a Earlier,
    ) -> Self {
        let chosen = context.args.hand_over.clone();
        let folder = chosen.unwrap_or_else(|| beside(&context.args.requests.requests, FOLDER));
        let moment = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        let name = format!("{moment}-{}", plan.digest.short());
        Self {
            policy: &agency.policy,
            plan,
            earlier,
            folder,
            name,
        }
    }

    /// What is to be done next.
    pub(super) fn next(&self) -> String {
        String::new()
    }
}

impl PortalHandOver for People<'_> {
    fn unfit(&self, _: &Row<'_>) -> Option<String> {
        None
    }

    fn hand_over(&self, _: &[Row<'_>]) -> Result<String, String> {
        Err("not yet".into())
    }
}
