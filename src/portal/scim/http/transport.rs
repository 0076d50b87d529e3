//! What went wrong on the way to the portal, before it could answer: its certificate, arkib's own,
//! TLS itself, a proxy. In words that a person understands. Pure.

use std::error::Error;

use jiff::Timestamp;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError};

use crate::portal::ErrorKind;

/// How the HTTP library says that a proxy gave no tunnel; it has no name for the error itself.
const TUNNEL: &str = "tunnel error: ";

/// How the TLS library says what the other side complains of. HTTP/2 hands on these words alone.
const ALERT: &str = "received fatal alert: ";

/// Trouble on the way. Nothing of a request has been taken by the portal.
#[derive(Debug, PartialEq)]
pub(super) struct Trouble {
    pub(super) kind: ErrorKind,
    /// May hold words of the other side.
    pub(super) detail: String,
    pub(super) help: &'static str,
}

impl Trouble {
    /// Nothing that another attempt would mend.
    fn set_up(detail: impl Into<String>, help: &'static str) -> Option<Self> {
        Some(Self {
            kind: ErrorKind::Configuration,
            detail: detail.into(),
            help,
        })
    }

    fn passing(detail: impl Into<String>, help: &'static str) -> Option<Self> {
        Some(Self {
            kind: ErrorKind::Unreachable,
            detail: detail.into(),
            help,
        })
    }
}

/// What it is, where TLS or a proxy is the trouble. Once a connection stands, only a refusal of
/// arkib's certificate counts: of anything else nobody can say whether the request came through.
pub(super) fn explain(error: &(dyn Error + 'static), connecting: bool) -> Option<Trouble> {
    if !connecting {
        return own_certificate(&after(ALERT, error)?);
    }
    match (after(TUNNEL, error), tls(error)) {
        (Some(_), Some(tls)) => explain_tls(tls, "the proxy"),
        (Some(words), None) => proxy(&words, error),
        (None, Some(tls)) => explain_tls(tls, "the portal"),
        (None, None) => None,
    }
}

/// An error and what caused it, down to the first cause. An io::Error hides the error that it holds
/// behind that error's own source.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let held = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        match held {
            Some(held) => Some(held as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// What stands behind these words where a cause begins with them.
fn after(words: &str, error: &(dyn Error + 'static)) -> Option<String> {
    chain(error).find_map(|cause| cause.to_string().strip_prefix(words).map(str::to_owned))
}

fn tls<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

fn explain_tls(error: &rustls::Error, who: &str) -> Option<Trouble> {
    match error {
        rustls::Error::InvalidCertificate(why) => certificate(why, who),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(_) => Trouble::set_up(
            format!("{who} speaks no TLS that arkib takes: {error}"),
            "it must speak TLS 1.2 or 1.3 with today's ciphers; arkib goes no lower",
        ),
        rustls::Error::InvalidMessage(_) => Trouble::set_up(
            format!("what answers in place of {who} does not speak TLS: {error}"),
            "check the port, and that https:// belongs there; a device on the way may also answer in the clear",
        ),
        rustls::Error::AlertReceived(alert) => own_certificate(&format!("{alert:?}")).or_else(|| {
            Trouble::passing(
                format!("{who} refuses to set up TLS: {error}"),
                "run again; if it stays so, ask who runs it, also whether it wants a client certificate (ARKIB_PORTAL_CERT)",
            )
        }),
        _ => Trouble::passing(
            format!("TLS with {who} cannot be set up: {error}"),
            "run again; if it stays so, show this message to who runs it",
        ),
    }
}

fn certificate(why: &CertificateError, who: &str) -> Option<Trouble> {
    match why {
        CertificateError::UnknownIssuer => Trouble::set_up(
            format!(
                "nobody that arkib trusts vouches for the certificate of {who} (unknown issuer)"
            ),
            "where the authority is the agency's own, name its PEM file in ARKIB_PORTAL_CA, which counts in place of the system's; where it is not, somebody may stand in between: ask who runs it",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Trouble::set_up(
            match why {
                CertificateError::ExpiredContext { not_after, .. } => {
                    format!("the certificate of {who} expired{}", day(*not_after))
                }
                _ => format!("the certificate of {who} has expired"),
            },
            "who runs it must renew it; if that day is still to come, this machine's clock is wrong",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Trouble::set_up(
                match why {
                    CertificateError::NotValidYetContext { not_before, .. } => {
                        format!("the certificate of {who} begins only{}", day(*not_before))
                    }
                    _ => format!("the certificate of {who} is not valid yet"),
                },
                "is this machine's clock right? if it is, who runs it has put the certificate in too early",
            )
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Trouble::set_up(
                format!("the certificate of {who} is for another host: {why}"),
                "write the host in ARKIB_PORTAL_URL as the certificate has it; if it is right as it is, another server answers there",
            )
        }
        _ => Trouble::set_up(
            format!("the certificate of {who} is not accepted: {why}"),
            "show this message to who runs it; if its authority is the agency's own, check that ARKIB_PORTAL_CA has the current one",
        ),
    }
}

/// The other side's word on the certificate that arkib showed, or should have.
fn own_certificate(alert: &str) -> Option<Trouble> {
    match alert {
        "CertificateRequired" => Trouble::set_up(
            "the portal asks who arkib is, and no client certificate was shown",
            "get one from the portal's operator and name its PEM files in ARKIB_PORTAL_CERT and ARKIB_PORTAL_KEY",
        ),
        "UnknownCA"
        | "BadCertificate"
        | "UnsupportedCertificate"
        | "CertificateRevoked"
        | "CertificateExpired"
        | "CertificateUnknown" => Trouble::set_up(
            format!("the portal does not accept arkib's client certificate ({alert})"),
            "check that ARKIB_PORTAL_CERT is the certificate that the portal's operator gave out, with those between it and its authority, and that it has not expired",
        ),
        _ => None,
    }
}

fn proxy(words: &str, error: &(dyn Error + 'static)) -> Option<Trouble> {
    match words {
        "proxy authorization required" => Trouble::set_up(
            "the proxy asks for a login, or does not accept the one it got (407)",
            "write HTTPS_PROXY as http://user:password@host:port, special characters percent-encoded",
        ),
        "failed to create underlying connection" => Trouble::passing(
            match chain(error).last() {
                Some(cause) => format!("no connection to the proxy: {cause}"),
                None => "no connection to the proxy".to_owned(),
            },
            "check HTTPS_PROXY and whether the proxy is up; hosts in NO_PROXY are reached without it",
        ),
        "unsuccessful" => Trouble::passing(
            "the proxy gives no way to the portal",
            "ask who runs the proxy whether the portal's host and port are allowed and can be reached from there; hosts in NO_PROXY are reached without it",
        ),
        _ => Trouble::passing(
            format!("the proxy broke off: {words}"),
            "check that HTTPS_PROXY names an HTTP proxy; hosts in NO_PROXY are reached without it",
        ),
    }
}

/// ` on 2026-11-25`, where the moment can be told.
fn day(moment: UnixTime) -> String {
    let second = i64::try_from(moment.as_secs()).ok();
    second
        .and_then(|second| Timestamp::from_second(second).ok())
        .map_or_else(String::new, |moment| {
            format!(" on {}", moment.strftime("%Y-%m-%d"))
        })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// As the HTTP library hands it on: an io::Error in an io::Error.
    fn wrapped(error: rustls::Error) -> io::Error {
        io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error))
    }

    #[test]
    fn an_error_is_found_however_deep_it_is() {
        let error = wrapped(CertificateError::UnknownIssuer.into());
        let trouble = explain(&error, true).expect("trouble");
        assert_eq!(trouble.kind, ErrorKind::Configuration);
        assert!(trouble.detail.contains("unknown issuer"), "{trouble:?}");
        assert_eq!(explain(&io::Error::other("broken pipe"), true), None);
    }

    #[test]
    fn once_a_request_may_have_gone_only_a_refused_certificate_is_certain() {
        let said =
            |alert| explain(&wrapped(rustls::Error::AlertReceived(alert)), false).map(|it| it.kind);
        assert_eq!(
            said(AlertDescription::CertificateRequired),
            Some(ErrorKind::Configuration)
        );
        assert_eq!(said(AlertDescription::InternalError), None);
        assert_eq!(explain(&wrapped(rustls::Error::DecryptError), false), None);
        // The names that are looked for are those of the library.
        for alert in [
            AlertDescription::UnknownCA,
            AlertDescription::BadCertificate,
            AlertDescription::UnsupportedCertificate,
            AlertDescription::CertificateRevoked,
            AlertDescription::CertificateExpired,
            AlertDescription::CertificateUnknown,
        ] {
            assert!(said(alert).is_some(), "{alert:?}");
        }
    }
}
