//! What went wrong on the way to the portal or a token endpoint, before it could answer: its
//! certificate, arkib's own, TLS itself, a proxy. Finds the name of it; the words are in `meanings`.
//! Pure.

use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use jiff::Timestamp;
use rustls::CertificateError;

use super::error_meanings::ErrorMeaning;
use super::failure::RequestFailure;
use super::retry_rules::FailureCause;
use crate::portal::{ErrorKind, PortalError};

/// Who is talked to, for errors.
#[derive(Debug)]
pub(crate) struct Peer {
    /// Such as "the portal".
    pub(crate) name: &'static str,
    /// The variable that holds its address.
    pub(crate) variable: &'static str,
}

/// Why no answer came, or none to its end. `quote` makes words of others safe to show.
pub(crate) fn no_answer_failure(
    error: reqwest::Error,
    peer: &Peer,
    doing: &str,
    connect: Duration,
    quote: &dyn Fn(&str) -> String,
) -> RequestFailure {
    let error = error.without_url();
    let trouble = match explain_tls_or_proxy(&error, error.is_connect(), peer, doing) {
        Some(trouble) => PortalError { detail: quote(&trouble.detail), ..trouble },
        None => {
            let values = [
                ("seconds", &*connect.as_secs_f32().to_string()),
                ("variable", peer.variable),
                ("who", peer.name),
                ("why", &quote(&root_cause(&error))),
            ];
            ErrorMeaning::for_word("no answer", classify_unexplained(&error))
                .to_error(doing, &values)
        }
    };
    let cause = match trouble.kind {
        ErrorKind::Unreachable => FailureCause::NotSent,
        ErrorKind::Configuration => FailureCause::Final,
        _ => FailureCause::NoAnswer,
    };
    RequestFailure { cause, ..RequestFailure::from(trouble) }
}

/// What the HTTP library alone says of an error.
fn classify_unexplained(error: &reqwest::Error) -> &'static str {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => "connecting in time",
        (true, false) => "connecting",
        _ if error.is_builder() => "request",
        (false, true) => "in time",
        // How the HTTP library says that a connection ended as soon as it stood. Who is told by TLS
        // 1.3 that nobody showed a certificate may have hung up before those words came (RFC 8446
        // section 4.4.2.4).
        _ => match root_cause(error).as_str() {
            "connection closed" | "channel closed" => "closed",
            _ => "other",
        },
    }
}

/// The innermost cause; reqwest's own words around it hold addresses.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.last().map_or_else(|| "no cause given".to_owned(), ToString::to_string)
}

/// How the HTTP library says that a proxy gave no tunnel; it has no name for the error itself.
const TUNNEL: &str = "tunnel error: ";

/// How the TLS library says what the other side complains of. HTTP/2 hands on these words alone.
const ALERT: &str = "received fatal alert: ";

/// What it is, where TLS or a proxy is the trouble. Once a connection stands, only a refusal of
/// arkib's certificate counts: of anything else nobody can say whether the request came through.
fn explain_tls_or_proxy(
    error: &(dyn Error + 'static),
    connecting: bool,
    peer: &Peer,
    doing: &str,
) -> Option<PortalError> {
    let tunnel = text_after(TUNNEL, error).filter(|_| connecting);
    let tls = error_chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
    let alert = text_after(ALERT, error).unwrap_or_default();
    let own_certificate = || ErrorMeaning::find_listed("own certificate", &alert);
    let (meaning, why) = match (tls, &tunnel) {
        _ if !connecting => (own_certificate()?, String::new()),
        (Some(rustls::Error::InvalidCertificate(why)), _) => {
            (ErrorMeaning::for_word("certificate", &variant_name(why)), why.to_string())
        }
        (Some(tls @ rustls::Error::AlertReceived(_)), _) => {
            let other = || ErrorMeaning::for_word("TLS alert", &alert);
            (own_certificate().unwrap_or_else(other), tls.to_string())
        }
        (Some(tls), _) => (ErrorMeaning::for_word("TLS", &variant_name(tls)), tls.to_string()),
        (None, Some(words)) => (ErrorMeaning::for_word("proxy", words), words.clone()),
        (None, None) => return None,
    };
    let (who, variable) = match (tls, tunnel) {
        (Some(_), Some(_)) => ("the proxy", "HTTPS_PROXY"),
        _ => (peer.name, peer.variable),
    };
    let values = [
        ("who", who),
        ("variable", variable),
        ("alert", &alert),
        ("day", &tls.map(certificate_day).unwrap_or_default()),
        ("cause", &error_chain(error).last()?.to_string()),
        ("why", &why),
    ];
    Some(meaning.to_error(doing, &values))
}

/// The name of an error in its library.
fn variant_name(error: &impl Debug) -> String {
    let shown = format!("{error:?}");
    let end = shown.find(|c: char| !c.is_ascii_alphanumeric());
    shown[..end.unwrap_or(shown.len())].to_owned()
}

/// An error and what caused it, down to the first cause. An io::Error hides the error that it holds
/// behind that error's own source.
fn error_chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        match held {
            Some(held) => Some(held as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// What stands behind these words where a cause begins with them.
fn text_after(words: &str, error: &(dyn Error + 'static)) -> Option<String> {
    error_chain(error).find_map(|cause| cause.to_string().strip_prefix(words).map(str::to_owned))
}

/// ` on 2026-11-25`, where an error of a certificate has a moment that can be told.
fn certificate_day(error: &rustls::Error) -> String {
    let moment = match error {
        rustls::Error::InvalidCertificate(
            CertificateError::ExpiredContext { not_after: moment, .. }
            | CertificateError::NotValidYetContext { not_before: moment, .. },
        ) => i64::try_from(moment.as_secs()).ok(),
        _ => None,
    };
    moment
        .and_then(|second| Timestamp::from_second(second).ok())
        .map_or_else(String::new, |moment| format!(" on {}", moment.strftime("%Y-%m-%d")))
}

#[cfg(test)]
mod tests {
    use std::io;

    use rustls::AlertDescription;

    use super::*;

    /// As the HTTP library hands it on: an io::Error in an io::Error.
    fn wrapped(error: rustls::Error) -> io::Error {
        io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error))
    }

    const PORTAL: Peer = Peer { name: "the portal", variable: "ARKIB_PORTAL_URL" };

    #[test]
    fn finds_nested_errors() {
        let error = wrapped(CertificateError::UnknownIssuer.into());
        let trouble = explain_tls_or_proxy(&error, true, &PORTAL, "").expect("trouble");
        assert_eq!(trouble.kind, ErrorKind::Configuration);
        assert!(trouble.detail.contains("unknown issuer"), "{trouble:?}");
        assert_eq!(explain_tls_or_proxy(&io::Error::other("broken pipe"), true, &PORTAL, ""), None);
    }

    #[test]
    fn after_sending_only_refused_certificates_are_certain() {
        let said = |alert| {
            explain_tls_or_proxy(&wrapped(rustls::Error::AlertReceived(alert)), false, &PORTAL, "")
                .map(|meaning| meaning.kind)
        };
        assert_eq!(said(AlertDescription::CertificateRequired), Some(ErrorKind::Configuration));
        assert_eq!(said(AlertDescription::InternalError), None);
        assert_eq!(
            explain_tls_or_proxy(&wrapped(rustls::Error::DecryptError), false, &PORTAL, ""),
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

    #[test]
    fn listed_names_exist_in_the_library() {
        for (error, name) in [
            (CertificateError::UnknownIssuer, "unknown issuer"),
            (CertificateError::Expired, "has expired"),
            (CertificateError::NotValidYet, "is not valid yet"),
            (CertificateError::NotValidForName, "is for another host"),
            (CertificateError::Revoked, "is not accepted"),
        ] {
            let trouble =
                explain_tls_or_proxy(&wrapped(error.into()), true, &PORTAL, "").expect("trouble");
            assert!(trouble.detail.contains(name), "{trouble:?}");
        }
        for (error, says) in [
            (
                rustls::Error::AlertReceived(AlertDescription::ProtocolVersion),
                "supports no version of TLS that arkib accepts: received fatal alert",
            ),
            (
                rustls::PeerIncompatible::NoCipherSuitesInCommon.into(),
                "supports no version of TLS that arkib accepts: peer is incompatible",
            ),
            (
                rustls::InvalidMessage::InvalidContentType.into(),
                "does not speak TLS: received corrupt message",
            ),
            (
                rustls::Error::AlertReceived(AlertDescription::HandshakeFailure),
                "refuses to set up TLS: received fatal alert",
            ),
        ] {
            let trouble =
                explain_tls_or_proxy(&wrapped(error), true, &PORTAL, "").expect("trouble");
            assert!(trouble.detail.contains(says), "{trouble:?}");
        }
    }
}
