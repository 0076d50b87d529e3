//! Signs approvals, if the policy requires that: with ssh-keygen, or by a signature that was made with
//! another program. Each is verified as every later run will, before it is written.

use std::path::Path;

use super::options::Options;
use super::select::ChosenRequest;
use crate::domain::approval::statement::statement;
use crate::domain::approval::verification::{
    UnverifiedCause, UnverifiedReason, unverified_reasons,
};
use crate::domain::policy::ApprovalProvenance;
use crate::domain::request::{Approval, Request};
use crate::environment::read_bounded;
use crate::git::GitFolder;
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::failure_before_writing;
use crate::printer;
use crate::printer::text;
use crate::signature;
use crate::signature::{AllowedSigner, SignatureFault};
use crate::ssh_keygen;
use crate::ssh_keygen::SigningKey;
use crate::text::{escape, excerpt};

/// What makes the signatures.
pub(super) enum Signer {
    /// Nothing: no policy asks for one.
    Nobody,
    /// ssh-keygen, with this key.
    Key(SigningKey),
    /// Another program made this one already.
    Other(String),
}

fn is_signed(chosen: &ChosenRequest<'_>) -> bool {
    chosen.agency.policy.provenance == ApprovalProvenance::Signed
}

/// Finds what makes the signatures, before anybody is asked.
///
/// # Errors
/// If there is none, or one that no policy asks for.
pub(super) fn find_signer(
    options: &Options,
    source: &LoadedRequests,
    chosen: &[ChosenRequest<'_>],
) -> Result<Signer, Failure> {
    match (&options.signature, chosen.iter().any(is_signed)) {
        (Some(_), false) => {
            let help = message!("approve-no-signature-help");
            Err(failure_before_writing(message!("approve-no-signature"), help))
        }
        (Some(file), true) => read_signature(file).map(Signer::Other),
        (None, true) => find_key(options, source).map(Signer::Key),
        (None, false) => Ok(Signer::Nobody),
    }
}

/// The approvals of the requests, each with its own signature where the policy of its agency asks for one.
///
/// # Errors
/// If one cannot be signed, or its signature would not count.
pub(super) fn sign_all(
    signer: &Signer,
    chosen: &[ChosenRequest<'_>],
    unsigned: &Approval,
) -> Result<Vec<Approval>, Failure> {
    if let Signer::Key(key) = signer {
        announce(key);
    }
    let each = chosen.iter().map(|chosen| {
        let statement =
            statement(chosen.request, &chosen.agency.policy, &unsigned.by, unsigned.date);
        let signature = match signer {
            Signer::Other(other) => other.clone(),
            Signer::Key(key) if is_signed(chosen) => {
                let signed = ssh_keygen::sign(key, signature::NAMESPACE, statement.as_bytes());
                signed.map_err(|error| failure_before_writing(error.to_string(), error.help))?
            }
            Signer::Key(_) | Signer::Nobody => return Ok(unsigned.clone()),
        };
        // With line feeds, and without blanks at the end of lines.
        let lines = signature.trim().lines().map(|line| format!("{}\n", line.trim_end()));
        let signature = Some(lines.collect::<String>().into());
        verify(chosen, Approval { signature, ..unsigned.clone() })
    });
    each.collect()
}

/// Says which key is asked for, because ssh-keygen itself may only wait for it to be touched.
fn announce(key: &SigningKey) {
    let name = match key {
        SigningKey::File(file) => excerpt(&file.to_string_lossy(), 200),
        SigningKey::InAgent(line) => excerpt(line, 80),
    };
    printer::print_message(&text!("approve-signing", name));
}

/// The key that the command line names, or that git signs with.
fn find_key(options: &Options, source: &LoadedRequests) -> Result<SigningKey, Failure> {
    if let Some(file) = &options.key {
        return Ok(SigningKey::File(file.clone()));
    }
    let setting = |name| source.repository().map(|place: &GitFolder| place.setting(name));
    let setting = |name| setting(name).transpose().map(Option::flatten);
    let fail = |why: Message| failure_before_writing(why, message!("approve-no-key-help"));
    let git = |error: crate::git::GitError| failure_before_writing(error.to_string(), error.help());
    let key = setting("user.signingkey").map_err(git)?;
    let format = setting("gpg.format").map_err(git)?;
    let key = key.ok_or_else(|| fail(message!("approve-no-key")))?;
    let literal = key.strip_prefix("key::").or_else(|| {
        let is_key = ["ssh-", "ecdsa-sha2-", "sk-"].iter().any(|start| key.starts_with(start));
        is_key.then_some(&*key)
    });
    match literal {
        Some(line) => Ok(SigningKey::InAgent(line.to_owned())),
        None if format.as_deref() == Some("ssh") => Ok(SigningKey::File(key.into())),
        None => Err(fail(message!("approve-no-ssh-key"))),
    }
}

fn read_signature(file: &Path) -> Result<String, Failure> {
    let shown = escape(&file.to_string_lossy()).into_owned();
    let help = || message!("approve-signature-help");
    let bytes = read_bounded(file, signature::MAX_SIGNATURE as u64).map_err(|error| {
        let why = error.to_string();
        failure_before_writing(message!("approve-signature-unread", file = &shown, why), help())
    })?;
    String::from_utf8(bytes).map_err(|_| {
        failure_before_writing(message!("approve-signature-no-text", file = shown), help())
    })
}

/// Verifies an approval beside the others of its request, as every later run will.
fn verify(chosen: &ChosenRequest<'_>, approval: Approval) -> Result<Approval, Failure> {
    let ChosenRequest { agency, request, .. } = chosen;
    let mut request = Request::clone(request);
    request.approvals.push(approval.clone());
    let own = request.approvals.len() - 1;
    let mut reasons = unverified_reasons(&request, &agency.policy, &agency.keys);
    match reasons.find(|reason| reason.index == own) {
        None => Ok(approval),
        Some(reason) => {
            let (id, why) = (request.id.as_str(), reason.describe());
            let why = message!("approve-refused", id, why);
            Err(failure_before_writing(why, how_to_fix(&reason, &approval, &request)))
        }
    }
}

/// What to do about an approval that does not count; a key that nobody knows is shown as the line to add.
fn how_to_fix(reason: &UnverifiedReason, approval: &Approval, request: &Request) -> Message {
    let signature = approval.signature.as_deref().unwrap_or_default();
    match &reason.cause {
        UnverifiedCause::Signature(SignatureFault::UnknownKey(_)) => {
            let Some(key) = signature::named_ssh_key(signature) else {
                return reason.cause.help();
            };
            let namespaces = vec![signature::NAMESPACE.to_owned()];
            let address = approval.by.to_string();
            let line =
                AllowedSigner { address, key, namespaces, valid_after: None, valid_before: None };
            message!("signature-add-line-help", line = line.to_string())
        }
        UnverifiedCause::Signature(SignatureFault::OtherStatement) => message!(
            "signature-sign-print-help",
            id = &request.id,
            by = &approval.by,
            date = approval.date
        ),
        cause => cause.help(),
    }
}
