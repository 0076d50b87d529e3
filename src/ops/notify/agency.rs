//! One agency from its records to its notices: lock, survey, prepare, show, ask, deliver.

use std::path::PathBuf;

use super::email::Mailer;
use super::options::{NOBODY_INFORMED, NotifyContext, early_failure};
use super::prepare::{RenderedNotice, prepare_due_notices};
use super::print_folder::PrintFolder;
use super::recording::DeliveryRecorder;
use super::{deliver, guard};
use crate::domain::agency::Agency;
use crate::domain::policy::notices::Notices;
use crate::environment;
use crate::environment::EnvError;
use crate::exit::Exit;
use crate::journal::lock::{FolderLock, LockKind};
use crate::language::Message;
use crate::mail::Server;
use crate::ops::failure::Failure;
use crate::ops::interrupt::confirm_unless_interrupted;
use crate::ops::records_access::{lock_records, records_folder_of};
use crate::output::format::Format;
use crate::output::json;
use crate::output::notify as output;
use crate::output::notify::NotifyOutput;
use crate::printer;
use crate::text::{escape, plural};

/// Delivers the notices of one agency.
pub(super) async fn notify(context: &NotifyContext<'_>, agency: &Agency) -> NotifyOutput {
    let (options, policy) = (context.options, &agency.policy);
    let mut run = NotifyOutput::new(
        Some(&policy.agency),
        context.source.describe_source(),
        options.requests.as_of,
        &context.source.loaded.findings,
    );
    options.print_if_human(|| output::header(&run));
    let done = match &policy.notices {
        Some(notices) => deliver_due(context, agency, notices, &mut run).await,
        None => {
            let reason = "No notices are sent: the policy has no `notices`.";
            let domain = policy.domains.first();
            run.exit = json::exit_output(Exit::Done, reason).with_help(Some(Message::verbatim(format!(
                "add `notices: {{since: {}, from: arkib@{}}}` to {}; notices are sent about requests received from that day on",
                context.today,
                domain.map_or("agensi.example", String::as_str),
                escape(&policy.file)
            ))));
            Ok(())
        }
    };
    if let Err(failure) = done {
        run.exit = failure.into();
    }
    options.print_if_human(|| output::ending(&run));
    run
}

/// Locks the records. Also returns their folder.
async fn lock_agency_records(
    context: &NotifyContext<'_>,
    agency: &Agency,
) -> Result<(PathBuf, FolderLock), Failure> {
    let (requests, records) = (&context.options.requests, &context.options.records);
    let (folder, shown) = records_folder_of(requests, records.as_deref(), context.source, agency)
        .map_err(|failure| failure.into_refusal(NOBODY_INFORMED))?;
    let lock = lock_records((&folder, &shown), LockKind::Exclusive, &context.stop, NOBODY_INFORMED)
        .await?;
    Ok((folder, lock))
}

/// Delivers the notices that are due after a person confirms; a dry run only shows them.
async fn deliver_due(
    context: &NotifyContext<'_>,
    agency: &Agency,
    notices: &Notices,
    run: &mut NotifyOutput,
) -> Result<(), Failure> {
    let options = context.options;
    let locked = match options.dry_run {
        true => None,
        false => Some(lock_agency_records(context, agency).await?),
    };
    let (prepared, digest, previous_runs) =
        prepare_due_notices(context, agency, notices, run).await?;
    let Some((folder, _lock)) = locked else {
        let reason = match prepared.len() {
            0 => "Dry run: no notice is due.".to_owned(),
            count => format!(
                "Dry run: {} due. {NOBODY_INFORMED}",
                plural(count, "notice is", "notices are")
            ),
        };
        run.exit = json::exit_output(Exit::Done, &reason);
        return Ok(());
    };
    if prepared.is_empty() {
        run.exit = json::exit_output(Exit::Done, "No notice is due.");
        return Ok(());
    }
    guard::check_date_and_commits(context, agency)?;
    let server = mail_server_if_needed(&prepared)?;
    if let Some(why) = printer::find_write_failure(options.format == Format::Human) {
        return Err(early_failure(&format!("standard output cannot be written: {why}"), ""));
    }
    let question = message!("run-ask-send", count = prepared.len());
    if !options.yes && !confirm_unless_interrupted(&context.stop, question).await? {
        run.exit = json::exit_output(Exit::Failed, "Not confirmed: no notice was sent or printed.");
        return Ok(());
    }
    let has_pages = prepared.iter().any(|notice| notice.message_id.is_none());
    let print_folder = has_pages.then(|| PrintFolder::open(&options.output)).transpose()?;
    let what = (&digest, prepared.len());
    let recording = DeliveryRecorder::begin_record(context, agency, &folder, &previous_runs, what)?;
    let mailer =
        server.as_ref().map(|server| Mailer::new(server, &notices.from, &recording, &context.stop));
    deliver::deliver_all(context, &prepared, (mailer, print_folder), &recording, run).await;
    recording.end_record(run).await;
    options.print_if_human(|| output::notices(run));
    Ok(())
}

/// The mail server, if an e-mail is due.
fn mail_server_if_needed(prepared: &[RenderedNotice]) -> Result<Option<Server>, Failure> {
    if prepared.iter().all(|notice| notice.message_id.is_none()) {
        return Ok(None);
    }
    let server =
        Server::from_environment(&environment::variable, &environment::read_credential_file);
    let server = server.map_err(|EnvError { why, help }| early_failure(&why, &help))?;
    server.secrets().iter().for_each(printer::hide_secret);
    Ok(Some(server))
}
