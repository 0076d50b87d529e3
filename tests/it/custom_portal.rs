//! A portal on loopback with its own extension: users as JSON, read and changed over SCIM as the
//! test configures. Its thread ends with the test process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::session::{InTime as _, Session};

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// What it answers.
pub struct CustomPortal {
    pub url: String,
    users: Arc<Mutex<Vec<Value>>>,
}

/// Its configuration.
#[derive(Clone, Default)]
pub struct PortalFileOptions {
    /// Its ServiceProviderConfig, if any.
    pub config: Option<Value>,
    /// Its schemas, if it lists any.
    pub schemas: Option<Value>,
    /// Whether it answers a change without a body.
    pub is_silent: bool,
    /// The attribute that is missing when a user is read alone.
    pub hides: Option<&'static str>,
    /// The maximum page size; none if it returns all users at once.
    pub largest_page: Option<usize>,
    /// The tokens that it takes, each with the ending of the addresses that it opens; any token for all
    /// if there are none.
    pub tokens: Vec<(&'static str, &'static str)>,
}

impl CustomPortal {
    pub fn start(options: PortalFileOptions, users: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/scim", listener.local_addr().unwrap());
        let users = Arc::new(Mutex::new(users));
        let theirs = Arc::clone(&users);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &options, &theirs);
            }
        });
        Self { url, users }
    }

    pub fn user(&self, id: &str) -> Value {
        let users = self.users.lock().unwrap();
        users.iter().find(|user| user["id"] == id).unwrap().clone()
    }

    pub fn arkib(&self, session: &Session, arguments: &[&str]) -> Command {
        let mut command = session.arkib(arguments);
        command.env("ARKIB_PORTAL_URL", &self.url).env("ARKIB_PORTAL_TOKEN", "rahsia-12345");
        command
    }

    pub fn run(&self, session: &Session, arguments: &[&str]) -> Output {
        self.arkib(session, arguments).in_time()
    }
}

fn serve(
    mut stream: TcpStream,
    options: &PortalFileOptions,
    users: &Mutex<Vec<Value>>,
) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut token) = (0, String::new());
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        if name.eq_ignore_ascii_case("authorization") {
            token = value.trim().trim_start_matches("Bearer ").to_owned();
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let path = path.trim_start_matches("/scim/");
    let opened = options.tokens.iter().find(|(known, _)| *known == token);
    let (status, answer) = match (&*method, path, options.largest_page) {
        _ if opened.is_none() && !options.tokens.is_empty() => (401, json!({"status": "401"})),
        ("GET", "Users", Some(most)) => (200, page(query, most, &users.lock().unwrap())),
        _ => answer(&method, path, &body, options, opened.map(|(_, ending)| *ending), users),
    };
    let body = if status == 204 { String::new() } else { answer.to_string() };
    let head = format!(
        "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-type: application/scim+json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()
}

/// A page by index (RFC 7644 section 3.4.2.4).
fn page(query: &str, most: usize, users: &[Value]) -> Value {
    let number = |name: &str| -> Option<usize> {
        let mut each = query.split('&').filter_map(|part| part.split_once('='));
        each.find(|(key, _)| *key == name)?.1.parse().ok()
    };
    let skipped = number("startIndex").unwrap_or(1).max(1) - 1;
    let count = number("count").unwrap_or(most).min(most);
    let page: Vec<&Value> = users.iter().skip(skipped).take(count).collect();
    json!({"totalResults": users.len(), "Resources": page})
}

fn answer(
    method: &str,
    path: &str,
    body: &[u8],
    options: &PortalFileOptions,
    ending: Option<&str>,
    users: &Mutex<Vec<Value>>,
) -> (u16, Value) {
    let is_open =
        |user: &Value| ending.is_none_or(|end| user["userName"].as_str().unwrap().ends_with(end));
    let found = |value: &Option<Value>| value.clone().map_or((404, json!({})), |body| (200, body));
    let mut users = users.lock().unwrap();
    match (method, path) {
        ("GET", "ServiceProviderConfig") => found(&options.config),
        ("GET", "Schemas") => found(&options.schemas),
        ("GET", "Users") => {
            let shown: Vec<&Value> = users.iter().filter(|user| is_open(user)).collect();
            (200, json!({"totalResults": shown.len(), "Resources": shown}))
        }
        ("GET" | "PATCH", _) => {
            let id = path.trim_start_matches("Users/");
            let Some(user) = users.iter_mut().find(|user| user["id"] == id) else {
                return (404, json!({"status": "404"}));
            };
            if !is_open(user) {
                return (403, json!({"status": "403"}));
            }
            if method == "PATCH" {
                let change: Value = serde_json::from_slice(body).unwrap();
                for operation in change["Operations"].as_array().unwrap() {
                    set(user, operation["path"].as_str().unwrap(), &operation["value"]);
                }
                if options.is_silent {
                    return (204, json!(null));
                }
            }
            let mut shown = user.clone();
            shown.as_object_mut().unwrap().retain(|name, _| options.hides != Some(name));
            (200, shown)
        }
        _ => (501, json!({})),
    }
}

/// `URN:name`, `name` or either with `.part`.
fn set(user: &mut Value, path: &str, value: &Value) {
    let (place, name) = match path.rsplit_once(':') {
        Some((urn, name)) => (&mut user[urn], name),
        None => (user, path),
    };
    match name.split_once('.') {
        Some((name, part)) => place[name][part] = value.clone(),
        None => place[name] = value.clone(),
    }
}
