//! Lists that are not one list. None of these faults can be mended into another list that holds
//! together: as long as one page says the true total, or a lie that differs from the next one, a
//! list that lacks a mailbox contradicts itself.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::fault::Fault;
use super::http::Message;
use super::random::Random;
use super::request_kind::Page;

/// What the layer remembers of lists.
#[derive(Default)]
pub struct Pages {
    /// Of each list its first page.
    first: Mutex<HashMap<String, Message>>,
    /// Of each list the mailboxes that were shown.
    shown: Mutex<HashMap<String, Vec<Value>>>,
    lies: AtomicUsize,
}

impl Pages {
    /// Remembers a page as the portal gave it.
    pub fn remember(&self, list: &str, page: &Page, answer: &Message) {
        if page.is_first() {
            let mut first = self.first.lock().unwrap();
            first.insert(list.to_owned(), answer.clone());
        }
        let body = answer.json().unwrap_or_default();
        let entries = body["Resources"].as_array().cloned().unwrap_or_default();
        let mut shown = self.shown.lock().unwrap();
        shown.entry(list.to_owned()).or_default().extend(entries);
    }

    /// The page with that fault; `None` where it cannot have it.
    pub fn make_misleading(
        &self,
        fault: Fault,
        (list, page): (&str, &Page),
        answer: &Message,
        random: &Random,
    ) -> Option<Message> {
        let mut misleading = answer.clone();
        let mut body = answer.json()?;
        let entries = body["Resources"].as_array_mut()?;
        match fault {
            Fault::Gap if !entries.is_empty() => drop(entries.remove(random.below(entries.len()))),
            Fault::Repeated => {
                let shown = self.shown.lock().unwrap();
                let known: Vec<&Value> = shown
                    .get(list)?
                    .iter()
                    .filter(|other| entries.iter().all(|entry| entry["id"] != other["id"]))
                    .collect();
                if known.is_empty() || entries.is_empty() {
                    return None;
                }
                // As if the list had moved: the last one of another page comes first.
                entries.pop();
                entries.insert(0, random.pick(&known).clone());
            }
            Fault::SamePage => {
                return self.first.lock().unwrap().get(list).cloned();
            }
            Fault::Total => {
                let here = entries.len();
                let lie = self.lies.fetch_add(1, Ordering::SeqCst) + 1;
                let total = body["totalResults"].as_u64()? as usize;
                // A lie that this very page does not show would be one that nobody could notice.
                body["totalResults"] =
                    if page.is_first() && here > 0 && random.chance_per_mille(500) {
                        json!(here - 1)
                    } else {
                        json!(total + lie)
                    };
            }
            _ => return None,
        }
        misleading.set_json(&body);
        Some(misleading)
    }
}

/// The request for the page one place further on, or back.
pub fn shifted(request: &Message, start: usize, random: &Random) -> Message {
    let start_there = if start > 1 && random.chance_per_mille(500) {
        start - 1
    } else {
        start + 1
    };
    let mut shifted = request.clone();
    shifted.line = request.line.replace(
        &format!("startIndex={start}&"),
        &format!("startIndex={start_there}&"),
    );
    shifted
}

/// RFC 9865 section 2.1.
pub fn expired() -> Message {
    let body = json!({"status": "400", "scimType": "expiredCursor", "detail": "start again"});
    Message::answer("400 Bad Request", Some(&body))
}
