//! One agency from its records to its notices: lock, survey, prepare, show, ask, deliver.

use std::path::PathBuf;

use super::email::Mailer;
use super::options::{NotifyContext, early_failure};
use super::prepare::prepare_due_notices;
use super::print_folder::PrintFolder;
use super::recording::DeliveryRecorder;
use super::{deliver, guard};
use crate::domain::agency::Agency;
use crate::domain::policy::notices::Notices;
use crate::environment;
use crate::environment::EnvError;
use crate::exit::Exit;
use crate::journal::lock::{FolderLock, LockKind};
use crate::mail::Server;
use crate::ops::failure::Failure;
use crate::ops::interrupt::ask_unless_interrupted;
use crate::ops::records_access::{lock_records, records_folder_of};
use crate::output::format::Format;
use crate::output::json;
use crate::output::notify as output;
use crate::output::notify::NotifyOutput;
use crate::output::result_printer;
use crate::printer;
use crate::text::escape;

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
            let domain = policy.domains.first().map_or("agensi.example", String::as_str);
            let (day, file) = (context.today, escape(&policy.file));
            let mut agencies = context.source.loaded.agencies.iter();
            let is_none = agencies.all(|agency| agency.policy.notices.is_none());
            let exit = if is_none { Exit::Failed } else { Exit::Done };
            run.exit = json::exit_output(exit, message!("notify-no-section"))
                .with_help(Some(message!("notify-no-section-help", day, domain, file)));
            Ok(())
        }
    };
    if let Err(failure) = done {
        run.exit = failure.into();
    }
    if options.format == Format::Human {
        result_printer::print_ending(run.exit.status, &output::ending(&run));
    }
    run
}

/// Locks the records. Also returns their folder.
async fn lock_agency_records(
    context: &NotifyContext<'_>,
    agency: &Agency,
) -> Result<(PathBuf, FolderLock), Failure> {
    let (requests, records) = (&context.options.requests, &context.options.records);
    let (folder, shown) = records_folder_of(requests, records.as_deref(), context.source, agency)
        .map_err(|failure| failure.into_refusal(message!("notify-none-given")))?;
    let so = message!("notify-none-given");
    let lock = lock_records((&folder, &shown), LockKind::Exclusive, &context.stop, so).await?;
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
    let due = prepare_due_notices(context, agency, notices, run).await?;
    let (prepared, previous_runs) = (due.notices, due.previous_runs);
    let Some((folder, _lock)) = locked else {
        let reason = match prepared.len() {
            0 => message!("notify-dry-none"),
            count => message!("notify-dry", count),
        };
        run.exit = json::exit_output(Exit::Done, reason);
        return Ok(());
    };
    if prepared.is_empty() {
        run.exit = json::exit_output(Exit::Done, message!("notify-none"));
        return Ok(());
    }
    guard::check_date_and_commits(context, agency)?;
    let mails = prepared.iter().filter(|notice| notice.message_id.is_some()).count();
    let pages = prepared.len() - mails;
    let (server, no_server) = match mail_server(mails) {
        // Paper needs no server.
        Err(error) if pages > 0 => (None, Some(error)),
        server => (server.map_err(|error| early_failure(error.why, error.help))?, None),
    };
    if let Some(why) = printer::find_write_failure(options.format == Format::Human) {
        return Err(early_failure(message!("notify-no-output", why), ""));
    }
    let sent = if no_server.is_none() { mails } else { 0 };
    let question = message!("run-ask-notices", mails = sent, pages);
    let no_server = no_server.map(|error| {
        let why = message!("notify-no-server", count = mails, why = error.why);
        printer::print_message(&printer::render(&why));
        Failure::failed(why, error.help)
    });
    let ask = move || printer::confirm(&question);
    if !options.yes && !ask_unless_interrupted(&context.stop, ask).await? {
        run.exit = json::exit_output(Exit::Failed, message!("notify-not-confirmed"));
        return Ok(());
    }
    let print_folder = (pages > 0).then(|| PrintFolder::open(&options.output)).transpose()?;
    let what = (&due.digest, prepared.len());
    let recording = DeliveryRecorder::begin_record(context, agency, &folder, &previous_runs, what)?;
    recording.record_seen_done(due.seen_done);
    let mailer =
        server.as_ref().map(|server| Mailer::new(server, &notices.from, &recording, &context.stop));
    let ways = (mailer, no_server, print_folder);
    deliver::deliver_all(context, &prepared, ways, &recording, run).await;
    recording.end_record(run).await;
    options.print_if_human(|| output::notices(run));
    Ok(())
}

/// The mail server, if an e-mail is due.
fn mail_server(mails: usize) -> Result<Option<Server>, EnvError> {
    if mails == 0 {
        return Ok(None);
    }
    let server =
        Server::from_environment(&environment::variable, &environment::read_credential_file)?;
    server.secrets().iter().for_each(printer::hide_secret);
    Ok(Some(server))
}
