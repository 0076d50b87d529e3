//! Makes a PDF of each page with a browser on this machine, which is given no network and nothing
//! secret.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::deliver::within_grace;
use crate::apply::Stop;
use crate::exit::Exit;
use crate::output::findings::plural;
use crate::output::notify::Notified;
use crate::printer;
use crate::progress::Progress;
use crate::text::excerpt;

/// The variable that names the browser.
const VARIABLE: &str = "ARKIB_CHROMIUM";
/// The names it is looked for by.
const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
];
/// How long one page may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the browser may not do: no page of a notice has scripts, and none loads anything.
const MEEK: [&str; 9] = [
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
];

/// A browser that prints.
pub(super) struct Chromium {
    program: PathBuf,
}

impl Chromium {
    /// Finds it.
    ///
    /// # Errors
    /// Why there is none, and what to do.
    pub(super) fn find() -> Result<Self, (String, String)> {
        let help = format!(
            "install Chromium, or name Chromium, Chrome or Edge in {VARIABLE}; without --pdf the pages are made as HTML, which any browser prints"
        );
        if let Some(named) = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()) {
            let program = PathBuf::from(named);
            if program.is_file() {
                return Ok(Self { program });
            }
            let why = format!("{VARIABLE} names {}, which is no file", program.display());
            return Err((why, help));
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let ending = std::env::consts::EXE_SUFFIX;
        let mut files = NAMES.iter().flat_map(|name| {
            folders
                .iter()
                .map(move |it| it.join(format!("{name}{ending}")))
        });
        match files.find(|file| file.is_file()) {
            Some(program) => Ok(Self { program }),
            None => Err((
                format!(
                    "--pdf needs a browser, and there is none of {} on the path",
                    NAMES.join(", ")
                ),
                help,
            )),
        }
    }

    async fn print(&self, page: &Path, pdf: &Path) -> Result<(), String> {
        let page = std::path::absolute(page).map_err(|error| error.to_string())?;
        let url = url::Url::from_file_path(&page).map_err(|()| "its path is no URL".to_owned())?;
        let profile = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name
                .to_string_lossy()
                .to_ascii_uppercase()
                .starts_with("ARKIB_")
            {
                command.env_remove(name);
            }
        }
        command
            .args(MEEK)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("--no-pdf-header-footer")
            .arg(format!("--print-to-pdf={}", pdf.display()))
            .arg(url.as_str())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let done = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = done
            .map_err(|_| format!("no end within {} seconds", PATIENCE.as_secs()))?
            .map_err(|error| error.to_string())?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        if output.status.success() && is_pdf(pdf) {
            return Ok(());
        }
        if complaint.contains("--no-sandbox") {
            return Err(format!(
                "the browser does not run as root; run arkib as another user, or name in {VARIABLE} a program that starts it with --no-sandbox"
            ));
        }
        let last = complaint.lines().rev().find(|line| !line.trim().is_empty());
        Err(excerpt(last.unwrap_or("the browser made no PDF"), 200))
    }
}

fn is_pdf(file: &Path) -> bool {
    std::fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"%PDF-"))
}

/// Makes a PDF of each page that was made. The pages are given by then: what fails here is told, and
/// can be done by hand.
pub(super) async fn make(chromium: &Chromium, stop: &Stop, run: &mut Notified) {
    let mut failed = 0;
    {
        let progress = Progress::new("making PDF");
        let all = run.notices.len();
        for (index, notice) in run.notices.iter_mut().enumerate() {
            progress.at(index, Some(all));
            let Some(page) = notice.file.as_deref().map(Path::new) else {
                continue;
            };
            let pdf = page.with_extension("pdf");
            let made = if stop.is_asked() {
                Some(Err("interrupted".to_owned()))
            } else if pdf.exists() {
                Some(Err("the file is there already".to_owned()))
            } else {
                within_grace(stop, chromium.print(page, &pdf)).await
            };
            match made.unwrap_or_else(|| Err("interrupted".to_owned())) {
                Ok(()) => notice.pdf = Some(pdf.to_string_lossy().replace('\\', "/")),
                Err(why) => {
                    failed += 1;
                    printer::say(&format!("{} could not be made: {why}", pdf.display()));
                }
            }
        }
    }
    if failed > 0 {
        run.exit = run.exit.and(Exit::Partly);
        let pages = plural(
            failed,
            "page is there without a PDF",
            "pages are there without a PDF",
        );
        run.reason = format!("{} {pages}.", run.reason);
        run.help
            .get_or_insert_with(|| "print the HTML with any browser".to_owned());
    }
}
