//! The answer to one request, without and with each fault.

use std::sync::Arc;
use std::time::Duration;

use arkib::domain::mapping::scim_urns as wire;
use serde_json::{Value, json};
use tokio::sync::OwnedRwLockReadGuard;

use super::fault::Fault;
use super::fault_proxy::Injected;
use super::http::Message;
use super::interceptor::{Interceptor, Reply};
use super::request_kind::{Page, RequestKind};
use super::{bulk, clock_skew, pages};

/// RFC 7643 section 5.
const SERVICE_PROVIDER_CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

/// The number of stored past answers.
const MAX_PAST_ANSWERS: usize = 60;

impl Interceptor {
    /// The reply to a request; `None` if the portal is gone.
    pub(super) async fn answer(
        &self,
        fault: Option<Fault>,
        request: &Message,
        kind: &RequestKind,
    ) -> Option<Reply> {
        let Some(fault) = fault else {
            return Some(Reply::Whole(self.forward(request, kind).await?));
        };
        let broken = json!({"status": "500", "detail": "broken"});
        let internal = Message::answer("500 Internal Server Error", Some(&broken));
        let reply = match fault {
            Fault::Late => {
                tokio::time::sleep(Duration::from_millis(self.random.below(5) as u64)).await;
                Reply::Whole(self.forward(request, kind).await?)
            }
            Fault::TooMany => Reply::Whole(retry_at_once("429 Too Many Requests")),
            Fault::Busy => Reply::Whole(retry_at_once("503 Service Unavailable")),
            Fault::RetryDate => Reply::Whole(clock_skew::retry_later(&self.random)),
            Fault::Broken => Reply::Whole(internal),
            Fault::LostBefore | Fault::LandsLate => Reply::Nothing,
            Fault::LostAfter => {
                self.forward(request, kind).await?;
                Reply::Nothing
            }
            Fault::Truncated => Reply::Part(self.forward(request, kind).await?),
            Fault::Slow => Reply::Drops(self.forward(request, kind).await?),
            Fault::Html => Reply::Whole(html()),
            Fault::DoneBut500 => {
                self.forward(request, kind).await?;
                Reply::Whole(internal)
            }
            Fault::NoContent | Fault::Forgotten => {
                let answer = match fault {
                    Fault::NoContent => self.forward(request, kind).await?,
                    _ => no_content(),
                };
                // A refusal stays a refusal.
                let is_good = answer.is_good();
                Reply::Whole(if is_good { no_content() } else { answer })
            }
            _ => {
                let honest = || self.forward(request, kind);
                match self.misleading(fault, request, kind).await {
                    Some(misleading) => Reply::Whole(misleading),
                    // The fault is not possible for this request.
                    None => return Some(Reply::Whole(honest().await?)),
                }
            }
        };
        self.note(Injected::Fault(fault), kind);
        Some(reply)
    }

    /// An answer that looks right but is wrong.
    async fn misleading(
        &self,
        fault: Fault,
        request: &Message,
        kind: &RequestKind,
    ) -> Option<Message> {
        match (fault, kind) {
            (Fault::Stale, _) => {
                let past_answers = self.past_answers.lock().unwrap();
                let same = |past: &&(String, Message)| past.0 == request.line;
                let known: Vec<&(String, Message)> = past_answers.iter().filter(same).collect();
                (!known.is_empty()).then(|| self.random.pick(&known).1.clone())
            }
            (Fault::Expired, _) => Some(pages::expired()),
            (Fault::Shifted, RequestKind::List { page: Page::Index(start), .. }) => {
                let shifted = pages::shifted(request, *start, &self.random);
                self.finish(self.send(&shifted).await?)
            }
            (_, RequestKind::List { list, page }) => {
                let honest = self.forward(request, kind).await?;
                self.pages.make_misleading(fault, (list, page), &honest, &self.random)
            }
            (_, RequestKind::Bulk(_)) => {
                let spoilt = bulk::MisleadingAnswer::new(fault, request, &self.random)?;
                let honest = self.send(&spoilt.request).await?;
                // The changes were made; this is the answer, with or without the fault.
                Some(spoilt.answer(&honest, &self.random).unwrap_or(honest))
            }
            _ => None,
        }
    }

    /// The portal's own answer.
    pub(super) async fn forward(&self, request: &Message, kind: &RequestKind) -> Option<Message> {
        let answer = self.finish(self.send(request).await?)?;
        if kind.changes().is_empty() && answer.is_good() {
            if let RequestKind::List { list, page } = kind {
                self.pages.remember(list, page, &answer);
            }
            let mut past_answers = self.past_answers.lock().unwrap();
            if past_answers.len() < MAX_PAST_ANSWERS {
                past_answers.push((request.line.clone(), answer.clone()));
            }
        }
        Some(answer)
    }

    /// Adapts the portal's answer to the options of this seed.
    fn finish(&self, mut answer: Message) -> Option<Message> {
        let Some(mut body) = answer.json() else {
            return Some(answer);
        };
        if body["schemas"][0] == SERVICE_PROVIDER_CONFIG && !self.request_faults.cursors {
            body["pagination"]["cursor"] = false.into();
        }
        if self.request_faults.skewed {
            clock_skew::apply_skew(&mut answer, &mut body, &self.random);
        }
        let held = self.held.lock().unwrap().clone();
        clock_skew::each_user(&mut body, |user| {
            if user["id"].as_str().is_some_and(|id| held.contains(id)) {
                user[wire::MAILBOX]["hold"] = Value::Bool(true);
            }
        });
        answer.set_json(&body);
        Some(answer)
    }

    /// The portal gets the request after the client stopped waiting.
    pub(super) fn send_late(
        self: &Arc<Self>,
        request: Message,
        kind: &RequestKind,
        under_way: OwnedRwLockReadGuard<()>,
    ) {
        self.note(Injected::Fault(Fault::LandsLate), kind);
        let (interceptor, late) = (Arc::clone(self), self.random.below(50) as u64);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(late)).await;
            // Nobody waits for the answer.
            let _ = interceptor.send(&request).await;
            drop(under_way);
        });
    }
}

fn retry_at_once(status: &str) -> Message {
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
