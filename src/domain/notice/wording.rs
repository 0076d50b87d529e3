//! What a notice says, in the words of its language: what templates are given. Pure.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::Kind;
use super::due::{About, Due};
use crate::domain::language::Texts;
use crate::domain::policy::notices::Notices;
use crate::domain::policy::{Language, Policy};
use crate::domain::request::Channel;

/// A notice as templates see it. Every text of it is plain; templates decide how it looks. The names
/// are a contract with agencies that have templates of their own: `docs/NOTICES.md` lists them.
#[derive(Debug, Clone, Serialize)]
pub struct Wording {
    /// ms or en.
    pub language: &'static str,
    /// received, approved, blocked, enabled, terminated or withdrawn.
    pub kind: &'static str,
    /// email, memo, letter or form.
    pub channel: &'static str,
    /// What it is about, in a line.
    pub title: String,
    /// The day it is given, in words.
    pub date: String,
    /// The address of whoever it is for.
    pub to: String,
    /// Who gives it.
    pub agency: Agency,
    /// The request that it is about.
    pub request: RequestWords,
    /// Its first paragraph.
    pub opening: String,
    /// What is known, as label and value.
    pub rows: Vec<Row>,
    /// What the user is to do, where that is something.
    pub steps: Option<Steps>,
    /// Its last paragraphs.
    pub more: Vec<String>,
    /// Every kind of notice, for boxes to be ticked.
    pub statuses: Vec<Status>,
    /// The other texts of the language: its section `notice`.
    pub text: Value,
}

/// Who gives a notice.
#[derive(Debug, Clone, Serialize)]
pub struct Agency {
    /// The short name.
    pub short: String,
    /// The full name.
    pub name: String,
    /// The lines below the name.
    pub letterhead: Vec<String>,
    /// Who signs.
    pub signatory: Vec<String>,
    /// Where users can ask.
    pub contact: Option<String>,
}

/// What is known of the request. Days are in words.
#[derive(Debug, Clone, Serialize)]
#[serde(rename = "request")]
pub struct RequestWords {
    /// Its id, which is the agency's own reference.
    pub id: String,
    /// What it asks for, in words.
    pub action: String,
    /// The reference of the applicant's document.
    pub reference: String,
    /// The day of receipt.
    pub received: String,
    /// The day of approval.
    pub approved: Option<String>,
    /// The day it takes effect.
    pub effective: Option<String>,
    /// The request that it withdraws.
    pub withdraws: Option<String>,
    /// The mailboxes that whoever the notice is for may see.
    pub mailboxes: Vec<String>,
}

/// A label and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The label; empty where the value belongs to the one before.
    pub label: String,
    /// The value.
    pub value: String,
}

/// What a user is to do.
#[derive(Debug, Clone, Serialize)]
pub struct Steps {
    /// What for.
    pub intro: String,
    /// One after the other.
    pub items: Vec<String>,
}

/// A box of a form.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// Its label.
    pub label: String,
    /// Whether it is ticked.
    pub is_ticked: bool,
}

/// What a notice is written with.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    /// The agency.
    pub policy: &'a Policy,
    /// What its policy says of notices.
    pub notices: &'a Notices,
    /// The language.
    pub language: Language,
    /// The day it is given.
    pub date: Date,
}

impl Pen<'_> {
    /// The words of a notice.
    pub fn write(&self, due: &Due) -> Wording {
        let request = self.request(due);
        let channel = due.request.received.channel;
        Wording {
            language: self.language.as_str(),
            kind: due.kind.as_str(),
            channel: channel.as_str(),
            title: self.say("title", due, &request),
            date: self.language.long_date(self.date),
            to: due.to.to_string(),
            agency: self.agency(),
            opening: self.say("opening", due, &request),
            rows: self.rows(due, &request),
            steps: self.steps(due),
            more: self.more(due),
            statuses: self.statuses(due),
            text: self.texts().section("notice").clone(),
            request,
        }
    }

    fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    fn word(&self, key: &str) -> String {
        self.texts().word("notice", key)
    }

    fn day(&self, day: Option<Date>) -> Option<String> {
        day.map(|day| self.language.long_date(day))
    }

    fn agency(&self) -> Agency {
        Agency {
            short: self.policy.agency.clone(),
            name: one_line(&self.policy.name),
            letterhead: self.notices.letterhead.clone(),
            signatory: self.notices.signatory.clone(),
            contact: self.notices.contact.clone(),
        }
    }

    fn request(&self, due: &Due) -> RequestWords {
        let request = &due.request;
        let mailboxes = due.mailboxes.iter();
        RequestWords {
            id: request.id.to_string(),
            action: self.texts().word("action", request.action_word()),
            reference: one_line(&request.received.reference),
            received: self.language.long_date(request.received.date),
            approved: self.day(request.approval.as_ref().map(|approval| approval.date)),
            effective: self.day(request.day()),
            withdraws: request.withdraws().map(ToString::to_string),
            mailboxes: mailboxes.map(|about| about.mailbox.to_string()).collect(),
        }
    }

    /// A text that depends on what is told of which action.
    fn say<'a>(&self, section: &str, due: &Due, request: &'a RequestWords) -> String {
        let key = match due.kind {
            kind if kind.is_final() => kind.as_str().to_owned(),
            kind => format!("{}-{}", kind.as_str(), due.request.action_word()),
        };
        let known = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        let places = [
            ("received", &*request.received),
            ("approved", known(&request.approved)),
            ("effective", known(&request.effective)),
            ("withdraws", known(&request.withdraws)),
        ];
        fill(&self.word(&format!("{section}.{key}")), &places)
    }

    fn rows(&self, due: &Due, request: &RequestWords) -> Vec<Row> {
        let row = |key: &str, value: &str| Row {
            label: self.word(&format!("row.{key}")),
            value: value.to_owned(),
        };
        let mut rows = vec![row("request", &request.id)];
        match &request.withdraws {
            Some(withdraws) => rows.push(row("withdraws", withdraws)),
            None => rows.push(row("action", &request.action)),
        }
        rows.push(row("received", &request.received));
        rows.extend(request.approved.iter().map(|day| row("approved", day)));
        // Said where it tells more than the day of approval.
        let effective = request.effective.iter();
        let other = effective.filter(|day| Some(*day) != request.approved.as_ref());
        rows.extend(other.map(|day| row("effective", day)));
        rows.extend(self.of_mailboxes(due, &row));
        rows
    }

    /// One mailbox by itself has rows of its own; of several each has one.
    fn of_mailboxes(&self, due: &Due, row: &dyn Fn(&str, &str) -> Row) -> Vec<Row> {
        if let [one] = due.mailboxes.as_slice() {
            let mut rows = vec![row("mailbox", one.mailbox.as_str())];
            if matches!(due.kind, Kind::Enabled | Kind::Terminated) {
                let done = due.kind.as_str();
                rows.extend(self.day(one.done_on).map(|day| row(done, &day)));
            }
            rows.extend(
                self.day(one.recoverable_until)
                    .map(|day| row("until", &day)),
            );
            rows.extend(self.obstacle(one).map(|why| row("reason", &why)));
            return rows;
        }
        let mut label = self.word("row.mailboxes");
        let each = |key: &str, day: Option<Date>| {
            let day = self.day(day)?;
            Some(fill(&self.word(&format!("each.{key}")), &[("day", &day)]))
        };
        let row = |about: &About| {
            let done = each(due.kind.as_str(), about.done_on);
            let until = each("until", about.recoverable_until);
            let more: Vec<String> = [done, until, self.obstacle(about)]
                .into_iter()
                .flatten()
                .collect();
            let value = match more.as_slice() {
                [] => about.mailbox.to_string(),
                more => format!("{} ({})", about.mailbox, more.join("; ")),
            };
            Row {
                label: std::mem::take(&mut label),
                value,
            }
        };
        due.mailboxes.iter().map(row).collect()
    }

    fn obstacle(&self, about: &About) -> Option<String> {
        let obstacle = about.obstacle.as_ref()?;
        Some(self.texts().word("obstacle", obstacle.code()))
    }

    fn is_user(due: &Due) -> bool {
        due.mailboxes.iter().any(|about| about.mailbox == due.to)
    }

    /// How the add-on is installed (procedure 4.1 step 5), for whoever has the archive.
    fn steps(&self, due: &Due) -> Option<Steps> {
        let addin = self.notices.addin.as_ref()?;
        if due.kind != Kind::Enabled || !Self::is_user(due) {
            return None;
        }
        let step = |key: &str| self.word(&format!("steps.{key}"));
        let mut items = vec![
            step("close"),
            fill(&step("download"), &[("link", &addin.link)]),
            step("run"),
            step("open"),
        ];
        let guide = addin.guide.iter();
        items.extend(guide.map(|guide| fill(&step("guide"), &[("guide", guide)])));
        Some(Steps {
            intro: step("intro"),
            items,
        })
    }

    fn more(&self, due: &Due) -> Vec<String> {
        let more = |key: &str| self.word(&format!("more.{key}"));
        let first = match due.kind {
            Kind::Received => Some(more("received")),
            Kind::Approved => Some(more(&format!("approved-{}", due.request.action_word()))),
            Kind::Blocked => Some(more("blocked")),
            Kind::Enabled if Self::is_user(due) && self.notices.addin.is_none() => {
                Some(more("helps"))
            }
            Kind::Terminated => self.recoverable(due),
            Kind::Enabled | Kind::Withdrawn => None,
        };
        let mut paragraphs = Vec::from_iter(first);
        let is_done = matches!(due.kind, Kind::Enabled | Kind::Terminated);
        if is_done && due.mailboxes.iter().any(|about| about.mailbox != due.to) {
            paragraphs.push(more("others"));
        }
        paragraphs.push(match &self.notices.contact {
            Some(contact) => fill(&more("ask-at"), &[("contact", contact)]),
            None => more("ask"),
        });
        paragraphs
    }

    /// Until when the archive can be had back, and how; of several the first that cannot any more
    /// is what counts.
    fn recoverable(&self, due: &Due) -> Option<String> {
        let mailboxes = due.mailboxes.iter();
        let until = mailboxes.filter_map(|about| about.recoverable_until);
        let until = self.language.long_date(until.min()?);
        Some(fill(&self.word("more.recoverable"), &[("until", &until)]))
    }

    fn statuses(&self, due: &Due) -> Vec<Status> {
        let has_been = |kind: Kind| match kind {
            Kind::Received => true,
            Kind::Approved => due.request.approval.is_some(),
            kind => kind == due.kind,
        };
        let mut kinds = vec![Kind::Received, Kind::Approved, Kind::done(&due.request)];
        if due.request.withdraws().is_none() {
            kinds.push(Kind::Blocked);
        }
        let status = |kind: Kind| Status {
            label: self.word(&format!("status.{}", kind.as_str())),
            is_ticked: has_been(kind),
        };
        kinds.into_iter().map(status).collect()
    }
}

/// The text with what stands in `{braces}` filled in, once: nothing that is filled in is looked
/// into again.
pub(super) fn fill(text: &str, places: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}');
        let known = place.and_then(|(name, after)| {
            let found = places.iter().find(|(place, _)| *place == name)?;
            Some((found.1, after))
        });
        match known {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// Text on one line, whatever it was.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a channel is paper.
pub fn is_printed(channel: Channel) -> bool {
    channel != Channel::Email
}
