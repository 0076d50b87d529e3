//! Every secret of a connection, those that come in the middle of a run too, and the words of
//! others without them.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;

use crate::portal::scim::endpoint::Outside;
use crate::secret::Hidden;

/// What a connection keeps to itself.
pub(in crate::portal::scim) struct Secrets {
    /// Who else must know. None where a program talks to itself.
    outside: Option<Outside>,
    hidden: Mutex<Hidden>,
}

impl Secrets {
    pub(super) fn new(outside: Option<Outside>) -> Self {
        Self {
            outside,
            hidden: Mutex::default(),
        }
    }

    /// From now on nothing shows this, however it is written.
    pub(super) fn keep(&self, secret: &str) {
        let mut hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        for form in forms(secret) {
            if let Some(outside) = &self.outside {
                (outside.hide)(&SecretString::from(form.as_str()));
            }
            hidden.add(&form);
        }
    }

    /// The pair of Basic authentication (RFC 7617) in base64, which is kept as well.
    pub(super) fn keep_pair(&self, name: &str, secret: &str) -> String {
        let pair = STANDARD.encode(format!("{name}:{secret}"));
        self.keep(&pair);
        // Where somebody takes it apart.
        self.keep(pair.trim_end_matches('='));
        pair
    }

    /// The words of others without secrets.
    pub(in crate::portal::scim) fn without(&self, words: &str) -> String {
        self.hidden
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .without(words)
            .into_owned()
    }
}

/// A secret as it is, in a form, in an address, in JSON and as Rust shows it.
fn forms(secret: &str) -> Vec<String> {
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let in_address = form.replace('+', "%20");
    let in_json = serde_json::to_string(secret).unwrap_or_default();
    let shown = format!("{secret:?}");
    let bare = |quoted: &str| quoted.trim_matches('"').to_owned();
    let mut forms = vec![
        secret.to_owned(),
        form,
        in_address,
        bare(&in_json),
        bare(&shown),
    ];
    forms.dedup();
    forms
}
