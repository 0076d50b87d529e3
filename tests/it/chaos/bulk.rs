//! Bulk answers that do not give the outcome of each operation.

use serde_json::{Value, json};

use super::fault::Fault;
use super::http::Message;
use super::random::Random;

/// A Bulk request as it is forwarded, and how its answer is changed.
pub struct MisleadingAnswer {
    pub request: Message,
    fault: Fault,
    /// The operation that is not made: its index, and its answer.
    left_out: Option<(usize, Value)>,
}

impl MisleadingAnswer {
    /// Removes the operation that is not to be made.
    pub fn new(fault: Fault, request: &Message, random: &Random) -> Option<Self> {
        let mut misleading = Self { request: request.clone(), fault, left_out: None };
        if fault == Fault::OperationNotDone {
            let mut body = request.json()?;
            let operations = body["Operations"].as_array_mut()?;
            let place = random.below(operations.len());
            let operation = operations.remove(place);
            misleading.request.set_json(&body);
            let host = request.header("host")?;
            let path = operation["path"].as_str()?;
            let mut said = json!({
                "method": operation["method"],
                "location": format!("http://{host}/scim/v2{path}"),
            });
            refuse(&mut said, random.pick(&["500", "429"]));
            misleading.left_out = Some((place, said));
        }
        Some(misleading)
    }

    /// The changed answer; `None` if it cannot have this fault.
    pub fn answer(&self, answer: &Message, random: &Random) -> Option<Message> {
        let mut changed = answer.clone();
        let mut body = answer.json()?;
        let operations = body["Operations"].as_array_mut()?;
        if let Some((place, said)) = &self.left_out {
            operations.insert(*place, said.clone());
        }
        let place = random.below(operations.len());
        match self.fault {
            Fault::OperationNotDone => {}
            Fault::OperationsLost => operations.truncate(place),
            Fault::OperationsShuffled if operations.len() > 1 => operations.reverse(),
            Fault::OperationTwice if operations.len() > 1 => {
                let place = random.below(operations.len() - 1);
                let twice = operations[place].clone();
                operations.insert(place, twice);
                operations.pop();
            }
            Fault::OperationDoneBut500 if operations[place]["status"] == "200" => {
                refuse(&mut operations[place], "500");
            }
            _ => return None,
        }
        changed.set_json(&body);
        Some(changed)
    }
}

fn refuse(operation: &mut Value, status: &str) {
    operation["status"] = status.into();
    operation["response"] = json!({"status": status, "detail": "broken"});
    if let Some(operation) = operation.as_object_mut() {
        operation.remove("version");
    }
}
