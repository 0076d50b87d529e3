//! `arkib status`: what was asked, approved and done, and what the portal has.

use jiff::civil::Date;

use super::connect::{Embedded, Session, Wanted};
use super::load::{Requests, Source};
use crate::cli::Format;
use crate::desired::{self, Desired};
use crate::exit::Exit;
use crate::finding::Finding;
use crate::mailbox::Mailbox;
use crate::observed::Observed;
use crate::plan::{self, Plan};
use crate::portal::{self, PortalError};
use crate::printer;
use crate::progress::Progress;
use crate::report::findings::{self, count};
use crate::report::json::{self, ReconcileOutput};
use crate::report::status::{MailboxStory, PortalStory, RequestStory, StatusOutput, human};
use crate::report::{Reconciled, human as plans};
use crate::request::reader::Agency;
use crate::request::{Action, Request};
use crate::yaml::has_errors;

/// The version of the output.
const FORMAT: &str = "arkib.status/1";

/// Tells the story of a mailbox or of a request, or how everything stands.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib status                               what the next run would do, and what waits
  arkib status siti.aminah@agensi.example    a mailbox: its requests and its archive
  arkib status BMT-2026-0042                 a request and its mailboxes

A real portal is found through ARKIB_PORTAL_URL and ARKIB_PORTAL_TOKEN_FILE, as by `arkib reconcile`.")]
pub struct Args {
    /// A mailbox, or the id of a request
    #[arg(value_name = "MAILBOX or ID")]
    subject: Option<String>,
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    embedded: Embedded,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let source = args.requests.load();
    let found = &source.loaded.findings;
    if has_errors(found) {
        return ended(args, &source, found, count(found), None);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return ended(args, &source, &[], reason, None),
    };
    match runtime.block_on(tell(args, &source)) {
        Ok(exit) => exit,
        Err(error) => {
            let reason = format!("Failed while {error}");
            ended(args, &source, &[], reason, Some(error.help))
        }
    }
}

/// Ends a run that could tell nothing.
fn ended(
    args: &Args,
    source: &Source,
    found: &[Finding],
    reason: String,
    help: Option<String>,
) -> Exit {
    match args.format {
        Format::Human => {
            printer::result(&findings::human(found));
            printer::say(&reason);
            if let Some(help) = help {
                printer::say(&format!("help: {help}"));
            }
        }
        Format::Json => {
            let output = StatusOutput {
                format: FORMAT,
                agency: None,
                requests: source.place(),
                as_of: args.requests.as_of().to_string(),
                mailboxes: Vec::new(),
                findings: found.iter().map(json::finding).collect(),
                exit: json::exit(Exit::Failed, &reason).with_help(help),
            };
            printer::result(&json::render(&output));
        }
    }
    Exit::Failed
}

async fn tell(args: &Args, source: &Source) -> Result<Exit, PortalError> {
    let as_of = args.requests.as_of();
    let mut stories = Vec::new();
    let mut plans_made = Vec::new();
    for agency in &source.loaded.agencies {
        let everything = desired::fold(&agency.requests, as_of);
        let kept = everything.wanted();
        let mailboxes = args
            .subject
            .as_deref()
            .map(|subject| mailboxes_of(subject, agency));
        if mailboxes.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let session = Session::open(agency.policy.portal, &wanted(args)).await?;
        let reader = session.reader().await?;
        let only = mailboxes.as_deref().unwrap_or_default();
        let observed = {
            let progress = Progress::new("reading mailboxes");
            portal::observe(&reader, only, &|done, of| progress.at(done, of)).await?
        };
        let desired = match &mailboxes {
            Some(mailboxes) => everything.only(mailboxes, &agency.requests),
            None => everything,
        };
        session.close().await;
        let plan = plan::plan(&desired, &observed, &agency.policy, kept);
        match mailboxes {
            Some(mailboxes) => stories.push(StatusOutput {
                format: FORMAT,
                agency: Some(agency.policy.agency.clone()),
                requests: source.place(),
                as_of: as_of.to_string(),
                mailboxes: mailboxes
                    .iter()
                    .map(|mailbox| story(mailbox, agency, &desired, &observed, &plan))
                    .collect(),
                findings: source.loaded.findings.iter().map(json::finding).collect(),
                exit: json::exit(Exit::Done, "told"),
            }),
            None => plans_made.push(overview(args, source, agency, plan)),
        }
    }
    Ok(show(args, source, &stories, &plans_made))
}

fn show(args: &Args, source: &Source, stories: &[StatusOutput], made: &[Reconciled]) -> Exit {
    if let (Some(subject), []) = (&args.subject, stories) {
        let subject = crate::visible::excerpt(subject, 80);
        let reason =
            format!("`{subject}` is neither a mailbox nor the id of a request of these agencies");
        return ended(args, source, &[], reason, None);
    }
    match args.format {
        Format::Human => {
            printer::result(&findings::human(&source.loaded.findings));
            stories
                .iter()
                .for_each(|story| printer::result(&human(story)));
            for run in made {
                printer::result(&plans::header(run));
                run.plan
                    .iter()
                    .for_each(|plan| printer::result(&plans::plan(plan)));
            }
        }
        Format::Json if made.is_empty() => printer::result(&json::one_or_many(stories)),
        Format::Json => {
            let output = |run| ReconcileOutput::of(run, &source.loaded.findings);
            let outputs: Vec<ReconcileOutput> = made.iter().map(output).collect();
            printer::result(&json::one_or_many(&outputs));
        }
    }
    Exit::Done
}

fn overview(args: &Args, source: &Source, agency: &Agency, plan: Plan) -> Reconciled {
    Reconciled {
        agency: agency.policy.agency.clone(),
        requests_at: source.place(),
        portal: agency.policy.portal.as_str(),
        as_of: args.requests.as_of,
        plan: Some(plan),
        outcomes: None,
        exit: Exit::Done,
        reason: "told".to_owned(),
        help: None,
    }
}

fn wanted(args: &Args) -> Wanted<'_> {
    Wanted {
        embedded: &args.embedded,
        requests: &args.requests.requests,
        today: args.requests.as_of,
        may_write: false,
        concurrency: 4,
    }
}

/// The mailboxes that a subject means in an agency; none where it is not of this agency.
fn mailboxes_of(subject: &str, agency: &Agency) -> Vec<Mailbox> {
    if let Some(request) = agency
        .requests
        .iter()
        .find(|request| request.id.as_str() == subject)
    {
        let target = match &request.action {
            Action::Change { .. } => Some(request),
            Action::Withdraw { withdraws } => {
                agency.requests.iter().find(|other| other.id == *withdraws)
            }
        };
        return target.map_or_else(Vec::new, |request| {
            request
                .mailboxes()
                .iter()
                .map(|named| named.mailbox.clone())
                .collect()
        });
    }
    Mailbox::parse(subject)
        .ok()
        .filter(|mailbox| agency.policy.owns(mailbox))
        .into_iter()
        .collect()
}

fn story(
    mailbox: &Mailbox,
    agency: &Agency,
    desired: &Desired,
    observed: &Observed,
    plan: &Plan,
) -> MailboxStory {
    let wish = desired.wishes.iter().find(|wish| wish.mailbox == *mailbox);
    let requests = requests_about(mailbox, agency);
    MailboxStory {
        mailbox: mailbox.to_string(),
        portal: observed.get(mailbox).map(|seen| PortalStory {
            state: seen.state.to_string(),
            account: seen.account.as_str().to_owned(),
            request: seen.request.as_deref().map(str::to_owned),
            changed_at: seen.changed_at.map(|at| at.to_string()),
            recoverable_until: seen.recoverable_until.map(|at| at.to_string()),
            hold: seen.hold,
        }),
        wanted: wish.map(|wish| wish.target.state()),
        next: next(mailbox, plan, wish.is_some()),
        requests: requests
            .into_iter()
            .map(|request| {
                let decides = wish.is_some_and(|wish| wish.request.id == request.id);
                request_story(request, agency, desired.as_of, decides)
            })
            .collect(),
    }
}

/// The requests that name a mailbox, and those that withdraw them, in the order in which they
/// take effect; those without an approval last.
fn requests_about<'a>(mailbox: &Mailbox, agency: &'a Agency) -> Vec<&'a Request> {
    let names = |request: &Request| {
        let mut named = request.mailboxes().iter();
        named.any(|named| named.mailbox == *mailbox)
    };
    let all = || agency.requests.iter().map(AsRef::as_ref);
    let mut requests: Vec<&Request> = all()
        .filter(|request: &&Request| match &request.action {
            Action::Change { .. } => names(request),
            Action::Withdraw { withdraws } => {
                all().any(|other: &Request| other.id == *withdraws && names(other))
            }
        })
        .collect();
    requests.sort_by_key(|request| (request.day().is_none(), desired::rank(request)));
    requests
}

/// What the next run does about a mailbox.
fn next(mailbox: &Mailbox, plan: &Plan, wished: bool) -> String {
    if let Some(change) = plan
        .changes
        .iter()
        .find(|change| change.mailbox == *mailbox)
    {
        let note = change
            .note
            .map(|note| format!("; {note}"))
            .unwrap_or_default();
        let why = match change.cause {
            plan::Cause::Request => "",
            plan::Cause::Drift => " again, because it was done and is no longer so",
        };
        return format!("{}{why}{note}", change.target.verb());
    }
    if let Some(blocked) = plan
        .blocked
        .iter()
        .find(|blocked| blocked.mailbox == *mailbox)
    {
        return format!("nothing, because {}", blocked.obstacle);
    }
    if let Some(item) = plan
        .in_progress
        .iter()
        .find(|item| item.mailbox == *mailbox)
    {
        return format!("nothing yet; the portal is still {}", item.state);
    }
    if wished {
        "nothing; it is as its requests say".to_owned()
    } else {
        "nothing; no approved request is due".to_owned()
    }
}

fn request_story(request: &Request, agency: &Agency, as_of: Date, decides: bool) -> RequestStory {
    let withdrawn_by = agency.requests.iter().find(|other| {
        matches!(&other.action, Action::Withdraw { withdraws } if *withdraws == request.id)
            && other.day().is_some_and(|day| day <= as_of)
    });
    let withdraws = match &request.action {
        Action::Withdraw { withdraws } => Some(withdraws.to_string()),
        Action::Change { .. } => None,
    };
    let standing = match request.day() {
        _ if withdrawn_by.is_some() => "withdrawn",
        None => "pending",
        Some(day) if day > as_of => "scheduled",
        Some(_) if withdraws.is_some() => "in-effect",
        Some(_) if decides => "decides",
        Some(_) => "superseded",
    };
    let approval = request.approval.as_ref();
    RequestStory {
        request: request.id.to_string(),
        action: request.action_word(),
        standing,
        withdraws,
        withdrawn_by: withdrawn_by.map(|other| other.id.to_string()),
        received: request.received.date.to_string(),
        channel: request.received.channel.as_str(),
        reference: request.received.reference.clone(),
        from: request.received.from.as_ref().map(ToString::to_string),
        approved_by: approval.map(|approval| approval.by.to_string()),
        approved: approval.map(|approval| approval.date.to_string()),
        day: request.day().map(|day| day.to_string()),
        reason: request.reason.clone(),
        file: request.file.to_string(),
    }
}
