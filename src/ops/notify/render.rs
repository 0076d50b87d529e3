//! Makes every notice of a run before the first is given: a template that fails at the last of them
//! must not leave the others given.

use jiff::Timestamp;

use super::context::failed;
use crate::domain::notice::due::Due;
use crate::domain::notice::plain_text;
use crate::domain::notice::template::{Broken, Templates};
use crate::domain::notice::wording::{Pen, is_printed};
use crate::mail::message::{self, Letter};
use crate::ops::failure::Failure;
use crate::output::notify::NoticeOutput;

/// A notice that is ready to be given.
pub(super) struct Prepared {
    /// What it tells whom.
    pub due: Due,
    /// Its line in the outputs.
    pub title: String,
    /// What is given.
    pub content: Content,
}

/// What is given.
pub(super) enum Content {
    /// A message.
    Email {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Its Message-ID.
        id: String,
        /// Its text, to be shown.
        text: String,
    },
    /// A page to print.
    Page(String),
}

impl Prepared {
    /// Makes one.
    ///
    /// # Errors
    /// Where a template cannot be used, or the message cannot be made.
    pub(super) fn new(
        due: Due,
        pen: &Pen<'_>,
        templates: &Templates,
        at: Timestamp,
    ) -> Result<Self, Failure> {
        let wording = pen.write(&due);
        let render = |name: &str| templates.render(name, &wording).map_err(unusable);
        let channel = due.request.received.channel;
        let content = if is_printed(channel) {
            Content::Page(render(&format!("{}.html", channel.as_str()))?)
        } else {
            let (text, html) = (render("email.txt")?, render("email.html")?);
            let from = &pen.notices.from;
            let words = [
                &*wording.agency.short,
                due.request.id.as_str(),
                due.kind.as_str(),
                due.to.as_str(),
            ];
            let id = message::message_id(&words, from);
            let bytes = message::bytes(&Letter {
                from_name: &wording.agency.name,
                from,
                to: &due.to,
                subject: &format!("{} ({})", wording.title, due.request.id),
                text: &text,
                html: &html,
                id: &id,
                at,
            });
            Content::Email {
                bytes: bytes
                    .map_err(|why| failed(&format!("a message cannot be made: {why}"), ""))?,
                id,
                text,
            }
        };
        Ok(Self {
            title: wording.title,
            due,
            content,
        })
    }

    /// Whether it is sent; what is not is printed.
    pub(super) fn is_message(&self) -> bool {
        matches!(self.content, Content::Email { .. })
    }

    /// As the outputs have it, before it is given.
    pub(super) fn output(&self, is_shown: bool) -> NoticeOutput {
        let (message_id, text) = match &self.content {
            Content::Email { id, text, .. } => (Some(id.clone()), is_shown.then(|| text.clone())),
            Content::Page(html) => (None, is_shown.then(|| plain_text::text(html))),
        };
        NoticeOutput {
            request: self.due.request.id.to_string(),
            kind: self.due.kind.as_str(),
            to: self.due.to.to_string(),
            channel: self.due.request.received.channel.as_str(),
            title: self.title.clone(),
            again: self.due.is_again,
            outcome: None,
            detail: None,
            file: None,
            message_id,
            text,
        }
    }
}

/// What is wrong with a template.
pub(super) fn unusable(broken: Broken) -> Failure {
    failed(
        &format!("a template cannot be used: {broken}"),
        "mend it, or take it away to use arkib's own; docs/NOTICES.md says what templates are given",
    )
}
