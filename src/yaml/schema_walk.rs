//! Walks a tree against the JSON Schema of its draft: unknown and repeated keys, wrong types.
//! What is right comes out as a value, so that the checks of meaning can go on. Pure.

use serde_json::{Map, Value};

use super::tree::{Node, NodeKind};
use super::unlocated_finding::{LocatedFinding, MAX_FINDINGS, UnlocatedFinding, YamlPath};
use crate::language::Message;
use crate::text::{excerpt, one_line};

#[derive(Default)]
pub(super) struct SchemaWalk {
    pub found: Vec<LocatedFinding>,
    /// Values that were left out because they are ill-shaped.
    pub dropped: Vec<YamlPath>,
}

impl SchemaWalk {
    /// The value of a node as far as it has the shape.
    pub(super) fn check_node(
        &mut self,
        node: &Node,
        shape: &Value,
        path: &YamlPath,
    ) -> Option<Value> {
        let value = match (shape["type"].as_str(), &node.kind) {
            (Some("object"), NodeKind::Mapping(pairs)) => {
                Some(self.check_mapping(pairs, shape, path))
            }
            (Some("array"), NodeKind::List(items)) => Some(self.check_list(items, shape, path)),
            (Some("string"), NodeKind::Scalar(scalar))
                if !scalar.plain || is_text(&scalar.text) =>
            {
                // Free text has a longest length; everything else is a word that decides something.
                if scalar.escaped && shape["maxLength"].is_null() {
                    self.found.push((node.at, escapes_issue()));
                    self.dropped.push(path.clone());
                }
                Some(Value::from(scalar.text.as_str()))
            }
            (Some("integer"), NodeKind::Scalar(scalar)) if scalar.plain => {
                whole_number(&scalar.text).map(Value::from)
            }
            (Some("boolean"), NodeKind::Scalar(scalar)) if scalar.plain => {
                serde_yaml::from_str::<bool>(&scalar.text).ok().map(Value::from)
            }
            _ => None,
        };
        if value.is_none() {
            self.report_wrong_type(node, shape, path);
        }
        value
    }

    fn check_mapping(&mut self, pairs: &[(Node, Node)], shape: &Value, path: &YamlPath) -> Value {
        let none = Map::new();
        let known = shape["properties"].as_object().unwrap_or(&none);
        let known_names: Vec<&str> = known.keys().map(String::as_str).collect();
        let mut values = Map::new();
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in pairs {
            if self.has_too_many_findings() {
                break;
            }
            let NodeKind::Scalar(scalar) = &key.kind else {
                let issue = unknown_key_issue("a list or mapping", None, &known_names);
                self.found.push((key.at, issue));
                continue;
            };
            let name = &scalar.text;
            if scalar.escaped {
                self.found.push((key.at, escapes_issue()));
                self.dropped.push(path.key(name));
                continue;
            }
            if seen.contains(&name.as_str()) {
                self.found.push((key.at, duplicate_key_issue(name)));
                continue;
            }
            seen.push(name);
            let Some(of_key) = known.get(name) else {
                let near = did_you_mean(name, &known_names);
                let issue = unknown_key_issue(name, near, &known_names);
                self.found.push((key.at, issue));
                // A misspelt key is not also a missing one.
                self.dropped.extend(near.map(|near| path.key(near)));
                continue;
            };
            if let Some(value) = self.check_node(value, of_key, &path.key(name)) {
                values.insert(name.clone(), value);
            }
        }
        Value::Object(values)
    }

    /// Whether so much is wrong already that more would help nobody.
    fn has_too_many_findings(&self) -> bool {
        self.found.len() > MAX_FINDINGS
    }

    fn check_list(&mut self, items: &[Node], shape: &Value, path: &YamlPath) -> Value {
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if self.has_too_many_findings() {
                break;
            }
            // Stands for an ill-shaped element, so that the ones after it keep their number.
            let stand_in = || match shape["items"]["type"].as_str() {
                Some("object") => Value::Object(Map::new()),
                _ => Value::from(""),
            };
            let value = self.check_node(item, &shape["items"], &path.index(index));
            values.push(value.unwrap_or_else(stand_in));
        }
        Value::Array(values)
    }

    fn report_wrong_type(&mut self, node: &Node, shape: &Value, path: &YamlPath) {
        self.dropped.push(path.clone());
        let expected = match shape["type"].as_str() {
            Some("object") => message!("yaml-expects-mapping"),
            Some("array") => message!("yaml-expects-list"),
            Some("integer") => message!("yaml-expects-whole-number"),
            Some("boolean") => message!("yaml-boolean"),
            _ => message!("yaml-expects-text"),
        };
        let (found, kind) = describe_node(node);
        let help = match (shape["type"].as_str(), &node.kind) {
            (Some("string"), NodeKind::Scalar(scalar)) if kind == "wrong-type" => {
                message!("yaml-quote-help", text = excerpt(&scalar.text, 60))
            }
            _ => match shape["description"].as_str() {
                Some(text) => message!("yaml-described-help", text = one_line(text)),
                None => message!("yaml-give-help", expected = &expected),
            },
        };
        let message = message!("yaml-found", found, expected);
        let issue = UnlocatedFinding::error(path.clone(), kind, message, help);
        self.found.push((node.at, issue));
    }
}

/// Whether an unquoted scalar is a text, and not a null, a boolean or a number (YAML 1.2 section 10.3.2).
fn is_text(text: &str) -> bool {
    scalar_type(text).is_none()
}

/// What an unquoted scalar is, if not a text.
fn scalar_type(text: &str) -> Option<serde_yaml::Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(serde_yaml::Value::Null),
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Some(true.into()),
        _ => {}
    }
    // The fast reader's parser decides what a number is, so that both readers always agree.
    serde_yaml::from_str::<serde_yaml::Value>(text).ok().filter(serde_yaml::Value::is_number)
}

fn describe_node(node: &Node) -> (Message, &'static str) {
    let scalar = match &node.kind {
        NodeKind::List(_) => return (message!("yaml-found-list"), "wrong-type"),
        NodeKind::Mapping(_) => return (message!("yaml-found-mapping"), "wrong-type"),
        NodeKind::Scalar(scalar) => scalar,
    };
    let text = excerpt(&scalar.text, 60);
    if !scalar.plain {
        return (message!("yaml-found-quoted", text), "wrong-type");
    }
    match scalar_type(&scalar.text) {
        Some(serde_yaml::Value::Null) if text.is_empty() => {
            (message!("yaml-found-nothing"), "no-value")
        }
        Some(serde_yaml::Value::Null) => (message!("yaml-found-null", text), "no-value"),
        Some(serde_yaml::Value::Bool(_)) => (message!("yaml-found-boolean", text), "wrong-type"),
        Some(_) => (message!("yaml-found-number", text), "wrong-type"),
        None => (message!("yaml-found-text", text), "wrong-type"),
    }
}

/// A whole number as people write it: no sign, no leading zero, no other notation.
fn whole_number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    let number = text.parse().ok();
    number.filter(|_| digits && !leading_zero)
}

fn escapes_issue() -> UnlocatedFinding {
    UnlocatedFinding::notation_error(
        "escape",
        message!("yaml-escape"),
        message!("yaml-escape-help"),
    )
}

fn duplicate_key_issue(name: &str) -> UnlocatedFinding {
    UnlocatedFinding::notation_error(
        "duplicate-key",
        message!("yaml-duplicate-key", name = excerpt(name, 60)),
        message!("yaml-duplicate-key-help"),
    )
}

fn unknown_key_issue(name: &str, near: Option<&str>, known: &[&str]) -> UnlocatedFinding {
    let help = match near {
        Some(near) => message!("yaml-did-you-mean-help", near),
        None => message!("yaml-keys-help", known = known.join(", ")),
    };
    // A letter that only looks like one of the Latin alphabet may be the mistake.
    let odd = name.chars().find(|character| !character.is_ascii());
    let name = excerpt(name, 60);
    let message = match odd {
        Some(odd) => {
            message!("yaml-look-alike-key", name, odd, code = format!("{:04X}", odd as u32))
        }
        None => message!("yaml-unknown-key", name),
    };
    UnlocatedFinding::notation_error("unknown-key", message, help)
}

/// The known word nearest to a misspelt one, where one is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word: String = word.chars().take(60).collect::<String>().to_lowercase();
    known
        .iter()
        .map(|name| (strsim::osa_distance(&word, name), *name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min()
        .map(|(_, name)| name)
}
