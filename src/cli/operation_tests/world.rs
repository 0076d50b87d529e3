//! An agency in a temporary folder, with the embedded portal, and how its commands end.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser as _;
use tempfile::TempDir;

use crate::cli::Cli;
use crate::exit::Exit;
use crate::printer::capture;

pub(super) const POLICY: &str = "version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [agensi.example]
approvers: [uc@agensi.example]
language: ms
limits: {terminations: 10, terminations_percent: 100, changes: 500}
provenance: committed
recoverable_days: 30
";
pub(super) const ROSTER: &str = "mailbox,account,state,hold
siti@agensi.example,active,disabled,false
tan@agensi.example,active,enabled,false
wan@agensi.example,active,enabled,true
zul@agensi.example,disabled,disabled,false
";

/// An agency with its requests and its portal.
pub(super) struct World(TempDir);

/// How a command ended, and what it printed to standard output and standard error.
#[derive(Debug)]
pub(super) struct Ran(pub(super) Exit, pub(super) String, pub(super) String);

impl Ran {
    /// Checks the exit status, and that each text is in the output.
    pub(super) fn ends(&self, exit: Exit, texts: &[&str]) -> &Self {
        assert_eq!(self.0, exit, "{self:?}");
        for text in texts {
            assert!(self.1.contains(text) || self.2.contains(text), "{text}: {}{}", self.1, self.2);
        }
        self
    }

    pub(super) fn lacks(&self, text: &str) -> &Self {
        assert!(!self.1.contains(text), "{text}: {}", self.1);
        self
    }

    /// The result as JSON.
    pub(super) fn json(&self) -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(&self.1).expect("JSON");
        match value["agencies"].as_array().map(Vec::as_slice) {
            Some([agency]) if agency.is_object() => agency.clone(),
            Some([first, ..]) if first.is_object() => value["agencies"].clone(),
            _ => value,
        }
    }
}

impl World {
    /// Nothing is requested yet.
    pub(super) fn empty(portal: &str, more: &str) -> Self {
        let world = Self(tempfile::tempdir().expect("a folder"));
        world.write("requests/agency.yaml", &format!("{POLICY}portal: {portal}\n{more}"));
        world.write("portal.csv", ROSTER);
        world
    }

    /// `siti` is to be enabled and `tan` terminated.
    pub(super) fn new() -> Self {
        let world = Self::empty("embedded", "");
        world.request("R-1", "enable", "siti");
        world.request("R-2", "terminate", "tan");
        world
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Sets the embedded portal up anew: its database goes, and it has this roster.
    pub(super) fn reset_portal(&self, roster: &str) {
        let database = self.path(".arkib");
        // Windows deletes no file that is open, and what was closed may stay open there for a moment.
        let gone = (0..100).any(|_| {
            let _ = fs::remove_dir_all(&database);
            let gone = !database.exists();
            if !gone {
                std::thread::sleep(Duration::from_millis(100));
            }
            gone
        });
        assert!(gone, "the portal's database is still open");
        self.write("portal.csv", roster);
    }

    /// An approved request about one mailbox, below a folder of the requests.
    pub(super) fn request_in(&self, folder: &str, id: &str, action: &str, name: &str) {
        self.write(
            &format!("requests/{folder}{id}.yaml"),
            &format!(
                "version: 1\nid: {id}\naction: {action}\nmailboxes:\n  - {name}@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: letter\n  reference: R (1)\napprovals:\n  - by: uc@agensi.example\n    date: 2026-11-03\n"
            ),
        );
    }

    pub(super) fn request(&self, id: &str, action: &str, name: &str) {
        self.request_in("", id, action, name);
    }

    /// Runs a command line. `{}` stands for the folder; the folder of the requests and the day are
    /// added. (A real portal is changed only as of today.)
    pub(super) fn run(&self, line: &str) -> Ran {
        let folder = self.0.path().to_str().expect("UTF-8").to_owned();
        let mut words = vec!["arkib".to_owned()];
        words.extend(line.split_whitespace().map(|word| word.replace("{}", &folder)));
        words.push(format!("--requests={folder}/requests"));
        if !line.starts_with("records") && !line.contains("--portal-export") {
            words.push("--as-of=2026-11-23".to_owned());
        }
        let cli = Cli::try_parse_from(&words).expect("a command line");
        let (exit, output, messages) = capture(|| cli.run());
        Ran(exit, output, messages)
    }

    /// Runs `arkib reconcile` on requests that are not in git.
    pub(super) fn reconcile(&self, options: &str) -> Ran {
        self.run(&format!("reconcile --allow-uncommitted {options}"))
    }
}
