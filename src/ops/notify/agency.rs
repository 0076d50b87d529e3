//! One agency from its records to its notices: lock, survey, prepare, show, ask, deliver.

use std::path::PathBuf;

use super::email::Mailer;
use super::options::{Context, NOBODY_INFORMED, failed, refused};
use super::prepare::{RenderedNotice, prepare};
use super::print::Tray;
use super::recording::Recording;
use super::{deliver, guard};
use crate::domain::agency::Agency;
use crate::domain::policy::notices::Notices;
use crate::environment;
use crate::environment::EnvError;
use crate::exit::Exit;
use crate::journal::lock::FolderLock;
use crate::mail::Server;
use crate::ops::failure::Failure;
use crate::ops::interrupt::confirm;
use crate::ops::records_folder::folder_of;
use crate::output::json;
use crate::output::notify as output;
use crate::output::notify::NotifySummary;
use crate::printer;
use crate::text::{escape, plural};

/// Gives the notices of one agency.
pub(super) async fn notify(context: &Context<'_>, agency: &Agency) -> NotifySummary {
    let (options, policy) = (context.options, &agency.policy);
    let mut run = NotifySummary::of(
        Some(&policy.agency),
        context.source.place(),
        options.requests.as_of,
        &context.source.loaded.findings,
    );
    options.show(|| output::header(&run));
    let done = match &policy.notices {
        Some(notices) => give(context, agency, notices, &mut run).await,
        None => {
            let reason = "No notices are given: the policy says nothing of them.";
            let domain = policy.domains.first();
            run.exit = json::exit(Exit::Done, reason).with_help(Some(format!(
                "add `notices: {{since: {}, from: arkib@{}}}` to {}; requests received from that day on are written about",
                context.today,
                domain.map_or("agensi.example", String::as_str),
                escape(&policy.file)
            )));
            Ok(())
        }
    };
    if let Err(failure) = done {
        run.exit = failure.into();
    }
    options.show(|| output::ending(&run));
    run
}

/// Keeps other runs on this machine away from the same records: the lock is taken before they are read,
/// so that this run sees what the one before gave. Gives the folder of the records, too.
fn lock(context: &Context<'_>, agency: &Agency) -> Result<(PathBuf, FolderLock), Failure> {
    let (requests, records) = (&context.options.requests, &context.options.records);
    let (folder, _) = folder_of(requests, records.as_deref(), context.source, agency)
        .map_err(|failure| failure.refusing(NOBODY_INFORMED))?;
    match FolderLock::take(&folder) {
        Ok(Some(lock)) => Ok((folder, lock)),
        Ok(None) => Err(refused(
            "another run on this machine is giving notices from the same records",
            "run arkib again when that one has ended",
        )),
        Err(error) => Err(failed(
            &format!("no lock can be made in the system's temporary folder: {error}"),
            "mend its permissions; two runs at once must not give the same notice",
        )),
    }
}

/// Gives what is due, once a person has agreed; a dry run only says what that is.
async fn give(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
    run: &mut NotifySummary,
) -> Result<(), Failure> {
    let options = context.options;
    let locked = (!options.dry_run).then(|| lock(context, agency));
    let locked = locked.transpose()?;
    let (prepared, digest, earlier) = prepare(context, agency, notices, run).await?;
    let Some((folder, _lock)) = locked else {
        let reason = match prepared.len() {
            0 => "Dry run: no notice is due.".to_owned(),
            count => format!(
                "Dry run: {} due. {NOBODY_INFORMED}",
                plural(count, "notice is", "notices are")
            ),
        };
        run.exit = json::exit(Exit::Done, &reason);
        return Ok(());
    };
    if prepared.is_empty() {
        run.exit = json::exit(Exit::Done, "No notice is due.");
        return Ok(());
    }
    guard::may_give(context, agency)?;
    let server = server(&prepared)?;
    if printer::has_failed() {
        return Err(failed("the notices could not be shown", ""));
    }
    let question = || {
        let notices = plural(prepared.len(), "notice", "notices");
        format!("Give {notices}? Type yes to go on:")
    };
    if !options.yes && !confirm(&context.stop, question()).await? {
        run.exit = json::exit(Exit::Failed, "Not confirmed: nobody was told anything.");
        return Ok(());
    }
    let has_pages = prepared.iter().any(|notice| notice.message_id.is_none());
    let tray = has_pages.then(|| Tray::open(&options.output)).transpose()?;
    let what = (&digest, prepared.len());
    let recording = Recording::begin(context, agency, &folder, &earlier, what)?;
    let mailer = server
        .as_ref()
        .map(|server| Mailer::new(server, &notices.from, &recording, &context.stop));
    deliver::give(context, &prepared, (mailer, tray), &recording, run).await;
    recording.end(run).await;
    options.show(|| output::notices(run));
    Ok(())
}

/// The mail server, where a message is due.
fn server(prepared: &[RenderedNotice]) -> Result<Option<Server>, Failure> {
    if prepared.iter().all(|notice| notice.message_id.is_none()) {
        return Ok(None);
    }
    let server = Server::from_environment(&environment::variable, &environment::read_credential);
    let server = server.map_err(|EnvError { why, help }| failed(&why, &help))?;
    server.secrets().iter().for_each(printer::never_print);
    Ok(Some(server))
}
