//! A storm before a portal: set up, told what a test knows, and asked what came of it. What it does
//! to requests is the layer's.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use arkib::domain::observed::Observed;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::asks::Asks;
use super::fault::Fault;
use super::judge::Entry;
use super::layer::{Layer, Order};
use super::others::Deed;

/// How it storms.
#[derive(Debug, Clone, Copy)]
pub struct RequestFaults {
    pub seed: u64,
    /// Of a thousand requests, how many go wrong.
    pub faults: u64,
    /// What befalls nearly every change, where the portal is out of order.
    pub outage: Option<Fault>,
    /// In a thousand writes, how often someone else acts; for reads a third of it.
    pub others: u64,
    /// Whether dates are wrong.
    pub skewed: bool,
    /// Whether the portal offers cursors (RFC 9865).
    pub cursors: bool,
    /// Whether the portal itself refuses to terminate what is on hold.
    pub keeps_holds: bool,
    /// Whether the portal heeds If-Match.
    pub if_match: bool,
}

/// The layer, while it stands.
pub struct Storm {
    pub url: String,
    layer: Arc<Layer>,
    /// Ends with it.
    _tasks: JoinSet<()>,
}

/// What happened to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dealt {
    Fault(Fault),
    Other(Deed),
}

impl Storm {
    /// Stands before a portal until it is dropped.
    pub async fn before(portal: &str, request_faults: RequestFaults) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let rest = portal.strip_prefix("http://").unwrap();
        let (target, path) = rest.split_once('/').unwrap();
        let layer = Arc::new(Layer::new(target, request_faults));
        let shared = Arc::clone(&layer);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let layer = Arc::clone(&shared);
                connections.spawn(async move { while layer.pass(&mut client).await.is_some() {} });
                while connections.try_join_next().is_some() {}
            }
        });
        Self {
            url: format!("http://{address}/{path}"),
            layer,
            _tasks: tasks,
        }
    }

    /// Lays a hold on a mailbox that the portal does not keep.
    pub fn holds(&self, id: &str) {
        self.layer.held.lock().unwrap().insert(id.to_owned());
    }

    /// Deals that fault to the first request of that kind that can have it, after what was ordered
    /// before; then someone else does that to its mailbox.
    pub fn order(&self, kind: fn(&Asks) -> bool, fault: Fault, deed: Option<Deed>) {
        let mut ordered = self.layer.ordered.lock().unwrap();
        ordered.push_back(Order { kind, fault, deed });
    }

    /// A plan was made from that. Every write has to follow from it and what is shown from now on.
    pub async fn planned(&self, observed: &Observed) {
        self.settles().await;
        self.layer.told.lock().unwrap().planned(observed);
    }

    /// Ends when nothing that was sent can land any more.
    pub async fn settles(&self) {
        drop(self.layer.under_way.write().await);
    }

    /// From now on the weather is good.
    pub async fn ends(&self) {
        self.layer.is_over.store(true, Ordering::SeqCst);
        self.settles().await;
    }

    /// What happened, in turn, with what it happened to.
    pub fn dealt(&self) -> Vec<(Dealt, String)> {
        self.layer.dealt.lock().unwrap().clone()
    }

    /// Whether a change of that user was told as done and was not.
    pub fn lied(&self, id: &str) -> bool {
        let of_it = format!("making {id} ");
        let mut dealt = self.dealt().into_iter();
        dealt.any(|(dealt, asks)| {
            dealt == Dealt::Fault(Fault::Forgotten) && asks.starts_with(&of_it)
        })
    }

    /// The portal's own audit trail.
    pub async fn audit(&self) -> Vec<Entry> {
        let body = self.layer.ask("GET", "/audit", None).await.unwrap().json();
        let body = body.unwrap();
        let entries = body["entries"].as_array().unwrap();
        entries.iter().map(Entry::read).collect()
    }

    /// What was asked for and should not have been.
    pub fn violations(&self) -> Vec<String> {
        self.layer.told.lock().unwrap().violations.clone()
    }
}
