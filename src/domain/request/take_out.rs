//! Takes a person out of the text of a request, and leaves every other line as it is. The result is
//! read again: what is not exactly what was meant is not given. Pure.

mod lines;

use std::sync::Arc;

use self::lines::Edit;
use super::check;
use super::check::Origin;
use super::draft::RequestDraft;
use super::{Action, Evidence, Received, Redaction, Request, redaction};
use crate::domain::mailbox::Mailbox;
use crate::domain::personal::mentions;
use crate::domain::policy::Policy;
use crate::yaml::Source;

/// What is to be taken out, and what is to be said of it.
pub struct Order<'a> {
    /// Whose addresses.
    pub people: &'a [Mailbox],
    /// Also the reason of each request that named them, which may name a person without an address.
    pub reasons: bool,
    /// Also the documents of each request that named them.
    pub evidence: bool,
    /// The block to be written.
    pub redaction: Redaction,
}

/// A request without the people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Without {
    /// The new text, as the file held it but for what was taken out.
    pub text: String,
    /// How many mailboxes were taken out.
    pub mailboxes: usize,
    /// Whether the applicant was.
    pub applicant: bool,
    /// Whether the reason was.
    pub reason: bool,
    /// How many comments were.
    pub comments: usize,
    /// The documents that were.
    pub evidence: Vec<Evidence>,
    /// The keys whose values name the people and stay.
    pub stays: Vec<&'static str>,
}

/// The request without the people; nothing where it does not mention them, or in what stays alone.
///
/// # Errors
/// Why it cannot be done to this text.
pub fn without(
    text: &str,
    request: &Request,
    policy: &Policy,
    order: &Order<'_>,
) -> Result<Option<Without>, String> {
    if !mentions(text, order.people) {
        return Ok(None);
    }
    let source = Source::new(&request.file, text.as_bytes());
    let source = source.map_err(|_| "it can no longer be read".to_owned())?;
    let mut edit = Edit::new(&source);
    let is_one = |mailbox: &Mailbox| order.people.contains(mailbox);
    let named = request.mailboxes().iter();
    let gone: Vec<usize> = named
        .enumerate()
        .filter(|(_, named)| is_one(&named.mailbox))
        .map(|(index, _)| index)
        .collect();
    let applicant = request.received.from.as_ref().is_some_and(is_one);
    let is_about = !gone.is_empty() || applicant;
    let reason = request.reason.as_ref();
    let reason = reason.is_some_and(|it| mentions(it, order.people) || order.reasons && is_about);
    let evidence = match order.evidence && is_about {
        true => request.evidence.clone(),
        false => Vec::new(),
    };
    edit.take_mailboxes(&gone, request.mailboxes().len())?;
    if applicant {
        edit.take_value("received.from")?;
    }
    if reason {
        edit.take_key("reason")?;
    }
    if !evidence.is_empty() {
        edit.take_key("evidence")?;
    }
    let comments = edit.take_comments(order.people);
    let stays = stays(request, order);
    if gone.is_empty() && !applicant && !reason && comments == 0 {
        return Ok(None);
    }
    let new = edit.with_block(&order.redaction);
    let meant = meant(request, order, applicant, reason, &evidence);
    verify(&source, &new, &meant, policy)?;
    Ok(Some(Without {
        text: new,
        mailboxes: gone.len(),
        applicant,
        reason,
        comments,
        evidence,
        stays,
    }))
}

/// The keys whose values are part of who decided what, and under which number it is filed.
fn stays(request: &Request, order: &Order<'_>) -> Vec<&'static str> {
    let is_one = |mailbox: &Mailbox| order.people.contains(mailbox);
    let approver = request.approval.as_ref().map(|approval| &approval.by);
    [
        (
            "reference",
            mentions(&request.received.reference, order.people),
        ),
        ("approval.by", approver.is_some_and(is_one)),
    ]
    .into_iter()
    .filter(|(_, stays)| *stays)
    .map(|(key, _)| key)
    .collect()
}

fn meant(
    request: &Request,
    order: &Order<'_>,
    applicant: bool,
    reason: bool,
    evidence: &[Evidence],
) -> Request {
    let mut meant = request.clone();
    if let Action::Change { mailboxes, .. } = &mut meant.action {
        mailboxes.retain(|named| !order.people.contains(&named.mailbox));
    }
    meant.received = Received {
        from: meant.received.from.filter(|_| !applicant),
        ..meant.received
    };
    meant.reason = meant.reason.filter(|_| !reason);
    meant.evidence.retain(|it| !evidence.contains(it));
    meant.redacted = Some(order.redaction.clone());
    meant
}

/// Whether the new text says what was meant, and is a redaction that `arkib check --base` takes.
fn verify(old: &Source<'_>, new: &str, meant: &Request, policy: &Policy) -> Result<(), String> {
    let file: &Arc<str> = &meant.file;
    let other = || "what is left would not say what it said before".to_owned();
    let source = Source::new(file, new.as_bytes()).map_err(|_| other())?;
    let draft: RequestDraft = source.draft().ok_or_else(other)?;
    let origin = Origin {
        file,
        stem: meant.id.as_str(),
        text: source.text(),
        policy: Some(policy),
    };
    let mut read = check::check(&draft, &origin).map_err(|issues| {
        let first = issues.first().map(|issue| issue.message.clone());
        first.unwrap_or_else(other)
    })?;
    if let (
        Action::Change { mailboxes, .. },
        Action::Change {
            mailboxes: meant, ..
        },
    ) = (&mut read.action, &meant.action)
    {
        // Lines may have moved.
        let lines = mailboxes.iter_mut().zip(meant);
        lines.for_each(|(read, meant)| read.line = meant.line);
    }
    let before: RequestDraft = old.draft().ok_or_else(other)?;
    let taken = redaction::judge((old.text(), &before), (&source, &draft)).ok_or_else(other)?;
    if let Some((_, words)) = taken.beyond.first() {
        return Err((*words).to_owned());
    }
    let is_taken = taken.added_line.is_none() && !taken.is_empty;
    if read == *meant && is_taken {
        Ok(())
    } else {
        Err(other())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::policy::draft::PolicyDraft;

    fn policy() -> Policy {
        let text = "version: 1\nagency: CONTOH\nname: Contoh\ndomains: [agensi.example]\napprovers: [p@agensi.example]\nportal: embedded\n";
        let file: Arc<str> = "agency.yaml".into();
        let source = Source::new(&file, text.as_bytes()).expect("good");
        crate::domain::policy::check(&source.draft::<PolicyDraft>().expect("a draft"), &file)
            .expect("a policy")
    }

    fn request(text: &str) -> Request {
        let file: Arc<str> = "R-1.yaml".into();
        let source = Source::new(&file, text.as_bytes()).expect("good");
        let origin = Origin {
            file: &file,
            stem: "R-1",
            text: source.text(),
            policy: None,
        };
        check::check(&source.draft().expect("a draft"), &origin).expect("a request")
    }

    fn order(people: &[Mailbox]) -> Order<'_> {
        Order {
            people,
            reasons: false,
            evidence: false,
            redaction: Redaction {
                date: date(2034, 1, 5),
                by: Mailbox::parse("p@agensi.example").expect("an address"),
                reason: "Tempoh: 7 tahun (bahagian 'A')".into(),
            },
        }
    }

    fn taken(text: &str, who: &[&str]) -> Without {
        let people: Vec<Mailbox> = who
            .iter()
            .map(|it| Mailbox::parse(&format!("{it}@agensi.example")).expect("an address"))
            .collect();
        let order = Order {
            evidence: true,
            ..order(&people)
        };
        without(text, &request(text), &policy(), &order)
            .expect("it can be done")
            .expect("it mentions them")
    }

    const BLOCK: &str = "redacted:\n  date: 2034-01-05\n  by: p@agensi.example\n  reason: 'Tempoh: 7 tahun (bahagian ''A'')'\n";
    const HEAD: &str = "version: 1\nid: R-1\naction: enable\n";
    const TAIL: &str =
        "received:\n  date: 2026-01-02\n  channel: memo   # by hand\n  reference: R\n";

    #[test]
    fn one_of_several_goes_and_every_other_line_stays() {
        let text = format!(
            "{HEAD}# about Ali@agensi.example\nmailboxes:\n  # two\n  - \"Ali@agensi.example\"  # away\n  - xali@agensi.example # not ali@agensi.example\n{TAIL}  from: ali@agensi.example\nreason: >\n  ali@agensi.example\n  goes\n\n# the end\nevidence:\n- file: a.pdf\n  sha256: {}\n  size: 1",
            "a".repeat(64)
        );
        let left = format!(
            "{HEAD}mailboxes:\n  # two\n  - xali@agensi.example\n{TAIL}\n# the end\n{BLOCK}"
        );
        let without = taken(&text, &["ali"]);
        assert_eq!(without.text, left);
        assert_eq!(
            (
                without.mailboxes,
                without.applicant,
                without.reason,
                without.comments,
                without.evidence.len()
            ),
            (1, true, true, 2, 1)
        );
        // And the other, later.
        let again = taken(&left, &["xali"]);
        let none = format!("{HEAD}mailboxes: []\n  # two\n{TAIL}\n# the end\n{BLOCK}");
        assert_eq!(again.text, none);
    }

    #[test]
    fn it_is_done_however_the_file_is_written() {
        for (mailboxes, from, left) in [
            (
                "mailboxes: [ali@agensi.example, abu@agensi.example]\n",
                "",
                "mailboxes: [abu@agensi.example]\n",
            ),
            (
                "mailboxes: [abu@agensi.example, \"ali@agensi.example\"] # x\n",
                "",
                "mailboxes: [abu@agensi.example] # x\n",
            ),
            ("mailboxes: [ali@agensi.example]\n", "", "mailboxes: []\n"),
            (
                "mailboxes: [\n  ali@agensi.example,\n  abu@agensi.example\n]\n",
                "",
                "mailboxes: [\n  \n  abu@agensi.example\n]\n",
            ),
            (
                "\"mailboxes\":\n- 'ALI@agensi.example'\n",
                "  from: Ali@agensi.example\n",
                "\"mailboxes\": []\n",
            ),
        ] {
            for end in ["\n", "\r\n"] {
                let text = format!("{HEAD}{mailboxes}{TAIL}{from}").replace('\n', end);
                let expected = format!("{HEAD}{left}{TAIL}{BLOCK}").replace('\n', end);
                assert_eq!(taken(&text, &["ali"]).text, expected, "{mailboxes}");
            }
        }
        let flow = format!(
            "{HEAD}mailboxes: [abu@agensi.example]\nreceived: {{ date: 2026-01-02, channel: memo, from: ali@agensi.example, reference: R }}\n"
        );
        let left = flow.replace("from: ali@agensi.example, ", "") + BLOCK;
        assert_eq!(taken(&flow, &["ali"]).text, left);
    }

    #[test]
    fn what_cannot_be_done_is_said_and_what_stays_is_named() {
        let people = [Mailbox::parse("ali@agensi.example").expect("an address")];
        let odd = format!(
            "{HEAD}mailboxes:\n  -\n    ali@agensi.example\n  - abu@agensi.example\n{TAIL}"
        );
        let done = without(&odd, &request(&odd), &policy(), &order(&people));
        assert!(done.is_err(), "{done:?}");
        let later = taken(
            &format!("{HEAD}mailboxes: [abu@agensi.example, ali@agensi.example]\n{TAIL}"),
            &["abu"],
        )
        .text
        .replace("2034", "2035");
        let done = without(&later, &request(&later), &policy(), &order(&people));
        let why = "the redaction is older than the one that was there";
        assert_eq!(done, Err(why.to_owned()));
        let other = format!("{HEAD}mailboxes: [xali@agensi.example]\n{TAIL}");
        let done = without(&other, &request(&other), &policy(), &order(&people));
        assert_eq!(done, Ok(None));
        let filed = format!("{HEAD}mailboxes: [ali@agensi.example]\n{TAIL}")
            .replace("reference: R", "reference: ali@agensi.example");
        assert_eq!(taken(&filed, &["ali"]).stays, ["reference"]);
    }
}
