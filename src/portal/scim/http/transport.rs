//! What went wrong on the way to the portal or a token endpoint, before it could answer: its
//! certificate, arkib's own, TLS itself, a proxy. In words that a person understands. Pure.

use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError};

use super::retry::Cause;
use crate::portal::ErrorKind;

/// Who is talked to, for errors.
#[derive(Debug)]
pub(crate) struct Peer {
    /// Such as "the portal".
    pub(crate) name: Cow<'static, str>,
    /// The variable that holds its address.
    pub(crate) variable: &'static str,
}

/// Why no answer came, or none to its end.
#[derive(Debug, PartialEq)]
pub(crate) struct NoAnswer {
    pub(crate) kind: ErrorKind,
    pub(crate) detail: String,
    pub(crate) help: Cow<'static, str>,
}

impl NoAnswer {
    fn new(kind: ErrorKind, detail: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            help: help.into(),
        }
    }

    /// Nothing that another attempt would mend.
    fn set_up(detail: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Option<Self> {
        Some(Self::new(ErrorKind::Configuration, detail, help))
    }

    /// Nothing of a request has been taken.
    fn passing(detail: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Option<Self> {
        Some(Self::new(ErrorKind::Unreachable, detail, help))
    }

    /// As far as sending again goes.
    pub(crate) fn cause(&self) -> Cause {
        match self.kind {
            ErrorKind::Unreachable => Cause::NotSent,
            ErrorKind::Configuration => Cause::Final,
            _ => Cause::NoAnswer,
        }
    }
}

/// What the HTTP library's error means. `quote` makes words of others safe to show.
pub(crate) fn no_answer(
    error: reqwest::Error,
    peer: &Peer,
    connect: Duration,
    quote: &dyn Fn(&str) -> String,
) -> NoAnswer {
    let error = error.without_url();
    if let Some(trouble) = explain(&error, error.is_connect(), peer) {
        return NoAnswer {
            detail: quote(&trouble.detail),
            ..trouble
        };
    }
    let words = quote(&root_cause(&error));
    let Peer { name, variable } = peer;
    if error.is_connect() {
        let detail = match error.is_timeout() {
            true => format!("no connection within {} s", connect.as_secs_f32()),
            false => format!("no connection: {words}"),
        };
        let help = format!(
            "check {variable}, the network (also a proxy on the way) and whether {name} is up"
        );
        return NoAnswer::new(ErrorKind::Unreachable, detail, help);
    }
    if error.is_builder() {
        let detail = format!("the request cannot be made: {words}");
        return NoAnswer::new(
            ErrorKind::Configuration,
            detail,
            format!("check {variable}"),
        );
    }
    let mut help = format!("run again; if it stays so, tell {name}'s operator");
    if error.is_timeout() {
        let detail = format!("{name} did not answer in time");
        return NoAnswer::new(ErrorKind::Timeout, detail, help);
    }
    // How the HTTP library says that a connection ended as soon as it stood. Who is told by TLS 1.3
    // that nobody showed a certificate may have hung up before those words came (RFC 8446 section
    // 4.4.2.4).
    if matches!(words.as_str(), "connection closed" | "channel closed") {
        help += ", and ask whether it wants a client certificate (ARKIB_PORTAL_CERT)";
    }
    let detail = format!("the connection broke before the answer was complete: {words}");
    NoAnswer::new(ErrorKind::Broken, detail, help)
}

/// The innermost cause; reqwest's own words around it hold addresses.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes
        .last()
        .map_or_else(|| "no cause given".to_owned(), ToString::to_string)
}

/// How the HTTP library says that a proxy gave no tunnel; it has no name for the error itself.
const TUNNEL: &str = "tunnel error: ";

/// How the TLS library says what the other side complains of. HTTP/2 hands on these words alone.
const ALERT: &str = "received fatal alert: ";

/// What it is, where TLS or a proxy is the trouble. Once a connection stands, only a refusal of
/// arkib's certificate counts: of anything else nobody can say whether the request came through.
fn explain(error: &(dyn Error + 'static), connecting: bool, peer: &Peer) -> Option<NoAnswer> {
    if !connecting {
        return own_certificate(&after(ALERT, error)?, &peer.name);
    }
    match (after(TUNNEL, error), tls(error)) {
        (Some(_), Some(tls)) => explain_tls(tls, "the proxy", "HTTPS_PROXY"),
        (Some(words), None) => proxy(&words, error, &peer.name),
        (None, Some(tls)) => explain_tls(tls, &peer.name, peer.variable),
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

fn explain_tls(error: &rustls::Error, who: &str, variable: &str) -> Option<NoAnswer> {
    match error {
        rustls::Error::InvalidCertificate(why) => certificate(why, who, variable),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(_) => NoAnswer::set_up(
            format!("{who} speaks no TLS that arkib takes: {error}"),
            "it must speak TLS 1.2 or 1.3 with today's ciphers; arkib goes no lower",
        ),
        rustls::Error::InvalidMessage(_) => NoAnswer::set_up(
            format!("what answers in place of {who} does not speak TLS: {error}"),
            "check the port, and that https:// belongs there; a device on the way may also answer in the clear",
        ),
        rustls::Error::AlertReceived(alert) => own_certificate(&format!("{alert:?}"), who).or_else(|| {
            NoAnswer::passing(
                format!("{who} refuses to set up TLS: {error}"),
                "run again; if it stays so, ask who runs it, also whether it wants a client certificate (ARKIB_PORTAL_CERT)",
            )
        }),
        _ => NoAnswer::passing(
            format!("TLS with {who} cannot be set up: {error}"),
            "run again; if it stays so, show this message to who runs it",
        ),
    }
}

fn certificate(why: &CertificateError, who: &str, variable: &str) -> Option<NoAnswer> {
    match why {
        CertificateError::UnknownIssuer => NoAnswer::set_up(
            format!(
                "nobody that arkib trusts vouches for the certificate of {who} (unknown issuer)"
            ),
            "where the authority is the agency's own, name its PEM file in ARKIB_PORTAL_CA, which counts in place of the system's; where it is not, somebody may stand in between: ask who runs it",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => NoAnswer::set_up(
            match why {
                CertificateError::ExpiredContext { not_after, .. } => {
                    format!("the certificate of {who} expired{}", day(*not_after))
                }
                _ => format!("the certificate of {who} has expired"),
            },
            "who runs it must renew it; if that day is still to come, this machine's clock is wrong",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            NoAnswer::set_up(
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
            NoAnswer::set_up(
                format!("the certificate of {who} is for another host: {why}"),
                format!(
                    "write the host in {variable} as the certificate has it; if it is right as it is, another server answers there"
                ),
            )
        }
        _ => NoAnswer::set_up(
            format!("the certificate of {who} is not accepted: {why}"),
            "show this message to who runs it; if its authority is the agency's own, check that ARKIB_PORTAL_CA has the current one",
        ),
    }
}

/// The other side's word on the certificate that arkib showed, or should have.
fn own_certificate(alert: &str, who: &str) -> Option<NoAnswer> {
    match alert {
        "CertificateRequired" => NoAnswer::set_up(
            format!("{who} asks who arkib is, and no client certificate was shown"),
            "get one from its operator and name its PEM files in ARKIB_PORTAL_CERT and ARKIB_PORTAL_KEY",
        ),
        "UnknownCA"
        | "BadCertificate"
        | "UnsupportedCertificate"
        | "CertificateRevoked"
        | "CertificateExpired"
        | "CertificateUnknown" => NoAnswer::set_up(
            format!("{who} does not accept arkib's client certificate ({alert})"),
            "check that ARKIB_PORTAL_CERT is the certificate that its operator gave out, with those between it and its authority, and that it has not expired",
        ),
        _ => None,
    }
}

fn proxy(words: &str, error: &(dyn Error + 'static), who: &str) -> Option<NoAnswer> {
    match words {
        "proxy authorization required" => NoAnswer::set_up(
            "the proxy asks for a login, or does not accept the one it got (407)",
            "write HTTPS_PROXY as http://user:password@host:port, special characters percent-encoded",
        ),
        "failed to create underlying connection" => NoAnswer::passing(
            match chain(error).last() {
                Some(cause) => format!("no connection to the proxy: {cause}"),
                None => "no connection to the proxy".to_owned(),
            },
            "check HTTPS_PROXY and whether the proxy is up; hosts in NO_PROXY are reached without it",
        ),
        "unsuccessful" => NoAnswer::passing(
            format!("the proxy gives no way to {who}"),
            "ask who runs the proxy whether that host and port are allowed and can be reached from there; hosts in NO_PROXY are reached without it",
        ),
        _ => NoAnswer::passing(
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

    const PORTAL: Peer = Peer {
        name: Cow::Borrowed("the portal"),
        variable: "ARKIB_PORTAL_URL",
    };

    #[test]
    fn an_error_is_found_however_deep_it_is() {
        let error = wrapped(CertificateError::UnknownIssuer.into());
        let trouble = explain(&error, true, &PORTAL).expect("trouble");
        assert_eq!(trouble.kind, ErrorKind::Configuration);
        assert!(trouble.detail.contains("unknown issuer"), "{trouble:?}");
        assert_eq!(
            explain(&io::Error::other("broken pipe"), true, &PORTAL),
            None
        );
    }

    #[test]
    fn once_a_request_may_have_gone_only_a_refused_certificate_is_certain() {
        let said = |alert| {
            explain(
                &wrapped(rustls::Error::AlertReceived(alert)),
                false,
                &PORTAL,
            )
            .map(|it| it.kind)
        };
        assert_eq!(
            said(AlertDescription::CertificateRequired),
            Some(ErrorKind::Configuration)
        );
        assert_eq!(said(AlertDescription::InternalError), None);
        assert_eq!(
            explain(&wrapped(rustls::Error::DecryptError), false, &PORTAL),
            None
        );
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
