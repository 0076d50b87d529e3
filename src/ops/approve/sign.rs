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
            let why = "the policy has `provenance: committed`, so no signature is written";
            Err(failure_before_writing(why, "leave out --signature"))
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
        let signature = Some(normalize(&signature).into());
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
    printer::print_message(&format!("Signing with {name}; if it blinks, touch it."));
}

/// The key that the command line names, or that git signs with.
fn find_key(options: &Options, source: &LoadedRequests) -> Result<SigningKey, Failure> {
    if let Some(file) = &options.key {
        return Ok(SigningKey::File(file.clone()));
    }
    let setting = |name| source.repository().map(|place: &GitFolder| place.setting(name));
    let setting = |name| setting(name).transpose().map(Option::flatten);
    let fail = |why: &str| {
        failure_before_writing(
            why,
            "name the file of your SSH key with --key FILE, or sign the text of `arkib approve --print ID` with another program and use --signature FILE",
        )
    };
    let git = |error: crate::git::GitError| failure_before_writing(error.to_string(), error.help());
    let key = setting("user.signingkey").map_err(git)?;
    let format = setting("gpg.format").map_err(git)?;
    let key =
        key.ok_or_else(|| fail("there is no key to sign with; git has no user.signingkey"))?;
    let literal = key.strip_prefix("key::").or_else(|| {
        let is_key = ["ssh-", "ecdsa-sha2-", "sk-"].iter().any(|start| key.starts_with(start));
        is_key.then_some(&*key)
    });
    match literal {
        Some(line) => Ok(SigningKey::InAgent(line.to_owned())),
        None if format.as_deref() == Some("ssh") => Ok(SigningKey::File(key.into())),
        None => Err(fail("git's user.signingkey is not an SSH key, because gpg.format is not ssh")),
    }
}

fn read_signature(file: &Path) -> Result<String, Failure> {
    let shown = escape(&file.to_string_lossy()).into_owned();
    let help = "use the file with -----BEGIN SSH SIGNATURE----- of ssh-keygen, or with -----BEGIN CMS----- (`openssl cms` with -outform PEM)";
    let bytes = read_bounded(file, signature::MAX_SIGNATURE as u64).map_err(|error| {
        failure_before_writing(format!("the signature {shown} cannot be read: {error}"), help)
    })?;
    String::from_utf8(bytes)
        .map_err(|_| failure_before_writing(format!("the signature {shown} is not text"), help))
}

/// The text of a signature with line feeds, without blanks at the end of lines.
fn normalize(signature: &str) -> String {
    signature.trim().lines().map(|line| format!("{}\n", line.trim_end())).collect()
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
            let why = format!("{}: {reason}", request.id);
            Err(failure_before_writing(&why, how_to_fix(&reason, &approval, &request)))
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
