//! The kinds of requests to a portal.

use arkib::domain::mapping::scim_urns as wire;
use serde_json::Value;

use super::http::Message;

/// The kind of a request, for faults, other actors and observations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestKind {
    /// What the portal can do.
    About,
    /// A page of a list.
    List { list: String, page: Page },
    /// One user.
    User(String),
    /// One change.
    Change(Intent),
    /// Many changes in one request.
    Bulk(Vec<Intent>),
}

/// The position of a page in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// By start index; the first is 1.
    Index(usize),
    /// By cursor; the first is empty.
    Cursor(String),
}

impl Page {
    pub fn is_first(&self) -> bool {
        match self {
            Self::Index(start) => *start == 1,
            Self::Cursor(cursor) => cursor.is_empty(),
        }
    }
}

/// A requested change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The portal's key of the user.
    pub id: String,
    /// The requested state.
    pub state: String,
}

impl RequestKind {
    /// arkib sends only these requests; `None` means another one.
    pub fn read(request: &Message) -> Option<Self> {
        let mut describe = request.line.split(' ');
        let (method, address) = (describe.next()?, describe.next()?);
        let path = address.strip_prefix("/scim/v2/")?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        match (method, path, path.strip_prefix("Users/")) {
            ("GET", "Users", _) => Some(Self::list(query)),
            ("GET", _, Some(id)) => Some(Self::User(id.to_owned())),
            ("GET", "ServiceProviderConfig", _) => Some(Self::About),
            ("GET", path, _) if path.starts_with("Schemas") => Some(Self::About),
            ("PATCH", _, Some(id)) => Some(Self::Change(intent(id, &request.json()?)?)),
            ("POST", "Bulk", _) => Some(Self::Bulk(operations(&request.json()?)?)),
            _ => None,
        }
    }

    fn list(query: &str) -> Self {
        let mut page = Page::Index(1);
        let mut list = Vec::new();
        for part in query.split('&') {
            match part.split_once('=') {
                Some(("startIndex", start)) => page = Page::Index(start.parse().unwrap_or(1)),
                Some(("cursor", cursor)) => page = Page::Cursor(cursor.to_owned()),
                Some(("count", _)) => {}
                _ => list.push(part),
            }
        }
        Self::List { list: list.join("&"), page }
    }

    pub fn changes(&self) -> &[Intent] {
        match self {
            Self::Change(intent) => std::slice::from_ref(intent),
            Self::Bulk(intents) => intents,
            Self::About | Self::List { .. } | Self::User(_) => &[],
        }
    }

    /// A short description for failure messages.
    pub fn describe(&self) -> String {
        match self {
            Self::About => "asking about the portal".to_owned(),
            Self::List { page, .. } => format!("listing from {page:?}"),
            Self::User(id) => format!("looking at {id}"),
            Self::Change(Intent { id, state }) => format!("making {id} {state}"),
            Self::Bulk(intents) => format!("making {} changes at once", intents.len()),
        }
    }
}

fn operations(body: &Value) -> Option<Vec<Intent>> {
    let operations = body["Operations"].as_array()?.iter();
    operations
        .map(|operation| {
            let id = operation["path"].as_str()?.strip_prefix("/Users/")?;
            intent(id, &operation["data"])
        })
        .collect()
}

/// In the usual form, or in the other one that arkib sends: bare operations, or no path.
fn intent(id: &str, patch: &Value) -> Option<Intent> {
    let path = format!("{}:state", wire::MAILBOX);
    let mut operations = patch["Operations"].as_array().or(patch.as_array())?.iter();
    let state = operations.find_map(|operation| match &operation["path"] {
        Value::Null => operation["value"][&path].as_str(),
        own => operation["value"].as_str().filter(|_| own == path.as_str()),
    })?;
    Some(Intent { id: id.to_owned(), state: state.to_owned() })
}
