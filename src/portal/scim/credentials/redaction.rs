//! Every secret of a connection, those that come in the middle of a run too: how each is sent, and
//! the words of others without them.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use secrecy::SecretString;

use crate::environment::CredentialAccess;
use crate::portal::scim::http::error_body::LONGEST_QUOTE;
use crate::redactor::Redactor;
use crate::text::excerpt;

/// The secrets of a connection.
pub(crate) struct Secrets {
    /// Who else must hide them. `None` if a program talks to itself.
    access: Option<CredentialAccess>,
    hidden: Mutex<Redactor>,
}

impl Secrets {
    pub(super) fn new(access: Option<CredentialAccess>) -> Self {
        Self { access, hidden: Mutex::default() }
    }

    /// From now on this is hidden in every form.
    pub(super) fn add_secret(&self, secret: &str) {
        let mut hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        for form in escaped_forms(secret) {
            if let Some(access) = &self.access {
                (access.hide)(&SecretString::from(form.as_str()));
            }
            hidden.add(&form);
        }
    }

    /// The pair of Basic authentication (RFC 7617) in base64, which is kept as well.
    pub(super) fn add_basic_pair(&self, name: &str, secret: &str) -> String {
        let pair = STANDARD.encode(format!("{name}:{secret}"));
        self.add_secret(&pair);
        // Where somebody takes it apart.
        self.add_secret(pair.trim_end_matches('='));
        pair
    }

    /// A foreign message, safe to show.
    pub(crate) fn quote_redacted(&self, words: &str) -> String {
        excerpt(self.redact(words).trim(), LONGEST_QUOTE)
    }

    /// A foreign message without secrets.
    pub(super) fn redact(&self, words: &str) -> String {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner).redact_pieces(words)
    }
}

/// A secret as it is, in a form, in an address, in JSON, in HTML, in base64, and as Rust shows it.
fn escaped_forms(secret: &str) -> [String; 7] {
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let in_address = form.replace('+', "%20");
    let in_json = serde_json::to_string(secret).unwrap_or_default();
    let shown = format!("{secret:?}");
    let bare = |quoted: &str| quoted.trim_matches('"').to_owned();
    let in_html = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let in_base64 = STANDARD.encode(secret);
    [
        secret.to_owned(),
        form,
        in_address,
        bare(&in_json),
        in_html,
        in_base64.trim_end_matches('=').to_owned(),
        bare(&shown),
    ]
}

/// The header Authorization of a scheme (RFC 9110 section 11.6.2), which nothing shows. Nothing where
/// no header can hold the secret.
pub(super) fn authorization_header(scheme: &str, secret: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("{scheme} {secret}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}
