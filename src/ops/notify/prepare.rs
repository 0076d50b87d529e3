//! Decides which notices of an agency are due, and makes all of them before the first is delivered, so
//! that a broken template is found before anything is sent.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;

use jiff::Timestamp;

use super::options::{NotifyContext, early_failure, early_refusal};
use super::{guard, templates};
use crate::domain::agency::Agency;
use crate::domain::approval::verification::find_unverified;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::notice::due;
use crate::domain::notice::due::withdrawal::describe_waiting;
use crate::domain::notice::due::{DueNotice, NoticeFacts};
use crate::domain::notice::template::{STACK, TemplateError, Templates};
use crate::domain::notice::template_context::{ContextBuilder, TemplateContext};
use crate::domain::notice::{Kind, html_to_text};
use crate::domain::plan::Digest;
use crate::domain::policy::notices::Notices;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::Settled;
use crate::domain::record::open_changes::open_changes_for_portal;
use crate::domain::record::settlement::settle_by_portal;
use crate::domain::request::cross_checks::concerned_mailboxes;
use crate::domain::request::{Channel, Request};
use crate::mail::message;
use crate::mail::message::EmailMessage;
use crate::ops::agency_state::{AgencyState, Observer, read_agency_state};
use crate::ops::clock::check_clock;
use crate::ops::failure::Failure;
use crate::output::notify as output;
use crate::output::notify::{NoticeOutput, NotifyOutput, UnconfirmedOutput};
use crate::printer;
use crate::printer::text;
use crate::system_limits;

/// What is to be delivered and recorded.
pub(super) struct PreparedNotices {
    /// The notices that are due, ready to show and deliver.
    pub notices: Vec<RenderedNotice>,
    /// Their digest.
    pub digest: Digest,
    /// The records of earlier runs.
    pub previous_runs: Vec<RunRecord>,
    /// The changes of theirs that the portal accepted, and now shows as done: what notices tell is on record.
    pub seen_done: Vec<Settled>,
}

/// The notices that are due.
pub(super) async fn prepare_due_notices(
    context: &NotifyContext<'_>,
    agency: &Agency,
    notices: &Notices,
    run: &mut NotifyOutput,
) -> Result<PreparedNotices, Failure> {
    let options = context.options;
    let agency_state = read_state_for_notices(context, agency, notices).await?;
    let (due, digest) = select_due_notices(context, agency, notices, &agency_state, run)?;
    let (custom, crest) = templates::read_templates(context.source, agency)?;
    let at = Timestamp::now();
    let context_builder = ContextBuilder {
        policy: &agency.policy,
        notices,
        language: options.language.unwrap_or(agency.policy.language),
        date: options.requests.as_of(),
    };
    let mut budget = context.budget.get();
    budget.add_notices(due.len());
    let made = on_deep_stack(|| {
        let mut templates = Templates::new(custom).map_err(broken_template_failure)?;
        if let Some(crest) = crest {
            templates.set_crest(crest);
        }
        let mut render = |name: &str, template_context: &TemplateContext| {
            let rendered = templates.render(name, template_context, &mut budget);
            rendered.map_err(broken_template_failure)
        };
        due.into_iter()
            .map(|due| RenderedNotice::new(due, &context_builder, &mut render, at, options.show))
            .collect::<Result<Vec<_>, Failure>>()
    })?;
    context.budget.set(budget);
    let (notices_due, outputs): (Vec<RenderedNotice>, _) = made.into_iter().unzip();
    run.notices = outputs;
    if options.dry_run || !options.yes {
        options.print_if_human(|| output::notices(run));
    }
    options.print_if_human(|| output::unconfirmed(run));
    guard::check_limits(context, notices, &agency_state, (&digest, notices_due.len()))?;
    let seen_done = find_seen_done(agency, &agency_state, at);
    let previous_runs = agency_state.runs;
    Ok(PreparedNotices { notices: notices_due, digest, previous_runs, seen_done })
}

/// The changes that the portal accepted from earlier runs, and that it shows as done.
fn find_seen_done(agency: &Agency, state: &AgencyState, now: Timestamp) -> Vec<Settled> {
    let Some((observed, _)) = &state.portal else { return Vec::new() };
    let open = open_changes_for_portal(agency.policy.portal, &state.runs).into_iter();
    open.filter(|open| open.is_accepted)
        .filter_map(|open| settle_by_portal(&open, observed, false, now))
        .filter(|settled| settled.outcome.is_done())
        .collect()
}

/// Reads the state of the requests that can have notices.
async fn read_state_for_notices(
    context: &NotifyContext<'_>,
    agency: &Agency,
    notices: &Notices,
) -> Result<AgencyState, Failure> {
    let options = context.options;
    let requests = agency.requests.iter();
    let written_about = requests.filter(|request| request.received.date >= notices.since);
    let named =
        written_about.clone().flat_map(|request| concerned_mailboxes(request, &agency.requests));
    let mut mailboxes: BTreeSet<Mailbox> = named.map(|named| named.mailbox.clone()).collect();
    // Their letters are addressed to them by name.
    let applicants = written_about.filter_map(|request| request.received.from.as_ref());
    let own = applicants.filter(|applicant| agency.policy.owns_domain_of(applicant));
    mailboxes.extend(own.cloned());
    let mailboxes = Vec::from_iter(mailboxes);
    let records = options.records.as_deref();
    let mut observer = Observer {
        stop: Some(&context.stop),
        ..Observer::new(context.source, &options.requests, &options.portal, records)
    };
    observer.session.reads_people = true;
    // An empty list of mailboxes would mean all of them.
    let is_offline = mailboxes.is_empty();
    let agency_state =
        read_agency_state(&mut observer, agency, Some(&mailboxes), is_offline).await?;
    let portal_time = agency_state.portal_time;
    let clock = check_clock(&observer, agency, portal_time, options.dry_run);
    observer.session.stop_embedded_portals().await;
    clock.map_err(|(why, help)| early_refusal(why, help))?;
    Ok(agency_state)
}

/// The notices that are due, and their digest; unconfirmed notices are noted in `run`.
fn select_due_notices(
    context: &NotifyContext<'_>,
    agency: &Agency,
    notices: &Notices,
    agency_state: &AgencyState,
    run: &mut NotifyOutput,
) -> Result<(Vec<DueNotice>, Digest), Failure> {
    let options = context.options;
    let lifecycles = agency_state.lifecycles(agency);
    let facts = NoticeFacts {
        lifecycles: &lifecycles,
        history: &agency_state.history,
        since: notices.since,
        as_of: options.requests.as_of(),
        recoverable_days: agency.policy.recoverable_days,
        observed: agency_state.portal.as_ref().map(|(observed, _)| observed),
        again: &options.again,
        again_to: options.to.as_ref(),
    };
    let is_meant = |due: &DueNotice| options.include(&due.request.id, |to| *to == due.to);
    let early = agency.requests.iter().filter(|request| request.received.date < notices.since);
    let early = early.filter(|early| options.include(&early.id, |to| concerns(agency, early, to)));
    (run.since, run.received_before) = (Some(notices.since.to_string()), early.count());
    let mut found = due::due_notices(&facts);
    found.retain(is_meant);
    retain_verified(agency, &mut found);
    for (id, mailboxes) in agency_state.waiting_withdrawals(agency, &lifecycles) {
        if options.include(id, |to| mailboxes.contains(&to)) {
            printer::print_message(&printer::render(&describe_waiting(id, &mailboxes)));
        }
    }
    let unconfirmed = due::unconfirmed_notices(&facts).into_iter();
    run.unconfirmed = unconfirmed
        .filter(|(due, _)| is_meant(due))
        .map(|(due, given)| UnconfirmedOutput::new(&due, given))
        .collect();
    let digest = due::notice_list_digest(&agency.policy.agency, &found);
    run.digest = (!found.is_empty()).then(|| digest.to_string());
    Ok((found, digest))
}

/// Whether a request is from a person or about their mailbox.
pub(super) fn concerns(agency: &Agency, request: &Request, person: &Mailbox) -> bool {
    let mut named = concerned_mailboxes(request, &agency.requests).iter();
    request.received.from.as_ref() == Some(person) || named.any(|named| named.mailbox == *person)
}

/// Drops notices about approvals that are not verified. The plan verifies only those that a change
/// depends on.
fn retain_verified(agency: &Agency, found: &mut Vec<DueNotice>) {
    let approved = found.iter().filter(|due| due.kind != Kind::Received);
    let requests: Vec<_> = approved.map(|due| &due.request).collect();
    let unverified = find_unverified(requests, &agency.policy, &agency.keys);
    found.retain(|due| due.kind == Kind::Received || !unverified.contains_key(&due.request.id));
    for id in unverified.keys() {
        printer::print_message(&text!("notify-unverified", id = id.as_str()));
    }
}

/// A notice that is ready to deliver.
pub(super) struct RenderedNotice {
    pub due: DueNotice,
    /// The message, or the page to print.
    pub bytes: Vec<u8>,
    /// Its Message-ID; a page has none.
    pub message_id: Option<String>,
}

impl RenderedNotice {
    /// Renders a notice, and makes its output, with the full text if `is_shown`.
    fn new(
        due: DueNotice,
        context_builder: &ContextBuilder<'_>,
        render: &mut dyn FnMut(&str, &TemplateContext) -> Result<String, Failure>,
        at: Timestamp,
        is_shown: bool,
    ) -> Result<(Self, NoticeOutput), Failure> {
        let template_context = context_builder.build_context(&due);
        let mut render = |name: &str| render(name, &template_context);
        let channel = due.request.received.channel;
        let (bytes, message_id, text) = if channel == Channel::Email {
            let (text, html) = (render("email.txt")?, render("email.html")?);
            let from = &context_builder.notices.from;
            let id = due.request.id.as_str();
            let words = [&*context_builder.policy.agency, id, due.kind.as_str(), due.to.as_str()];
            let message_id = message::message_id(&words, from.domain());
            let bytes = message::encode_message(&EmailMessage {
                from_name: &context_builder.agency_name(),
                from: from.as_str(),
                to: due.to.as_str(),
                subject: &format!("{} ({id})", template_context.title),
                text: &text,
                html: &html,
                id: &message_id,
                at,
            });
            let unmade = |why: String| early_failure(message!("notify-message-unmade", why), "");
            (bytes.map_err(unmade)?, Some(message_id), is_shown.then_some(text))
        } else {
            let html = render(&format!("{}.html", channel.as_str()))?;
            let text = is_shown.then(|| html_to_text::html_to_text(&html));
            (html.into_bytes(), None, text)
        };
        let output = NoticeOutput::new(&due, template_context.title, message_id.clone(), text);
        let prepared = Self { due, bytes, message_id };
        Ok((prepared, output))
    }
}

/// Does work with the stack that templates need: the main one of Windows has 1 MiB.
fn on_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| {
            let why = message!("notify-unrendered", error = error.to_string());
            early_failure(why, system_limits::help(&error).unwrap_or_default())
        })?;
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// The failure for a broken template.
fn broken_template_failure(broken: TemplateError) -> Failure {
    let why = message!("notify-template-broken", place = broken.place, why = broken.why);
    early_failure(why, message!("notify-template-broken-help"))
}
