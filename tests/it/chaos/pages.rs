//! Inconsistent lists. None of these faults gives another consistent list: as long as one page has
//! the true total, or a wrong one that differs from the next, a list that lacks a mailbox
//! contradicts itself.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::fault::Fault;
use super::http::Message;
use super::random::Random;
use super::request_kind::Page;

/// The stored pages of lists.
#[derive(Default)]
pub struct Pages {
    /// The first page of each list.
    first: Mutex<HashMap<String, Message>>,
    /// The shown mailboxes of each list.
    shown: Mutex<HashMap<String, Vec<Value>>>,
    lies: AtomicUsize,
}

impl Pages {
    /// Stores a page of the portal.
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

    /// The page with that fault; `None` if it is not possible.
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
                // Nobody could notice a wrong total that this page does not contradict.
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

/// The request for the page, shifted by one entry.
pub fn shifted(request: &Message, start: usize, random: &Random) -> Message {
    let start_there = if start > 1 && random.chance_per_mille(500) { start - 1 } else { start + 1 };
    let mut shifted = request.clone();
    shifted.line = request
        .line
        .replace(&format!("startIndex={start}&"), &format!("startIndex={start_there}&"));
    shifted
}

/// RFC 9865 section 2.1.
pub fn expired() -> Message {
    let body = json!({"status": "400", "scimType": "expiredCursor", "detail": "start again"});
    Message::answer("400 Bad Request", Some(&body))
}
