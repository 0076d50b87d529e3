//! Makes every notice of a run before the first is given: a template that fails at the last of them
//! must not leave the others given.

use jiff::Timestamp;

use crate::domain::mailbox::Mailbox;
use crate::domain::notice::due::Due;
use crate::domain::notice::plain_text;
use crate::domain::notice::template::{Broken, Templates};
use crate::domain::notice::wording::{Pen, Wording, is_printed};
use crate::mail::message;
use crate::mail::message::Letter;
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

/// Why a notice cannot be made.
pub(super) enum Unmade {
    /// A template cannot be used.
    Template(Broken),
    /// The message cannot be made.
    Message(String),
}

impl Prepared {
    /// Makes one.
    pub(super) fn new(
        due: Due,
        pen: &Pen<'_>,
        templates: &Templates,
        at: Timestamp,
    ) -> Result<Self, Unmade> {
        let wording = pen.write(&due);
        let render = |name: &str| templates.render(name, &wording).map_err(Unmade::Template);
        let channel = due.request.received.channel;
        let content = if is_printed(channel) {
            Content::Page(render(&format!("{}.html", channel.as_str()))?)
        } else {
            let (text, html) = (render("email.txt")?, render("email.html")?);
            let from = &pen.notices.from;
            let id = id(&wording, &due, from);
            let bytes = message::bytes(&Letter {
                from_name: &wording.agency.name,
                from: from.as_str(),
                to: due.to.as_str(),
                subject: &format!("{} ({})", wording.title, due.request.id),
                text: &text,
                html: &html,
                id: &id,
                at,
            });
            Content::Email {
                bytes: bytes.map_err(Unmade::Message)?,
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

    /// As the outputs have it, before it is given.
    pub(super) fn output(&self, is_shown: bool) -> NoticeOutput {
        let text = || match &self.content {
            Content::Email { text, .. } => text.clone(),
            Content::Page(html) => plain_text::text(html),
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
            message_id: match &self.content {
                Content::Email { id, .. } => Some(id.clone()),
                Content::Page(_) => None,
            },
            text: is_shown.then(text),
        }
    }
}

fn id(wording: &Wording, due: &Due, from: &Mailbox) -> String {
    let words = [
        wording.agency.short.as_str(),
        due.request.id.as_str(),
        due.kind.as_str(),
        due.to.as_str(),
    ];
    message::message_id(&words, from.domain())
}
