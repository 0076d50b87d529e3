//! What went wrong on the way, before there was an answer: the server's certificate, arkib's own, TLS
//! itself, a proxy. Finds the name of it; the words are in `transport_errors.yaml`. Pure.

use std::error::Error;
use std::fmt::Debug;
use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;
use rustls::CertificateError;

use super::explanations::{Explanation, Explanations};
use super::tls::TlsVariables;

/// Who is talked to, for errors.
#[derive(Debug)]
pub struct Peer {
    /// Such as "the portal".
    pub name: &'static str,
    /// The variable that holds its address.
    pub variable: &'static str,
    /// Those that name the certificates.
    pub tls: &'static TlsVariables,
}

/// The cause, as far as the program acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum HttpErrorKind {
    /// Address or transport are not set up so that a request may leave.
    Configuration,
    /// No connection could be made; nothing was sent.
    Unreachable,
    /// The connection broke or ended after the request was sent.
    Broken,
    /// No answer in time.
    Timeout,
}

/// Why there is no answer, or none to its end. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct HttpError {
    /// The cause.
    pub kind: HttpErrorKind,
    /// What happened.
    pub why: String,
    /// What to do.
    pub help: String,
}

/// The file is part of the program, and a test reads it. Without it an unanswered write would look
/// like a refused one, so nothing goes on.
static MEANINGS: LazyLock<Explanations<HttpErrorKind>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("transport_errors.yaml"))
        .expect("transport_errors.yaml is whole")
});

/// Why no answer came, or none to its end. `quote` makes words of others safe to show.
pub fn explain_transport_error(
    error: reqwest::Error,
    peer: &Peer,
    connect: Duration,
    quote: &dyn Fn(&str) -> String,
) -> HttpError {
    let error = error.without_url();
    if let Some(found) = explain_tls_or_proxy(&error, error.is_connect(), peer) {
        return HttpError { why: quote(&found.why), ..found };
    }
    let values =
        [("seconds", &*connect.as_secs_f32().to_string()), ("why", &quote(&root_cause(&error)))];
    let word = classify_unexplained(&error);
    to_error(MEANINGS.for_word("no answer", word), peer, peer.name, peer.variable, &values)
}

/// The error, with these values and those of the peer.
fn to_error(
    meaning: Option<&Explanation<HttpErrorKind>>,
    peer: &Peer,
    who: &str,
    variable: &str,
    values: &[(&str, &str)],
) -> HttpError {
    let TlsVariables { ca, cert, key } = peer.tls;
    let named = [("who", who), ("variable", variable), ("ca", ca), ("cert", cert), ("key", key)];
    let values = [&named[..], values].concat();
    let (kind, (why, help)) = meaning.map_or_else(
        || (HttpErrorKind::Broken, Default::default()),
        |meaning| (meaning.kind, meaning.fill_in(&values)),
    );
    HttpError { kind, why, help }
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
pub fn root_cause(error: &reqwest::Error) -> String {
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
) -> Option<HttpError> {
    let tunnel = text_after(TUNNEL, error).filter(|_| connecting);
    let tls = error_chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
    let alert = text_after(ALERT, error).unwrap_or_default();
    let own_certificate = || MEANINGS.find_listed("own certificate", &alert);
    let (meaning, why) = match (tls, &tunnel) {
        _ if !connecting => (Some(own_certificate()?), String::new()),
        (Some(rustls::Error::InvalidCertificate(why)), _) => {
            (MEANINGS.for_word("certificate", &variant_name(why)), why.to_string())
        }
        (Some(tls @ rustls::Error::AlertReceived(_)), _) => {
            let other = || MEANINGS.for_word("TLS alert", &alert);
            (own_certificate().or_else(other), tls.to_string())
        }
        (Some(tls), _) => (MEANINGS.for_word("TLS", &variant_name(tls)), tls.to_string()),
        (None, Some(words)) => (MEANINGS.for_word("proxy", words), words.clone()),
        (None, None) => return None,
    };
    let (who, variable) = match (tls, tunnel) {
        (Some(_), Some(_)) => ("the proxy", "HTTPS_PROXY"),
        _ => (peer.name, peer.variable),
    };
    let values = [
        ("alert", &*alert),
        ("day", &tls.map(certificate_day).unwrap_or_default()),
        ("cause", &error_chain(error).last()?.to_string()),
        ("why", &why),
    ];
    Some(to_error(meaning, peer, who, variable, &values))
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

    const SERVER: Peer = Peer {
        name: "the server",
        variable: "ARKIB_URL",
        tls: &TlsVariables { ca: "ARKIB_CA", cert: "ARKIB_CERT", key: "ARKIB_KEY" },
    };

    #[test]
    fn every_section_has_a_fallback() {
        for section in ["no answer", "proxy", "TLS", "TLS alert", "certificate"] {
            assert!(MEANINGS.for_word(section, "a word that nobody knows").is_some(), "{section}");
        }
    }

    #[test]
    fn finds_nested_errors() {
        let error = wrapped(CertificateError::UnknownIssuer.into());
        let trouble = explain_tls_or_proxy(&error, true, &SERVER).expect("trouble");
        assert_eq!(trouble.kind, HttpErrorKind::Configuration);
        assert!(trouble.why.contains("unknown issuer"), "{trouble:?}");
        assert_eq!(explain_tls_or_proxy(&io::Error::other("broken pipe"), true, &SERVER), None);
    }

    #[test]
    fn after_sending_only_refused_certificates_are_certain() {
        let said = |alert| {
            explain_tls_or_proxy(&wrapped(rustls::Error::AlertReceived(alert)), false, &SERVER)
                .map(|meaning| meaning.kind)
        };
        assert_eq!(said(AlertDescription::CertificateRequired), Some(HttpErrorKind::Configuration));
        assert_eq!(said(AlertDescription::InternalError), None);
        assert_eq!(
            explain_tls_or_proxy(&wrapped(rustls::Error::DecryptError), false, &SERVER),
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
                explain_tls_or_proxy(&wrapped(error.into()), true, &SERVER).expect("trouble");
            assert!(trouble.why.contains(name), "{trouble:?}");
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
            let trouble = explain_tls_or_proxy(&wrapped(error), true, &SERVER).expect("trouble");
            assert!(trouble.why.contains(says), "{trouble:?}");
        }
    }
}
