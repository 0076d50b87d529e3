//! A proxy before a portal that injects faults. Tests configure it here and ask it for results;
//! `interceptor` handles the requests.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use arkib::domain::observed::Observed;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::checks::Entry;
use super::fault::Fault;
use super::interceptor::{Interceptor, Order};
use super::other_actors::OtherAction;
use super::request_kind::RequestKind;

/// The configuration of the faults.
#[derive(Debug, Clone, Copy)]
pub struct RequestFaults {
    pub seed: u64,
    /// The number of faulty requests in a thousand.
    pub faults: u64,
    /// The fault of nearly every change, if the portal has an outage.
    pub outage: Option<Fault>,
    /// How often in a thousand writes someone else acts; for reads a third of it.
    pub others: u64,
    /// Whether dates are wrong.
    pub skewed: bool,
    /// Whether the portal offers cursors (RFC 9865).
    pub cursors: bool,
    /// Whether the portal itself refuses to terminate archives on hold.
    pub keeps_holds: bool,
    /// Whether the portal supports If-Match.
    pub if_match: bool,
}

/// The running proxy.
pub struct FaultProxy {
    pub url: String,
    interceptor: Arc<Interceptor>,
    /// Ends with it.
    _tasks: JoinSet<()>,
}

/// An injected fault or action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Injected {
    Fault(Fault),
    Other(OtherAction),
}

impl FaultProxy {
    /// Starts a proxy before a portal; it stops when dropped.
    pub async fn start_before(portal: &str, request_faults: RequestFaults) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let rest = portal.strip_prefix("http://").unwrap();
        let (target, path) = rest.split_once('/').unwrap();
        let interceptor = Arc::new(Interceptor::new(target, request_faults));
        let shared = Arc::clone(&interceptor);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let interceptor = Arc::clone(&shared);
                connections.spawn(async move {
                    while interceptor.handle_request(&mut client).await.is_some() {}
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { url: format!("http://{address}/{path}"), interceptor, _tasks: tasks }
    }

    /// Puts a mailbox on hold that the portal does not store.
    pub fn add_hold(&self, id: &str) {
        self.interceptor.held.lock().unwrap().insert(id.to_owned());
    }

    /// Injects that fault into the first request of that kind that can have it, after earlier
    /// orders; then someone else acts on its mailbox.
    pub fn order(
        &self,
        kind: fn(&RequestKind) -> bool,
        fault: Fault,
        other_action: Option<OtherAction>,
    ) {
        let mut ordered = self.interceptor.ordered.lock().unwrap();
        ordered.push_back(Order { kind, fault, other_action });
    }

    /// Records that a plan was made from this. Every write must follow from it and from later
    /// answers.
    pub async fn record_plan(&self, observed: &Observed) {
        self.wait_until_idle().await;
        self.interceptor.observations.lock().unwrap().record_plan(observed);
    }

    /// Waits until no sent request can still arrive.
    pub async fn wait_until_idle(&self) {
        drop(self.interceptor.under_way.write().await);
    }

    /// Injects no more faults.
    pub async fn stop_faults(&self) {
        self.interceptor.is_stopped.store(true, Ordering::SeqCst);
        self.wait_until_idle().await;
    }

    /// All injected faults and actions in order, with their requests.
    pub fn injected(&self) -> Vec<(Injected, String)> {
        self.interceptor.injected.lock().unwrap().clone()
    }

    /// Whether a change of that user was reported as made but was not.
    pub fn claimed_falsely(&self, id: &str) -> bool {
        let of_it = format!("making {id} ");
        let mut injected = self.injected().into_iter();
        injected.any(|(injected, kind)| {
            injected == Injected::Fault(Fault::Forgotten) && kind.starts_with(&of_it)
        })
    }

    /// The portal's own audit trail.
    pub async fn audit(&self) -> Vec<Entry> {
        let body = self.interceptor.ask("GET", "/audit", None).await.unwrap().json();
        let body = body.unwrap();
        let entries = body["entries"].as_array().unwrap();
        entries.iter().map(Entry::read).collect()
    }

    /// Requests that should not have been sent.
    pub fn violations(&self) -> Vec<String> {
        self.interceptor.observations.lock().unwrap().violations.clone()
    }
}
