//! One pull request at a GitHub, GitLab or Forgejo on loopback, which refuses what the real ones refuse.
//! Its threads end with the test process.

use std::collections::VecDeque;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::http_request::HttpRequest;
use crate::session::Session;

pub const TOKEN: &str = "rahsia-token-4711";
pub const HEAD: &str = "c0ffee0000000000000000000000000000000000";
pub const MARKER: &str = "<!-- arkib reconcile -->";
/// The account that has the token, and another.
pub const ME: i64 = 41;
pub const OTHER: i64 = 9;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Github,
    Gitlab,
    Forgejo,
}

/// What it does with the next request, in place of an answer.
#[derive(Clone)]
pub enum Act {
    Answer(u16, &'static str, &'static str),
    Hang,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    pub id: u64,
    pub by: i64,
    pub text: String,
}

pub struct State {
    pub comments: Vec<Comment>,
    pub head: &'static str,
    /// Method and path of each request.
    pub requests: Vec<String>,
    pub acts: VecDeque<Act>,
    /// Whether the token is a job's, which may not ask who it is.
    pub is_job_token: bool,
    /// A comment that another run makes just before the next one is made.
    pub other_run: Option<&'static str>,
}

pub struct FakeForge {
    pub kind: Kind,
    url: String,
    state: Arc<Mutex<State>>,
}

impl FakeForge {
    pub fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            comments: Vec::new(),
            head: HEAD,
            requests: Vec::new(),
            acts: VecDeque::new(),
            is_job_token: false,
            other_run: None,
        }));
        let theirs = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&theirs);
                std::thread::spawn(move || serve(stream, kind, &state));
            }
        });
        Self { kind, url, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn add(&self, by: i64, text: &str) {
        let comments = &mut self.state().comments;
        let id = 100 + comments.len() as u64;
        comments.push(Comment { id, by, text: text.to_owned() });
    }

    /// The ids and authors of all comments.
    pub fn comments(&self) -> Vec<(u64, i64)> {
        self.state().comments.iter().map(|comment| (comment.id, comment.by)).collect()
    }

    pub fn text(&self, id: u64) -> String {
        let state = self.state();
        state.comments.iter().find(|comment| comment.id == id).unwrap().text.clone()
    }

    /// How often the next request is answered so.
    pub fn act(&self, act: Act, times: usize) {
        self.state().acts.extend(std::iter::repeat_n(act, times));
    }

    /// arkib in a job of this forge.
    pub fn arkib(&self, session: &Session, arguments: &[&str]) -> Command {
        let mut command = session.arkib(arguments);
        let event = json!({"pull_request": {"number": 7, "head": {
            "sha": HEAD, "repo": {"full_name": "agensi/arkib"}}}});
        session.write("event.json", event.to_string());
        match self.kind {
            Kind::Gitlab => command
                .env("GITLAB_CI", "true")
                .env("CI_API_V4_URL", format!("{}/api/v4", self.url))
                .env("CI_PROJECT_ID", "42")
                .env("CI_MERGE_REQUEST_PROJECT_ID", "42")
                .env("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "42")
                .env("CI_MERGE_REQUEST_IID", "7")
                .env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
                .env("CI_COMMIT_SHA", HEAD)
                .env("CI_JOB_URL", "https://gitlab.example/agensi/arkib/-/jobs/1")
                .env("ARKIB_COMMENT_TOKEN", TOKEN),
            Kind::Github | Kind::Forgejo => command
                .env("GITHUB_ACTIONS", "true")
                .env("GITHUB_API_URL", format!("{}{}", self.url, prefix(self.kind)))
                .env("GITHUB_SERVER_URL", "https://forge.example")
                .env("GITHUB_REPOSITORY", "agensi/arkib")
                .env("GITHUB_REF", "refs/pull/7/merge")
                .env("GITHUB_BASE_REF", "main")
                .env("GITHUB_RUN_ID", "4711")
                .env("GITHUB_RUN_NUMBER", "4711")
                .env("GITHUB_EVENT_PATH", session.path().join("event.json"))
                .env("GITHUB_TOKEN", TOKEN),
        };
        if self.kind == Kind::Forgejo {
            command.env("FORGEJO_ACTIONS", "true");
        }
        command
    }
}

fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Github => "",
        Kind::Gitlab => "/api/v4",
        Kind::Forgejo => "/api/v1",
    }
}

fn serve(mut stream: TcpStream, kind: Kind, state: &Mutex<State>) -> Option<()> {
    let request = HttpRequest::read(&stream)?;
    let header = |name: &str| request.header(name);
    let (method, (path, query)) = (&request.method, request.path_and_query());
    let mut state = state.lock().unwrap();
    state.requests.push(format!("{method} {path}"));
    let (status, more, answer) = match state.acts.pop_front() {
        Some(Act::Answer(status, headers, body)) => (status, headers.to_owned(), body.to_owned()),
        Some(Act::Hang) => {
            drop(state);
            std::thread::sleep(std::time::Duration::from_secs(600));
            return None;
        }
        None => {
            let is_let_in = match kind {
                Kind::Github => {
                    header("authorization") == Some(&format!("Bearer {TOKEN}"))
                        && header("accept") == Some("application/vnd.github+json")
                        && header("x-github-api-version").is_some()
                        && header("user-agent").is_some()
                }
                Kind::Gitlab => header("private-token") == Some(TOKEN),
                Kind::Forgejo => header("authorization") == Some(&format!("token {TOKEN}")),
            };
            match is_let_in {
                true => answer(&mut state, kind, method, path, query, &request.body),
                false => refusal(401, "who is it?"),
            }
        }
    };
    drop(state);
    write!(
        stream,
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\n{more}content-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    )
    .ok()
}

type Answer = (u16, String, String);

fn refusal(status: u16, message: &str) -> Answer {
    (status, String::new(), json!({ "message": message }).to_string())
}

fn success(status: u16, body: &Value) -> Answer {
    (status, String::new(), body.to_string())
}

fn answer(
    state: &mut State,
    kind: Kind,
    method: &str,
    path: &str,
    query: &str,
    body: &[u8],
) -> Answer {
    let Some(path) = path.strip_prefix(prefix(kind)) else { return refusal(404, "Not Found") };
    let (request, list, single) = match kind {
        Kind::Gitlab => {
            let request = "/projects/42/merge_requests/7";
            (request, format!("{request}/notes"), format!("{request}/notes/"))
        }
        Kind::Github | Kind::Forgejo => (
            "/repos/agensi/arkib/pulls/7",
            "/repos/agensi/arkib/issues/7/comments".to_owned(),
            "/repos/agensi/arkib/issues/comments/".to_owned(),
        ),
    };
    let update = if kind == Kind::Gitlab { "PUT" } else { "PATCH" };
    if path == "/user" && method == "GET" {
        return match state.is_job_token {
            true => refusal(403, "Resource not accessible by integration"),
            false => success(200, &json!({"id": ME, "login": "kerani", "username": "kerani"})),
        };
    }
    if path == request && method == "GET" {
        let page = "https://gitlab.example/agensi/arkib/-/merge_requests/7";
        return success(
            200,
            &match kind {
                Kind::Gitlab => json!({"iid": 7, "sha": state.head, "web_url": page}),
                Kind::Github | Kind::Forgejo => json!({"number": 7, "head": {"sha": state.head}}),
            },
        );
    }
    let text: Option<String> = serde_json::from_slice::<Value>(body)
        .ok()
        .and_then(|body| body["body"].as_str().map(str::to_owned));
    let most = if kind == Kind::Gitlab { 1_000_000 } else { 65_536 };
    if text.as_ref().is_some_and(|text| text.chars().count() > most) {
        return refusal(422, "body is too long");
    }
    if path == list {
        return match (method, text) {
            ("GET", _) => list_comments(state, kind, query),
            ("POST", Some(text)) => {
                let by = if state.is_job_token { job_account(kind) } else { ME };
                for text in state.other_run.take().map(str::to_owned).into_iter().chain([text]) {
                    let last = state.comments.iter().map(|comment| comment.id).max();
                    let id = last.unwrap_or(99) + 1;
                    state.comments.push(Comment { id, by, text });
                }
                success(201, &shown(state.comments.last().unwrap(), kind))
            }
            _ => refusal(422, "body is missing"),
        };
    }
    let id: Option<u64> = path.strip_prefix(&single).and_then(|id| id.parse().ok());
    let own = if state.is_job_token { job_account(kind) } else { ME };
    let Some(at) = state.comments.iter().position(|comment| Some(comment.id) == id) else {
        return refusal(404, "Not Found");
    };
    match (method, text) {
        _ if state.comments[at].by != own => refusal(403, "it is somebody else's"),
        ("DELETE", _) => {
            state.comments.remove(at);
            (204, String::new(), String::new())
        }
        (method, Some(text)) if method == update => {
            state.comments[at].text = text;
            success(200, &shown(&state.comments[at], kind))
        }
        _ => refusal(405, "Method Not Allowed"),
    }
}

pub fn job_account(kind: Kind) -> i64 {
    if kind == Kind::Forgejo { -2 } else { ME }
}

/// A page; Forgejo knows none and gives everything.
fn list_comments(state: &State, kind: Kind, query: &str) -> Answer {
    let number = |name: &str| {
        let mut found = query.split('&').filter_map(|pair| pair.split_once('='));
        found.find(|(own, _)| *own == name).and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let all: Vec<Value> = state.comments.iter().map(|comment| shown(comment, kind)).collect();
    if kind == Kind::Forgejo {
        return success(200, &json!(all));
    }
    let (size, page) = (number("per_page").unwrap_or(30).min(100), number("page").unwrap_or(1));
    let found: Vec<&Value> = all.iter().skip(size * (page - 1)).take(size).collect();
    let has_next = all.len() > size * page;
    let link = if has_next { "link: <http://127.0.0.1:1/?page=2>; rel=\"next\"\r\n" } else { "" };
    (200, link.to_owned(), json!(found).to_string())
}

fn shown(comment: &Comment, kind: Kind) -> Value {
    let login = if comment.by == OTHER { "lain" } else { "github-actions[bot]" };
    match kind {
        Kind::Gitlab => json!({
            "id": comment.id, "body": comment.text,
            "author": {"id": comment.by, "username": login},
        }),
        Kind::Github | Kind::Forgejo => json!({
            "id": comment.id, "body": comment.text, "user": {"id": comment.by, "login": login},
            "html_url": format!("https://forge.example/agensi/arkib/pull/7#issuecomment-{}", comment.id),
        }),
    }
}
