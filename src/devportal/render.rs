//! Writes a user as JSON text straight from its row, as long lists need. May not know HTTP.

use serde_json::Value;

use super::error::Scim;
use super::projection::Projection;
use super::rows::Record;
use super::user;
use crate::domain::mapping::scim_names as wire;

/// How the users of one answer are written; decided once an answer.
#[derive(Debug)]
pub(crate) struct Renderer<'p> {
    base: &'p str,
    projection: &'p Projection,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    /// Everything: the stored JSON is copied as it is.
    Whole,
    /// Only columns.
    Columns(Columns),
    /// Anything else goes through a document.
    Document,
}

/// Which columns are in the answer.
#[derive(Debug, Clone, Copy)]
struct Columns {
    user_name: bool,
    active: bool,
    extension: [bool; 6],
    meta: [bool; 5],
}

const EXTENSION: [&str; 6] = [
    "state",
    "request",
    "changedAt",
    "recoverableUntil",
    "hold",
    "account",
];
const META: [&str; 5] = [
    "resourceType",
    "created",
    "lastModified",
    "location",
    "version",
];

impl<'p> Renderer<'p> {
    pub(crate) fn new(base: &'p str, projection: &'p Projection) -> Self {
        let shape = if projection.is_whole() {
            Shape::Whole
        } else if projection.only_columns() {
            Shape::Columns(Columns {
                user_name: projection.has("userName", None),
                active: projection.has("active", None),
                extension: EXTENSION.map(|name| projection.has(wire::MAILBOX, Some(name))),
                meta: META.map(|name| projection.has("meta", Some(name))),
            })
        } else {
            Shape::Document
        };
        Self {
            base,
            projection,
            shape,
        }
    }

    /// Whether the stored JSON is needed.
    pub(crate) fn needs_core(&self) -> bool {
        !matches!(self.shape, Shape::Columns(_))
    }

    /// Appends the user.
    pub(crate) fn write(&self, out: &mut Vec<u8>, record: &Record<'_>) -> Scim<()> {
        match self.shape {
            Shape::Whole => self.columns(out, record, ALL),
            Shape::Columns(columns) => self.columns(out, record, columns),
            Shape::Document => {
                let document = record.user()?.document(self.base);
                let shown = Value::Object(self.projection.apply(document));
                out.extend_from_slice(shown.to_string().as_bytes());
            }
        }
        Ok(())
    }

    fn columns(&self, out: &mut Vec<u8>, record: &Record<'_>, columns: Columns) {
        let id = user::id(record.seq);
        out.extend_from_slice(b"{\"schemas\":[\"");
        out.extend_from_slice(wire::USER.as_bytes());
        out.extend_from_slice(b"\",\"");
        out.extend_from_slice(wire::MAILBOX.as_bytes());
        out.extend_from_slice(b"\"],\"id\":\"");
        out.extend_from_slice(id.as_bytes());
        out.push(b'"');
        let mut object = Members { out, first: false };
        if columns.user_name {
            object.text("userName", Some(record.user_name));
        }
        if columns.active {
            object.flag("active", record.active);
        }
        if columns.extension.contains(&true) {
            let mark = object.out.len();
            object.name(wire::MAILBOX);
            let mut members = object.open();
            let [state, request, changed_at, recoverable_until, hold, account] = columns.extension;
            members.text("state", Some(record.state).filter(|_| state));
            members.text("request", record.request.filter(|_| request));
            members.text("changedAt", record.changed_at.filter(|_| changed_at));
            members.text(
                "recoverableUntil",
                record.recoverable_until.filter(|_| recoverable_until),
            );
            members.flag("hold", record.hold.filter(|_| hold));
            members.text("account", record.account.filter(|_| account));
            if members.first {
                // Nothing of what was asked for is assigned.
                object.out.truncate(mark);
            } else {
                members.out.push(b'}');
            }
        }
        if columns.meta.contains(&true) {
            object.name("meta");
            let mut members = object.open();
            let [kind, created, modified, location, version] = columns.meta;
            members.text("resourceType", Some("User").filter(|_| kind));
            members.text("created", Some(record.created).filter(|_| created));
            members.text("lastModified", Some(record.modified).filter(|_| modified));
            if location {
                members.text("location", Some(&user::location(self.base, record.seq)));
            }
            if version {
                members.text("version", Some(&user::etag(record.version)));
            }
            members.out.push(b'}');
        }
        // The members of the stored object, where there are any, follow as they are.
        let stored = record.core.strip_prefix('{').unwrap_or_default().as_bytes();
        if matches!(self.shape, Shape::Whole) && stored.len() > 1 {
            out.push(b',');
            out.extend_from_slice(stored);
        } else {
            out.push(b'}');
        }
    }
}

const ALL: Columns = Columns {
    user_name: true,
    active: true,
    extension: [true; 6],
    meta: [true; 5],
};

/// Writes the members of an object.
struct Members<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl Members<'_> {
    /// A name that needs no escape.
    fn name(&mut self, name: &str) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn open(&mut self) -> Members<'_> {
        self.out.push(b'{');
        Members {
            out: self.out,
            first: true,
        }
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.name(name);
            write_text(self.out, text);
        }
    }

    fn flag(&mut self, name: &str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.name(name);
            self.out
                .extend_from_slice(if flag { b"true" } else { b"false" });
        }
    }
}

/// Appends a JSON string.
fn write_text(out: &mut Vec<u8>, text: &str) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7f;
    if text.bytes().all(plain) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(Value::from(text).to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record<'r>(core: &'r str, user_name: &'r str) -> Record<'r> {
        Record {
            seq: 7,
            user_name,
            state: "terminated",
            request: Some("BMT-\"1\""),
            changed_at: Some("2026-11-03T04:00:00Z"),
            recoverable_until: None,
            hold: Some(false),
            account: Some("active"),
            active: Some(true),
            version: 3,
            created: "2026-11-01T00:00:00Z",
            modified: "2026-11-03T04:00:00Z",
            core,
        }
    }

    /// The fast way and the way through a document say the same, whatever is asked for.
    #[test]
    fn text_from_columns_equals_the_document() {
        let base = "http://127.0.0.1:1/scim/v2";
        let core = r#"{"displayName":"Siti \"A\" {x}","emails":[{"value":"a"}]}"#;
        let urn = wire::MAILBOX;
        for core in [core, "{}"] {
            for attributes in [
                None,
                Some("userName".to_owned()),
                Some("id".to_owned()),
                Some("meta.version".to_owned()),
                Some("meta,active".to_owned()),
                Some(format!("userName,{urn}:recoverableUntil")),
                Some(format!("userName,meta.version,{urn}:state,{urn}:hold")),
                Some(urn.to_owned()),
                Some("userName,displayName".to_owned()),
            ] {
                for name in ["siti@agensi.example", "a\"\\\u{1}é"] {
                    let record = record(core, name);
                    let projection = Projection::new(attributes.as_deref(), None).expect("fine");
                    let mut out = Vec::new();
                    Renderer::new(base, &projection)
                        .write(&mut out, &record)
                        .expect("written");
                    let written: Value = serde_json::from_slice(&out).expect("JSON");
                    let document = record.user().expect("a user").document(base);
                    assert_eq!(
                        written,
                        Value::Object(projection.apply(document)),
                        "{attributes:?}"
                    );
                }
            }
        }
    }
}
