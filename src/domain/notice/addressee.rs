//! To whom a notice on paper is addressed: name, post, office and address. Pure.

use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, Person};
use crate::domain::request::Request;
use crate::text::one_line;

/// What is known of the person that a notice is addressed to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addressee {
    /// What a request says (`received.name`): the name, and below it, a line each, post, office and address.
    written: Vec<String>,
    /// What the portal says.
    person: Option<Box<Person>>,
}

impl Addressee {
    /// The person with an address, by the first of these requests that names them, and by the portal.
    pub(super) fn find(to: &Mailbox, requests: &[&Request], observed: Option<&Observed>) -> Self {
        let written = requests.iter().find_map(|request| written_name(request, to));
        let lines = written.unwrap_or_default().lines().map(one_line);
        Self {
            written: lines.filter(|line| !line.is_empty()).collect(),
            person: observed.and_then(|observed| observed.find_mailbox(to)?.person.clone()),
        }
    }

    /// The lines of the address; `agency` is the agency's name if the person belongs to it. What a request
    /// says below the name stands in place of what the portal says.
    pub(super) fn address_lines(&self, to: &Mailbox, agency: Option<String>) -> Vec<String> {
        let mut lines = self.written.clone();
        if let (Some(person), true) = (&self.person, lines.len() < 2) {
            let Person { name, post, office } = &**person;
            let name = name.as_ref().filter(|_| lines.is_empty());
            lines.extend(
                [name, post.as_ref(), office.as_ref()]
                    .into_iter()
                    .flatten()
                    .map(|line| line.to_string()),
            );
        }
        if self.written.len() < 2 {
            lines.extend(agency.filter(|_| !lines.is_empty()));
        }
        lines.push(to.to_string());
        lines
    }
}

/// The name in a request, if it is that of this person.
fn written_name<'a>(request: &'a Request, to: &Mailbox) -> Option<&'a str> {
    let is_theirs = match (&request.received.from, request.mailboxes()) {
        (Some(applicant), _) => applicant == to,
        (None, [user]) => user.mailbox == *to,
        (None, _) => false,
    };
    request.received.name.as_deref().filter(|_| is_theirs)
}
