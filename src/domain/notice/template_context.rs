//! The texts of a notice in its language: the fields that templates get. Pure.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Kind;
use super::due::{DueNotice, NoticeMailbox};
use crate::domain::plan::Obstacle;
use crate::domain::policy::Policy;
use crate::domain::policy::notices::Notices;
use crate::domain::texts::Texts;
use crate::language::Language;
use crate::text::one_line;

/// The texts of a notice.
pub struct TemplateContext {
    /// What it is about, in one line.
    pub title: String,
    /// Its language, as in HTML.
    pub language: &'static str,
    /// The fields for templates, all plain text; templates decide how they look. Their names are a
    /// contract with agencies that have custom templates: `docs/en/NOTICES.md` lists them.
    pub fields: Value,
}

/// What is needed to write a notice.
#[derive(Clone, Copy)]
pub struct ContextBuilder<'a> {
    /// The agency.
    pub policy: &'a Policy,
    /// The notices section of its policy.
    pub notices: &'a Notices,
    /// The language.
    pub language: Language,
    /// The day on which it is given.
    pub date: Date,
}

impl ContextBuilder<'_> {
    /// The fields of a notice for templates.
    pub fn build_context(&self, due: &DueNotice) -> TemplateContext {
        let request = self.request_value(due);
        let title = self.text_for("title", due, &request);
        let fields = json!({
            "language": self.language.as_str(),
            "kind": due.kind.as_str(),
            "channel": due.request.received.channel.as_str(),
            "title": title,
            "date": self.language.format_long_date(self.date),
            "to": due.to,
            "addressee": self.address_lines(due),
            "agency": {
                "short": self.policy.agency,
                "name": self.agency_name(),
                "letterhead": self.notices.letterhead,
                "signatory": self.notices.signatory,
                "mottos": self.mottos(),
                "copies": self.notices.copies,
                "contact": self.notices.contact,
            },
            "opening": self.opening(due, &request),
            "rows": self.request_rows(due, &request),
            "steps": self.addin_steps(due),
            "more": self.extra_paragraphs(due),
            "statuses": self.status_checkboxes(due),
            "text": self.texts().section("notice"),
            "request": request,
        });
        TemplateContext { title, language: self.language.as_str(), fields }
    }

    /// The agency's full name, on one line.
    pub fn agency_name(&self) -> String {
        one_line(&self.policy.name)
    }

    fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    fn notice_text(&self, key: &str) -> String {
        self.texts().text_in_section("notice", key)
    }

    fn format_day(&self, day: Option<Date>) -> Option<String> {
        day.map(|day| self.language.format_long_date(day))
    }

    /// The request's fields, with days as in a letter.
    fn request_value(&self, due: &DueNotice) -> Value {
        let request = &due.request;
        let mailboxes = due.mailboxes.iter().map(|about| &about.mailbox);
        json!({
            "id": request.id.as_str(),
            "action": self.texts().text_in_section("action", request.action_word()),
            "reference": one_line(&request.received.reference),
            "file": request.received.file.as_deref().map(one_line),
            "received": self.language.format_long_date(request.received.date),
            "approved": self.format_day(request.approved_on()),
            "effective": self.format_day(request.effect_day()),
            "withdraws": request.withdraws().map(ToString::to_string),
            "mailboxes": mailboxes.collect::<Vec<_>>(),
        })
    }

    /// The lines of the address on paper.
    fn address_lines(&self, due: &DueNotice) -> Vec<String> {
        let agency = self.policy.owns_domain_of(&due.to).then(|| self.agency_name());
        due.addressee.address_lines(&due.to, agency)
    }

    /// The mottos, in capital letters and without the quotation marks that templates put around them.
    fn mottos(&self) -> Vec<String> {
        let usual = || vec![self.notice_text("motto")];
        let mottos = self.notices.mottos.clone().unwrap_or_else(usual);
        mottos.iter().map(|motto| motto.trim_matches(['"', '“', '”']).to_uppercase()).collect()
    }

    /// The first paragraph. If no reason may be given, it does not promise one.
    fn opening(&self, due: &DueNotice, request: &Value) -> String {
        let is_neutral = due.kind == Kind::Blocked
            && due.mailboxes.iter().all(|about| self.reason_text(about).is_none());
        self.text_for(if is_neutral { "opening-neutral" } else { "opening" }, due, request)
    }

    /// A text that depends on the kind of notice and the action.
    fn text_for(&self, section: &str, due: &DueNotice, request: &Value) -> String {
        let key = match due.kind {
            kind if kind.is_final() => kind.as_str().to_owned(),
            kind => format!("{}-{}", kind.as_str(), due.request.action_word()),
        };
        let placeholders = ["received", "approved", "effective", "withdraws"];
        let placeholders = placeholders.map(|key| (key, request[key].as_str().unwrap_or_default()));
        fill_placeholders(&self.notice_text(&format!("{section}.{key}")), &placeholders)
    }

    /// A label and a value.
    fn labelled_row(&self, key: &str, value: impl Into<Value>) -> Value {
        json!({ "label": self.notice_text(&format!("row.{key}")), "value": value.into() })
    }

    fn request_rows(&self, due: &DueNotice, request: &Value) -> Vec<Value> {
        let mut rows = vec![self.labelled_row("request", request["id"].clone())];
        let what = match request["withdraws"] {
            Value::Null => "action",
            _ => "withdraws",
        };
        for key in [what, "received", "approved", "effective"] {
            let value = &request[key];
            // The day of effect is shown only if it differs from the day of approval.
            let is_news = key != "effective" || *value != request["approved"];
            if !value.is_null() && is_news {
                rows.push(self.labelled_row(key, value.clone()));
            }
        }
        match due.mailboxes.as_slice() {
            [one] => rows.extend(self.mailbox_rows(due.kind, one)),
            several => rows.extend(self.mailbox_list_rows(due.kind, several)),
        }
        rows
    }

    /// The rows of a notice about one mailbox.
    fn mailbox_rows(&self, kind: Kind, one: &NoticeMailbox) -> Vec<Value> {
        let is_done = kind.is_final();
        let known = [
            (one.done_kind.as_str(), self.format_day(one.done_on).filter(|_| is_done)),
            ("until", self.format_day(one.recoverable_until).filter(|_| is_done)),
            ("reason", self.reason_text(one)),
        ];
        let known = known.into_iter();
        let more = known.filter_map(|(key, value)| Some(self.labelled_row(key, value?)));
        let mailbox = self.labelled_row("mailbox", one.mailbox.as_str());
        std::iter::once(mailbox).chain(more).collect()
    }

    /// The rows of a notice about several mailboxes; only the first has a label.
    fn mailbox_list_rows(&self, kind: Kind, several: &[NoticeMailbox]) -> Vec<Value> {
        let mut label = self.notice_text("row.mailboxes");
        let each = |key: &str, day: Option<Date>| {
            let day = self.format_day(day)?;
            Some(fill_placeholders(&self.notice_text(&format!("each.{key}")), &[("day", &day)]))
        };
        let row = |about: &NoticeMailbox| {
            let done = each(about.done_kind.as_str(), about.done_on.filter(|_| kind.is_final()));
            let until = each("until", about.recoverable_until.filter(|_| kind.is_final()));
            let neutral = || about.obstacle.as_ref().map(|_| self.notice_text("neutral"));
            let more = [done, until, self.reason_text(about).or_else(neutral)];
            let more: Vec<String> = more.into_iter().flatten().collect();
            let value = match more.as_slice() {
                [] => about.mailbox.to_string(),
                more => format!("{} ({})", about.mailbox, more.join("; ")),
            };
            json!({ "label": std::mem::take(&mut label), "value": value })
        };
        several.iter().map(row).collect()
    }

    /// Why it cannot be done, if that is for this person to know. What is the administrator's to look into
    /// has the same words as a hold, so that these words do not stand for a hold.
    fn reason_text(&self, about: &NoticeMailbox) -> Option<String> {
        use Obstacle::{AccountNotActive, AnotherAccount, NoAccount};
        use Obstacle::{Ambiguous, Hold, Protected, UnknownState, UnreadableRow, Unverified};
        let obstacle = about.obstacle.as_ref()?;
        let is_told = match obstacle {
            NoAccount(_) | AnotherAccount(_) | AccountNotActive(_) => true,
            Hold => self.notices.tell_holds,
            Ambiguous | Protected | UnknownState(_) | UnreadableRow(_) | Unverified(_) => false,
        };
        if !is_told {
            return None;
        }
        Some(self.texts().text_in_section("obstacle", obstacle.code()))
    }

    fn is_recipient_a_user(due: &DueNotice) -> bool {
        due.mailboxes.iter().any(|about| about.mailbox == due.to)
    }

    /// How the add-on is installed (procedure 4.1 step 5), for the user of the archive.
    fn addin_steps(&self, due: &DueNotice) -> Option<Value> {
        let addin = self.notices.addin.as_ref()?;
        if due.kind != Kind::Enabled || !Self::is_recipient_a_user(due) {
            return None;
        }
        let step = |key: &str| self.notice_text(&format!("steps.{key}"));
        let mut items = vec![
            step("close"),
            fill_placeholders(&step("download"), &[("link", &addin.link)]),
            step("run"),
            step("open"),
        ];
        let guide = addin.guide.iter();
        items.extend(guide.map(|guide| fill_placeholders(&step("guide"), &[("guide", guide)])));
        Some(json!({ "intro": step("intro"), "items": items }))
    }

    fn extra_paragraphs(&self, due: &DueNotice) -> Vec<String> {
        let more = |key: &str| self.notice_text(&format!("more.{key}"));
        let first = match due.kind {
            Kind::Received => Some(more("received")),
            Kind::Approved => Some(more(&format!("approved-{}", due.request.action_word()))),
            Kind::Blocked
                if due.mailboxes.iter().any(|about| self.reason_text(about).is_some()) =>
            {
                Some(more("blocked"))
            }
            Kind::Blocked => Some(more("blocked-neutral")),
            Kind::Enabled if Self::is_recipient_a_user(due) && self.notices.addin.is_none() => {
                Some(more("helps"))
            }
            Kind::Withdrawn => {
                let done = due.mailboxes.iter().filter(|about| about.done_on.is_some()).count();
                match done {
                    0 => None,
                    all if all == due.mailboxes.len() => Some(more("withdrawn-done")),
                    _ => Some(more("withdrawn-partly-done")),
                }
            }
            Kind::Enabled | Kind::Terminated => None,
        };
        let kept = self.recoverable_text(due).filter(|_| due.kind.is_final());
        let is_restored = due.mailboxes.iter().any(|about| about.is_restored);
        let restored = is_restored.then(|| more("restored"));
        let mut paragraphs: Vec<String> = first.into_iter().chain(restored).chain(kept).collect();
        let is_done = matches!(due.kind, Kind::Enabled | Kind::Terminated);
        if is_done && due.mailboxes.iter().any(|about| about.mailbox != due.to) {
            paragraphs.push(more("others"));
        }
        paragraphs.push(match &self.notices.contact {
            Some(contact) => fill_placeholders(&more("ask-at"), &[("contact", contact)]),
            None => more("ask"),
        });
        paragraphs
    }

    /// Until when the archive can be recovered, and how; of several the earliest day counts.
    fn recoverable_text(&self, due: &DueNotice) -> Option<String> {
        let mailboxes = due.mailboxes.iter();
        let until = mailboxes.filter_map(|about| about.recoverable_until);
        let until = self.language.format_long_date(until.min()?);
        Some(fill_placeholders(&self.notice_text("more.recoverable"), &[("until", &until)]))
    }

    /// The kinds of notice, for the boxes of a form.
    fn status_checkboxes(&self, due: &DueNotice) -> Vec<Value> {
        let has_been = |kind: Kind| match kind {
            Kind::Received => true,
            Kind::Approved => due.request.approved_on().is_some(),
            kind => kind == due.kind,
        };
        let mut kinds = vec![Kind::Received, Kind::Approved, Kind::completion_kind(&due.request)];
        if due.request.withdraws().is_none() {
            kinds.push(Kind::Blocked);
        }
        let status = |kind: Kind| {
            let label = self.notice_text(&format!("status.{}", kind.as_str()));
            json!({ "label": label, "is_ticked": has_been(kind) })
        };
        kinds.into_iter().map(status).collect()
    }
}

/// Fills in the placeholders (`{name}`) of a text once: filled-in values are not expanded again.
pub(super) fn fill_placeholders(text: &str, placeholders: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let known = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = placeholders.iter().find(|(place, _)| *place == name)?;
            Some((*value, after))
        });
        let (value, after) = known.unwrap_or(("{", after));
        filled.extend([before, value]);
        rest = after;
    }
    filled + rest
}
