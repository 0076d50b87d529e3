//! Finds all that requests and records of an agency hold of some people, and why it may not go yet.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Wanted;
use crate::domain::approval::Doubts;
use crate::domain::desired;
use crate::domain::desired::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::personal::mentions;
use crate::domain::policy::Policy;
use crate::domain::record::chain::{Run, TORN, verify};
use crate::domain::record::entry::Event;
use crate::domain::record::open::open;
use crate::domain::record::redaction::to_go;
use crate::domain::request::take_out::{Order, Without, without};
use crate::domain::request::{Redaction, Request};
use crate::domain::request::{evidence, redaction_across};
use crate::journal::folder;
use crate::load::Source;
use crate::load::reader::Agency;
use crate::ops::records::folder_of;
use crate::output::findings::plural;
use crate::text::visible;
use crate::yaml::has_errors;

/// What is to be done in one agency.
pub(super) struct Work {
    /// Its short name.
    pub agency: String,
    /// Where its records are.
    pub folder: PathBuf,
    pub runs: Vec<Run>,
    pub requests: Vec<OneRequest>,
    pub records: Vec<OneRecord>,
    /// What stays, or is to be known.
    pub notes: Vec<String>,
}

pub(super) struct OneRequest {
    pub request: Arc<Request>,
    pub path: PathBuf,
    /// As the file is now.
    pub before: Vec<u8>,
    pub without: Without,
    /// Documents that go with it and that no other request names: their ways from the folder.
    pub files: Vec<String>,
}

pub(super) struct OneRecord {
    /// As the user knows it.
    pub file: Arc<str>,
    pub path: PathBuf,
    pub hashes: Vec<String>,
}

/// Why nothing may be taken out, and what to do.
pub(super) type Refusal = (String, String);

/// What is to be done in the agency, if anything.
///
/// # Errors
/// Why it may not be done.
pub(super) fn gather(
    wanted: &Wanted<'_>,
    source: &Source,
    agency: &Agency,
) -> Result<Option<Work>, Refusal> {
    let policy = &agency.policy;
    let may_decide = [&policy.approvers, &policy.former_approvers]
        .iter()
        .any(|list| list.contains(wanted.by));
    let is_own = wanted.people.iter().any(|it| policy.owns(it));
    let order = Order {
        people: wanted.people,
        reasons: wanted.reasons,
        evidence: wanted.evidence,
        redaction: Redaction {
            date: wanted.as_of,
            by: wanted.by.clone(),
            reason: wanted.reason.to_owned(),
        },
    };
    let mut work = records(wanted, source, agency)?;
    if !may_decide && !is_own {
        // Another agency's business; it only must be known.
        let named = agency.requests.iter().filter(|it| names(it, wanted.people));
        let count = named.count() + work.records.len();
        work.records.clear();
        if count == 0 {
            return Ok(None);
        }
        work.notes.push(format!(
            "the files of {} name them, too: let one of its approvers decide that (--by)",
            visible(&policy.agency)
        ));
        return Ok(Some(work));
    }
    if !may_decide {
        let why = format!(
            "{} is none of the approvers that {} names",
            wanted.by,
            visible(&policy.file)
        );
        let help = "name one of them with --by: the one on whose word it is done";
        return Err((why, help.to_owned()));
    }
    let desired = desired::fold(&agency.requests, wanted.as_of, &Doubts::new());
    let mut people = wanted.people.iter();
    let in_use = people.find_map(|person| redaction_across::in_use(&desired, policy, person));
    in_use.map_or(Ok(()), Err)?;
    let (mut requests, notes) = requests(wanted, source, agency, &order)?;
    if requests.is_empty() && work.records.is_empty() {
        work.notes = notes;
        return Ok((!work.notes.is_empty()).then_some(work));
    }
    untouchable(wanted, &work.runs)?;
    // Until the last request that terminates is gone, none that enables may be left behind.
    let ends = |one: &OneRequest| one.request.action_word() == Target::Terminated.verb();
    requests.sort_by_key(&ends);
    keep_shared_files(source, &mut requests);
    work.requests = requests;
    work.notes = notes;
    work.notes.extend(policy_names(policy, wanted.people));
    work.notes.extend(not_on_record(wanted, agency, &work.runs));
    Ok(Some(work))
}

fn names(request: &Request, people: &[Mailbox]) -> bool {
    let from = request.received.from.iter();
    let named = request.mailboxes().iter().map(|named| &named.mailbox);
    named.chain(from).any(|mailbox| people.contains(mailbox))
}

/// Records that are being written, that are broken already, or that leave something open.
fn untouchable(wanted: &Wanted<'_>, runs: &[Run]) -> Result<(), Refusal> {
    if let Some(run) = runs.iter().find(|run| run.is_under_way) {
        let why = format!("a run is under way ({})", visible(&run.file));
        return Err((why, "wait until it has ended".to_owned()));
    }
    let found = verify(runs);
    if has_errors(&found) {
        let why = format!(
            "the records do not verify ({})",
            plural(found.len(), "problem", "problems")
        );
        let help = "mend them first, so that nothing can hide behind a redaction; `arkib records verify` shows what is wrong";
        return Err((why, help.to_owned()));
    }
    let mailboxes: Vec<&str> = wanted.people.iter().map(Mailbox::as_str).collect();
    let is_theirs = |mailbox: &str| mailboxes.contains(&&*mailbox.to_ascii_lowercase());
    if let Some(open) = open(runs).iter().find(|it| is_theirs(&it.intent.mailbox)) {
        let why = format!(
            "nobody knows what became of the change of {} that was announced at {}",
            visible(&open.intent.mailbox),
            open.at
        );
        return Err((
            why,
            "run `arkib reconcile`, which finds that out first".to_owned(),
        ));
    }
    Ok(())
}

fn requests(
    wanted: &Wanted<'_>,
    source: &Source,
    agency: &Agency,
    order: &Order<'_>,
) -> Result<(Vec<OneRequest>, Vec<String>), Refusal> {
    let (mut all, mut notes) = (Vec::new(), Vec::new());
    for request in &agency.requests {
        let file = visible(&request.file);
        let trouble = |why: String| {
            let help =
                "edit that file by hand, as `arkib check --base` allows it, and run this again";
            (format!("{file}: {why}"), help.to_owned())
        };
        let path = wanted.folder.join(source.path(&request.file));
        let before = fs::read(&path).map_err(|error| trouble(error.to_string()))?;
        let text = before.strip_prefix(BOM).unwrap_or(&before);
        let text = String::from_utf8_lossy(text);
        let done = without(&text, request, &agency.policy, order).map_err(trouble)?;
        let Some(done) = done else {
            if mentions(&text, wanted.people) {
                notes.push(format!(
                    "{file} still names them, as who decided, or in its reference"
                ));
            }
            continue;
        };
        notes.extend(left(request, &done, &file));
        all.push(OneRequest {
            request: Arc::clone(request),
            path,
            before: before.clone(),
            files: Vec::new(),
            without: done,
        });
    }
    Ok((all, notes))
}

/// What may still say who it was.
fn left(request: &Request, done: &Without, file: &str) -> Vec<String> {
    let mut notes: Vec<String> = done
        .stays
        .iter()
        .map(|key| format!("{file} keeps the address in `{key}`, which is not taken out"))
        .collect();
    if done.mailboxes == 0 && !done.applicant {
        return notes;
    }
    if request.reason.is_some() && !done.reason {
        notes.push(format!(
            "{file} keeps its `reason`, which may name a person without the address: read it, or give --reasons"
        ));
    }
    if done.evidence.is_empty() {
        notes.extend(request.evidence.iter().map(|it| {
            format!(
                "{} stays, and nobody but a reader can tell whom it names: read it, or give --evidence",
                visible(&evidence::path(&request.file, it))
            )
        }));
    }
    notes
}

/// A document that a request keeps is not deleted because another loses it.
fn keep_shared_files(source: &Source, all: &mut [OneRequest]) {
    let way = |request: &Request, it| source.path(&evidence::path(&request.file, it)).to_owned();
    let losing: HashSet<&str> = all
        .iter()
        .filter(|one| !one.without.evidence.is_empty())
        .map(|one| one.request.id.as_str())
        .collect();
    let agencies = source.loaded.agencies.iter();
    let kept: HashSet<String> = agencies
        .flat_map(|agency| &agency.requests)
        .filter(|request| !losing.contains(request.id.as_str()))
        .flat_map(|request| request.evidence.iter().map(|it| way(request, it)))
        .collect();
    for one in all {
        let ways = one.without.evidence.iter().map(|it| way(&one.request, it));
        one.files = ways.filter(|way| !kept.contains(way)).collect();
    }
}

/// Terminations that no record says were made: the portal may have had none to make, or may still
/// have the archive, which nobody would ask to be terminated any more.
fn not_on_record(wanted: &Wanted<'_>, agency: &Agency, runs: &[Run]) -> Vec<String> {
    let desired = desired::fold(&agency.requests, wanted.as_of, &Doubts::new());
    let lines = || runs.iter().flat_map(|run| &run.lines);
    let is_made = |mailbox: &Mailbox, id: &str| {
        lines().any(|(_, line)| {
            let (who, request, outcome) = match &line.event {
                Event::Outcome(it) => (&it.mailbox, &it.request, &it.outcome),
                Event::Settled(it) => (&it.mailbox, &it.request, &it.outcome),
                _ => return false,
            };
            who == mailbox.as_str()
                && request == id
                && matches!(outcome.as_str(), "applied" | "already-so")
        })
    };
    let wishes = wanted.people.iter().filter_map(|it| desired.wish(it));
    let open = wishes.filter(|wish| !is_made(&wish.mailbox, wish.request.id.as_str()));
    open.map(|wish| {
        format!(
            "no record says that the archive of {0} was terminated, as {1} asks: see with `arkib status {0}` that it is gone, since nothing asks for it afterwards",
            wish.mailbox, wish.request.id
        )
    })
    .collect()
}

fn policy_names(policy: &Policy, people: &[Mailbox]) -> Option<String> {
    let lists = [&policy.approvers, &policy.former_approvers];
    let mut named = lists.iter().flat_map(|list| list.iter());
    let found = named.any(|it| people.contains(it));
    found.then(|| {
        format!(
            "{} still names them; what it says is not for this command to change",
            visible(&policy.file)
        )
    })
}

fn records(wanted: &Wanted<'_>, source: &Source, agency: &Agency) -> Result<Work, Refusal> {
    let (folder, shown) = folder_of(wanted.requests, wanted.records, source, agency)?;
    let trouble = |error: std::io::Error| {
        let why = format!("the records in {} cannot be read: {error}", visible(&shown));
        (
            why,
            "mend the permissions, so that no record is overlooked".to_owned(),
        )
    };
    let runs = folder::read(&folder, &shown).map_err(trouble)?;
    let to_go = to_go(&runs, wanted.people);
    let mut records = Vec::new();
    for run in &runs {
        let held = run.lines.iter().map(|(_, line)| line);
        let held = held
            .filter(|line| to_go.contains(&line.hash) && !matches!(line.event, Event::Redacted(_)));
        let hashes: Vec<String> = held.map(|line| line.hash.clone()).collect();
        let name = run.file.rsplit('/').next().unwrap_or_default();
        let path = folder.join(name);
        if !hashes.is_empty() || (is_torn(run) && tail(&path, wanted.people).map_err(trouble)?) {
            records.push(OneRecord {
                file: Arc::clone(&run.file),
                path,
                hashes,
            });
        }
    }
    Ok(Work {
        agency: agency.policy.agency.clone(),
        folder,
        runs,
        requests: Vec::new(),
        records,
        notes: Vec::new(),
    })
}

fn is_torn(run: &Run) -> bool {
    run.findings.iter().any(|finding| finding.kind == TORN)
}

/// Whether what a killed run left of its last line mentions them.
fn tail(path: &Path, people: &[Mailbox]) -> std::io::Result<bool> {
    let bytes = fs::read(path)?;
    let from = bytes.iter().rposition(|byte| *byte == b'\n');
    let tail = &bytes[from.map_or(0, |at| at + 1)..];
    Ok(mentions(&String::from_utf8_lossy(tail), people))
}

/// A byte order mark, which stays where it was.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";
