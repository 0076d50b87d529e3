//! The schemas that arkib prints, and what does not match them. Each is printed and compiled once for all tests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

use crate::session::{Session, stdout};

fn validator(name: &str) -> Arc<Validator> {
    static KNOWN: Mutex<Option<HashMap<String, Arc<Validator>>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default().entry(name.to_owned());
    let printed = || {
        let printed = Session::new().run(&["schema", name]);
        let schema: Value = serde_json::from_str(&stdout(&printed)).unwrap();
        Arc::new(jsonschema::validator_for(&schema).unwrap())
    };
    Arc::clone(known.or_insert_with(printed))
}

/// Fails if a value does not match the schema of this name.
pub fn assert_matches(name: &str, value: &Value) {
    let validator = validator(name);
    let faults: Vec<String> = validator.iter_errors(value).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?} in {value:#}");
}
