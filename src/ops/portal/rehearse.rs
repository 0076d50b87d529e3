//! `arkib portal rehearse`: proves the policy's mapping on one test mailbox that the user names twice.

mod guards;
mod options;
mod recording;

pub use self::options::Options;

use std::sync::Arc;
use std::time::Duration;

use self::recording::RehearsalRecorder;
use crate::apply::Stop;
use crate::apply::rehearse::{Rehearsal, RehearsalLimits};
use crate::domain::agency::Agency;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::ObservedMailbox;
use crate::domain::record::history::last_done_requests;
use crate::domain::rehearsal::{RehearsalResult, RestoreOutcome, reading_problem};
use crate::exit::Exit;
use crate::git::stop_git;
use crate::journal::lock::LockKind;
use crate::language::{Message, Value};
use crate::load::LoadedRequests;
use crate::ops::agency_state::Observer;
use crate::ops::exit_status::exit_of_findings;
use crate::ops::failure::Failure;
use crate::ops::interrupt::{
    ask_unless_interrupted, listen_for_signals, unless_interrupted, unless_stopped,
};
use crate::ops::read_requests::read_with_base;
use crate::ops::records_access::{lock_records, records_folder_of};
use crate::output::findings::count_problems;
use crate::output::format::Format;
use crate::output::json;
use crate::output::json::ExitOutput;
use crate::output::rehearse::RehearseOutput;
use crate::output::result_printer::{print_failure, print_formatted_result};
use crate::portal::ReadScope;
use crate::printer;
use crate::printer::text;
use crate::text::escape;

/// How long a portal may show an old state after a change.
const LAG: Duration = Duration::from_secs(10);

/// Runs the command.
pub(crate) fn run(options: &Options) -> Exit {
    let mut output = RehearseOutput::new(options.mailbox.to_string());
    let ended = rehearse(options, &mut output);
    let is_begun = !output.steps.is_empty() || !output.problems.is_empty();
    output.exit = ended.unwrap_or_else(ExitOutput::from);
    if !is_begun {
        let exit = output.exit.clone();
        print_failure(options.format, "portal rehearse", &[], exit, |_| json::render(&output));
    } else if options.format == Format::Human {
        // The lines before it were printed one by one.
        printer::print_result(&output.tail());
    } else {
        print_formatted_result(
            options.format,
            "portal rehearse",
            || output.render_text(),
            || json::render(&output),
        );
    }
    output.exit.status
}

fn rehearse(options: &Options, output: &mut RehearseOutput) -> Result<ExitOutput, Failure> {
    check_named_twice(options)?;
    let runtime = crate::ops::new_runtime().map_err(|why| Failure::failed(why, ""))?;
    let stop = listen_for_signals(&runtime, stop_git);
    let read = read_with_base(&options.requests, None, ". Nothing was changed.");
    let source = unless_stopped(&stop, read)?;
    let found = &source.loaded.findings;
    if exit_of_findings(found, false) != Exit::Done {
        let why = message!("run-problems-mailbox", problems = count_problems(found));
        return Err(Failure::refused(why, message!("run-check-shows-help")));
    }
    let agency = guards::find_agency(&source.loaded.agencies, &options.mailbox)?;
    (output.agency, output.portal) =
        (Some(agency.policy.agency.clone()), Some(agency.policy.portal.as_str()));
    guards::check_requests(&source.loaded.agencies, agency, &options.mailbox)?;
    guards::check_source(&source, agency, &options.requests)?;
    let ended = runtime.block_on(async {
        let records = options.records.as_deref();
        let mut observer = Observer {
            stop: Some(&stop),
            is_to_change: true,
            ..Observer::new(&source, &options.requests, &options.portal, records)
        };
        observer.session.may_write = true;
        observer.session.stop = Some(std::sync::Arc::clone(&stop));
        let ended = rehearse_agency(options, &source, agency, &mut observer, &stop, output).await;
        observer.session.stop_embedded_portals().await;
        ended
    });
    // An unanswered question must not keep the program running.
    runtime.shutdown_background();
    ended
}

/// Checks what a program passes instead of answers, before anything is read.
fn check_named_twice(options: &Options) -> Result<(), Failure> {
    let usage = |reason, help: Message| Err(Failure::new(Exit::Usage, reason, help));
    match &options.confirm {
        Some(again) if *again != options.mailbox => usage(
            message!("rehearsal-names-differ", mailbox = &options.mailbox, again),
            message!("rehearsal-names-differ-help"),
        ),
        None if !options.can_ask() => {
            usage(message!("rehearsal-name-twice"), message!("rehearsal-name-twice-help"))
        }
        _ if options.has_archive.is_none() && !options.can_ask() => {
            usage(message!("rehearsal-say-archive"), message!("rehearsal-say-archive-help"))
        }
        _ => Ok(()),
    }
}

async fn rehearse_agency(
    options: &Options,
    source: &LoadedRequests,
    agency: &Agency,
    observer: &mut Observer<'_>,
    stop: &Arc<Stop>,
    output: &mut RehearseOutput,
) -> Result<ExitOutput, Failure> {
    let (policy, mailbox) = (&agency.policy, &options.mailbox);
    let so = message!("run-nothing-changed");
    let (folder, shown) =
        records_folder_of(&options.requests, options.records.as_deref(), source, agency)
            .map_err(|failure| failure.into_refusal(&so))?;
    let _lock = lock_records((&folder, &shown), LockKind::Exclusive, stop, so.clone()).await?;
    let read = observer.read_records(agency);
    let (_, runs) = read.map_err(|failure| failure.into_refusal(&so))?;
    let done = last_done_requests(&runs, policy.portal.is_rehearsal(), None);
    guards::check_records(&done, mailbox)?;
    let scope = ReadScope::These(std::slice::from_ref(mailbox));
    let desired = observer.fold_requests(agency);
    let (reader, observed) = observer.observe(agency, &scope, &desired, Some(&runs)).await?;
    let found = guards::check_mailbox(&observed, mailbox)?;
    guards::check_account(&source.loaded.agencies, &observed, &done, found)?;
    guards::check_last_rehearsal_ended(&runs, found)?;
    output.found = Some(found.state.to_string());
    if options.format == Format::Human {
        printer::print_result(&output.head());
    }
    ask_to_confirm(options, stop).await?;
    let has_archive = ask_whether_archive(options, stop).await?;
    if let Some(problem) = reading_problem(&found.state, has_archive, &policy.mapping) {
        output.problems = vec![problem.into()];
        let reason = message!("rehearsal-mapping-wrong");
        return Ok(json::exit_output(Exit::Failed, reason));
    }
    if let Some(why) = printer::find_write_failure(options.format == Format::Human) {
        return Err(Failure::failed(message!("rehearsal-output-lost", why), ""));
    }
    let open = async { Ok(observer.session.open_writer(policy).await?) };
    let writer = unless_interrupted(Some(stop), open).await?;
    let (Some(reader), Some(writer)) = (reader, writer) else {
        return Err(guards::people_operate_failure());
    };
    let record = RehearsalRecorder::begin_record(
        (source, agency),
        found,
        (&folder, &runs),
        Arc::clone(stop),
        options,
    )?;
    let rehearsal = Rehearsal {
        reader: &reader,
        writer: &writer,
        listener: &record,
        mapping: &policy.mapping,
        found,
        limits: RehearsalLimits {
            provisioning: Duration::from_secs(options.wait_timeout),
            lag: LAG,
            first_pause: Duration::from_millis(500),
        },
        stop,
    };
    let result = rehearsal.run().await;
    let exit = exit_of(options, found, &result);
    output.as_found = result.left == RestoreOutcome::AsFound;
    output.problems = result.problems.into_iter().map(Into::into).collect();
    output.steps = record.steps();
    let (file, exit) = record.end_record(exit).await;
    output.record = Some(file);
    Ok(exit)
}

/// Asks for the address again, unless an option repeats it.
async fn ask_to_confirm(options: &Options, stop: &Stop) -> Result<(), Failure> {
    if options.confirm.is_some() {
        return Ok(());
    }
    printer::print_message(&format!("\n{}", text!("rehearsal-warning")));
    let question = text!("rehearsal-type-again") + " ";
    let typed =
        ask_unless_interrupted(stop, move || printer::ask_line(&question).ok().flatten()).await?;
    let is_same = |typed: String| Mailbox::parse(typed.trim()).is_ok_and(|m| m == options.mailbox);
    match typed.is_some_and(is_same) {
        true => Ok(()),
        false => Err(Failure::failed(message!("rehearsal-not-same"), "")),
    }
}

/// What a person sees: arkib's reading is compared with it.
async fn ask_whether_archive(options: &Options, stop: &Stop) -> Result<bool, Failure> {
    if let Some(has_archive) = options.has_archive {
        return Ok(has_archive);
    }
    let question = text!("rehearsal-ask-archive");
    let answer = ask_unless_interrupted(stop, move || printer::ask_yes_or_no(&question)).await?;
    answer.ok_or_else(|| Failure::failed(message!("rehearsal-neither"), ""))
}

/// How the run ended.
fn exit_of(options: &Options, found: &ObservedMailbox, result: &RehearsalResult) -> ExitOutput {
    let (mailbox, before) = (escape(found.mailbox.as_str()), &found.state);
    if let RestoreOutcome::Otherwise(now, why) = &result.left {
        let (reason, help) = match now {
            Some(now) if *now == found.state => (
                message!("rehearsal-request-stands", mailbox, state = before, why),
                message!("rehearsal-request-stands-help"),
            ),
            _ => {
                let now = now
                    .as_ref()
                    .map_or_else(|| message!("rehearsal-not-known").into(), Value::from);
                (
                    message!("rehearsal-not-as-found", mailbox, before, now, why),
                    message!("rehearsal-not-as-found-help", state = before),
                )
            }
        };
        return json::exit_output(Exit::Partly, reason).with_help(Some(help));
    }
    let left = match &result.left {
        RestoreOutcome::WithoutArchive(now) => {
            message!("rehearsal-without-archive", mailbox, before, now)
        }
        _ => message!("rehearsal-as-found", mailbox),
    };
    let (exit, mut reason) = if result.is_interrupted {
        (Exit::Partly, message!("rehearsal-stopped"))
    } else if !result.problems.is_empty() {
        (Exit::Failed, message!("rehearsal-not-proven"))
    } else {
        (Exit::Done, message!("rehearsal-proven"))
    };
    reason.push(left);
    let is_unseen = exit == Exit::Done && !options.can_ask();
    let help = is_unseen.then(|| message!("rehearsal-nobody-compared"));
    json::exit_output(exit, reason).with_help(help)
}
