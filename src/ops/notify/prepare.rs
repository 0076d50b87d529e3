//! Decides which notices of an agency are due, and makes every one of them before the first is given: a
//! template that fails at the last must not leave the others given.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::options::{Context, failed};
use super::{guard, templates};
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::notice::due;
use crate::domain::notice::due::{DueNotice, NoticeFacts};
use crate::domain::notice::template::{TemplateError, Templates};
use crate::domain::notice::wording::NoticeContext;
use crate::domain::notice::{Kind, plain_text};
use crate::domain::plan::Digest;
use crate::domain::policy::Provenance;
use crate::domain::policy::notices::Notices;
use crate::domain::record::chain::Run;
use crate::domain::request::Channel;
use crate::domain::request::across::concerned_mailboxes;
use crate::mail::message;
use crate::mail::message::Letter;
use crate::ops::approvals::{Side, find_unverified};
use crate::ops::failure::Failure;
use crate::ops::survey::{Observer, Survey, survey};
use crate::output::notify as output;
use crate::output::notify::{NoticeOutput, NotifySummary, UnconfirmedOutput};
use crate::printer;

/// The notices that are due, ready to be given and shown; their digest; and the records of earlier
/// runs.
pub(super) async fn prepare(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
    run: &mut NotifySummary,
) -> Result<(Vec<RenderedNotice>, Digest, Vec<Run>), Failure> {
    let options = context.options;
    let surveyed = look(context, agency, notices).await?;
    let (due, digest) = decide(context, agency, notices, &surveyed, run)?;
    let own = templates::read(context.source, agency)?;
    let templates = Templates::new(own).map_err(unusable)?;
    let at = Timestamp::now();
    let pen = NoticeContext {
        policy: &agency.policy,
        notices,
        language: options.language.unwrap_or(agency.policy.language),
        date: options.requests.as_of(),
    };
    let made = due
        .into_iter()
        .map(|due| RenderedNotice::new(due, &pen, &templates, at, options.show))
        .collect::<Result<Vec<_>, _>>()?;
    let (prepared, outputs): (Vec<RenderedNotice>, _) = made.into_iter().unzip();
    run.notices = outputs;
    if options.dry_run || !options.yes {
        options.show(|| output::notices(run));
    }
    options.show(|| output::unconfirmed(run));
    guard::allow(context, notices, &surveyed, (&digest, prepared.len()))?;
    Ok((prepared, digest, surveyed.runs))
}

/// What is known of the requests that are written about.
async fn look(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
) -> Result<Survey, Failure> {
    let options = context.options;
    let requests = agency.requests.iter();
    let written_about = requests.filter(|request| request.received.date >= notices.since);
    let named = written_about.flat_map(|request| concerned_mailboxes(request, &agency.requests));
    let mailboxes: BTreeSet<Mailbox> = named.map(|named| named.mailbox.clone()).collect();
    let mailboxes = Vec::from_iter(mailboxes);
    let records = options.records.as_deref();
    let mut observer = Observer {
        stop: Some(&context.stop),
        ..Observer::new(context.source, &options.requests, &options.portal, records)
    };
    // Nobody named would mean everybody.
    let is_offline = mailboxes.is_empty();
    let surveyed = survey(&mut observer, agency, Some(&mailboxes), is_offline).await?;
    observer.session.close().await;
    Ok(surveyed)
}

/// The notices that are due, and their digest; what may not have arrived is noted in `run`.
fn decide(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
    surveyed: &Survey,
    run: &mut NotifySummary,
) -> Result<(Vec<DueNotice>, Digest), Failure> {
    let options = context.options;
    let lives = surveyed.lives(agency);
    let facts = NoticeFacts {
        lifecycles: &lives,
        history: &surveyed.history,
        since: notices.since,
        as_of: options.requests.as_of(),
        recoverable_days: agency.policy.recoverable_days,
        observed: surveyed.portal.as_ref().map(|(observed, _)| observed),
        again: &options.again,
        again_to: options.to.as_ref(),
    };
    let mut found = due::due_notices(&facts);
    found.retain(|due| options.ask_for(due));
    retain_believed(context, agency, &mut found)?;
    let unconfirmed = due::unconfirmed_notices(&facts).into_iter();
    run.unconfirmed = unconfirmed
        .filter(|(due, _)| options.ask_for(due))
        .map(|(due, given)| UnconfirmedOutput::of(&due, given))
        .collect();
    let digest = due::list_digest(&agency.policy.agency, &found);
    run.digest = (!found.is_empty()).then(|| digest.to_string());
    Ok((found, digest))
}

/// Nobody is told of an approval that is not its approver's own. The plan looks into those alone that
/// a change rests on.
fn retain_believed(
    context: &Context<'_>,
    agency: &Agency,
    found: &mut Vec<DueNotice>,
) -> Result<(), Failure> {
    if agency.policy.provenance != Provenance::Signed {
        return Ok(());
    }
    let approved = found.iter().filter(|due| due.kind != Kind::Received);
    let requests: Vec<_> = approved.map(|due| &due.request).collect();
    let side = Side::of(context.source, agency);
    let unverified = find_unverified(context.source, &side, &agency.policy, &requests)?;
    found.retain(|due| due.kind == Kind::Received || !unverified.contains_key(&due.request.id));
    for id in unverified.keys() {
        printer::say(&format!(
            "note: the approval of {id} is not verified, so nobody is told of it"
        ));
    }
    Ok(())
}

/// A notice that is ready to be given.
pub(super) struct RenderedNotice {
    pub due: DueNotice,
    /// The message, or the page to print.
    pub bytes: Vec<u8>,
    /// Its Message-ID; a page has none.
    pub message_id: Option<String>,
}

impl RenderedNotice {
    /// Makes one, and how the outputs show it before it is given: with its whole text or without.
    fn new(
        due: DueNotice,
        pen: &NoticeContext<'_>,
        templates: &Templates,
        at: Timestamp,
        is_shown: bool,
    ) -> Result<(Self, NoticeOutput), Failure> {
        let wording = pen.write(&due);
        let render = |name: &str| templates.render(name, &wording).map_err(unusable);
        let channel = due.request.received.channel;
        let (bytes, message_id, text) = if channel == Channel::Email {
            let (text, html) = (render("email.txt")?, render("email.html")?);
            let from = &pen.notices.from;
            let id = due.request.id.as_str();
            let words = [&*pen.policy.agency, id, due.kind.as_str(), due.to.as_str()];
            let message_id = message::message_id(&words, from.domain());
            let bytes = message::bytes(&Letter {
                from_name: &pen.agency_name(),
                from: from.as_str(),
                to: due.to.as_str(),
                subject: &format!("{} ({id})", wording.title),
                text: &text,
                html: &html,
                id: &message_id,
                at,
            });
            let unmade = |why| failed(&format!("a message cannot be made: {why}"), "");
            (
                bytes.map_err(unmade)?,
                Some(message_id),
                is_shown.then_some(text),
            )
        } else {
            let html = render(&format!("{}.html", channel.as_str()))?;
            let text = is_shown.then(|| plain_text::html_to_text(&html));
            (html.into_bytes(), None, text)
        };
        let output = NoticeOutput::of(&due, wording.title, message_id.clone(), text);
        let prepared = Self {
            due,
            bytes,
            message_id,
        };
        Ok((prepared, output))
    }
}

/// What is wrong with a template.
fn unusable(broken: TemplateError) -> Failure {
    failed(
        &format!("a template cannot be used: {broken}"),
        "mend it, or take it away to use arkib's own; docs/NOTICES.md says what templates are given",
    )
}
