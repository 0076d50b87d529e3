//! One agency from its records to its notices: take the turn, look, prepare, show, ask, give.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::deliver;
use super::deliver::Ways;
use super::email::Mailer;
use super::print::Tray;
use super::recording::Recording;
use super::render::{Content, Prepared, Unmade};
use super::select::{decide, doubtful, look};
use super::templates;
use super::{Context, show};
use crate::domain::notice::template::Templates;
use crate::domain::notice::wording::Pen;
use crate::domain::plan::Digest;
use crate::domain::policy::notices::Notices;
use crate::exit::Exit;
use crate::journal::lock::Turn;
use crate::load::reader::Agency;
use crate::mail::{Server, Unusable};
use crate::ops::failure::Failure;
use crate::ops::records_folder::folder_of;
use crate::ops::session::read_bounded;
use crate::output::findings::plural;
use crate::output::notify as report;
use crate::output::notify::Notified;
use crate::printer;
use crate::text::visible;

/// The largest file with a password or authorities, in bytes.
const LARGEST_CREDENTIAL: u64 = 1 << 20;

/// What a run comes to that ends before the first notice.
const NOBODY_TOLD: &str = "Nobody was told anything.";

/// Gives the notices of one agency and tells of it.
pub(super) async fn notify(context: &Context<'_>, agency: &Agency) -> Notified {
    let place = context.source.place();
    let mut run = Notified::begin(&agency.policy, place, context.options.requests.as_of);
    show(context.options, || report::header(&run));
    let done = match &agency.policy.notices {
        Some(notices) => in_turn(context, agency, notices, &mut run).await,
        None => {
            run.reason = "No notices are given: the policy says nothing of them.".to_owned();
            run.help = Some(format!(
                "add `notices: {{since: {}, from: arkib@{}}}` to {}; requests received from that day on are written about",
                context.today,
                agency
                    .policy
                    .domains
                    .first()
                    .map_or("agensi.example", String::as_str),
                visible(&agency.policy.file)
            ));
            Ok(())
        }
    };
    if let Err(failure) = done {
        (run.exit, run.reason, run.help) = (failure.exit, failure.reason, failure.help);
    }
    show(context.options, || report::ending(&run));
    run
}

/// While no other run gives notices from the same records: taken before they are read, so that
/// this run sees what the one before gave.
async fn in_turn(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
    run: &mut Notified,
) -> Result<(), Failure> {
    if context.options.dry_run {
        return one(context, agency, notices, run).await;
    }
    match Turn::take(&folder(context, agency)?) {
        Ok(Some(_turn)) => one(context, agency, notices, run).await,
        Ok(None) => Err(refused(
            "another run on this machine is giving notices from the same records",
            "run arkib again when that one has ended",
        )),
        Err(error) => Err(Failure::new(
            Exit::Failed,
            format!(
                "Failed: no lock can be made in the system's temporary folder: {error}. Nobody was told anything."
            ),
            "mend its permissions; two runs at once must not give the same notice".to_owned(),
        )),
    }
}

fn folder(context: &Context<'_>, agency: &Agency) -> Result<PathBuf, Failure> {
    let records = context.options.records.as_deref();
    let found = folder_of(&context.options.requests, records, context.source, agency);
    found
        .map(|(folder, _)| folder)
        .map_err(|failure| failure.refusing(NOBODY_TOLD))
}

fn refused(why: &str, help: &str) -> Failure {
    let why = format!("Refused: {why}. Nobody was told anything.");
    Failure::new(Exit::Refused, why, help.to_owned())
}

fn failed(why: &str, help: &str) -> Failure {
    let why = format!("Failed: {why}. Nobody was told anything.");
    Failure::new(Exit::Failed, why, help.to_owned())
}

async fn one(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
    run: &mut Notified,
) -> Result<(), Failure> {
    let options = context.options;
    let surveyed = look(context, agency, notices).await?;
    let (due, digest) = decide(context, agency, notices, &surveyed, run)?;
    let templates = templates(context, agency)?;
    let at = Timestamp::now();
    let pen = Pen {
        policy: &agency.policy,
        notices,
        language: options.language.unwrap_or(agency.policy.language),
        date: options.requests.as_of(),
    };
    let made: Result<Vec<Prepared>, Unmade> = due
        .into_iter()
        .map(|due| Prepared::new(due, &pen, &templates, at))
        .collect();
    let prepared = made.map_err(unmade)?;
    run.notices = prepared.iter().map(|it| it.output(options.show)).collect();
    let asks = options.dry_run || !options.yes;
    if asks {
        show(options, || report::notices(run));
    }
    show(options, || report::doubts(run));
    allow(
        context,
        notices,
        &digest,
        prepared.len(),
        doubtful(&surveyed),
    )?;
    if options.dry_run {
        run.reason = match prepared.len() {
            0 => "Dry run: no notice is due.".to_owned(),
            count => format!(
                "Dry run: {} due. Nobody was told anything.",
                plural(count, "notice is", "notices are")
            ),
        };
        return Ok(());
    }
    if prepared.is_empty() {
        run.reason = "No notice is due.".to_owned();
        return Ok(());
    }
    if let Some((why, help)) = why_not(context, agency)? {
        return Err(refused(&why, &help));
    }
    let server = server(&prepared)?;
    if printer::has_failed() {
        return Err(failed("the notices could not be shown", ""));
    }
    if !options.yes && !confirmed(context, prepared.len()).await? {
        run.exit = Exit::Failed;
        run.reason = "Not confirmed: nobody was told anything.".to_owned();
        return Ok(());
    }
    let tray = tray(context, &prepared)?;
    let ways = Ways {
        mailer: server.as_ref().map(|it| Mailer::new(it, &notices.from)),
        tray,
    };
    let folder = folder(context, agency)?;
    let (earlier, count) = (&surveyed.runs, prepared.len());
    let recording = Recording::begin(context, agency, &folder, earlier, &digest, count)
        .map_err(|(why, help)| refused(&why, &help))?;
    deliver::give(context, &prepared, ways, &recording, run).await;
    recording.end(run).await;
    show(options, || report::notices(run));
    Ok(())
}

/// The way from the requests folder to the agency's.
fn below<'a>(context: &Context<'a>, agency: &'a Agency) -> &'a str {
    let file = context.source.path(&agency.policy.file);
    let name = crate::domain::policy::FILE_NAME;
    file.strip_suffix(name).unwrap_or_default()
}

fn templates(context: &Context<'_>, agency: &Agency) -> Result<Templates, Failure> {
    let requests = &context.options.requests;
    let is_commit = requests.reference.is_some();
    let below = below(context, agency);
    let own = templates::read(context.source, &requests.requests, below, is_commit)
        .map_err(|(why, help)| failed(&why, &help))?;
    Templates::new(own).map_err(|broken| unmade(Unmade::Template(broken)))
}

fn unmade(why: Unmade) -> Failure {
    match why {
        Unmade::Template(broken) => failed(
            &format!("a template cannot be used: {broken}"),
            "mend it, or take it away to use arkib's own; docs/NOTICES.md says what templates are given",
        ),
        Unmade::Message(why) => failed(&format!("a message cannot be made: {why}"), ""),
    }
}

/// Whether so many notices may be given at once.
fn allow(
    context: &Context<'_>,
    notices: &Notices,
    digest: &Digest,
    count: usize,
    doubtful: Option<String>,
) -> Result<(), Failure> {
    let accepted = &context.options.accept;
    let is_accepted = accepted.iter().any(|text| digest.is_named_by(text));
    if is_accepted || (count == 0 && doubtful.is_none()) {
        return Ok(());
    }
    let is_alone = context.source.loaded.agencies.len() == 1;
    if !accepted.is_empty() && is_alone {
        return Err(refused(
            &format!(
                "the accepted notices are not these, which are {}",
                digest.handle()
            ),
            "review the notices above, and accept them by their own digest if they are right",
        ));
    }
    if let Some(why) = doubtful {
        return Err(refused(
            &why,
            &format!(
                "mend that; or look with --dry-run, and if every notice is right, let exactly these through: --accept {}",
                digest.handle()
            ),
        ));
    }
    if count as u64 > notices.limit {
        return Err(refused(
            &format!(
                "{count} notices are due, more than the policy's limit of {}",
                notices.limit
            ),
            &format!(
                "look at them with --dry-run; if every one is right, let exactly these through: --accept {}",
                digest.handle()
            ),
        ));
    }
    Ok(())
}

/// Why notices may not be given here and now, and what to do.
fn why_not(context: &Context<'_>, agency: &Agency) -> Result<Option<(String, String)>, Failure> {
    let requests = &context.options.requests;
    if !agency.policy.portal.is_rehearsal() && requests.as_of() != context.today {
        let why = format!(
            "today is {}, and notices about a real portal are given as of today only",
            context.today
        );
        let help = "leave --as-of out; it is for dry runs and rehearsals".to_owned();
        return Ok(Some((why, help)));
    }
    if context.options.allow_uncommitted || requests.reference.is_some() {
        return Ok(None);
    }
    if let Some(why) = context.source.why_uncommitted() {
        return Ok(Some(why));
    }
    let folder: &Path = &requests.requests;
    templates::why_uncommitted(context.source, folder, below(context, agency))
        .map_err(|(why, help)| failed(&why, &help))
}

/// The mail server, where a message is due.
fn server(prepared: &[Prepared]) -> Result<Option<Server>, Failure> {
    let is_message = |it: &Prepared| matches!(it.content, Content::Email { .. });
    if !prepared.iter().any(is_message) {
        return Ok(None);
    }
    // What is not text is kept, so that it is refused.
    let variable =
        |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let server =
        Server::from_environment(&variable, &|path| read_bounded(path, LARGEST_CREDENTIAL));
    let server = server.map_err(|Unusable { why, help }| failed(&why, &help))?;
    server.secrets().iter().for_each(printer::never_print);
    Ok(Some(server))
}

/// The folder for what is to be printed, where a page is due.
fn tray(context: &Context<'_>, prepared: &[Prepared]) -> Result<Option<Tray>, Failure> {
    let is_page = |it: &Prepared| matches!(it.content, Content::Page(_));
    if !prepared.iter().any(is_page) {
        return Ok(None);
    }
    let tray = Tray::open(&context.options.output);
    tray.map(Some).map_err(|(why, help)| failed(&why, &help))
}

/// Asks. The question may stay open when the run is interrupted; its thread ends with the program.
async fn confirmed(context: &Context<'_>, count: usize) -> Result<bool, Failure> {
    let notices = plural(count, "notice", "notices");
    let question = format!("Give {notices}? Type yes to go on:");
    let (answer, answered) = oneshot::channel();
    std::thread::spawn(move || answer.send(printer::confirm(&question)));
    tokio::select! {
        biased;
        () = context.stop.asked() => Err(Failure::interrupted()),
        yes = answered => Ok(yes.unwrap_or(false)),
    }
}
