//! What comes of one request, in good weather and with each fault.

use std::sync::Arc;
use std::time::Duration;

use arkib::domain::mapping::scim_names as wire;
use serde_json::{Value, json};
use tokio::sync::OwnedRwLockReadGuard;

use super::asks::{Asks, Page};
use super::fault::Fault;
use super::http::Message;
use super::layer::{Layer, Sent};
use super::storm::Dealt;
use super::{bulk, pages, skew};

/// So many answers of before are kept.
const KEPT: usize = 60;

impl Layer {
    /// What comes of a request; `None` where the portal is gone.
    pub(super) async fn answer(
        &self,
        fault: Option<Fault>,
        request: &Message,
        asks: &Asks,
    ) -> Option<Sent> {
        let Some(fault) = fault else {
            return Some(Sent::Whole(self.forward(request, asks).await?));
        };
        let broken = json!({"status": "500", "detail": "broken"});
        let internal = Message::answer("500 Internal Server Error", Some(&broken));
        let sent = match fault {
            Fault::Late => {
                tokio::time::sleep(Duration::from_millis(self.dice.below(5) as u64)).await;
                Sent::Whole(self.forward(request, asks).await?)
            }
            Fault::TooMany => Sent::Whole(at_once("429 Too Many Requests")),
            Fault::Busy => Sent::Whole(at_once("503 Service Unavailable")),
            Fault::RetryDate => Sent::Whole(skew::come_back(&self.dice)),
            Fault::Broken => Sent::Whole(internal),
            Fault::LostBefore | Fault::LandsLate => Sent::Nothing,
            Fault::LostAfter => {
                self.forward(request, asks).await?;
                Sent::Nothing
            }
            Fault::Truncated => Sent::Part(self.forward(request, asks).await?),
            Fault::Slow => Sent::Drops(self.forward(request, asks).await?),
            Fault::Html => Sent::Whole(html()),
            Fault::DoneBut500 => {
                self.forward(request, asks).await?;
                Sent::Whole(internal)
            }
            Fault::NoContent | Fault::Forgotten => {
                let answer = match fault {
                    Fault::NoContent => self.forward(request, asks).await?,
                    _ => no_content(),
                };
                // A refusal stays one.
                let is_good = answer.is_good();
                Sent::Whole(if is_good { no_content() } else { answer })
            }
            _ => {
                let honest = || self.forward(request, asks);
                match self.misleading(fault, request, asks).await {
                    Some(told) => Sent::Whole(told),
                    // It cannot befall this one after all.
                    None => return Some(Sent::Whole(honest().await?)),
                }
            }
        };
        self.note(Dealt::Fault(fault), asks);
        Some(sent)
    }

    /// An answer that looks well and is not.
    async fn misleading(&self, fault: Fault, request: &Message, asks: &Asks) -> Option<Message> {
        match (fault, asks) {
            (Fault::Stale, _) => {
                let before = self.before.lock().unwrap();
                let same = |it: &&(String, Message)| it.0 == request.line;
                let known: Vec<&(String, Message)> = before.iter().filter(same).collect();
                (!known.is_empty()).then(|| self.dice.one(&known).1.clone())
            }
            (Fault::Expired, _) => Some(pages::expired()),
            (
                Fault::Shifted,
                Asks::List {
                    page: Page::Index(start),
                    ..
                },
            ) => {
                let shifted = pages::shifted(request, *start, &self.dice);
                self.finish(self.send(&shifted).await?)
            }
            (_, Asks::List { list, page }) => {
                let honest = self.forward(request, asks).await?;
                self.pages.spoil(fault, (list, page), &honest, &self.dice)
            }
            (_, Asks::Bulk(_)) => {
                let spoilt = bulk::Spoilt::new(fault, request, &self.dice)?;
                let honest = self.send(&spoilt.request).await?;
                // What was done is done: with this fault or without it, this is the answer.
                Some(spoilt.answer(&honest, &self.dice).unwrap_or(honest))
            }
            _ => None,
        }
    }

    /// The portal's own answer.
    pub(super) async fn forward(&self, request: &Message, asks: &Asks) -> Option<Message> {
        let answer = self.finish(self.send(request).await?)?;
        if asks.changes().is_empty() && answer.is_good() {
            if let Asks::List { list, page } = asks {
                self.pages.remember(list, page, &answer);
            }
            let mut before = self.before.lock().unwrap();
            if before.len() < KEPT {
                before.push((request.line.clone(), answer.clone()));
            }
        }
        Some(answer)
    }

    /// Makes of the portal's answer that of the portal that this seed has.
    fn finish(&self, mut answer: Message) -> Option<Message> {
        let Some(mut body) = answer.json() else {
            return Some(answer);
        };
        if body["schemas"][0] == wire::SERVICE_PROVIDER_CONFIG && !self.request_faults.cursors {
            body["pagination"]["cursor"] = false.into();
        }
        if self.request_faults.skewed {
            skew::skew(&mut answer, &mut body, &self.dice);
        }
        let held = self.held.lock().unwrap().clone();
        skew::each_user(&mut body, |user| {
            if user["id"].as_str().is_some_and(|id| held.contains(id)) {
                user[wire::MAILBOX]["hold"] = Value::Bool(true);
            }
        });
        answer.set_json(&body);
        Some(answer)
    }

    /// The portal gets it when nobody waits for an answer any more.
    pub(super) fn lands_late(
        self: &Arc<Self>,
        request: Message,
        asks: &Asks,
        under_way: OwnedRwLockReadGuard<()>,
    ) {
        self.note(Dealt::Fault(Fault::LandsLate), asks);
        let (layer, late) = (Arc::clone(self), self.dice.below(50) as u64);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(late)).await;
            // Nobody waits for the answer.
            let _ = layer.send(&request).await;
            drop(under_way);
        });
    }
}

fn at_once(status: &str) -> Message {
    let mut answer = Message::answer(status, None);
    answer.set("retry-after", "0");
    answer.set("content-length", "0");
    answer
}

fn no_content() -> Message {
    Message::answer("204 No Content", None)
}

fn html() -> Message {
    let mut answer = Message::answer("200 OK", None);
    answer.set("content-type", "text/html");
    answer.set_body(b"<html>Log in</html>".to_vec());
    answer
}
