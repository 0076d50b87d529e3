//! A proxy before a portal on loopback that holds writes back until the test releases them, so that a
//! run is certainly in progress until then. Its threads end with the test process.

use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::portal::{Portal, relay};

/// How long to wait for a write or its release.
const MAX_WAIT: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Writes {
    /// How many are forwarded immediately.
    unheld: usize,
    received: usize,
    is_released: bool,
}

/// Holds writes back.
pub struct Hold {
    pub url: String,
    writes: Arc<(Mutex<Writes>, Condvar)>,
}

impl Hold {
    /// Forwards this number of writes, and holds all later ones.
    pub fn after(portal: &Portal, unheld: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let rest = portal.url.strip_prefix("http://").unwrap();
        let (target, path) = rest.split_once('/').unwrap();
        let target = target.to_owned();
        let writes = Writes { unheld, ..Writes::default() };
        let writes = Arc::new((Mutex::new(writes), Condvar::new()));
        let thread_writes = Arc::clone(&writes);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(portal) = TcpStream::connect(&target) else {
                    continue;
                };
                let (from, to) = (client.try_clone().unwrap(), portal.try_clone().unwrap());
                let writes = Arc::clone(&thread_writes);
                std::thread::spawn(move || relay(from, to, |text| may_forward(&writes, text)));
                std::thread::spawn(move || relay(portal, client, |_| true));
            }
        });
        Self { url: format!("http://{address}/{path}"), writes }
    }

    /// Waits until a write is held.
    pub fn until_held(&self) {
        let (writes, changed) = &*self.writes;
        let waits = |writes: &mut Writes| writes.received <= writes.unheld;
        let waited = changed.wait_timeout_while(writes.lock().unwrap(), MAX_WAIT, waits);
        assert!(!waited.unwrap().1.timed_out(), "nothing is written");
    }

    /// Releases all held writes.
    pub fn release(&self) {
        self.writes.0.lock().unwrap().is_released = true;
        self.writes.1.notify_all();
    }
}

/// Counts a write, and waits while it is held; a write that is never released is not forwarded.
fn may_forward((writes, changed): &(Mutex<Writes>, Condvar), text: &str) -> bool {
    if !["PATCH ", "POST "].iter().any(|method| text.starts_with(method)) {
        return true;
    }
    let mut writes = writes.lock().unwrap();
    writes.received += 1;
    changed.notify_all();
    if writes.received <= writes.unheld {
        return true;
    }
    let waits = |writes: &mut Writes| !writes.is_released;
    let waited = changed.wait_timeout_while(writes, MAX_WAIT, waits);
    !waited.unwrap().1.timed_out()
}
