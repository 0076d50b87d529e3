//! Stands before a portal on loopback and holds writes back until the test lets them go, so that a run
//! is surely under way for as long as that matters. Its threads end with the test process.

use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::portal::{Portal, pass};

/// For how long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Writes {
    /// How many pass at once.
    free: usize,
    came: usize,
    is_released: bool,
}

/// Holds writes back.
pub struct Hold {
    pub url: String,
    writes: Arc<(Mutex<Writes>, Condvar)>,
}

impl Hold {
    /// Lets so many writes pass, and holds every other.
    pub fn after(portal: &Portal, free: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let rest = portal.url.strip_prefix("http://").unwrap();
        let (target, path) = rest.split_once('/').unwrap();
        let target = target.to_owned();
        let writes = Writes {
            free,
            ..Writes::default()
        };
        let writes = Arc::new((Mutex::new(writes), Condvar::new()));
        let theirs = Arc::clone(&writes);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(portal) = TcpStream::connect(&target) else {
                    continue;
                };
                let (from, to) = (client.try_clone().unwrap(), portal.try_clone().unwrap());
                let writes = Arc::clone(&theirs);
                std::thread::spawn(move || pass(from, to, |text| lets_pass(&writes, text)));
                std::thread::spawn(move || pass(portal, client, |_| true));
            }
        });
        Self {
            url: format!("http://{address}/{path}"),
            writes,
        }
    }

    /// Waits until one is held.
    pub fn until_held(&self) {
        let (writes, changed) = &*self.writes;
        let waits = |writes: &mut Writes| writes.came <= writes.free;
        let waited = changed.wait_timeout_while(writes.lock().unwrap(), PATIENCE, waits);
        assert!(!waited.unwrap().1.timed_out(), "nothing is written");
    }

    /// Lets all of them go.
    pub fn release(&self) {
        self.writes.0.lock().unwrap().is_released = true;
        self.writes.1.notify_all();
    }
}

/// Counts a write, and waits where it is held; one that is never released is not passed on.
fn lets_pass((writes, changed): &(Mutex<Writes>, Condvar), text: &str) -> bool {
    if !["PATCH ", "POST "].iter().any(|it| text.starts_with(it)) {
        return true;
    }
    let mut writes = writes.lock().unwrap();
    writes.came += 1;
    changed.notify_all();
    if writes.came <= writes.free {
        return true;
    }
    let waits = |writes: &mut Writes| !writes.is_released;
    let waited = changed.wait_timeout_while(writes, PATIENCE, waits);
    !waited.unwrap().1.timed_out()
}
