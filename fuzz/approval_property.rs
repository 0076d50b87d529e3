//! What holds for signed requests, whatever somebody changes of them and their keys: what is accepted means
//! what was approved, and what means the same is accepted. The seeds are test vectors of another program.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use arkib::domain::agency::Agency;
use arkib::domain::approval::statement::statement;
use arkib::domain::approval::verification::unverified_reasons;
use arkib::domain::archive_state::Target;
use arkib::domain::local_time::to_timestamp_at;
use arkib::domain::policy::ApprovalProvenance;
use arkib::domain::request::request_file_source::FolderSnapshot;
use arkib::domain::request::{Action, Channel, Request};
use arkib::finding::Severity;
use arkib::load::agency_loader::load;
use arkib::signature;
use jiff::civil::{Date, date, time};

use super::edits;

/// The files of an agency with a request that is approved, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

macro_rules! seed {
    ($name:literal: $($file:literal)+) => {
        &[$(($file, include_bytes!(concat!("../tests/approvals/vectors/", $name, "/", $file)))),+]
    };
}

/// The request is the first file, the policy the second; then come keys, and other requests.
const SEEDS: &[&[(&str, &[u8])]] = &[
    seed!("ssh-ed25519": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("ssh-ecdsa": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("ssh-rsa": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("multi-line-reason": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("unicode-reason": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("receipt": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("effective": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("documents": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("retired-key": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers"),
    seed!("withdrawal": "BMT-2026-0042.yaml" "agency.yaml" "allowed_signers" "BMT-2026-0017.yaml"),
    seed!("two-approvals": "BMT-2026-0043.yaml" "agency.yaml" "allowed_signers"),
    seed!("cms-rsa": "BMT-2026-0042.yaml" "agency.yaml" "authorities.pem"),
    seed!("cms-ecdsa": "BMT-2026-0042.yaml" "agency.yaml" "authorities.pem"),
    seed!("cms-revocations": "BMT-2026-0042.yaml" "agency.yaml" "authorities.pem" "revocations.pem"),
];

/// How many seeds there are.
pub const COUNT: usize = SEEDS.len();

/// A seed: the name of its request's file, and all its files.
pub fn seed(number: usize) -> (&'static str, Files) {
    let files = SEEDS[number % COUNT];
    let each = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
    (files[0].0, each.collect())
}

/// What a seed means as it is, read once.
pub fn original(number: usize) -> &'static Reading {
    static READ: LazyLock<Vec<Reading>> = LazyLock::new(|| {
        let each = (0..COUNT).map(|number| read(&seed(number).1).expect("a seed"));
        each.inspect(|read| assert!(read.is_accepted, "a seed is refused")).collect()
    });
    &READ[number % COUNT]
}

/// All that an approved request means: what is done, why, and who approved it when. Made without the
/// statement.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning {
    agency: (String, Option<String>),
    id: String,
    asked: (Option<Target>, BTreeSet<String>, Option<String>),
    received: (Date, Channel, String, Option<String>, Option<String>),
    effective: Option<Date>,
    reason: Option<String>,
    documents: Vec<String>,
    approvals: BTreeSet<(String, Date)>,
}

impl Meaning {
    fn of(agency: &Agency, request: &Request) -> Self {
        let received = &request.received;
        let mut documents: Vec<String> =
            request.evidence.iter().map(|document| document.sha256.clone()).collect();
        documents.sort_unstable();
        let asked = match &request.action {
            Action::Withdraw { withdraws } => {
                (None, BTreeSet::new(), Some(withdraws.as_str().to_owned()))
            }
            Action::Change { target, mailboxes } => {
                let mailboxes = mailboxes.iter().map(|named| named.mailbox.as_str().to_owned());
                (Some(*target), mailboxes.collect(), None)
            }
        };
        let approvals = request.approvals.iter();
        Self {
            agency: (agency.policy.agency.clone(), agency.policy.repository.clone()),
            id: request.id.as_str().to_owned(),
            asked,
            received: (
                received.date,
                received.channel,
                received.reference.clone(),
                received.from.as_ref().map(|from| from.as_str().to_owned()),
                received.file.clone(),
            ),
            effective: request.effective,
            reason: request.reason.clone(),
            documents,
            approvals: approvals
                .map(|approval| (approval.by.as_str().to_owned(), approval.date))
                .collect(),
        }
    }
}

/// What arkib reads from some files.
pub struct Reading {
    pub agency: Agency,
    pub request: Arc<Request>,
    /// Whether the request is carried out.
    pub is_accepted: bool,
}

/// Reads some files; nothing where there is an error, or no request with approvals.
pub fn read(files: &Files) -> Option<Reading> {
    let mut folder = FolderSnapshot::new("requests".into());
    for (path, bytes) in files {
        folder.insert_file(path.clone(), Ok(Arc::from(&**bytes)));
    }
    let mut loaded = load(&folder, date(2026, 11, 23));
    let is_error = |severity: Severity| severity == Severity::Error;
    if loaded.findings.iter().any(|finding| is_error(finding.severity)) {
        return None;
    }
    let agency = loaded.agencies.pop()?;
    let mut requests = agency.requests.iter();
    let request = Arc::clone(requests.find(|request| !request.approvals.is_empty())?);
    let is_signed = unverified_reasons(&request, &agency.policy, &agency.keys).next().is_none();
    let is_accepted = is_signed && request.approved_on().is_some();
    Some(Reading { agency, request, is_accepted })
}

impl Reading {
    pub fn meaning(&self) -> Meaning {
        Meaning::of(&self.agency, &self.request)
    }

    /// The signatures as they are read.
    fn signatures(&self) -> BTreeSet<Option<Arc<str>>> {
        self.request.approvals.iter().map(|approval| approval.signature.clone()).collect()
    }
}

/// How many changed inputs were judged, and how many of them were accepted.
#[derive(Debug, Default, Clone, Copy)]
pub struct Judged {
    pub inputs: usize,
    pub accepted: usize,
}

impl Judged {
    fn count(&mut self, is_accepted: bool) {
        self.inputs += 1;
        self.accepted += usize::from(is_accepted);
    }
}

/// Panics where a change of the request or the policy is accepted and means something else, or is not
/// accepted and means the same.
pub fn holds_for_text(number: usize, script: &[u8]) -> Judged {
    let mut judged = Judged::default();
    let (request, seed) = seed(number);
    let original = original(number);
    let changes = [request, "agency.yaml"].into_iter().flat_map(|file| {
        let changed = [edits::edited(&seed[file], script), edit_text(&text(&seed[file]), script)];
        changed.into_iter().flatten().map(move |changed| (file, changed))
    });
    for (file, changed) in changes {
        let mut files = seed.clone();
        files.insert(file.to_owned(), changed);
        // A policy that asks for no signatures is another matter: that change is shown by itself.
        let is_signed =
            |found: &Reading| found.agency.policy.provenance == ApprovalProvenance::Signed;
        let found = read(&files).filter(is_signed);
        judged.count(found.as_ref().is_some_and(|found| found.is_accepted));
        let Some(found) = found else { continue };
        let is_same = found.meaning() == original.meaning();
        assert!(!found.is_accepted || is_same, "seed {number}: {}", text(&files[file]));
        let may_differ =
            found.signatures() != original.signatures() || found.request.approved_on().is_none();
        assert!(found.is_accepted || !is_same || may_differ, "{number}: {}", text(&files[file]));
    }
    judged
}

/// Changes letters and lines, so that what comes of it can mostly be read.
fn edit_text(text: &str, script: &[u8]) -> Option<Vec<u8>> {
    const LETTERS: &[u8] = b"abesztABR019.-@:'\"#|>\\ \n";
    let mut lines: Vec<Vec<u8>> = text.lines().map(|line| line.as_bytes().to_vec()).collect();
    for step in script.chunks_exact(4).take(4) {
        // The lines behind are those of signatures.
        let number = usize::from(step[0]) % lines.len().clamp(1, 24);
        let Some(line) = lines.get_mut(number) else { break };
        let letter = LETTERS[usize::from(step[3]) % LETTERS.len()];
        let place = usize::from(step[1]) % line.len().max(1);
        match step[2] % 8 {
            0 => drop(lines.remove(number)),
            1 => lines.insert(number, lines[number].clone()),
            2 => lines.swap(number, usize::from(step[1]) % (number + 1)),
            3 => line.insert(place.min(line.len()), letter),
            // A blank more between two words, or the other case of a letter.
            4 => {
                let blanks = (1..line.len()).filter(|at| line[*at] == b' ' && line[at - 1] != b' ');
                let blanks: Vec<usize> = blanks.collect();
                if let Some(at) = blanks.get(place % blanks.len().max(1)) {
                    line.insert(*at, b' ');
                }
            }
            5 => line.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 0x20),
            _ if line.is_empty() => line.push(letter),
            _ => line[place] = letter,
        }
    }
    let changed = [lines.join(&b'\n'), b"\n".to_vec()].concat();
    (changed != text.as_bytes()).then_some(changed)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Panics where a signature counts for another statement, or another one counts as somebody else's.
pub fn holds_for_signatures(number: usize, script: &[u8]) -> Judged {
    let mut judged = Judged::default();
    let Reading { agency, request, .. } = original(number);
    for approval in &request.approvals {
        let statement = statement(request, &agency.policy, &approval.by, approval.date);
        let at = to_timestamp_at(approval.date, time(23, 59, 59, 0));
        let signature = approval.signature.as_deref().expect("a signature");
        let verify = |signature: &str, statement: &[u8]| {
            signature::verify(signature, statement, &agency.keys, at)
        };
        let signer = verify(signature, statement.as_bytes()).expect("a good signature");
        if let Some(other) = edits::edited(statement.as_bytes(), script) {
            assert!(verify(signature, &other).is_err(), "{number}: {}", text(&other));
            judged.count(false);
        }
        let changed = [edits::edited(signature.as_bytes(), script), edit_block(signature, script)];
        for other in changed.into_iter().flatten() {
            let other = text(&other);
            // The same bytes may be written otherwise, and much of a CMS is not signed.
            let found = verify(&other, statement.as_bytes());
            judged.count(found.is_ok());
            if let Ok(found) = found {
                assert_eq!(found, signer, "{number}: {other}");
            }
            assert!(
                verify(&other, statement.replace("enable", "terminate").as_bytes()).is_err()
                    || !statement.contains("enable")
            );
        }
    }
    judged
}

/// Panics where changed keys let a request pass whose approver they no longer name.
pub fn holds_for_keys(number: usize, script: &[u8]) -> Judged {
    let mut judged = Judged::default();
    let (_, seed) = seed(number);
    for name in ["allowed_signers", "authorities.pem", "revocations.pem"] {
        let Some(bytes) = seed.get(name) else { continue };
        let changed = [edits::edited(bytes, script), edit_block(&text(bytes), script)];
        for changed in changed.into_iter().flatten() {
            let mut files = seed.clone();
            files.insert(name.to_owned(), changed);
            let is_accepted = read(&files).is_some_and(|found| found.is_accepted);
            judged.count(is_accepted);
            if is_accepted {
                let (before, now) = (text(bytes), text(&files[name]));
                assert!(still_trusts(name, &before, &now), "{number}: {now}");
            }
        }
    }
    judged
}

/// Whether changed keys name the same signer. (What a list of revocations says is signed; one that is not
/// as it was is refused.)
fn still_trusts(name: &str, before: &str, now: &str) -> bool {
    match name {
        "allowed_signers" => before.lines().all(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let [address, .., key] = words[..] else { return false };
            now.lines().any(|line| {
                let has_namespace = line.contains("arkib-approval") || !line.contains("namespaces");
                has_namespace
                    && line.trim_start().to_lowercase().starts_with(address)
                    && line.contains(key)
            })
        }),
        "authorities.pem" => {
            let [before, now] = [before, now].map(|text| decode_block(text).unwrap_or_default().1);
            let key = public_key(&before);
            now.windows(key.len()).any(|window| window == key)
        }
        _ => decode_block(before).map(|block| block.1) == decode_block(now).map(|block| block.1),
    }
}

/// The modulus of the RSA key of 2048 bits of a certificate.
fn public_key(certificate: &[u8]) -> &[u8] {
    let begins = [2, 0x82, 1, 1, 0];
    let at = certificate.windows(5).position(|window| window == begins).expect("an RSA key");
    &certificate[at..at + 261]
}

/// Changes the bytes that a block of PEM stands for.
fn edit_block(text: &str, script: &[u8]) -> Option<Vec<u8>> {
    let ((begin, end), bytes) = decode_block(text)?;
    let changed = edits::edited(&bytes, script)?;
    let encoded = encode(&changed);
    let lines = encoded.as_bytes().chunks(64).map(text_of).collect::<Vec<_>>().join("\n");
    Some(format!("{begin}\n{lines}\n{end}\n").into_bytes())
}

fn text_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("base64")
}

/// The first and the last line of a text in PEM, and the bytes between.
fn decode_block(text: &str) -> Option<((&str, &str), Vec<u8>)> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let begin = lines.next().filter(|line| line.starts_with("-----BEGIN "))?;
    let mut body: Vec<&str> = lines.collect();
    let end = body.pop()?;
    Some(((begin, end), decode(&body.concat())?))
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let digit = LETTERS.iter().position(|known| *known == letter)?;
        bits = (bits << 6) | u32::try_from(digit).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..part.len()].copy_from_slice(part);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for place in 0..4 {
            let digit = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > part.len() { '=' } else { char::from(digit) });
        }
    }
    text
}
