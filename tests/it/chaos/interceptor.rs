//! Intercepts requests to a portal on loopback, injects faults, lets others act, and checks what
//! arkib requests. A seed drives it: the same seed makes the same choices in the same order of
//! requests.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::RwLock;

use super::fault::Fault;
use super::fault_proxy::{Injected, RequestFaults};
use super::http::Message;
use super::observations::Observations;
use super::other_actors::OtherAction;
use super::pages::Pages;
use super::random::Random;
use super::request_kind::RequestKind;
use super::run::TOKEN;

/// State that all connections share.
pub struct Interceptor {
    target: String,
    pub(super) random: Random,
    pub(super) request_faults: RequestFaults,
    pub(super) is_stopped: AtomicBool,
    /// What happens in turn.
    pub(super) ordered: Mutex<VecDeque<Order>>,
    /// Users with a hold that the portal does not store.
    pub(super) held: Mutex<HashSet<String>>,
    /// Past answers to read requests.
    pub(super) past_answers: Mutex<Vec<(String, Message)>>,
    pub(super) pages: Pages,
    pub(super) observations: Mutex<Observations>,
    pub(super) injected: Mutex<Vec<(Injected, String)>>,
    /// Held for reading by every request until all of it has ended.
    pub(super) under_way: Arc<RwLock<()>>,
}

/// The fault for the next request of a kind.
pub struct Order {
    pub kind: fn(&RequestKind) -> bool,
    pub fault: Fault,
    pub other_action: Option<OtherAction>,
}

/// An answer, and how much of it is sent.
pub enum Reply {
    Whole(Message),
    Drops(Message),
    Part(Message),
    Nothing,
}

impl Interceptor {
    pub fn new(target: &str, request_faults: RequestFaults) -> Self {
        Self {
            target: target.to_owned(),
            random: Random::new(request_faults.seed),
            request_faults,
            is_stopped: AtomicBool::new(false),
            ordered: Mutex::default(),
            held: Mutex::default(),
            past_answers: Mutex::default(),
            pages: Pages::default(),
            observations: Mutex::new(Observations::new(request_faults.if_match)),
            injected: Mutex::default(),
            under_way: Arc::default(),
        }
    }

    /// One request and its answer; `None` where the connection is to be closed.
    pub async fn handle_request(self: &Arc<Self>, client: &mut TcpStream) -> Option<()> {
        let request = Message::read(client).await?;
        let under_way = Arc::clone(&self.under_way).read_owned().await;
        let Some(kind) = RequestKind::read(&request) else {
            let mut observations = self.observations.lock().unwrap();
            observations.violations.push(format!("asked {}", request.line));
            return None;
        };
        self.observations.lock().unwrap().check_request(&kind);
        let (fault, other_action, is_first) = match self.ordered(&kind) {
            Some((fault, other_action)) => (Some(fault), other_action, false),
            None => (self.fault(&kind), self.other_action(), self.random.chance_per_mille(500)),
        };
        let mut acted = false;
        if let Some(other_action) = other_action.filter(|_| is_first) {
            acted = self.act_on_shown(other_action, &kind, None).await;
        }
        if !matches!(fault, Some(Fault::TooMany | Fault::Busy | Fault::RetryDate)) {
            self.observations.lock().unwrap().record_write(&kind);
        }
        let reply = if fault == Some(Fault::LandsLate) {
            self.send_late(request, &kind, under_way);
            Reply::Nothing
        } else {
            self.answer(fault, &request, &kind).await?
        };
        if let Some(other_action) = other_action.filter(|_| !acted) {
            self.act_on_shown(other_action, &kind, Some(&reply)).await;
        }
        self.deliver(client, reply, &kind).await
    }

    fn ordered(&self, kind: &RequestKind) -> Option<(Fault, Option<OtherAction>)> {
        let mut ordered = self.ordered.lock().unwrap();
        let next = ordered.front()?;
        let is_meant = (next.kind)(kind) && next.fault.is_possible_for(kind);
        let meant = (next.fault, next.other_action);
        is_meant.then(|| {
            ordered.pop_front();
            meant
        })
    }

    fn fault(&self, kind: &RequestKind) -> Option<Fault> {
        if self.is_stopped.load(Ordering::SeqCst) {
            return None;
        }
        let outage = self.request_faults.outage.filter(|fault| fault.is_possible_for(kind));
        if outage.is_some() && !kind.changes().is_empty() && self.random.chance_per_mille(990) {
            return outage;
        }
        let rate = match kind {
            // One bulk request has many changes, and few are sent.
            RequestKind::Bulk(_) if self.request_faults.faults > 0 => 850,
            _ => self.request_faults.faults,
        };
        let strikes = self.random.chance_per_mille(rate);
        strikes.then(|| Fault::pick_for(kind, &self.random))
    }

    fn other_action(&self) -> Option<OtherAction> {
        let is_stopped = self.is_stopped.load(Ordering::SeqCst);
        let acts = self.random.chance_per_mille(self.request_faults.others) && !is_stopped;
        acts.then(|| OtherAction::pick(&self.random))
    }

    /// Someone else acts on the mailbox that a request is about; of a list on one that it shows.
    async fn act_on_shown(
        &self,
        other_action: OtherAction,
        kind: &RequestKind,
        reply: Option<&Reply>,
    ) -> bool {
        let shown = match reply {
            Some(Reply::Whole(answer) | Reply::Drops(answer)) => answer.json(),
            _ => None,
        };
        let (id, wanted) = match (kind, kind.changes(), shown) {
            (_, [first, rest @ ..], _) => {
                let place = self.random.below(rest.len() + 1);
                let intent = place.checked_sub(1).map_or(first, |place| &rest[place]);
                (intent.id.clone(), Some(intent.state.as_str()))
            }
            // Most requests are reads.
            (RequestKind::User(_) | RequestKind::List { .. }, ..)
                if self.random.chance_per_mille(667) =>
            {
                return false;
            }
            (RequestKind::User(id), ..) => (id.clone(), None),
            (RequestKind::List { .. }, _, Some(body)) => {
                let users = body["Resources"].as_array().cloned().unwrap_or_default();
                let user = users.get(self.random.below(users.len()));
                let id = user.and_then(|user| user["id"].as_str());
                (id.unwrap_or_default().to_owned(), None)
            }
            _ => return false,
        };
        let acted = self.act_as_other(other_action, &id, wanted).await.is_some();
        if acted {
            self.note(Injected::Other(other_action), kind);
        }
        acted
    }

    pub(super) fn note(&self, injected: Injected, kind: &RequestKind) {
        let mut all = self.injected.lock().unwrap();
        all.push((injected, kind.describe()));
    }

    async fn deliver(
        &self,
        client: &mut TcpStream,
        reply: Reply,
        kind: &RequestKind,
    ) -> Option<()> {
        if let Reply::Whole(answer) | Reply::Drops(answer) = &reply {
            self.observations.lock().unwrap().record_answer(kind, answer);
        }
        match reply {
            Reply::Whole(answer) => client.write_all(&answer.bytes()).await.ok(),
            Reply::Drops(answer) => {
                let bytes = answer.bytes();
                for piece in bytes.chunks(bytes.len() / 4 + 1) {
                    client.write_all(piece).await.ok()?;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                Some(())
            }
            Reply::Part(answer) => {
                let bytes = answer.bytes();
                // The connection closes in any case.
                let _ = client.write_all(&bytes[..bytes.len() * 2 / 3]).await;
                None
            }
            Reply::Nothing => None,
        }
    }

    /// Asks the portal directly, without faults.
    pub(super) async fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Option<Message> {
        let mut request = Message::new(&format!("{method} {path} HTTP/1.1"));
        request.set("host", &self.target);
        request.set("authorization", &format!("Bearer {TOKEN}"));
        if let Some(body) = body {
            request.set("content-type", "application/scim+json");
            request.set_json(body);
        }
        self.send(&request).await
    }

    pub(super) async fn send(&self, request: &Message) -> Option<Message> {
        let mut portal = TcpStream::connect(&self.target).await.ok()?;
        portal.write_all(&request.bytes()).await.ok()?;
        Message::read(&mut portal).await
    }
}
