//! A git server on loopback (`git http-backend`) that asks for one password. Its threads end with the test
//! process.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::http_request::HttpRequest;

pub struct GitServer {
    /// Host and port.
    pub address: String,
    logins: Arc<Mutex<Vec<String>>>,
}

impl GitServer {
    /// Serves the repositories in a folder to whom shows this password, whatever the name.
    pub fn start(folder: &Path, password: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let logins: Arc<Mutex<Vec<String>>> = Arc::default();
        let (theirs, folder) = (Arc::clone(&logins), folder.to_owned());
        let end = format!(":{password}");
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, end, logins) = (folder.clone(), end.clone(), Arc::clone(&theirs));
                std::thread::spawn(move || serve(stream, &folder, &end, &logins));
            }
        });
        Self { address, logins }
    }

    /// Each `name:password` that was shown.
    pub fn logins(&self) -> Vec<String> {
        self.logins.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    folder: &Path,
    end: &str,
    logins: &Mutex<Vec<String>>,
) -> Option<()> {
    let request = HttpRequest::read(&stream)?;
    let header = |name: &str| request.header(name).unwrap_or_default();
    let login = header("authorization")
        .strip_prefix("Basic ")
        .and_then(|login| STANDARD.decode(login).ok());
    let login = login.and_then(|login| String::from_utf8(login).ok());
    logins.lock().unwrap().extend(login.clone());
    if !login.is_some_and(|login| login.ends_with(end)) {
        let refusal = "HTTP/1.1 401 x\r\nwww-authenticate: Basic realm=\"git\"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        return stream.write_all(refusal.as_bytes()).ok();
    }
    let (path, query) = request.path_and_query();
    let mut git = Command::new("git")
        .arg("http-backend")
        .envs([
            ("GIT_HTTP_EXPORT_ALL", "1"),
            ("REMOTE_USER", "arkib"),
            ("REQUEST_METHOD", &request.method),
        ])
        .envs([("PATH_INFO", path), ("QUERY_STRING", query)])
        .envs([
            ("CONTENT_TYPE", header("content-type")),
            ("HTTP_GIT_PROTOCOL", header("git-protocol")),
        ])
        .envs([("HTTP_CONTENT_ENCODING", header("content-encoding"))])
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("GIT_PROJECT_ROOT", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    git.stdin.take()?.write_all(&request.body).ok()?;
    let answer = git.wait_with_output().ok()?.stdout;
    let status = answer.strip_prefix(b"Status: ").and_then(|rest| rest.get(..3));
    let status = String::from_utf8_lossy(status.unwrap_or(b"200")).into_owned();
    let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n");
    stream.write_all(&[head.as_bytes(), &answer].concat()).ok()
}
