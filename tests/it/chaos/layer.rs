//! The layer: it stands before a portal on loopback, deals faults, lets others act, and sees what
//! arkib asks for. A seed drives it: the same seed makes the same choices in the same order of
//! requests.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::RwLock;

use super::asks::Asks;
use super::dice::Dice;
use super::fault::Fault;
use super::http::Message;
use super::others::Deed;
use super::pages::Pages;
use super::run::TOKEN;
use super::storm::{Dealt, RequestFaults};
use super::told::Told;

/// What its connections share.
pub struct Layer {
    target: String,
    pub(super) dice: Dice,
    pub(super) request_faults: RequestFaults,
    pub(super) is_over: AtomicBool,
    /// What happens in turn.
    pub(super) ordered: Mutex<VecDeque<Order>>,
    /// Users on whom a hold lies that the portal does not keep.
    pub(super) held: Mutex<HashSet<String>>,
    /// Answers to reading requests, as they were.
    pub(super) before: Mutex<Vec<(String, Message)>>,
    pub(super) pages: Pages,
    pub(super) told: Mutex<Told>,
    pub(super) dealt: Mutex<Vec<(Dealt, String)>>,
    /// Held for reading by every request until all of it has ended.
    pub(super) under_way: Arc<RwLock<()>>,
}

/// What is to happen to the next request of a kind.
pub struct Order {
    pub kind: fn(&Asks) -> bool,
    pub fault: Fault,
    pub deed: Option<Deed>,
}

/// An answer, and how much of it comes.
pub enum Sent {
    Whole(Message),
    Drops(Message),
    Part(Message),
    Nothing,
}

impl Layer {
    pub fn new(target: &str, request_faults: RequestFaults) -> Self {
        Self {
            target: target.to_owned(),
            dice: Dice::new(request_faults.seed),
            request_faults,
            is_over: AtomicBool::new(false),
            ordered: Mutex::default(),
            held: Mutex::default(),
            before: Mutex::default(),
            pages: Pages::default(),
            told: Mutex::new(Told::new(request_faults.if_match)),
            dealt: Mutex::default(),
            under_way: Arc::default(),
        }
    }

    /// One request and its answer; `None` where the connection is to be closed.
    pub async fn pass(self: &Arc<Self>, client: &mut TcpStream) -> Option<()> {
        let request = Message::read(client).await?;
        let under_way = Arc::clone(&self.under_way).read_owned().await;
        let Some(asks) = Asks::of(&request) else {
            let mut told = self.told.lock().unwrap();
            told.violations.push(format!("asked {}", request.line));
            return None;
        };
        self.told.lock().unwrap().asked(&asks);
        let (fault, deed, is_first) = match self.ordered(&asks) {
            Some((fault, deed)) => (Some(fault), deed, false),
            None => (self.fault(&asks), self.deed(), self.dice.in_a_thousand(500)),
        };
        let mut did = false;
        if let Some(deed) = deed.filter(|_| is_first) {
            did = self.act(deed, &asks, None).await;
        }
        if !matches!(fault, Some(Fault::TooMany | Fault::Busy | Fault::RetryDate)) {
            self.told.lock().unwrap().taken(&asks);
        }
        let sent = if fault == Some(Fault::LandsLate) {
            self.lands_late(request, &asks, under_way);
            Sent::Nothing
        } else {
            self.answer(fault, &request, &asks).await?
        };
        if let Some(deed) = deed.filter(|_| !did) {
            self.act(deed, &asks, Some(&sent)).await;
        }
        self.deliver(client, sent, &asks).await
    }

    fn ordered(&self, asks: &Asks) -> Option<(Fault, Option<Deed>)> {
        let mut ordered = self.ordered.lock().unwrap();
        let next = ordered.front()?;
        let is_meant = (next.kind)(asks) && next.fault.fits(asks);
        let meant = (next.fault, next.deed);
        is_meant.then(|| {
            ordered.pop_front();
            meant
        })
    }

    fn fault(&self, asks: &Asks) -> Option<Fault> {
        if self.is_over.load(Ordering::SeqCst) {
            return None;
        }
        let outage = self.request_faults.outage.filter(|fault| fault.fits(asks));
        if outage.is_some() && !asks.changes().is_empty() && self.dice.in_a_thousand(990) {
            return outage;
        }
        let rate = match asks {
            // One stands for many changes, and few are sent.
            Asks::Bulk(_) if self.request_faults.faults > 0 => 850,
            _ => self.request_faults.faults,
        };
        let strikes = self.dice.in_a_thousand(rate);
        strikes.then(|| Fault::any(asks, &self.dice))
    }

    fn deed(&self) -> Option<Deed> {
        let is_over = self.is_over.load(Ordering::SeqCst);
        let acts = self.dice.in_a_thousand(self.request_faults.others) && !is_over;
        acts.then(|| Deed::any(&self.dice))
    }

    /// Someone else acts on the mailbox that a request is about; of a list on one that it shows.
    async fn act(&self, deed: Deed, asks: &Asks, sent: Option<&Sent>) -> bool {
        let shown = match sent {
            Some(Sent::Whole(answer) | Sent::Drops(answer)) => answer.json(),
            _ => None,
        };
        let (id, wanted) = match (asks, asks.changes(), shown) {
            (_, [first, rest @ ..], _) => {
                let place = self.dice.below(rest.len() + 1);
                let intent = place.checked_sub(1).map_or(first, |place| &rest[place]);
                (intent.id.clone(), Some(intent.state.as_str()))
            }
            // Most requests are reads.
            (Asks::User(_) | Asks::List { .. }, ..) if self.dice.in_a_thousand(667) => {
                return false;
            }
            (Asks::User(id), ..) => (id.clone(), None),
            (Asks::List { .. }, _, Some(body)) => {
                let users = body["Resources"].as_array().cloned().unwrap_or_default();
                let user = users.get(self.dice.below(users.len()));
                let id = user.and_then(|user| user["id"].as_str());
                (id.unwrap_or_default().to_owned(), None)
            }
            _ => return false,
        };
        let did = self.other(deed, &id, wanted).await.is_some();
        if did {
            self.note(Dealt::Other(deed), asks);
        }
        did
    }

    pub(super) fn note(&self, dealt: Dealt, asks: &Asks) {
        let mut all = self.dealt.lock().unwrap();
        all.push((dealt, asks.words()));
    }

    async fn deliver(&self, client: &mut TcpStream, sent: Sent, asks: &Asks) -> Option<()> {
        if let Sent::Whole(answer) | Sent::Drops(answer) = &sent {
            self.told.lock().unwrap().shows(asks, answer);
        }
        match sent {
            Sent::Whole(answer) => client.write_all(&answer.bytes()).await.ok(),
            Sent::Drops(answer) => {
                let bytes = answer.bytes();
                for piece in bytes.chunks(bytes.len() / 4 + 1) {
                    client.write_all(piece).await.ok()?;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                Some(())
            }
            Sent::Part(answer) => {
                let bytes = answer.bytes();
                // The connection closes in any case.
                let _ = client.write_all(&bytes[..bytes.len() * 2 / 3]).await;
                None
            }
            Sent::Nothing => None,
        }
    }

    /// Asks the portal itself, past all weather.
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
