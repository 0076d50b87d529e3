//! Makes every notice of a run before the first is given: a template that fails at the last of them
//! must not leave the others given.

use jiff::Timestamp;

use super::options::failed;
use crate::domain::notice::due::Due;
use crate::domain::notice::plain_text;
use crate::domain::notice::template::{Broken, Templates};
use crate::domain::notice::wording::Pen;
use crate::domain::request::Channel;
use crate::mail::message;
use crate::mail::message::Letter;
use crate::ops::failure::Failure;
use crate::output::notify::NoticeOutput;

/// A notice that is ready to be given.
pub(super) struct Prepared {
    pub due: Due,
    /// The message, or the page to print.
    pub bytes: Vec<u8>,
    /// Its Message-ID; a page has none.
    pub message_id: Option<String>,
}

impl Prepared {
    /// Makes one, and how the outputs show it before it is given: with its whole text or without.
    pub(super) fn new(
        due: Due,
        pen: &Pen<'_>,
        templates: &Templates,
        at: Timestamp,
        is_shown: bool,
    ) -> Result<(Self, NoticeOutput), Failure> {
        let wording = pen.write(&due);
        let render = |name: &str| templates.render(name, &wording).map_err(unusable);
        let channel = due.request.received.channel;
        let (bytes, message_id, text) = if channel == Channel::Email {
            let (text, html) = (render("email.txt")?, render("email.html")?);
            let (agency, from) = (&wording.agency, &pen.notices.from);
            let id = due.request.id.as_str();
            let words = [&*agency.short, id, due.kind.as_str(), due.to.as_str()];
            let message_id = message::message_id(&words, from.domain());
            let bytes = message::bytes(&Letter {
                from_name: &agency.name,
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
            let text = is_shown.then(|| plain_text::text(&html));
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
pub(super) fn unusable(broken: Broken) -> Failure {
    failed(
        &format!("a template cannot be used: {broken}"),
        "mend it, or take it away to use arkib's own; docs/NOTICES.md says what templates are given",
    )
}
