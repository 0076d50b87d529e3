//! The ways in: which one the environment names, and that each is renewed in time, with a clock that
//! the test moves.

mod agencies;
mod choice;
mod rotation;
mod tokens;

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use secrecy::ExposeSecret as _;

use super::AuthMethod;
use super::choice::from_environment;
use crate::environment::{CredentialAccess, VariableNames};
use crate::portal::PortalError;

/// Variables, files that change, and what was to be hidden.
#[derive(Clone, Default)]
struct World {
    variables: HashMap<String, String>,
    files: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    reads: Arc<Mutex<usize>>,
    hidden: Arc<Mutex<Vec<String>>>,
}

impl World {
    fn new(variables: &[(&str, &str)]) -> Self {
        let own = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        Self { variables: variables.iter().map(own).collect(), ..Self::default() }
    }

    fn put(&self, file: &str, text: impl Into<Vec<u8>>) {
        self.files.lock().unwrap().insert(file.into(), text.into());
    }

    fn remove(&self, file: &str) {
        self.files.lock().unwrap().remove(file);
    }

    fn reads(&self) -> usize {
        *self.reads.lock().unwrap()
    }

    fn hides(&self, secret: &str) -> bool {
        self.hidden.lock().unwrap().iter().any(|hidden| hidden == secret)
    }

    fn access(&self, names: VariableNames) -> CredentialAccess {
        let (files, reads) = (Arc::clone(&self.files), Arc::clone(&self.reads));
        let hidden = Arc::clone(&self.hidden);
        CredentialAccess {
            names,
            read_file: Arc::new(move |path: &Path| {
                *reads.lock().unwrap() += 1;
                let files = files.lock().unwrap();
                let bytes = path.to_str().and_then(|path| files.get(path));
                bytes.cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
            }),
            hide: Arc::new(move |secret| {
                let secret = secret.expose_secret().to_owned();
                hidden.lock().unwrap().push(secret);
            }),
        }
    }

    fn method(&self) -> Result<AuthMethod, PortalError> {
        let access = self.access(VariableNames::default());
        let method = from_environment(&|name| self.variables.get(name).cloned(), &access);
        method.map_err(PortalError::from)
    }
}
